/* SPDX-License-Identifier: MIT
 *
 * The reader; safetensors_write.c is the writer.
 */
#include "core/io/safetensors.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/mapped_file.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "numbers are used as they lie in the file");

enum { LENGTH_SIZE = 8 };

struct tfu_safetensors {
    const char *name;            /* for messages, while opening */
    struct tfu_mapped_file file; /* empty when the bytes are the caller's */
    json_t *header;
    const uint8_t *buffer;
    size_t buffer_size;
    struct tfu_safetensors_tensor *tensor;
    size_t count;
    int64_t *dims; /* of all tensors */
    struct tfu_safetensors_note *note;
    size_t note_count;
};

static enum tfu_status refuse(const struct tfu_safetensors *f, struct tfu_error *e, const char *fmt,
                              ...) TFU_PRINTF(3, 4);
static enum tfu_status refuse(const struct tfu_safetensors *f, struct tfu_error *e, const char *fmt,
                              ...)
{
    const int first = e && e->status == TFU_OK;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(e, TFU_ECORRUPT, fmt, args);
    va_end(args);
    if (first)
        snprintf(e->source, sizeof e->source, "%s", f->name);
    return TFU_ECORRUPT;
}

static enum tfu_status read_dtype(struct tfu_safetensors *f, struct tfu_safetensors_tensor *t,
                                  const json_t *dtype, struct tfu_error *e)
{
    if (!json_is_string(dtype))
        return refuse(f, e, "tensor '%s' has no \"dtype\" that is a string", t->name);
    const char *name = json_string_value(dtype);
    if (!tfu_stored_type_find(name, &t->dtype)) {
        t->dtype = TFU_STORED_U8;
        t->other = name;
    }
    return TFU_OK;
}

/* Dims into `dim`, and the bytes that they make. */
static enum tfu_status read_shape(struct tfu_safetensors *f, struct tfu_safetensors_tensor *t,
                                  const json_t *shape, int64_t *dim, struct tfu_error *e)
{
    t->rank = json_array_size(shape);
    t->dim = dim;
    t->bytes = tfu_stored_type_size(t->dtype);
    for (size_t i = 0; i < t->rank; i++) {
        const json_t *item = json_array_get(shape, i);
        if (!json_is_integer(item) || json_integer_value(item) < 0)
            return refuse(f, e, "tensor '%s': item %zu of its shape is not a size", t->name, i);
        dim[i] = (int64_t)json_integer_value(item);
        if (__builtin_mul_overflow(t->bytes, (size_t)dim[i], &t->bytes))
            return refuse(f, e, "tensor '%s': its shape has more bytes than any file", t->name);
    }
    return TFU_OK;
}

static enum tfu_status read_offsets(struct tfu_safetensors *f, struct tfu_safetensors_tensor *t,
                                    const json_t *offsets, struct tfu_error *e)
{
    const json_t *first = json_array_get(offsets, 0), *last = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(first) || !json_is_integer(last))
        return refuse(f, e, "tensor '%s' has no \"data_offsets\" of two integers", t->name);
    const json_int_t begin = json_integer_value(first), end = json_integer_value(last);
    if (begin < 0 || end < begin)
        return refuse(f, e, "tensor '%s': data_offsets %lld, %lld are not in order", t->name,
                      (long long)begin, (long long)end);
    if ((uint64_t)end > f->buffer_size)
        return refuse(f, e, "tensor '%s' ends at byte %lld of a buffer of %zu; the file is cut off",
                      t->name, (long long)end, f->buffer_size);
    if (t->other) /* of which the size is not known */
        t->bytes = (size_t)(end - begin);
    if ((uint64_t)(end - begin) != t->bytes)
        return refuse(f, e, "tensor '%s' has %lld bytes of data, but its shape and dtype make %zu",
                      t->name, (long long)(end - begin), t->bytes);
    t->data = f->buffer + begin;
    return TFU_OK;
}

static enum tfu_status read_tensor(struct tfu_safetensors *f, struct tfu_safetensors_tensor *t,
                                   const json_t *entry, int64_t *dim, struct tfu_error *e)
{
    const json_t *shape = json_object_get(entry, "shape");
    if (!json_is_object(entry))
        return refuse(f, e, "tensor '%s' is not described by an object", t->name);
    if (!json_is_array(shape))
        return refuse(f, e, "tensor '%s' has no \"shape\" that is a list", t->name);
    enum tfu_status st = read_dtype(f, t, json_object_get(entry, "dtype"), e);
    if (st == TFU_OK)
        st = read_shape(f, t, shape, dim, e);
    if (st == TFU_OK)
        st = read_offsets(f, t, json_object_get(entry, "data_offsets"), e);
    return st;
}

static enum tfu_status read_notes(struct tfu_safetensors *f, json_t *notes, struct tfu_error *e)
{
    const char *key;
    json_t *value;
    if (json_is_null(notes))
        return TFU_OK;
    if (!json_is_object(notes))
        return refuse(f, e, "\"__metadata__\" is not an object");
    f->note = calloc(json_object_size(notes) + 1, sizeof *f->note);
    if (!f->note)
        return tfu_error_memory(e, "reading a safetensors header", 0);
    json_object_foreach(notes, key, value)
    {
        if (!json_is_string(value))
            return refuse(f, e, "\"__metadata__\" has a value for '%s' that is not a string", key);
        f->note[f->note_count++] = (struct tfu_safetensors_note){key, json_string_value(value)};
    }
    return TFU_OK;
}

static int by_place(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = left, *b = right;
    const char *x = a->data, *y = b->data;
    if (x != y)
        return x < y ? -1 : 1;
    return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

static int by_name(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* Every byte of the buffer belongs to exactly one tensor. */
static enum tfu_status check_places(struct tfu_safetensors *f, struct tfu_error *e)
{
    size_t end = 0;
    qsort(f->tensor, f->count, sizeof *f->tensor, by_place);
    for (size_t i = 0; i < f->count; i++) {
        const struct tfu_safetensors_tensor *t = &f->tensor[i];
        const size_t begin = (size_t)((const uint8_t *)t->data - f->buffer);
        if (begin != end)
            return refuse(f, e,
                          "tensor '%s' begins at byte %zu, but the one before ends at %zu: %s",
                          t->name, begin, end, begin > end ? "a hole" : "they overlap");
        end = begin + t->bytes;
    }
    if (end != f->buffer_size)
        return refuse(f, e, "%zu bytes follow the last tensor", f->buffer_size - end);
    return TFU_OK;
}

static enum tfu_status read_header(struct tfu_safetensors *f, struct tfu_error *e)
{
    size_t dims = 0, i = 0;
    const char *key;
    json_t *entry;
    json_object_foreach(f->header, key, entry)
    {
        dims += json_array_size(json_object_get(entry, "shape"));
    }
    f->tensor = calloc(json_object_size(f->header) + 1, sizeof *f->tensor);
    f->dims = calloc(dims + 1, sizeof *f->dims);
    if (!f->tensor || !f->dims)
        return tfu_error_memory(e, "reading a safetensors header", 0);

    dims = 0;
    json_object_foreach(f->header, key, entry)
    {
        if (strcmp(key, "__metadata__") == 0) {
            const enum tfu_status st = read_notes(f, entry, e);
            if (st != TFU_OK)
                return st;
            continue;
        }
        f->tensor[i].name = key;
        const enum tfu_status st = read_tensor(f, &f->tensor[i], entry, f->dims + dims, e);
        if (st != TFU_OK)
            return st;
        dims += f->tensor[i++].rank;
    }
    f->count = i;
    const enum tfu_status st = check_places(f, e);
    if (st == TFU_OK)
        qsort(f->tensor, f->count, sizeof *f->tensor, by_name);
    return st;
}

static enum tfu_status parse(struct tfu_safetensors *f, const uint8_t *bytes, size_t n,
                             struct tfu_error *e)
{
    uint64_t length = 0;
    if (n < LENGTH_SIZE)
        return refuse(f, e, "%zu bytes are too few for a safetensors file", n);
    for (int i = LENGTH_SIZE - 1; i >= 0; i--)
        length = length << 8 | bytes[i];
    if (length > TFU_SAFETENSORS_HEADER_MAX)
        return refuse(f, e,
                      "its header would have %llu bytes, more than %d; not a safetensors file",
                      (unsigned long long)length, TFU_SAFETENSORS_HEADER_MAX);
    if (length > n - LENGTH_SIZE)
        return refuse(f, e, "its header has %llu bytes but the file only %zu; the file is cut off",
                      (unsigned long long)length, n);
    const char *text = (const char *)bytes + LENGTH_SIZE;
    if (length == 0 || text[0] != '{')
        return refuse(f, e, "its header does not begin with '{'; not a safetensors file");
    json_error_t error;
    f->header = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &error);
    /* where memory runs out the parser often says nothing at all */
    if (!f->header && (!error.text[0] || json_error_code(&error) == json_error_out_of_memory))
        return tfu_error_memory(e, "reading a safetensors header", (size_t)length);
    if (!f->header)
        return refuse(f, e, "its header is not valid JSON: byte %d: %s", error.position,
                      error.text);
    f->buffer = bytes + LENGTH_SIZE + length;
    f->buffer_size = n - LENGTH_SIZE - (size_t)length;
    return read_header(f, e);
}

enum tfu_status tfu_safetensors_parse(struct tfu_safetensors **out, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_safetensors *f = calloc(1, sizeof *f);
    if (!f)
        return tfu_error_memory(e, "reading a safetensors file", 0);
    f->name = name;
    const enum tfu_status st = parse(f, bytes, n, e);
    f->name = NULL;
    if (st != TFU_OK) {
        tfu_safetensors_close(f);
        return st;
    }
    *out = f;
    return TFU_OK;
}

enum tfu_status tfu_safetensors_open(struct tfu_safetensors **out, const char *path,
                                     struct tfu_error *e)
{
    *out = NULL;
    struct tfu_mapped_file file;
    enum tfu_status st = tfu_mapped_file_open(&file, path, e);
    if (st != TFU_OK)
        return st;
    st = tfu_safetensors_parse(out, path, file.bytes, file.size, e);
    if (st == TFU_OK)
        (*out)->file = file;
    else
        tfu_mapped_file_close(&file);
    return st;
}

void tfu_safetensors_close(struct tfu_safetensors *f)
{
    if (!f)
        return;
    json_decref(f->header);
    free(f->tensor);
    free(f->dims);
    free(f->note);
    tfu_mapped_file_close(&f->file);
    free(f);
}

const struct tfu_file_state *tfu_safetensors_state(const struct tfu_safetensors *f)
{
    return &f->file.state;
}

size_t tfu_safetensors_count(const struct tfu_safetensors *f)
{
    return f->count;
}

const struct tfu_safetensors_tensor *tfu_safetensors_get(const struct tfu_safetensors *f, size_t i)
{
    return &f->tensor[i];
}

const struct tfu_safetensors_tensor *tfu_safetensors_find(const struct tfu_safetensors *f,
                                                          const char *name)
{
    const struct tfu_safetensors_tensor key = {.name = name};
    return f->count ? bsearch(&key, f->tensor, f->count, sizeof key, by_name) : NULL;
}

const char *tfu_safetensors_note(const struct tfu_safetensors *f, const char *key)
{
    return json_string_value(json_object_get(json_object_get(f->header, "__metadata__"), key));
}

bool tfu_safetensors_note_at(const struct tfu_safetensors *f, size_t i, const char **key,
                             const char **value)
{
    if (i >= f->note_count)
        return false;
    *key = f->note[i].key;
    *value = f->note[i].value;
    return true;
}

enum tfu_status tfu_safetensors_digest(const void *before, size_t n,
                                       const struct tfu_safetensors_tensor *tensor, size_t count,
                                       char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    struct tfu_hash *hash;
    enum tfu_status st = tfu_hash_new(&hash, e);
    if (st != TFU_OK)
        return st;
    if (n > 0)
        tfu_hash_add(hash, before, n);
    for (size_t i = 0; i < count; i++) {
        tfu_hash_add(hash, tensor[i].name, strlen(tensor[i].name) + 1);
        tfu_hash_add(hash, tensor[i].data, tensor[i].bytes);
    }
    st = tfu_hash_hex(hash, hex, e);
    tfu_hash_free(hash);
    return st;
}
