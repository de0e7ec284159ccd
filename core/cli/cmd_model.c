/* SPDX-License-Identifier: MIT
 *
 * transfuse model summary
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/cli/model.h"
#include "core/cli/output.h"
#include "core/graph/summary.h"

static const char help[] =
    "usage: transfuse model summary ARCH|CONFIG [options] [KEY=VALUE...]\n\n"
    "  ARCH           an architecture's name, or its file; KEY=VALUE sets its options\n"
    "  CONFIG         a configuration (.yaml); KEY=VALUE puts a value over one of it. It is the\n"
    "                 network that a run of it trains, with what is frozen and its algorithms\n\n";

struct request {
    struct tfu_cli_model_options model;
    const char *dot;
    int32_t json;
};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct request, dot, "", 0,
                 "file for a drawing by Graphviz: dot -Tpng FILE -o net.png"),
    TFU_OPT_BOOL(struct request, json, 0, "JSON instead of a table"),
};

/* The memory of both plans. */
struct plans {
    struct tfu_network_memory training, inference;
};

static void print_memory(const char *what, const struct tfu_network_memory *m)
{
    const double mib = 1.0 / (1 << 20);
    printf("  %-10s %8.1f MiB: parameters %.1f, gradients %.1f, activations %.1f, workspace %.1f\n",
           what, (double)m->total * mib, (double)m->parameters * mib, (double)m->gradients * mib,
           (double)m->activations * mib, (double)m->workspace * mib);
}

static int print_table(const struct tfu_bench_model *m, const struct plans *p)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_graph_summary(m->graph, &text);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    const struct tfu_shape *input = &m->graph->value[m->graph->input].shape;
    printf("\nmemory at batch %lld with backend %s, without the optimizer's:\n",
           (long long)input->dim[0], m->experiment.backend.plugin->name);
    print_memory("training", &p->training);
    print_memory("inference", &p->inference);
    return TFU_EXIT_OK;
}

static json_t *shape_json(const struct tfu_shape *s)
{
    json_t *a = json_array();
    for (uint32_t i = 1; i < s->rank; i++)
        json_array_append_new(a, json_integer(s->dim[i]));
    return a;
}

static json_t *memory_json(const struct tfu_network_memory *m)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "parameters", (json_int_t)m->parameters,
                     "gradients", (json_int_t)m->gradients, "activations",
                     (json_int_t)m->activations, "workspace", (json_int_t)m->workspace, "total",
                     (json_int_t)m->total);
}

static json_t *layers_json(const struct tfu_graph *g)
{
    const double batch = (double)g->value[g->input].shape.dim[0];
    json_t *layers = json_array();
    for (uint32_t i = 0; layers && i < g->node_count; i++)
        if (json_array_append_new(
                layers,
                json_pack("{s:s, s:s, s:s, s:o, s:I, s:f}", "name", g->node[i].name, "stage",
                          g->stage[g->node[i].stage].name, "operation", g->node[i].op, "output",
                          shape_json(&g->value[g->node[i].out].shape), "parameters",
                          (json_int_t)tfu_graph_node_trained(g, i), "multiply_adds",
                          tfu_graph_multiply_adds(g, i) / batch)) != 0) {
            json_decref(layers);
            layers = NULL;
        }
    return layers;
}

static int print_json(const struct tfu_graph *g, const struct plans *p)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_shape *input = &g->value[g->input].shape;
    json_t *root = json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "arch", g->arch, "input",
                             shape_json(input), "batch", (json_int_t)input->dim[0], "parameters",
                             (json_int_t)tfu_graph_trained_count(g), "layers", layers_json(g),
                             "training_bytes", memory_json(&p->training), "inference_bytes",
                             memory_json(&p->inference));
    return tfu_cli_json_print(root, &e) == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static enum tfu_status write_dot(const struct tfu_graph *g, const char *path, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_graph_dot(g, &text);
    FILE *f = text.failed ? NULL : fopen(path, "w");
    if (text.failed)
        tfu_error_memory(e, "drawing a network", 0);
    else if (!f)
        tfu_error_errno(e, errno, "cannot write", path);
    if (f && fputs(tfu_text_get(&text), f) < 0)
        tfu_error_errno(e, errno, "cannot write", path);
    if (f && fclose(f) != 0)
        tfu_error_errno(e, errno, "cannot write", path);
    tfu_text_free(&text);
    return e->status;
}

static int summarise(struct tfu_cli *cli, const struct tfu_cli_arguments *a,
                     const struct request *r)
{
    struct tfu_bench_model_request request;
    struct tfu_cli_model m;
    struct tfu_error e = TFU_ERROR_INIT;
    struct plans p;
    int status = tfu_cli_model_request(a, &r->model, &request);
    if (status != TFU_EXIT_OK)
        return status;
    status = tfu_cli_model_open(&m, cli, &request);
    enum tfu_status st = TFU_OK;
    if (status == TFU_EXIT_OK)
        st = tfu_bench_model_plan(&m.model, &p.training, &p.inference, &e);
    if (status == TFU_EXIT_OK && st == TFU_OK && r->dot[0])
        st = write_dot(m.model.graph, r->dot, &e);
    if (st != TFU_OK)
        status = tfu_cli_error(&e);
    else if (status == TFU_EXIT_OK)
        status = r->json ? print_json(m.model.graph, &p) : print_table(&m.model, &p);
    tfu_cli_model_close(&m);
    return status;
}

int tfu_cmd_model(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.json = 0};
    const struct tfu_options_table table[] = {tfu_cli_model_table(&r.model),
                                              TFU_OPTIONS_TABLE(options, &r)};
    struct tfu_cli_arguments a = {
        .command = "model", .table = table, .table_count = TFU_COUNT(table)};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    const char *action = tfu_cli_arguments_shift(&a);
    if (status == TFU_EXIT_OK && a.help)
        status = tfu_cli_arguments_print_help(help, table, TFU_COUNT(table));
    else if (status == TFU_EXIT_OK && !action)
        status = tfu_cli_usage("model", "what to do is missing: summary");
    else if (status == TFU_EXIT_OK && strcmp(action, "summary") != 0)
        status = tfu_cli_usage("model", "'%s' is not a thing to do; there is: summary", action);
    else if (status == TFU_EXIT_OK)
        status = summarise(cli, &a, &r);
    tfu_cli_arguments_free(&a);
    return status;
}
