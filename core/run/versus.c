/* SPDX-License-Identifier: MIT */
#include "core/run/versus.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/hash.h"
#include "core/base/path.h"
#include "core/base/statistics.h"
#include "core/config/versus.h"
#include "core/store/identity.h"
#include "core/study/chance.h"
#include "core/study/compare.h"
#include "core/study/compare_parameters.h"
#include "core/study/metrics.h"
#include "core/study/same_images.h"

struct versus;

/* A side of a comparison. */
struct side {
    const struct tfu_subject *subject;
    const struct tfu_dataset *data;
    struct tfu_capture *capture;
    struct tfu_node_choice *node;
    size_t node_count;
};

/* One metric. */
struct one {
    const struct tfu_versus *config;
    struct versus *all;
    struct tfu_subject *other; /* NULL: the beginning of this run, or it could not be opened: */
    struct tfu_error error;
    char digest[TFU_HASH_HEX]; /* of the other's state; "": not known */
    struct tfu_dataset *data;  /* the other's own */
    struct side a, b;          /* the other; the network under training */
    bool warned;
};

struct versus {
    struct tfu_session *session;
    struct tfu_subject beginning, now; /* of this run */
    struct one *one;
    size_t count;
    const char **against;                   /* digests, for the identity */
    const struct tfu_evaluate_hooks *hooks; /* of the evaluation at hand; NULL: none */
    struct tfu_arena arena;                 /* texts of the scores of the last look */
    struct tfu_score *score;
    size_t score_count, score_room;
};

static void close_side(struct side *s)
{
    tfu_capture_free(s->capture);
    free(s->node);
}

static void free_versus(void *arg)
{
    struct versus *v = arg;
    for (size_t i = 0; i < v->count; i++) {
        close_side(&v->one[i].a);
        close_side(&v->one[i].b);
        tfu_dataset_close(v->one[i].data);
        tfu_subject_close(v->one[i].other);
    }
    tfu_arena_free(&v->arena);
    free(v->score);
    free(v->one);
    free(v->against);
    free(v);
}

/* ---- the other state */

/* Opens the run that `against` names; `d` gets what is wrong in its configuration. */
static enum tfu_status open_other(struct tfu_subject **out, const struct tfu_versus *w,
                                  const struct tfu_context *c, struct tfu_diagnostics *d,
                                  struct tfu_error *e)
{
    const struct tfu_subject_request request = {
        .spec = w->against, .registry = c->registry, .threads = c->threads, .log = c->log};
    const enum tfu_status st = tfu_subject_open(out, &request, d, e);
    if (st != TFU_OK || (*out)->folder)
        return st;
    tfu_subject_close(*out);
    *out = NULL;
    return tfu_error_at(e, TFU_EINVAL, w->against, 0, 0,
                        "not a run: `against` takes " TFU_VERSUS_INITIAL
                        ", or the folder of a run as RUN or RUN@STATE");
}

/* "metrics.2.against: 'runs/x@7': the run has no ..." */
static void say_why(const struct tfu_versus *w, const struct tfu_error *why, struct tfu_text *out)
{
    tfu_text_printf(out, "metrics.%zu.against: ", w->place);
    if (why->source[0])
        tfu_text_printf(out, "'%s': ", why->source);
    tfu_text_puts(out, why->text);
}

/* The state as bytes: of its checkpoint, or, of an initial state, of what decides it. */
static enum tfu_status digest(struct one *o, struct tfu_error *e)
{
    const struct tfu_subject *s = o->other;
    if (s->path)
        return tfu_hash_file(s->path, o->digest, e);
    char *path = tfu_path_join(s->folder, TFU_IDENTITY_FILE);
    if (path && access(path, F_OK) != 0) { /* a run of an older version */
        free(path);
        path = tfu_path_join(s->folder, "config.yaml");
    }
    const enum tfu_status st =
        path ? tfu_hash_file(path, o->digest, e) : tfu_error_memory(e, "opening a network", 0);
    free(path);
    return st;
}

static enum tfu_status find_other(struct one *o, const struct tfu_context *c, struct tfu_error *e)
{
    struct tfu_diagnostics *d;
    struct tfu_error why = TFU_ERROR_INIT;
    if (!tfu_versus_has_run(o->config))
        return TFU_OK;
    enum tfu_status st = tfu_diagnostics_new(&d, e);
    if (st != TFU_OK)
        return st;
    st = open_other(&o->other, o->config, c, d, &why);
    if (st == TFU_OK)
        st = digest(o, &why);
    tfu_diagnostics_free(d);
    if (st == TFU_ENOMEM)
        return tfu_error_memory(e, "opening a network", 0);
    if (st == TFU_OK)
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_mark m = o->config->mark;
    say_why(o->config, &why, &text);
    tfu_error_at(&o->error, TFU_EINVAL, m.source, m.line, m.column, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_OK;
}

static enum tfu_status look(void *arg, const struct tfu_evaluate_hooks *hooks,
                            struct tfu_scores *out, struct tfu_error *e);

enum tfu_status tfu_run_versus_open(struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    if (x->versus_count == 0)
        return TFU_OK;
    struct versus *v = calloc(1, sizeof *v);
    if (!v)
        return tfu_error_memory(e, "preparing comparisons", 0);
    v->session = s;
    tfu_arena_init(&v->arena, 0);
    s->observer = (struct tfu_observer){.arg = v, .free = free_versus, .look = look};
    /* `init:` speaks when the run begins; what it warns of is not said again */
    v->beginning = (struct tfu_subject){.experiment = x, .context = s->context};
    v->beginning.context.log = NULL;
    v->beginning.label = (char *)"the beginning of the run";
    v->now = v->beginning;
    v->now.label = (char *)"the network under training";
    v->one = calloc(x->versus_count, sizeof *v->one);
    v->against = calloc(x->versus_count, sizeof *v->against);
    if (!v->one || !v->against)
        return tfu_error_memory(e, "preparing comparisons", 0);
    enum tfu_status st = TFU_OK;
    for (; st == TFU_OK && v->count < x->versus_count; v->count++) {
        struct one *o = &v->one[v->count];
        *o = (struct one){.config = &x->versus[v->count], .all = v};
        st = find_other(o, &s->context, e);
        v->against[v->count] = o->digest[0] ? o->digest : NULL;
    }
    s->observer.against = v->against;
    return st;
}

enum tfu_status tfu_run_versus_check(const struct tfu_experiment *x, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_context c = {.registry = r};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < x->versus_count; i++) {
        struct one o = {.config = &x->versus[i]};
        st = find_other(&o, &c, e);
        if (st == TFU_OK && o.error.status != TFU_OK)
            tfu_diagnostics_add(d, o.config->mark, "%s", o.error.text);
        tfu_subject_close(o.other);
    }
    return st;
}

/* ---- building */

static uint32_t needs(const struct one *o)
{
    return ((const struct tfu_metric_ops *)o->config->choice.plugin->ops)->needs;
}

/* An error about the configuration, with its place there. */
static enum tfu_status refuse(const struct one *o, struct tfu_mark m, const char *text,
                              struct tfu_error *e)
{
    return tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column, "metrics.%zu: %s",
                        o->config->place, text);
}

/* What is refused or fails below; a wrong value gets its place. */
static enum tfu_status pass_on(const struct one *o, const struct tfu_error *said,
                               struct tfu_error *e)
{
    if (said->status == TFU_EINVAL)
        return refuse(o, o->config->choice.mark, said->text, e);
    tfu_error_set(e, said->status, "%s", said->text);
    return said->status == TFU_EINTERRUPTED ? said->status
                                            : tfu_error_prefix(e, "metrics.%zu", o->config->place);
}

static void on_progress(void *arg, int64_t done, int64_t total)
{
    const struct versus *v = ((const struct one *)arg)->all;
    if (v->hooks && v->hooks->progress)
        v->hooks->progress(v->hooks->arg, v->session->monitor, done, total);
}

static bool is_interrupted(void *arg)
{
    const struct versus *v = ((const struct one *)arg)->all;
    return v->hooks && v->hooks->interrupted && v->hooks->interrupted(v->hooks->arg);
}

static enum tfu_status open_side(struct one *o, struct side *s, struct tfu_error *e)
{
    const struct tfu_versus *w = o->config;
    const struct tfu_session *session = o->all->session;
    const int64_t rows = w->rows ? w->rows : tfu_metric_rows(&w->choice);
    const struct tfu_capture_request request = {
        .subject = s->subject,
        .data = s->data,
        /* `init:` is for the images that are trained on */
        .preprocessing = s->subject == o->other
                             ? NULL
                             : tfu_dataset_preprocessing(session->data[TFU_SPLIT_TRAIN]),
        .images = w->images ? w->images : rows,
        .sampling = {.rows = rows,
                     .channels = w->channels,
                     .draws = w->draws,
                     .seed = (uint64_t)w->seed},
        .maps = needs(o) & TFU_NEEDS_MAPS,
        .arg = o,
        .progress = on_progress,
        .interrupted = is_interrupted,
    };
    const enum tfu_status st = tfu_capture_new(&s->capture, &request, e);
    if (st != TFU_OK)
        return st;
    return (needs(o) & TFU_NEEDS_PARAMETERS ? tfu_parameters_choose : tfu_nodes_choose)(
        &s->node, &s->node_count, tfu_capture_graph(s->capture), w->nodes.item, w->nodes.count, e);
}

static void list_nodes(const struct side *s, struct tfu_text *out)
{
    for (size_t i = 0; i < s->node_count; i++)
        tfu_text_printf(out, "%s%s", i ? ", " : "", s->node[i].name);
}

/* The i-th with the i-th: there have to be as many. */
static enum tfu_status check_nodes(const struct one *o, struct tfu_error *e)
{
    if (o->a.node_count == o->b.node_count || (needs(o) & TFU_NEEDS_PARAMETERS))
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "the network under training has %zu nodes to compare (",
                    o->b.node_count);
    list_nodes(&o->b, &text);
    tfu_text_printf(&text, ") and '%s' has %zu (", o->a.subject->label, o->a.node_count);
    list_nodes(&o->a, &text);
    tfu_text_puts(&text, "); choose by `nodes` such as both have");
    const enum tfu_status st = refuse(o, o->config->choice.mark, tfu_text_get(&text), e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status open_images(struct one *o, struct tfu_error *e)
{
    const struct tfu_session *s = o->all->session;
    const enum tfu_split split = s->monitor;
    o->b.data = o->a.data = s->data[split];
    if (!o->other)
        return TFU_OK;
    enum tfu_status st = TFU_OK;
    if (tfu_experiment_split(o->other->experiment, split)->present)
        st = tfu_assemble_images(&o->data, &o->other->context, split, e);
    if (st != TFU_OK || (o->data && tfu_images_are_same(o->data, s->data[split]))) {
        o->a.data = o->data;
        return st;
    }
    const struct tfu_mark m = o->config->mark;
    return tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column,
                        "metrics.%zu.against: the %s data of that run are not those of this one, "
                        "so that their activations do not belong together",
                        o->config->place, tfu_split_name(split));
}

static enum tfu_status build(struct one *o, struct tfu_error *e)
{
    struct versus *v = o->all;
    if (o->error.status != TFU_OK) {
        if (e)
            *e = o->error;
        return o->error.status;
    }
    o->a.subject = o->other ? o->other : &v->beginning;
    o->b.subject = &v->now;
    struct tfu_error said = TFU_ERROR_INIT;
    enum tfu_status st = open_images(o, e);
    if (st != TFU_OK)
        return st;
    if (open_side(o, &o->a, &said) != TFU_OK || open_side(o, &o->b, &said) != TFU_OK)
        return pass_on(o, &said, e);
    tfu_capture_feed(o->b.capture, v->session->network);
    return check_nodes(o, e);
}

static struct tfu_compare_request compare_request(const struct one *o)
{
    const struct tfu_context *c = &o->all->session->context;
    return (struct tfu_compare_request){
        .a = o->a.capture,
        .b = o->b.capture,
        .metric = &o->config->choice,
        .registry = c->registry,
        .threads = c->threads,
        .node_a = o->a.node,
        .node_b = o->b.node,
        .count_a = o->a.node_count,
        .count_b = o->b.node_count,
        .pooled = o->config->per == TFU_VERSUS_PER_IMAGE,
    };
}

/* Activations of both sides, and a network as for an evaluation with the nodes that are kept. */
static enum tfu_status plan(const struct one *o, size_t *bytes, struct tfu_error *e)
{
    const struct tfu_session *s = o->all->session;
    const struct tfu_compare_request request = compare_request(o);
    const struct tfu_graph *g = tfu_capture_graph(o->b.capture);
    size_t activations = 0;
    *bytes = tfu_network_memory(tfu_evaluator_network(s->evaluator)).total;
    if (needs(o) & TFU_NEEDS_PARAMETERS)
        return TFU_OK;
    for (size_t i = 0; i < o->b.node_count; i++)
        *bytes += (size_t)tfu_shape_count(&g->value[o->b.node[i].value].shape) * sizeof(float);
    struct tfu_error said = TFU_ERROR_INIT;
    if (tfu_compare_bytes(&activations, &request, &said) != TFU_OK)
        return pass_on(o, &said, e);
    *bytes += activations;
    return TFU_OK;
}

/* Does what `key` of the configuration goes by follow from one of these? */
static enum tfu_status check_use(const struct versus *v, const char *key, const char *metric,
                                 struct tfu_error *e)
{
    const struct tfu_versus *w =
        metric[0] ? tfu_versus_find(v->session->context.experiment, metric) : NULL;
    const struct one *o = w ? &v->one[w - v->session->context.experiment->versus] : NULL;
    if (!o)
        return TFU_OK;
    const size_t n = strlen(tfu_versus_name(w));
    for (size_t i = 0; i < o->b.node_count; i++)
        if (metric[n] == '.' && strcmp(metric + n + 1, o->b.node[i].name) == 0)
            return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    list_nodes(&o->b, &text);
    const enum tfu_status st =
        tfu_error_set(e, TFU_EINVAL, "%s: '%s' is not reported; %s has a number for each of: %s",
                      key, metric, tfu_versus_name(w), tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_run_versus_build(struct tfu_session *s, struct tfu_error *e)
{
    struct versus *v = s->observer.arg;
    const struct tfu_train_config *t = &s->context.experiment->train;
    enum tfu_status st = TFU_OK;
    if (!v || !s->evaluator)
        return TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < v->count; i++) {
        size_t bytes = 0;
        st = build(&v->one[i], e);
        if (st == TFU_OK)
            st = plan(&v->one[i], &bytes, e);
        s->observer.bytes += bytes;
    }
    if (st == TFU_OK)
        st = check_use(v, "train.early_stopping.metric", t->early_stopping.metric, e);
    if (st == TFU_OK)
        st = check_use(v, "train.threshold.metric", t->threshold.metric, e);
    return st;
}

/* ---- an evaluation */

static enum tfu_status add_score(struct versus *v, const char *key, double value, const char *note,
                                 struct tfu_error *e)
{
    if (v->score_count == v->score_room) {
        const size_t room = 2 * v->score_room + 16;
        struct tfu_score *score = realloc(v->score, room * sizeof *score);
        if (!score)
            return tfu_error_memory(e, "keeping scores", 0);
        v->score = score;
        v->score_room = room;
    }
    const char *kept = note ? tfu_arena_strdup(&v->arena, note) : NULL;
    if (!key || (note && !kept))
        return tfu_error_memory(e, "keeping scores", 0);
    v->score[v->score_count++] =
        (struct tfu_score){.key = key, .value = value, .note = kept, .headline = true};
    return TFU_OK;
}

/* The mean over draws of a pair's headline. */
static enum tfu_status add_pair(struct one *o, const struct tfu_comparison *r, size_t pair,
                                double *room, struct tfu_error *e)
{
    struct versus *v = o->all;
    const struct tfu_compare_pair *p = &r->pair[pair];
    const char *headline = o->config->choice.plugin->name;
    const struct tfu_mean mean = tfu_mean(room, tfu_compare_values(r, p, headline, room));
    const char *key =
        tfu_arena_printf(&v->arena, "%s.%s", tfu_versus_name(o->config), o->b.node[p->b].name);
    return mean.mean.defined ? add_score(v, key, mean.mean.value, NULL, e)
                             : add_score(v, key, NAN, tfu_compare_reason(r, p, headline), e);
}

/* The pair and draw with the fewest rows for each direction, once. */
static void warn_of_chance(struct one *o, const struct tfu_comparison *r)
{
    struct tfu_chance worst = {.rows = 0};
    const char *node = NULL;
    for (size_t i = 0; i < r->pair_count; i++)
        for (int64_t d = 0; d < r->draws; d++) {
            struct tfu_chance chance = {.rows = 0};
            const struct tfu_compare_draw *draw = &r->pair[i].draw[d];
            for (size_t k = 0; k < draw->count; k++)
                tfu_chance_take(&chance, draw->score[k].key, draw->score[k].value);
            if (tfu_chance_rows(&chance) >= tfu_chance_rows(&worst))
                continue;
            worst = chance;
            node = o->b.node[r->pair[i].b].name;
        }
    if (o->warned || !tfu_chance_is_high(&worst))
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_chance_describe(&worst, &text);
    tfu_log_write(o->all->session->context.log, TFU_LOG_WARNING, "%s.%s has %s",
                  tfu_versus_name(o->config), node, tfu_text_get(&text));
    tfu_text_free(&text);
    o->warned = true;
}

static enum tfu_status compare(struct one *o, struct tfu_error *e)
{
    const struct tfu_compare_request request = compare_request(o);
    struct tfu_comparison r;
    struct tfu_error said = TFU_ERROR_INIT;
    if ((needs(o) & TFU_NEEDS_PARAMETERS ? tfu_compare_parameters : tfu_compare)(&r, &request,
                                                                                 &said) != TFU_OK)
        return pass_on(o, &said, e);
    warn_of_chance(o, &r);
    double *room = calloc((size_t)r.draws + 1, sizeof *room);
    enum tfu_status st = room ? TFU_OK : tfu_error_memory(e, "keeping scores", 0);
    for (size_t i = 0; st == TFU_OK && i < r.pair_count; i++)
        st = add_pair(o, &r, i, room, e);
    free(room);
    tfu_comparison_free(&r);
    if (!(needs(o) & TFU_NEEDS_PARAMETERS))
        tfu_capture_rest(o->a.capture);
    tfu_capture_rest(o->b.capture);
    return st;
}

static enum tfu_status look(void *arg, const struct tfu_evaluate_hooks *hooks,
                            struct tfu_scores *out, struct tfu_error *e)
{
    struct versus *v = arg;
    enum tfu_status st = TFU_OK;
    v->hooks = hooks;
    v->score_count = 0;
    tfu_arena_free(&v->arena);
    for (size_t i = 0; st == TFU_OK && v->session->evaluator && i < v->count; i++)
        st = compare(&v->one[i], e);
    v->hooks = NULL;
    *out = (struct tfu_scores){v->score, st == TFU_OK ? v->score_count : 0};
    return st;
}
