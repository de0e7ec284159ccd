/* SPDX-License-Identifier: MIT */
#include "core/train/init_source.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/weights.h"
#include "core/train/init_account.h"

struct tfu_init_sources {
    const struct tfu_graph *graph;
    const struct tfu_init_rule *rule;
    size_t rule_count;
    pthread_mutex_t lock;
    struct tfu_init_file *file; /* a list; new ones come first */
};

enum tfu_status tfu_init_sources_new(struct tfu_init_sources **out, const struct tfu_graph *graph,
                                     const struct tfu_init_rule *rule, size_t rule_count,
                                     struct tfu_error *e)
{
    struct tfu_init_sources *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return tfu_error_memory(e, "initialising", 0);
    *s = (struct tfu_init_sources){.graph = graph, .rule = rule, .rule_count = rule_count};
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return TFU_OK;
}

static void file_free(struct tfu_init_file *f)
{
    tfu_weights_close(f->weights);
    free(f->fate);
    free(f->path);
    free(f);
}

void tfu_init_sources_free(struct tfu_init_sources *s)
{
    if (!s)
        return;
    while (s->file) {
        struct tfu_init_file *next = s->file->next;
        file_free(s->file);
        s->file = next;
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static enum tfu_status open_file(const struct tfu_init_sources *s, size_t rule, const char *path,
                                 struct tfu_init_file **out, struct tfu_error *e)
{
    const struct tfu_weights_request request = {
        .path = path, .strip = s->rule[rule].source.strip, .sha256 = s->rule[rule].source.sha256};
    struct tfu_init_file *f = calloc(1, sizeof *f);
    if (!f)
        return tfu_error_memory(e, "opening a file of weights", 0);
    f->path = strdup(path);
    f->fate = calloc((size_t)s->graph->param_count + 1, sizeof *f->fate);
    f->rule = rule;
    const enum tfu_status st = f->path && f->fate
                                   ? tfu_weights_open(&f->weights, &request, e)
                                   : tfu_error_memory(e, "opening a file of weights", 0);
    if (st == TFU_OK)
        *out = f;
    else
        file_free(f);
    return st;
}

/* The file, opened at its first use. */
static enum tfu_status find_file(struct tfu_init_sources *s, size_t rule, const char *path,
                                 struct tfu_init_file **out, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    pthread_mutex_lock(&s->lock);
    struct tfu_init_file *f = s->file;
    while (f && (f->rule != rule || strcmp(f->path, path) != 0))
        f = f->next;
    if (!f) {
        st = open_file(s, rule, path, &f, e);
        if (st == TFU_OK) {
            f->next = s->file;
            s->file = f;
        }
    }
    pthread_mutex_unlock(&s->lock);
    *out = f;
    return st;
}

/* False: it has more dims than tensors have here. */
static bool shape_of(const struct tfu_weights_tensor *t, struct tfu_shape *out)
{
    *out = tfu_shape_make(0, 1, 1, 1, 1, 1);
    out->rank = (uint32_t)t->rank;
    for (size_t i = 0; i < t->rank && i < TFU_MAX_RANK; i++)
        out->dim[i] = t->dim[i];
    return t->rank <= TFU_MAX_RANK;
}

/* A network cannot start from what is no number. */
static enum tfu_status check_finite(const struct tfu_init_file *f, const char *name,
                                    const float *data, int64_t count, struct tfu_error *e)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(data[i]))
            return tfu_error_at(e, TFU_ENUMERIC, f->path, 0, 0,
                                "number %lld of tensor '%s' is %g: the training that it is from "
                                "has diverged, or the file is damaged",
                                (long long)i, name, (double)data[i]);
    return TFU_OK;
}

static enum tfu_status read_tensor(const struct tfu_init_file *f, size_t index,
                                   struct tfu_tensor *out, struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = tfu_weights_get(f->weights, index);
    *out = (struct tfu_tensor){.struct_size = sizeof *out, .dtype = TFU_F32, .place = TFU_HOST};
    if (!shape_of(t, &out->shape))
        return tfu_error_at(e, TFU_ESHAPE, f->path, 0, 0,
                            "tensor '%s' has rank %zu; parameters have at most %d", t->name,
                            t->rank, TFU_MAX_RANK);
    float *data = calloc((size_t)t->count + 1, sizeof *data);
    if (!data)
        return tfu_error_memory(e, "reading weights", (size_t)t->count * sizeof *data);
    enum tfu_status st = tfu_weights_read_float(f->weights, index, data, e);
    if (st == TFU_OK)
        st = check_finite(f, t->name, data, t->count, e);
    if (st == TFU_OK)
        out->data = data;
    else
        free(data);
    return st;
}

enum tfu_status tfu_init_sources_read(struct tfu_init_sources *s, size_t rule, const char *path,
                                      const char *name, struct tfu_tensor *out, struct tfu_error *e)
{
    struct tfu_init_file *f;
    out->data = NULL;
    const enum tfu_status st = find_file(s, rule, path, &f, e);
    if (st != TFU_OK)
        return st;
    const size_t i = tfu_weights_find(f->weights, name);
    return i == SIZE_MAX ? TFU_OK : read_tensor(f, i, out, e);
}

static bool matches(const struct tfu_string_list *patterns, const char *name)
{
    return tfu_text_glob_any(patterns->item, patterns->count, name);
}

/* What taking the tensor at `index` (SIZE_MAX: there is none) for a parameter comes to. */
static enum tfu_init_fate judge(const struct tfu_init_sources *s, const struct tfu_init_file *f,
                                uint32_t param, size_t index, bool any_shape)
{
    const struct tfu_graph_param *p = &s->graph->param[param];
    const struct tfu_init_rule *r = &s->rule[f->rule];
    struct tfu_shape shape;
    if (s->graph->node[p->node].is_head && r->source.head == TFU_INIT_HEAD_REINIT)
        return TFU_INIT_HEAD;
    if (index == SIZE_MAX)
        return matches(&r->source.missing, p->name) ? TFU_INIT_MISSING_ALLOWED : TFU_INIT_MISSING;
    if (any_shape || (shape_of(tfu_weights_get(f->weights, index), &shape) &&
                      tfu_shape_equal(&shape, &p->shape)))
        return TFU_INIT_LOADED;
    return matches(&r->source.mismatched, p->name) ? TFU_INIT_MISMATCHED_ALLOWED
                                                   : TFU_INIT_MISMATCHED;
}

enum tfu_status tfu_init_sources_take(struct tfu_init_sources *s, size_t rule, const char *path,
                                      uint32_t param, bool any_shape, struct tfu_tensor *out,
                                      struct tfu_error *e)
{
    struct tfu_init_file *f;
    out->data = NULL;
    const enum tfu_status st = find_file(s, rule, path, &f, e);
    if (st != TFU_OK)
        return st;
    const size_t i = tfu_weights_find(f->weights, s->graph->param[param].name);
    const enum tfu_init_fate fate = judge(s, f, param, i, any_shape);
    /* where one initializer did not get it, another inside it may: what the first came to stands */
    if (f->fate[param] == TFU_INIT_NOT_TAKEN)
        f->fate[param] = fate;
    return fate == TFU_INIT_LOADED ? read_tensor(f, i, out, e) : TFU_OK;
}

/* ---- the account */

/* Does an option of the initializer, or of one in its options, name a file? */
static bool names_file(const struct tfu_plugin_choice *choice)
{
    const struct tfu_plugin *p = choice->plugin;
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o = tfu_plugin_option(p, i);
        const void *field = (const char *)choice->config + o->offset;
        if (o->type == TFU_PATH && (*(const char *const *)field)[0])
            return true;
        const struct tfu_inner *inner =
            o->type == TFU_INNER ? *(const struct tfu_inner *const *)field : NULL;
        if (inner && names_file(&inner->choice))
            return true;
    }
    return false;
}

/* A rule that says how to read a source and has none. One that has a source and took nothing from
 * it, as in `through: none`, is as good as any other value of a sweep. */
static enum tfu_status check_idle(const struct tfu_init_sources *s, struct tfu_error *e)
{
    for (size_t r = 0; r < s->rule_count; r++) {
        const struct tfu_init_rule *rule = &s->rule[r];
        const char *key = rule->source.missing.count                      ? "allow_missing"
                          : rule->source.mismatched.count                 ? "allow_mismatched"
                          : rule->source.unexpected.count                 ? "allow_unexpected"
                          : rule->source.head == TFU_INIT_HEAD_REINIT     ? "head"
                          : rule->source.sha256 && rule->source.sha256[0] ? "sha256"
                          : rule->source.strip && rule->source.strip[0]   ? "strip"
                                                                          : NULL;
        const struct tfu_init_file *f = s->file;
        while (f && f->rule != r)
            f = f->next;
        if (key && !f && !names_file(&rule->choice))
            return tfu_error_at(e, TFU_EINVAL, rule->choice.mark.source, rule->choice.mark.line,
                                rule->choice.mark.column,
                                "init.%zu: `%s` says how a file of weights is read, but '%s' is "
                                "given none; remove the key",
                                r, key, rule->choice.plugin->name);
    }
    return TFU_OK;
}

static int by_rule_and_path(const void *left, const void *right)
{
    const struct tfu_init_file *a = *(struct tfu_init_file *const *)left;
    const struct tfu_init_file *b = *(struct tfu_init_file *const *)right;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return strcmp(a->path, b->path);
}

enum tfu_status tfu_init_sources_settle(struct tfu_init_sources *s,
                                        const struct tfu_init_images *images,
                                        struct tfu_text *report, struct tfu_error *e)
{
    size_t count = 0, i = 0;
    for (const struct tfu_init_file *f = s->file; f; f = f->next)
        count++;
    /* threads open files in any order: the report has one of its own */
    struct tfu_init_file **file = calloc(count + 1, sizeof *file);
    if (!file)
        return tfu_error_memory(e, "reporting on weights", 0);
    for (struct tfu_init_file *f = s->file; f; f = f->next)
        file[i++] = f;
    qsort(file, count, sizeof *file, by_rule_and_path);
    enum tfu_status st = check_idle(s, e);
    for (i = 0; i < count && st == TFU_OK; i++)
        st = tfu_init_account(&(struct tfu_init_account){.graph = s->graph,
                                                         .rule = &s->rule[file[i]->rule],
                                                         .file = file[i],
                                                         .images = images},
                              report, e);
    free(file);
    return st;
}
