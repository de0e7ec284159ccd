/* SPDX-License-Identifier: MIT
 *
 * The writer of safetensors files.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/atomic_file.h"
#include "core/io/safetensors.h"

/* A tensor's place in the file is that of its pointer in this order. */
static int by_size_and_name(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = *(const struct tfu_safetensors_tensor *const *)left;
    const struct tfu_safetensors_tensor *b = *(const struct tfu_safetensors_tensor *const *)right;
    const size_t x = tfu_safetensors_dtype_size(a->dtype), y = tfu_safetensors_dtype_size(b->dtype);
    if (x != y)
        return x > y ? -1 : 1;
    return strcmp(a->name, b->name);
}

static size_t tensor_bytes(const struct tfu_safetensors_tensor *t)
{
    size_t bytes = tfu_safetensors_dtype_size(t->dtype);
    for (size_t i = 0; i < t->rank; i++)
        bytes *= (size_t)t->dim[i];
    return bytes;
}

static json_t *tensor_entry(const struct tfu_safetensors_tensor *t, size_t begin)
{
    json_t *shape = json_array();
    for (size_t i = 0; shape && i < t->rank; i++)
        if (json_array_append_new(shape, json_integer((json_int_t)t->dim[i])) != 0) {
            json_decref(shape);
            return NULL;
        }
    if (!shape)
        return NULL;
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", tfu_safetensors_dtype_name(t->dtype), "shape",
                     shape, "data_offsets", (json_int_t)begin,
                     (json_int_t)(begin + tensor_bytes(t)));
}

/* The header's text, to be freed; NULL when memory ran out or a name is not UTF-8. */
static char *header_text(const struct tfu_safetensors_tensor *const *tensor, size_t count,
                         const struct tfu_safetensors_note *note, size_t note_count)
{
    json_t *header = json_object(), *notes = json_object();
    int failed = !header || !notes;
    for (size_t i = 0; !failed && i < note_count; i++)
        failed = json_object_set_new(notes, note[i].key, json_string(note[i].value)) != 0;
    if (!failed && note_count > 0)
        failed = json_object_set(header, "__metadata__", notes) != 0;
    size_t begin = 0;
    for (size_t i = 0; !failed && i < count; i++) {
        failed = json_object_set_new(header, tensor[i]->name, tensor_entry(tensor[i], begin)) != 0;
        begin += tensor_bytes(tensor[i]);
    }
    char *text = failed ? NULL : json_dumps(header, JSON_COMPACT);
    json_decref(notes);
    json_decref(header);
    return text;
}

static enum tfu_status write_header(struct tfu_atomic_file *f, const char *text,
                                    struct tfu_error *e)
{
    static const char spaces[8] = "        ";
    const size_t length = strlen(text), padding = (8 - length % 8) % 8;
    uint8_t prefix[8];
    for (size_t i = 0; i < sizeof prefix; i++)
        prefix[i] = (uint8_t)((uint64_t)(length + padding) >> (8 * i));
    enum tfu_status st = tfu_atomic_write(f, prefix, sizeof prefix, e);
    if (st == TFU_OK)
        st = tfu_atomic_write(f, text, length, e);
    if (st == TFU_OK)
        st = tfu_atomic_write(f, spaces, padding, e);
    return st;
}

static enum tfu_status write_file(const char *path, const char *header,
                                  const struct tfu_safetensors_tensor *const *tensor, size_t count,
                                  struct tfu_error *e)
{
    struct tfu_atomic_file f;
    enum tfu_status st = tfu_atomic_open(&f, path, e);
    if (st == TFU_OK)
        st = write_header(&f, header, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = tfu_atomic_write(&f, tensor[i]->data, tensor_bytes(tensor[i]), e);
    if (st == TFU_OK)
        st = tfu_atomic_commit(&f, e);
    tfu_atomic_abandon(&f);
    return st;
}

enum tfu_status tfu_safetensors_write(const char *path, const struct tfu_safetensors_tensor *tensor,
                                      size_t count, const struct tfu_safetensors_note *note,
                                      size_t note_count, struct tfu_error *e)
{
    const struct tfu_safetensors_tensor **sorted = calloc(count + 1, sizeof *sorted);
    if (!sorted)
        return tfu_error_memory(e, "writing a safetensors file", 0);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &tensor[i];
    qsort(sorted, count, sizeof *sorted, by_size_and_name);
    char *header = header_text(sorted, count, note, note_count);
    const enum tfu_status st = header
                                   ? write_file(path, header, sorted, count, e)
                                   : tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                                                  "cannot write a header: a name is not UTF-8, or "
                                                  "memory ran out");
    free(header);
    free(sorted);
    return st;
}
