/* SPDX-License-Identifier: MIT */
#include "core/data/file_digest.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"

/* How a file is looked at, where images have another number for each way; and under which name that
 * is kept, beside what is known of an image in the same file. */
struct kind {
    uint64_t how;
    const char *name;
    size_t size; /* of the digest */
    enum tfu_status (*compute)(const char *path, char *hex, struct tfu_error *e);
};

static bool look_at(const char *path, struct tfu_file_state *out)
{
    struct stat s;
    if (stat(path, &s) != 0)
        return false;
    *out = tfu_file_state_of(&s);
    return true;
}

static uint8_t nibble(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void from_hex(const char *hex, size_t size, uint8_t *digest)
{
    for (size_t i = 0; i < size; i++)
        digest[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
}

static enum tfu_status find(const struct kind *k, struct tfu_look_cache *cache, const char *path,
                            const char *name, char *hex, struct tfu_error *e)
{
    struct tfu_image_look look = {.settled = true};
    struct tfu_file_state after;
    char all[TFU_HASH_HEX];
    const bool there = look_at(path, &look.state);
    if (there && tfu_look_cache_find(cache, name, &look.state, k->how, &look)) {
        tfu_hash_to_hex(look.digest, all);
        memcpy(hex, all, 2 * k->size);
        hex[2 * k->size] = '\0';
        return TFU_OK;
    }
    const enum tfu_status st = k->compute(path, hex, e);
    if (st != TFU_OK || !there || !look_at(path, &after) ||
        memcmp(&after, &look.state, sizeof after) != 0)
        return st;
    from_hex(hex, k->size, look.digest);
    tfu_look_cache_add(cache, name, k->how, &look);
    return TFU_OK;
}

static enum tfu_status digest(const struct kind *k, struct tfu_look_cache *cache, const char *path,
                              char *hex, struct tfu_error *e)
{
    struct tfu_text name = TFU_TEXT_INIT;
    if (!cache)
        return k->compute(path, hex, e);
    tfu_text_printf(&name, "%s of %s", k->name, path);
    const enum tfu_status st = name.failed ? tfu_error_memory(e, "looking at files", 0)
                                           : find(k, cache, path, tfu_text_get(&name), hex, e);
    tfu_text_free(&name);
    return st;
}

enum tfu_status tfu_file_digest(struct tfu_look_cache *cache, const char *path,
                                char hex[TFU_HASH_HEX], struct tfu_error *e)
{
    static const struct kind kind = {1, "sha256", TFU_HASH_SIZE, tfu_hash_file};
    return digest(&kind, cache, path, hex, e);
}

enum tfu_status tfu_file_digest_md5(struct tfu_look_cache *cache, const char *path,
                                    char hex[TFU_HASH_MD5_HEX], struct tfu_error *e)
{
    static const struct kind kind = {2, "md5", TFU_HASH_MD5_SIZE, tfu_hash_file_md5};
    return digest(&kind, cache, path, hex, e);
}
