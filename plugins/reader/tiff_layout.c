/* SPDX-License-Identifier: MIT
 *
 * What the tags of an image say, and whether it may be true.
 */
#include "tiff.h"
#include "upright.h"

enum {
    GRAY = 1,
    RGB = 3,
    CMYK = 4,
    /* a strip or tile that is in the file once may be in the image again and again */
    MOST_OVERLAP = 64
};

/* ---- what the tags say */

static uint16_t get_short(const struct tiff_file *f, uint32_t tag, uint16_t otherwise)
{
    uint16_t v = otherwise;
    return TIFFGetFieldDefaulted(f->tiff, tag, &v) ? v : otherwise;
}

static uint32_t get_long(const struct tiff_file *f, uint32_t tag)
{
    uint32_t v = 0;
    return TIFFGetFieldDefaulted(f->tiff, tag, &v) ? v : 0;
}

/* The kind of colours as the file has it: of a palette without colours libtiff makes gray. */
static uint32_t stored_photometric(const struct tiff_file *f)
{
    const unsigned char *b = f->source->bytes;
    struct upright_tiff t = {.bytes = b, .size = f->source->size, .is_little = b[0] == 'I'};
    const int is_big = upright_number(&t, 2, 2) == 43;
    const size_t at = (size_t)TIFFCurrentDirOffset(f->tiff), entry = is_big ? 20 : 12;
    const uint32_t count = upright_number(&t, is_big && !t.is_little ? at + 6 : at, 2);
    for (uint32_t i = 0; i < count; i++) {
        const size_t here = at + (is_big ? 8 : 2) + i * entry;
        if (upright_number(&t, here, 2) == TIFFTAG_PHOTOMETRIC)
            return upright_number(&t, here + (is_big ? 12 : 8), 2);
    }
    return UINT32_MAX;
}

static int is_gray(const struct tiff_layout *l)
{
    return l->photometric == PHOTOMETRIC_MINISBLACK || l->photometric == PHOTOMETRIC_MINISWHITE;
}

static void take_tags(struct tiff_layout *l, const struct tiff_file *f)
{
    const uint16_t format = get_short(f, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    *l = (struct tiff_layout){
        .height = get_long(f, TIFFTAG_IMAGELENGTH),
        .width = get_long(f, TIFFTAG_IMAGEWIDTH),
        .samples = get_short(f, TIFFTAG_SAMPLESPERPIXEL, 1),
        .bits = get_short(f, TIFFTAG_BITSPERSAMPLE, 1),
        .compression = get_short(f, TIFFTAG_COMPRESSION, COMPRESSION_NONE),
        .orientation = get_short(f, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT),
        .is_float = format == SAMPLEFORMAT_IEEEFP,
        .is_tiled = TIFFIsTiled(f->tiff),
    };
    if (l->orientation < 1 || l->orientation > 8)
        l->orientation = ORIENTATION_TOPLEFT;
    l->planes = get_short(f, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE
                    ? l->samples
                    : 1;
    l->tile_height =
        l->is_tiled ? get_long(f, TIFFTAG_TILELENGTH) : get_long(f, TIFFTAG_ROWSPERSTRIP);
    l->tile_width = l->is_tiled ? get_long(f, TIFFTAG_TILEWIDTH) : l->width;
    if (!l->is_tiled && (l->tile_height < 1 || l->tile_height > l->height))
        l->tile_height = l->height;
}

/* Of the samples behind the colours. */
static void find_alpha(struct tiff_layout *l, const struct tiff_file *f)
{
    uint16_t count = 0;
    const uint16_t *kind = NULL;
    const int64_t colours = l->photometric == PHOTOMETRIC_RGB ? RGB : GRAY;
    l->used = l->photometric == PHOTOMETRIC_SEPARATED ? CMYK : colours;
    if ((!is_gray(l) && l->photometric != PHOTOMETRIC_RGB) || l->samples <= colours ||
        !TIFFGetField(f->tiff, TIFFTAG_EXTRASAMPLES, &count, &kind) || count < 1)
        return;
    l->alpha = kind[0] == EXTRASAMPLE_ASSOCALPHA   ? TIFF_ALPHA_PREMULTIPLIED
               : kind[0] == EXTRASAMPLE_UNASSALPHA ? TIFF_ALPHA_PLAIN
                                                   : TIFF_ALPHA_NONE;
    l->used += l->alpha != TIFF_ALPHA_NONE;
}

static enum tfu_status find_palette(struct tiff_layout *l, const struct tiff_file *f,
                                    struct tfu_host *h)
{
    uint16_t *map[3] = {NULL};
    if (!TIFFGetField(f->tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) || !map[2])
        return h->fail(h, TFU_ECORRUPT, "it has no colours for its palette");
    for (int c = 0; c < RGB; c++)
        l->palette[c] = map[c];
    for (uint32_t i = 0; i < 1u << l->bits; i++)
        if (map[0][i] > 255 || map[1][i] > 255 || map[2][i] > 255)
            l->palette_shift = 8;
    return TFU_OK;
}

/* ---- kinds */

static enum tfu_status refuse_kind(const struct tiff_layout *l, struct tfu_host *h)
{
    return h->fail(h, TFU_EUNSUPPORTED,
                   "its colours are of kind %u, of %u bits and %lld samples; TIFF files are read "
                   "as gray, RGB, palette, CMYK or YCbCr: save it as one of these",
                   l->photometric, l->bits, (long long)l->samples);
}

static enum tfu_status check_numbers(const struct tiff_layout *l, const struct tiff_file *f,
                                     struct tfu_host *h)
{
    const uint16_t format = get_short(f, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID && format != SAMPLEFORMAT_IEEEFP)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its numbers are %s; save it with unsigned numbers of 16 bits, or floats of "
                       "32",
                       format == SAMPLEFORMAT_INT ? "signed" : "complex");
    if (l->is_float ? l->bits != 32 : l->bits < 1 || l->bits > 16)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its numbers are %s of %u bits; TIFF files are read with 1 to 16 bits, or "
                       "floats of 32",
                       l->is_float ? "floats" : "integers", l->bits);
    return TFU_OK;
}

static enum tfu_status find_kind(struct tiff_layout *l, const struct tiff_file *f,
                                 struct tfu_host *h)
{
    const int wants_numbers = (f->source->flags & TFU_READ_INDICES) != 0;
    if (!TIFFGetField(f->tiff, TIFFTAG_PHOTOMETRIC, &l->photometric))
        return h->fail(h, TFU_ECORRUPT,
                       "it does not say what its numbers mean "
                       "(PhotometricInterpretation)");
    if (stored_photometric(f) == PHOTOMETRIC_PALETTE)
        l->photometric = PHOTOMETRIC_PALETTE;
    const int is_palette = l->photometric == PHOTOMETRIC_PALETTE;
    enum tfu_status st = check_numbers(l, f, h);
    if (st != TFU_OK)
        return st;
    find_alpha(l, f);
    l->dtype = l->is_float ? TFU_F32 : l->bits > 8 ? TFU_U16 : TFU_U8;
    l->is_numbers = wants_numbers && (is_palette || (is_gray(l) && l->bits < 8));
    if (is_gray(l)) {
        l->channels = l->used;
        if (l->is_float && l->photometric == PHOTOMETRIC_MINISWHITE)
            return refuse_kind(l, h);
    } else if (l->photometric == PHOTOMETRIC_RGB && l->samples >= RGB) {
        l->channels = l->used;
    } else if (is_palette && l->samples == 1 && l->bits <= 8 && !l->is_float) {
        l->channels = l->is_numbers ? 1 : RGB;
        return find_palette(l, f, h);
    } else if (l->photometric == PHOTOMETRIC_SEPARATED && l->samples == CMYK && !l->is_float &&
               get_short(f, TIFFTAG_INKSET, INKSET_CMYK) == INKSET_CMYK) {
        l->channels = RGB;
    } else if (l->photometric == PHOTOMETRIC_YCBCR && l->samples == RGB && l->bits == 8 &&
               !l->is_float && l->planes == 1) {
        l->channels = l->used = RGB;
        l->is_decoded_rgb = l->compression != COMPRESSION_JPEG;
    } else {
        return refuse_kind(l, h);
    }
    return l->samples <= l->used + 4 ? TFU_OK : refuse_kind(l, h);
}

/* ---- what it claims */

/* Bytes that one of the file becomes at most; 0: there is no bound. */
static double most_ratio(uint16_t compression)
{
    switch (compression) {
    case COMPRESSION_NONE:
        return 1;
    case COMPRESSION_PACKBITS:
        return 64;
    case COMPRESSION_LZW:
        return 4096;
    case COMPRESSION_DEFLATE:
    case COMPRESSION_ADOBE_DEFLATE:
        return 1032;
    case COMPRESSION_JPEG:
        return 1024;
    default:
        return 1 << 16;
    }
}

static enum tfu_status check_compression(const struct tiff_layout *l, struct tfu_host *h)
{
    const TIFFCodec *codec = TIFFFindCODEC(l->compression);
    if (l->compression != COMPRESSION_OJPEG && TIFFIsCODECConfigured(l->compression))
        return TFU_OK;
    return h->fail(h, TFU_EUNSUPPORTED,
                   "it is compressed in a way that is not read: %s (%u); save it with LZW, "
                   "deflate, or without compression",
                   codec ? codec->name : "unknown", l->compression);
}

/* Bytes of all strips or tiles before they were compressed. */
static double raw_size(const struct tiff_layout *l, const struct tiff_file *f)
{
    if (l->is_tiled)
        return (double)TIFFTileSize64(f->tiff) * TIFFNumberOfTiles(f->tiff);
    const int64_t whole = l->height / l->tile_height, rest = l->height % l->tile_height;
    return (double)l->planes *
           ((double)whole * (double)TIFFVStripSize64(f->tiff, (uint32_t)l->tile_height) +
            (rest ? (double)TIFFVStripSize64(f->tiff, (uint32_t)rest) : 0));
}

static enum tfu_status check_chunks(const struct tiff_layout *l, const struct tiff_file *f,
                                    struct tfu_host *h)
{
    const uint64_t size = f->source->size;
    const uint32_t count = l->is_tiled ? TIFFNumberOfTiles(f->tiff) : TIFFNumberOfStrips(f->tiff);
    const char *name = l->is_tiled ? "tile" : "strip";
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t at = TIFFGetStrileOffset(f->tiff, i);
        const uint64_t bytes = TIFFGetStrileByteCount(f->tiff, i);
        if (at == 0 || bytes == 0)
            return h->fail(h, TFU_ECORRUPT, "%s %u of %u is missing", name, i, count);
        if (at > size || bytes > size - at)
            return h->fail(h, TFU_ECORRUPT,
                           "it ends early: %s %u of %u is to end behind the file's %llu bytes; "
                           "copy or download it again",
                           name, i, count, (unsigned long long)size);
        sum += (double)bytes;
    }
    if (sum > (double)MOST_OVERLAP * (double)size)
        return h->fail(h, TFU_ECORRUPT,
                       "its %u %ss lie over each other: %.0f bytes in a file of "
                       "%llu",
                       count, name, sum, (unsigned long long)size);
    const double raw = raw_size(l, f);
    if (count == 0 || raw > sum * most_ratio(l->compression))
        return h->fail(h, TFU_ECORRUPT,
                       "it claims %.0f bytes of pixels, more than %.0f bytes in the file can hold; "
                       "copy or download it again",
                       raw, sum);
    return TFU_OK;
}

static enum tfu_status check_size(const struct tiff_layout *l, const struct tiff_file *f,
                                  struct tfu_host *h)
{
    const struct tfu_reader_source *s = f->source;
    if (l->height < 1 || l->width < 1 || l->tile_height < 1 || l->tile_width < 1)
        return h->fail(h, TFU_ECORRUPT, "it has %lld x %lld pixels", (long long)l->height,
                       (long long)l->width);
    if (tfu_reader_fits(s, l->height, l->width,
                        l->samples > l->channels ? l->samples : l->channels))
        return TFU_OK;
    return h->fail(h, TFU_EUNSUPPORTED,
                   "it has %lld x %lld pixels of %lld channels, more than the %lld numbers that an "
                   "image may have",
                   (long long)l->height, (long long)l->width, (long long)l->samples,
                   (long long)s->limit);
}

enum tfu_status tiff_layout_find(struct tiff_layout *l, const struct tiff_file *f,
                                 struct tfu_host *h)
{
    take_tags(l, f);
    enum tfu_status st = check_compression(l, h);
    if (st == TFU_OK)
        st = find_kind(l, f, h);
    if (st == TFU_OK)
        st = check_size(l, f, h);
    /* the JPEG library turns colours itself, and their sizes are other ones then */
    if (st == TFU_OK && l->compression == COMPRESSION_JPEG && l->photometric == PHOTOMETRIC_YCBCR)
        TIFFSetField(f->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (st == TFU_OK)
        st = check_chunks(l, f, h);
    return st;
}
