/* SPDX-License-Identifier: MIT
 *
 * What a JPEG file of a quality drawn by chance makes of an image: it is written into memory and
 * read again, with the settings that libjpeg and PIL have by default.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "colour.h"
#include "draw.h"
#include "take.h"

struct config {
    struct tfu_int_list quality;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT_LIST(struct config, quality, 1, 100, "least and largest quality; empty: 30 to 90"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const struct tfu_int_list *q = &c->quality;
    enum tfu_status st = q->count ? check_two("quality", "[least, largest]", q->count, h) : TFU_OK;
    if (st == TFU_OK && q->count && q->item[0] > q->item[1])
        st = h->fail(h, TFU_EINVAL, "quality: %lld is larger than %lld; give the least first",
                     (long long)q->item[0], (long long)q->item[1]);
    return st == TFU_OK ? take_options(self, config) : st;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    (void)self;
    *out = *in;
    return colour_check(in->dim[2], h);
}

/* libjpeg at work, which jumps out when something is wrong. */
struct work {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct write;
    struct jpeg_decompress_struct read;
    int64_t height, width, channels;
    int quality;
    JSAMPLE *pixel;             /* H,W,C: before and after */
    unsigned char *room, *file; /* libjpeg takes more memory when the room does not do */
    unsigned long room_bytes, bytes;
    char said[JMSG_LENGTH_MAX];
    jmp_buf back;
};

static void give_up(j_common_ptr jpeg)
{
    struct work *w = jpeg->client_data;
    jpeg->err->format_message(jpeg, w->said);
    longjmp(w->back, 1);
}

static void print_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void write_file(struct work *w)
{
    struct jpeg_compress_struct *j = &w->write;
    w->file = w->room;
    w->bytes = w->room_bytes;
    jpeg_mem_dest(j, &w->file, &w->bytes);
    j->image_width = (JDIMENSION)w->width;
    j->image_height = (JDIMENSION)w->height;
    j->input_components = (int)w->channels;
    j->in_color_space = w->channels == COLOUR_RGB ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(j);
    jpeg_set_quality(j, w->quality, TRUE);
    jpeg_start_compress(j, TRUE);
    while (j->next_scanline < j->image_height) {
        JSAMPROW row = w->pixel + (size_t)(j->next_scanline * w->width * w->channels);
        jpeg_write_scanlines(j, &row, 1);
    }
    jpeg_finish_compress(j);
}

static void read_file(struct work *w)
{
    struct jpeg_decompress_struct *j = &w->read;
    jpeg_mem_src(j, w->file, w->bytes);
    jpeg_read_header(j, TRUE);
    jpeg_start_decompress(j);
    while (j->output_scanline < j->output_height) {
        JSAMPROW row = w->pixel + (size_t)(j->output_scanline * w->width * w->channels);
        jpeg_read_scanlines(j, &row, 1);
    }
    jpeg_finish_decompress(j);
}

/* Leaves the pixels that were read; false: w->said tells why not. */
static int attempt(struct work *w)
{
    if (setjmp(w->back) != 0)
        return 0;
    jpeg_create_compress(&w->write);
    jpeg_create_decompress(&w->read);
    write_file(w);
    read_file(w);
    return 1;
}

static enum tfu_status through_file(struct work *w, struct tfu_example_host *h)
{
    jpeg_std_error(&w->errors);
    w->errors.error_exit = give_up;
    w->errors.output_message = print_nothing;
    w->write.err = w->read.err = &w->errors;
    w->write.client_data = w->read.client_data = w;
    const int done = attempt(w);
    jpeg_destroy_compress(&w->write);
    jpeg_destroy_decompress(&w->read);
    if (done && w->file != w->room)
        free(w->file);
    return done ? TFU_OK : h->fail(h, TFU_EINVAL, "libjpeg says '%s'", w->said);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const int64_t low = c->quality.count ? c->quality.item[0] : 30;
    const int64_t high = c->quality.count ? c->quality.item[1] : 90;
    struct colour_image m;
    enum tfu_status st = colour_begin(x, &m, h);
    if (st != TFU_OK)
        return st;
    struct work *w = h->alloc(h, sizeof *w);
    const size_t count = (size_t)(m.pixels * m.channels), room = 2 * count + 4096;
    JSAMPLE *pixel = h->alloc(h, count);
    unsigned char *file = h->alloc(h, room);
    if (!w || !pixel || !file)
        return TFU_ENOMEM;
    const int64_t *dim = tfu_example_find(x, TFU_FIELD_IMAGE)->shape.dim;
    *w = (struct work){.height = dim[0],
                       .width = dim[1],
                       .channels = dim[2],
                       .quality = (int)(low + draw_below(&d, high - low + 1)),
                       .pixel = pixel,
                       .room = file,
                       .room_bytes = (unsigned long)room};
    for (size_t i = 0; i < count; i++)
        pixel[i] = (JSAMPLE)(colour_cut((double)m.x[i]) * 255 + 0.5);
    st = through_file(w, h);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        m.x[i] = (float)pixel[i] / 255.0f;
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .wanted = want_all,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "jpeg_noise",
    .version = "1.0",
    .summary = "what a JPEG file of a quality drawn by chance makes of an image",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
