/* SPDX-License-Identifier: MIT */
#include "core/io/matrix_tensor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/mapped_file.h"
#include "core/io/npy_pickle.h"
#include "core/io/weights.h"

enum { LISTED = 12 };

enum tfu_status tfu_matrix_spec(const char *spec, char **path, char **name, struct tfu_error *e)
{
    struct stat info;
    *name = NULL;
    *path = strdup(spec);
    if (!*path)
        return tfu_error_memory(e, "opening a matrix", 0);
    if (stat(spec, &info) == 0)
        return TFU_OK;
    for (char *colon = strchr(*path, ':'); colon; colon = strchr(colon + 1, ':')) {
        *colon = '\0';
        if (stat(*path, &info) == 0 && S_ISREG(info.st_mode)) {
            *name = strdup(colon + 1);
            return *name ? TFU_OK : tfu_error_memory(e, "opening a matrix", 0);
        }
        *colon = ':';
    }
    return TFU_OK; /* whoever opens it says what is wrong */
}

/* ---- which of them is meant */

struct item {
    const char *name, *stored_name;
    enum tfu_stored_type type;
    size_t rank;
    const int64_t *dim;
};

struct items {
    struct item *item;
    size_t count;
    const struct tfu_matrix_tensor *wanted;
};

static bool fits(const struct items *l, size_t i)
{
    const struct item *t = &l->item[i];
    const char *name = l->wanted->name;
    if (name)
        return strcmp(t->name, name) == 0 || strcmp(t->stored_name, name) == 0;
    bool empty = false;
    for (size_t k = 0; k < t->rank; k++)
        empty |= t->dim[k] == 0;
    const size_t rank = l->wanted->rank;
    return l->count == 1 || (!empty && (rank ? t->rank == rank : t->rank == 2 || t->rank == 4));
}

static enum tfu_status refuse(const struct items *l, bool several, struct tfu_error *e)
{
    const size_t shown = l->count < LISTED ? l->count : LISTED;
    struct tfu_text text = TFU_TEXT_INIT;
    if (l->wanted->name)
        tfu_text_printf(&text, "it holds no array '%.200s'", l->wanted->name);
    else
        tfu_text_puts(&text, several ? "it holds several matrices; choose with FILE:NAME"
                                     : "it holds no matrix");
    for (size_t i = 0; i < shown; i++) {
        tfu_text_printf(&text, "%s%.200s ", i ? ", " : "; there are ", l->item[i].name);
        tfu_text_dims(&text, l->item[i].rank, l->item[i].dim);
    }
    if (l->count > shown)
        tfu_text_printf(&text, " and %zu more", l->count - shown);
    const enum tfu_status st =
        tfu_error_at(e, TFU_EINVAL, l->wanted->path, 0, 0, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

static enum tfu_status choose(const struct items *l, size_t *out, struct tfu_error *e)
{
    size_t found = 0;
    for (size_t i = 0; i < l->count; i++)
        if (fits(l, i)) {
            *out = i;
            found++;
        }
    return found == 1 ? TFU_OK : refuse(l, found > 1, e);
}

/* Chooses, and makes room for the numbers. */
static enum tfu_status begin(struct tfu_npy *npy, char **numbers, const struct items *l,
                             size_t *chosen, struct tfu_error *e)
{
    const enum tfu_status st = choose(l, chosen, e);
    if (st != TFU_OK)
        return st;
    const struct item *t = &l->item[*chosen];
    if (t->rank > TFU_NPY_RANK_MAX)
        return tfu_error_at(e, TFU_EUNSUPPORTED, l->wanted->path, 0, 0,
                            "'%.200s' has %zu dimensions", t->name, t->rank);
    *npy = (struct tfu_npy){.type = t->type, .rank = t->rank};
    npy->bytes = tfu_stored_type_size(t->type);
    for (size_t k = 0; k < t->rank; k++) {
        npy->dim[k] = t->dim[k];
        npy->bytes *= (size_t)t->dim[k]; /* the readers have counted them */
    }
    *numbers = malloc(npy->bytes + 1);
    return *numbers ? TFU_OK : tfu_error_memory(e, "reading a matrix", npy->bytes);
}

/* ---- where they come from */

static enum tfu_status load_pickled(struct tfu_npy *npy, char **numbers,
                                    const struct tfu_npy_pickle *p,
                                    const struct tfu_matrix_tensor *wanted, struct tfu_error *e)
{
    struct items l = {.count = tfu_npy_pickle_count(p), .wanted = wanted};
    size_t chosen = 0;
    l.item = calloc(l.count + 1, sizeof *l.item);
    if (!l.item)
        return tfu_error_memory(e, "reading a matrix", 0);
    for (size_t i = 0; i < l.count; i++) {
        const struct tfu_npy_pickled *a = tfu_npy_pickle_get(p, i);
        l.item[i] = (struct item){a->name, a->name, a->npy.type, a->npy.rank, a->npy.dim};
    }
    const enum tfu_status st = begin(npy, numbers, &l, &chosen, e);
    if (st == TFU_OK) {
        const struct tfu_npy_pickled *a = tfu_npy_pickle_get(p, chosen);
        tfu_npy_arrange(&a->npy, a->bytes, *numbers);
    }
    free(l.item);
    return st;
}

static enum tfu_status load_weights(struct tfu_npy *npy, char **numbers,
                                    const struct tfu_weights *w,
                                    const struct tfu_matrix_tensor *wanted, struct tfu_error *e)
{
    struct items l = {.count = tfu_weights_count(w), .wanted = wanted};
    size_t chosen = 0;
    l.item = calloc(l.count + 1, sizeof *l.item);
    if (!l.item)
        return tfu_error_memory(e, "reading a matrix", 0);
    for (size_t i = 0; i < l.count; i++) {
        const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
        l.item[i] = (struct item){t->name, t->stored_name, t->type, t->rank, t->dim};
    }
    enum tfu_status st = begin(npy, numbers, &l, &chosen, e);
    if (st == TFU_OK)
        st = tfu_weights_read_raw(w, chosen, *numbers, e);
    free(l.item);
    return st;
}

/* Protocols 2 to 5 begin with their number; older ones are text. The first pickle of PyTorch's
 * files before 1.6 is a number of its own. */
static bool is_pickle(const struct tfu_mapped_file *f)
{
    static const char torch[] = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
    const unsigned char *b = f->bytes;
    const size_t n = sizeof torch - 1;
    for (size_t i = 2; i < 16 && i + n <= f->size; i++)
        if (memcmp(b + i, torch, n) == 0)
            return false;
    return f->size >= 2 && b[0] == 0x80 && b[1] >= 2 && b[1] <= 5;
}

static bool is_old_pickle(const struct tfu_mapped_file *f)
{
    static const char begin[] = "cnumpy.core.multiarray\n_reconstruct\n";
    return f->size >= sizeof begin - 1 && memcmp(f->bytes, begin, sizeof begin - 1) == 0;
}

/* TFU_ENOTFOUND: no pickle of arrays. */
static enum tfu_status try_pickle(struct tfu_npy *npy, char **numbers,
                                  const struct tfu_matrix_tensor *wanted, bool *pickle,
                                  struct tfu_error *e)
{
    struct tfu_mapped_file f;
    struct tfu_npy_pickle *p;
    struct tfu_error other = TFU_ERROR_INIT;
    enum tfu_status st = tfu_mapped_file_open(&f, wanted->path, e);
    if (st != TFU_OK)
        return st;
    *pickle = is_pickle(&f);
    if (is_old_pickle(&f))
        st =
            tfu_error_at(e, TFU_EUNSUPPORTED, wanted->path, 0, 0,
                         "an array of numpy that was pickled by protocol 0 or 1; load it in Python "
                         "and save it with numpy.save(FILE, x)");
    else if (!*pickle)
        st = TFU_ENOTFOUND;
    else
        st = tfu_npy_pickle_open(&p, wanted->path, f.bytes, f.size, &other);
    if (st == TFU_OK && *pickle) {
        st = load_pickled(npy, numbers, p, wanted, e);
        tfu_npy_pickle_close(p);
    } else if (st != TFU_ENOTFOUND && other.status != TFU_OK) {
        *e = other;
    }
    tfu_mapped_file_close(&f);
    return st;
}

enum tfu_status tfu_matrix_tensor_load(struct tfu_npy *npy, char **numbers,
                                       const struct tfu_matrix_tensor *wanted, struct tfu_error *e)
{
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = wanted->path, .own = wanted->own};
    bool pickle = false;
    *numbers = NULL;
    enum tfu_status st = try_pickle(npy, numbers, wanted, &pickle, e);
    if (st != TFU_ENOTFOUND)
        return st;
    struct tfu_error why = TFU_ERROR_INIT;
    st = tfu_weights_open(&w, &request, &why);
    if (st == TFU_EUNSUPPORTED && pickle)
        return tfu_error_at(
            e, st, wanted->path, 0, 0,
            "a Python pickle of something else than arrays of numpy; pickles can "
            "run programs and are not read: load it in Python, if you trust it, and "
            "save the matrix with numpy.save(FILE, x)");
    if (st != TFU_OK) {
        *e = why;
        return st;
    }
    st = load_weights(npy, numbers, w, wanted, e);
    tfu_weights_close(w);
    return st;
}
