/* SPDX-License-Identifier: MIT
 *
 * PyTorch's format before 1.6: pickles of a magic number, a version, the machine, the object and
 * the list of storage keys; then each storage as a count of 8 bytes and its numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "core/io/pth.h"

enum { VERSION = 1001, COUNT_SIZE = 8, TAR_MAGIC_AT = 257 };

/* The pickle of 0x1950a86a20f9469cfc6c, behind its protocol and, from 4 on, its frame. */
static const uint8_t magic[] = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                                0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};

struct storage {
    const char *key;
    const uint8_t *bytes;
    uint64_t size;
    enum tfu_stored_type type;
    size_t number; /* bytes of one */
};

struct pth_legacy {
    struct tfu_pth base;
    const uint8_t *bytes;
    size_t size, position;
    struct storage *storage; /* sorted by key */
    size_t storage_count;
};

bool tfu_pth_legacy_begins(const void *bytes, size_t size, size_t *length)
{
    enum { PROTO = 0x80, FRAME = 0x95, FRAME_SIZE = 9, LEAST = 2, FRAMED = 4, MOST = 5 };
    const uint8_t *b = bytes;
    if (size < 3 || b[0] != PROTO || b[1] < LEAST || b[1] > MOST)
        return false;
    const size_t at = b[1] >= FRAMED && b[2] == FRAME ? 2 + FRAME_SIZE : 2;
    *length = at + sizeof magic;
    return size >= *length && memcmp(b + at, magic, sizeof magic) == 0;
}

static enum tfu_status check_magic(struct pth_legacy *f, struct tfu_error *e)
{
    if (tfu_pth_legacy_begins(f->bytes, f->size, &f->position))
        return TFU_OK;
    if (f->size > TAR_MAGIC_AT + 5 && memcmp(f->bytes + TAR_MAGIC_AT, "ustar", 5) == 0)
        return tfu_error_at(e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
                            "the file is a tar archive, as PyTorch wrote them before 0.1.10; load "
                            "it in Python and write it again with torch.save");
    return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                        "the file does not begin as PyTorch's; write it with torch.save");
}

static enum tfu_status next_pickle(struct pth_legacy *f, struct tfu_pickle *out, const char *part,
                                   struct tfu_arena *values, struct tfu_error *e)
{
    const enum tfu_status st = tfu_pth_unpickle(&f->base, out, part, f->bytes + f->position,
                                                f->size - f->position, values, e);
    if (st == TFU_OK)
        f->position += out->used;
    return st;
}

static enum tfu_status check_version(struct pth_legacy *f, struct tfu_arena *values,
                                     struct tfu_error *e)
{
    struct tfu_pickle pickle;
    const enum tfu_status st = next_pickle(f, &pickle, "version", values, e);
    if (st == TFU_OK && (pickle.root->kind != TFU_PICKLE_INT || pickle.root->integer != VERSION))
        return tfu_error_at(e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
                            "its version is not %d, the only one there is; the file is damaged",
                            VERSION);
    return st;
}

static enum tfu_status check_machine(struct pth_legacy *f, struct tfu_arena *values,
                                     struct tfu_error *e)
{
    struct tfu_pickle pickle;
    const enum tfu_status st = next_pickle(f, &pickle, "machine", values, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_pickle_value *little = tfu_pickle_get(pickle.root, "little_endian");
    if (!little || little->kind != TFU_PICKLE_BOOL)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "it does not say whether it is little-endian; the file is damaged");
    if (!little->truth)
        return tfu_error_at(
            e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
            "its numbers are not little-endian; write the file again on such a machine");
    return TFU_OK;
}

static int by_key(const void *left, const void *right)
{
    const struct storage *a = left, *b = right;
    return strcmp(a->key, b->key);
}

/* The type of each storage is with the object only: sorted by key, keys may repeat. */
static enum tfu_status list_types(const struct pth_legacy *f, const struct tfu_pickle *object,
                                  struct tfu_arena *values, struct storage **out, size_t *count,
                                  struct tfu_error *e)
{
    *count = 0;
    *out = tfu_arena_array(values, object->persistent_count, sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    for (size_t i = 0; i < object->persistent_count; i++) {
        struct tfu_pth_storage s;
        if (tfu_pth_is_module(object->persistent[i]))
            continue;
        const enum tfu_status st = tfu_pth_storage_read(&f->base, &s, object->persistent[i], e);
        if (st != TFU_OK)
            return st;
        if (!s.size)
            return tfu_error_at(e, TFU_EUNSUPPORTED, f->base.path, 0, 0,
                                "storage '%.200s' is of a type that is not known; load the file in "
                                "Python and write it again with torch.save",
                                s.key);
        (*out)[(*count)++] = (struct storage){.key = s.key, .type = s.type, .number = s.size};
    }
    qsort(*out, *count, sizeof **out, by_key);
    return TFU_OK;
}

static enum tfu_status place_storage(struct pth_legacy *f, struct storage *s, struct tfu_error *e)
{
    const size_t left = f->size - f->position;
    int64_t count;
    uint64_t bytes;
    if (left < COUNT_SIZE)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "the file ends before storage '%.200s'; it is cut off", s->key);
    memcpy(&count, f->bytes + f->position, sizeof count);
    if (count < 0 || __builtin_mul_overflow((uint64_t)count, s->number, &bytes) ||
        bytes > left - COUNT_SIZE)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "storage '%.200s' claims %lld numbers of type %s where %zu bytes are "
                            "left; the file is cut off or damaged",
                            s->key, (long long)count, tfu_stored_type_name(s->type),
                            left - COUNT_SIZE);
    s->bytes = f->bytes + f->position + COUNT_SIZE;
    s->size = bytes;
    f->position += COUNT_SIZE + (size_t)bytes;
    return TFU_OK;
}

static enum tfu_status check_keys(const struct pth_legacy *f, const struct tfu_pickle_value *keys,
                                  struct tfu_error *e)
{
    bool good = keys->kind == TFU_PICKLE_LIST;
    for (size_t i = 0; good && i < keys->count; i++)
        good = tfu_pickle_is_printable(keys->item[i]);
    if (good)
        return TFU_OK;
    return tfu_error_at(
        e, TFU_ECORRUPT, f->base.path, 0, 0,
        "the storages' keys are not a list of printable strings; the file is damaged");
}

/* All storages, in the order of the keys. */
static enum tfu_status place_storages(struct pth_legacy *f, const struct tfu_pickle *object,
                                      struct tfu_arena *values, struct tfu_error *e)
{
    struct tfu_pickle keys;
    struct storage *types = NULL;
    size_t type_count = 0;
    enum tfu_status st = next_pickle(f, &keys, "keys", values, e);
    if (st == TFU_OK)
        st = check_keys(f, keys.root, e);
    if (st == TFU_OK)
        st = list_types(f, object, values, &types, &type_count, e);
    if (st != TFU_OK)
        return st;
    f->storage = tfu_arena_array(values, keys.root->count, sizeof *f->storage);
    if (!f->storage)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    f->storage_count = keys.root->count;
    for (size_t i = 0; i < f->storage_count && st == TFU_OK; i++) {
        struct storage *s = &f->storage[i];
        s->key = keys.root->item[i]->text;
        const struct storage *known =
            type_count ? bsearch(s, types, type_count, sizeof *types, by_key) : NULL;
        if (!known)
            return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                                "storage '%.200s' belongs to no tensor; the file is damaged",
                                s->key);
        s->type = known->type;
        s->number = known->number;
        st = place_storage(f, s, e);
    }
    return st;
}

static enum tfu_status sort_storages(struct pth_legacy *f, struct tfu_error *e)
{
    if (f->storage_count > 0)
        qsort(f->storage, f->storage_count, sizeof *f->storage, by_key);
    for (size_t i = 1; i < f->storage_count; i++)
        if (by_key(&f->storage[i - 1], &f->storage[i]) == 0)
            return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                                "storage '%.200s' is there twice; the file is damaged",
                                f->storage[i].key);
    return TFU_OK;
}

static enum tfu_status find_storage(const void *self, const char *key, size_t *index,
                                    uint64_t *bytes, struct tfu_error *e)
{
    const struct pth_legacy *f = self;
    const struct storage wanted = {.key = key};
    const struct storage *s =
        f->storage_count > 0 ? bsearch(&wanted, f->storage, f->storage_count, sizeof wanted, by_key)
                             : NULL;
    if (!s)
        return tfu_error_at(e, TFU_ECORRUPT, f->base.path, 0, 0,
                            "storage '%.200s' is not in the file, which is damaged", key);
    *index = (size_t)(s - f->storage);
    *bytes = s->size;
    return TFU_OK;
}

static enum tfu_status say_trailing(struct pth_legacy *f, struct tfu_error *e)
{
    const char *before = f->base.unwrapped;
    if (f->position != f->size)
        f->base.unwrapped =
            tfu_arena_printf(&f->base.arena, "%s%s%zu bytes behind the last storage", before,
                             *before ? ", " : "", f->size - f->position);
    return f->base.unwrapped ? TFU_OK : tfu_error_memory(e, "reading a PyTorch file", 0);
}

static enum tfu_status read_all(struct pth_legacy *f, struct tfu_arena *values,
                                const char *dictionary, struct tfu_error *e)
{
    struct tfu_pickle object;
    const struct tfu_pth_finder finder = {find_storage, f};
    enum tfu_status st = check_magic(f, e);
    if (st == TFU_OK)
        st = check_version(f, values, e);
    if (st == TFU_OK)
        st = check_machine(f, values, e);
    if (st == TFU_OK)
        st = next_pickle(f, &object, "object", values, e);
    if (st == TFU_OK &&
        object.root->kind == TFU_PICKLE_DICT) /* else it is refused for what it is */
        st = place_storages(f, &object, values, e);
    if (st == TFU_OK)
        st = sort_storages(f, e);
    if (st == TFU_OK)
        st = tfu_pth_collect(&f->base, &object, &finder, dictionary, e);
    return st == TFU_OK ? say_trailing(f, e) : st;
}

/* What the tensors need of the storages stays when the pickled values go. */
static enum tfu_status keep_places(struct pth_legacy *f, struct tfu_error *e)
{
    struct storage *kept = tfu_arena_array(&f->base.arena, f->storage_count, sizeof *kept);
    if (!kept)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    for (size_t i = 0; i < f->storage_count; i++) {
        kept[i] = f->storage[i];
        kept[i].key = NULL;
    }
    f->storage = kept;
    return TFU_OK;
}

static void close_legacy(void *self)
{
    struct pth_legacy *f = self;
    tfu_pth_end(&f->base);
    free(f);
}

static const void *borrow_tensor(const void *self, size_t i)
{
    const struct pth_legacy *f = self;
    const struct tfu_pth_tensor *t = &f->base.tensor[i];
    if (!t->contiguous || !t->count)
        return NULL;
    return f->storage[t->storage].bytes + (size_t)t->offset * tfu_stored_type_size(t->shown.type);
}

static enum tfu_status read_tensor(const void *self, size_t i, void *to, struct tfu_error *e)
{
    (void)e;
    const struct pth_legacy *f = self;
    const struct tfu_pth_tensor *t = &f->base.tensor[i];
    tfu_pth_tensor_gather(t, f->storage[t->storage].bytes, to);
    return TFU_OK;
}

enum tfu_status tfu_pth_legacy_open(struct tfu_weights_reader *out, const char *path,
                                    const void *bytes, size_t size, const char *dictionary,
                                    struct tfu_error *e)
{
    static const struct tfu_weights_reader_ops ops = {
        .format = "PyTorch before 1.6",
        .close = close_legacy,
        .count = tfu_pth_count,
        .get = tfu_pth_get,
        .read = read_tensor,
        .borrow = borrow_tensor,
        .unwrapped = tfu_pth_unwrapped,
        .dictionary_at = tfu_pth_dictionary_at,
    };
    *out = (struct tfu_weights_reader){0};
    struct pth_legacy *f = calloc(1, sizeof *f);
    if (!f)
        return tfu_error_memory(e, "reading a PyTorch file", 0);
    struct tfu_arena values;
    tfu_arena_init(&values, 0);
    f->bytes = bytes;
    f->size = size;
    enum tfu_status st = tfu_pth_begin(&f->base, path, e);
    if (st == TFU_OK)
        st = read_all(f, &values, dictionary, e);
    if (st == TFU_OK)
        st = keep_places(f, e);
    tfu_arena_free(&values);
    if (st == TFU_OK)
        *out = (struct tfu_weights_reader){&ops, f};
    else
        close_legacy(f);
    return st;
}
