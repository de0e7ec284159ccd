/* SPDX-License-Identifier: MIT */
#include "core/data/image_cache.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/machine.h"
#include "core/base/path.h"
#include "core/data/image_pack.h"
#include "core/io/folder.h"
#include "core/io/user_cache.h"

enum { ALIGN = 64, RANK = 3, SHARE = 4 }; /* 1 / SHARE of what is free */

/* An example in one piece: this, then the numbers of each field, each where ALIGN divides. */
struct packed {
    uint32_t fields, reserved;
    struct {
        uint32_t kind, dtype, rank, reserved;
        int64_t dim[RANK];
    } field[TFU_EXAMPLE_FIELDS];
};

struct tfu_image_cache {
    struct tfu_image_cache_request request;
    struct tfu_image_pack *pack; /* NULL: in memory */

    pthread_mutex_t lock; /* of what follows; a piece stays as it is once it is there */
    struct piece {
        void *bytes;
        size_t size;
    } * piece; /* of each example; NULL: on the disk */
    uint64_t bytes, room;
    int64_t kept;
    bool is_told; /* that it is full, or fails */
};

/* ---- examples in one piece */

static size_t aligned(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t bytes_of(const struct tfu_tensor *t)
{
    return (size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(t->dtype);
}

/* To be freed; NULL: no memory, or a field that is not known here. */
static void *pack_example(const struct tfu_example_work *w, uint32_t labels, size_t *size)
{
    struct packed head = {.fields = 0};
    const struct tfu_tensor *tensor[TFU_EXAMPLE_FIELDS];
    *size = aligned(sizeof head);
    for (uint32_t i = 0; i < w->example.field_count; i++) {
        const struct tfu_field *f = w->field[i];
        if (f->kind == labels)
            continue;
        if (f->t->shape.rank > RANK)
            return NULL;
        tensor[head.fields] = f->t;
        head.field[head.fields].kind = f->kind;
        head.field[head.fields].dtype = f->t->dtype;
        head.field[head.fields].rank = f->t->shape.rank;
        for (uint32_t k = 0; k < f->t->shape.rank; k++)
            head.field[head.fields].dim[k] = f->t->shape.dim[k];
        head.fields++;
        *size += aligned(bytes_of(f->t));
    }
    char *bytes = calloc(1, *size);
    if (!bytes)
        return NULL;
    memcpy(bytes, &head, sizeof head);
    char *at = bytes + aligned(sizeof head);
    for (uint32_t i = 0; i < head.fields; at += aligned(bytes_of(tensor[i++])))
        if (bytes_of(tensor[i]))
            memcpy(at, tensor[i]->data, bytes_of(tensor[i]));
    return bytes;
}

/* The fields are in `bytes`, which is the example's. What was kept was checked when it was made,
 * and on the disk by its checksum: sizes are looked at so that no mistake becomes a crash. */
static bool unpack_example(struct tfu_example_work *w, void *bytes, size_t size)
{
    struct packed head;
    size_t at = aligned(sizeof head);
    if (size < at || size % ALIGN != 0) /* so that what is left holds a whole number of ALIGN */
        return false;
    memcpy(&head, bytes, sizeof head);
    if (head.fields > TFU_EXAMPLE_FIELDS)
        return false;
    for (uint32_t i = 0; i < head.fields; i++) {
        struct tfu_shape shape = {.rank = head.field[i].rank};
        for (uint32_t k = 0; k < RANK; k++)
            shape.dim[k] = head.field[i].dim[k];
        const struct tfu_tensor *t = tfu_example_append(w, head.field[i].kind, head.field[i].dtype,
                                                        &shape, (char *)bytes + at);
        if (!t || bytes_of(t) > size - at)
            return false;
        at += aligned(bytes_of(t));
    }
    return at == size;
}

/* ---- life */

static uint64_t room_in_memory(void)
{
    struct tfu_machine m;
    tfu_machine_read(&m);
    return m.memory_free / SHARE;
}

static uint64_t room_on_disk(const char *folder)
{
    const double room = tfu_folder_room(folder);
    return isnan(room) ? 0 : (uint64_t)room / SHARE;
}

/* The folder of packs, to be freed, or NULL. */
static char *folder_of(const struct tfu_data_cache *config)
{
    if (config->folder && config->folder[0])
        return strdup(config->folder);
    char *cache = tfu_user_cache();
    char *folder = cache ? tfu_path_join(cache, "images") : NULL;
    free(cache);
    return folder;
}

static enum tfu_status open_pack(struct tfu_image_cache *c, const char *folder, struct tfu_error *e)
{
    const struct tfu_image_cache_request *r = &c->request;
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX], name[32];
    tfu_hash_bytes(r->contents, strlen(r->contents), digest);
    tfu_hash_to_hex(digest, hex);
    snprintf(name, sizeof name, "images-%.20s", hex);
    const enum tfu_status st = tfu_folder_make(folder, e); /* which then says how much is free */
    if (st != TFU_OK)
        return st;
    c->room = r->config.bytes ? (uint64_t)r->config.bytes : room_on_disk(folder);
    return tfu_image_pack_open(&c->pack, folder, "images-", name, r->count, c->room, e);
}

static void say(struct tfu_image_cache *c, const char *what)
{
    tfu_log_write(c->request.log, TFU_LOG_WARNING, "%s%s%s",
                  c->request.split ? c->request.split : "", c->request.split ? " data: " : "",
                  what);
}

/* A cache that cannot be had makes nothing wrong, only slow. */
static enum tfu_status open_disk(struct tfu_image_cache *c, bool *has_place, struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    char *folder = folder_of(&c->request.config);
    enum tfu_status st = TFU_EIO;
    if (folder)
        st = open_pack(c, folder, &why);
    else
        tfu_error_set(&why, st,
                      "there is no place for it: neither TRANSFUSE_CACHE, XDG_CACHE_HOME nor HOME "
                      "say one; set `data.cache_folder`");
    free(folder);
    *has_place = st == TFU_OK;
    if (st == TFU_OK || st == TFU_ENOMEM)
        return st == TFU_OK ? st : tfu_error_set(e, st, "%s", why.text);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "no images are kept on the disk: %s", why.text);
    say(c, tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_OK;
}

enum tfu_status tfu_image_cache_open(struct tfu_image_cache **out,
                                     const struct tfu_image_cache_request *request,
                                     struct tfu_error *e)
{
    bool has_place = true;
    *out = NULL;
    if (request->config.kind == TFU_DATA_CACHE_NONE)
        return TFU_OK;
    struct tfu_image_cache *c = calloc(1, sizeof *c);
    if (!c)
        return tfu_error_memory(e, "opening a cache of images", 0);
    pthread_mutex_init(&c->lock, NULL);
    c->request = *request;
    enum tfu_status st = TFU_OK;
    if (request->config.kind == TFU_DATA_CACHE_DISK)
        st = open_disk(c, &has_place, e);
    else {
        c->room = request->config.bytes ? (uint64_t)request->config.bytes : room_in_memory();
        c->piece = calloc((size_t)request->count + 1, sizeof *c->piece);
        if (!c->piece)
            st = tfu_error_memory(e, "opening a cache of images", 0);
    }
    if (st != TFU_OK || !has_place) {
        tfu_image_cache_close(c);
        return st;
    }
    c->request.contents = NULL; /* the caller's */
    *out = c;
    return TFU_OK;
}

void tfu_image_cache_close(struct tfu_image_cache *c)
{
    if (!c)
        return;
    for (int64_t i = 0; c->piece && i < c->request.count; i++)
        free(c->piece[i].bytes);
    free(c->piece);
    tfu_image_pack_close(c->pack);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- use */

static struct piece piece_of(struct tfu_image_cache *c, int64_t i)
{
    pthread_mutex_lock(&c->lock);
    const struct piece piece = c->piece[i];
    pthread_mutex_unlock(&c->lock);
    return piece;
}

static void say_damaged(struct tfu_image_cache *c)
{
    pthread_mutex_lock(&c->lock);
    const bool first = !c->is_told;
    c->is_told = true;
    pthread_mutex_unlock(&c->lock);
    if (first)
        say(c, "an image in the cache on the disk is damaged: it is read and kept anew");
}

static bool get(struct tfu_image_cache *c, int64_t i, struct tfu_example_work *w)
{
    const struct piece piece =
        c->pack ? (struct piece){.size = tfu_image_pack_size(c->pack, i)} : piece_of(c, i);
    void *bytes = piece.size ? w->host.alloc(&w->host, piece.size) : NULL;
    if (!bytes)
        return false;
    bool whole = true;
    if (c->pack)
        whole = tfu_image_pack_read(c->pack, i, bytes, piece.size);
    else
        memcpy(bytes, piece.bytes, piece.size);
    if (whole && unpack_example(w, bytes, piece.size))
        return true;
    w->example.field_count = 0;
    if (c->pack)
        tfu_image_pack_forget(c->pack, i);
    say_damaged(c);
    return false;
}

uint64_t tfu_image_cache_room(const struct tfu_image_cache *c)
{
    return c->pack ? 0 : c->room;
}

bool tfu_image_cache_get(struct tfu_image_cache *c, int64_t i, struct tfu_example_work *w)
{
    /* why it is not there is no failure of the example */
    struct tfu_error why = TFU_ERROR_INIT, *const outer = w->error;
    w->error = &why;
    const bool there = get(c, i, w);
    w->error = outer;
    return there;
}

/* Said once: nobody wants to know it of each example. */
static void say_full(struct tfu_image_cache *c, int64_t kept)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text,
                    "the cache of images is full after %lld of %lld examples (%.0f MiB): the "
                    "others are read anew each time; `data.cache_bytes` may give it more",
                    (long long)kept, (long long)c->request.count,
                    (double)c->room / (1024.0 * 1024.0));
    say(c, tfu_text_get(&text));
    tfu_text_free(&text);
}

/* Takes the piece over; false: there is no room. */
static bool keep_in_memory(struct tfu_image_cache *c, int64_t i, void *bytes, size_t size)
{
    pthread_mutex_lock(&c->lock);
    const bool fits = c->bytes + size <= c->room, taken = fits && !c->piece[i].bytes;
    if (taken) {
        c->piece[i] = (struct piece){bytes, size};
        c->bytes += size;
        c->kept++;
    }
    pthread_mutex_unlock(&c->lock);
    if (!taken)
        free(bytes);
    return fits;
}

static bool keep_on_disk(struct tfu_image_cache *c, int64_t i, void *bytes, size_t size,
                         struct tfu_error *e)
{
    const enum tfu_image_pack_added added = tfu_image_pack_add(c->pack, i, bytes, size, e);
    free(bytes);
    pthread_mutex_lock(&c->lock);
    c->kept += added == TFU_IMAGE_PACK_ADDED;
    pthread_mutex_unlock(&c->lock);
    return added == TFU_IMAGE_PACK_ADDED;
}

void tfu_image_cache_put(struct tfu_image_cache *c, int64_t i, const struct tfu_example_work *w)
{
    struct tfu_error why = TFU_ERROR_INIT;
    size_t size;
    void *bytes = pack_example(w, c->request.labels, &size);
    if (!bytes ||
        (c->pack ? keep_on_disk(c, i, bytes, size, &why) : keep_in_memory(c, i, bytes, size)))
        return;
    pthread_mutex_lock(&c->lock);
    const bool first = !c->is_told;
    const int64_t kept = c->kept;
    c->is_told = true;
    pthread_mutex_unlock(&c->lock);
    if (first && why.status != TFU_OK)
        say(c, why.text);
    else if (first)
        say_full(c, kept);
}
