/* SPDX-License-Identifier: MIT
 *
 * DICOM: gray as a viewer shows it (rescaled, windowed, MONOCHROME1 inverted), colours as RGB. The
 * data set is read here; DCMTK decompresses pixels and turns colours (dicom_dcmtk.cc).
 */
#include <stdlib.h>
#include <string.h>

#include "dicom.h"
#include "dicom_dcmtk.h"

enum { WINDOW_MOST = 1 << 30 };

static const char *const ranges[] = {"file", "full", NULL};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(
        struct dicom_config, window, -WINDOW_MOST, WINDOW_MOST,
        "window of gray images, [centre, width] in rescaled units, as [40, 400] for soft tissue in "
        "CT; what lies outside becomes black or white; empty: by `range`"),
    TFU_OPT_ENUM(struct dicom_config, range, "file", ranges,
                 "what becomes black and white where there is no `window`; file: the file's first "
                 "window, else its first table, else all; full: the least and largest number that "
                 "the file's bits can hold"),
    TFU_OPT_INT(struct dicom_config, frame, 0, 0, INT32_MAX,
                "frame of a file with several that is read; 0: the first"),
};

struct dicom_reader {
    const struct tfu_reader_source *source;
    const struct dicom_config *config;
    struct dicom_file file;
    struct tfu_reader_info info;
    int64_t first; /* frame */
    int is_numbers;
};

static int reader_probe(const void *bytes, size_t size)
{
    enum { MARK = 128 };
    return size >= MARK + 4 && memcmp((const unsigned char *)bytes + MARK, "DICM", 4) == 0;
}

static int is_gray(const struct dicom_pixels *p)
{
    return p->colours == DICOM_GRAY || p->colours == DICOM_GRAY_INVERTED;
}

static enum tfu_status check_options(const struct dicom_reader *r, struct tfu_host *h)
{
    const struct dicom_config *c = r->config;
    if (c && c->window.count != 0 && c->window.count != 2)
        return h->fail(h, TFU_EINVAL,
                       "`window` of the reader dicom has %llu numbers; it is "
                       "[centre, width]",
                       (unsigned long long)c->window.count);
    if (c && c->window.count == 2 && c->window.item[1] < 1)
        return h->fail(h, TFU_EINVAL,
                       "`window` of the reader dicom is %g wide; a width is 1 or "
                       "more",
                       c->window.item[1]);
    if (r->first < r->file.pixels.frames)
        return TFU_OK;
    return h->fail(h, TFU_EUNSUPPORTED,
                   "there is no frame %lld in it, as `frame` wants; the last "
                   "is %lld",
                   (long long)r->first, (long long)r->file.pixels.frames - 1);
}

static void take_info(struct dicom_reader *r)
{
    const struct dicom_pixels *p = &r->file.pixels;
    const int is_small = p->stored <= 8;
    r->is_numbers = (r->source->flags & TFU_READ_INDICES) != 0 && !p->is_signed &&
                    ((is_gray(p) && is_small) || (p->colours == DICOM_PALETTE));
    r->info = (struct tfu_reader_info){
        .struct_size = sizeof r->info,
        .dtype = is_small || (p->colours == DICOM_PALETTE && !r->is_numbers) ? TFU_U8 : TFU_U16,
        .height = p->rows,
        .width = p->columns,
        .channels = is_gray(p) || r->is_numbers ? 1 : 3,
        .full_height = p->rows,
        .full_width = p->columns,
        .frames = p->frames - r->first,
        .bits = p->stored,
        .orientation = 1};
    if (p->colours == DICOM_PALETTE && !r->is_numbers)
        r->info.bits = 8; /* of a colour */
}

static void reader_close(void *self)
{
    struct dicom_reader *r = self;
    dicom_file_close(&r->file);
    free(r);
}

static enum tfu_status reader_open(void **self, const void *config,
                                   const struct tfu_reader_source *source, struct tfu_host *h)
{
    *self = NULL;
    if (!reader_probe(source->bytes, source->size))
        return h->fail(h, TFU_ECORRUPT, "it does not begin as a DICOM file does");
    struct dicom_reader *r = calloc(1, sizeof *r);
    if (!r)
        return h->fail(h, TFU_ENOMEM, "out of memory for the reader dicom");
    r->source = source;
    r->config = config;
    r->first = r->config ? r->config->frame : 0;
    enum tfu_status st = dicom_file_open(&r->file, source, h);
    if (st == TFU_OK)
        st = check_options(r, h);
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
    return &((const struct dicom_reader *)self)->info;
}

/* ---- colours */

/* A table of a palette, of words in the machine's order. */
static uint16_t *read_lut(const struct dicom_reader *r, uint32_t number, struct dicom_frame *d,
                          struct tfu_host *h)
{
    struct dicom_element descriptor, data;
    const struct dicom_set *s = &r->file.set;
    if (!dicom_set_find(s, DICOM_TAG(0x28, 0x1101 + number), &descriptor) ||
        descriptor.value.size < 6 || !dicom_set_find(s, DICOM_TAG(0x28, 0x1201 + number), &data)) {
        h->fail(h, TFU_ECORRUPT, "its palette is not whole");
        return NULL;
    }
    const size_t count = data.value.size / 2;
    for (size_t i = 0; i < 3; i++)
        d->lut_descriptor[number][i] = (uint16_t)dicom_element_short(&descriptor, i);
    const size_t claims = d->lut_descriptor[number][0] ? d->lut_descriptor[number][0] : 65536;
    const size_t bits = d->lut_descriptor[number][2];
    /* entries of 8 bits may lie two in a word */
    if ((bits != 8 && bits != 16) || 2 * count < claims * (bits == 16 ? 2 : 1)) {
        h->fail(h, TFU_ECORRUPT, "its palette has %zu bytes for %zu entries of %zu bits", 2 * count,
                claims, bits);
        return NULL;
    }
    uint16_t *words = malloc(data.value.size);
    if (!words)
        h->fail(h, TFU_ENOMEM, "out of memory for a palette");
    for (size_t i = 0; words && i < count; i++)
        words[i] = (uint16_t)dicom_element_short(&data, i);
    d->lut[number] = words;
    d->lut_size[number] = count;
    return words;
}

static enum tfu_status read_colours(struct dicom_reader *r, const unsigned char *stored,
                                    const char *photometric, void *pixels, struct tfu_host *h)
{
    const struct dicom_pixels *p = &r->file.pixels;
    char said[DICOM_SAID] = "";
    uint16_t *lut[DICOM_LUTS] = {NULL};
    struct dicom_frame d = {.rows = (uint16_t)p->rows,
                            .columns = (uint16_t)p->columns,
                            .samples = (uint16_t)p->samples,
                            .allocated = (uint16_t)p->allocated,
                            .stored = (uint16_t)p->stored,
                            .high = (uint16_t)p->high,
                            .is_signed = (uint16_t)p->is_signed,
                            .photometric = photometric,
                            .bytes = stored,
                            .size = dicom_file_frame_size(p)};
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && p->colours == DICOM_PALETTE && i < DICOM_LUTS; i++) {
        lut[i] = read_lut(r, i, &d, h);
        st = lut[i] ? TFU_OK : TFU_ECORRUPT;
    }
    if (st == TFU_OK &&
        !dicom_dcmtk_colours(&d, 8, pixels, (size_t)(p->rows * p->columns * 3), said))
        st = h->fail(h, TFU_ECORRUPT, "DCMTK says '%s'", said);
    for (int i = 0; i < DICOM_LUTS; i++)
        free(lut[i]);
    return st;
}

static enum tfu_status reader_read(void *self, int64_t frame, void *pixels, struct tfu_host *h)
{
    struct dicom_reader *r = self;
    const struct dicom_pixels *p = &r->file.pixels;
    char photometric[20] = "";
    if (frame < 0 || frame >= r->info.frames)
        return h->fail(h, TFU_EINVAL, "there is no frame %lld in it; there are %lld",
                       (long long)frame, (long long)r->info.frames);
    /* one more: a frame of an odd size is padded */
    unsigned char *stored = malloc(dicom_file_frame_size(p) + 1);
    if (!stored)
        return h->fail(h, TFU_ENOMEM, "out of memory for a frame of a DICOM file");
    enum tfu_status st = dicom_file_frame(&r->file, r->first + frame, stored, photometric, h);
    if (st == TFU_OK && (r->is_numbers || strcmp(photometric, "RGB") == 0))
        dicom_numbers(p, stored, r->info.dtype, pixels);
    else if (st == TFU_OK && is_gray(p))
        st = dicom_gray(&r->file, r->config, r->first + frame, stored, r->info.dtype, pixels, h);
    else if (st == TFU_OK)
        st = read_colours(r, stored, photometric, pixels, h);
    free(stored);
    return st;
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
    .name = "dicom",
    .version = "1.0",
    .summary = "DICOM: gray rescaled, windowed and the right way up, colours as RGB",
    TFU_OPTIONS(options, struct dicom_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
