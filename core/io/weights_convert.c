/* SPDX-License-Identifier: MIT */
#include "core/io/weights_convert.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/io/npz.h"
#include "core/io/weights_digest.h"
#include "core/io/weights_reader.h"

struct conversion {
    const struct tfu_weights *from;
    const struct tfu_weights_conversion *request;
    bool npz;
    struct tfu_arena arena;
    struct tfu_safetensors_tensor *tensor;
    size_t count;
    struct tfu_safetensors_note *note;
    size_t notes;
    size_t *fits; /* how many names each renaming rule fits */
};

static bool ends_with(const char *s, const char *end)
{
    const size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

static enum tfu_status check_path(struct conversion *c, struct tfu_text *said, struct tfu_error *e)
{
    const char *path = c->request->path;
    c->npz = ends_with(path, ".npz");
    if (!c->npz && !ends_with(path, ".safetensors"))
        return tfu_error_set(e, TFU_EINVAL,
                             "'%.200s' ends neither with .safetensors nor with .npz, which are the "
                             "formats that are written",
                             path);
    struct tfu_weights_digest digest;
    const enum tfu_status st = tfu_weights_digest_expect(&digest, path, NULL, e);
    if (st == TFU_OK && digest.unsure)
        tfu_text_printf(said,
                        "the digits %s in the new file's name could be those of a SHA-256: whoever "
                        "reads it is warned that they are not\n",
                        digest.prefix);
    else if (st == TFU_OK && digest.from_name)
        return tfu_error_set(e, TFU_EINVAL,
                             "the name '%.200s' promises a SHA-256 that begins with %s, which a "
                             "new file will not have; take '-%s' out of it",
                             path, digest.prefix, digest.prefix);
    return st;
}

/* The name after the first rule that fits; NULL when memory ran out. */
static const char *new_name(struct conversion *c, const char *name)
{
    for (size_t i = 0; i < c->request->rename_count; i++) {
        const struct tfu_weights_rename *r = &c->request->rename[i];
        const size_t n = strlen(r->from);
        if (strncmp(name, r->from, n) == 0) {
            c->fits[i]++;
            return tfu_arena_printf(&c->arena, "%s%s", r->to, name + n);
        }
    }
    return name;
}

static enum tfu_stored_type new_type(const struct conversion *c, enum tfu_stored_type type)
{
    if (!tfu_stored_is_integer(type) && c->request->typed)
        type = c->request->type;
    const bool unknown_to_numpy =
        type == TFU_STORED_BF16 || type == TFU_STORED_F8_E4M3 || type == TFU_STORED_F8_E5M2;
    return c->npz && unknown_to_numpy ? TFU_STORED_F32 : type;
}

/* Numbers `i` of the source as the target's type. */
static enum tfu_status read_numbers(struct conversion *c, size_t i,
                                    const struct tfu_safetensors_tensor *t, void *to,
                                    struct tfu_error *e)
{
    const struct tfu_weights_tensor *source = tfu_weights_get(c->from, i);
    if (t->dtype == source->type)
        return tfu_weights_read_raw(c->from, i, to, e);
    double *x = malloc((size_t)source->count * sizeof *x + 1);
    if (!x)
        return tfu_error_memory(e, "converting a tensor", (size_t)source->count * sizeof *x);
    const enum tfu_status st = tfu_weights_read_double(c->from, i, x, e);
    if (st == TFU_OK)
        tfu_stored_from_double(t->dtype, x, (size_t)source->count, to);
    free(x);
    return st;
}

static enum tfu_status add_tensor(struct conversion *c, size_t i, struct tfu_text *said,
                                  struct tfu_error *e)
{
    const struct tfu_weights_tensor *source = tfu_weights_get(c->from, i);
    struct tfu_safetensors_tensor *t = &c->tensor[c->count];
    if (source->beside) {
        tfu_text_printf(said, "'%s' (%s) is left out: %s\n", source->name, source->kind,
                        source->problem);
        return TFU_OK;
    }
    const enum tfu_status st = tfu_weights_check(c->from, i, e);
    if (st != TFU_OK) {
        tfu_error_prefix(e, "`match` can leave it out");
        return st;
    }
    *t = (struct tfu_safetensors_tensor){
        .name = new_name(c, source->name),
        .dtype = new_type(c, source->type),
        .rank = source->rank,
        .dim = source->dim,
    };
    t->bytes = (size_t)source->count * tfu_stored_type_size(t->dtype);
    void *data = malloc(t->bytes + 1);
    t->data = data;
    c->count++;
    if (!data || !t->name)
        return tfu_error_memory(e, "converting a tensor", t->bytes);
    if (t->dtype != source->type && !(c->request->typed && t->dtype == c->request->type))
        tfu_text_printf(said, "tensor '%s' becomes %s: npz has no %s\n", source->name,
                        tfu_stored_type_name(t->dtype),
                        tfu_stored_type_name(c->request->typed ? c->request->type : source->type));
    return read_numbers(c, i, t, data, e);
}

static int by_name(const void *left, const void *right)
{
    const struct tfu_safetensors_tensor *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static enum tfu_status check_names(struct conversion *c, struct tfu_error *e)
{
    for (size_t i = 0; i < c->request->rename_count; i++)
        if (c->fits[i] == 0)
            return tfu_error_set(
                e, TFU_EINVAL,
                "no tensor's name begins with '%.200s', which is to be renamed (or "
                "an earlier rule renames them all)",
                c->request->rename[i].from);
    qsort(c->tensor, c->count, sizeof *c->tensor, by_name);
    for (size_t i = 0; i < c->count; i++)
        if (!c->tensor[i].name[0] || (i > 0 && by_name(&c->tensor[i - 1], &c->tensor[i]) == 0))
            return tfu_error_set(e, TFU_EINVAL,
                                 "after renaming two tensors would have the name '%.200s', or one "
                                 "none at all",
                                 c->tensor[i].name);
    return TFU_OK;
}

static enum tfu_status list_tensors(struct conversion *c, struct tfu_text *said,
                                    struct tfu_error *e)
{
    const size_t total = tfu_weights_count(c->from);
    enum tfu_status st = tfu_patterns_check(&c->request->match, c->from, NULL, e);
    c->tensor = calloc(total + 1, sizeof *c->tensor);
    c->fits = calloc(c->request->rename_count + 1, sizeof *c->fits);
    if (!c->tensor || !c->fits)
        return tfu_error_memory(e, "converting weights", 0);
    for (size_t i = 0; st == TFU_OK && i < total; i++)
        if (tfu_patterns_fit(&c->request->match, tfu_weights_get(c->from, i)->name))
            st = add_tensor(c, i, said, e);
    return st == TFU_OK ? check_names(c, e) : st;
}

/* The source's notes, with the preprocessing that was asked for in place of its own. */
static enum tfu_status list_notes(struct conversion *c, struct tfu_text preprocessing[2],
                                  struct tfu_error *e)
{
    const struct tfu_preprocessing *p = c->request->preprocessing;
    const char *key, *value;
    size_t total = 0;
    while (tfu_weights_note_at(c->from, total, &key, &value))
        total++;
    c->note = calloc(total + TFU_PREPROCESSING_NOTES + 2, sizeof *c->note);
    if (!c->note)
        return tfu_error_memory(e, "converting weights", 0);
    for (size_t i = 0; tfu_weights_note_at(c->from, i, &key, &value); i++)
        if (!p || strncmp(key, "preprocessing.", strlen("preprocessing.")) != 0)
            c->note[c->notes++] = (struct tfu_safetensors_note){key, value};
    if (!tfu_weights_note(c->from, "format")) /* which other readers ask for */
        c->note[c->notes++] = (struct tfu_safetensors_note){"format", "pt"};
    if (tfu_weights_is_own(c->from) && !tfu_weights_note(c->from, TFU_WEIGHTS_FLATTEN_NOTE))
        c->note[c->notes++] = (struct tfu_safetensors_note){TFU_WEIGHTS_FLATTEN_NOTE, "network"};
    if (p) {
        tfu_preprocessing_notes(p, c->note + c->notes, preprocessing);
        c->notes += TFU_PREPROCESSING_NOTES;
        if (preprocessing[0].failed || preprocessing[1].failed)
            return tfu_error_memory(e, "converting weights", 0);
    }
    return TFU_OK;
}

static enum tfu_status convert(struct conversion *c, struct tfu_text preprocessing[2],
                               struct tfu_text *said, struct tfu_error *e)
{
    enum tfu_status st = check_path(c, said, e);
    if (st == TFU_OK)
        st = list_notes(c, preprocessing, e);
    if (st == TFU_OK)
        st = list_tensors(c, said, e);
    if (st != TFU_OK)
        return st;
    if (!c->npz)
        return tfu_safetensors_write(c->request->path, c->tensor, c->count, c->note, c->notes, e);
    for (size_t i = 0; i < c->notes; i++)
        if (strcmp(c->note[i].key, "format") != 0)
            tfu_text_printf(said, "note '%s' is left out: npz has none\n", c->note[i].key);
    return tfu_npz_write(c->request->path, c->tensor, c->count, e);
}

enum tfu_status tfu_weights_convert(const struct tfu_weights *from,
                                    const struct tfu_weights_conversion *request,
                                    struct tfu_text *said, struct tfu_error *e)
{
    struct conversion c = {.from = from, .request = request};
    struct tfu_text preprocessing[2] = {TFU_TEXT_INIT, TFU_TEXT_INIT};
    tfu_arena_init(&c.arena, 0);
    const enum tfu_status st = convert(&c, preprocessing, said, e);
    for (size_t i = 0; i < c.count; i++)
        free((void *)c.tensor[i].data);
    free(c.tensor);
    free(c.fits);
    free(c.note);
    tfu_text_free(&preprocessing[0]);
    tfu_text_free(&preprocessing[1]);
    tfu_arena_free(&c.arena);
    return st;
}
