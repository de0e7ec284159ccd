/* SPDX-License-Identifier: MIT
 *
 * progress.h - shows a training on stderr: a bar that fits the terminal, or a line now and then
 * where there is none. Neither uses colour.
 */
#ifndef TFU_CORE_CLI_PROGRESS_H
#define TFU_CORE_CLI_PROGRESS_H

#include "core/train/train.h"

struct tfu_progress {
    bool quiet;        /* show nothing */
    bool terminal;     /* stderr is one */
    bool drawn;        /* there is a bar in the current line */
    size_t text_width; /* longest text beside the bar so far: the bar keeps its length */
    double begin, last_shown;
    int64_t first_step, steps;
    int64_t images;
    double step_seconds, step_begin; /* time spent in training steps, and the end of the last */
    double loss;                     /* smoothed */
};

void tfu_progress_init(struct tfu_progress *p, bool quiet);
/* The calls that show a training in `p`; `interrupted` is left to the caller. */
struct tfu_train_hooks tfu_progress_hooks(struct tfu_progress *p);
/* Shows an evaluation's progress by itself. */
void tfu_progress_evaluating(void *p, enum tfu_split split, int64_t done, int64_t total);
/* Takes the bar away. */
void tfu_progress_end(struct tfu_progress *p);

#endif
