/* SPDX-License-Identifier: MIT
 *
 * JPEG, by libjpeg-turbo: gray and colours of 8 bits, upright as EXIF says; CMYK becomes RGB. A
 * smaller image is decoded at once where one will do. libjpeg makes up what is missing in a damaged
 * file; here that is an error.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include <transfuse/reader.h>

#include "upright.h"

enum {
    CMYK = 4,
    RGB = 3,
    MAX_SCANS = 100, /* progressive files have about ten, and each costs a walk over the image */
    DENOMINATOR = 8, /* of scales */
    BLOCK = 8
};

struct jpeg_reader {
    const struct tfu_reader_source *source;
    struct tfu_reader_info info;
    int orientation; /* how it is turned; as it is, where it is wanted as it is stored */
    unsigned scale;  /* eighths */
};

/* libjpeg at work on the file. The first fields are what libjpeg calls back with. */
struct work {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct jpeg;
    const struct jpeg_reader *reader;
    struct upright upright;
    unsigned char *row; /* one of the file */
    unsigned char *out;
    enum tfu_status status;
    char said[JMSG_LENGTH_MAX + 20]; /* why it was given up */
    jmp_buf back;
};

/* ---- what libjpeg calls */

static enum tfu_status status_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return TFU_ENOMEM;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_IMAGE_TOO_BIG:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
        return TFU_EUNSUPPORTED;
    default:
        return TFU_ECORRUPT;
    }
}

static void give_up(j_common_ptr jpeg)
{
    struct work *w = jpeg->client_data;
    w->status = status_of(jpeg->err->msg_code);
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    snprintf(w->said, sizeof w->said, "libjpeg says '%s'", text);
    longjmp(w->back, 1);
}

/* Warnings of what leaves the pixels as they are; the others come before pixels that are made up.
 */
static int is_harmless(int code)
{
    return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR ||
           code == JWRN_NOT_SEQUENTIAL || code == JWRN_BOGUS_ICC;
}

/* Level -1 is a warning, others are remarks. */
static void on_message(j_common_ptr jpeg, int level)
{
    if (level < 0 && !is_harmless(jpeg->err->msg_code))
        give_up(jpeg);
}

static void print_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void on_progress(j_common_ptr jpeg)
{
    struct work *w = jpeg->client_data;
    if (w->jpeg.input_scan_number <= MAX_SCANS)
        return;
    w->status = TFU_EUNSUPPORTED;
    snprintf(w->said, sizeof w->said, "more than %d scans", MAX_SCANS);
    longjmp(w->back, 1);
}

/* ---- the life of a work */

/* libjpeg jumps out of whatever it is doing when something is wrong: `part` is done, or w->said
 * tells why not. All that it needs is in `w`. */
static enum tfu_status attempt(struct work *w, void (*part)(struct work *w), struct tfu_host *h)
{
    if (setjmp(w->back) == 0) {
        part(w);
        return TFU_OK;
    }
    const int code = w->errors.msg_code;
    if (w->status == TFU_ECORRUPT && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        return h->fail(h, TFU_ECORRUPT, "it ends early: %s; copy or download it again", w->said);
    if (w->status == TFU_EUNSUPPORTED)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "%s; save it as a baseline or progressive JPEG of 8 bits", w->said);
    return h->fail(h, w->status, "%s", w->said);
}

static void create(struct work *w)
{
    jpeg_create_decompress(&w->jpeg); /* leaves `err` and `client_data` alone */
    w->jpeg.progress = &w->progress;
    jpeg_mem_src(&w->jpeg, w->reader->source->bytes, (unsigned long)w->reader->source->size);
    jpeg_save_markers(&w->jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&w->jpeg, TRUE);
}

static enum tfu_status begin(struct work *w, const struct jpeg_reader *reader, struct tfu_host *h)
{
    memset(w, 0, sizeof *w);
    w->reader = reader;
    w->jpeg.err = jpeg_std_error(&w->errors);
    w->jpeg.client_data = w;
    w->errors.error_exit = give_up;
    w->errors.emit_message = on_message;
    w->errors.output_message = print_nothing;
    w->progress.progress_monitor = on_progress;
    return attempt(w, create, h);
}

static void end(struct work *w)
{
    jpeg_destroy_decompress(&w->jpeg);
    free(w->row);
}

/* ---- the header */

static int find_orientation(const struct jpeg_decompress_struct *jpeg)
{
    static const char name[6] = "Exif\0";
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next)
        if (m->data_length >= sizeof name && memcmp(m->data, name, sizeof name) == 0)
            return upright_orientation(m->data + sizeof name, m->data_length - sizeof name);
    return UPRIGHT_AS_IT_IS;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* The least of 1, 2, 4 and 8 eighths that is enough. */
static unsigned choose_scale(const struct jpeg_reader *r)
{
    const struct tfu_reader_source *s = r->source;
    unsigned scale = 1;
    if (s->wanted_height < 1 || s->wanted_width < 1)
        return DENOMINATOR;
    while (scale < DENOMINATOR &&
           (divide_up(r->info.full_height * scale, DENOMINATOR) < s->wanted_height ||
            divide_up(r->info.full_width * scale, DENOMINATOR) < s->wanted_width))
        scale *= 2;
    return scale;
}

static enum tfu_status check_size(const struct work *w, struct tfu_host *h)
{
    const struct jpeg_decompress_struct *j = &w->jpeg;
    const struct tfu_reader_source *s = w->reader->source;
    if (!tfu_reader_fits(s, j->image_height, j->image_width, j->num_components))
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has %u x %u pixels of %d channels, more than the %lld numbers that an "
                       "image may have",
                       j->image_height, j->image_width, j->num_components, (long long)s->limit);
    double blocks = 0;
    for (int i = 0; i < j->num_components; i++)
        blocks += (double)j->comp_info[i].height_in_blocks * j->comp_info[i].width_in_blocks;
    /* of each block there is a Huffman code at least, of a bit or more */
    if (blocks > 8 * (double)s->size)
        return h->fail(h, TFU_ECORRUPT,
                       "it claims %u x %u pixels, more than a file of %zu bytes can hold; copy or "
                       "download it again",
                       j->image_height, j->image_width, s->size);
    return TFU_OK;
}

static enum tfu_status check_kind(const struct work *w, struct tfu_host *h)
{
    const struct jpeg_decompress_struct *j = &w->jpeg;
    if (j->arith_code)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its pixels are coded arithmetically; save it with Huffman codes");
    if (j->data_precision != BITS_IN_JSAMPLE)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has %d bits a channel, and JPEG files are read with %d; save it as PNG",
                       j->data_precision, BITS_IN_JSAMPLE);
    if (j->num_components != 1 && j->num_components != RGB && j->num_components != CMYK)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has %d channels; JPEG files are read with 1, 3 or 4 (CMYK)",
                       j->num_components);
    return TFU_OK;
}

static void take_info(struct jpeg_reader *r, const struct jpeg_decompress_struct *j)
{
    const int stored = find_orientation(j);
    r->orientation = r->source->flags & TFU_READ_UNTURNED ? UPRIGHT_AS_IT_IS : stored;
    const int is_turned = upright_is_turned(r->orientation);
    r->info = (struct tfu_reader_info){.struct_size = sizeof r->info,
                                       .dtype = TFU_U8,
                                       .channels = j->num_components == 1 ? 1 : RGB,
                                       .full_height = is_turned ? j->image_width : j->image_height,
                                       .full_width = is_turned ? j->image_height : j->image_width,
                                       .frames = 1,
                                       .bits = (uint32_t)j->data_precision,
                                       .orientation = (uint32_t)stored,
                                       .was = j->num_components == CMYK ? TFU_READER_WAS_INKS : 0};
    r->scale = choose_scale(r);
    r->info.height = divide_up(r->info.full_height * r->scale, DENOMINATOR);
    r->info.width = divide_up(r->info.full_width * r->scale, DENOMINATOR);
}

/* ---- opening */

static enum tfu_status read_info(struct jpeg_reader *r, struct tfu_host *h)
{
    struct work w;
    enum tfu_status st = begin(&w, r, h);
    if (st == TFU_OK)
        st = check_kind(&w, h);
    if (st == TFU_OK)
        st = check_size(&w, h);
    if (st == TFU_OK)
        take_info(r, &w.jpeg);
    end(&w);
    return st;
}

/* A first marker that JPEG has, but neither JPEG-LS nor any of its other relatives. */
static int reader_probe(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;
    if (size < 4 || b[0] != 0xff || b[1] != 0xd8 || b[2] != 0xff)
        return 0;
    return b[3] == 0xfe || (b[3] >= 0xe0 && b[3] <= 0xef) || (b[3] >= 0xda && b[3] <= 0xdf) ||
           (b[3] >= 0xc0 && b[3] <= 0xcf && b[3] != 0xc8);
}

static enum tfu_status reader_open(void **self, const void *config,
                                   const struct tfu_reader_source *source, struct tfu_host *h)
{
    (void)config;
    *self = NULL;
    if (!reader_probe(source->bytes, source->size))
        return h->fail(h, TFU_ECORRUPT, "it does not begin as a JPEG file does");
    struct jpeg_reader *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the reader jpeg");
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
    return &((const struct jpeg_reader *)self)->info;
}

/* ---- pixels */

/* a * b / 255, rounded */
static unsigned multiply(unsigned a, unsigned b)
{
    const unsigned x = a * b + 128;
    return ((x >> 8) + x) >> 8;
}

/* Inks as Adobe's programs write them, 255 for none, to light; in place. */
static void to_rgb(unsigned char *row, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const unsigned light = row[CMYK * i + 3];
        for (int c = 0; c < RGB; c++)
            row[RGB * i + c] = (unsigned char)(light - multiply(255u - row[CMYK * i + c], light));
    }
}

static void read_rows(struct work *w)
{
    struct jpeg_decompress_struct *j = &w->jpeg;
    j->out_color_space = j->num_components == 1      ? JCS_GRAYSCALE
                         : j->num_components == CMYK ? JCS_CMYK
                                                     : JCS_RGB;
    j->scale_num = w->reader->scale;
    j->scale_denom = DENOMINATOR;
    jpeg_start_decompress(j);
    while (j->output_scanline < j->output_height) {
        const int64_t y = j->output_scanline;
        const int is_direct =
            w->upright.orientation == UPRIGHT_AS_IT_IS && j->num_components != CMYK;
        unsigned char *row =
            is_direct ? w->out + (size_t)(y * w->upright.columns) * w->upright.pixel : w->row;
        jpeg_read_scanlines(j, &row, 1);
        if (j->num_components == CMYK)
            to_rgb(row, w->upright.columns);
        if (!is_direct)
            upright_put(&w->upright, y, row, w->out);
    }
    jpeg_finish_decompress(j);
}

static enum tfu_status read_pixels(struct work *w, void *pixels, struct tfu_host *h)
{
    const struct tfu_reader_info *i = &w->reader->info;
    w->out = pixels;
    w->upright = upright_of(w->reader->orientation, i->height, i->width, (size_t)i->channels);
    w->row = malloc((size_t)w->upright.columns * CMYK);
    if (!w->row)
        return h->fail(h, TFU_ENOMEM, "out of memory for a row of a JPEG file");
    return attempt(w, read_rows, h);
}

static enum tfu_status reader_read(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    struct work w;
    if (frame != 0)
        return h->fail(h, TFU_EINVAL, "there is no image %lld in it; there is image 0",
                       (long long)frame);
    enum tfu_status st = begin(&w, self, h);
    if (st == TFU_OK)
        st = read_pixels(&w, pixels, h);
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
    .name = "jpeg",
    .version = "1.0",
    .summary = "JPEG: gray, colours and CMYK, upright; smaller at once where that will do",
    .ops_size = sizeof ops,
    .ops = &ops,
};
