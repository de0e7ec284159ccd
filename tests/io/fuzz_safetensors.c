/* SPDX-License-Identifier: MIT
 *
 * Whatever the bytes, the reader refuses them or every number that it shows can be read.
 */
#include "core/io/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_safetensors *f;
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_safetensors_parse(&f, "fuzz", data, size, &e) != TFU_OK)
        return 0;
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < tfu_safetensors_count(f); i++) {
        const struct tfu_safetensors_tensor *t = tfu_safetensors_get(f, i);
        for (size_t k = 0; k < t->bytes; k++)
            sum = (uint8_t)(sum + ((const uint8_t *)t->data)[k]);
        if (tfu_safetensors_find(f, t->name) != t)
            __builtin_trap();
    }
    tfu_safetensors_close(f);
    return 0;
}
