/* SPDX-License-Identifier: MIT
 *
 * One of the classes is right.
 */
#include <inttypes.h>

#include "core/data/label_advice.h"
#include "core/task/task.h"

/* The largest; the first of equal ones. */
static void answer(const float *logits, int64_t outputs, int64_t *said)
{
    *said = 0;
    for (int64_t k = 1; k < outputs; k++)
        if (logits[k] > logits[*said])
            *said = k;
}

static void put_missing(const struct tfu_census *c, int64_t outputs, struct tfu_text *out)
{
    struct tfu_text list = TFU_TEXT_INIT;
    const int64_t missing = tfu_census_missing(c, outputs, &list);
    if (missing)
        tfu_text_printf(out,
                        "the train data have no example of %" PRId64 " of %" PRId64
                        " classes: %s; %s only ever trained not to be the answer",
                        missing, outputs, tfu_text_get(&list),
                        missing == 1 ? "its output is" : "their outputs are");
    out->failed |= list.failed;
    tfu_text_free(&list);
}

static const char *const losses[] = {"softmax", NULL};

const struct tfu_task_kind tfu_task_classification = {
    .words = {.name = "classification", .losses = losses, .outputs_min = 2, .chooses_one = true},
    .reads = TFU_TASK_CLASSIFICATION,
    .head = &tfu_head_linear,
    .log_odds = tfu_log_odds_softmax,
    .answer = answer,
    .check_labels = tfu_label_check_classes,
    .put_census = tfu_census_classes,
    .put_missing = put_missing,
};
