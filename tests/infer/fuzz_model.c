/* SPDX-License-Identifier: MIT
 *
 * Whatever the bytes, the reader refuses them or has a graph whose weights are all there. The
 * digest is not in its way: it is put right first, where the rest is a file.
 */
#include <stdlib.h>
#include <string.h>

#include "core/infer/model_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes with the digest that belongs to them; NULL: there is no place for one. */
static uint8_t *with_digest(const uint8_t *data, size_t size)
{
    struct tfu_safetensors *f;
    struct tfu_error e = TFU_ERROR_INIT;
    char hex[TFU_HASH_HEX];
    uint8_t *copy = NULL;
    if (tfu_safetensors_parse(&f, "fuzz", data, size, &e) != TFU_OK)
        return NULL;
    const char *json = tfu_safetensors_note(f, TFU_MODEL_NOTE);
    const char *said = tfu_safetensors_note(f, TFU_MODEL_NOTE_DIGEST);
    const size_t count = tfu_safetensors_count(f);
    if (json && said && strlen(said) == TFU_HASH_HEX - 1 &&
        tfu_model_digest(json, count ? tfu_safetensors_get(f, 0) : NULL, count, hex, &e) ==
            TFU_OK) {
        const uint8_t *at = memmem(data, size, said, TFU_HASH_HEX - 1);
        copy = at ? malloc(size) : NULL;
        if (copy) {
            memcpy(copy, data, size);
            memcpy(copy + (at - data), hex, TFU_HASH_HEX - 1);
        }
    }
    tfu_safetensors_close(f);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_model *m;
    struct tfu_error e = TFU_ERROR_INIT;
    uint8_t *copy = with_digest(data, size);
    if (tfu_model_parse(&m, "fuzz", copy ? copy : data, size, 1, &e) == TFU_OK) {
        for (uint32_t p = 0; p < m->graph->param_count; p++)
            if (!tfu_safetensors_find(m->file, m->graph->param[p].name))
                __builtin_trap();
        tfu_model_free(m);
    } else if (m || !e.text[0]) {
        __builtin_trap();
    }
    free(copy);
    return 0;
}
