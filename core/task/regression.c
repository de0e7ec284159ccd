/* SPDX-License-Identifier: MIT
 *
 * Each output is a number to be met.
 */
#include "core/data/label_advice.h"
#include "core/task/task.h"

static enum tfu_status check_labels(const struct tfu_dataset *d, const char *split, int64_t outputs,
                                    struct tfu_error *e)
{
    const enum tfu_status st = tfu_label_check_columns(d, split, outputs, e);
    return st == TFU_OK ? tfu_label_check_targets(d, split, e) : st;
}

static const char *const losses[] = {"squared", NULL};

const struct tfu_task_kind tfu_task_regression = {
    .words = {.name = "regression", .losses = losses, .outputs_min = 1},
    .reads = TFU_TASK_REGRESSION,
    .head = &tfu_head_linear,
    .log_odds = tfu_log_odds_plain,
    .check_labels = check_labels,
};
