/* SPDX-License-Identifier: MIT
 *
 * Whatever the bytes, a numpy array is refused as a matrix or every row of it can be read: all at
 * once and in pieces the same numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/io/npy_matrix.h"

enum { BYTES_MAX = 1 << 22, PIECE_ROWS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct tfu_npy_matrix *m)
{
    const struct tfu_shape shape = tfu_npy_matrix_shape(m);
    const int64_t rows = shape.dim[0];
    const size_t row =
        (size_t)(tfu_shape_count(&shape) / rows) * tfu_dtype_size(tfu_npy_matrix_dtype(m));
    if ((size_t)rows > BYTES_MAX / row)
        return;
    char *whole = malloc((size_t)rows * row), *pieces = malloc((size_t)rows * row);
    struct tfu_error e = TFU_ERROR_INIT;
    if (!whole || !pieces || tfu_npy_matrix_read(m, 0, rows, whole, &e) != TFU_OK)
        __builtin_trap();
    for (int64_t r = 0; r < rows; r += PIECE_ROWS) {
        const int64_t n = rows - r < PIECE_ROWS ? rows - r : PIECE_ROWS;
        if (tfu_npy_matrix_read(m, r, n, pieces + (size_t)r * row, &e) != TFU_OK)
            __builtin_trap();
    }
    if (memcmp(whole, pieces, (size_t)rows * row) != 0)
        __builtin_trap();
    free(whole);
    free(pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tfu_threads *threads;
    struct tfu_error e = TFU_ERROR_INIT;
    if (!threads && tfu_threads_new(&threads, 1, &e) != TFU_OK)
        return 0;
    const int file = memfd_create("fuzz", 0);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        __builtin_trap();
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    for (int way = 0; way < 3; way++) {
        const struct tfu_npy_matrix_request request = {
            .path = path, .columns_first = way == 1, .maps = way == 2, .threads = threads};
        struct tfu_npy_matrix *m;
        struct tfu_error refusal = TFU_ERROR_INIT;
        if (tfu_npy_matrix_open(&m, &request, &refusal) == TFU_OK) {
            read_all(m);
            tfu_npy_matrix_close(m);
        } else if (!refusal.text[0]) {
            __builtin_trap();
        }
    }
    close(file);
    return 0;
}
