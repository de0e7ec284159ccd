/* SPDX-License-Identifier: MIT
 *
 * A band of the image at a time: a row of tiles, or a strip. Its samples are unpacked side by side,
 * whatever planes and tiles they were in, and each row of them becomes one of pixels.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tiff.h"
#include "upright.h"

enum { RGB = 3, CMYK = 4 };

struct work {
    const struct tiff_layout *l;
    struct tiff_file *f;
    struct upright upright;
    size_t sample;       /* bytes */
    int64_t tile_bytes;  /* of a strip or tile, decoded */
    int64_t tile_row;    /* bytes of a row of it */
    unsigned char *tile; /* decoded */
    unsigned char *band; /* samples of its rows */
    unsigned char *row;  /* one of pixels */
    unsigned char *out;
};

/* ---- samples */

static uint32_t take_bits(const unsigned char *from, uint64_t at, uint32_t bits)
{
    uint32_t v = 0;
    for (uint32_t k = 0; k < bits; k++, at++)
        v = v << 1 | (from[at / 8] >> (7 - at % 8) & 1u);
    return v;
}

static uint32_t get(const unsigned char *row, size_t sample, int64_t i)
{
    uint16_t v;
    if (sample == 1)
        return row[i];
    memcpy(&v, row + (size_t)i * sizeof v, sizeof v);
    return v;
}

static void put(unsigned char *row, size_t sample, int64_t i, uint32_t v)
{
    const uint16_t wide = (uint16_t)v;
    if (sample == 1)
        row[i] = (unsigned char)v;
    else
        memcpy(row + (size_t)i * sizeof wide, &wide, sizeof wide);
}

/* `n` samples of a decoded row to every `step`-th place. */
static void unpack(const struct work *w, const unsigned char *from, int64_t n, unsigned char *to,
                   int64_t step)
{
    const uint32_t bits = w->l->bits;
    if (step == 1 && bits == 8 * w->sample) {
        memcpy(to, from, (size_t)n * w->sample);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        if (bits == 8 * w->sample)
            memcpy(to + (size_t)(i * step) * w->sample, from + (size_t)i * w->sample, w->sample);
        else
            put(to, w->sample, i * step, take_bits(from, (uint64_t)i * bits, bits));
}

/* ---- pixels */

/* a * b / most, rounded */
static uint32_t multiply(uint32_t a, uint32_t b, uint32_t most)
{
    return (uint32_t)(((uint64_t)a * b + most / 2) / most);
}

static void put_cmyk(const struct work *w, int64_t x, const unsigned char *from, uint32_t most)
{
    const int64_t first = x * w->l->samples;
    const uint32_t light = most - get(from, w->sample, first + 3);
    for (int c = 0; c < RGB; c++) {
        const uint32_t ink = get(from, w->sample, first + c);
        put(w->row, w->sample, x * RGB + c, light - multiply(ink, light, most));
    }
}

static void put_palette(const struct work *w, int64_t x, const unsigned char *from)
{
    for (int c = 0; c < RGB; c++)
        w->row[x * RGB + c] = (unsigned char)(w->l->palette[c][from[x]] >> w->l->palette_shift);
}

/* Gray or RGB, with or without alpha. `most` is the largest number that a sample has, `full` that
 * of what comes out. */
static void put_plain(const struct work *w, int64_t x, const unsigned char *from, uint32_t most,
                      uint32_t full)
{
    const struct tiff_layout *l = w->l;
    const int64_t first = x * l->samples, last = l->channels - 1;
    const uint32_t alpha = get(from, w->sample, first + last);
    for (int64_t c = 0; c < l->channels; c++) {
        const int is_colour = c < last || l->alpha == TIFF_ALPHA_NONE;
        uint32_t v = get(from, w->sample, first + c);
        if (is_colour && l->alpha == TIFF_ALPHA_PREMULTIPLIED && alpha != most) {
            const uint64_t whole = alpha ? (uint64_t)v * most / alpha : 0;
            v = whole < most ? (uint32_t)whole : most;
        }
        if (is_colour && l->photometric == PHOTOMETRIC_MINISWHITE)
            v = most - v;
        put(w->row, w->sample, x * l->channels + c,
            most == full ? v : (uint32_t)(((uint64_t)v * full + most / 2) / most));
    }
}

static void put_floats(const struct work *w, int64_t x, const unsigned char *from)
{
    memcpy(w->row + (size_t)(x * w->l->channels) * w->sample,
           from + (size_t)(x * w->l->samples) * w->sample, (size_t)w->l->channels * w->sample);
}

/* Are samples pixels as they are? */
static int is_direct(const struct tiff_layout *l)
{
    return l->is_numbers ||
           (l->channels == l->samples && l->photometric != PHOTOMETRIC_MINISWHITE &&
            l->photometric != PHOTOMETRIC_PALETTE && l->alpha != TIFF_ALPHA_PREMULTIPLIED &&
            (l->bits == 8 || l->bits == 16 || l->is_float));
}

static const unsigned char *make_row(const struct work *w, const unsigned char *from)
{
    const struct tiff_layout *l = w->l;
    const uint32_t most = l->is_float ? 0 : (1u << l->bits) - 1;
    const uint32_t full = l->dtype == TFU_U16 ? 65535 : 255;
    if (is_direct(l))
        return from;
    for (int64_t x = 0; x < l->width; x++)
        if (l->is_float)
            put_floats(w, x, from);
        else if (l->photometric == PHOTOMETRIC_PALETTE)
            put_palette(w, x, from);
        else if (l->photometric == PHOTOMETRIC_SEPARATED)
            put_cmyk(w, x, from, most);
        else
            put_plain(w, x, from, most, full);
    return w->row;
}

/* ---- bands */

/* The strip or tile that begins at row `y`, column `x` of plane `p`, `rows` of its rows wanted. */
static int read_tile(struct work *w, int64_t p, int64_t y, int64_t x, int64_t rows)
{
    const struct tiff_layout *l = w->l;
    TIFF *t = w->f->tiff;
    const int64_t wanted = l->is_tiled ? w->tile_bytes : w->tile_row * rows;
    const int64_t columns = l->width - x < l->tile_width ? l->width - x : l->tile_width;
    const int64_t step = l->planes > 1 ? l->samples : 1;
    const int64_t samples = l->planes > 1 ? columns : columns * l->samples;
    const tmsize_t got =
        l->is_tiled
            ? TIFFReadEncodedTile(t, TIFFComputeTile(t, (uint32_t)x, (uint32_t)y, 0, (uint16_t)p),
                                  w->tile, wanted)
            : TIFFReadEncodedStrip(t, TIFFComputeStrip(t, (uint32_t)y, (uint16_t)p), w->tile,
                                   wanted);
    if (got != wanted || w->f->said[0])
        return 0;
    for (int64_t i = 0; i < rows; i++)
        unpack(w, w->tile + i * w->tile_row, samples,
               w->band +
                   (size_t)((i * l->width + x) * l->samples + (l->planes > 1 ? p : 0)) * w->sample,
               step);
    return 1;
}

static int read_bands(struct work *w)
{
    const struct tiff_layout *l = w->l;
    for (int64_t y = 0; y < l->height; y += l->tile_height) {
        const int64_t rows = l->height - y < l->tile_height ? l->height - y : l->tile_height;
        for (int64_t p = 0; p < l->planes; p++)
            for (int64_t x = 0; x < l->width; x += l->tile_width)
                if (!read_tile(w, p, y, x, rows))
                    return 0;
        for (int64_t i = 0; i < rows; i++)
            upright_put(&w->upright, y + i,
                        make_row(w, w->band + (size_t)(i * l->width * l->samples) * w->sample),
                        w->out);
    }
    return 1;
}

static enum tfu_status no_memory(struct tfu_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for a part of a TIFF file");
}

static enum tfu_status read_samples(struct work *w, struct tfu_host *h)
{
    const struct tiff_layout *l = w->l;
    TIFF *t = w->f->tiff;
    const int64_t rows = l->tile_height < l->height ? l->tile_height : l->height;
    const size_t row = (size_t)(l->width * (l->samples > RGB ? l->samples : RGB)) * w->sample;
    w->tile_row = (int64_t)(l->is_tiled ? TIFFTileRowSize64(t) : TIFFScanlineSize64(t));
    w->tile_bytes = l->is_tiled ? (int64_t)TIFFTileSize64(t) : w->tile_row * rows;
    /* of whole samples: the library and we have to mean the same */
    const int64_t across = l->tile_width * (l->planes > 1 ? 1 : l->samples);
    if (w->tile_row != (across * l->bits + 7) / 8 ||
        (l->is_tiled && w->tile_bytes != w->tile_row * l->tile_height))
        return h->fail(h, TFU_EUNSUPPORTED, "its rows are of %lld bytes where %lld are expected",
                       (long long)w->tile_row, (long long)((across * l->bits + 7) / 8));
    w->tile = calloc(1, (size_t)w->tile_bytes);
    w->band = calloc((size_t)rows, (size_t)(l->width * l->samples) * w->sample);
    w->row = malloc(row);
    if (!w->tile || !w->band || !w->row)
        return no_memory(h);
    return read_bands(w) ? TFU_OK : tiff_file_fail(w->f, h);
}

/* The library's own conversion of colours, which it does for rows in their order. */
static enum tfu_status read_colours(struct work *w, struct tfu_host *h)
{
    const struct tiff_layout *l = w->l;
    TIFFRGBAImage image;
    char said[1024] = "";
    w->row = malloc((size_t)l->width * RGB);
    w->band = calloc((size_t)(l->height * l->width), sizeof(uint32_t));
    if (!w->row || !w->band)
        return no_memory(h);
    if (!TIFFRGBAImageBegin(&image, w->f->tiff, 1, said))
        return h->fail(h, TFU_EUNSUPPORTED, "libtiff says '%s'", said);
    image.req_orientation = image.orientation; /* turned they are by us */
    uint32_t *raster = (uint32_t *)(void *)w->band;
    const int done =
        TIFFRGBAImageGet(&image, raster, (uint32_t)l->width, (uint32_t)l->height) && !w->f->said[0];
    TIFFRGBAImageEnd(&image);
    if (!done)
        return tiff_file_fail(w->f, h);
    for (int64_t y = 0; y < l->height; y++) {
        for (int64_t x = 0; x < l->width; x++) {
            const uint32_t v = raster[y * l->width + x];
            w->row[x * RGB] = (unsigned char)TIFFGetR(v);
            w->row[x * RGB + 1] = (unsigned char)TIFFGetG(v);
            w->row[x * RGB + 2] = (unsigned char)TIFFGetB(v);
        }
        upright_put(&w->upright, y, w->row, w->out);
    }
    return TFU_OK;
}

/* ---- all */

static enum tfu_status check_floats(const struct tfu_reader_info *i, const float *x,
                                    struct tfu_host *h)
{
    const int64_t n = i->height * i->width * i->channels;
    for (int64_t k = 0; i->dtype == TFU_F32 && k < n; k++)
        if (!isfinite(x[k]))
            return h->fail(h, TFU_ECORRUPT,
                           "its pixel at row %lld, column %lld is %g; no network can compute with "
                           "that",
                           (long long)(k / i->channels / i->width),
                           (long long)(k / i->channels % i->width), (double)x[k]);
    return TFU_OK;
}

enum tfu_status tiff_pixels_read(struct tiff_reader *r, void *pixels, struct tfu_host *h)
{
    const struct tfu_reader_info *i = &r->info;
    struct work w = {
        .l = &r->layout, .f = &r->file, .sample = tfu_dtype_size(r->layout.dtype), .out = pixels};
    w.upright =
        upright_of((int)r->layout.orientation, i->height, i->width, (size_t)i->channels * w.sample);
    tiff_file_begin(&r->file);
    r->file.is_decoding = 1;
    enum tfu_status st = r->layout.is_decoded_rgb ? read_colours(&w, h) : read_samples(&w, h);
    r->file.is_decoding = 0;
    free(w.tile);
    free(w.band);
    free(w.row);
    return st == TFU_OK ? check_floats(i, pixels, h) : st;
}
