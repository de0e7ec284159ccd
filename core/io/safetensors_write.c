/* SPDX-License-Identifier: MIT
 *
 * The writer of safetensors files.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/io/safetensors.h"

/* A tensor's place in the file is that of its pointer in this order. */
static int by_size_and_name(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = *(const struct tfu_safetensors_tensor *const *)left;
    const struct tfu_safetensors_tensor *b = *(const struct tfu_safetensors_tensor *const *)right;
    const size_t x = tfu_stored_type_size(a->dtype), y = tfu_stored_type_size(b->dtype);
    if (x != y)
        return x > y ? -1 : 1;
    return strcmp(a->name, b->name);
}

static size_t tensor_bytes(const struct tfu_safetensors_tensor *t)
{
    size_t bytes = tfu_stored_type_size(t->dtype);
    for (size_t i = 0; i < t->rank; i++)
        bytes *= (size_t)t->dim[i];
    return bytes;
}

/* JSON takes UTF-8 only, and a file that nobody can read is worse than none. */
static enum tfu_status check_text(const char *path, const char *text, struct tfu_error *e)
{
    json_t *string = json_string(text);
    if (!string)
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                            "'%s' is not valid UTF-8, or memory ran out; it cannot be written",
                            text);
    json_decref(string);
    return TFU_OK;
}

/* What the header means by another thing, and a size that no reader takes. */
static enum tfu_status check_tensor(const char *path, const struct tfu_safetensors_tensor *t,
                                    struct tfu_error *e)
{
    size_t bytes = tfu_stored_type_size(t->dtype);
    if (strcmp(t->name, "__metadata__") == 0)
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                            "a tensor cannot be named '__metadata__', which is where a safetensors "
                            "file has its notes; rename it");
    for (size_t i = 0; i < t->rank; i++)
        if (__builtin_mul_overflow(bytes, (size_t)t->dim[i], &bytes))
            return tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                                "tensor '%.200s' has a shape that no reader would take, of more "
                                "bytes than any file",
                                t->name);
    return check_text(path, t->name, e);
}

/* A JSON string. By hand, like the rest of the header: jansson's printer goes on without a word
 * when memory runs out. */
static void put_string(struct tfu_text *out, const char *s)
{
    tfu_text_puts(out, "\"");
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            tfu_text_printf(out, "\\%c", c);
        else if (c == '\n')
            tfu_text_puts(out, "\\n");
        else if (c < 0x20)
            tfu_text_printf(out, "\\u%04x", c);
        else
            tfu_text_append(out, s, 1);
    }
    tfu_text_puts(out, "\"");
}

static void put_notes(struct tfu_text *out, const struct tfu_safetensors_note *note, size_t count)
{
    tfu_text_puts(out, "\"__metadata__\":{");
    for (size_t i = 0; i < count; i++) {
        tfu_text_puts(out, i ? "," : "");
        put_string(out, note[i].key);
        tfu_text_puts(out, ":");
        put_string(out, note[i].value);
    }
    tfu_text_puts(out, "}");
}

static void put_tensor(struct tfu_text *out, const struct tfu_safetensors_tensor *t, size_t begin)
{
    put_string(out, t->name);
    tfu_text_printf(out, ":{\"dtype\":\"%s\",\"shape\":[", tfu_stored_type_name(t->dtype));
    for (size_t i = 0; i < t->rank; i++)
        tfu_text_printf(out, "%s%" PRId64, i ? "," : "", t->dim[i]);
    tfu_text_printf(out, "],\"data_offsets\":[%zu,%zu]}", begin, begin + tensor_bytes(t));
}

static enum tfu_status make_header(struct tfu_text *out, const char *path,
                                   const struct tfu_safetensors_tensor *const *tensor, size_t count,
                                   const struct tfu_safetensors_note *note, size_t note_count,
                                   struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < note_count; i++) {
        st = check_text(path, note[i].key, e);
        if (st == TFU_OK)
            st = check_text(path, note[i].value, e);
    }
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = check_tensor(path, tensor[i], e);
    if (st != TFU_OK)
        return st;
    size_t begin = 0;
    tfu_text_puts(out, "{");
    if (note_count > 0)
        put_notes(out, note, note_count);
    for (size_t i = 0; i < count; i++) {
        tfu_text_puts(out, i || note_count ? "," : "");
        put_tensor(out, tensor[i], begin);
        begin += tensor_bytes(tensor[i]);
    }
    tfu_text_puts(out, "}");
    if (out->failed)
        return tfu_error_memory(e, "writing a safetensors file", 0);
    if (out->length + 8 > TFU_SAFETENSORS_HEADER_MAX)
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0,
                            "its names and notes make a header of %zu bytes, more than the %d that "
                            "readers take",
                            out->length, TFU_SAFETENSORS_HEADER_MAX);
    return TFU_OK;
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
                                  const struct tfu_atomic_guard *guard, struct tfu_error *e)
{
    struct tfu_atomic_file f;
    enum tfu_status st = tfu_atomic_open(&f, path, e);
    f.guard = guard;
    if (st == TFU_OK)
        st = write_header(&f, header, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = tfu_atomic_write(&f, tensor[i]->data, tensor_bytes(tensor[i]), e);
    if (st == TFU_OK)
        st = tfu_atomic_commit(&f, e);
    tfu_atomic_abandon(&f);
    return st;
}

enum tfu_status tfu_safetensors_write_guarded(const char *path,
                                              const struct tfu_safetensors_tensor *tensor,
                                              size_t count, const struct tfu_safetensors_note *note,
                                              size_t note_count,
                                              const struct tfu_atomic_guard *guard,
                                              struct tfu_error *e)
{
    const struct tfu_safetensors_tensor **sorted = calloc(count + 1, sizeof *sorted);
    if (!sorted)
        return tfu_error_memory(e, "writing a safetensors file", 0);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &tensor[i];
    qsort(sorted, count, sizeof *sorted, by_size_and_name);
    struct tfu_text header = TFU_TEXT_INIT;
    enum tfu_status st = make_header(&header, path, sorted, count, note, note_count, e);
    if (st == TFU_OK)
        st = write_file(path, tfu_text_get(&header), sorted, count, guard, e);
    tfu_text_free(&header);
    free(sorted);
    return st;
}

enum tfu_status tfu_safetensors_write(const char *path, const struct tfu_safetensors_tensor *tensor,
                                      size_t count, const struct tfu_safetensors_note *note,
                                      size_t note_count, struct tfu_error *e)
{
    return tfu_safetensors_write_guarded(path, tensor, count, note, note_count, NULL, e);
}
