/* SPDX-License-Identifier: MIT
 *
 * weights_select.h - some tensors of a file, by shell-style patterns over their names.
 */
#ifndef TFU_CORE_IO_WEIGHTS_SELECT_H
#define TFU_CORE_IO_WEIGHTS_SELECT_H

#include "core/io/weights.h"

struct tfu_patterns {
    const char *const *pattern;
    size_t count; /* 0: everything */
};

bool tfu_patterns_fit(const struct tfu_patterns *p, const char *name);
/* TFU_ENOTFOUND: a pattern fits no tensor of `a`, nor of `b`, which may be NULL. */
enum tfu_status tfu_patterns_check(const struct tfu_patterns *p, const struct tfu_weights *a,
                                   const struct tfu_weights *b, struct tfu_error *e);

#endif
