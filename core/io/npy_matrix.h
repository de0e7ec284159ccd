/* SPDX-License-Identifier: MIT
 *
 * npy_matrix.h - a numpy array as a matrix whose rows are data points, read some rows at a time
 * however large it is and whichever way it lies in the file. An array of an .npz, a pickled one and
 * a tensor (matrix_tensor.h) are read as well, and held in memory.
 */
#ifndef TFU_CORE_IO_NPY_MATRIX_H
#define TFU_CORE_IO_NPY_MATRIX_H

#include <stdbool.h>

#include "core/base/threads.h"

#include <transfuse/tensor.h>

struct tfu_npy_matrix;
struct tfu_weights_own;

struct tfu_npy_matrix_request {
    const char *path;   /* FILE.npy, or FILE[:NAME] as of matrix_tensor.h */
    bool columns_first; /* neurons x data points, as google/svcca has them */
    /* Rank 4, N,H,W,C: whole maps, a row an image. Else every position is a row of C columns. */
    bool maps;
    struct tfu_threads *threads;       /* read side by side */
    const struct tfu_weights_own *own; /* as of weights.h */
};

/* Checks all of the file but its numbers. */
enum tfu_status tfu_npy_matrix_open(struct tfu_npy_matrix **out,
                                    const struct tfu_npy_matrix_request *request,
                                    struct tfu_error *e);
void tfu_npy_matrix_close(struct tfu_npy_matrix *m);

/* rows x columns, or N,H,W,C; float64 for stored types that float32 cannot hold, else float32. */
struct tfu_shape tfu_npy_matrix_shape(const struct tfu_npy_matrix *m);
uint32_t tfu_npy_matrix_dtype(const struct tfu_npy_matrix *m);
/* An array of rank 4 whose last two sizes are equal and the second is another: N,C,H,W, as PyTorch
 * has maps? It was read as N,H,W,C. */
bool tfu_npy_matrix_is_turned(const struct tfu_npy_matrix *m);
/* Rows first..first + rows - 1, in C order and of that type. */
enum tfu_status tfu_npy_matrix_read(struct tfu_npy_matrix *m, int64_t first, int64_t rows, void *to,
                                    struct tfu_error *e);

#endif
