/* SPDX-License-Identifier: MIT */
#include "csv_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "zip_bytes.h"

enum { PIECE = 1 << 20 };

static enum tfu_status no_memory(const char *path, struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the table '%s'", path);
}

static enum tfu_status too_large(const char *path, struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_EUNSUPPORTED, "the table '%s' has more than %zu bytes", path,
                   CSV_TEXT_MAX);
}

/* ---- plain files and gzip */

static enum tfu_status read_failed(gzFile in, const char *path, struct tfu_dataset_host *h)
{
    int code = Z_OK;
    gzerror(in, &code);
    if (code == Z_MEM_ERROR)
        return no_memory(path, h);
    if (code == Z_ERRNO)
        return h->fail(h, TFU_EIO, "cannot read the table '%s': %s", path, strerror(errno));
    return h->fail(h, TFU_ECORRUPT,
                   "the table '%s' is damaged or cut off: its gzip stream cannot be unpacked; "
                   "copy or download it again",
                   path);
}

static enum tfu_status read_stream(struct csv_text *t, gzFile in, size_t room, const char *path,
                                   struct tfu_dataset_host *h)
{
    for (t->bytes = malloc(room); t->bytes;) {
        const size_t free_bytes = room - 1 - t->size;
        const int n = gzread(in, t->bytes + t->size,
                             free_bytes < PIECE ? (unsigned)free_bytes : (unsigned)PIECE);
        if (n < 0)
            return read_failed(in, path, h);
        t->size += (size_t)n;
        int code = Z_OK;
        gzerror(in, &code);
        if (n == 0 && code != Z_OK && code != Z_STREAM_END)
            return read_failed(in, path, h);
        if (n == 0)
            return TFU_OK;
        if (t->size > CSV_TEXT_MAX)
            return too_large(path, h);
        if (t->size + 1 == room) {
            char *larger = realloc(t->bytes, 2 * room);
            if (!larger)
                return no_memory(path, h);
            t->bytes = larger;
            room *= 2;
        }
    }
    return no_memory(path, h);
}

static enum tfu_status read_gzip(struct csv_text *t, const char *path, size_t file_size,
                                 struct tfu_dataset_host *h)
{
    errno = 0;
    gzFile in = gzopen(path, "rb");
    if (!in && errno)
        return h->fail(h, TFU_EIO, "cannot open the table '%s': %s", path, strerror(errno));
    if (!in)
        return no_memory(path, h);
    gzbuffer(in, 1 << 17);
    /* two more than the bytes of a plain file: one is the NUL, the other sees the end */
    const enum tfu_status st = read_stream(t, in, file_size + 2, path, h);
    gzclose_r(in);
    return st;
}

/* ---- zip */

static enum tfu_status read_entry(struct csv_text *t, const struct zip_bytes *z,
                                  struct tfu_dataset_host *h)
{
    int64_t found = -1;
    for (int64_t i = 0; i < z->count; i++) {
        const char *name = zip_bytes_name(z, i);
        const size_t n = strlen(name);
        if (strncmp(name, "__MACOSX/", 9) == 0 || (n && name[n - 1] == '/'))
            continue;
        if (found >= 0)
            return h->fail(h, TFU_EINVAL,
                           "the archive '%s' has several files, '%.200s' and '%.200s' among them; "
                           "unpack it and name the table",
                           z->path, zip_bytes_name(z, found), name);
        found = i;
    }
    if (found < 0)
        return h->fail(h, TFU_EINVAL, "the archive '%s' has no file", z->path);
    struct zip_stream s;
    enum tfu_status st = zip_stream_open(&s, z, found, h);
    if (st == TFU_OK && s.size > CSV_TEXT_MAX)
        st = too_large(z->path, h);
    if (st == TFU_OK) {
        t->bytes = malloc((size_t)s.size + 1);
        st = t->bytes ? zip_stream_read(&s, t->bytes, (size_t)s.size, h) : no_memory(z->path, h);
        t->size = (size_t)s.size;
    }
    zip_stream_close(&s);
    return st;
}

static enum tfu_status read_zip(struct csv_text *t, const char *path, struct tfu_dataset_host *h)
{
    struct zip_bytes z;
    enum tfu_status st = zip_bytes_open(&z, path, h);
    if (st != TFU_OK)
        return st;
    st = read_entry(t, &z, h);
    zip_bytes_close(&z);
    return st;
}

/* ---- */

static bool is_zip(const char *path)
{
    char magic[4] = "";
    FILE *f = fopen(path, "rb");
    const size_t n = f ? fread(magic, 1, sizeof magic, f) : 0;
    if (f)
        fclose(f);
    return n == sizeof magic && memcmp(magic, "PK\3\4", sizeof magic) == 0;
}

static enum tfu_status check_text(struct csv_text *t, const char *path, struct tfu_dataset_host *h)
{
    const unsigned char *b = (const unsigned char *)t->bytes;
    if (t->size == 0)
        return h->fail(h, TFU_EINVAL, "the table '%s' is empty", path);
    if (t->size >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)))
        return h->fail(h, TFU_EINVAL, "the table '%s' is UTF-16; save it as UTF-8", path);
    const unsigned char *nul = memchr(b, 0, t->size);
    if (nul) {
        long long line = 1;
        for (const unsigned char *c = b; c < nul; c++)
            line += *c == '\n';
        return h->fail(h, TFU_EINVAL,
                       "%s:%lld: there is a NUL byte; is the table UTF-16? Save it as UTF-8", path,
                       line);
    }
    if (t->size >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0) {
        t->size -= 3;
        memmove(t->bytes, t->bytes + 3, t->size);
    }
    t->bytes[t->size] = '\0';
    return TFU_OK;
}

enum tfu_status csv_text_read(struct csv_text *t, const char *path, struct tfu_dataset_host *h)
{
    struct stat s;
    *t = (struct csv_text){0};
    if (stat(path, &s) != 0)
        return h->fail(h, TFU_EIO, "cannot open the table '%s': %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        return h->fail(h, TFU_EINVAL, "the table '%s' is no file", path);
    if ((uint64_t)s.st_size > CSV_TEXT_MAX)
        return too_large(path, h);
    enum tfu_status st =
        is_zip(path) ? read_zip(t, path, h) : read_gzip(t, path, (size_t)s.st_size, h);
    if (st == TFU_OK)
        st = check_text(t, path, h);
    if (st != TFU_OK)
        csv_text_free(t);
    return st;
}

void csv_text_free(struct csv_text *t)
{
    free(t->bytes);
    *t = (struct csv_text){0};
}
