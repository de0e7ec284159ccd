/* SPDX-License-Identifier: MIT
 *
 * samples.h - figures to draw: one of each kind, and those with something odd about them.
 */
#ifndef TFU_TESTS_RESULT_SAMPLES_H
#define TFU_TESTS_RESULT_SAMPLES_H

#include "core/result/figure.h"

struct sample {
    const char *name;
    struct tfu_figure figure;
};

extern const struct sample samples[];
extern const size_t sample_count;

#endif
