/* SPDX-License-Identifier: MIT
 *
 * From the object of a file to a list of tensors with names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/io/pth.h"

/* What a pickle warrants: an item of a dictionary takes 4 bytes of it at least, and is looked at 32
 * times at most. */
enum { ITEM_BYTES = 4, PASSES = 32, DEPTH_MAX = 16, NAME_SIZE = 512 };

/* In the order of preference. */
static const char *const wrappers[] = {
    "state_dict", "model", "model_state_dict", "state_dict_ema", "model_ema", "net", "module"};

struct walk {
    struct tfu_pth *p;
    const struct tfu_pth_finder *finder;
    struct tfu_error *e;
    /* that are left: dictionaries may hold each other, and themselves */
    size_t steps, tensors;
    size_t left_out;
    char name[NAME_SIZE + 1];
};

enum tfu_status tfu_pth_begin(struct tfu_pth *p, const char *path, struct tfu_error *e)
{
    tfu_arena_init(&p->arena, 0);
    p->unwrapped = "";
    p->path = tfu_arena_strdup(&p->arena, path);
    return p->path ? TFU_OK : tfu_error_memory(e, "reading a PyTorch file", 0);
}

void tfu_pth_end(struct tfu_pth *p)
{
    tfu_arena_free(&p->arena);
}

static enum tfu_status memory(const struct walk *w)
{
    return tfu_error_memory(w->e, "reading a PyTorch file", 0);
}

static bool step(struct walk *w)
{
    if (w->steps == 0)
        return false;
    w->steps--;
    return true;
}

static bool holds_tensors(struct walk *w, const struct tfu_pickle_value *dict, int depth)
{
    for (size_t i = 0; i < dict->count && step(w); i += 2) {
        const struct tfu_pickle_value *v = dict->item[i + 1];
        if (dict->item[i]->kind != TFU_PICKLE_STRING)
            continue;
        if (tfu_pth_is_tensor(v) ||
            (v->kind == TFU_PICKLE_DICT && depth < DEPTH_MAX && holds_tensors(w, v, depth + 1)))
            return true;
    }
    return false;
}

/* `length` bytes of the name are there already. */
static enum tfu_status check_key(const struct walk *w, const struct tfu_pickle_value *key,
                                 size_t length)
{
    if (!tfu_pickle_is_printable(key))
        return tfu_error_at(w->e, TFU_ECORRUPT, w->p->path, 0, 0,
                            "the name of a tensor has control characters; the file is damaged");
    if (length + key->count == 0)
        return tfu_error_at(w->e, TFU_ECORRUPT, w->p->path, 0, 0,
                            "a tensor has an empty name; save `model.state_dict()`");
    if (key->count >= NAME_SIZE - length)
        return tfu_error_at(w->e, TFU_ECORRUPT, w->p->path, 0, 0,
                            "the name of a tensor has more than %d bytes: '%.60s...'; the file is "
                            "damaged",
                            NAME_SIZE - 1, key->text);
    return TFU_OK;
}

static enum tfu_status refuse_circles(const struct walk *w)
{
    return tfu_error_at(w->e, TFU_ECORRUPT, w->p->path, 0, 0,
                        "its dictionaries hold themselves or each other too often; the file is "
                        "damaged");
}

static enum tfu_status add_tensor(struct walk *w, const struct tfu_pickle_value *v)
{
    struct tfu_pth *p = w->p;
    if (w->tensors-- == 0)
        return refuse_circles(w);
    if (p->count == p->capacity) {
        const size_t capacity = p->capacity ? 2 * p->capacity : 64;
        struct tfu_pth_tensor *grown = tfu_arena_array(&p->arena, capacity, sizeof *grown);
        if (!grown)
            return memory(w);
        if (p->count)
            memcpy(grown, p->tensor, p->count * sizeof *grown);
        p->tensor = grown;
        p->capacity = capacity;
    }
    return tfu_pth_tensor_read(p, &p->tensor[p->count++], &p->arena, w->name, v, w->finder, w->e);
}

/* Adds the tensors of a dictionary; the names of an inner one follow the outer's key and a dot,
 * `length` bytes of the name so far. */
static enum tfu_status add_all(struct walk *w, const struct tfu_pickle_value *dict, size_t length,
                               int depth)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < dict->count; i += 2) {
        const struct tfu_pickle_value *key = dict->item[i], *v = dict->item[i + 1];
        if (!step(w) || depth > DEPTH_MAX)
            return refuse_circles(w);
        const bool inner = v->kind == TFU_PICKLE_DICT && key->kind == TFU_PICKLE_STRING &&
                           holds_tensors(w, v, depth);
        if (!inner && (key->kind != TFU_PICKLE_STRING || !tfu_pth_is_tensor(v))) {
            w->left_out++;
            continue;
        }
        st = check_key(w, key, length);
        if (st != TFU_OK)
            return st;
        memcpy(w->name + length, key->text, key->count);
        const size_t end = length + key->count;
        w->name[end] = inner ? '.' : '\0';
        st = inner ? add_all(w, v, end + 1, depth + 1) : add_tensor(w, v);
    }
    return st;
}

/* The dictionary that has the tensors under a known key, or NULL. */
static const struct tfu_pickle_value *unwrap(struct walk *w, const struct tfu_pickle_value *dict,
                                             const char **key)
{
    for (size_t i = 0; i < TFU_COUNT(wrappers); i++) {
        const struct tfu_pickle_value *v = tfu_pickle_get(dict, wrappers[i]);
        if (v && v->kind == TFU_PICKLE_DICT && holds_tensors(w, v, 0)) {
            *key = wrappers[i];
            return v;
        }
    }
    return NULL;
}

/* `path` gets the keys of all dictionaries that were taken, with dots between. */
static enum tfu_status unwrap_all(struct walk *w, const struct tfu_pickle_value **dict,
                                  struct tfu_text *path)
{
    const char *key = NULL, *text = w->p->unwrapped;
    const struct tfu_pickle_value *next;
    for (int depth = 0; depth < DEPTH_MAX && (next = unwrap(w, *dict, &key)); depth++) {
        w->left_out += (*dict)->count / 2 - 1;
        tfu_text_printf(path, "%s%s", path->length ? "." : "", key);
        text = tfu_arena_printf(&w->p->arena, "%s%sdictionary '%s'", text, *text ? ", " : "", key);
        if (!text)
            return memory(w);
        *dict = next;
    }
    w->p->unwrapped = text;
    for (size_t i = 0; i < w->p->dictionaries; i++)
        w->p->dictionary[i].taken = strcmp(w->p->dictionary[i].path, tfu_text_get(path)) == 0;
    return path->failed ? memory(w) : TFU_OK;
}

/* The dictionary that is asked for, instead of the first of the usual ones. */
static enum tfu_status take_named(struct walk *w, const char *name,
                                  const struct tfu_pickle_value **dict, struct tfu_text *path)
{
    const size_t before = (*dict)->count / 2;
    const enum tfu_status st = tfu_pth_dictionaries_find(w->p, *dict, name, dict, w->e);
    if (st != TFU_OK)
        return st;
    w->left_out += before ? before - 1 : 0;
    tfu_text_puts(path, name);
    w->p->unwrapped = tfu_arena_printf(&w->p->arena, "dictionary '%s'", name);
    return w->p->unwrapped ? TFU_OK : memory(w);
}

static enum tfu_status say_left_out(struct walk *w)
{
    const char *before = w->p->unwrapped;
    if (w->left_out)
        w->p->unwrapped =
            tfu_arena_printf(&w->p->arena, "%s%s%zu other item%s left out", before,
                             *before ? ", " : "", w->left_out, w->left_out == 1 ? "" : "s");
    return w->p->unwrapped ? TFU_OK : memory(w);
}

static int by_name(const void *left, const void *right)
{
    const struct tfu_pth_tensor *a = left, *b = right;
    return strcmp(a->shown.name, b->shown.name);
}

static enum tfu_status sort(const struct walk *w)
{
    struct tfu_pth *p = w->p;
    qsort(p->tensor, p->count, sizeof *p->tensor, by_name);
    for (size_t i = 1; i < p->count; i++)
        if (by_name(&p->tensor[i - 1], &p->tensor[i]) == 0)
            return tfu_error_at(w->e, TFU_ECORRUPT, p->path, 0, 0,
                                "two tensors have the name '%s'; the file is damaged",
                                p->tensor[i].shown.name);
    return TFU_OK;
}

static const char advice[] = "; load it in Python and save only `model.state_dict()` with "
                             "torch.save, or convert it to safetensors";

const char *tfu_pth_model_class(const struct tfu_pickle_value *v)
{
    enum { STATE = 2 };
    const struct tfu_pickle_value *state =
        v->kind == TFU_PICKLE_OBJECT && v->count > STATE ? v->item[STATE] : NULL;
    if (!state || !tfu_pickle_get(state, "_modules") || !tfu_pickle_get(state, "_parameters"))
        return NULL;
    return tfu_pth_name(v);
}

bool tfu_pth_is_array(const struct tfu_pickle_value *v)
{
    static const char *const makers[] = {"numpy.core.multiarray._reconstruct",
                                         "numpy._core.multiarray._reconstruct"};
    const char *name = v->kind == TFU_PICKLE_OBJECT ? tfu_pth_name(v) : "";
    return strcmp(name, makers[0]) == 0 || strcmp(name, makers[1]) == 0;
}

/* A class of models that is recognised without its parts. */
static bool is_known_model(const char *name)
{
    static const char *const models[] = {"torch.nn.modules.", "torchvision.models.", "timm.models.",
                                         "__main__."};
    for (size_t i = 0; i < TFU_COUNT(models); i++)
        if (strncmp(name, models[i], strlen(models[i])) == 0)
            return true;
    return false;
}

/* What is no dictionary. */
static enum tfu_status refuse_root(const struct walk *w, const struct tfu_pickle_value *root)
{
    const char *name =
        root->kind == TFU_PICKLE_OBJECT || tfu_pth_is_module(root) ? tfu_pth_name(root) : "";
    if (tfu_pth_model_class(root) || is_known_model(name) || tfu_pth_is_module(root))
        return tfu_error_at(w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
                            "the file holds a whole model, an object of '%.200s', of which only "
                            "its own code can make sense%s",
                            name, advice);
    if (tfu_pth_is_array(root))
        return tfu_error_at(w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
                            "the file holds an array of NumPy inside a pickle; load it in Python "
                            "and save it with numpy.save");
    return tfu_error_at(
        w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
        "the file holds %s%s%.200s%s where a dictionary of tensors with names is "
        "wanted; load it in Python and save {'name': tensor, ...} or "
        "`model.state_dict()` with torch.save",
        tfu_pth_is_tensor(root) ? "a single tensor" : tfu_pickle_kind_text(root->kind),
        name[0] && !tfu_pth_is_tensor(root) ? " of '" : "", tfu_pth_is_tensor(root) ? "" : name,
        name[0] && !tfu_pth_is_tensor(root) ? "'" : "");
}

/* A dictionary without tensors: what has it instead? */
static enum tfu_status refuse_empty(const struct walk *w, const struct tfu_pickle_value *dict)
{
    for (size_t i = 0; i < dict->count; i += 2) {
        const struct tfu_pickle_value *key = dict->item[i], *v = dict->item[i + 1];
        if (!tfu_pickle_is_printable(key))
            continue;
        if (tfu_pth_model_class(v))
            return tfu_error_at(w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
                                "its item '%.100s' is a whole model, an object of '%.200s', of "
                                "which only its own code can make sense%s",
                                key->text, tfu_pth_name(v), advice);
        if (tfu_pth_is_array(v))
            return tfu_error_at(w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
                                "its item '%.200s' is an array of NumPy inside a pickle, which is "
                                "not read; load the file in Python and save its arrays with "
                                "numpy.savez",
                                key->text);
    }
    return tfu_error_at(w->e, TFU_EUNSUPPORTED, w->p->path, 0, 0,
                        "no item of the file's dictionary is a tensor with a name; save "
                        "`model.state_dict()` with torch.save");
}

static bool has_tensor(const struct tfu_pickle_value *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (tfu_pth_is_tensor(list->item[i]))
            return true;
    return false;
}

/* What torch.save() was given without names, as activations are. */
static bool is_bare(const struct tfu_pickle_value *root)
{
    const bool list = root->kind == TFU_PICKLE_LIST || root->kind == TFU_PICKLE_TUPLE;
    return tfu_pth_is_tensor(root) || (list && has_tensor(root));
}

/* A tensor is called "tensor", those of a list have their numbers. */
static enum tfu_status add_bare(struct walk *w, const struct tfu_pickle_value *root)
{
    if (tfu_pth_is_tensor(root)) {
        snprintf(w->name, sizeof w->name, "tensor");
        return add_tensor(w, root);
    }
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < root->count; i++) {
        snprintf(w->name, sizeof w->name, "%zu", i);
        if (tfu_pth_is_tensor(root->item[i]))
            st = add_tensor(w, root->item[i]);
        else
            w->left_out++;
    }
    return st;
}

enum tfu_status tfu_pth_collect(struct tfu_pth *p, const struct tfu_pickle *pickle,
                                const struct tfu_pth_finder *finder, const char *dictionary,
                                struct tfu_error *e)
{
    struct walk w = {.p = p,
                     .finder = finder,
                     .e = e,
                     .steps = PASSES * pickle->used,
                     .tensors = pickle->used / ITEM_BYTES};
    const struct tfu_pickle_value *dict = pickle->root;
    if (!dictionary && is_bare(dict)) {
        const enum tfu_status bare = add_bare(&w, dict);
        return bare == TFU_OK ? say_left_out(&w) : bare;
    }
    if (dict->kind != TFU_PICKLE_DICT)
        return refuse_root(&w, dict);
    struct tfu_text path = TFU_TEXT_INIT;
    enum tfu_status st = tfu_pth_dictionaries_list(p, dict, pickle->used, e);
    if (st == TFU_OK && dictionary)
        st = take_named(&w, dictionary, &dict, &path);
    if (st == TFU_OK)
        st = unwrap_all(&w, &dict, &path);
    tfu_text_free(&path);
    if (st == TFU_OK)
        st = add_all(&w, dict, 0, 0);
    if (st == TFU_OK && w.steps == 0) /* something was not looked into */
        return refuse_circles(&w);
    if (st == TFU_OK && p->count == 0)
        return refuse_empty(&w, dict);
    if (st == TFU_OK)
        st = sort(&w);
    return st == TFU_OK ? say_left_out(&w) : st;
}

size_t tfu_pth_count(const void *self)
{
    return ((const struct tfu_pth *)self)->count;
}

struct tfu_reader_tensor tfu_pth_get(const void *self, size_t i)
{
    return ((const struct tfu_pth *)self)->tensor[i].shown;
}

const char *tfu_pth_unwrapped(const void *self)
{
    return ((const struct tfu_pth *)self)->unwrapped;
}
