/* SPDX-License-Identifier: MIT
 *
 * matrix_tensor.h - a matrix that is not a file of its own: an array of an .npz, a pickled one, a
 * tensor of PyTorch's or of safetensors, named as FILE:NAME.
 */
#ifndef TFU_CORE_IO_MATRIX_TENSOR_H
#define TFU_CORE_IO_MATRIX_TENSOR_H

#include <stdbool.h>

#include "core/io/npy.h"

/* "FILE", when there is such a file, or "FILE:NAME". Both are to be freed; `*name` is NULL without
 * one. */
enum tfu_status tfu_matrix_spec(const char *spec, char **path, char **name, struct tfu_error *e);

struct tfu_weights_own;

struct tfu_matrix_tensor {
    const char *path, *name;           /* NULL: the only one that can be meant */
    size_t rank;                       /* that is wanted; 0: 2 or 4 */
    const struct tfu_weights_own *own; /* as of weights.h */
};

/* All numbers, in C order and little-endian, to be freed, and their header as of an .npy. A file
 * without the tensor, or with several that may be meant, is an error that lists what is there. */
enum tfu_status tfu_matrix_tensor_load(struct tfu_npy *npy, char **numbers,
                                       const struct tfu_matrix_tensor *wanted, struct tfu_error *e);

#endif
