/* SPDX-License-Identifier: MIT */
#include "core/data/contents.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/tasks.h"
#include "core/data/file_digest.h"
#include "core/data/image_file.h"
#include "core/data/look_cache.h"

/* Of what a plugin adds so much waits, to be looked at together: enough for all threads, and not
 * so much that a failure comes long after its file. */
enum { ITEMS = 512, FEW = 8, PIECE = 1 << 16 };

/* An image, or bytes that belong between two of them. */
struct tfu_contents_item {
    char *path; /* NULL: bytes */
    struct tfu_image_file_want want;
    uint64_t how;
    void *bytes;
    size_t size;
    bool known; /* from the cache */
    enum tfu_status status;
    struct tfu_image_look look;
    struct tfu_error error;
};

static enum tfu_status host_fail(struct tfu_dataset_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    struct tfu_contents *c = h->host;
    char text[1024];
    va_list args;
    va_start(args, fmt);
    if (c->refused) {
        vsnprintf(text, sizeof text, fmt, args);
        tfu_error_prefix(c->error, "%s", text);
    } else {
        tfu_error_set_v(c->error, st, fmt, args);
    }
    va_end(args);
    c->refused = false;
    return st;
}

static void host_warn(struct tfu_dataset_host *h, const char *fmt, ...)
{
    const struct tfu_contents *c = h->host;
    va_list args;
    if (c->again)
        return; /* it was said */
    va_start(args, fmt);
    tfu_log_write_v(c->log, TFU_LOG_WARNING, fmt, args);
    va_end(args);
}

static enum tfu_status begin(struct tfu_contents *c)
{
    if (!c->opening)
        return tfu_error_set(c->error, TFU_EINVAL,
                             "something is added to the fingerprint outside of open()");
    return c->hash ? TFU_OK : tfu_hash_new(&c->hash, c->error);
}

/* Each piece with its size before it: what lies where between two pieces counts. */
static void add(struct tfu_contents *c, const void *bytes, size_t size)
{
    char text[32];
    const int n = snprintf(text, sizeof text, "%zu\n", size);
    tfu_hash_add(c->hash, text, (size_t)n);
    if (size)
        tfu_hash_add(c->hash, bytes, size);
}

/* ---- looking at what waits */

static void free_items(struct tfu_contents *c)
{
    for (size_t i = 0; i < c->items; i++) {
        free(c->item[i].path);
        free(c->item[i].bytes);
    }
    c->items = 0;
}

static enum tfu_status look(void *arg, uint32_t index, struct tfu_error *e)
{
    (void)e; /* of each item its own */
    const struct tfu_contents *c = arg;
    struct tfu_contents_item *x = &c->item[index];
    if (x->path && !x->known)
        x->status =
            tfu_image_files_look(c->files, x->path, &x->want, c->bad != NULL, &x->look, &x->error);
    return TFU_OK;
}

/* By several threads where there is something to do for them. */
static enum tfu_status look_at_all(struct tfu_contents *c, struct tfu_error *e)
{
    size_t unknown = 0;
    for (size_t i = 0; i < c->items; i++)
        unknown += c->item[i].path && !c->item[i].known;
    /* without them it takes longer, and that is all */
    if (unknown >= FEW && !c->threads)
        tfu_threads_new(&c->threads, 0, NULL);
    return tfu_tasks_run(unknown >= FEW ? c->threads : NULL, (uint32_t)c->items, look, c, e);
}

static void take_size(struct tfu_contents *c, const struct tfu_image_file_info *info)
{
    const int64_t numbers = info->height * info->width * info->channels;
    c->largest = numbers > c->largest ? numbers : c->largest;
    const bool first = c->images++ == 0;
    c->height = first || c->height == info->height ? info->height : 0;
    c->width = first || c->width == info->width ? info->width : 0;
    c->channels = first || c->channels == info->channels ? info->channels : 0;
}

/* One that cannot be read. Its example is not used: what it is does not count, but that it is. */
static enum tfu_status take_bad(struct tfu_contents *c, const struct tfu_contents_item *x,
                                struct tfu_error *e)
{
    static const char mark[] = "a bad image";
    if (!c->bad || x->status == TFU_ENOMEM) {
        c->failing = c->failing ? c->failing : strdup(x->path);
        return tfu_error_set(e, x->status, "%s", x->error.text);
    }
    add(c, mark, sizeof mark);
    const enum tfu_status st = tfu_bad_images_add(c->bad, x->error.text, e);
    return st == TFU_OK ? tfu_image_files_remember(c->files, x->path, NULL, e) : st;
}

static enum tfu_status take(struct tfu_contents *c, const struct tfu_contents_item *x,
                            struct tfu_error *e)
{
    char hex[TFU_HASH_HEX];
    if (!x->path)
        add(c, x->bytes, x->size);
    if (!x->path)
        return TFU_OK;
    if (x->status != TFU_OK)
        return take_bad(c, x, e);
    tfu_hash_to_hex(x->look.digest, hex);
    add(c, hex, strlen(hex));
    take_size(c, &x->look.info);
    tfu_image_kinds_add(&c->kinds, x->look.traits);
    if (!x->known)
        tfu_look_cache_add(c->cache, x->path, x->how, &x->look);
    return tfu_image_files_remember(c->files, x->path, &x->look, e);
}

enum tfu_status tfu_contents_finish(struct tfu_contents *c, struct tfu_error *e)
{
    enum tfu_status st = c->items ? look_at_all(c, e) : TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < c->items; i++)
        st = take(c, &c->item[i], e);
    free_items(c);
    return st;
}

/* ---- adding */

/* The place of one more. */
static enum tfu_status make_item(struct tfu_contents *c, struct tfu_contents_item **out)
{
    enum tfu_status st = c->items == ITEMS ? tfu_contents_finish(c, c->error) : TFU_OK;
    if (st == TFU_OK && !c->item && !(c->item = calloc(ITEMS, sizeof *c->item)))
        st = tfu_error_memory(c->error, "looking at files", 0);
    struct tfu_contents_item *x = *out = st == TFU_OK ? &c->item[c->items] : NULL;
    if (!x)
        return st;
    x->path = NULL;
    x->bytes = NULL;
    x->known = false;
    x->status = x->error.status = TFU_OK;
    return TFU_OK;
}

static enum tfu_status host_add_bytes(struct tfu_dataset_host *h, const void *bytes, size_t size)
{
    struct tfu_contents *c = h->host;
    struct tfu_contents_item *x = NULL;
    enum tfu_status st = begin(c);
    if (st == TFU_OK && c->again)
        return st;
    if (st == TFU_OK && size > PIECE)
        st = tfu_contents_finish(c, c->error);
    else if (st == TFU_OK && c->items > 0)
        st = make_item(c, &x);
    if (st != TFU_OK)
        return st;
    if (!x || c->items == 0) {
        add(c, bytes, size);
        return TFU_OK;
    }
    x->bytes = malloc(size + 1);
    if (!x->bytes)
        return tfu_error_memory(c->error, "opening a dataset", size);
    if (size)
        memcpy(x->bytes, bytes, size);
    x->size = size;
    c->items++;
    return TFU_OK;
}

static enum tfu_status host_add_file(struct tfu_dataset_host *h, const char *path)
{
    struct tfu_contents *c = h->host;
    char hex[TFU_HASH_HEX];
    enum tfu_status st = begin(c);
    if (st == TFU_OK && c->again)
        return st;
    if (st == TFU_OK)
        st = tfu_file_digest(c->cache, path, hex, c->error);
    c->refused = st != TFU_OK;
    return st == TFU_OK ? host_add_bytes(h, hex, strlen(hex)) : st;
}

static enum tfu_status host_md5(struct tfu_dataset_host *h, const char *path,
                                char hex[TFU_HASH_MD5_HEX])
{
    const struct tfu_contents *c = h->host;
    struct tfu_error why = TFU_ERROR_INIT;
    return tfu_file_digest_md5(c->cache, path, hex, &why);
}

/* As how it is looked at; all images of a dataset usually are in one way. */
static enum tfu_status find_how(struct tfu_contents *c, struct tfu_contents_item *x)
{
    if (!c->last.known || c->last.channels != x->want.channels) {
        const enum tfu_status st = tfu_image_files_how(c->files, &x->want, &c->last.how, c->error);
        if (st != TFU_OK)
            return st;
        c->last.known = true;
        c->last.channels = x->want.channels;
    }
    x->how = c->last.how;
    return TFU_OK;
}

static enum tfu_status find_known(struct tfu_contents *c, struct tfu_contents_item *x)
{
    struct stat s;
    if (!c->cache)
        return TFU_OK;
    const enum tfu_status st = find_how(c, x);
    if (st != TFU_OK || !tfu_look_cache_has(c->cache, x->path) || stat(x->path, &s) != 0)
        return st;
    const struct tfu_file_state state = tfu_file_state_of(&s);
    x->known = tfu_look_cache_find(c->cache, x->path, &state, x->how, &x->look) &&
               (x->look.whole || !c->bad);
    return TFU_OK;
}

static enum tfu_status host_add_image(struct tfu_dataset_host *h, const char *path,
                                      int64_t channels)
{
    struct tfu_contents *c = h->host;
    struct tfu_contents_item *x = NULL;
    enum tfu_status st = begin(c);
    if (st == TFU_OK && c->again) {
        c->refused = strcmp(path, c->failing) == 0;
        return c->refused ? tfu_error_set(c->error, c->why.status, "%s", c->why.text) : TFU_OK;
    }
    if (st == TFU_OK)
        st = make_item(c, &x);
    if (st != TFU_OK)
        return st;
    x->want = (struct tfu_image_file_want){.channels = channels};
    x->path = strdup(path);
    if (!x->path)
        return tfu_error_memory(c->error, "looking at files", 0);
    c->items++;
    return find_known(c, x);
}

/* ---- life */

void tfu_contents_init(struct tfu_contents *c, struct tfu_image_files *files, struct tfu_log *log)
{
    *c = (struct tfu_contents){.files = files, .log = log};
}

struct tfu_dataset_host *tfu_contents_host(struct tfu_contents *c, bool opening,
                                           struct tfu_error *e)
{
    c->opening = opening;
    c->refused = false;
    c->error = e;
    c->host = (struct tfu_dataset_host){.struct_size = sizeof c->host,
                                        .host = c,
                                        .fail = host_fail,
                                        .warn = host_warn,
                                        .add_file = host_add_file,
                                        .add_image = host_add_image,
                                        .add_bytes = host_add_bytes,
                                        .md5 = host_md5};
    return &c->host;
}

void tfu_contents_repeat(struct tfu_contents *c, const struct tfu_error *why)
{
    c->again = true;
    c->why = *why;
}

enum tfu_status tfu_contents_fingerprint(struct tfu_contents *c, char hex[TFU_HASH_HEX],
                                         struct tfu_error *e)
{
    hex[0] = '\0';
    enum tfu_status st = tfu_contents_finish(c, e);
    if (st == TFU_OK && c->hash)
        st = tfu_hash_hex(c->hash, hex, e);
    tfu_contents_free(c);
    return st;
}

void tfu_contents_free(struct tfu_contents *c)
{
    free_items(c);
    free(c->item);
    c->item = NULL;
    free(c->failing);
    c->failing = NULL;
    tfu_threads_free(c->threads);
    c->threads = NULL;
    tfu_hash_free(c->hash);
    c->hash = NULL;
}
