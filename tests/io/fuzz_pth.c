/* SPDX-License-Identifier: MIT
 *
 * Whatever the bytes, PyTorch's readers refuse them or every tensor that they list can be read.
 * What is neither an archive nor begins as the older format is taken for the pickle of an archive,
 * which spares the fuzzer the checksums; each storage then has the same 64 bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/io/pth.h"

enum { STORAGE = 64, ALL_MAX = 1 << 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes of a tensor, or SIZE_MAX when they are too many to be read here. */
static size_t bytes_of(const struct tfu_reader_tensor *t)
{
    size_t bytes = tfu_stored_type_size(t->type);
    bool empty = false;
    for (size_t i = 0; i < t->rank; i++) {
        if (t->dim[i] == 0)
            empty = true;
        else if (__builtin_mul_overflow(bytes, (size_t)t->dim[i], &bytes))
            __builtin_trap();
    }
    return empty ? 0 : bytes > ALL_MAX ? SIZE_MAX : bytes;
}

static void read_all(const struct tfu_weights_reader *r)
{
    size_t left = ALL_MAX;
    for (size_t i = 0; i < r->ops->count(r->self); i++) {
        const struct tfu_reader_tensor t = r->ops->get(r->self, i);
        const size_t n = t.problem ? SIZE_MAX : bytes_of(&t);
        if (n > left)
            continue;
        left -= n;
        char *to = malloc(n + 1);
        if (!to || !t.name[0])
            __builtin_trap();
        const enum tfu_status st = r->ops->read(r->self, i, to, NULL);
        const void *place = r->ops->borrow(r->self, i);
        if (place && (st != TFU_OK || memcmp(place, to, n) != 0))
            __builtin_trap();
        free(to);
    }
    r->ops->unwrapped(r->self);
    r->ops->close(r->self);
}

static enum tfu_status find(const void *self, const char *key, size_t *index, uint64_t *bytes,
                            struct tfu_error *e)
{
    (void)self;
    (void)e;
    *index = strlen(key);
    *bytes = STORAGE;
    return TFU_OK;
}

static void unpickle(const uint8_t *data, size_t size)
{
    const struct tfu_pth_finder finder = {find, NULL};
    static const char storage[STORAGE];
    struct tfu_pickle pickle;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_arena arena;
    struct tfu_pth p = {0};
    tfu_arena_init(&arena, 0);
    if (tfu_pth_begin(&p, "fuzz", &e) == TFU_OK &&
        tfu_pth_unpickle(&p, &pickle, "data.pkl", data, size, &arena, &e) == TFU_OK &&
        tfu_pth_collect(&p, &pickle, &finder, NULL, &e) == TFU_OK)
        for (size_t i = 0; i < p.count; i++) {
            const size_t n = tfu_pth_tensor_bytes(&p.tensor[i]);
            if (p.tensor[i].shown.problem)
                continue;
            if (n != bytes_of(&p.tensor[i].shown))
                __builtin_trap();
            char *to = malloc(n + 1);
            if (to)
                tfu_pth_tensor_gather(&p.tensor[i], storage, to);
            free(to);
        }
    if (arena.used > 256 * size + 65536) /* memory in proportion */
        __builtin_trap();
    tfu_arena_free(&arena);
    tfu_pth_end(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfu_weights_reader r;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t length;
    if (size >= 2 && memcmp(data, "PK", 2) == 0) {
        if (tfu_pth_zip_open(&r, "fuzz", data, size, NULL, &e) == TFU_OK)
            read_all(&r);
    } else if (tfu_pth_legacy_begins(data, size, &length)) {
        if (tfu_pth_legacy_open(&r, "fuzz", data, size, NULL, &e) == TFU_OK)
            read_all(&r);
    } else {
        unpickle(data, size);
    }
    return 0;
}
