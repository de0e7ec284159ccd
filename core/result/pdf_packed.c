/* SPDX-License-Identifier: MIT
 *
 * The end of such a file is: an object /ObjStm with a stream, an object that is that stream's
 * length, an object /XRef with a stream of the places of all objects, and the place of that.
 */
#include "core/result/pdf_packed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MOST = 1 << 20 }; /* bytes of a stream: they are some hundreds */

static const char stream_begin[] = "stream\n", stream_end[] = "\nendstream\nendobj\n";

struct span {
    const char *begin, *end;
};

/* The first `text` of a span; NULL: none. */
static const char *find(struct span in, const char *text)
{
    return memmem(in.begin, (size_t)(in.end - in.begin), text, strlen(text));
}

static const char *find_last(struct span in, const char *text)
{
    const char *last = NULL;
    for (const char *at; (at = find(in, text)); in.begin = at + 1)
        last = at;
    return last;
}

/* The bytes of the first stream of a span. */
static bool find_stream(struct span in, struct span *out)
{
    const char *begin = find(in, stream_begin);
    if (!begin)
        return false;
    out->begin = begin + strlen(stream_begin);
    out->end = find((struct span){out->begin, in.end}, stream_end);
    return out->end != NULL;
}

/* To be freed; NULL: it is none, or too large. */
static unsigned char *unpack(struct span in, size_t *size)
{
    unsigned char *out = malloc(MOST);
    uLongf n = MOST;
    if (out && uncompress(out, &n, (const Bytef *)in.begin, (uLong)(in.end - in.begin)) != Z_OK) {
        free(out);
        return NULL;
    }
    *size = n;
    return out;
}

static bool pack(struct tfu_text *out, const unsigned char *bytes, size_t size)
{
    uLongf n = compressBound(size);
    unsigned char *packed = malloc(n);
    const bool ok = packed && compress(packed, &n, bytes, size) == Z_OK;
    if (ok)
        tfu_text_append(out, (const char *)packed, n);
    free(packed);
    return ok;
}

/* A whole number in decimal; `*at` goes behind it. */
static bool read_number(const char **at, const char *end, size_t *out)
{
    const char *begin = *at;
    for (*out = 0; *at < end && **at >= '0' && **at <= '9' && *at - begin < 12; ++*at)
        *out = *out * 10 + (size_t)(**at - '0');
    return *at > begin;
}

static bool skip(const char **at, const char *end, const char *text)
{
    const size_t n = strlen(text);
    if ((size_t)(end - *at) < n || memcmp(*at, text, n) != 0)
        return false;
    *at += n;
    return true;
}

struct moved {
    size_t behind;    /* objects behind this place move */
    size_t by;        /* ... by so much, modulo the size of a size_t */
    size_t table, to; /* but that with the places of all, from and to */
};

/* The places of objects: rows of 1 + `width` + `rest` bytes, of which the first says whether the
 * next are a place. */
static bool move_places(unsigned char *row, size_t size, size_t width, size_t rest,
                        struct moved moved)
{
    for (; size >= 1 + width + rest; row += 1 + width + rest, size -= 1 + width + rest) {
        size_t place = 0;
        for (size_t i = 0; i < width; i++)
            place = place << 8 | row[1 + i];
        if (row[0] != 1 || place <= moved.behind)
            continue;
        place = place == moved.table ? moved.to : place + moved.by;
        for (size_t i = width; i-- > 0; place >>= 8)
            row[1 + i] = place & 0xff;
        if (place)
            return false;
    }
    return size == 0;
}

/* The object with the places of all, from its begin to the end of the file. */
static bool put_table(struct tfu_text *out, struct span table, struct moved moved)
{
    struct span places;
    const char *width_at = find(table, "/W [1 "), *length_at = find(table, "/Length ");
    size_t width, rest, length, size = 0;
    if (!width_at || !length_at || !find_stream(table, &places) || width_at > places.begin ||
        length_at > places.begin)
        return false;
    width_at += strlen("/W [1 ");
    length_at += strlen("/Length ");
    const char *length_end = length_at;
    if (!read_number(&width_at, table.end, &width) || !skip(&width_at, table.end, " ") ||
        !read_number(&width_at, table.end, &rest) || width < 1 || width > 8 || rest > 8 ||
        !read_number(&length_end, table.end, &length))
        return false;
    unsigned char *rows = unpack(places, &size);
    struct tfu_text packed = TFU_TEXT_INIT;
    const bool ok =
        rows && move_places(rows, size, width, rest, moved) && pack(&packed, rows, size);
    free(rows);
    if (ok) {
        tfu_text_append(out, table.begin, (size_t)(length_at - table.begin));
        tfu_text_printf(out, "%zu", packed.length);
        tfu_text_append(out, length_end, (size_t)(places.begin - length_end));
        tfu_text_append(out, packed.data, packed.length);
        tfu_text_printf(out, "%sstartxref\n%zu\n%%%%EOF\n", stream_end, moved.to);
    }
    out->failed |= packed.failed;
    tfu_text_free(&packed);
    return ok;
}

/* From the length of the stream of objects, `size`, to the end of the file. */
static bool put_rest(struct tfu_text *out, const char *file, struct span objects, const char *end,
                     size_t size)
{
    const char *at = objects.end + strlen(stream_end), *begin = at;
    size_t number, length;
    if (!read_number(&at, end, &number) || !skip(&at, end, " 0 obj\n   "))
        return false;
    tfu_text_puts(out, stream_end);
    tfu_text_append(out, begin, (size_t)(at - begin));
    if (!read_number(&at, end, &length) || length != (size_t)(objects.end - objects.begin) ||
        !skip(&at, end, "\nendobj\n"))
        return false;
    tfu_text_printf(out, "%zu\nendobj\n", size);
    const struct moved moved = {.behind = (size_t)(objects.begin - file),
                                .by = size - length,
                                .table = (size_t)(at - file),
                                .to = out->length};
    if (!read_number(&at, end, &number) || !skip(&at, end, " 0 obj\n<< /Type /XRef\n"))
        return false;
    return put_table(out, (struct span){file + moved.table, end}, moved);
}

bool tfu_pdf_pack_date(struct tfu_text *out, const char *file, size_t size, const char *before,
                       const char *date)
{
    const struct span all = {file, file + size};
    struct span objects;
    const char *at = find_last(all, "/Type /ObjStm");
    size_t count = 0;
    if (!at || !find_stream((struct span){at, all.end}, &objects))
        return false;
    unsigned char *text = unpack(objects, &count);
    const struct span plain = {(char *)text, (char *)text + count};
    const char *found = text ? find(plain, before) : NULL;
    bool ok = found && (size_t)(plain.end - found) >= strlen(before) + strlen(date);
    if (ok) {
        memcpy(text + (found - plain.begin) + strlen(before), date, strlen(date));
        tfu_text_append(out, file, (size_t)(objects.begin - file));
        const size_t begin = out->length;
        ok = pack(out, text, count) && put_rest(out, file, objects, all.end, out->length - begin);
    }
    free(text);
    return ok && !out->failed;
}
