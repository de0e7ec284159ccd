/* SPDX-License-Identifier: MIT
 *
 * transfuse model summary
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/bench/text.h"
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

static int print(const struct tfu_bench_model *m, const struct tfu_bench_plans *p, bool json)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (json)
        return tfu_cli_print_json(tfu_bench_model_json(m, p));
    tfu_bench_put_model(&text, m, p);
    return tfu_cli_print_text(&text);
}

static int summarise(struct tfu_cli *cli, const struct tfu_cli_arguments *a,
                     const struct request *r)
{
    struct tfu_bench_model_request request;
    struct tfu_cli_model m;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_bench_plans p;
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
        status = print(&m.model, &p, r->json);
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
