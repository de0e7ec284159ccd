/* SPDX-License-Identifier: MIT
 *
 * Arrays of numpy as weights_open.c sees a format: .npz, a zip archive of them, and a single .npy,
 * which is one tensor with the name of its file. Entries that are no arrays, and what follows an
 * array, are left out and told. npz_write.c is the writer.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/io/npy.h"
#include "core/io/weights_reader.h"

static const char suffix[] = ".npy";

struct array {
    char *name;
    size_t entry; /* of the archive */
    enum tfu_stored_type type;
    bool plain; /* in C order and little-endian */
    size_t rank;
    int64_t *dim;
    size_t header, bytes;
    const char *problem;
    char kind[TFU_NPY_KIND];
    bool beside;
};

struct arrays {
    struct tfu_zip_file *zip; /* NULL: a single array */
    const uint8_t *whole;     /* the single array's file */
    char *path;
    struct array *array;
    size_t count;
    size_t left_out; /* entries that are no arrays */
    bool more;       /* something follows an array */
    struct tfu_text unwrapped;
};

static void close_arrays(void *self)
{
    struct arrays *a = self;
    for (size_t i = 0; i < a->count; i++) {
        free(a->array[i].name);
        free(a->array[i].dim);
    }
    tfu_zip_file_close(a->zip);
    tfu_text_free(&a->unwrapped);
    free(a->array);
    free(a->path);
    free(a);
}

static struct arrays *new_arrays(const char *path, size_t room, struct tfu_error *e)
{
    struct arrays *a = calloc(1, sizeof *a);
    if (a) {
        a->path = strdup(path);
        a->array = calloc(room + 1, sizeof *a->array);
        if (a->path && a->array)
            return a;
        close_arrays(a);
    }
    tfu_error_memory(e, "reading arrays of numpy", 0);
    return NULL;
}

static enum tfu_status add_array(struct arrays *a, const struct tfu_npy *npy, const char *name,
                                 size_t name_length, size_t entry, struct tfu_error *e)
{
    struct array *to = &a->array[a->count++];
    *to = (struct array){
        .name = strndup(name, name_length),
        .entry = entry,
        .type = npy->type,
        .plain = !npy->swapped && !npy->reversed,
        .rank = npy->rank,
        .dim = calloc(npy->rank + 1, sizeof *to->dim),
        .header = npy->header,
        .bytes = npy->bytes,
        .problem = npy->problem,
        .beside = npy->beside,
    };
    memcpy(to->kind, npy->kind, sizeof to->kind);
    a->more |= npy->rest > 0;
    if (!to->name || !to->dim)
        return tfu_error_memory(e, "reading arrays of numpy", 0);
    memcpy(to->dim, npy->dim, npy->rank * sizeof *to->dim);
    return TFU_OK;
}

static const char no_array[] = "it does not begin as an array of numpy does";

/* The header of an entry, which may be compressed. What is no array in spite of its name, such as
 * the notes that macOS puts beside files, keeps nobody from the others. */
static enum tfu_status read_header(const struct arrays *a, size_t entry, struct tfu_npy *out,
                                   struct tfu_error *e)
{
    uint8_t first[TFU_NPY_PREFIX];
    size_t size = 0;
    const uint64_t total = tfu_zip_file_get(a->zip, entry)->size;
    const size_t n = total < sizeof first ? (size_t)total : sizeof first;
    enum tfu_status st = tfu_zip_file_read(a->zip, entry, 0, first, n, e);
    if (st == TFU_OK && !tfu_npy_begins(first, n)) {
        *out = (struct tfu_npy){.problem = no_array, .kind = "no array", .beside = true};
        return TFU_OK;
    }
    if (st == TFU_OK)
        st = tfu_npy_header_size(&size, a->path, first, n, total, e);
    if (st != TFU_OK)
        return st;
    uint8_t *header = malloc(size);
    if (!header)
        return tfu_error_memory(e, "reading arrays of numpy", size);
    st = tfu_zip_file_read(a->zip, entry, 0, header, size, e);
    if (st == TFU_OK)
        st = tfu_npy_header_read(out, a->path, header, size, total, e);
    free(header);
    return st;
}

static enum tfu_status add_entry(struct arrays *a, size_t entry, struct tfu_error *e)
{
    const char *name = tfu_zip_file_get(a->zip, entry)->name;
    const size_t length = strlen(name), end = sizeof suffix - 1;
    if (length <= end || strcmp(name + length - end, suffix) != 0) {
        a->left_out++;
        return TFU_OK;
    }
    struct tfu_npy npy;
    enum tfu_status st = read_header(a, entry, &npy, e);
    if (st == TFU_OK)
        st = add_array(a, &npy, name, length - end, entry, e);
    else
        tfu_error_prefix(e, "entry '%.200s'", name);
    return st;
}

static enum tfu_status list_entries(struct arrays *a, struct tfu_error *e)
{
    const size_t total = tfu_zip_file_count(a->zip);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < total; i++)
        st = add_entry(a, i, e);
    if (st == TFU_OK && total > 0 && a->left_out == total)
        return tfu_error_at(e, TFU_EUNSUPPORTED, a->path, 0, 0,
                            "a zip archive with the entry '%.200s', which is neither an array of "
                            "numpy ('.npy') nor a part of a file of PyTorch ('data.pkl')",
                            tfu_zip_file_get(a->zip, 0)->name);
    size_t readable = 0;
    for (size_t i = 0; i < a->count; i++)
        readable += !a->array[i].problem;
    if (st == TFU_OK && a->count && !readable) { /* there is nothing to be had */
        const struct array *first = &a->array[0];
        st = first->problem == no_array
                 ? tfu_error_at(e, TFU_ECORRUPT, a->path, 0, 0, "%s", no_array)
                 : tfu_error_at(e, TFU_EUNSUPPORTED, a->path, 0, 0,
                                "the array has the type '%s'; %s", first->kind, first->problem);
        tfu_error_prefix(e, "entry '%.200s.npy'", a->array[0].name);
    }
    return st;
}

/* What was not looked at, for the report. */
static enum tfu_status say_left_out(struct arrays *a, struct tfu_error *e)
{
    if (a->left_out)
        tfu_text_printf(&a->unwrapped, "%zu other entr%s left out", a->left_out,
                        a->left_out == 1 ? "y" : "ies");
    if (a->more)
        tfu_text_printf(&a->unwrapped, "%swhat follows the %s array",
                        a->unwrapped.length ? ", " : "", a->zip ? "end of an" : "first");
    if (a->zip && tfu_zip_file_trailing(a->zip))
        tfu_text_printf(&a->unwrapped, "%s%zu bytes behind the archive",
                        a->unwrapped.length ? ", " : "", tfu_zip_file_trailing(a->zip));
    return a->unwrapped.failed ? tfu_error_memory(e, "reading arrays of numpy", 0) : TFU_OK;
}

static size_t count(const void *self)
{
    return ((const struct arrays *)self)->count;
}

static struct tfu_reader_tensor get(const void *self, size_t i)
{
    const struct array *t = &((const struct arrays *)self)->array[i];
    return (struct tfu_reader_tensor){.name = t->name,
                                      .type = t->type,
                                      .rank = t->rank,
                                      .dim = t->dim,
                                      .problem = t->problem,
                                      .kind = t->kind,
                                      .beside = t->beside};
}

/* Numbers in another order than ours: all of the array, then the way around. */
static enum tfu_status read_arranged(const struct arrays *a, const struct array *t, void *to,
                                     struct tfu_error *e)
{
    struct tfu_npy npy;
    if (!a->zip) {
        const enum tfu_status st =
            tfu_npy_header_read(&npy, a->path, a->whole, t->header, t->header + t->bytes, e);
        if (st == TFU_OK)
            tfu_npy_arrange(&npy, a->whole + t->header, to);
        return st;
    }
    uint8_t *all = malloc(t->header + t->bytes);
    if (!all)
        return tfu_error_memory(e, "reading an array of numpy", t->bytes);
    enum tfu_status st = tfu_zip_file_read(a->zip, t->entry, 0, all, t->header + t->bytes, e);
    if (st == TFU_OK)
        st = tfu_npy_header_read(&npy, a->path, all, t->header, t->header + t->bytes, e);
    if (st == TFU_OK)
        tfu_npy_arrange(&npy, all + t->header, to);
    free(all);
    return st;
}

static const void *borrow(const void *self, size_t i)
{
    const struct arrays *a = self;
    return !a->zip && a->array[i].plain && !a->array[i].problem ? a->whole + a->array[i].header
                                                                : NULL;
}

static enum tfu_status read_raw(const void *self, size_t i, void *to, struct tfu_error *e)
{
    const struct arrays *a = self;
    const struct array *t = &a->array[i];
    if (t->bytes == 0)
        return TFU_OK;
    if (!t->plain)
        return read_arranged(a, t, to, e);
    if (a->zip)
        return tfu_zip_file_read(a->zip, t->entry, t->header, to, t->bytes, e);
    memcpy(to, a->whole + t->header, t->bytes);
    return TFU_OK;
}

static bool in_pieces(const void *self, size_t i)
{
    const struct arrays *a = self;
    const struct array *t = &a->array[i];
    return a->zip && t->plain && t->bytes && tfu_zip_file_get(a->zip, t->entry)->stored;
}

static enum tfu_status read_piece(const void *self, size_t i, size_t at, void *to, size_t n,
                                  struct tfu_error *e)
{
    const struct arrays *a = self;
    const struct array *t = &a->array[i];
    return tfu_zip_file_read(a->zip, t->entry, t->header + at, to, n, e);
}

static const char *unwrapped(const void *self)
{
    return tfu_text_get(&((const struct arrays *)self)->unwrapped);
}

static const struct tfu_weights_reader_ops npz_ops = {
    .format = "npz",
    .close = close_arrays,
    .count = count,
    .get = get,
    .read = read_raw,
    .borrow = borrow,
    .in_pieces = in_pieces,
    .read_piece = read_piece,
    .unwrapped = unwrapped,
};

static const struct tfu_weights_reader_ops npy_ops = {
    .format = "npy",
    .close = close_arrays,
    .count = count,
    .get = get,
    .read = read_raw,
    .borrow = borrow,
    .unwrapped = unwrapped,
};

enum tfu_status tfu_npz_open(struct tfu_weights_reader *out, struct tfu_zip_file *zip,
                             struct tfu_error *e)
{
    struct arrays *a = new_arrays(tfu_zip_file_path(zip), tfu_zip_file_count(zip), e);
    if (!a) {
        tfu_zip_file_close(zip);
        return TFU_ENOMEM;
    }
    a->zip = zip;
    enum tfu_status st = list_entries(a, e);
    if (st == TFU_OK)
        st = say_left_out(a, e);
    if (st != TFU_OK) {
        close_arrays(a);
        return st;
    }
    *out = (struct tfu_weights_reader){&npz_ops, a};
    return TFU_OK;
}

enum tfu_status tfu_npy_open(struct tfu_weights_reader *out, const char *path, const void *bytes,
                             size_t size, struct tfu_error *e)
{
    struct tfu_npy npy;
    size_t header;
    enum tfu_status st = tfu_npy_header_size(&header, path, bytes, size, size, e);
    if (st == TFU_OK)
        st = tfu_npy_header_read(&npy, path, bytes, header, size, e);
    if (st == TFU_OK) /* there is nothing else to be had */
        st = tfu_npy_check(&npy, path, e);
    if (st != TFU_OK)
        return st;
    struct arrays *a = new_arrays(path, 1, e);
    if (!a)
        return TFU_ENOMEM;
    a->whole = bytes;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    st = add_array(a, &npy, name, dot && dot > name ? (size_t)(dot - name) : strlen(name), 0, e);
    if (st == TFU_OK)
        st = say_left_out(a, e);
    if (st != TFU_OK) {
        close_arrays(a);
        return st;
    }
    *out = (struct tfu_weights_reader){&npy_ops, a};
    return TFU_OK;
}
