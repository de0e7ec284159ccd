/* SPDX-License-Identifier: MIT
 *
 * An index of several files: JSON {"weight_map": {tensor: file}}, with the files beside it. Each
 * file is opened once, and it and the index name the same tensors.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/io/mapped_file.h"
#include "core/io/weights_reader.h"

struct part {
    const char *name; /* as the index has it */
    struct tfu_mapped_file file;
    struct tfu_weights_reader reader;
};

/* A tensor of a part. */
struct item {
    const char *name;
    size_t part, i;
};

struct index {
    char *path;
    json_t *json;
    struct part *part; /* room for as many as there are names */
    size_t part_count;
    struct item *item; /* sorted by name, then part */
    size_t count;
    enum tfu_status (*open)(struct tfu_weights_reader *out, const char *path, const void *bytes,
                            size_t size, const char *dictionary, struct tfu_error *e);
};

static enum tfu_status refuse(const struct index *x, struct tfu_error *e, const char *fmt, ...)
    TFU_PRINTF(3, 4);
static enum tfu_status refuse(const struct index *x, struct tfu_error *e, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return tfu_error_at(e, TFU_ECORRUPT, x->path, 0, 0, "%s", text);
}

static bool is_file_name(const char *name)
{
    if (!name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    for (; *name; name++)
        if (*name == '/' || *name == '\\' || (unsigned char)*name < ' ')
            return false;
    return true;
}

static enum tfu_status open_part(struct index *x, const char *name, const char *dictionary,
                                 struct tfu_error *e)
{
    if (!is_file_name(name))
        return refuse(
            x, e,
            "\"weight_map\" names the file '%.200s', which does not lie beside the index; "
            "only names without a folder are followed",
            name);
    const char *slash = strrchr(x->path, '/');
    struct tfu_text path = TFU_TEXT_INIT;
    tfu_text_printf(&path, "%.*s%s", slash ? (int)(slash + 1 - x->path) : 0, x->path, name);
    if (path.failed) {
        tfu_text_free(&path);
        return tfu_error_memory(e, "opening an index of weights", 0);
    }
    struct part *p = &x->part[x->part_count];
    p->name = name;
    enum tfu_status st = tfu_mapped_file_open(&p->file, tfu_text_get(&path), e);
    if (st == TFU_OK) {
        st = x->open(&p->reader, tfu_text_get(&path), p->file.bytes, p->file.size, dictionary, e);
        if (st == TFU_OK)
            x->part_count++;
        else
            tfu_mapped_file_close(&p->file);
    }
    tfu_text_free(&path);
    return st == TFU_OK ? st : (tfu_error_prefix(e, "a file of the index '%s'", x->path), st);
}

static size_t find_part(const struct index *x, const char *name)
{
    for (size_t i = x->part_count; i-- > 0;) /* names come in runs: the last is the likeliest */
        if (strcmp(x->part[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static enum tfu_status open_parts(struct index *x, json_t *map, const char *dictionary,
                                  struct tfu_error *e)
{
    const char *key;
    json_t *file;
    x->part = calloc(json_object_size(map) + 1, sizeof *x->part);
    if (!x->part)
        return tfu_error_memory(e, "opening an index of weights", 0);
    json_object_foreach(map, key, file)
    {
        const char *name = json_string_value(file);
        if (!name)
            return refuse(x, e, "\"weight_map\": the file of tensor '%.200s' is not a string", key);
        if (find_part(x, name) != SIZE_MAX)
            continue;
        const enum tfu_status st = open_part(x, name, dictionary, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static int by_name_and_part(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    const int order = strcmp(a->name, b->name);
    return order ? order : (a->part > b->part) - (a->part < b->part);
}

/* What the files hold. */
static enum tfu_status list_items(struct index *x, struct tfu_error *e)
{
    size_t total = 0;
    for (size_t p = 0; p < x->part_count; p++)
        total += x->part[p].reader.ops->count(x->part[p].reader.self);
    x->item = calloc(total + 1, sizeof *x->item);
    if (!x->item)
        return tfu_error_memory(e, "opening an index of weights", 0);
    for (size_t p = 0; p < x->part_count; p++) {
        const struct tfu_weights_reader *r = &x->part[p].reader;
        for (size_t i = 0; i < r->ops->count(r->self); i++)
            x->item[x->count++] = (struct item){r->ops->get(r->self, i).name, p, i};
    }
    qsort(x->item, x->count, sizeof *x->item, by_name_and_part);
    return TFU_OK;
}

/* Every name of the map is in its file, and nothing else is in any of them. */
static enum tfu_status compare(const struct index *x, json_t *map, struct tfu_error *e)
{
    const char *key;
    json_t *file;
    json_object_foreach(map, key, file)
    {
        const struct item wanted = {key, find_part(x, json_string_value(file)), 0};
        if (!x->count || !bsearch(&wanted, x->item, x->count, sizeof *x->item, by_name_and_part))
            return refuse(x, e,
                          "\"weight_map\" says that '%.200s' has the tensor '%.200s', but it does "
                          "not; index and files do not belong together",
                          json_string_value(file), key);
    }
    for (size_t i = 0; i < x->count; i++) {
        const char *of = x->part[x->item[i].part].name;
        const char *said = json_string_value(json_object_get(map, x->item[i].name));
        if (!said || strcmp(said, of) != 0)
            return refuse(x, e,
                          "'%.200s' has the tensor '%.200s', but \"weight_map\" does not say so; "
                          "index and files do not belong together",
                          of, x->item[i].name);
    }
    return TFU_OK;
}

static enum tfu_status parse(struct index *x, const void *bytes, size_t size,
                             const char *dictionary, struct tfu_error *e)
{
    json_error_t error;
    x->json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    /* where memory runs out the parser often says nothing at all */
    if (!x->json && (!error.text[0] || json_error_code(&error) == json_error_out_of_memory))
        return tfu_error_memory(e, "reading an index of weights", size);
    if (!x->json)
        return refuse(x, e, "it begins as a JSON index does, but is not valid JSON: line %d: %s",
                      error.line, error.text);
    json_t *map = json_object_get(x->json, "weight_map");
    if (!json_is_object(map))
        return refuse(x, e,
                      "JSON without an object \"weight_map\" is not an index of weights; name the "
                      "file of weights itself");
    enum tfu_status st = open_parts(x, map, dictionary, e);
    if (st == TFU_OK)
        st = list_items(x, e);
    return st == TFU_OK ? compare(x, map, e) : st;
}

static void close_index(void *self)
{
    struct index *x = self;
    for (size_t i = 0; i < x->part_count; i++) {
        x->part[i].reader.ops->close(x->part[i].reader.self);
        tfu_mapped_file_close(&x->part[i].file);
    }
    json_decref(x->json);
    free(x->part);
    free(x->item);
    free(x->path);
    free(x);
}

static size_t count(const void *self)
{
    return ((const struct index *)self)->count;
}

static const struct tfu_weights_reader *reader_of(const struct index *x, size_t i)
{
    return &x->part[x->item[i].part].reader;
}

static struct tfu_reader_tensor get(const void *self, size_t i)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = reader_of(x, i);
    return r->ops->get(r->self, x->item[i].i);
}

static enum tfu_status read_raw(const void *self, size_t i, void *to, struct tfu_error *e)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = reader_of(x, i);
    return r->ops->read(r->self, x->item[i].i, to, e);
}

static const void *borrow(const void *self, size_t i)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = reader_of(x, i);
    return r->ops->borrow ? r->ops->borrow(r->self, x->item[i].i) : NULL;
}

static bool in_pieces(const void *self, size_t i)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = reader_of(x, i);
    return r->ops->in_pieces && r->ops->in_pieces(r->self, x->item[i].i);
}

static enum tfu_status read_piece(const void *self, size_t i, size_t at, void *to, size_t n,
                                  struct tfu_error *e)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = reader_of(x, i);
    return r->ops->read_piece(r->self, x->item[i].i, at, to, n, e);
}

/* The notes are those of the first file: the others repeat them. */
static const char *note(const void *self, const char *key)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = &x->part[0].reader;
    return x->part_count && r->ops->note ? r->ops->note(r->self, key) : NULL;
}

static bool note_at(const void *self, size_t i, const char **key, const char **value)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = &x->part[0].reader;
    return x->part_count && r->ops->note_at && r->ops->note_at(r->self, i, key, value);
}

static const char *unwrapped(const void *self)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = &x->part[0].reader;
    return x->part_count && r->ops->unwrapped ? r->ops->unwrapped(r->self) : "";
}

static bool dictionary_at(const void *self, size_t i, struct tfu_reader_dictionary *out)
{
    const struct index *x = self;
    const struct tfu_weights_reader *r = &x->part[0].reader;
    return x->part_count && r->ops->dictionary_at && r->ops->dictionary_at(r->self, i, out);
}

static const struct tfu_mapped_file *file_at(const void *self, size_t i)
{
    const struct index *x = self;
    return i < x->part_count ? &x->part[i].file : NULL;
}

static const struct tfu_weights_reader_ops ops = {
    .format = "index of several files",
    .close = close_index,
    .count = count,
    .get = get,
    .read = read_raw,
    .borrow = borrow,
    .in_pieces = in_pieces,
    .read_piece = read_piece,
    .note = note,
    .unwrapped = unwrapped,
    .note_at = note_at,
    .dictionary_at = dictionary_at,
    .file_at = file_at,
};

enum tfu_status tfu_weights_index_open(struct tfu_weights_reader *out, const char *path,
                                       const void *bytes, size_t size, const char *dictionary,
                                       enum tfu_status (*open)(struct tfu_weights_reader *out,
                                                               const char *path, const void *bytes,
                                                               size_t size, const char *dictionary,
                                                               struct tfu_error *e),
                                       struct tfu_error *e)
{
    struct index *x = calloc(1, sizeof *x);
    if (!x)
        return tfu_error_memory(e, "opening an index of weights", 0);
    x->open = open;
    x->path = strdup(path);
    const enum tfu_status st = x->path ? parse(x, bytes, size, dictionary, e)
                                       : tfu_error_memory(e, "opening an index of weights", 0);
    if (st != TFU_OK) {
        close_index(x);
        return st;
    }
    *out = (struct tfu_weights_reader){&ops, x};
    return TFU_OK;
}
