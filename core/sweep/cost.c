/* SPDX-License-Identifier: MIT */
#include "core/sweep/cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/threads.h"
#include "core/graph/graph.h"
#include "core/sweep/goal.h"
#include "core/sweep/inputs.h"
#include "core/sweep/prints.h"
#include "core/sweep/work.h"

#include <transfuse/optim.h>

/* ---- memory and disk: kinds of cases */

enum { KINDS_MAX = 24 }; /* more networks are not built for a plan */

/* Does a key decide how large the network, its optimizer or its batches are? */
static bool is_of_size(const char *path)
{
    static const char *const begins[] = {"arch",
                                         "task",
                                         "data",
                                         "backend",
                                         "algorithm",
                                         "metrics",
                                         "train.batch",
                                         "train.memory",
                                         "train.evaluate",
                                         "train.freeze",
                                         "train.checkpoint"};
    if (strcmp(path, "train.optimizer") == 0 || strcmp(path, "train.optimizer.plugin") == 0)
        return true;
    /* how many examples there are is no matter of size */
    if (strcmp(path, "data.train.limit_seed") == 0 || strcmp(path, "data.split.seed") == 0)
        return false;
    for (size_t i = 0; i < TFU_COUNT(begins); i++) {
        const size_t n = strlen(begins[i]);
        if (strncmp(path, begins[i], n) == 0 && (path[n] == '\0' || path[n] == '.'))
            return true;
    }
    return false;
}

static bool *axes_of_size(struct tfu_sweep_priv *p)
{
    bool *of_size = tfu_arena_array(&p->arena, p->spec.all_axes + 1, sizeof *of_size);
    for (size_t a = 0; of_size && a < p->spec.all_axes; a++)
        for (size_t v = 0; v < p->spec.axis[a].count; v++)
            for (size_t k = 0; k < p->spec.axis[a].value[v].set.count; k++)
                of_size[a] |= is_of_size(p->spec.axis[a].value[v].set.item[k].path);
    return of_size;
}

static bool is_one_kind(const struct tfu_sweep_priv *p, const bool *of_size, size_t a, size_t b)
{
    if (p->work[a].run != p->work[b].run)
        return false;
    for (size_t i = 0; i < p->spec.all_axes; i++)
        if (of_size[i] && p->work[a].value[i] != p->work[b].value[i])
            return false;
    return true;
}

/* Checkpoints to go on from that a run leaves: those that are kept, or all that it writes where
 * that can be told. */
static int64_t checkpoints_of(const struct tfu_train_config *t)
{
    int64_t due = 1; /* at the end */
    if (t->steps && t->evaluate.every_epochs == 0) {
        due += t->evaluate.every_steps ? t->steps / t->evaluate.every_steps : 0;
        due += t->checkpoint.every_steps ? t->steps / t->checkpoint.every_steps : 0;
    } else if (t->epochs && !t->evaluate.every_steps && !t->checkpoint.every_steps) {
        due += t->evaluate.every_epochs ? t->epochs / t->evaluate.every_epochs : 0;
    } else {
        return t->checkpoint.keep;
    }
    return due < t->checkpoint.keep ? due : t->checkpoint.keep;
}

/* A network for these data, planned and not made. */
static enum tfu_status plan_network(struct tfu_sweep_priv *p, struct tfu_config *c,
                                    struct tfu_threads *threads, struct tfu_case_cost *out,
                                    struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(c);
    const struct tfu_context context = {
        .experiment = x, .registry = p->registry, .threads = threads};
    const struct tfu_assemble_options options = {.training = true};
    const struct tfu_data_print *data;
    struct tfu_network_memory memory;
    struct tfu_graph *graph = NULL;
    enum tfu_status st = tfu_work_open_data(p, c, &data, e);
    if (st == TFU_OK)
        st = tfu_assemble_graph(&graph, &context, &data->train, x->train.batch, e);
    if (st == TFU_OK)
        st = tfu_assemble_plan(&memory, graph, &context, &options, e);
    if (st == TFU_OK) {
        const struct tfu_optim_ops *ops = x->train.optimizer.plugin->ops;
        size_t trained = 0;
        for (uint32_t i = 0; i < graph->param_count; i++)
            out->parameters += tfu_shape_count(&graph->param[i].shape);
        trained = (size_t)tfu_graph_trained_count(graph) * sizeof(float);
        const size_t bytes = (size_t)out->parameters * sizeof(float);
        const size_t slots = trained * ops->slot_count;
        out->memory = memory.total + slots;
        /* best, final, and those where it would go on, which have the optimizer's slots */
        out->disk = 2 * bytes + (size_t)checkpoints_of(&x->train) * (bytes + slots);
    }
    tfu_graph_free(graph);
    return st;
}

static void measure(struct tfu_sweep_priv *p, size_t index, struct tfu_threads *threads,
                    struct tfu_case_cost *out)
{
    struct tfu_config *c = NULL;
    struct tfu_diagnostics *d;
    struct tfu_error e = TFU_ERROR_INIT;
    uint32_t *value = calloc(p->spec.all_axes + 1, sizeof *value);
    if (!value || tfu_diagnostics_new(&d, &e) != TFU_OK) {
        free(value);
        return;
    }
    memcpy(value, p->work[index].value, p->spec.all_axes * sizeof *value);
    if (p->item[index].tuned)
        value[p->spec.axes] = 0;
    struct tfu_work_tree tree = {
        .p = p, .run = p->work[index].run, .value = value, .artefact = tfu_work_no_artefact};
    if (tfu_work_compose(&c, &tree, d, &e) == TFU_OK &&
        plan_network(p, c, threads, out, &e) != TFU_OK)
        out->refused =
            tfu_arena_printf(&p->arena, "%s%s%s", e.source, e.source[0] ? ": " : "", e.text);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
    free(value);
}

static enum tfu_status measure_kinds(struct tfu_sweep_priv *p, struct tfu_case_cost *cost,
                                     struct tfu_error *e)
{
    size_t kind[KINDS_MAX], kinds = 0;
    struct tfu_threads *threads;
    const bool *of_size = axes_of_size(p);
    if (!of_size)
        return tfu_error_memory(e, "planning a sweep", 0);
    const enum tfu_status st = tfu_threads_new(&threads, 1, e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < p->sweep.count; i++) {
        size_t k = 0;
        while (k < kinds && !is_one_kind(p, of_size, kind[k], i))
            k++;
        if (k == kinds && kinds < KINDS_MAX) {
            kind[kinds++] = i;
            measure(p, i, threads, &cost[i]);
        } else if (k < kinds) {
            cost[i] = cost[kind[k]];
        }
    }
    tfu_threads_free(threads);
    return TFU_OK;
}

/* ---- time */

enum { LIKE_MAX = 200 }; /* finished cases that others are compared with */

struct like {
    size_t item[LIKE_MAX];
    double pace[LIKE_MAX]; /* seconds a step, or an epoch */
    size_t count;
};

static double length_of(const struct tfu_sweep_case *c)
{
    return (double)(c->steps ? c->steps : c->epochs);
}

/* Spread over all that are done. */
static void find_like(const struct tfu_sweep *s, const struct tfu_case_status *status,
                      struct like *like)
{
    size_t done = 0, seen = 0;
    for (size_t i = 0; i < s->count; i++)
        done += status[i].state == TFU_CASE_DONE;
    const size_t stride = done / LIKE_MAX + 1;
    for (size_t i = 0; i < s->count && like->count < LIKE_MAX; i++) {
        if (status[i].state != TFU_CASE_DONE || seen++ % stride || !status[i].run)
            continue;
        double seconds = status[i].seconds;
        struct tfu_error e = TFU_ERROR_INIT; /* of a run that is half gone nothing is known */
        if (!(seconds > 0) && tfu_goal_seconds(status[i].run, &seconds, &e) != TFU_OK)
            continue;
        if (!(seconds > 0) || length_of(&s->item[i]) <= 0)
            continue;
        like->item[like->count] = i;
        like->pace[like->count++] = seconds / length_of(&s->item[i]);
    }
}

/* On how many axes are they the same? -1: they are not of one kind. */
static int likeness(const struct tfu_sweep_priv *p, size_t a, size_t b)
{
    int same = 0;
    if (strcmp(p->item[a].experiment, p->item[b].experiment) != 0 ||
        (p->item[a].steps > 0) != (p->item[b].steps > 0))
        return -1;
    for (size_t i = 0; i < p->spec.all_axes; i++)
        same += p->work[a].value[i] == p->work[b].value[i];
    return same;
}

/* As those that it has most in common with. */
static double estimate(const struct tfu_sweep_priv *p, const struct like *like, size_t index)
{
    int best = 0;
    double sum = 0;
    size_t count = 0;
    for (size_t k = 0; k < like->count; k++) {
        const int same = likeness(p, index, like->item[k]);
        if (same < best)
            continue;
        if (same > best) {
            sum = 0;
            count = 0;
            best = same;
        }
        sum += like->pace[k];
        count++;
    }
    return count ? sum / (double)count * length_of(&p->item[index]) : NAN;
}

/* ---- files that are gone */

/* Data are opened for each kind of network; weights are each case's own. */
static void refuse_without_files(struct tfu_sweep *s, const struct tfu_case_status *status,
                                 struct tfu_case_cost *cost)
{
    struct tfu_sweep_priv *p = s->priv;
    if (!tfu_inputs_lack_a_file(p))
        return;
    for (size_t i = 0; i < s->count; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        char *run = NULL;
        if (status[i].state == TFU_CASE_DONE || cost[i].refused)
            continue;
        const enum tfu_status st = tfu_sweep_resolve(s, i, NULL, &run, &e);
        if (st != TFU_OK && st != TFU_ENOTFOUND) /* what it needs may be done by then */
            cost[i].refused =
                tfu_arena_printf(&p->arena, "%s%s%s", e.source, e.source[0] ? ": " : "", e.text);
        free(run);
    }
}

enum tfu_status tfu_sweep_costs(struct tfu_sweep *s, const struct tfu_case_status *status,
                                struct tfu_case_cost *cost, struct tfu_error *e)
{
    struct tfu_sweep_priv *p = s->priv;
    struct like *like = calloc(1, sizeof *like);
    if (!like)
        return tfu_error_memory(e, "planning a sweep", sizeof *like);
    memset(cost, 0, s->count * sizeof *cost);
    const enum tfu_status st = measure_kinds(p, cost, e);
    refuse_without_files(s, status, cost);
    find_like(s, status, like);
    for (size_t i = 0; i < s->count; i++)
        cost[i].seconds = estimate(p, like, i);
    free(like);
    return st;
}
