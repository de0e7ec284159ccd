/* SPDX-License-Identifier: MIT
 *
 * speed.h - how fast this machine is at what everything else is made of: multiply-adds in
 * registers, and moving memory. The best of some short tries each.
 */
#ifndef TFU_CORE_BASE_SPEED_H
#define TFU_CORE_BASE_SPEED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/base/processor.h"
#include "core/base/threads.h"

/* Vectors of one width, as the program's own loops use them. */
struct tfu_speed_set {
    const char *name; /* "AVX2 with FMA" */
    uint32_t needs;   /* TFU_SET_ bits */
    uint32_t bytes;   /* of a register */
    /* Runs multiply-adds with nothing in their way for `seconds`; returns their number. A multiply
     * and an add are two operations. */
    double (*float32)(double seconds);
    double (*float64)(double seconds);
};
/* From the narrowest to the widest. */
size_t tfu_speed_sets(const struct tfu_speed_set **out);

/* Operations a second of all workers together; 0 where memory runs out. */
double tfu_speed_operations(struct tfu_threads *t, double (*loop)(double seconds));

enum tfu_speed_move { TFU_SPEED_COPY, TFU_SPEED_TRIAD };
/* Bytes a second, read and written, of b = a, or of c = a + 2 b, over arrays of `bytes` in all,
 * which the workers share. What a processor reads of a line before it overwrites it is not counted.
 */
enum tfu_status tfu_speed_memory(struct tfu_threads *t, enum tfu_speed_move move, size_t bytes,
                                 double *out, struct tfu_error *e);

#endif
