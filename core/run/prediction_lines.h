/* SPDX-License-Identifier: MIT
 *
 * prediction_lines.h - what is said of images as lines of CSV or JSON. What a row of outputs says
 * is the task's: the class, the labels that are there, or numbers.
 */
#ifndef TFU_CORE_RUN_PREDICTION_LINES_H
#define TFU_CORE_RUN_PREDICTION_LINES_H

#include <stdio.h>

#include "core/config/experiment.h"

struct tfu_prediction_lines {
    FILE *file;
    bool json;
    int64_t top; /* the best so many outputs, a line (CSV) or an item (JSON) each; 0: all scores */
    const struct tfu_task_config *task;
    const char *const *names; /* of the outputs, or NULL: their numbers */
    int64_t outputs, positions;
};

/* The head of CSV; nothing in JSON. */
void tfu_prediction_lines_begin(const struct tfu_prediction_lines *l);
/* What is said of one image: positions x outputs. Scores are written in digits that give them back.
 * TFU_EIO where the stream has failed. */
enum tfu_status tfu_prediction_lines_put(const struct tfu_prediction_lines *l, const char *image,
                                         const float *logits, const float *scores,
                                         struct tfu_error *e);

#endif
