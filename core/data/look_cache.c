/* SPDX-License-Identifier: MIT
 *
 * The file is a header and records, written beside its place and renamed: another process sees the
 * old one or the new one. Of two that write at once the later wins, and the other's files are
 * looked at again some time.
 */
#include "core/data/look_cache.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/checksum.h"
#include "core/base/path.h"
#include "core/data/image_seen.h"
#include "core/io/folder.h"
#include "core/io/user_cache.h"

enum { VERSION = 2, SETTLED = 2, DAY = 86400, WEEK = 7, FORGOTTEN = 90, MOST = 1 << 22 };
#define FOLDER_BYTES (UINT64_C(1) << 30) /* of all files together */

static const char magic[8] = "TFULOOK\n";

struct header {
    char magic[8];
    uint32_t version, record; /* bytes of one */
    uint64_t count, checksum;
};

struct record {
    uint64_t path, how; /* hashes */
    uint64_t device, inode, size;
    int64_t modified, changed; /* nanoseconds */
    uint8_t digest[TFU_HASH_SIZE];
    uint32_t height, width;
    uint32_t channels, dtype;
    uint32_t whole; /* bit 0; those above it are traits */
    uint32_t used;  /* the last day, since 1970 */
};

struct tfu_look_cache {
    char *folder, *path;
    struct tfu_log *log;
    struct record *record;
    size_t count, room;
    uint32_t *slot; /* 1 + index of a record, by the hash of its path; 0: free */
    size_t slots;
    uint32_t today;
    bool changed;
};

/* ---- the table */

static uint32_t *find(const struct tfu_look_cache *c, uint64_t path)
{
    size_t i = (size_t)path & (c->slots - 1);
    while (c->slot[i] && c->record[c->slot[i] - 1].path != path)
        i = (i + 1) & (c->slots - 1);
    return &c->slot[i];
}

/* Half of the slots stay free for `room` records, or find() would not end. */
static bool index_records(struct tfu_look_cache *c, size_t room)
{
    size_t slots = 1024;
    while (slots < 2 * room)
        slots *= 2;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return false;
    free(c->slot);
    c->slot = slot;
    c->slots = slots;
    for (size_t i = 0; i < c->count; i++)
        *find(c, c->record[i].path) = (uint32_t)i + 1;
    return true;
}

static bool make_room(struct tfu_look_cache *c)
{
    if (c->count < c->room)
        return true;
    const size_t room = c->room ? 2 * c->room : 512;
    if (room > 2 * MOST)
        return false;
    struct record *larger = realloc(c->record, room * sizeof *larger);
    if (!larger)
        return false;
    c->record = larger;
    if (!index_records(c, room))
        return false;
    c->room = room;
    return true;
}

/* ---- reading */

static bool read_records(struct tfu_look_cache *c, FILE *f)
{
    struct header h;
    struct stat s;
    if (fread(&h, sizeof h, 1, f) != 1 || memcmp(h.magic, magic, sizeof magic) != 0 ||
        h.version != VERSION || h.record != sizeof *c->record || h.count > 2 * MOST ||
        fstat(fileno(f), &s) != 0 || (uint64_t)s.st_size != sizeof h + h.count * sizeof *c->record)
        return false;
    c->record = malloc((size_t)h.count * sizeof *c->record + 1);
    if (!c->record || fread(c->record, sizeof *c->record, (size_t)h.count, f) != h.count ||
        tfu_checksum(c->record, (size_t)h.count * sizeof *c->record) != h.checksum)
        return false;
    c->count = c->room = (size_t)h.count;
    return true;
}

static void read_file(struct tfu_look_cache *c)
{
    FILE *f = fopen(c->path, "rbe");
    if (!f)
        return;
    if (!read_records(c, f)) {
        tfu_log_write(c->log, TFU_LOG_INFO,
                      "'%s' is damaged or of another version: image files are read again", c->path);
        free(c->record);
        c->record = NULL;
    }
    fclose(f);
}

static char *path_of(const char *folder, const char *name)
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX], file[64];
    tfu_hash_bytes(name, strlen(name), digest);
    tfu_hash_to_hex(digest, hex);
    snprintf(file, sizeof file, "digests-%.16s", hex);
    return tfu_path_join(folder, file);
}

enum tfu_status tfu_look_cache_open(struct tfu_look_cache **out, const char *name,
                                    struct tfu_log *log, struct tfu_error *e)
{
    *out = NULL;
    if (!tfu_user_cache_is_there())
        return TFU_OK;
    struct tfu_look_cache *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "opening the cache of image files", 0);
    c->log = log;
    c->today = (uint32_t)(time(NULL) / DAY);
    c->folder = tfu_user_cache();
    c->path = c->folder ? path_of(c->folder, name) : NULL;
    if (c->path)
        read_file(c);
    if (!c->path || !index_records(c, c->room)) {
        c->changed = false;
        tfu_look_cache_close(c);
        return tfu_error_memory(e, "opening the cache of image files", 0);
    }
    *out = c;
    return TFU_OK;
}

/* ---- writing */

static bool is_remembered(const struct tfu_look_cache *c, const struct record *r)
{
    return r->used + FORGOTTEN >= c->today;
}

static bool write_records(const struct tfu_look_cache *c, FILE *f)
{
    struct header h = {.version = VERSION,
                       .record = sizeof *c->record,
                       .count = c->count,
                       .checksum = tfu_checksum(c->record, c->count * sizeof *c->record)};
    memcpy(h.magic, magic, sizeof magic);
    return fwrite(&h, sizeof h, 1, f) == 1 &&
           fwrite(c->record, sizeof *c->record, c->count, f) == c->count;
}

static void forget(struct tfu_look_cache *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++)
        if (is_remembered(c, &c->record[i]) && (c->count <= MOST || c->record[i].used == c->today))
            c->record[kept++] = c->record[i];
    c->count = kept;
}

static void write_file(struct tfu_look_cache *c)
{
    struct tfu_error why = TFU_ERROR_INIT;
    char beside[PATH_MAX];
    const int n = snprintf(beside, sizeof beside, "%s.%ld", c->path, (long)getpid());
    if (n < 0 || n >= (int)sizeof beside)
        return;
    forget(c);
    FILE *f = tfu_folder_make(c->folder, &why) == TFU_OK ? fopen(beside, "wbe") : NULL;
    bool written = f && write_records(c, f);
    if (f)
        written = fclose(f) == 0 && written;
    if (!written || rename(beside, c->path) != 0) {
        tfu_log_write(c->log, TFU_LOG_INFO, "'%s' cannot be written (%s): files are read again",
                      c->path, why.status != TFU_OK ? why.text : strerror(errno));
        unlink(beside);
        return;
    }
    tfu_user_cache_trim(c->folder, "digests-", strrchr(c->path, '/') + 1, FOLDER_BYTES);
}

void tfu_look_cache_close(struct tfu_look_cache *c)
{
    if (!c)
        return;
    if (c->changed)
        write_file(c);
    free(c->record);
    free(c->slot);
    free(c->path);
    free(c->folder);
    free(c);
}

/* ---- use */

static int64_t nanoseconds(int64_t seconds, int64_t rest)
{
    return seconds * INT64_C(1000000000) + rest;
}

static bool is_same(const struct record *r, const struct tfu_file_state *s)
{
    return r->device == s->device && r->inode == s->inode && r->size == s->size &&
           r->modified == nanoseconds(s->modified, s->modified_ns) &&
           r->changed == nanoseconds(s->changed, s->changed_ns);
}

bool tfu_look_cache_has(const struct tfu_look_cache *c, const char *path)
{
    return c && *find(c, tfu_image_seen_hash(path)) != 0;
}

bool tfu_look_cache_find(struct tfu_look_cache *c, const char *path,
                         const struct tfu_file_state *state, uint64_t how,
                         struct tfu_image_look *out)
{
    const uint32_t i = c ? *find(c, tfu_image_seen_hash(path)) : 0;
    struct record *r = i ? &c->record[i - 1] : NULL;
    if (!r || r->how != how || !is_same(r, state))
        return false;
    *out = (struct tfu_image_look){
        .state = *state,
        .info = {.dtype = r->dtype,
                 .height = r->height,
                 .width = r->width,
                 .channels = r->channels},
        .traits = r->whole >> 1,
        .whole = r->whole & 1,
        .settled = true,
    };
    memcpy(out->digest, r->digest, sizeof out->digest);
    c->changed = c->changed || r->used + WEEK < c->today;
    r->used = c->today;
    return true;
}

/* Was it left alone for some time, so that a change from now on has another time? */
static bool is_settled(const struct tfu_file_state *s)
{
    const int64_t now = (int64_t)time(NULL);
    return s->modified + SETTLED < now && s->changed + SETTLED < now;
}

void tfu_look_cache_add(struct tfu_look_cache *c, const char *path, uint64_t how,
                        const struct tfu_image_look *look)
{
    const struct tfu_file_state *s = &look->state;
    if (!c || !look->settled || !is_settled(s) || !make_room(c))
        return;
    struct record r = {
        .path = tfu_image_seen_hash(path),
        .how = how,
        .device = s->device,
        .inode = s->inode,
        .size = s->size,
        .modified = nanoseconds(s->modified, s->modified_ns),
        .changed = nanoseconds(s->changed, s->changed_ns),
        .height = (uint32_t)look->info.height,
        .width = (uint32_t)look->info.width,
        .channels = (uint32_t)look->info.channels,
        .dtype = look->info.dtype,
        .whole = look->whole | look->traits << 1,
        .used = c->today,
    };
    memcpy(r.digest, look->digest, sizeof r.digest);
    uint32_t *slot = find(c, r.path);
    if (!*slot)
        *slot = (uint32_t)++c->count;
    c->record[*slot - 1] = r;
    c->changed = true;
}
