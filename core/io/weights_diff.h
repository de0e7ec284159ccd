/* SPDX-License-Identifier: MIT
 *
 * weights_diff.h - what differs between two files of weights.
 */
#ifndef TFU_CORE_IO_WEIGHTS_DIFF_H
#define TFU_CORE_IO_WEIGHTS_DIFF_H

#include "core/io/numbers.h"
#include "core/io/weights_select.h"

/* A tensor of one name. */
struct tfu_weights_difference {
    const struct tfu_weights_tensor *a, *b; /* NULL: there is none */
    bool not_read;                          /* one of them cannot be read: the rest is not known */
    bool other_shape;                       /* numbers are not compared then */
    bool other_type;
    bool other_numbers; /* some are further apart than the tolerance */
    struct tfu_numbers_difference numbers;
};

struct tfu_weights_diff_request {
    const struct tfu_weights *a, *b;
    const struct tfu_patterns *match; /* names that count */
    double tolerance;                 /* of numbers, of whatever type */
    /* Gets each tensor: those of A in the order of tfu_weights_order(), then those of B alone. */
    void (*report)(void *arg, const struct tfu_weights_difference *d);
    void *arg;
};

/* How many tensors there are of each kind. */
struct tfu_weights_diff {
    size_t equal, only_a, only_b, other_shape, other_type, other_numbers, not_read;
    double largest; /* difference of two numbers */
};

enum tfu_status tfu_weights_diff(struct tfu_weights_diff *out,
                                 const struct tfu_weights_diff_request *request,
                                 struct tfu_error *e);

#endif
