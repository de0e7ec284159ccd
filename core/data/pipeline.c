/* SPDX-License-Identifier: MIT */
#include "core/data/pipeline.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/base/random.h"

/* ---- what is lent to create() and shape() */

/* A published preprocessing as plugins see it. */
struct tfu_pipeline_published {
    struct tfu_pipeline_published *next;
    struct tfu_normalisation as;
    struct tfu_preprocessing of;
};

struct bridge {
    struct tfu_transform_host host;
    struct tfu_pipeline *pipeline;
    struct tfu_error *error;
};

static enum tfu_status host_fail(struct tfu_transform_host *h, enum tfu_status st, const char *fmt,
                                 ...)
{
    const struct bridge *b = h->host;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(b->error, st, fmt, args);
    va_end(args);
    return st;
}

static const struct tfu_normalisation *host_published(struct tfu_transform_host *h,
                                                      const char *name)
{
    const struct bridge *b = h->host;
    struct tfu_pipeline_published *p = calloc(1, sizeof *p);
    if (!p) {
        tfu_error_memory(b->error, "opening a dataset", 0);
        return NULL;
    }
    p->next = b->pipeline->asked;
    b->pipeline->asked = p;
    if (!tfu_preprocessing_named(name, &p->of)) {
        const char *const *known = tfu_preprocessing_names();
        size_t count = 0;
        while (known[count])
            count++;
        const char *nearest = tfu_text_nearest(name, known, count);
        tfu_error_set(b->error, TFU_EINVAL, "there is no preprocessing '%s'%s%s%s", name,
                      nearest ? "; did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?" : "");
        return NULL;
    }
    p->as = (struct tfu_normalisation){.struct_size = sizeof p->as,
                                       .channels = (uint32_t)p->of.channels,
                                       .mean = p->of.mean,
                                       .deviation = p->of.deviation,
                                       .order = p->of.order,
                                       .published = name};
    return &p->as;
}

static struct tfu_transform_host *bridge_init(struct bridge *b, struct tfu_pipeline *p,
                                              struct tfu_error *e)
{
    b->pipeline = p;
    b->host = (struct tfu_transform_host){
        .struct_size = sizeof b->host, .host = b, .fail = host_fail, .published = host_published};
    b->error = e;
    return &b->host;
}

/* ---- opening */

static const struct tfu_calling *begin(const struct tfu_pipeline_step *s, struct tfu_calling *c,
                                       const char *function)
{
    *c = (struct tfu_calling){
        .kind = "transform", .plugin = s->choice->plugin->name, .function = function};
    return tfu_calling_begin(c);
}

static enum tfu_status name_failure(const struct tfu_pipeline_step *s, enum tfu_status st,
                                    const char *function, struct tfu_error *why,
                                    struct tfu_error *e)
{
    tfu_host_check(st, s->choice->plugin->name, function, why);
    return tfu_error_set(e, st, "transform '%s': %s", s->choice->plugin->name, why->text);
}

static enum tfu_status create(struct tfu_pipeline *p, const struct tfu_plugin_choice *choice,
                              struct tfu_error *e)
{
    struct tfu_pipeline_step s = {.choice = choice, .ops = choice->plugin->ops};
    struct bridge bridge;
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_calling calling;
    s.notes = calloc(1, sizeof *s.notes);
    if (!s.notes)
        return tfu_error_memory(e, "opening a dataset", 0);
    s.notes->log = p->log;
    s.notes->of = choice->plugin->name;
    const struct tfu_calling *outer = begin(&s, &calling, "create");
    const enum tfu_status st =
        s.ops->create(&s.self, choice->config, bridge_init(&bridge, p, &why));
    tfu_calling_end(outer);
    if (st != TFU_OK) {
        free(s.notes);
        return name_failure(&s, st, "create", &why, e);
    }
    tfu_registry_hold(p->registry, choice->plugin);
    p->step[p->count++] = s;
    return TFU_OK;
}

/* H,W,C, each of which may be 0, of not more numbers than can be counted. */
static bool is_size(const struct tfu_shape *s)
{
    int64_t room = INT64_C(1) << 40;
    for (uint32_t i = 0; s->rank == 3 && i < 3; i++) {
        if (s->dim[i] < 0 || s->dim[i] > room)
            return false;
        room /= s->dim[i] ? s->dim[i] : 1;
    }
    return s->rank == 3;
}

/* Which of them mixes: one can. */
static enum tfu_status find_mixing(struct tfu_pipeline *p, struct tfu_error *e)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!(p->step[i].ops->flags & TFU_TRANSFORM_MIXES))
            continue;
        if (p->mixing)
            return tfu_error_set(e, TFU_EINVAL,
                                 "transforms '%s' and '%s' both mix images of a batch, and losses "
                                 "can be shared once; leave one of them out",
                                 p->mixing->choice->plugin->name, p->step[i].choice->plugin->name);
        p->mixing = &p->step[i];
    }
    return TFU_OK;
}

/* Steps that change numbers are for those from 0 to 1; behind a normalisation they are others. */
static void warn_of_order(const struct tfu_pipeline *p)
{
    const struct tfu_pipeline_step *normalised = NULL;
    for (size_t i = 0; i < p->count; i++) {
        const struct tfu_pipeline_step *s = &p->step[i];
        if (normalised && !(s->ops->flags & (TFU_TRANSFORM_GEOMETRIC | TFU_TRANSFORM_MIXES)))
            tfu_log_write(p->log, TFU_LOG_WARNING,
                          "transform '%s' stands behind '%s' and gets numbers that are no longer "
                          "from 0 to 1; if it is for those, put it in front",
                          s->choice->plugin->name, normalised->choice->plugin->name);
        if (s->ops->normalisation && s->ops->normalisation(s->self))
            normalised = s;
    }
}

/* The size that comes out of all. */
static enum tfu_status follow_shape(struct tfu_pipeline *p, const struct tfu_dataset_info *source,
                                    struct tfu_error *e)
{
    struct tfu_shape shape =
        tfu_shape_make(3, source->height, source->width, source->channels, 1, 1);
    for (size_t i = 0; i < p->count; i++) {
        const struct tfu_pipeline_step *s = &p->step[i];
        if (!s->ops->shape)
            continue;
        struct tfu_shape out = shape;
        struct bridge bridge;
        struct tfu_error why = TFU_ERROR_INIT;
        struct tfu_calling calling;
        const struct tfu_calling *outer = begin(s, &calling, "shape");
        enum tfu_status st = s->ops->shape(s->self, &shape, &out, bridge_init(&bridge, p, &why));
        tfu_calling_end(outer);
        if (st == TFU_OK && !is_size(&out))
            st = tfu_error_set(
                &why, TFU_ESHAPE, "shape() gives rank %u and %lld x %lld x %lld; it is to be H,W,C",
                out.rank, (long long)out.dim[0], (long long)out.dim[1], (long long)out.dim[2]);
        if (st != TFU_OK)
            return name_failure(s, st, "shape", &why, e);
        shape = out;
    }
    p->height = shape.dim[0];
    p->width = shape.dim[1];
    p->channels = shape.dim[2];
    return TFU_OK;
}

/* From the end to the beginning: what each of them makes smaller need not be read. */
static void follow_wanted(struct tfu_pipeline *p)
{
    for (size_t i = p->count; i-- > 0;) {
        const struct tfu_pipeline_step *s = &p->step[i];
        struct tfu_calling calling;
        const struct tfu_calling *outer = begin(s, &calling, "wanted");
        if (s->ops->wanted)
            s->ops->wanted(s->self, p->wanted);
        else if (s->ops->flags & TFU_TRANSFORM_GEOMETRIC)
            p->wanted[0] = p->wanted[1] = 0;
        tfu_calling_end(outer);
    }
}

/* Numbers that are left alone, of so many channels. */
static struct tfu_preprocessing untouched(int64_t channels)
{
    struct tfu_preprocessing p = {.channels = 0};
    if (channels < 1 || channels > TFU_PREPROCESSING_CHANNELS_MAX)
        return p;
    p.channels = (size_t)channels;
    p.order = channels == 1 ? "gray" : "rgb";
    for (size_t c = 0; c < p.channels; c++)
        p.deviation[c] = 1;
    return p;
}

static void follow_numbers(struct tfu_pipeline *p)
{
    size_t found = 0;
    p->preprocessing = untouched(p->channels);
    for (size_t i = 0; i < p->count; i++) {
        const struct tfu_pipeline_step *s = &p->step[i];
        struct tfu_calling calling;
        const struct tfu_calling *outer = begin(s, &calling, "normalisation");
        const struct tfu_normalisation *n =
            s->ops->normalisation ? s->ops->normalisation(s->self) : NULL;
        tfu_calling_end(outer);
        if (!n)
            continue;
        struct tfu_preprocessing *q = &p->preprocessing;
        const bool fits = found++ == 0 && (int64_t)n->channels == p->channels &&
                          n->channels <= TFU_PREPROCESSING_CHANNELS_MAX;
        q->channels = fits ? n->channels : 0;
        q->order = fits ? n->order : q->order;
        for (size_t c = 0; c < q->channels; c++) {
            q->mean[c] = n->mean[c];
            q->deviation[c] = n->deviation[c];
        }
        p->published = fits ? n->published : NULL;
    }
}

enum tfu_status tfu_pipeline_open(struct tfu_pipeline *p, const struct tfu_data_split *split,
                                  const struct tfu_dataset_info *source,
                                  struct tfu_registry *registry, struct tfu_log *log,
                                  struct tfu_error *e)
{
    *p = (struct tfu_pipeline){.registry = registry, .log = log};
    p->step = calloc(split->transform_count + 1, sizeof *p->step);
    if (!p->step)
        return tfu_error_memory(e, "opening a dataset", 0);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < split->transform_count; i++)
        st = create(p, &split->transform[i], e);
    if (st == TFU_OK)
        st = find_mixing(p, e);
    if (st == TFU_OK)
        st = follow_shape(p, source, e);
    if (st != TFU_OK) {
        tfu_pipeline_close(p);
        return st;
    }
    follow_wanted(p);
    follow_numbers(p);
    warn_of_order(p);
    return TFU_OK;
}

/* The first one has been said. */
static void count_notes(struct tfu_example_notes *n)
{
    const size_t count = n->count;
    if (count > 1)
        tfu_log_write(n->log, TFU_LOG_WARNING,
                      "transform '%s': what was warned of happened %zu times in all, counted once "
                      "an epoch for each image",
                      n->of, count);
    free(n);
}

void tfu_pipeline_close(struct tfu_pipeline *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct tfu_calling calling;
        const struct tfu_calling *outer = begin(&p->step[i], &calling, "destroy");
        p->step[i].ops->destroy(p->step[i].self);
        tfu_calling_end(outer);
        count_notes(p->step[i].notes);
        tfu_registry_release(p->registry, p->step[i].choice->plugin);
    }
    free(p->step);
    while (p->asked) {
        struct tfu_pipeline_published *next = p->asked->next;
        free(p->asked);
        p->asked = next;
    }
    *p = (struct tfu_pipeline){.count = 0};
}

/* ---- use */

size_t tfu_pipeline_fixed(const struct tfu_pipeline *p)
{
    const uint32_t other = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_LABELS | TFU_TRANSFORM_MIXES;
    size_t i = 0;
    while (i < p->count && !(p->step[i].ops->flags & other))
        i++;
    return i;
}

enum tfu_status tfu_pipeline_run(const struct tfu_pipeline *p, struct tfu_example_work *w,
                                 bool random, uint64_t key, struct tfu_error *e)
{
    return tfu_pipeline_run_steps(p, 0, p->count, w, random, key, e);
}

enum tfu_status tfu_pipeline_run_steps(const struct tfu_pipeline *p, size_t first, size_t end,
                                       struct tfu_example_work *w, bool random, uint64_t key,
                                       struct tfu_error *e)
{
    for (size_t i = first; i < end; i++) {
        const struct tfu_pipeline_step *s = &p->step[i];
        struct tfu_error why = TFU_ERROR_INIT;
        struct tfu_calling calling;
        if (s == p->mixing)
            continue;
        w->error = &why;
        w->notes = s->notes;
        w->host.random = random;
        w->host.key = random ? tfu_random_subkey(key, i) : 0;
        const struct tfu_calling *outer = begin(s, &calling, "run");
        enum tfu_status st = s->ops->run(s->self, &w->example, &w->host);
        tfu_calling_end(outer);
        tfu_host_check(st, s->choice->plugin->name, "run", &why);
        if (st == TFU_OK)
            st = tfu_example_check(w, &why);
        w->error = e;
        w->notes = NULL;
        if (st != TFU_OK)
            return name_failure(s, st, "run", &why, e);
    }
    return TFU_OK;
}

enum tfu_status tfu_pipeline_mix(const struct tfu_pipeline *p, float *image, const float *other,
                                 uint64_t key, double *share, struct tfu_error *e)
{
    const struct tfu_pipeline_step *s = p->mixing;
    const struct tfu_shape shape = tfu_shape_make(3, p->height, p->width, p->channels, 1, 1);
    struct tfu_tensor a = {.struct_size = sizeof a,
                           .dtype = TFU_F32,
                           .place = TFU_HOST,
                           .shape = shape,
                           .data = image};
    struct tfu_tensor b = a;
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_example_work w;
    struct tfu_calling calling;
    b.data = (void *)(uintptr_t)other;
    tfu_example_begin(&w, NULL, &why);
    w.notes = s->notes;
    w.host.random = 1;
    w.host.key = tfu_random_subkey(key, (uint64_t)(s - p->step));
    *share = 1;
    const struct tfu_calling *outer = begin(s, &calling, "mix");
    enum tfu_status st = s->ops->mix(s->self, &a, &b, share, &w.host);
    tfu_calling_end(outer);
    tfu_example_end(&w);
    tfu_host_check(st, s->choice->plugin->name, "mix", &why);
    if (st == TFU_OK && !(*share >= 0 && *share <= 1))
        st = tfu_error_set(&why, TFU_ENUMERIC, "mix() gives the share %g; it is from 0 to 1",
                           *share);
    return st == TFU_OK ? TFU_OK : name_failure(s, st, "mix", &why, e);
}
