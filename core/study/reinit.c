/* SPDX-License-Identifier: MIT */
#include "core/study/reinit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/study/parameters.h"
#include "core/train/initialise.h"

struct job {
    const struct tfu_reinit_request *request;
    struct tfu_reinit *out;
    struct tfu_network *network;
    const struct tfu_graph *graph;
    struct tfu_parameters *trained, *initial, *fresh;
    uint32_t *part; /* of each parameter */
    bool *chosen;   /* parameters of one part */
};

/* ---- the parts */

/* Adds the parameters of some nodes as a part, if there are any. */
static void add_part(struct job *job, const char *name, uint32_t first_node, uint32_t node_count)
{
    struct tfu_reinit_part *part = &job->out->part[job->out->parts];
    *part = (struct tfu_reinit_part){.name = name};
    uint32_t params = 0;
    for (uint32_t i = 0; i < job->graph->param_count; i++) {
        const uint32_t node = job->graph->param[i].node;
        if (node < first_node || node >= first_node + node_count)
            continue;
        job->part[i] = (uint32_t)job->out->parts;
        part->values += tfu_shape_count(&job->graph->param[i].shape);
        params++;
    }
    job->out->parts += params > 0;
}

static enum tfu_status find_parts(struct job *job, struct tfu_error *e)
{
    const struct tfu_graph *g = job->graph;
    struct tfu_reinit *out = job->out;
    const uint32_t most = job->request->by_layers ? g->node_count : g->stage_count;
    out->part = calloc((size_t)most + 2, sizeof *out->part);
    job->part = calloc((size_t)g->param_count + 1, sizeof *job->part);
    job->chosen = calloc((size_t)g->param_count + 1, sizeof *job->chosen);
    if (!out->part || !job->part || !job->chosen)
        return tfu_error_memory(e, "resetting parts of a network", 0);
    for (uint32_t i = 0; i < most; i++) {
        if (job->request->by_layers)
            add_part(job, g->node[i].name, i, 1);
        else
            add_part(job, g->stage[i].name, g->stage[i].first_node, g->stage[i].node_count);
    }
    int64_t values = 0;
    for (size_t k = 0; k < out->parts; k++)
        values += out->part[k].values;
    out->part[out->parts++] = (struct tfu_reinit_part){.name = "", .values = values};
    for (size_t k = 0; k < out->parts; k++) {
        out->part[k].measure = calloc(out->draws, out->measures * sizeof *out->part[k].measure);
        if (!out->part[k].measure)
            return tfu_error_memory(e, "resetting parts of a network", 0);
    }
    return TFU_OK;
}

/* Fills job->chosen; the last part has every parameter. */
static void choose(const struct job *job, size_t part)
{
    for (uint32_t i = 0; i < job->graph->param_count; i++)
        job->chosen[i] = part + 1 == job->out->parts || job->part[i] == part;
}

/* ---- values to reset to */

static enum tfu_status initialise(const struct job *job, uint64_t seed, struct tfu_parameters *into,
                                  struct tfu_error *e)
{
    const struct tfu_subject *s = job->request->subject;
    const struct tfu_initialise_request request = {
        .network = job->network,
        .rule = s->experiment->init,
        .rule_count = s->experiment->init_count,
        .registry = s->context.registry,
        .seed = seed,
        .threads = s->context.threads,
        .preprocessing = tfu_dataset_preprocessing(tfu_assessor_data(job->request->assessor)),
        /* warnings once, not with every draw */
        .log = into == job->initial ? s->context.log : NULL,
        .digests = s->context.digests,
    };
    const enum tfu_status st = tfu_initialise(&request, NULL, e);
    return st == TFU_OK ? tfu_parameters_take(into, job->network, e) : st;
}

/* The state of a file of weights is what stands in `init:`, and a network that was not trained has
 * nothing that could be reset. */
static enum tfu_status check_subject(const struct tfu_subject *s, struct tfu_error *e)
{
    if (s->path)
        return TFU_OK;
    if (s->step < 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "%s: a file of weights does not say what it was before training; "
                             "name the folder of its run",
                             s->label);
    return tfu_error_set(e, TFU_EINVAL,
                         "%s: the network is as it was initialised, there is nothing to reset; "
                         "name a run, or a later state of it",
                         s->label);
}

static enum tfu_status score_parts(struct job *job, size_t draw, const struct tfu_parameters *reset,
                                   struct tfu_error *e)
{
    struct tfu_reinit *out = job->out;
    for (size_t k = 0; k < out->parts; k++) {
        choose(job, k);
        enum tfu_status st = tfu_parameters_put(job->trained, NULL, job->network, e);
        if (st == TFU_OK)
            st = tfu_parameters_put(reset, job->chosen, job->network, e);
        for (uint32_t i = 0; i < job->graph->param_count; i++)
            if (job->chosen[i] && !tfu_parameters_equal(reset, job->initial, i))
                out->part[k].drawn = true;
        if (st == TFU_OK)
            st = tfu_assess(job->request->assessor, &out->part[k].measure[draw * out->measures],
                            NULL, NULL, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static enum tfu_status score(struct job *job, struct tfu_error *e)
{
    const struct tfu_subject *s = job->request->subject;
    const uint64_t seed = (uint64_t)s->experiment->seed;
    enum tfu_status st = tfu_subject_load(
        s, job->network, tfu_dataset_preprocessing(tfu_assessor_data(job->request->assessor)), e);
    if (st == TFU_OK)
        st = tfu_parameters_take(job->trained, job->network, e);
    if (st == TFU_OK)
        st = tfu_assess(job->request->assessor, job->out->trained, NULL, NULL, e);
    if (st != TFU_OK)
        return st;
    if (st == TFU_OK)
        st = initialise(job, seed, job->initial, e);
    if (job->request->to == TFU_REINIT_INITIAL)
        return st == TFU_OK ? score_parts(job, 0, job->initial, e) : st;
    const uint64_t key = tfu_random_key(seed, "reinit", "");
    for (size_t d = 0; st == TFU_OK && d < job->out->draws; d++) {
        st = initialise(job, tfu_random_subkey(key, d), job->fresh, e);
        if (st == TFU_OK)
            st = score_parts(job, d, job->fresh, e);
    }
    return st;
}

enum tfu_status tfu_reinit(struct tfu_reinit *out, const struct tfu_reinit_request *request,
                           struct tfu_error *e)
{
    struct job job = {
        .request = request, .out = out, .network = tfu_assessor_network(request->assessor)};
    job.graph = tfu_network_graph(job.network);
    *out = (struct tfu_reinit){
        .measures = tfu_assessor_measures(request->assessor),
        .draws = request->to == TFU_REINIT_INITIAL ? 1 : request->draws,
    };
    out->trained = calloc(out->measures, sizeof *out->trained);
    enum tfu_status st = out->trained ? TFU_OK : tfu_error_memory(e, "resetting a network", 0);
    if (st == TFU_OK)
        st = check_subject(request->subject, e);
    if (st == TFU_OK)
        st = find_parts(&job, e);
    struct tfu_parameters **const values[] = {&job.trained, &job.initial, &job.fresh};
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(values); i++)
        st = tfu_parameters_new(values[i], job.graph, e);
    if (st == TFU_OK)
        st = score(&job, e);
    for (size_t i = 0; i < TFU_COUNT(values); i++)
        tfu_parameters_free(*values[i]);
    free(job.part);
    free(job.chosen);
    if (st != TFU_OK)
        tfu_reinit_free(out);
    return st;
}

void tfu_reinit_free(struct tfu_reinit *r)
{
    for (size_t k = 0; r->part && k < r->parts; k++)
        free(r->part[k].measure);
    free(r->part);
    free(r->trained);
    *r = (struct tfu_reinit){.parts = 0};
}

size_t tfu_reinit_values(const struct tfu_reinit *r, const struct tfu_reinit_part *part,
                         size_t measure, double *value)
{
    size_t n = 0;
    for (size_t d = 0; d < r->draws; d++) {
        const double v = part->measure[d * r->measures + measure].value;
        if (!isnan(v))
            value[n++] = v;
    }
    return n;
}
