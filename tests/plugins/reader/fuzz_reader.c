/* SPDX-License-Identifier: MIT
 *
 * libFuzzer target, for the reader that is linked in: whatever the bytes, they are refused with a
 * message or every pixel is written, and the same again; no more memory is asked for than the limit
 * allows for.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/base/host.h"

#include <transfuse/reader.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

enum { LIMIT = 1 << 20 };

static void require(bool right)
{
    if (!right)
        abort();
}

static void check_status(enum tfu_status st, const struct tfu_error *e)
{
    require(e->status == st && (st == TFU_OK) == (e->text[0] == '\0'));
}

static void check_info(const struct tfu_reader_source *s, const struct tfu_reader_info *i)
{
    require(tfu_reader_fits(s, i->height, i->width, i->channels) && i->channels <= 4);
    require(i->dtype == TFU_U8 || i->dtype == TFU_U16 || i->dtype == TFU_F32);
    require(i->height <= i->full_height && i->width <= i->full_width && i->frames >= 1);
    require(i->bits <= 8 * tfu_dtype_size(i->dtype) && i->orientation <= 8);
    if (s->wanted_height && s->wanted_width) {
        require(i->height == i->full_height || i->height >= s->wanted_height);
        require(i->width == i->full_width || i->width >= s->wanted_width);
    } else {
        require(i->height == i->full_height && i->width == i->full_width);
    }
}

/* The pixels over memory that holds `fill`; NULL where they are refused. */
static unsigned char *read_over(const struct tfu_reader_ops *ops, void *self, size_t bytes,
                                int fill)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_host_call call;
    unsigned char *pixels = malloc(bytes);
    require(pixels != NULL);
    memset(pixels, fill, bytes);
    const enum tfu_status st = ops->read(self, 0, pixels, tfu_host_call_init(&call, NULL, &e));
    check_status(st, &e);
    if (st == TFU_OK)
        return pixels;
    free(pixels);
    return NULL;
}

static void read_as(const struct tfu_reader_source *s)
{
    const struct tfu_reader_ops *ops = tfu_plugin.ops;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_host_call call;
    void *self = NULL;
    const enum tfu_status st = ops->open(&self, NULL, s, tfu_host_call_init(&call, NULL, &e));
    check_status(st, &e);
    require((st == TFU_OK) == (self != NULL));
    if (st != TFU_OK)
        return;
    const struct tfu_reader_info *i = ops->info(self);
    check_info(s, i);
    const size_t bytes = (size_t)(i->height * i->width * i->channels) * tfu_dtype_size(i->dtype);
    unsigned char *first = read_over(ops, self, bytes, 0),
                  *again = read_over(ops, self, bytes, 0xff);
    require((first != NULL) == (again != NULL));
    require(!first || memcmp(first, again, bytes) == 0);
    free(first);
    free(again);
    ops->close(self);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tfu_reader_ops *ops = tfu_plugin.ops;
    struct tfu_reader_source s = {
        .struct_size = sizeof s, .name = "fuzzed", .bytes = data, .size = size, .limit = LIMIT};
    ops->probe(data, size < TFU_READER_PROBE ? size : TFU_READER_PROBE);
    read_as(&s);
    s.flags = TFU_READ_INDICES | TFU_READ_UNTURNED;
    s.wanted_height = s.wanted_width = 1 + (int64_t)(size % 32);
    read_as(&s);
    return 0;
}

#ifdef FUZZ_PNG
static uint32_t number(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Or nothing but checksums would ever be tried; one in sixteen stays wrong. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    enum { SIGNATURE = 8, AROUND = 12 };
    size = LLVMFuzzerMutate(data, size, most);
    size_t at = SIGNATURE;
    while (seed % 16 && at <= size && size - at >= AROUND) {
        const size_t n = number(data + at);
        if (n > size - at - AROUND)
            break;
        const uint32_t crc = (uint32_t)crc32(0, data + at + 4, (unsigned)n + 4);
        for (int i = 0; i < 4; i++)
            data[at + 8 + n + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
        at += n + AROUND;
    }
    return size;
}
#endif
