/* SPDX-License-Identifier: MIT
 *
 * Whatever the bytes, the header of an array is refused, or its numbers are those that follow it.
 */
#include <stdlib.h>

#include "core/io/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_npy npy;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t header;
    if (tfu_npy_header_size(&header, "fuzz", data, size, size, &e) != TFU_OK)
        return 0;
    if (header > size || header > TFU_NPY_HEADER_MAX)
        __builtin_trap();
    if (tfu_npy_header_read(&npy, "fuzz", data, header, size, &e) != TFU_OK)
        return 0;
    if (npy.problem)
        return 0;
    if (npy.header + npy.bytes + npy.rest != size)
        __builtin_trap();
    void *to = malloc(npy.bytes + 1);
    if (to)
        tfu_npy_arrange(&npy, data + npy.header, to);
    free(to);
    return 0;
}
