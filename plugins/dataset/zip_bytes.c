/* SPDX-License-Identifier: MIT */
#include "zip_bytes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

/* deflate cannot shrink more than this (zlib's technical notes), so a file bounds what it holds */
enum { MAX_RATIO = 1032, MAX_ENTRIES = 100000 };

enum tfu_status zip_bytes_open(struct zip_bytes *z, const char *path, struct tfu_dataset_host *h)
{
    struct stat s;
    int code = 0;
    *z = (struct zip_bytes){.path = path};
    if (stat(path, &s) != 0)
        return h->fail(h, TFU_EIO, "cannot open '%s': %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        return h->fail(h, TFU_EINVAL, "'%s' is no file", path);
    if (s.st_size == 0) /* which libzip would take for an archive without entries */
        return h->fail(h, TFU_ECORRUPT, "'%s' is empty; copy or download it again", path);
    z->archive = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!z->archive && code == ZIP_ER_MEMORY)
        return h->fail(h, TFU_ENOMEM, "out of memory for the archive '%s'", path);
    if (!z->archive && (code == ZIP_ER_OPEN || code == ZIP_ER_READ))
        return h->fail(h, TFU_EIO, "cannot read '%s': %s", path, strerror(errno));
    if (!z->archive)
        return h->fail(h, TFU_ECORRUPT,
                       "'%s' does not end with a zip archive's directory, or its entries are not "
                       "as the directory says; copy or download it again",
                       path);
    z->count = zip_get_num_entries(z->archive, 0);
    if (z->count <= MAX_ENTRIES)
        return TFU_OK;
    h->fail(h, TFU_EUNSUPPORTED, "'%s' has %lld entries; more than %d are not read", path,
            (long long)z->count, MAX_ENTRIES);
    zip_bytes_close(z);
    return TFU_EUNSUPPORTED;
}

void zip_bytes_close(struct zip_bytes *z)
{
    if (z->archive)
        zip_discard(z->archive);
    z->archive = NULL;
}

const char *zip_bytes_name(const struct zip_bytes *z, int64_t index)
{
    const char *name = zip_get_name(z->archive, (zip_uint64_t)index, ZIP_FL_ENC_RAW);
    return name ? name : "";
}

int64_t zip_bytes_find(const struct zip_bytes *z, const char *name)
{
    for (int64_t i = 0; i < z->count; i++)
        if (strcmp(zip_bytes_name(z, i), name) == 0)
            return i;
    return -1;
}

enum tfu_status zip_stream_open(struct zip_stream *s, const struct zip_bytes *z, int64_t index,
                                struct tfu_dataset_host *h)
{
    struct zip_stat about;
    *s = (struct zip_stream){.path = z->path, .name = zip_bytes_name(z, index)};
    zip_stat_init(&about);
    const zip_uint64_t known = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(z->archive, (zip_uint64_t)index, 0, &about) != 0 ||
        (about.valid & known) != known)
        return h->fail(h, TFU_ECORRUPT, "'%s' does not say how large its entry '%.200s' is",
                       z->path, s->name);
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
        return h->fail(h, TFU_EUNSUPPORTED, "the entry '%.200s' of '%s' is encrypted", s->name,
                       z->path);
    if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "the entry '%.200s' of '%s' is packed by method %u; stored and deflated "
                       "ones are read",
                       s->name, z->path, (unsigned)about.comp_method);
    const uint64_t ratio = about.comp_method == ZIP_CM_STORE ? 1 : MAX_RATIO;
    if (about.size / ratio > about.comp_size)
        return h->fail(h, TFU_ECORRUPT,
                       "the entry '%.200s' of '%s' claims %llu bytes, more than %llu packed ones "
                       "can hold",
                       s->name, z->path, (unsigned long long)about.size,
                       (unsigned long long)about.comp_size);
    s->size = s->left = about.size;
    s->file = zip_fopen_index(z->archive, (zip_uint64_t)index, 0);
    return s->file ? TFU_OK
                   : h->fail(h, TFU_ECORRUPT,
                             "the entry '%.200s' of '%s' cannot be unpacked; copy or download the "
                             "file again",
                             s->name, z->path);
}

/* At the end of an entry libzip compares its sum with the bytes'. */
static bool ends_well(struct zip_stream *s)
{
    char more;
    return zip_fread(s->file, &more, 1) == 0;
}

enum tfu_status zip_stream_read(struct zip_stream *s, void *to, size_t size,
                                struct tfu_dataset_host *h)
{
    bool good = size <= s->left;
    for (size_t got = 0; good && got < size;) {
        const zip_int64_t n = zip_fread(s->file, (char *)to + got, size - got);
        good = n > 0;
        got += good ? (size_t)n : 0;
    }
    if (good)
        s->left -= size;
    if (good && s->left == 0)
        good = ends_well(s);
    return good ? TFU_OK
                : h->fail(h, TFU_ECORRUPT,
                          "the entry '%.200s' of '%s' is damaged: its bytes are not those that "
                          "the directory promises; copy or download the file again",
                          s->name, s->path);
}

void zip_stream_close(struct zip_stream *s)
{
    if (s->file)
        zip_fclose(s->file);
    s->file = NULL;
}
