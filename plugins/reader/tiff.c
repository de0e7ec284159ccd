/* SPDX-License-Identifier: MIT
 *
 * TIFF, by libtiff: gray, RGB, palettes, CMYK and YCbCr, 1 to 16 bits or floats, in strips or
 * tiles, upright as the file says. libtiff and its codecs warn and go on where a file is damaged;
 * here that is an error. Of several images in a file one is read.
 */
#include <stdlib.h>
#include <string.h>

#include "tiff.h"
#include "upright.h"

enum { MOST_FRAMES = 65535 };

struct config {
    int64_t frame;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, frame, 0, 0, MOST_FRAMES,
                "image of a file with several that is read; 0: the first"),
};

/* TIFF or BigTIFF, in either order of bytes; what has DICOM's mark as well is that. */
static int reader_probe(const void *bytes, size_t size)
{
    enum { DICOM_MARK = 128 };
    static const char *const begins[] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};
    const unsigned char *b = bytes;
    if (size < 8 || (size >= DICOM_MARK + 4 && memcmp(b + DICOM_MARK, "DICM", 4) == 0))
        return 0;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (memcmp(b, begins[i], 4) == 0)
            return 1;
    return 0;
}

static void take_info(struct tiff_reader *r)
{
    const struct tiff_layout *l = &r->layout;
    const int is_upright = (r->file.source->flags & TFU_READ_UNTURNED) == 0;
    const int is_turned = is_upright && upright_is_turned(l->orientation);
    r->info = (struct tfu_reader_info){
        .struct_size = sizeof r->info,
        .dtype = l->dtype,
        .height = is_turned ? l->width : l->height,
        .width = is_turned ? l->height : l->width,
        .channels = l->channels,
        .frames = 1,
        .bits = l->bits,
        .orientation = l->orientation,
        .was = l->photometric == PHOTOMETRIC_SEPARATED ? TFU_READER_WAS_INKS : 0};
    if (l->photometric == PHOTOMETRIC_PALETTE && !l->is_numbers)
        r->info.bits = 8; /* of a colour */
    r->info.full_height = r->info.height;
    r->info.full_width = r->info.width;
    if (!is_upright)
        r->layout.orientation = UPRIGHT_AS_IT_IS;
}

static void reader_close(void *self)
{
    struct tiff_reader *r = self;
    tiff_file_close(&r->file);
    free(r);
}

static enum tfu_status reader_open(void **self, const void *config,
                                   const struct tfu_reader_source *source, struct tfu_host *h)
{
    const struct config *c = config;
    *self = NULL;
    if (!reader_probe(source->bytes, source->size))
        return h->fail(h, TFU_ECORRUPT, "it does not begin as a TIFF file does");
    struct tiff_reader *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the reader tiff");
    enum tfu_status st = tiff_file_open(&r->file, source, c ? c->frame : 0, h);
    if (st == TFU_OK)
        st = tiff_layout_find(&r->layout, &r->file, h);
    if (st != TFU_OK) {
        reader_close(r);
        return st;
    }
    take_info(r);
    *self = r;
    return TFU_OK;
}

static const struct tfu_reader_info *reader_info(const void *self)
{
    return &((const struct tiff_reader *)self)->info;
}

static enum tfu_status reader_read(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    if (frame != 0)
        return h->fail(h, TFU_EINVAL, "there is no image %lld in it; there is image 0",
                       (long long)frame);
    return tiff_pixels_read(self, pixels, h);
}

static const struct tfu_reader_ops ops = {
    .struct_size = sizeof ops,
    .probe = reader_probe,
    .open = reader_open,
    .close = reader_close,
    .info = reader_info,
    .read = reader_read,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_READER),
    .name = "tiff",
    .version = "1.0",
    .summary = "TIFF: gray, colours, palettes, CMYK and YCbCr, 1 to 16 bits or floats, upright",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
