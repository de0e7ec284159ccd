/* SPDX-License-Identifier: MIT
 *
 * Each label by itself is there or not.
 */
#include <inttypes.h>

#include "core/data/label_advice.h"
#include "core/task/task.h"

/* Of a probability of a half or more. */
static void answer(const float *logits, int64_t outputs, int64_t *said)
{
    for (int64_t k = 0; k < outputs; k++)
        said[k] = logits[k] >= 0;
}

static enum tfu_status check_labels(const struct tfu_dataset *d, const char *split, int64_t outputs,
                                    struct tfu_error *e)
{
    const enum tfu_status st = tfu_label_check_columns(d, split, outputs, e);
    return st == TFU_OK ? tfu_label_check_several(d, split, e) : st;
}

static void put_census(const struct tfu_census *c, int64_t outputs, const char *const *names,
                       struct tfu_text *out)
{
    (void)outputs; /* a column each */
    tfu_census_labels(c, names, out);
}

static void put_missing(const struct tfu_census *c, int64_t outputs, struct tfu_text *out)
{
    struct tfu_text list = TFU_TEXT_INIT;
    uint32_t missing = 0;
    (void)outputs;
    for (uint32_t k = 0; k < c->columns; k++) {
        if (c->column[k].positive + c->column[k].between > 0)
            continue;
        if (++missing <= 20)
            tfu_text_printf(&list, "%s%" PRIu32, missing > 1 ? ", " : "", k);
        else if (missing == 21)
            tfu_text_puts(&list, ", ...");
    }
    if (missing)
        tfu_text_printf(
            out, "the train data have no positive example of %" PRIu32 " of %" PRIu32 " labels: %s",
            missing, c->columns, tfu_text_get(&list));
    out->failed |= list.failed;
    tfu_text_free(&list);
}

static const char *const losses[] = {"sigmoid", NULL};

const struct tfu_task_kind tfu_task_multi_label = {
    .words = {.name = "multi_label", .losses = losses, .outputs_min = 1},
    .reads = TFU_TASK_MULTI_LABEL,
    .head = &tfu_head_linear,
    .log_odds = tfu_log_odds_plain,
    .answer = answer,
    .check_labels = check_labels,
    .put_census = put_census,
    .put_missing = put_missing,
};
