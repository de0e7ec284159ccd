/* SPDX-License-Identifier: MIT
 *
 * Does a reader know the beginning of its format, and nobody else's?
 */
#include <string.h>

#include "core/base/calling.h"
#include "core/conformance/hooks.h"
#include "core/conformance/reader_file.h"

static bool probe(const struct tfu_check *c, const void *bytes, size_t size)
{
    const struct tfu_reader_ops *ops = c->plugin->ops;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "reader", .plugin = c->plugin->name, .function = "probe"});
    tfu_hooks_paint();
    const bool yes = ops->probe(bytes, size < TFU_READER_PROBE ? size : TFU_READER_PROBE) != 0;
    tfu_calling_end(outer);
    return yes;
}

/* Of the first `n` bytes, behind which nothing may be read. */
static enum tfu_status probe_tight(const struct tfu_check *c, const unsigned char *bytes, size_t n,
                                   bool *yes, struct tfu_error *e)
{
    struct tfu_guarded g;
    const enum tfu_status st =
        tfu_guarded_new(&g, TFU_READER_PROBE, 1, TFU_GUARD_PAGE_BEHIND, "the bytes of probe()", e);
    if (st != TFU_OK)
        return st;
    unsigned char *at = g.data + TFU_READER_PROBE - n;
    if (n)
        memcpy(at, bytes, n);
    *yes = probe(c, at, n);
    tfu_guarded_free(&g);
    return TFU_OK;
}

enum tfu_status tfu_check_reader_knows(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_sample s;
    enum tfu_status st = tfu_check_sample(c, &s, e);
    if (!s.bytes || st != TFU_OK)
        return st;
    const size_t most = s.size < TFU_READER_PROBE ? s.size : TFU_READER_PROBE;
    bool yes = false;
    for (size_t n = 0; st == TFU_OK && n <= most; n++)
        st = probe_tight(c, s.bytes, n, &yes, e);
    if (st == TFU_OK && !yes)
        st = tfu_error_set(e, TFU_EINVAL, "probe() does not know '%s' by its first %zu bytes",
                           c->file, most);
    return st;
}

/* What files begin with. Lines of one format, or of a family that one reader does, have one number.
 */
static const struct {
    int format;
    const char *name;
    size_t size;
    const char *bytes;
} formats[] = {
#define BEGINS(format, name, bytes)                                                                \
    {                                                                                              \
        format, name, sizeof(bytes) - 1, bytes                                                     \
    }
    BEGINS(1, "PNG", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    BEGINS(2, "JPEG", "\xff\xd8\xff\xe0\0\x10JFIF\0"),
    BEGINS(3, "JPEG-LS", "\xff\xd8\xff\xf7\0\x0b\x08"),
    BEGINS(4, "JPEG 2000", "\0\0\0\x0cjP  \r\n\x87\n"),
    BEGINS(5, "GIF", "GIF87a\1\0\1\0"),
    BEGINS(5, "GIF", "GIF89a\1\0\1\0"),
    BEGINS(6, "TIFF", "II*\0\x08\0\0\0"),
    BEGINS(6, "TIFF", "MM\0*\0\0\0\x08"),
    BEGINS(6, "BigTIFF", "II+\0\x08\0\0\0"),
    BEGINS(8, "BMP", "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    BEGINS(9, "WebP", "RIFF\x24\0\0\0WEBPVP8 "),
    BEGINS(10, "WAV", "RIFF\x24\0\0\0WAVEfmt "),
    BEGINS(11, "PBM", "P4\n2 2\n"),
    BEGINS(11, "PGM", "P5\n2 2\n255\n"),
    BEGINS(11, "PPM", "P6\n2 2\n255\n"),
    BEGINS(14, "PFM", "Pf\n2 2\n-1.0\n"),
    BEGINS(15, "Radiance", "#?RADIANCE\n"),
    BEGINS(16, "OpenEXR", "v/1\1\2\0\0\0"),
    BEGINS(17, "PDF", "%PDF-1.4\n"),
    BEGINS(18, "ZIP", "PK\3\4\x14\0\0\0"),
    BEGINS(19, "gzip", "\x1f\x8b\x08\0\0\0\0\0"),
    BEGINS(20, "NumPy", "\x93NUMPY\1\0v\0{'descr'"),
    BEGINS(21, "HDF5", "\x89HDF\r\n\x1a\n"),
    BEGINS(22, "IDX", "\0\0\x08\3\0\0\0\1"),
    BEGINS(23, "ELF",
           "\x7f"
           "ELF\2\1\1"),
    BEGINS(24, "XML", "<?xml version=\"1.0\"?><svg>"),
    BEGINS(25, "CSV", "file,label\nimage.png,0\n"),
    BEGINS(26, "text", "P is a letter\n"),
    BEGINS(27, "zeros", "\0\0\0\0\0\0\0\0"),
#undef BEGINS
};

/* Every format but one: its own. */
enum tfu_status tfu_check_reader_knows_no_other(struct tfu_check *c, struct tfu_error *e)
{
    size_t own = TFU_COUNT(formats);
    for (size_t i = 0; i < TFU_COUNT(formats); i++) {
        unsigned char bytes[TFU_READER_PROBE] = {0};
        memcpy(bytes, formats[i].bytes, formats[i].size);
        if (!probe(c, bytes, sizeof bytes) && !probe(c, bytes, formats[i].size))
            continue;
        if (own < TFU_COUNT(formats) && formats[own].format != formats[i].format)
            return tfu_error_set(e, TFU_EINVAL,
                                 "probe() says yes to what begins as %s does, and to %s",
                                 formats[own].name, formats[i].name);
        own = i;
    }
    if (own < TFU_COUNT(formats))
        tfu_check_note(c, "%s", formats[own].name);
    return TFU_OK;
}

enum tfu_status tfu_check_reader_knows_no_noise(struct tfu_check *c, struct tfu_error *e)
{
    enum { TIMES = 1 << 16, MAY = 4 }; /* two bytes are known by chance once in so many */
    unsigned char bytes[TFU_READER_PROBE] = {0};
    int yes = 0;
    if (probe(c, bytes, 0))
        return tfu_error_set(e, TFU_EINVAL, "probe() says yes to nothing at all");
    tfu_check_draw(0, bytes, sizeof bytes);
    for (uint64_t i = 0; i < TIMES; i++) {
        tfu_check_draw(i, bytes, 64); /* the rest stays */
        yes += probe(c, bytes, sizeof bytes);
    }
    return yes <= MAY ? TFU_OK
                      : tfu_error_set(e, TFU_EINVAL,
                                      "probe() says yes to %d of %d files of random bytes; look at "
                                      "more of them",
                                      yes, TIMES);
}
