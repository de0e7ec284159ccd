/* SPDX-License-Identifier: MIT */
#include "core/cli/bench_run.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/config/defaults.h"
#include "core/graph/access.h"
#include "core/graph/summary.h"
#include "core/train/initialise.h"
#include "core/train/loss.h"
#include "core/train/optimise.h"

struct bench {
    const struct tfu_bench_request *request;
    struct tfu_model model;
    struct tfu_threads *threads;
    struct tfu_timings *timings;
    struct tfu_chosen *init, *rule; /* initializer and optimizer */
    struct tfu_network *network;
    struct tfu_optimiser *optimiser;
    int64_t batch, cells; /* numbers of the output */
    float *labels, *scores;
    double *losses;
    int64_t t;
};

static enum tfu_status fill_batch(struct bench *b, struct tfu_error *e)
{
    const struct tfu_graph *g = b->model.graph;
    const size_t cells = (size_t)b->cells;
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
    for (size_t i = 0; i < cells; i++)
        b->labels[i] = (float)tfu_random_below(&r, 2);
    return tfu_network_commit(b->network, images, e);
}

static enum tfu_status initialise(struct bench *b, struct tfu_error *e)
{
    enum tfu_status st = tfu_chosen_new(&b->init, TFU_KIND_INIT, TFU_DEFAULT_INIT, NULL, 0,
                                        b->model.registry, b->model.diagnostics, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_init_rule rule = {.choice = *tfu_chosen_get(b->init)};
    return tfu_initialise(&(struct tfu_initialise_request){.network = b->network,
                                                           .rule = &rule,
                                                           .rule_count = 1,
                                                           .registry = b->model.registry,
                                                           .seed = 1,
                                                           .threads = b->threads},
                          NULL, e);
}

static enum tfu_status prepare(struct bench *b, struct tfu_cli *cli, struct tfu_error *e)
{
    const struct tfu_bench_request *r = b->request;
    const struct tfu_graph *g = b->model.graph;
    b->batch = g->value[g->input].shape.dim[0];
    b->cells = tfu_shape_count(&g->value[g->output].shape);
    enum tfu_status st = tfu_threads_new(&b->threads, (uint32_t)r->threads, e);
    if (st == TFU_OK && (r->measure || r->timings))
        st = tfu_timings_open_or_cache(&b->timings, r->timings ? r->timings : "", r->measure,
                                       &cli->log, e);
    if (st == TFU_OK)
        st = tfu_network_new(
            &b->network,
            &(struct tfu_network_request){.graph = g,
                                          .backend = b->model.backend->plugin,
                                          .backend_config = b->model.backend->config,
                                          .threads = b->threads,
                                          .log = &cli->log,
                                          .dtype = TFU_F32,
                                          .training = r->training,
                                          .seed = 1,
                                          .algorithm = r->algorithm,
                                          .algorithm_count = r->algorithm_count,
                                          .timings = b->timings},
            e);
    if (st == TFU_OK && b->timings)
        st = tfu_timings_save(b->timings, e);
    if (st == TFU_OK)
        st = initialise(b, e);
    if (st == TFU_OK)
        st = fill_batch(b, e);
    if (st == TFU_OK && r->training)
        st = tfu_chosen_new(&b->rule, TFU_KIND_OPTIM, TFU_DEFAULT_OPTIM, NULL, 0, b->model.registry,
                            b->model.diagnostics, e);
    if (st == TFU_OK && r->training)
        st = tfu_optimiser_new(&b->optimiser, b->network, tfu_chosen_get(b->rule),
                               b->model.registry, b->threads, e);
    return st;
}

static enum tfu_status run_step(struct bench *b, struct tfu_error *e)
{
    const bool training = b->request->training;
    double mean;
    enum tfu_status st = tfu_network_forward(b->network, b->batch, training, (uint64_t)b->t, e);
    if (st == TFU_OK && !training)
        st = tfu_network_wait(b->network, e);
    if (st != TFU_OK || !training)
        return st;
    st = tfu_loss_network((struct tfu_loss_rule){.kind = &tfu_loss_sigmoid}, b->threads, b->network,
                          b->batch, b->labels, b->scores, b->losses, &mean, e);
    if (st == TFU_OK)
        st = tfu_network_backward(b->network, e);
    if (st == TFU_OK)
        st = tfu_optimiser_step(b->optimiser, ++b->t, 1, 0, NULL, e);
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

/* The layers that are done with the first of a chain, as " + bn1 + relu1"; NULL: there are none. */
static json_t *chain_json(const struct tfu_graph *g, const uint32_t *chain, uint32_t count)
{
    struct tfu_text names = TFU_TEXT_INIT;
    for (uint32_t i = 1; i < count; i++) {
        const char *name = g->node[chain[i]].name, *dot = strrchr(name, '.');
        tfu_text_printf(&names, " + %s", dot && dot[1] ? dot + 1 : name);
    }
    json_t *json = count > 1 && !names.failed ? json_string(names.data) : NULL;
    tfu_text_free(&names);
    return json;
}

/* How each layer, or chain that is done at once, was run and how long it took, in one step. */
static json_t *layers_json(const struct bench *b)
{
    const struct tfu_graph *g = b->model.graph;
    const double per_step = 1.0 / (double)b->request->steps;
    json_t *layers = json_array();
    for (uint32_t i = 0; i < g->node_count; i++) {
        const uint32_t *chain;
        const uint32_t count = tfu_network_chain(b->network, i, &chain);
        if (chain[0] != i)
            continue;
        const char *backward = tfu_network_algorithm(b->network, i, TFU_BACKWARD);
        const char *params = tfu_network_algorithm(b->network, i, TFU_BACKWARD_PARAMS);
        /* by the weights, and by the data unless that is the image */
        const bool by_data = g->node[i].in[0] != g->input;
        json_t *layer = json_pack(
            "{s:s, s:s, s:s, s:f, s:f, s:f, s:i}", "name", g->node[i].name, "operation",
            g->node[i].op, "forward_algorithm", tfu_network_algorithm(b->network, i, TFU_FORWARD),
            "forward_seconds", tfu_network_seconds(b->network, i, false) * per_step,
            "backward_seconds", tfu_network_seconds(b->network, i, true) * per_step,
            "multiply_adds", tfu_graph_multiply_adds(g, i), "gradients", 1 + by_data);
        if (layer && (backward || params))
            json_object_set_new(layer, "backward_algorithm",
                                json_string(backward ? backward : params));
        json_t *then = layer ? chain_json(g, chain, count) : NULL;
        if (then)
            json_object_set_new(layer, "then", then);
        json_array_append_new(layers, layer);
    }
    return layers;
}

static enum tfu_status measure(struct bench *b, json_t **out, struct tfu_error *e)
{
    double seconds = 0, profiled = 0;
    enum tfu_status st = run_step(b, e);
    if (st == TFU_OK)
        st = time_steps(b, &seconds, e);
    if (st == TFU_OK) {
        tfu_network_profile(b->network, true);
        st = time_steps(b, &profiled, e);
    }
    if (st != TFU_OK)
        return st;
    const struct tfu_shape *input = &b->model.graph->value[b->model.graph->input].shape;
    *out = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:o}", "arch",
                     b->model.graph->arch, "backend", b->model.backend->plugin->name, "batch",
                     (json_int_t)b->batch, "height", (json_int_t)input->dim[1], "width",
                     (json_int_t)input->dim[2], "channels", (json_int_t)input->dim[3], "threads",
                     (json_int_t)tfu_threads_count(b->threads), "seconds", seconds, "planned_bytes",
                     (json_int_t)tfu_network_memory(b->network).total, "layers", layers_json(b));
    return *out ? TFU_OK : tfu_error_memory(e, "writing the result", 0);
}

int tfu_bench_run(struct tfu_cli *cli, const struct tfu_bench_request *request, json_t **out)
{
    struct bench b = {.request = request};
    struct tfu_error e = TFU_ERROR_INIT;
    *out = NULL;
    int status = tfu_model_open(cli, &request->model, &b.model);
    if (status != TFU_EXIT_OK)
        return status;
    enum tfu_status st = prepare(&b, cli, &e);
    if (st == TFU_OK)
        st = measure(&b, out, &e);
    if (st != TFU_OK)
        status = tfu_diagnostics_count(b.model.diagnostics)
                     ? tfu_cli_diagnostics(b.model.diagnostics)
                     : tfu_cli_error(&e);
    free(b.labels);
    free(b.scores);
    free(b.losses);
    tfu_optimiser_free(b.optimiser);
    tfu_network_free(b.network);
    tfu_threads_free(b.threads);
    tfu_timings_free(b.timings);
    tfu_chosen_free(b.init);
    tfu_chosen_free(b.rule);
    tfu_model_close(&b.model);
    return status;
}
