/* SPDX-License-Identifier: MIT */
#include "idx_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* deflate cannot shrink more than this (zlib's technical notes), so a file bounds what it holds */
enum { MAX_RATIO = 1032, PIECE = 1 << 20 };

static size_t type_size(unsigned type)
{
    switch (type) {
    case IDX_U8:
    case IDX_I8:
        return 1;
    case IDX_I16:
        return 2;
    case IDX_I32:
    case IDX_F32:
        return 4;
    case IDX_F64:
        return 8;
    default:
        return 0;
    }
}

/* zlib's messages begin with the path of the file. */
static const char *without_path(const char *text, const char *path)
{
    const size_t n = strlen(path);
    return strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0 ? text + n + 2 : text;
}

/* Why the last read of `in` gave less than was asked for: damage, or simply the end. */
static enum tfu_status read_failed(gzFile in, const char *path, struct tfu_dataset_host *h)
{
    int code = Z_OK;
    const char *text = gzerror(in, &code);
    if (code == Z_MEM_ERROR)
        return h->fail(h, TFU_ENOMEM, "out of memory while reading '%s'", path);
    if (code == Z_ERRNO)
        return h->fail(h, TFU_EIO, "cannot read '%s': %s", path, strerror(errno));
    if (code == Z_BUF_ERROR)
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' is cut off: its gzip stream has no end; copy or download it again",
                       path);
    if (code != Z_OK && code != Z_STREAM_END)
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' is damaged: gzip says \"%s\"; copy or download it again", path,
                       without_path(text, path));
    return TFU_OK;
}

/* Reads up to n bytes; `got` is less only at the end of the file. */
static enum tfu_status read_bytes(gzFile in, void *to, size_t n, size_t *got, const char *path,
                                  struct tfu_dataset_host *h)
{
    *got = 0;
    while (*got < n) {
        const size_t left = n - *got;
        const int r = gzread(in, (unsigned char *)to + *got, left < PIECE ? (unsigned)left : PIECE);
        if (r > 0)
            *got += (size_t)r;
        if (r <= 0)
            return read_failed(in, path, h);
    }
    return TFU_OK;
}

static enum tfu_status header_cut_off(const char *path, struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ECORRUPT, "'%s' is cut off inside its header; copy or download it again",
                   path);
}

static enum tfu_status read_header(struct idx_file *f, gzFile in, const char *path,
                                   struct tfu_dataset_host *h)
{
    unsigned char magic[4], dims[4 * IDX_MAX_RANK];
    size_t got;
    enum tfu_status st = read_bytes(in, magic, sizeof magic, &got, path, h);
    if (st != TFU_OK)
        return st;
    if (got == 0)
        return h->fail(h, TFU_ECORRUPT, "'%s' is empty; copy or download it again", path);
    if (got == 1 && magic[0] != 0)
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' is no IDX file: it begins with the byte %02x, not with 00 00", path,
                       magic[0]);
    if (got > 1 && (magic[0] != 0 || magic[1] != 0))
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' is no IDX file: it begins with the bytes %02x %02x, not with 00 00",
                       path, magic[0], magic[1]);
    if (got < sizeof magic)
        return header_cut_off(path, h);
    if (type_size(magic[2]) == 0)
        return h->fail(
            h, TFU_ECORRUPT,
            "'%s' is no IDX file: its type byte is 0x%02x; known are 08 (unsigned 8-bit), "
            "09, 0b, 0c (integers), 0d and 0e (floats)",
            path, magic[2]);
    f->type = (enum idx_type)magic[2];
    f->rank = magic[3];
    if (f->rank < 1 || f->rank > IDX_MAX_RANK)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "'%s' has rank %u; images have 3 or 4 dims, labels 1 or 2", path, f->rank);
    st = read_bytes(in, dims, 4 * (size_t)f->rank, &got, path, h);
    if (st != TFU_OK)
        return st;
    if (got < 4 * (size_t)f->rank)
        return header_cut_off(path, h);
    for (uint32_t i = 0; i < IDX_MAX_RANK; i++) {
        const unsigned char *b = &dims[4 * i];
        f->dim[i] = i >= f->rank ? 1
                                 : (int64_t)b[0] << 24 | (int64_t)b[1] << 16 | (int64_t)b[2] << 8 |
                                       (int64_t)b[3];
    }
    return TFU_OK;
}

/* "60000 x 28 x 28" */
static void dims_text(const struct idx_file *f, char *out, size_t room)
{
    size_t n = 0;
    for (uint32_t i = 0; i < f->rank; i++)
        n += (size_t)snprintf(out + n, room - n, "%s%lld", i ? " x " : "", (long long)f->dim[i]);
}

/* Bytes that the header promises, or a refusal when no file of this length could hold them. */
static enum tfu_status promised_size(struct idx_file *f, int64_t file_size, int compressed,
                                     const char *path, struct tfu_dataset_host *h)
{
    const uint64_t limit = (uint64_t)file_size * (compressed ? MAX_RATIO : 1);
    uint64_t size = type_size(f->type);
    for (uint32_t i = 0; i < f->rank; i++) {
        if (f->dim[i] == 0)
            return h->fail(h, TFU_ECORRUPT, "'%s' holds nothing: its dim %u is 0", path, i);
    }
    for (uint32_t i = 0; i < f->rank; i++) {
        if (size > limit / (uint64_t)f->dim[i]) {
            char dims[64];
            dims_text(f, dims, sizeof dims);
            return h->fail(h, TFU_ECORRUPT,
                           "'%s' claims %s numbers of %zu bytes, more than a file of %lld bytes "
                           "can hold",
                           path, dims, type_size(f->type), (long long)file_size);
        }
        size *= (uint64_t)f->dim[i];
    }
    f->size = (size_t)size;
    return TFU_OK;
}

static enum tfu_status read_data(struct idx_file *f, gzFile in, const char *path,
                                 struct tfu_dataset_host *h)
{
    f->data = malloc(f->size);
    if (!f->data)
        return h->fail(h, TFU_ENOMEM, "out of memory for '%s': %zu bytes asked for", path, f->size);
    size_t got, more;
    enum tfu_status st = read_bytes(in, f->data, f->size, &got, path, h);
    if (st != TFU_OK)
        return st;
    if (got < f->size) {
        const size_t row = f->size / (size_t)f->dim[0];
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' is cut off: it holds %zu of %lld examples (%zu of %zu bytes); copy or "
                       "download it again",
                       path, got / row, (long long)f->dim[0], got, f->size);
    }
    unsigned char extra;
    st = read_bytes(in, &extra, 1, &more, path, h);
    if (st == TFU_OK && more)
        return h->fail(h, TFU_ECORRUPT, "'%s' goes on after the %zu bytes that its header promises",
                       path, f->size);
    return st;
}

enum tfu_status idx_file_read(struct idx_file *f, const char *path, struct tfu_dataset_host *h)
{
    *f = (struct idx_file){.data = NULL};
    struct stat s;
    if (stat(path, &s) != 0)
        return h->fail(h, TFU_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        return h->fail(h, TFU_EIO, "'%s' is %s, not an IDX file", path,
                       S_ISDIR(s.st_mode) ? "a folder" : "no regular file");
    errno = 0;
    gzFile in = gzopen(path, "rb");
    if (!in && (errno == 0 || errno == ENOMEM)) /* as zlib says it */
        return h->fail(h, TFU_ENOMEM, "out of memory while opening '%s'", path);
    if (!in)
        return h->fail(h, TFU_EIO, "cannot open '%s': %s", path, strerror(errno));
    gzbuffer(in, 1 << 17);
    enum tfu_status st = read_header(f, in, path, h);
    if (st == TFU_OK)
        st = promised_size(f, (int64_t)s.st_size, !gzdirect(in), path, h);
    if (st == TFU_OK)
        st = read_data(f, in, path, h);
    gzclose_r(in);
    if (st != TFU_OK)
        idx_file_free(f);
    return st;
}

void idx_file_free(struct idx_file *f)
{
    free(f->data);
    f->data = NULL;
}

static uint64_t big_endian(const unsigned char *b, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | b[i];
    return v;
}

double idx_file_number(const struct idx_file *f, size_t i)
{
    const unsigned char *b = f->data + i * type_size(f->type);
    switch (f->type) {
    case IDX_U8:
        return b[0];
    case IDX_I8:
        return (int8_t)b[0];
    case IDX_I16:
        return (int16_t)big_endian(b, 2);
    case IDX_I32:
        return (int32_t)big_endian(b, 4);
    case IDX_F32: {
        const uint32_t bits = (uint32_t)big_endian(b, 4);
        float v;
        memcpy(&v, &bits, sizeof v);
        return (double)v;
    }
    case IDX_F64: {
        const uint64_t bits = big_endian(b, 8);
        double v;
        memcpy(&v, &bits, sizeof v);
        return v;
    }
    }
    return 0;
}
