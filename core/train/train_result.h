/* SPDX-License-Identifier: MIT
 *
 * train_result.h - what a training came to, beside its last scores.
 */
#ifndef TFU_CORE_TRAIN_TRAIN_RESULT_H
#define TFU_CORE_TRAIN_TRAIN_RESULT_H

#include <stdbool.h>
#include <stdint.h>

struct tfu_train_result {
    int64_t step;
    bool stopped_early;
    const char *metric; /* what `best` is of; borrowed from the session; NULL: nothing is chosen */
    double best;
    int64_t best_step;
    int64_t threshold_step;   /* 0: not reached, or there is no threshold */
    double seconds;           /* of this session */
    double images_per_second; /* in training steps; NaN: none were taken */
    int64_t peak_bytes;       /* resident memory of the process at its largest */
};

#endif
