/* SPDX-License-Identifier: MIT */
#include "core/bench/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/bench/process.h"
#include "core/config/defaults.h"
#include "core/graph/access.h"
#include "core/graph/summary.h"
#include "core/train/initialise.h"
#include "core/train/loss.h"
#include "core/train/optimise.h"

/* What is found out of a node. */
struct node {
    bool is_first; /* of a chain, or alone */
    uint32_t next; /* node of the chain, or TFU_GRAPH_NONE */
    double forward, backward;
    char forward_algorithm[TFU_BENCH_ALGORITHM], backward_algorithm[TFU_BENCH_ALGORITHM];
};

/* What the measuring process leaves behind. */
struct findings {
    double seconds;
    size_t planned_bytes;
    uint32_t threads;
    struct node node[]; /* all of the graph */
};

struct bench {
    const struct tfu_bench_model *model;
    const struct tfu_bench_run_request *request;
    struct tfu_chosen *init, *optimizer; /* where the model has none */
    struct findings *findings;           /* shared */
    /* in the measuring process alone */
    struct tfu_context context;
    struct tfu_network *network;
    struct tfu_optimiser *optimiser;
    int64_t batch;
    float *labels, *scores;
    double *losses;
    int64_t t;
};

/* ---- in the measuring process */

static enum tfu_status fill_batch(struct bench *b, struct tfu_error *e)
{
    const struct tfu_graph *g = b->model->graph;
    const size_t cells = (size_t)tfu_shape_count(&g->value[g->output].shape);
    b->labels = calloc(cells, sizeof *b->labels);
    b->scores = calloc(cells, sizeof *b->scores);
    b->losses = calloc(cells, sizeof *b->losses);
    if (!b->labels || !b->scores || !b->losses)
        return tfu_error_memory(e, "preparing the measurement", 0);
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(1, "bench", ""));
    const struct tfu_region images = tfu_region_value(g->input, 0);
    float *input = tfu_network_draft(b->network, images);
    const int64_t n = tfu_shape_count(&g->value[g->input].shape);
    for (int64_t i = 0; i < n; i++)
        input[i] = (float)tfu_random_normal(&r);
    for (size_t i = 0; i < cells; i++) /* 0 and 1 are labels to every loss */
        b->labels[i] = (float)tfu_random_below(&r, 2);
    return tfu_network_commit(b->network, images, e);
}

static enum tfu_status prepare(struct bench *b, struct tfu_error *e)
{
    const struct tfu_experiment *x = &b->model->experiment;
    const struct tfu_graph *g = b->model->graph;
    const struct tfu_init_rule rule = {.choice = *tfu_chosen_get(b->init)};
    b->context = b->model->context;
    b->batch = g->value[g->input].shape.dim[0];
    enum tfu_status st = tfu_threads_new(&b->context.threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = tfu_assemble_network(
            &b->network, g, &b->context,
            &(struct tfu_assemble_options){.training = b->request->training, .constant = true}, e);
    if (st == TFU_OK)
        st = tfu_initialise(&(struct tfu_initialise_request){.network = b->network,
                                                             .rule = &rule,
                                                             .rule_count = 1,
                                                             .registry = b->model->registry,
                                                             .seed = 1,
                                                             .threads = b->context.threads},
                            NULL, e);
    if (st == TFU_OK)
        st = fill_batch(b, e);
    if (st == TFU_OK && b->request->training)
        st = tfu_optimiser_new(&b->optimiser, b->network,
                               b->optimizer ? tfu_chosen_get(b->optimizer) : &x->train.optimizer,
                               b->model->registry, b->context.threads, e);
    return st;
}

static enum tfu_status run_step(struct bench *b, struct tfu_error *e)
{
    const struct tfu_experiment *x = &b->model->experiment;
    const bool training = b->request->training;
    double mean;
    enum tfu_status st = tfu_network_forward(b->network, b->batch, training, (uint64_t)b->t, e);
    if (st == TFU_OK && !training)
        st = tfu_network_wait(b->network, e);
    if (st != TFU_OK || !training)
        return st;
    st = tfu_loss_network(tfu_loss_rule(&x->task), b->context.threads, b->network, b->batch,
                          b->labels, b->scores, b->losses, &mean, e);
    if (st == TFU_OK)
        st = tfu_network_backward(b->network, e);
    if (st == TFU_OK)
        st = tfu_optimiser_step(b->optimiser, ++b->t, 1, x->train.clip_norm, NULL, e);
    return st;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of `steps` steps. */
static enum tfu_status time_steps(struct bench *b, double *median, struct tfu_error *e)
{
    const size_t n = (size_t)b->request->steps;
    double *seconds = calloc(n, sizeof *seconds);
    if (!seconds)
        return tfu_error_memory(e, "preparing the measurement", 0);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < n && st == TFU_OK; i++) {
        const double start = tfu_clock_seconds();
        st = run_step(b, e);
        seconds[i] = tfu_clock_seconds() - start;
    }
    qsort(seconds, n, sizeof *seconds, ascending);
    *median = n % 2 ? seconds[n / 2] : (seconds[n / 2 - 1] + seconds[n / 2]) / 2;
    free(seconds);
    return st;
}

static void note_algorithm(char out[TFU_BENCH_ALGORITHM], const char *name)
{
    snprintf(out, TFU_BENCH_ALGORITHM, "%s", name ? name : "");
}

/* How each node was run and how long it took, in one step. */
static void note_nodes(const struct bench *b)
{
    const double per_step = 1.0 / (double)b->request->steps;
    for (uint32_t i = 0; i < b->model->graph->node_count; i++) {
        const uint32_t *chain;
        const uint32_t count = tfu_network_chain(b->network, i, &chain);
        struct node *n = &b->findings->node[i];
        n->is_first = chain[0] == i;
        for (uint32_t k = 0; k < count; k++)
            b->findings->node[chain[k]].next = k + 1 < count ? chain[k + 1] : TFU_GRAPH_NONE;
        n->forward = tfu_network_seconds(b->network, i, false) * per_step;
        n->backward = tfu_network_seconds(b->network, i, true) * per_step;
        const char *backward = tfu_network_algorithm(b->network, i, TFU_BACKWARD);
        if (!backward)
            backward = tfu_network_algorithm(b->network, i, TFU_BACKWARD_PARAMS);
        note_algorithm(n->forward_algorithm, tfu_network_algorithm(b->network, i, TFU_FORWARD));
        note_algorithm(n->backward_algorithm, backward);
    }
}

static enum tfu_status measure(void *arg, struct tfu_error *e)
{
    struct bench *b = arg;
    double profiled;
    enum tfu_status st = prepare(b, e);
    if (st == TFU_OK)
        st = run_step(b, e);
    if (st == TFU_OK)
        st = time_steps(b, &b->findings->seconds, e);
    if (st == TFU_OK) {
        tfu_network_profile(b->network, true);
        st = time_steps(b, &profiled, e);
    }
    if (st == TFU_OK) {
        note_nodes(b);
        b->findings->planned_bytes = tfu_network_memory(b->network).total;
        b->findings->threads = tfu_threads_count(b->context.threads);
    }
    tfu_optimiser_free(b->optimiser);
    tfu_network_free(b->network);
    tfu_threads_free(b->context.threads);
    free(b->labels);
    free(b->scores);
    free(b->losses);
    return st;
}

/* ---- in the calling process */

/* The layers that are done with node `i`, as " + bn1 + relu1". */
static void put_chain(const struct tfu_graph *g, const struct findings *f, uint32_t i,
                      struct tfu_text *out)
{
    while ((i = f->node[i].next) != TFU_GRAPH_NONE) {
        const char *name = g->node[i].name, *dot = strrchr(name, '.');
        tfu_text_printf(out, " + %s", dot && dot[1] ? dot + 1 : name);
    }
}

static enum tfu_status list_layers(const struct tfu_graph *g, const struct findings *f,
                                   struct tfu_bench_result *out, struct tfu_error *e)
{
    out->layer = calloc((size_t)g->node_count + 1, sizeof *out->layer);
    if (!out->layer)
        return tfu_error_memory(e, "listing layers", 0);
    for (uint32_t i = 0; i < g->node_count; i++) {
        if (!f->node[i].is_first)
            continue;
        struct tfu_bench_layer *l = &out->layer[out->layer_count++];
        l->name = g->node[i].name;
        l->operation = g->node[i].op;
        put_chain(g, f, i, &l->then);
        if (l->then.failed)
            return tfu_error_memory(e, "listing layers", 0);
        memcpy(l->forward_algorithm, f->node[i].forward_algorithm, sizeof l->forward_algorithm);
        memcpy(l->backward_algorithm, f->node[i].backward_algorithm, sizeof l->backward_algorithm);
        l->forward_seconds = f->node[i].forward;
        l->backward_seconds = f->node[i].backward;
        l->multiply_adds = tfu_graph_multiply_adds(g, i);
        /* by the weights, and by the data unless that is the image */
        l->gradients = 1 + (g->node[i].in[0] != g->input);
    }
    return TFU_OK;
}

/* Before the process begins, so that findings are this one's. */
static enum tfu_status choose(struct bench *b, struct tfu_bench_model *m, struct tfu_error *e)
{
    const enum tfu_status st = tfu_chosen_new(&b->init, TFU_KIND_INIT, TFU_DEFAULT_INIT, NULL, 0,
                                              m->registry, m->findings, e);
    if (st != TFU_OK || !b->request->training || m->experiment.train.optimizer.plugin)
        return st;
    return tfu_chosen_new(&b->optimizer, TFU_KIND_OPTIM, TFU_DEFAULT_OPTIM, NULL, 0, m->registry,
                          m->findings, e);
}

enum tfu_status tfu_bench_run(struct tfu_bench_model *m,
                              const struct tfu_bench_run_request *request,
                              struct tfu_bench_result *out, struct tfu_error *e)
{
    struct bench b = {.model = m, .request = request};
    const size_t bytes =
        sizeof *b.findings + (size_t)m->graph->node_count * sizeof *b.findings->node;
    void *memory = NULL;
    *out = (struct tfu_bench_result){.layer = NULL};
    enum tfu_status st = choose(&b, m, e);
    if (st == TFU_OK)
        st = tfu_shared_new(&memory, bytes, e);
    b.findings = memory;
    if (st == TFU_OK)
        st = tfu_process_run(measure, &b, &out->peak_bytes, e);
    if (st == TFU_OK) {
        out->seconds = b.findings->seconds;
        out->planned_bytes = b.findings->planned_bytes;
        out->threads = b.findings->threads;
        st = list_layers(m->graph, b.findings, out, e);
    }
    tfu_shared_free(memory, bytes);
    tfu_chosen_free(b.init);
    tfu_chosen_free(b.optimizer);
    return st;
}

void tfu_bench_result_free(struct tfu_bench_result *r)
{
    for (size_t i = 0; i < r->layer_count; i++)
        tfu_text_free(&r->layer[i].then);
    free(r->layer);
    *r = (struct tfu_bench_result){.layer = NULL};
}
