/* SPDX-License-Identifier: MIT
 *
 * PNG, by libpng: 8 and 16 bits as they are, fewer bits stretched to 8, palettes in their colours
 * (or their numbers), transparency of every sort as alpha. Colours are not adjusted: gamma,
 * profiles and the like are left alone, as most programs for training do.
 */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/reader.h>

#include "png_rows.h"
#include "upright.h"

enum { SIGNATURE = 8, CHUNK_HEADER = 8, CHUNK_CRC = 4 };
/* deflate cannot shrink more than this (zlib's technical notes): a file bounds what it holds */
enum { MAX_RATIO = 1032 };

struct png_reader {
    const struct tfu_reader_source *source;
    struct tfu_reader_info info;
    int orientation; /* how it is turned; as it is, where it is wanted as it is stored */
};

/* libpng at work on the file. */
struct work {
    const struct png_reader *reader;
    png_structp png;
    png_infop info;
    size_t at;          /* bytes read */
    double raw;         /* bytes of all rows in the file, before they were shrunk */
    int channels;       /* that come out */
    int bits;           /* of a number in the file; of a colour, where it has a palette of them */
    int passes;         /* 7 where rows are interlaced */
    unsigned char *out; /* rows of the file, one behind the other */
    size_t row;         /* bytes of one */
    int ends_early;
    char said[160]; /* why libpng gave up */
    jmp_buf back;
};

/* ---- what libpng calls */

static void on_error(png_structp png, png_const_charp text)
{
    struct work *w = png_get_error_ptr(png);
    snprintf(w->said, sizeof w->said, "%s", text);
    longjmp(w->back, 1);
}

/* Of what does not matter to the pixels. */
static void on_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static void give_bytes(png_structp png, png_bytep to, size_t n)
{
    struct work *w = png_get_io_ptr(png);
    const struct tfu_reader_source *s = w->reader->source;
    if (n > s->size - w->at) {
        w->ends_early = 1;
        png_error(png, "the file ends early");
    }
    memcpy(to, (const unsigned char *)s->bytes + w->at, n);
    w->at += n;
}

/* ---- the life of a work */

static enum tfu_status begin(struct work *w, const struct png_reader *reader, struct tfu_host *h)
{
    *w = (struct work){.reader = reader};
    w->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, w, on_error, on_warning);
    w->info = w->png ? png_create_info_struct(w->png) : NULL;
    if (w->info)
        return TFU_OK;
    png_destroy_read_struct(&w->png, NULL, NULL);
    return h->fail(h, TFU_ENOMEM, "out of memory for libpng");
}

static void end(struct work *w)
{
    png_destroy_read_struct(&w->png, &w->info, NULL);
}

/* libpng jumps out of whatever it is doing when something is wrong: `part` is done, or w->said
 * tells why not. All that it needs is in `w`. */
static enum tfu_status attempt(struct work *w, void (*part)(struct work *w), struct tfu_host *h)
{
    if (setjmp(w->back) == 0) {
        part(w);
        return TFU_OK;
    }
    if (w->ends_early)
        return h->fail(h, TFU_ECORRUPT, "it ends early, after %zu bytes; copy or download it again",
                       w->reader->source->size);
    if (strstr(w->said, "emory"))
        return h->fail(h, TFU_ENOMEM, "out of memory: libpng says '%s'", w->said);
    return h->fail(h, TFU_ECORRUPT, "libpng says '%s'", w->said);
}

/* ---- the header */

static void read_header(struct work *w)
{
    png_set_read_fn(w->png, w, give_bytes);
    png_set_user_limits(w->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* the host has one */
    /* of what is not about pixels only the checksum is looked at, so that nothing is unpacked */
    png_set_keep_unknown_chunks(w->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_chunk_malloc_max(w->png, 0);
    png_set_crc_action(w->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_read_info(w->png, w->info);
}

static int wants_numbers(const struct work *w)
{
    return (w->reader->source->flags & TFU_READ_INDICES) != 0;
}

/* How the file's pixels become ours. */
static void set_transforms(struct work *w)
{
    const int colour = png_get_color_type(w->png, w->info);
    const int is_palette = colour == PNG_COLOR_TYPE_PALETTE;
    const int one = 1;
    const int is_little = *(const char *)&one;
    if (wants_numbers(w) && (is_palette || colour == PNG_COLOR_TYPE_GRAY)) {
        png_set_packing(w->png);
    } else {
        if (is_palette)
            png_set_palette_to_rgb(w->png);
        if (colour == PNG_COLOR_TYPE_GRAY)
            png_set_expand_gray_1_2_4_to_8(w->png);
        if (png_get_valid(w->png, w->info, PNG_INFO_tRNS))
            png_set_tRNS_to_alpha(w->png);
    }
    if (is_little)
        png_set_swap(w->png);
    w->passes = png_set_interlace_handling(w->png);
    png_read_update_info(w->png, w->info);
    w->row = png_get_rowbytes(w->png, w->info);
}

/* Channels that set_transforms() makes of the file's. */
static int count_channels(const struct work *w)
{
    const int colour = png_get_color_type(w->png, w->info);
    const int is_palette = colour == PNG_COLOR_TYPE_PALETTE;
    const int channels = png_get_channels(w->png, w->info);
    if (wants_numbers(w) && (is_palette || colour == PNG_COLOR_TYPE_GRAY))
        return channels;
    return (is_palette ? 3 : channels) + (png_get_valid(w->png, w->info, PNG_INFO_tRNS) != 0);
}

static int count_bits(const struct work *w)
{
    const int is_palette = png_get_color_type(w->png, w->info) == PNG_COLOR_TYPE_PALETTE;
    return is_palette && !wants_numbers(w) ? 8 : png_get_bit_depth(w->png, w->info);
}

static double raw_size(const struct work *w)
{
    const double numbers =
        (double)png_get_image_width(w->png, w->info) * png_get_channels(w->png, w->info);
    return png_get_image_height(w->png, w->info) *
           (1 + numbers * png_get_bit_depth(w->png, w->info) / 8);
}

static int can_hold(const struct tfu_reader_source *s, double raw)
{
    return raw <= (double)s->size * MAX_RATIO;
}

static void find_size(struct work *w)
{
    const struct tfu_reader_source *s = w->reader->source;
    read_header(w);
    w->raw = raw_size(w);
    w->channels = count_channels(w);
    w->bits = count_bits(w);
    /* libpng takes memory for rows here: not before it is known that the image is not refused */
    if (can_hold(s, w->raw) && tfu_reader_fits(s, png_get_image_height(w->png, w->info),
                                               png_get_image_width(w->png, w->info), w->channels))
        set_transforms(w);
}

/* ---- chunks of the file itself */

static uint32_t number(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

/* The content of the first chunk of this name, or NULL. */
static const unsigned char *find_chunk(const struct tfu_reader_source *s, const char name[4],
                                       size_t *size)
{
    const unsigned char *b = s->bytes;
    size_t at = SIGNATURE;
    while (s->size - at >= CHUNK_HEADER + CHUNK_CRC) {
        const size_t n = number(b + at);
        if (n > s->size - at - CHUNK_HEADER - CHUNK_CRC)
            return NULL;
        *size = n;
        if (memcmp(b + at + 4, name, 4) == 0)
            return b + at + CHUNK_HEADER;
        at += CHUNK_HEADER + n + CHUNK_CRC;
    }
    return NULL;
}

static int find_orientation(const struct tfu_reader_source *s)
{
    size_t size = 0;
    const unsigned char *exif = find_chunk(s, "eXIf", &size);
    return exif ? upright_orientation(exif, size) : UPRIGHT_AS_IT_IS;
}

/* ---- opening */

/* `w` has the header, and what becomes of it. */
static enum tfu_status take_info(struct png_reader *r, const struct work *w, struct tfu_host *h)
{
    const int64_t rows = png_get_image_height(w->png, w->info);
    const int64_t columns = png_get_image_width(w->png, w->info);
    const int64_t channels = w->channels;
    const int stored = find_orientation(r->source);
    r->orientation = r->source->flags & TFU_READ_UNTURNED ? UPRIGHT_AS_IT_IS : stored;
    const int is_turned = upright_is_turned(r->orientation);
    if (!tfu_reader_fits(r->source, rows, columns, channels))
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has %lld x %lld pixels of %lld channels, more than the %lld numbers "
                       "that an image may have",
                       (long long)rows, (long long)columns, (long long)channels,
                       (long long)r->source->limit);
    r->info = (struct tfu_reader_info){.struct_size = sizeof r->info,
                                       .dtype = png_get_bit_depth(w->png, w->info) == 16 ? TFU_U16
                                                                                         : TFU_U8,
                                       .height = is_turned ? columns : rows,
                                       .width = is_turned ? rows : columns,
                                       .channels = channels,
                                       .frames = 1,
                                       .bits = (uint32_t)w->bits,
                                       .orientation = (uint32_t)stored};
    r->info.full_height = r->info.height;
    r->info.full_width = r->info.width;
    return TFU_OK;
}

static enum tfu_status check_raw_size(double raw, const struct tfu_reader_source *s,
                                      struct tfu_host *h)
{
    if (can_hold(s, raw))
        return TFU_OK;
    return h->fail(h, TFU_ECORRUPT,
                   "it claims %.0f bytes of pixels, more than a file of %zu bytes can hold; copy "
                   "or download it again",
                   raw, s->size);
}

static enum tfu_status read_info(struct png_reader *r, struct tfu_host *h)
{
    struct work w;
    enum tfu_status st = begin(&w, r, h);
    if (st != TFU_OK)
        return st;
    st = attempt(&w, find_size, h);
    if (st == TFU_OK)
        st = take_info(r, &w, h);
    end(&w);
    return st == TFU_OK ? check_raw_size(w.raw, r->source, h) : st;
}

static int reader_probe(const void *bytes, size_t size)
{
    return size >= SIGNATURE && memcmp(bytes, "\x89PNG\r\n\x1a\n", SIGNATURE) == 0;
}

static enum tfu_status reader_open(void **self, const void *config,
                                   const struct tfu_reader_source *source, struct tfu_host *h)
{
    (void)config;
    *self = NULL;
    if (!reader_probe(source->bytes, source->size))
        return h->fail(h, TFU_ECORRUPT, "it does not begin as a PNG file does");
    struct png_reader *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the reader png");
    r->source = source;
    const enum tfu_status st = read_info(r, h);
    if (st == TFU_OK)
        *self = r;
    else
        free(r);
    return st;
}

static const struct tfu_reader_info *reader_info(const void *self)
{
    return &((const struct png_reader *)self)->info;
}

/* ---- pixels */

/* Most files are plain, their rows the bytes that come out, and then there is a faster way. */
static int read_plain(struct work *w)
{
    const struct tfu_reader_source *s = w->reader->source;
    const int has_words = png_get_bit_depth(w->png, w->info) == 16;
    const struct png_rows rows = {
        .bytes = s->bytes,
        .size = s->size,
        .rows = png_get_image_height(w->png, w->info),
        .row = w->row,
        .pixel = (size_t)w->channels * (has_words ? 2 : 1),
        .has_words = has_words,
    };
    if (png_get_color_type(w->png, w->info) == PNG_COLOR_TYPE_PALETTE ||
        png_get_interlace_type(w->png, w->info) != PNG_INTERLACE_NONE ||
        png_get_valid(w->png, w->info, PNG_INFO_tRNS) ||
        w->raw != (double)rows.rows * (1 + (double)rows.row))
        return 0;
    return png_rows_read(&rows, w->out);
}

static void read_rows(struct work *w)
{
    if (read_plain(w))
        return;
    const png_uint_32 rows = png_get_image_height(w->png, w->info);
    for (int pass = 0; pass < w->passes; pass++)
        for (png_uint_32 y = 0; y < rows; y++)
            png_read_row(w->png, w->out + (size_t)y * w->row, NULL);
    png_read_end(w->png, NULL);
}

static enum tfu_status read_upright(struct work *w, void *pixels, struct tfu_host *h)
{
    const struct tfu_reader_info *i = &w->reader->info;
    const struct upright u = upright_of(w->reader->orientation, i->height, i->width,
                                        (size_t)i->channels * tfu_dtype_size(i->dtype));
    if (u.orientation == UPRIGHT_AS_IT_IS) {
        w->out = pixels;
        return attempt(w, read_rows, h);
    }
    w->out = malloc(w->row * (size_t)u.rows);
    if (!w->out)
        return h->fail(h, TFU_ENOMEM, "out of memory for turning an image: %zu bytes asked for",
                       w->row * (size_t)u.rows);
    const enum tfu_status st = attempt(w, read_rows, h);
    for (int64_t y = 0; st == TFU_OK && y < u.rows; y++)
        upright_put(&u, y, w->out + (size_t)y * w->row, pixels);
    free(w->out);
    return st;
}

static enum tfu_status reader_read(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    struct work w;
    if (frame != 0)
        return h->fail(h, TFU_EINVAL, "there is no image %lld in it; there is image 0",
                       (long long)frame);
    enum tfu_status st = begin(&w, self, h);
    if (st != TFU_OK)
        return st;
    st = attempt(&w, find_size, h);
    if (st == TFU_OK)
        st = read_upright(&w, pixels, h);
    end(&w);
    return st;
}

static const struct tfu_reader_ops ops = {
    .struct_size = sizeof ops,
    .probe = reader_probe,
    .open = reader_open,
    .close = free,
    .info = reader_info,
    .read = reader_read,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_READER),
    .name = "png",
    .version = "1.0",
    .summary = "PNG: gray, colours or a palette, 1 to 16 bits, with or without alpha",
    .ops_size = sizeof ops,
    .ops = &ops,
};
