/* SPDX-License-Identifier: MIT
 *
 * mark.h - where in a text something stands.
 */
#ifndef TFU_CORE_BASE_MARK_H
#define TFU_CORE_BASE_MARK_H

/* A place in a configuration. `source` is a file name, or "command line", whose lines are then the
 * overrides in their order. */
struct tfu_mark {
    const char *source;
    int line, column; /* 1-based; line 0: the source as a whole */
};

#endif
