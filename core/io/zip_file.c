/* SPDX-License-Identifier: MIT */
#include "core/io/zip_file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/io/zip_entry.h"
#include "core/io/zip_memory.h"

enum { ENTRIES_MAX = 1000000, PIECE = 1 << 16 };

static const char two_of_a_name[] =
    "two entries of the archive have the same name; the file is damaged";

/* libzip's archive is for one thread at a time. */
struct guarded {
    pthread_mutex_t lock;
    zip_t *archive;
    struct tfu_zip_memory memory;
};

/* Where an entry is in the archive. */
struct place {
    const uint8_t *bytes; /* NULL: it has none */
    uint64_t size;        /* compressed */
    uint32_t crc;         /* as the directory claims it */
};

struct tfu_zip_file {
    char *path;
    struct guarded *zip;
    struct tfu_zip_entry *entry;
    struct place *place;
    size_t *by_name; /* the entries' indices, sorted by their names */
    size_t count;
    size_t trailing;
};

static enum tfu_status refuse(const struct tfu_zip_file *z, struct tfu_error *e, const char *fmt,
                              ...) TFU_PRINTF(3, 4);
static enum tfu_status refuse(const struct tfu_zip_file *z, struct tfu_error *e, const char *fmt,
                              ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return tfu_error_at(e, TFU_ECORRUPT, z->path, 0, 0, "%s", text);
}

/* libzip cannot read entry `name`; its own words differ from version to version. */
static enum tfu_status libzip_error(const struct tfu_zip_file *z, struct tfu_error *e,
                                    zip_error_t *error, const char *name)
{
    if (zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return tfu_error_memory(e, "reading a zip archive", 0);
    return refuse(z, e, "entry '%.200s' cannot be unpacked; the file is damaged: get it again",
                  name);
}

static enum tfu_status refuse_archive(const struct tfu_zip_file *z, struct tfu_error *e,
                                      zip_error_t *error)
{
    if (zip_error_code_zip(error) == ZIP_ER_MEMORY)
        return tfu_error_memory(e, "reading a zip archive", 0);
    if (zip_error_code_zip(error) == ZIP_ER_EXISTS)
        return refuse(z, e, "%s", two_of_a_name);
    return refuse(z, e,
                  "it does not end with a zip archive's directory, or its entries are not as the "
                  "directory says; the file is cut off or damaged: get it again");
}

/* Where the archive ends by its last record, with a comment; 0: nowhere before the end of the file.
 */
static size_t find_end(const uint8_t *bytes, size_t size)
{
    enum { RECORD = 22, COMMENT_AT = 20, COMMENT_MAX = 65535 };
    const size_t least = size > RECORD + COMMENT_MAX ? size - RECORD - COMMENT_MAX : 0;
    for (size_t at = size < RECORD ? 0 : size - RECORD; at > least; at--) {
        if (memcmp(bytes + at, "PK\5\6", 4) != 0)
            continue;
        const size_t comment = bytes[at + COMMENT_AT] | (size_t)bytes[at + COMMENT_AT + 1] << 8;
        if (comment < size - at - RECORD)
            return at + RECORD + comment;
    }
    return 0;
}

static enum tfu_status open_bytes(struct tfu_zip_file *z, const void *bytes, size_t size,
                                  struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = tfu_zip_memory_source(&z->zip->memory, bytes, size, &error);
    if (source)
        z->zip->archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (!z->zip->archive) {
        st = refuse_archive(z, e, &error);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return st;
}

static enum tfu_status open_archive(struct tfu_zip_file *z, const void *bytes, size_t size,
                                    struct tfu_error *e)
{
    struct tfu_error first = TFU_ERROR_INIT;
    if (size == 0) /* which libzip would take for an archive without entries */
        return refuse(z, e, "the file is empty");
    const enum tfu_status st = open_bytes(z, bytes, size, &first);
    const size_t end = st == TFU_ECORRUPT ? find_end(bytes, size) : 0;
    if (end && open_bytes(z, bytes, end, NULL) == TFU_OK) {
        z->trailing = size - end;
        return TFU_OK;
    }
    if (st != TFU_OK && e)
        *e = first;
    return st;
}

/* The first byte of an entry is where libzip reads it. */
static enum tfu_status find_place(const struct tfu_zip_file *z, size_t i, struct tfu_error *e)
{
    zip_t *archive = z->zip->archive;
    zip_file_t *f = zip_fopen_index(archive, i, ZIP_FL_COMPRESSED);
    if (!f)
        return libzip_error(z, e, zip_get_error(archive), z->entry[i].name);
    char first;
    enum tfu_status st = TFU_OK;
    const struct tfu_zip_memory *m = &z->zip->memory;
    if (zip_fread(f, &first, 1) != 1)
        st = libzip_error(z, e, zip_file_get_error(f), z->entry[i].name);
    else if (z->place[i].size > m->size - m->last)
        st =
            refuse(z, e, "entry '%.200s' ends behind the file, which is cut off", z->entry[i].name);
    else
        z->place[i].bytes = m->bytes + m->last;
    zip_fclose(f);
    return st;
}

static enum tfu_status read_directory(struct tfu_zip_file *z, size_t size, struct tfu_error *e)
{
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC |
                                ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    uint64_t room = size;
    for (size_t i = 0; i < z->count; i++) {
        zip_stat_t s;
        if (zip_stat_index(z->zip->archive, i, ZIP_FL_ENC_RAW, &s) != 0)
            return refuse_archive(z, e, zip_get_error(z->zip->archive));
        if ((s.valid & needed) != needed)
            return refuse(z, e, "entry %zu is not described completely; the file is damaged", i);
        enum tfu_status st = tfu_zip_entry_check(z->path, i, &s, room, e);
        if (st != TFU_OK)
            return st;
        room -= s.comp_size;
        z->entry[i] = (struct tfu_zip_entry){
            .name = s.name, .size = s.size, .stored = s.comp_method == ZIP_CM_STORE};
        z->place[i] = (struct place){.size = s.comp_size, .crc = s.crc};
        z->by_name[i] = i;
        if (s.comp_size)
            st = find_place(z, i, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static int by_place(const void *left, const void *right, void *places)
{
    const struct place *place = places;
    const uint8_t *a = place[*(const size_t *)left].bytes, *b = place[*(const size_t *)right].bytes;
    return a < b ? -1 : a > b;
}

/* No two entries share bytes. The index by name is not sorted yet, and lent for this. */
static enum tfu_status check_places(struct tfu_zip_file *z, struct tfu_error *e)
{
    const uint8_t *end = NULL;
    qsort_r(z->by_name, z->count, sizeof *z->by_name, by_place, z->place);
    for (size_t i = 0; i < z->count; i++) {
        const struct place *p = &z->place[z->by_name[i]];
        if (!p->bytes)
            continue;
        if (p->bytes < end)
            return refuse(z, e,
                          "entry '%.200s' shares bytes with another entry; such files are made to "
                          "do harm",
                          z->entry[z->by_name[i]].name);
        end = p->bytes + p->size;
    }
    return TFU_OK;
}

static int by_name(const void *left, const void *right, void *entries)
{
    const struct tfu_zip_entry *entry = entries;
    return strcmp(entry[*(const size_t *)left].name, entry[*(const size_t *)right].name);
}

static enum tfu_status sort_names(struct tfu_zip_file *z, struct tfu_error *e)
{
    qsort_r(z->by_name, z->count, sizeof *z->by_name, by_name, z->entry);
    for (size_t i = 1; i < z->count; i++)
        if (by_name(&z->by_name[i - 1], &z->by_name[i], z->entry) == 0)
            return refuse(z, e, "%s", two_of_a_name);
    return TFU_OK;
}

static enum tfu_status open_all(struct tfu_zip_file *z, const void *bytes, size_t size,
                                struct tfu_error *e)
{
    enum tfu_status st = open_archive(z, bytes, size, e);
    if (st != TFU_OK)
        return st;
    const zip_int64_t count = zip_get_num_entries(z->zip->archive, 0);
    if (count < 0 || count > ENTRIES_MAX)
        return refuse(z, e, "%lld entries are more than the %d that a file of weights may have",
                      (long long)count, ENTRIES_MAX);
    z->count = (size_t)count;
    z->entry = calloc(z->count + 1, sizeof *z->entry);
    z->place = calloc(z->count + 1, sizeof *z->place);
    z->by_name = calloc(z->count + 1, sizeof *z->by_name);
    if (!z->entry || !z->place || !z->by_name)
        return tfu_error_memory(e, "reading a zip archive", 0);
    st = read_directory(z, size, e);
    if (st == TFU_OK)
        st = check_places(z, e);
    return st == TFU_OK ? sort_names(z, e) : st;
}

enum tfu_status tfu_zip_file_open(struct tfu_zip_file **out, const char *path, const void *bytes,
                                  size_t size, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_zip_file *z = calloc(1, sizeof *z);
    if (!z)
        return tfu_error_memory(e, "reading a zip archive", 0);
    z->path = strdup(path);
    z->zip = calloc(1, sizeof *z->zip);
    if (z->zip)
        pthread_mutex_init(&z->zip->lock, NULL);
    const enum tfu_status st = z->path && z->zip ? open_all(z, bytes, size, e)
                                                 : tfu_error_memory(e, "reading a zip archive", 0);
    if (st == TFU_OK)
        *out = z;
    else
        tfu_zip_file_close(z);
    return st;
}

void tfu_zip_file_close(struct tfu_zip_file *z)
{
    if (!z)
        return;
    if (z->zip) {
        if (z->zip->archive)
            zip_discard(z->zip->archive);
        pthread_mutex_destroy(&z->zip->lock);
    }
    free(z->zip);
    free(z->entry);
    free(z->place);
    free(z->by_name);
    free(z->path);
    free(z);
}

const char *tfu_zip_file_path(const struct tfu_zip_file *z)
{
    return z->path;
}

size_t tfu_zip_file_trailing(const struct tfu_zip_file *z)
{
    return z->trailing;
}

size_t tfu_zip_file_count(const struct tfu_zip_file *z)
{
    return z->count;
}

const struct tfu_zip_entry *tfu_zip_file_get(const struct tfu_zip_file *z, size_t i)
{
    return &z->entry[i];
}

size_t tfu_zip_file_find(const struct tfu_zip_file *z, const char *name)
{
    size_t low = 0, high = z->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(name, z->entry[z->by_name[middle]].name);
        if (order == 0)
            return z->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return SIZE_MAX;
}

static enum tfu_status check_crc(const struct tfu_zip_file *z, size_t i, uint32_t crc,
                                 struct tfu_error *e)
{
    const bool computed = !z->entry[i].stored || z->place[i].crc != 0;
    if (crc == z->place[i].crc || !computed)
        return TFU_OK;
    return refuse(z, e,
                  "entry '%.200s' has the checksum %08x instead of %08x; the file is damaged: get "
                  "it again",
                  z->entry[i].name, crc, z->place[i].crc);
}

/* What is not compressed is copied, piece by piece so that the checksum finds it in the cache. */
static enum tfu_status read_stored(const struct tfu_zip_file *z, size_t i, uint64_t offset,
                                   char *to, size_t count, struct tfu_error *e)
{
    const uint8_t *from = z->place[i].bytes + offset;
    if (offset + count < z->entry[i].size) {
        memcpy(to, from, count);
        return TFU_OK;
    }
    uLong crc = crc32_z(0, z->place[i].bytes, offset);
    for (size_t n; count > 0; count -= n, to += n, from += n) {
        n = count < PIECE ? count : PIECE;
        memcpy(to, from, n);
        crc = crc32_z(crc, (const Bytef *)to, n);
    }
    return check_crc(z, i, (uint32_t)crc, e);
}

/* Exactly `count` more bytes of an entry that libzip unpacks. */
static enum tfu_status unpack(const struct tfu_zip_file *z, size_t i, zip_file_t *f, char *to,
                              size_t count, struct tfu_error *e)
{
    while (count > 0) {
        const zip_int64_t got = zip_fread(f, to, count);
        if (got < 0)
            return libzip_error(z, e, zip_file_get_error(f), z->entry[i].name);
        if (got == 0)
            return refuse(z, e, "entry '%.200s' ends before its %llu bytes; the file is damaged",
                          z->entry[i].name, (unsigned long long)z->entry[i].size);
        to += got;
        count -= (size_t)got;
    }
    return TFU_OK;
}

/* Deflate cannot be entered in its middle: what is before `offset` is unpacked and forgotten. */
static enum tfu_status skip(const struct tfu_zip_file *z, size_t i, zip_file_t *f, uint64_t offset,
                            struct tfu_error *e)
{
    char unwanted[16384];
    enum tfu_status st = TFU_OK;
    while (offset > 0 && st == TFU_OK) {
        const size_t n = offset < sizeof unwanted ? (size_t)offset : sizeof unwanted;
        st = unpack(z, i, f, unwanted, n, e);
        offset -= n;
    }
    return st;
}

/* libzip compares the checksum when it finds nothing more. */
static enum tfu_status check_end(const struct tfu_zip_file *z, size_t i, zip_file_t *f,
                                 struct tfu_error *e)
{
    char more;
    const zip_int64_t got = zip_fread(f, &more, 1);
    if (got > 0)
        return refuse(z, e, "entry '%.200s' goes on after its %llu bytes; the file is damaged",
                      z->entry[i].name, (unsigned long long)z->entry[i].size);
    return got == 0 ? TFU_OK : libzip_error(z, e, zip_file_get_error(f), z->entry[i].name);
}

static enum tfu_status read_deflated(const struct tfu_zip_file *z, size_t i, uint64_t offset,
                                     void *to, size_t count, struct tfu_error *e)
{
    pthread_mutex_lock(&z->zip->lock);
    enum tfu_status st = TFU_OK;
    zip_file_t *f = zip_fopen_index(z->zip->archive, i, 0);
    if (!f)
        st = libzip_error(z, e, zip_get_error(z->zip->archive), z->entry[i].name);
    if (st == TFU_OK)
        st = skip(z, i, f, offset, e);
    if (st == TFU_OK)
        st = unpack(z, i, f, to, count, e);
    if (st == TFU_OK && offset + count == z->entry[i].size)
        st = check_end(z, i, f, e);
    if (f)
        zip_fclose(f);
    pthread_mutex_unlock(&z->zip->lock);
    return st;
}

enum tfu_status tfu_zip_file_read(const struct tfu_zip_file *z, size_t i, uint64_t offset, void *to,
                                  size_t count, struct tfu_error *e)
{
    const struct tfu_zip_entry *entry = &z->entry[i];
    if (offset > entry->size || count > entry->size - offset)
        return refuse(z, e, "entry '%.200s' has %llu bytes, not %llu from byte %llu on",
                      entry->name, (unsigned long long)entry->size, (unsigned long long)count,
                      (unsigned long long)offset);
    if (count == 0)
        return entry->size ? TFU_OK : check_crc(z, i, 0, e);
    return entry->stored ? read_stored(z, i, offset, to, count, e)
                         : read_deflated(z, i, offset, to, count, e);
}
