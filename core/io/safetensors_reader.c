/* SPDX-License-Identifier: MIT
 *
 * A safetensors file as weights.c sees a format.
 */
#include <string.h>

#include "core/io/safetensors.h"
#include "core/io/weights_reader.h"

static void close_file(void *self)
{
    tfu_safetensors_close(self);
}

static size_t count(const void *self)
{
    return tfu_safetensors_count(self);
}

static const char problem[] = "numbers of this type are not read; save them as F32";

static struct tfu_reader_tensor get(const void *self, size_t i)
{
    const struct tfu_safetensors_tensor *t = tfu_safetensors_get(self, i);
    return (struct tfu_reader_tensor){.name = t->name,
                                      .type = t->dtype,
                                      .rank = t->rank,
                                      .dim = t->dim,
                                      .problem = t->other ? problem : NULL,
                                      .kind = t->other};
}

static const void *borrow(const void *self, size_t i)
{
    const struct tfu_safetensors_tensor *t = tfu_safetensors_get(self, i);
    return t->other ? NULL : t->data;
}

static enum tfu_status read_raw(const void *self, size_t i, void *to, struct tfu_error *e)
{
    const struct tfu_safetensors_tensor *t = tfu_safetensors_get(self, i);
    (void)e;
    if (t->bytes)
        memcpy(to, t->data, t->bytes);
    return TFU_OK;
}

static const char *note(const void *self, const char *key)
{
    return tfu_safetensors_note(self, key);
}

static bool note_at(const void *self, size_t i, const char **key, const char **value)
{
    return tfu_safetensors_note_at(self, i, key, value);
}

static const struct tfu_weights_reader_ops ops = {
    .format = "safetensors",
    .close = close_file,
    .count = count,
    .get = get,
    .read = read_raw,
    .borrow = borrow,
    .note = note,
    .note_at = note_at,
};

enum tfu_status tfu_safetensors_reader_open(struct tfu_weights_reader *out, const char *path,
                                            const void *bytes, size_t size, struct tfu_error *e)
{
    struct tfu_safetensors *f;
    const enum tfu_status st = tfu_safetensors_parse(&f, path, bytes, size, e);
    if (st == TFU_OK)
        *out = (struct tfu_weights_reader){&ops, f};
    return st;
}
