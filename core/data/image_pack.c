/* SPDX-License-Identifier: MIT
 *
 * A piece is written behind the others, then its record behind the other records: what has no
 * record is not there, and a piece whose checksum is not that of its record is not there either.
 * Whoever writes holds a lock on the index; whoever has a pack open, a shared one on the pack, so
 * that nobody removes it.
 *
 * Pieces are read into memory and not mapped: whoever cuts a mapped file short ends the process.
 */
#include "core/data/image_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/checksum.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/data/image_pack_room.h"
#include "core/io/folder.h"

enum { ALIGN = 64, VERSION = 1, RECORDS = 4096 };

static const char magic[8] = "TFUPACK\n";

struct header {
    char magic[8];
    uint32_t version, record;
    uint64_t count;
    uint64_t checksum; /* of what is before it */
};

struct record {
    uint64_t piece, offset, size;
    uint64_t bytes; /* checksum of the piece */
    uint64_t self;  /* of what is before it */
};

struct place {
    uint64_t offset, checksum;
    size_t size; /* 0: it is not there */
};

struct tfu_image_pack {
    pthread_mutex_t lock; /* of all that follows */
    int pack, index;
    uint64_t read; /* bytes of the index that are known */
    struct place *place;
    int64_t count;
    uint64_t bytes; /* that all of the folder may have */
    bool failed;
    char *folder, *prefix, *file; /* of the packs; its own name there */
};

static uint64_t checksum_before(const void *start, const void *end)
{
    return tfu_checksum(start, (size_t)((const char *)end - (const char *)start));
}

/* ---- the index */

static bool read_all(int fd, void *to, size_t n, uint64_t at)
{
    for (size_t done = 0; done < n;) {
        const ssize_t got = pread(fd, (char *)to + done, n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const void *from, size_t n, uint64_t at)
{
    for (size_t done = 0; done < n;) {
        const ssize_t put = pwrite(fd, (const char *)from + done, n - done, (off_t)(at + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static void take_record(struct tfu_image_pack *p, const struct record *r)
{
    if (r->self == checksum_before(r, &r->self) && r->piece < (uint64_t)p->count && r->size > 0)
        p->place[r->piece] = (struct place){r->offset, r->bytes, (size_t)r->size};
}

/* The records that came since it was read last. */
static void read_index(struct tfu_image_pack *p)
{
    struct record record[RECORDS / sizeof(struct record)];
    struct stat s;
    if (fstat(p->index, &s) != 0)
        return;
    while (p->read + sizeof *record <= (uint64_t)s.st_size) {
        size_t n = ((uint64_t)s.st_size - p->read) / sizeof *record;
        n = n < sizeof record / sizeof *record ? n : sizeof record / sizeof *record;
        if (!read_all(p->index, record, n * sizeof *record, p->read))
            return;
        for (size_t i = 0; i < n; i++)
            take_record(p, &record[i]);
        p->read += n * sizeof *record;
    }
}

/* ---- opening */

static struct header header_of(int64_t count)
{
    struct header h = {
        .version = VERSION, .record = sizeof(struct record), .count = (uint64_t)count};
    memcpy(h.magic, magic, sizeof magic);
    h.checksum = checksum_before(&h, &h.checksum);
    return h;
}

/* Under the index's lock: its header, and nothing behind the last whole record. Files of another
 * version or damaged ones are begun anew. */
static enum tfu_status check_header(struct tfu_image_pack *p, const char *path, struct tfu_error *e)
{
    const struct header want = header_of(p->count);
    struct header is;
    struct stat s;
    bool ok = fstat(p->index, &s) == 0;
    if (ok && read_all(p->index, &is, sizeof is, 0) && memcmp(&is, &want, sizeof is) == 0) {
        const uint64_t records = ((uint64_t)s.st_size - sizeof is) / sizeof(struct record);
        ok = ftruncate(p->index, (off_t)(sizeof is + records * sizeof(struct record))) == 0;
    } else {
        ok = ok && ftruncate(p->pack, 0) == 0 && ftruncate(p->index, 0) == 0 &&
             write_all(p->index, &want, sizeof want, 0);
    }
    p->read = sizeof want;
    return ok ? TFU_OK : tfu_error_errno(e, errno, "cannot write", path);
}

static enum tfu_status open_file(int *fd, const char *path, int lock, struct tfu_error *e)
{
    struct stat s;
    do { /* until it is one that nobody has removed */
        if (*fd >= 0)
            close(*fd);
        *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (*fd < 0)
            return tfu_error_errno(e, errno, "cannot open", path);
        if (lock && flock(*fd, lock) != 0)
            return tfu_error_errno(e, errno, "cannot lock", path);
    } while (fstat(*fd, &s) == 0 && s.st_nlink == 0);
    return TFU_OK;
}

static enum tfu_status open_files(struct tfu_image_pack *p, const char *folder, const char *name,
                                  struct tfu_error *e)
{
    char pack[PATH_MAX], index[PATH_MAX], file[NAME_MAX + 1];
    snprintf(file, sizeof file, "%s.pack", name);
    bool fits = tfu_path_put(pack, folder, file);
    snprintf(file, sizeof file, "%s.index", name);
    fits = tfu_path_put(index, folder, file) && fits;
    if (!fits)
        return tfu_error_set(e, TFU_EINVAL, "the path '%s' is too long", folder);
    enum tfu_status st = tfu_folder_make(folder, e);
    if (st == TFU_OK)
        st = open_file(&p->pack, pack, LOCK_SH, e);
    if (st == TFU_OK)
        st = open_file(&p->index, index, LOCK_EX, e);
    if (st == TFU_OK)
        st = check_header(p, index, e);
    if (st == TFU_OK)
        futimens(p->pack, NULL); /* used now */
    if (p->index >= 0)
        flock(p->index, LOCK_UN);
    return st;
}

/* ---- life */

static enum tfu_status name_pack(struct tfu_image_pack *p, const char *folder, const char *prefix,
                                 const char *name, struct tfu_error *e)
{
    struct tfu_text file = TFU_TEXT_INIT;
    tfu_text_printf(&file, "%s.pack", name);
    p->folder = strdup(folder);
    p->prefix = strdup(prefix);
    p->file = strdup(tfu_text_get(&file));
    const bool named = !file.failed && p->folder && p->prefix && p->file;
    tfu_text_free(&file);
    return named ? TFU_OK : tfu_error_memory(e, "opening a cache of images", 0);
}

enum tfu_status tfu_image_pack_open(struct tfu_image_pack **out, const char *folder,
                                    const char *prefix, const char *name, int64_t count,
                                    uint64_t bytes, struct tfu_error *e)
{
    struct tfu_image_pack *p = *out = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "opening a cache of images", 0);
    pthread_mutex_init(&p->lock, NULL);
    p->pack = p->index = -1;
    p->count = count;
    p->bytes = bytes;
    p->place = calloc((size_t)count + 1, sizeof *p->place);
    enum tfu_status st =
        p->place ? TFU_OK : tfu_error_memory(e, "opening a cache of images", (size_t)count);
    if (st == TFU_OK)
        st = name_pack(p, folder, prefix, name, e);
    if (st == TFU_OK)
        st = open_files(p, folder, name, e);
    if (st != TFU_OK) {
        tfu_image_pack_close(p);
        *out = NULL;
        return st;
    }
    read_index(p);
    return TFU_OK;
}

void tfu_image_pack_close(struct tfu_image_pack *p)
{
    if (!p)
        return;
    if (p->pack >= 0)
        close(p->pack);
    if (p->index >= 0)
        close(p->index);
    pthread_mutex_destroy(&p->lock);
    free(p->place);
    free(p->folder);
    free(p->prefix);
    free(p->file);
    free(p);
}

/* ---- use */

size_t tfu_image_pack_size(struct tfu_image_pack *p, int64_t i)
{
    pthread_mutex_lock(&p->lock);
    if (!p->place[i].size)
        read_index(p); /* another process may have added it */
    const size_t size = p->place[i].size;
    pthread_mutex_unlock(&p->lock);
    return size;
}

void tfu_image_pack_forget(struct tfu_image_pack *p, int64_t i)
{
    pthread_mutex_lock(&p->lock);
    p->place[i].size = 0;
    pthread_mutex_unlock(&p->lock);
}

bool tfu_image_pack_read(struct tfu_image_pack *p, int64_t i, void *bytes, size_t size)
{
    pthread_mutex_lock(&p->lock);
    const struct place place = p->place[i];
    pthread_mutex_unlock(&p->lock);
    if (place.size == size && read_all(p->pack, bytes, size, place.offset) &&
        tfu_checksum(bytes, size) == place.checksum)
        return true;
    tfu_image_pack_forget(p, i);
    return false;
}

/* Both locks are held. */
static enum tfu_image_pack_added append(struct tfu_image_pack *p, struct record *r,
                                        const void *bytes, size_t size)
{
    struct stat pack, index;
    if (fstat(p->pack, &pack) != 0 || fstat(p->index, &index) != 0)
        return TFU_IMAGE_PACK_FAILED;
    r->offset = ((uint64_t)pack.st_size + ALIGN - 1) / ALIGN * ALIGN;
    if (size > UINT64_MAX - r->offset ||
        !tfu_image_pack_room(p->folder, p->prefix, p->file, r->offset + size, p->bytes))
        return TFU_IMAGE_PACK_FULL;
    r->self = checksum_before(r, &r->self);
    /* behind whole records: one that was killed may have left a part */
    const uint64_t end =
        (uint64_t)index.st_size - ((uint64_t)index.st_size - sizeof(struct header)) % sizeof *r;
    return write_all(p->pack, bytes, size, r->offset) && write_all(p->index, r, sizeof *r, end)
               ? TFU_IMAGE_PACK_ADDED
               : TFU_IMAGE_PACK_FAILED;
}

enum tfu_image_pack_added tfu_image_pack_add(struct tfu_image_pack *p, int64_t i, const void *bytes,
                                             size_t size, struct tfu_error *e)
{
    struct record r = {
        .piece = (uint64_t)i, .size = size, .bytes = tfu_checksum(bytes, size), .self = 0};
    enum tfu_image_pack_added added = TFU_IMAGE_PACK_ADDED;
    pthread_mutex_lock(&p->lock);
    bool fails = p->failed;
    if (!fails && flock(p->index, LOCK_EX) != 0)
        fails = true;
    else if (!fails) {
        read_index(p);
        if (!p->place[i].size)
            added = append(p, &r, bytes, size);
        if (added == TFU_IMAGE_PACK_FAILED)
            tfu_error_set(e, TFU_EIO, "the cache of images cannot be written: %s", strerror(errno));
        fails = added == TFU_IMAGE_PACK_FAILED;
        read_index(p);
        flock(p->index, LOCK_UN);
    }
    p->failed = fails;
    pthread_mutex_unlock(&p->lock);
    return fails ? TFU_IMAGE_PACK_FAILED : added;
}
