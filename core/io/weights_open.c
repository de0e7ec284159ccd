/* SPDX-License-Identifier: MIT */
#include "core/io/weights.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/weights_digest.h"
#include "core/io/weights_opened.h"

/* The numbers of a tensor of these sizes; -1: more than can be counted. */
static int64_t count_of(size_t rank, const int64_t *dim)
{
    int64_t count = 1;
    bool overflow = false;
    for (size_t i = 0; i < rank; i++) {
        if (dim[i] == 0)
            return 0;
        overflow |= dim[i] < 0 || __builtin_mul_overflow(count, dim[i], &count);
    }
    return overflow || (uint64_t)count > SIZE_MAX / sizeof(double) ? -1 : count;
}

static bool is_own_checkpoint(const struct tfu_weights *w, const struct tfu_weights_own *own)
{
    for (size_t i = 0; own && i < own->note_count; i++)
        if (!tfu_weights_note(w, own->note[i]))
            return false;
    return own != NULL;
}

static enum tfu_status list_tensors(struct tfu_weights *w, struct tfu_error *e)
{
    const struct tfu_weights_reader *r = &w->reader;
    const size_t total = r->ops->count(r->self);
    w->count = 0;
    w->entry = calloc(total + 1, sizeof *w->entry);
    if (!w->entry)
        return tfu_error_memory(e, "listing the tensors of a file", 0);
    for (size_t i = 0; i < total; i++) {
        const struct tfu_reader_tensor t = r->ops->get(r->self, i);
        if (w->own && strncmp(t.name, w->own->slots, strlen(w->own->slots)) == 0)
            continue;
        int64_t count = count_of(t.rank, t.dim);
        if (t.problem && (count < 0 || !t.rank))
            count = 0;
        if (count < 0)
            return tfu_error_at(e, TFU_ECORRUPT, w->path, 0, 0,
                                "tensor '%.200s' has more numbers than any file", t.name);
        w->entry[w->count++] = (struct tfu_weights_entry){
            .tensor = {.name = t.name,
                       .stored_name = t.name,
                       .type = t.type,
                       .rank = t.rank,
                       .dim = t.dim,
                       .count = count,
                       .problem = t.problem,
                       .kind = t.problem ? t.kind : tfu_stored_type_name(t.type),
                       .beside = t.beside},
            .place = i,
        };
    }
    if (w->count < total)
        tfu_text_printf(&w->unwrapped, "optimizer's slots '%s*'", w->own->slots);
    return TFU_OK;
}

static enum tfu_status check_digest(struct tfu_weights *w,
                                    const struct tfu_weights_request *request, struct tfu_error *e)
{
    struct tfu_weights_digest expected;
    char hex[TFU_HASH_HEX];
    enum tfu_status st = tfu_weights_digest_expect(&expected, w->path, request->sha256, e);
    if (st != TFU_OK || !expected.prefix[0])
        return st;
    st = tfu_weights_sha256(w, hex, e);
    return st == TFU_OK ? tfu_weights_digest_check(&expected, w->path, hex, &w->warning, e) : st;
}

static const char *given(const char *text)
{
    return text && text[0] ? text : NULL;
}

static enum tfu_status open_reader(struct tfu_weights *w, const char *dictionary,
                                   const struct tfu_weights_own *own, struct tfu_error *e)
{
    enum tfu_status st =
        tfu_weights_reader_open(&w->reader, w->path, w->file.bytes, w->file.size, dictionary, e);
    if (st != TFU_OK)
        return st;
    if (w->reader.ops->unwrapped)
        tfu_text_puts(&w->unwrapped, w->reader.ops->unwrapped(w->reader.self));
    w->own = is_own_checkpoint(w, own) ? own : NULL;
    return list_tensors(w, e);
}

/* The file's dictionary whose path and a dot `prefix` begins with: how many bytes of it; 0: none.
 */
static size_t find_dictionary(const struct tfu_weights *w, const char *prefix)
{
    struct tfu_reader_dictionary d;
    size_t longest = 0;
    for (size_t i = 0;
         w->reader.ops->dictionary_at && w->reader.ops->dictionary_at(w->reader.self, i, &d); i++) {
        const size_t n = strlen(d.path);
        if (strncmp(prefix, d.path, n) == 0 && prefix[n] == '.' && n > longest)
            longest = n;
    }
    return longest;
}

/* A prefix that names another dictionary than the one that was taken reaches into it. */
static enum tfu_status strip_dictionary(struct tfu_weights *w,
                                        const struct tfu_weights_request *request, size_t length,
                                        struct tfu_error *e)
{
    const char *prefix = request->strip;
    char *dictionary = strndup(prefix, length);
    if (!dictionary)
        return tfu_error_memory(e, "opening a file of weights", 0);
    w->reader.ops->close(w->reader.self);
    w->reader.ops = NULL;
    free(w->entry);
    w->entry = NULL;
    tfu_text_free(&w->unwrapped);
    enum tfu_status st = open_reader(w, dictionary, request->own, e);
    bool found;
    free(dictionary);
    if (st == TFU_OK && prefix[length + 1])
        st = tfu_weights_strip(w, prefix + length + 1, &found, e);
    return st;
}

static enum tfu_status take_prefix(struct tfu_weights *w, const struct tfu_weights_request *request,
                                   struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    bool found;
    const enum tfu_status st = tfu_weights_strip(w, request->strip, &found, &said);
    if (st == TFU_OK)
        return st;
    const size_t length = given(request->dictionary) ? 0 : find_dictionary(w, request->strip);
    if (length)
        return strip_dictionary(w, request, length, e);
    if (e)
        *e = said;
    return st;
}

static enum tfu_status open_all(struct tfu_weights *w, const struct tfu_weights_request *request,
                                struct tfu_error *e)
{
    w->digests = request->digests;
    w->path = strdup(request->path);
    if (!w->path)
        return tfu_error_memory(e, "opening a file of weights", 0);
    enum tfu_status st = tfu_mapped_file_open(&w->file, w->path, e);
    if (st == TFU_OK)
        st = open_reader(w, given(request->dictionary), request->own, e);
    if (st == TFU_OK)
        st = check_digest(w, request, e);
    if (st != TFU_OK)
        return st;
    if (given(request->strip))
        st = take_prefix(w, request, e);
    else if (st == TFU_OK && !w->own) /* whose names are the network's own */
        tfu_weights_unwrap(w);
    if (st == TFU_OK)
        st = tfu_weights_sort(w, e);
    if (st == TFU_OK && (w->unwrapped.failed || w->warning.failed))
        st = tfu_error_memory(e, "opening a file of weights", 0);
    return st;
}

enum tfu_status tfu_weights_open(struct tfu_weights **out,
                                 const struct tfu_weights_request *request, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_weights *w = calloc(1, sizeof *w);
    if (!w)
        return tfu_error_memory(e, "opening a file of weights", 0);
    const enum tfu_status st = open_all(w, request, e);
    if (st == TFU_OK)
        *out = w;
    else
        tfu_weights_close(w);
    return st;
}

void tfu_weights_close(struct tfu_weights *w)
{
    if (!w)
        return;
    if (w->reader.ops)
        w->reader.ops->close(w->reader.self);
    tfu_mapped_file_close(&w->file);
    tfu_text_free(&w->unwrapped);
    tfu_text_free(&w->warning);
    tfu_arena_free(&w->names);
    free(w->entry);
    free(w->path);
    free(w);
}

size_t tfu_weights_count(const struct tfu_weights *w)
{
    return w->count;
}

const struct tfu_weights_tensor *tfu_weights_get(const struct tfu_weights *w, size_t i)
{
    return &w->entry[i].tensor;
}

const struct tfu_weights_reader *tfu_weights_reader_of(const struct tfu_weights *w, size_t i,
                                                       size_t *place)
{
    *place = w->entry[i].place;
    return &w->reader;
}

enum tfu_status tfu_weights_check(const struct tfu_weights *w, size_t i, struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = &w->entry[i].tensor;
    return t->problem ? tfu_error_at(e, TFU_EUNSUPPORTED, w->path, 0, 0, "tensor '%.200s' (%s): %s",
                                     t->name, t->kind, t->problem)
                      : TFU_OK;
}

/* The numbers as they are stored; *owned is to be freed. */
static enum tfu_status raw(const struct tfu_weights *w, size_t i, const void **out, void **owned,
                           struct tfu_error *e)
{
    const struct tfu_weights_reader *r = &w->reader;
    const struct tfu_weights_entry *t = &w->entry[i];
    *owned = NULL;
    *out = NULL;
    const enum tfu_status st = tfu_weights_check(w, i, e);
    if (st != TFU_OK)
        return st;
    *out = r->ops->borrow ? r->ops->borrow(r->self, t->place) : NULL;
    if (*out)
        return TFU_OK;
    const size_t bytes = (size_t)t->tensor.count * tfu_stored_type_size(t->tensor.type);
    *out = *owned = malloc(bytes ? bytes : 1);
    return *owned ? r->ops->read(r->self, t->place, *owned, e)
                  : tfu_error_memory(e, "reading a tensor", bytes);
}

enum tfu_status tfu_weights_read_float(const struct tfu_weights *w, size_t i, float *to,
                                       struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = &w->entry[i].tensor;
    if (t->type == TFU_STORED_F32)
        return tfu_weights_read_raw(w, i, to, e);
    const void *bytes;
    void *owned;
    const enum tfu_status st = raw(w, i, &bytes, &owned, e);
    if (st == TFU_OK)
        tfu_stored_to_float(t->type, bytes, (size_t)t->count, to);
    free(owned);
    return st;
}

enum tfu_status tfu_weights_read_double(const struct tfu_weights *w, size_t i, double *to,
                                        struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = &w->entry[i].tensor;
    if (t->type == TFU_STORED_F64)
        return tfu_weights_read_raw(w, i, to, e);
    const void *bytes;
    void *owned;
    const enum tfu_status st = raw(w, i, &bytes, &owned, e);
    if (st == TFU_OK)
        tfu_stored_to_double(t->type, bytes, (size_t)t->count, to);
    free(owned);
    return st;
}

enum tfu_status tfu_weights_read_raw(const struct tfu_weights *w, size_t i, void *to,
                                     struct tfu_error *e)
{
    const enum tfu_status st = tfu_weights_check(w, i, e);
    return st == TFU_OK ? w->reader.ops->read(w->reader.self, w->entry[i].place, to, e) : st;
}

const char *tfu_weights_note(const struct tfu_weights *w, const char *key)
{
    return w->reader.ops->note ? w->reader.ops->note(w->reader.self, key) : NULL;
}

static bool is_about_weights(const char *key)
{
    return strcmp(key, "format") == 0 || strcmp(key, TFU_WEIGHTS_FLATTEN_NOTE) == 0 ||
           strncmp(key, "preprocessing.", 14) == 0;
}

bool tfu_weights_note_at(const struct tfu_weights *w, size_t i, const char **key,
                         const char **value)
{
    const struct tfu_weights_reader *r = &w->reader;
    if (!r->ops->note_at)
        return false;
    if (!w->own)
        return r->ops->note_at(r->self, i, key, value);
    for (size_t k = 0; r->ops->note_at(r->self, k, key, value); k++)
        if (is_about_weights(*key) && i-- == 0)
            return true;
    return false;
}

const char *tfu_weights_format(const struct tfu_weights *w)
{
    return w->reader.ops->format;
}

const char *tfu_weights_warning(const struct tfu_weights *w)
{
    return tfu_text_get(&w->warning);
}

bool tfu_weights_is_own(const struct tfu_weights *w)
{
    return w->own || tfu_weights_note(w, TFU_WEIGHTS_FLATTEN_NOTE);
}

bool tfu_weights_dictionary_at(const struct tfu_weights *w, size_t i, const char **path,
                               size_t *tensors, bool *taken)
{
    struct tfu_reader_dictionary d;
    if (!w->reader.ops->dictionary_at || !w->reader.ops->dictionary_at(w->reader.self, i, &d))
        return false;
    *path = d.path;
    *tensors = d.tensors;
    *taken = d.taken;
    return true;
}

const char *tfu_weights_unwrapped(const struct tfu_weights *w)
{
    return tfu_text_get(&w->unwrapped);
}
