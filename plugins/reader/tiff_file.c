/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tiff.h"

/* What libtiff may take at once while it looks at a file: directories and tables that are in it.
 * Pixels go into memory of ours. */
enum { MOST_PER_BYTE = 4, MOST_BESIDE = 1 << 20 };

/* ---- what libtiff calls */

static tmsize_t give_bytes(thandle_t handle, void *to, tmsize_t size)
{
    struct tiff_file *f = handle;
    const struct tfu_reader_source *s = f->source;
    if (size <= 0 || f->at >= s->size)
        return 0;
    const uint64_t left = s->size - f->at;
    const uint64_t n = (uint64_t)size < left ? (uint64_t)size : left;
    memcpy(to, (const unsigned char *)s->bytes + f->at, n);
    f->at += n;
    return (tmsize_t)n;
}

static tmsize_t take_nothing(thandle_t handle, void *from, tmsize_t size)
{
    (void)handle, (void)from, (void)size;
    return 0;
}

static toff_t seek(thandle_t handle, toff_t to, int whence)
{
    struct tiff_file *f = handle;
    f->at = whence == SEEK_CUR ? f->at + to : whence == SEEK_END ? f->source->size + to : to;
    return f->at;
}

static toff_t size_of(thandle_t handle)
{
    return ((const struct tiff_file *)handle)->source->size;
}

/* Where bytes need no change libtiff takes them from here, and only reads. */
static int map(thandle_t handle, void **base, toff_t *size)
{
    const struct tfu_reader_source *s = ((const struct tiff_file *)handle)->source;
    memcpy(base, &s->bytes, sizeof *base);
    *size = s->size;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size)
{
    (void)handle, (void)base, (void)size;
}

static int do_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list args)
{
    struct tiff_file *f = data;
    (void)tiff, (void)module;
    if (!f->said[0])
        vsnprintf(f->said, sizeof f->said, format, args);
    return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list args)
{
    const struct tiff_file *f = data;
    return f->is_decoding ? on_error(tiff, data, module, format, args) : 1;
}

/* ---- opening */

static TIFF *open_file(struct tiff_file *f)
{
    TIFFOpenOptions *o = TIFFOpenOptionsAlloc();
    if (!o)
        return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(o,
                                        (tmsize_t)(f->source->size * MOST_PER_BYTE + MOST_BESIDE));
    TIFFOpenOptionsSetErrorHandlerExtR(o, on_error, f);
    TIFFOpenOptionsSetWarningHandlerExtR(o, on_warning, f);
    TIFF *t = TIFFClientOpenExt("file", "r", f, give_bytes, take_nothing, seek, do_nothing, size_of,
                                map, unmap, o);
    TIFFOpenOptionsFree(o);
    return t;
}

void tiff_file_begin(struct tiff_file *f)
{
    f->said[0] = '\0';
    errno = 0;
}

/* libtiff says "out of memory" of a tag larger than its file, too: malloc() knows better. */
enum tfu_status tiff_file_fail(const struct tiff_file *f, struct tfu_host *h)
{
    return h->fail(h, errno == ENOMEM ? TFU_ENOMEM : TFU_ECORRUPT, "libtiff says '%s'",
                   f->said[0] ? f->said : "it cannot be read");
}

enum tfu_status tiff_file_open(struct tiff_file *f, const struct tfu_reader_source *source,
                               int64_t frame, struct tfu_host *h)
{
    *f = (struct tiff_file){.source = source};
    tiff_file_begin(f);
    f->tiff = open_file(f);
    if (!f->tiff)
        return tiff_file_fail(f, h);
    if (frame == 0 || TIFFSetDirectory(f->tiff, (tdir_t)frame))
        return TFU_OK;
    const unsigned count = (unsigned)TIFFNumberOfDirectories(f->tiff);
    if (frame < count)
        return tiff_file_fail(f, h);
    return h->fail(h, TFU_EUNSUPPORTED,
                   "there is no image %lld in it, as `frame` wants; the last is %u",
                   (long long)frame, count - 1);
}

void tiff_file_close(struct tiff_file *f)
{
    if (f->tiff)
        TIFFClose(f->tiff);
    f->tiff = NULL;
}
