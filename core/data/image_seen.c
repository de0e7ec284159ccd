/* SPDX-License-Identifier: MIT */
#include "core/data/image_seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"

/* FNV-1a, mixed once more. */
uint64_t tfu_image_seen_hash(const char *path)
{
    uint64_t h = tfu_fnv1a(TFU_FNV1A_BEGIN, path, strlen(path));
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 32;
    return h ? h : 1;
}

/* The slot of `path`, or the free one where it would be. */
static struct tfu_image_seen_file *find(const struct tfu_image_seen *s, uint64_t path)
{
    size_t i = (size_t)path & (s->capacity - 1);
    while (s->slot[i].path && s->slot[i].path != path)
        i = (i + 1) & (s->capacity - 1);
    return &s->slot[i];
}

static bool grow(struct tfu_image_seen *s)
{
    struct tfu_image_seen larger = {.capacity = s->capacity ? 2 * s->capacity : 256,
                                    .count = s->count};
    larger.slot = calloc(larger.capacity, sizeof *larger.slot);
    if (!larger.slot)
        return false;
    for (size_t i = 0; i < s->capacity; i++)
        if (s->slot[i].path)
            *find(&larger, s->slot[i].path) = s->slot[i];
    free(s->slot);
    *s = larger;
    return true;
}

enum tfu_status tfu_image_seen_add(struct tfu_image_seen *s, const struct tfu_image_seen_file *file,
                                   struct tfu_error *e)
{
    /* three quarters full at most: 43 to 85 bytes a file */
    if (4 * (s->count + 1) > 3 * s->capacity && !grow(s))
        return tfu_error_memory(e, "looking at image files", 0);
    struct tfu_image_seen_file *f = find(s, file->path);
    s->count += f->path == 0;
    *f = *file;
    return TFU_OK;
}

const struct tfu_image_seen_file *tfu_image_seen_find(const struct tfu_image_seen *s,
                                                      const char *path)
{
    const struct tfu_image_seen_file *f = s->capacity ? find(s, tfu_image_seen_hash(path)) : NULL;
    return f && f->path ? f : NULL;
}

bool tfu_image_seen_is_bad(const struct tfu_image_seen_file *f)
{
    return f->digest[0] == 0 && f->digest[1] == 0;
}

void tfu_image_seen_free(struct tfu_image_seen *s)
{
    free(s->slot);
    *s = (struct tfu_image_seen){.slot = NULL};
}
