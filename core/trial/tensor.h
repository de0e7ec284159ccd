/* SPDX-License-Identifier: MIT
 *
 * tensor.h - elements of a tensor of any dtype but TFU_BF16, and how far two tensors differ.
 */
#ifndef TFU_CORE_TRIAL_TENSOR_H
#define TFU_CORE_TRIAL_TENSOR_H

#include <transfuse/tensor.h>

/* Element `i`, in the order of memory, as a double; and back. */
double tfu_tensor_get(const struct tfu_tensor *t, int64_t i);
void tfu_tensor_put(const struct tfu_tensor *t, int64_t i, double value);

/* The largest error, relative to the largest magnitude of the truth (to 1 where the truth is 0
 * everywhere). The error is infinite where only one of the two is a finite number, and for integers
 * that are not equal. */
struct tfu_difference {
    double error;
    int64_t at; /* the element */
    double value, truth;
};

/* Of two tensors of the same shape; dtypes may differ. */
struct tfu_difference tfu_tensor_compare(const struct tfu_tensor *t,
                                         const struct tfu_tensor *truth);

#endif
