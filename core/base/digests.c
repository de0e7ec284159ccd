/* SPDX-License-Identifier: MIT */
#include "core/base/digests.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct tfu_file_state tfu_file_state_of(const struct stat *info)
{
    return (struct tfu_file_state){
        .device = (uint64_t)info->st_dev,
        .inode = (uint64_t)info->st_ino,
        .size = (uint64_t)info->st_size,
        .modified = (int64_t)info->st_mtim.tv_sec,
        .modified_ns = (int64_t)info->st_mtim.tv_nsec,
        .changed = (int64_t)info->st_ctim.tv_sec,
        .changed_ns = (int64_t)info->st_ctim.tv_nsec,
    };
}

struct known {
    enum tfu_digest_of of;
    struct tfu_file_state *file;
    size_t count;
    char hex[TFU_HASH_HEX];
};

/* A path that was asked for. */
struct asked {
    char *path;
    struct tfu_file_state state;
    bool known; /* the same each time, and read */
};

struct tfu_digests {
    pthread_mutex_t lock;
    struct asked *asked;
    size_t asked_count, last; /* paths come in the same order again and again */
    struct known *known;
    size_t count;
};

enum tfu_status tfu_digests_new(struct tfu_digests **out, struct tfu_error *e)
{
    struct tfu_digests *d = *out = calloc(1, sizeof *d);
    if (!d)
        return tfu_error_memory(e, "keeping digests", 0);
    pthread_mutex_init(&d->lock, NULL);
    return TFU_OK;
}

void tfu_digests_free(struct tfu_digests *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->count; i++)
        free(d->known[i].file);
    for (size_t i = 0; i < d->asked_count; i++)
        free(d->asked[i].path);
    free(d->asked);
    free(d->known);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

bool tfu_file_state_is_same(const struct tfu_file_state *a, const struct tfu_file_state *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified == b->modified && a->modified_ns == b->modified_ns &&
           a->changed == b->changed && a->changed_ns == b->changed_ns;
}

static bool is_of(const struct known *k, enum tfu_digest_of of, const struct tfu_file_state *file,
                  size_t count)
{
    bool same = k->of == of && k->count == count;
    for (size_t i = 0; same && i < count; i++)
        same = tfu_file_state_is_same(&k->file[i], &file[i]);
    return same;
}

bool tfu_digests_find(struct tfu_digests *d, enum tfu_digest_of of,
                      const struct tfu_file_state *file, size_t count, char hex[TFU_HASH_HEX])
{
    bool found = false;
    if (!d)
        return false;
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; !found && i < d->count; i++)
        if (is_of(&d->known[i], of, file, count)) {
            memcpy(hex, d->known[i].hex, TFU_HASH_HEX);
            found = true;
        }
    pthread_mutex_unlock(&d->lock);
    return found;
}

enum tfu_status tfu_digests_add(struct tfu_digests *d, enum tfu_digest_of of,
                                const struct tfu_file_state *file, size_t count,
                                const char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    if (!d)
        return TFU_OK;
    pthread_mutex_lock(&d->lock);
    struct tfu_file_state *copy = malloc(count * sizeof *copy + 1);
    struct known *more = copy ? realloc(d->known, (d->count + 1) * sizeof *more) : NULL;
    if (more) {
        memcpy(copy, file, count * sizeof *copy);
        d->known = more;
        more[d->count] = (struct known){.of = of, .file = copy, .count = count};
        memcpy(more[d->count++].hex, hex, TFU_HASH_HEX);
    } else {
        free(copy);
    }
    pthread_mutex_unlock(&d->lock);
    return more ? TFU_OK : tfu_error_memory(e, "keeping digests", 0);
}

static struct asked *find_asked(struct tfu_digests *d, const char *path)
{
    for (size_t i = 1; i <= d->asked_count; i++) {
        const size_t at = (d->last + i) % d->asked_count;
        if (strcmp(d->asked[at].path, path) == 0) {
            d->last = at;
            return &d->asked[at];
        }
    }
    return NULL;
}

static bool add_asked(struct tfu_digests *d, const char *path, const struct tfu_file_state *state)
{
    struct asked *more = realloc(d->asked, (d->asked_count + 1) * sizeof *more);
    char *copy = more ? strdup(path) : NULL;
    if (more)
        d->asked = more;
    if (!copy)
        return false;
    d->last = d->asked_count;
    more[d->asked_count] = (struct asked){.path = copy, .known = state != NULL};
    if (state)
        more[d->asked_count].state = *state;
    d->asked_count++;
    return true;
}

static enum tfu_status note_asked(struct tfu_digests *d, const char *path,
                                  const struct tfu_file_state *state, struct tfu_error *e)
{
    if (!d)
        return TFU_OK;
    pthread_mutex_lock(&d->lock);
    struct asked *a = find_asked(d, path);
    if (a)
        a->known = a->known && state && tfu_file_state_is_same(&a->state, state);
    const bool noted = a || add_asked(d, path, state);
    pthread_mutex_unlock(&d->lock);
    return noted ? TFU_OK : tfu_error_memory(e, "hashing a file", 0);
}

void tfu_digests_each_file(struct tfu_digests *d,
                           void (*take)(void *arg, const char *path,
                                        const struct tfu_file_state *state),
                           void *arg)
{
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->asked_count; i++)
        take(arg, d->asked[i].path, d->asked[i].known ? &d->asked[i].state : NULL);
    pthread_mutex_unlock(&d->lock);
}

enum tfu_status tfu_digests_file(struct tfu_digests *d, const char *path, char hex[TFU_HASH_HEX],
                                 struct tfu_error *e)
{
    struct stat info;
    struct tfu_file_state before = {.size = 0}, after;
    const bool there = stat(path, &info) == 0;
    if (there)
        before = tfu_file_state_of(&info);
    if (there && tfu_digests_find(d, TFU_DIGEST_OF_BYTES, &before, 1, hex))
        return note_asked(d, path, &before, e);
    enum tfu_status st = tfu_hash_file(path, hex, e);
    if (st != TFU_OK) {
        note_asked(d, path, NULL, NULL);
        return st;
    }
    if (!there || stat(path, &info) != 0)
        return note_asked(d, path, NULL, e);
    /* what was written to meanwhile is not remembered */
    after = tfu_file_state_of(&info);
    const bool same = tfu_file_state_is_same(&before, &after);
    st = note_asked(d, path, same ? &before : NULL, e);
    return st == TFU_OK && same ? tfu_digests_add(d, TFU_DIGEST_OF_BYTES, &before, 1, hex, e) : st;
}

size_t tfu_digests_count(const struct tfu_digests *d)
{
    return d->count;
}
