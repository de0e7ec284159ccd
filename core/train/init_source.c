/* SPDX-License-Identifier: MIT */
#include "core/train/init_source.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/io/weights.h"
#include "core/train/checkpoint.h"
#include "core/train/init_account.h"
#include "core/train/init_adapt.h"
#include "core/train/init_numbered.h"

struct tfu_init_sources {
    const struct tfu_graph *graph;
    const struct tfu_init_rule *rule;
    size_t rule_count;
    struct tfu_init_images images;
    pthread_mutex_t lock;
    struct tfu_init_file *file; /* a list; new ones come first */
};

enum tfu_status tfu_init_sources_new(struct tfu_init_sources **out, const struct tfu_graph *graph,
                                     const struct tfu_init_rule *rule, size_t rule_count,
                                     const struct tfu_init_images *images, struct tfu_error *e)
{
    struct tfu_init_sources *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return tfu_error_memory(e, "initialising", 0);
    *s = (struct tfu_init_sources){
        .graph = graph, .rule = rule, .rule_count = rule_count, .images = *images};
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return TFU_OK;
}

static void file_free(struct tfu_init_file *f)
{
    tfu_weights_close(f->weights);
    for (uint32_t p = 0; f->adapted && p < f->param_count; p++)
        free(f->adapted[p]);
    free(f->adapted);
    free(f->unsure);
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
    const struct tfu_weights_request request = {.path = path,
                                                .strip = s->rule[rule].source.strip,
                                                .sha256 = s->rule[rule].source.sha256,
                                                .dictionary = s->rule[rule].source.dictionary,
                                                .own = &tfu_checkpoint_own,
                                                .digests = s->images.digests};
    struct tfu_init_file *f = calloc(1, sizeof *f);
    if (!f)
        return tfu_error_memory(e, "opening a file of weights", 0);
    f->path = strdup(path);
    f->fate = calloc((size_t)s->graph->param_count + 1, sizeof *f->fate);
    f->adapted = calloc((size_t)s->graph->param_count + 1, sizeof *f->adapted);
    f->unsure = calloc((size_t)s->graph->param_count + 1, sizeof *f->unsure);
    f->param_count = s->graph->param_count;
    f->rule = rule;
    enum tfu_status st = f->path && f->fate && f->adapted && f->unsure
                             ? tfu_weights_open(&f->weights, &request, e)
                             : tfu_error_memory(e, "opening a file of weights", 0);
    if (st == TFU_OK)
        st = tfu_init_name_numbered(f->weights, s->graph, e);
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
    if (!t->problem && tfu_stored_is_integer(t->type))
        return tfu_error_at(e, TFU_EUNSUPPORTED, f->path, 0, 0,
                            "tensor '%s' has whole numbers (%s) where weights are wanted: they are "
                            "quantized, and mean nothing without their scale; save floats, or "
                            "leave the parameter to another rule",
                            t->name, t->kind);
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

/* Does the tensor fit but for the image's channels, which the rule adapts? */
static bool is_adaptable(const struct tfu_init_sources *s, const struct tfu_init_file *f,
                         uint32_t param, const struct tfu_shape *have)
{
    const struct tfu_shape *want = &s->graph->param[param].shape;
    return s->rule[f->rule].source.channels != TFU_INIT_CHANNELS_REFUSE &&
           tfu_init_reads_image(s->graph, param) && have->rank == 4 &&
           have->dim[0] == want->dim[0] && have->dim[1] > 0 && have->dim[2] == want->dim[2] &&
           have->dim[3] == want->dim[3];
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
    if (any_shape || tfu_weights_get(f->weights, index)->problem || /* which reading it says */
        (shape_of(tfu_weights_get(f->weights, index), &shape) &&
         (tfu_shape_equal(&shape, &p->shape) || is_adaptable(s, f, param, &shape))))
        return TFU_INIT_LOADED;
    return matches(&r->source.mismatched, p->name) ? TFU_INIT_MISMATCHED_ALLOWED
                                                   : TFU_INIT_MISMATCHED;
}

/* ---- adapting what was read */

static enum tfu_status say(struct tfu_init_file *f, uint32_t param, struct tfu_error *e,
                           const char *fmt, ...) TFU_PRINTF(4, 5);
static enum tfu_status say(struct tfu_init_file *f, uint32_t param, struct tfu_error *e,
                           const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    free(f->adapted[param]);
    f->adapted[param] = strdup(text);
    return f->adapted[param] ? TFU_OK : tfu_error_memory(e, "reading weights", 0);
}

/* Both sides' images, which fold has to know. */
static enum tfu_status find_images(const struct tfu_init_sources *s, const struct tfu_init_file *f,
                                   uint32_t weight, int64_t channels,
                                   struct tfu_preprocessing images[2],
                                   struct tfu_init_normalisations *n, struct tfu_error *e)
{
    bool found;
    const enum tfu_status st =
        tfu_init_source_images(&s->rule[f->rule], f->rule, f->weights, &images[0], &found, e);
    if (st != TFU_OK)
        return st;
    const char *name = s->graph->param[weight].name;
    if (!found)
        return tfu_error_at(e, TFU_EINVAL, f->path, 0, 0,
                            "`channels: fold` takes the source's normalisation into '%s', but the "
                            "file does not say what it is; set `preprocessing:` in the rule",
                            name);
    if (images[0].channels > 1 && (int64_t)images[0].channels != channels)
        return tfu_error_at(
            e, TFU_EINVAL, f->path, 0, 0,
            "`channels: fold`: the source's images had %zu channels, but '%s' there "
            "has %lld",
            images[0].channels, name, (long long)channels);
    images[1] = (struct tfu_preprocessing){.channels = 0}; /* pixels as they are */
    if (s->images.preprocessing)
        images[1] = *s->images.preprocessing;
    if (images[1].channels > 1 && images[1].channels == images[0].channels &&
        strcmp(images[0].order, images[1].order) != 0)
        return tfu_error_at(e, TFU_EINVAL, f->path, 0, 0,
                            "`channels: fold`: the source's images were %s and these are %s; fold "
                            "does not change the order of channels",
                            images[0].order, images[1].order);
    *n = (struct tfu_init_normalisations){.source = &images[0], .mine = &images[1]};
    return TFU_OK;
}

/* `t` with its channels replaced. */
static enum tfu_status adapt_channels(const struct tfu_init_sources *s, struct tfu_init_file *f,
                                      uint32_t param, struct tfu_tensor *t, struct tfu_error *e)
{
    const struct tfu_shape *want = &s->graph->param[param].shape;
    const enum tfu_init_channels how = (enum tfu_init_channels)s->rule[f->rule].source.channels;
    const int64_t S = t->shape.dim[1], N = want->dim[1];
    struct tfu_preprocessing images[2];
    struct tfu_init_normalisations n = {NULL, NULL};
    enum tfu_status st = TFU_OK;
    if (how == TFU_INIT_CHANNELS_FOLD)
        st = tfu_init_can_fold(s->graph, param, e);
    if (st == TFU_OK && how == TFU_INIT_CHANNELS_FOLD)
        st = find_images(s, f, param, S, images, &n, e);
    float *data = st == TFU_OK ? calloc((size_t)tfu_shape_count(want), sizeof *data) : NULL;
    if (st == TFU_OK && !data)
        st = tfu_error_memory(e, "reading weights", 0);
    if (st != TFU_OK)
        return st;
    tfu_init_adapt_channels(how, t->data, want->dim[0], S, N, want->dim[2] * want->dim[3], &n,
                            data);
    free(t->data);
    t->data = data;
    t->shape = *want;
    return say(f, param, e, "from %lld to %lld channels by `channels: %s`%s", (long long)S,
               (long long)N, tfu_init_channels_name(how),
               how == TFU_INIT_CHANNELS_FOLD ? ", which takes in the source's deviations" : "");
}

/* What fold adds to a bias, or takes from a running mean. */
static enum tfu_status add_shift(struct tfu_init_sources *s, struct tfu_init_file *f,
                                 uint32_t param, uint32_t weight, struct tfu_tensor *t,
                                 struct tfu_error *e)
{
    const struct tfu_graph_param *p = &s->graph->param[param], *w = &s->graph->param[weight];
    const size_t index = tfu_weights_find(f->weights, w->name);
    struct tfu_tensor source;
    struct tfu_shape shape;
    struct tfu_preprocessing images[2];
    struct tfu_init_normalisations n;
    if (index == SIZE_MAX || !shape_of(tfu_weights_get(f->weights, index), &shape) ||
        !is_adaptable(s, f, weight, &shape)) /* the weight itself is refused */
        return TFU_OK;
    enum tfu_status st = tfu_init_can_fold(s->graph, weight, e);
    if (st == TFU_OK)
        st = find_images(s, f, weight, shape.dim[1], images, &n, e);
    if (st == TFU_OK)
        st = read_tensor(f, index, &source, e);
    if (st != TFU_OK)
        return st;
    const int64_t K = w->shape.dim[0];
    double *shift = calloc((size_t)K, sizeof *shift);
    if (shift) {
        tfu_init_fold_shift(source.data, K, shape.dim[1], w->shape.dim[1],
                            w->shape.dim[2] * w->shape.dim[3], &n, shift);
        const double sign = p->role == TFU_ROLE_BIAS ? 1 : -1;
        for (int64_t k = 0; k < K; k++) {
            float *to = (float *)t->data + k;
            *to = (float)((double)*to + sign * shift[k]);
        }
    }
    free(source.data);
    free(shift);
    return shift ? say(f, param, e, "with the source's means by `channels: fold`")
                 : tfu_error_memory(e, "reading weights", 0);
}

/* From the source's order of an image that is flattened to the layer's. */
static enum tfu_status reorder(const struct tfu_init_sources *s, struct tfu_init_file *f,
                               uint32_t param, bool statistics, struct tfu_tensor *t,
                               struct tfu_error *e)
{
    const int32_t order = s->rule[f->rule].source.flatten;
    const bool chw = tfu_init_is_chw(s->graph, param);
    int64_t channels, pixels;
    if (statistics || !tfu_init_flattens(s->graph, param, &channels, &pixels))
        return TFU_OK;
    if (order == TFU_INIT_FLATTEN_UNKNOWN) {
        f->unsure[param] = !chw && !tfu_weights_is_own(f->weights);
        return TFU_OK;
    }
    if ((order == TFU_INIT_FLATTEN_CHW) == chw)
        return TFU_OK;
    float *data = calloc((size_t)tfu_shape_count(&t->shape), sizeof *data);
    if (!data)
        return tfu_error_memory(e, "reading weights", 0);
    tfu_init_reorder(t->data, t->shape.dim[0], channels, pixels, !chw, data);
    free(t->data);
    t->data = data;
    return say(f, param, e, "columns from %s to %s order by `flatten: %s`", chw ? "H,W,C" : "C,H,W",
               chw ? "C,H,W" : "H,W,C", chw ? "hwc" : "chw");
}

static enum tfu_status adapt(struct tfu_init_sources *s, struct tfu_init_file *f,
                             const struct tfu_init_taking *taking, struct tfu_tensor *t,
                             struct tfu_error *e)
{
    const uint32_t param = taking->param;
    const struct tfu_shape *want = &s->graph->param[param].shape;
    if (taking->any_shape && !tfu_shape_equal(&t->shape, want))
        return TFU_OK;
    const bool fold = s->rule[f->rule].source.channels == TFU_INIT_CHANNELS_FOLD;
    const uint32_t shifted = fold ? tfu_init_shifted_by(s->graph, param) : TFU_GRAPH_NONE;
    if (shifted != TFU_GRAPH_NONE)
        return add_shift(s, f, param, shifted, t, e);
    if (fold && tfu_init_is_on_image(s->graph, param)) {
        const enum tfu_status st = tfu_init_can_fold(s->graph, param, e);
        if (st != TFU_OK)
            return st;
    }
    if (tfu_init_reads_image(s->graph, param) && (fold || !tfu_shape_equal(&t->shape, want)))
        return adapt_channels(s, f, param, t, e);
    return reorder(s, f, param, taking->statistics, t, e);
}

enum tfu_status tfu_init_sources_take(struct tfu_init_sources *s,
                                      const struct tfu_init_taking *taking, struct tfu_tensor *out,
                                      const char **adapted, struct tfu_error *e)
{
    struct tfu_init_file *f;
    const uint32_t param = taking->param;
    out->data = NULL;
    enum tfu_status st = find_file(s, taking->rule, taking->path, &f, e);
    if (st != TFU_OK)
        return st;
    const size_t i = tfu_weights_find(f->weights, s->graph->param[param].name);
    const enum tfu_init_fate fate = judge(s, f, param, i, taking->any_shape);
    /* where one initializer did not get it, another inside it may: what the first came to stands */
    if (f->fate[param] == TFU_INIT_NOT_TAKEN)
        f->fate[param] = fate;
    if (fate != TFU_INIT_LOADED)
        return TFU_OK;
    st = read_tensor(f, i, out, e);
    if (st == TFU_OK)
        st = adapt(s, f, taking, out, e);
    if (st != TFU_OK) {
        free(out->data);
        out->data = NULL;
    }
    *adapted = f->adapted[param];
    return st;
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
                          : rule->source.dictionary && rule->source.dictionary[0] ? "dictionary"
                          : rule->source.channels                                 ? "channels"
                          : rule->source.flatten                                  ? "flatten"
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

enum tfu_status tfu_init_sources_settle(struct tfu_init_sources *s, struct tfu_text *report,
                                        struct tfu_error *e)
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
                                                         .images = &s->images},
                              report, e);
    free(file);
    return st;
}
