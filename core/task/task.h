/* SPDX-License-Identifier: MIT
 *
 * task.h - what the outputs of a network mean: a row a task, with all that the rest of the program
 * asks about it. A new task is a file with its row, and its name in task.c.
 *
 * Outputs come in rows of K numbers: one row an example where the head makes N,K, and one for each
 * position of the map where it makes N,H,W,K.
 */
#ifndef TFU_CORE_TASK_TASK_H
#define TFU_CORE_TASK_TASK_H

#include "core/config/experiment.h"
#include "core/config/tasks.h"
#include "core/data/dataset.h"
#include "core/graph/head.h"
#include "core/task/loss.h"
#include "core/task/odds.h"

#include <transfuse/metric.h>

struct tfu_task_kind {
    struct tfu_task_words words;
    /* How metrics read a row of its outputs and labels. */
    enum tfu_task reads;
    /* What is put behind the features of an architecture. */
    const struct tfu_head_kind *head;
    /* What metrics rank by. */
    tfu_log_odds_rows *log_odds;
    /* What a row of logits says, for each label column: the index of an output, or 0 or 1. NULL:
     * its outputs are not right or wrong. */
    void (*answer)(const float *logits, int64_t outputs, int64_t *said);

    /* Refuses data whose labels are none for so many outputs; `split` is "train", "valid" or
     * "test". */
    enum tfu_status (*check_labels)(const struct tfu_dataset *d, const char *split, int64_t outputs,
                                    struct tfu_error *e);
    /* What there is of each label, in a line, and a warning of what the training data lack; NULL
     * where there is nothing to say. `names` of the outputs, or NULL. */
    void (*put_census)(const struct tfu_census *c, int64_t outputs, const char *const *names,
                       struct tfu_text *out);
    void (*put_missing)(const struct tfu_census *c, int64_t outputs, struct tfu_text *out);
};

extern const struct tfu_task_kind tfu_task_classification, tfu_task_multi_label,
    tfu_task_regression;

/* The row of a configuration's kind. */
const struct tfu_task_kind *tfu_task_of(const struct tfu_task_config *task);
/* Label columns of a row of outputs. */
int64_t tfu_task_label_columns(const struct tfu_task_config *task);
/* "classification and multi_label": the tasks with an answer(). */
void tfu_task_list_answering(struct tfu_text *out);

#endif
