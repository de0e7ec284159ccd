/* SPDX-License-Identifier: MIT
 *
 * transfuse model summary
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/model.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/graph/network.h"
#include "core/graph/summary.h"

static void print_help(void)
{
    fputs("usage: transfuse model summary ARCH|CONFIG [options] [KEY=VALUE...]\n\n"
          "  ARCH           an architecture's name, or its file; KEY=VALUE sets its options\n"
          "  CONFIG         a configuration (.yaml); KEY=VALUE puts a value over one of it\n\n"
          "  --size N       side of the images (224, or the configuration's data)\n"
          "  --channels N   of the images (3, or the configuration's data)\n"
          "  --classes N    outputs of the head (5, or the configuration's)\n"
          "  --batch N      for the memory (8, or the configuration's)\n"
          "  --backend B    for the memory (cpu, or the configuration's)\n"
          "  --dot FILE     also write a drawing for Graphviz: dot -Tpng FILE -o net.png\n"
          "  --json         JSON instead of a table\n",
          stdout);
}

/* Plans of a network for training and for inference. */
static enum tfu_status plan(struct tfu_cli *cli, const struct tfu_model *m, bool training,
                            struct tfu_network_memory *out, struct tfu_error *e)
{
    struct tfu_threads *threads = NULL;
    struct tfu_network *n = NULL;
    enum tfu_status st = tfu_threads_new(&threads, 0, e);
    if (st != TFU_OK)
        return st;
    st = tfu_network_new(&n,
                         &(struct tfu_network_request){.graph = m->graph,
                                                       .backend = m->backend->plugin,
                                                       .backend_config = m->backend->config,
                                                       .threads = threads,
                                                       .log = &cli->log,
                                                       .dtype = TFU_F32,
                                                       .training = training},
                         e);
    if (st == TFU_OK)
        *out = tfu_network_memory(n);
    tfu_network_free(n);
    tfu_threads_free(threads);
    return st;
}

static void print_memory(const char *what, const struct tfu_network_memory *m)
{
    const double mib = 1.0 / (1 << 20);
    printf("  %-10s %8.1f MiB: parameters %.1f, gradients %.1f, activations %.1f, workspace %.1f\n",
           what, (double)m->total * mib, (double)m->parameters * mib, (double)m->gradients * mib,
           (double)m->activations * mib, (double)m->workspace * mib);
}

static int print_table(const struct tfu_model *m, const struct tfu_network_memory *training,
                       const struct tfu_network_memory *inference)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_graph_summary(m->graph, &text);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    const struct tfu_shape *input = &m->graph->value[m->graph->input].shape;
    printf("\nmemory at batch %lld with backend %s, without the optimizer's:\n",
           (long long)input->dim[0], m->backend->plugin->name);
    print_memory("training", training);
    print_memory("inference", inference);
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

static int print_json(const struct tfu_model *m, const struct tfu_network_memory *training,
                      const struct tfu_network_memory *inference)
{
    const struct tfu_graph *g = m->graph;
    const double batch = (double)g->value[g->input].shape.dim[0];
    json_t *layers = json_array();
    for (uint32_t i = 0; i < g->node_count; i++)
        json_array_append_new(
            layers, json_pack("{s:s, s:s, s:s, s:o, s:I, s:f}", "name", g->node[i].name, "stage",
                              g->stage[g->node[i].stage].name, "operation", g->node[i].op, "output",
                              shape_json(&g->value[g->node[i].out].shape), "parameters",
                              (json_int_t)tfu_graph_node_trained(g, i), "multiply_adds",
                              tfu_graph_multiply_adds(g, i) / batch));
    json_t *root =
        json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "arch", g->arch, "input",
                  shape_json(&g->value[g->input].shape), "batch", (json_int_t)batch, "parameters",
                  (json_int_t)tfu_graph_trained_count(g), "layers", layers, "training_bytes",
                  memory_json(training), "inference_bytes", memory_json(inference));
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    if (text)
        fprintf(tfu_cli_output(), "%s\n", text);
    free(text);
    json_decref(root);
    return text ? TFU_EXIT_OK : TFU_EXIT_FAILED;
}

static int write_dot(const struct tfu_model *m, const char *path)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_graph_dot(m->graph, &text);
    FILE *f = fopen(path, "w");
    if (!f)
        tfu_error_errno(&e, errno, "cannot write", path);
    if (f && fputs(tfu_text_get(&text), f) < 0)
        tfu_error_errno(&e, errno, "cannot write", path);
    if (f && fclose(f) != 0)
        tfu_error_errno(&e, errno, "cannot write", path);
    tfu_text_free(&text);
    return e.status == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static int summarise(struct tfu_cli *cli, const struct tfu_model_request *request, const char *dot,
                     bool json)
{
    struct tfu_model m;
    int status = tfu_model_open(cli, request, &m);
    if (status != TFU_EXIT_OK)
        return status;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_network_memory training, inference;
    enum tfu_status st = plan(cli, &m, true, &training, &e);
    if (st == TFU_OK)
        st = plan(cli, &m, false, &inference, &e);
    if (st != TFU_OK)
        status = tfu_cli_error(&e);
    if (status == TFU_EXIT_OK && dot)
        status = write_dot(&m, dot);
    if (status == TFU_EXIT_OK)
        status =
            json ? print_json(&m, &training, &inference) : print_table(&m, &training, &inference);
    tfu_model_close(&m);
    return status;
}

int tfu_cmd_model(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_model_request r = {.what = NULL};
    const char *dot = NULL;
    bool json = false;
    int status = TFU_EXIT_OK;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return TFU_EXIT_OK;
    }
    if (argc < 2 || strcmp(argv[1], "summary") != 0)
        return tfu_cli_usage("model",
                             argc < 2 ? "what to do is missing: summary%s"
                                      : "'%s' is not a thing to do; there is: summary",
                             argc < 2 ? "" : argv[1]);
    r.pair = calloc((size_t)argc, sizeof *r.pair);
    if (!r.pair)
        return TFU_EXIT_FAILED;
    for (int i = 2; i < argc && status == TFU_EXIT_OK; i++) {
        const char *a = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        const struct {
            const char *name;
            int64_t *value;
        } numbers[] = {{"--size", &r.size},
                       {"--channels", &r.channels},
                       {"--classes", &r.classes},
                       {"--batch", &r.batch}};
        size_t k = 0;
        while (k < TFU_COUNT(numbers) && strcmp(a, numbers[k].name) != 0)
            k++;
        if (k < TFU_COUNT(numbers)) {
            tfu_model_number("model", a, next, 1, 1 << 20, numbers[k].value, &status);
            i++;
        } else if (strcmp(a, "--dot") == 0 && next) {
            dot = argv[++i];
        } else if (strcmp(a, "--backend") == 0 && next) {
            r.backend = argv[++i];
        } else if (strcmp(a, "--json") == 0) {
            json = true;
        } else if (strcmp(a, "--help") == 0) {
            print_help();
            free(r.pair);
            return TFU_EXIT_OK;
        } else if (a[0] == '-' && a[1]) {
            status = tfu_cli_usage("model", "unknown option '%s'", a);
        } else if (!r.what) {
            r.what = a;
        } else if (tfu_cli_is_pair(a)) {
            r.pair[r.pair_count++] = a;
        } else {
            status = tfu_cli_usage("model", "'%s' is one architecture too many", a);
        }
    }
    if (status == TFU_EXIT_OK && !r.what)
        status = tfu_cli_usage("model", "the architecture or configuration is missing");
    if (status == TFU_EXIT_OK)
        status = summarise(cli, &r, dot, json);
    free(r.pair);
    return status;
}
