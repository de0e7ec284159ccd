/* SPDX-License-Identifier: MIT
 *
 * A reader of image files: PGM, gray images of 8 bits ("P5" of the Netpbm formats), whose header is
 * four words of text: P5, width, height and the largest value.
 */
#include <stdlib.h>
#include <string.h>

#include <transfuse/reader.h>

struct reader {
    struct tfu_reader_info info;
    const unsigned char *pixels; /* in the source's bytes */
};

static int is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int probe(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    return size >= 3 && b[0] == 'P' && b[1] == '5' && is_space(b[2]);
}

/* The next whole number at *at, which is moved behind it; -1 where there is none of less than ten
 * digits. A comment goes from # to the end of its line. */
static int64_t next_number(const unsigned char *b, size_t size, size_t *at)
{
    size_t i = *at;
    while (i < size && (is_space(b[i]) || b[i] == '#')) {
        const int comment = b[i] == '#';
        i++;
        while (comment && i < size && b[i] != '\n')
            i++;
    }
    int64_t n = i < size && b[i] >= '0' && b[i] <= '9' ? 0 : -1;
    for (; n >= 0 && i < size && b[i] >= '0' && b[i] <= '9'; i++)
        n = n < 100000000 ? n * 10 + (b[i] - '0') : -1;
    *at = i;
    return n;
}

/* What the header says, held against the file's size and the host's limit before it is believed. */
static enum tfu_status read_header(struct reader *r, const struct tfu_reader_source *s,
                                   struct tfu_host *h)
{
    const unsigned char *b = s->bytes;
    size_t at = 2;
    const int64_t width = next_number(b, s->size, &at), height = next_number(b, s->size, &at);
    const int64_t largest = next_number(b, s->size, &at);
    if (width < 1 || height < 1 || largest < 1 || at >= s->size || !is_space(b[at]))
        return h->fail(h, TFU_ECORRUPT, "its header is not P5, width, height and largest value");
    if (largest != 255)
        return h->fail(h, TFU_EUNSUPPORTED, "its largest value is %lld; only 255 is read",
                       (long long)largest);
    if (!tfu_reader_fits(s, height, width, 1))
        return h->fail(
            h, TFU_EUNSUPPORTED,
            "it has %lld x %lld pixels, more than the %lld numbers that an image may have",
            (long long)height, (long long)width, (long long)s->limit);
    at++;
    if ((uint64_t)(width * height) > s->size - at)
        return h->fail(h, TFU_ECORRUPT,
                       "it ends after %llu of %lld pixels; copy or download it again",
                       (unsigned long long)(s->size - at), (long long)(width * height));
    r->pixels = b + at;
    r->info = (struct tfu_reader_info){.struct_size = sizeof r->info,
                                       .dtype = TFU_U8,
                                       .height = height,
                                       .width = width,
                                       .channels = 1,
                                       .full_height = height,
                                       .full_width = width,
                                       .frames = 1};
    return TFU_OK;
}

static enum tfu_status open(void **self, const void *config, const struct tfu_reader_source *source,
                            struct tfu_host *h)
{
    (void)config;
    *self = NULL;
    struct reader *r = malloc(sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the reader frozen_reader");
    const enum tfu_status st = read_header(r, source, h);
    if (st == TFU_OK)
        *self = r;
    else
        free(r);
    return st;
}

static const struct tfu_reader_info *info(const void *self)
{
    return &((const struct reader *)self)->info;
}

static enum tfu_status read(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    const struct reader *r = self;
    if (frame != 0)
        return h->fail(h, TFU_EINVAL, "there is no frame %lld; there is frame 0", (long long)frame);
    memcpy(pixels, r->pixels, (size_t)(r->info.height * r->info.width));
    return TFU_OK;
}

static const struct tfu_reader_ops ops = {
    .struct_size = sizeof ops,
    .probe = probe,
    .open = open,
    .close = free,
    .info = info,
    .read = read,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_READER),      .name = "frozen_reader",       .version = "0.1",
    .summary = "PGM, gray images of 8 bits", .ops_size = sizeof ops, .ops = &ops,
};
