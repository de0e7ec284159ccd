/* SPDX-License-Identifier: MIT
 *
 * transfuse bench: images a second, peak memory, and the time of each layer; or how fast data are
 * read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bench/data.h"
#include "core/bench/layers.h"
#include "core/bench/run.h"
#include "core/bench/system.h"
#include "core/bench/text.h"
#include "core/cli/model.h"
#include "core/cli/output.h"
#include "core/config/measured_numbers.h"

static const char help[] =
    "usage: transfuse bench ARCH|CONFIG [options] [KEY=VALUE...]\n"
    "       transfuse bench --data CONFIG [--threads N] [--steps N] [--json] [KEY=VALUE...]\n"
    "       transfuse bench --system [--threads N] [--json]\n\n"
    "Times training (forward, backward, optimizer) and inference on random images: the median of\n"
    "some steps after one to warm up. Of a CONFIG it is the network that a run of it trains, with\n"
    "what is frozen, its algorithms and its optimizer; of an ARCH, with Adam. KEY=VALUE sets\n"
    "options of the architecture, or puts values over those of the configuration.\n\n"
    "  --algorithm OP=A   force an algorithm: conv2d=im2col, conv2d/forward=im2col; or say what\n"
    "                     is preferred ('conv2d=winograd4, any'), or left out\n"
    "                     ('conv2d=not winograd7')\n";

enum { EVERYTHING, TRAINING, INFERENCE };
static const char *const parts[] = {"", "training", "inference", NULL};

/* What the command line says. */
struct request {
    struct tfu_cli_model_options model;
    int64_t threads, steps;
    int32_t measure, only, layers, data, system, json, csv;
    const char *timings;
    struct tfu_algorithm_choice *algorithm; /* room for all arguments */
    size_t algorithm_count;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct request, threads, 0, 0, 1024,
                "that compute; 0: as the configuration says, or all that this process may use"),
    TFU_OPT_INT(struct request, steps, 5, 1, 10000, "that are timed"),
    TFU_OPT_BOOL(struct request, measure, 0,
                 "choose algorithms by measuring them, and remember what was measured"),
    TFU_OPT_PATH(struct request, timings, "", 0,
                 "file to remember it in, by default in the user's cache; without --measure it is "
                 "only read"),
    TFU_OPT_ENUM(struct request, only, "", parts, "one of the two"),
    TFU_OPT_BOOL(struct request, layers, 0,
                 "every algorithm on each kind of layer, alone, instead"),
    TFU_OPT_BOOL(struct request, data, 0,
                 "instead: how fast the training data of a configuration are read and transformed, "
                 "by one worker and more, up to --threads"),
    TFU_OPT_BOOL(struct request, system, 0,
                 "instead: processor, caches, instruction sets, the BLAS and its core type, and "
                 "how fast each and the memory are; for a report of slowness"),
    TFU_OPT_BOOL(struct request, json, 0, "JSON instead of tables"),
    TFU_OPT_BOOL(struct request, csv, 0, "CSV instead of a table (with --layers)"),
};

/* --algorithm OP=A, whose A may have commas. */
static bool take_algorithm(void *arg, int argc, char **argv, int *i, int *status)
{
    struct request *r = arg;
    if (strcmp(argv[*i], "--algorithm") != 0)
        return false;
    char *equals = *i + 1 < argc ? strchr(argv[*i + 1], '=') : NULL;
    if (!equals) {
        *status = tfu_cli_usage("bench", "--algorithm needs OP=ALGORITHM, as conv2d=im2col");
        return true;
    }
    *equals = '\0';
    r->algorithm[r->algorithm_count++] = (struct tfu_algorithm_choice){argv[++*i], equals + 1};
    return true;
}

static int print_rows(const struct tfu_bench_rows *rows, const struct request *r)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (r->json)
        return tfu_cli_print_json(tfu_bench_layers_json(rows));
    if (r->csv)
        tfu_bench_put_csv(&text, rows);
    else
        tfu_bench_put_layers(&text, rows);
    return tfu_cli_print_text(&text);
}

static int run_layers(const struct tfu_cli_model *m, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_bench_rows rows;
    const enum tfu_status st = tfu_bench_layers(&m->model, r->steps, &rows, &e);
    const int status = st == TFU_OK ? print_rows(&rows, r) : tfu_cli_error(&e);
    tfu_bench_rows_free(&rows);
    return status;
}

static int run(struct tfu_cli *cli, struct tfu_cli_model *m, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_bench_result result[2] = {{.layer = NULL}};
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_bench_result *training = NULL, *inference = NULL;
    enum tfu_status st = TFU_OK;
    if (r->only != INFERENCE) {
        const struct tfu_bench_run_request request = {.training = true, .steps = r->steps};
        st = tfu_bench_run(&m->model, &request, &result[0], &e);
        training = &result[0];
        cli->no_notes = true; /* the other process would say them again */
    }
    if (st == TFU_OK && r->only != TRAINING) {
        const struct tfu_bench_run_request request = {.training = false, .steps = r->steps};
        st = tfu_bench_run(&m->model, &request, &result[1], &e);
        inference = &result[1];
    }
    int status = TFU_EXIT_OK;
    if (st != TFU_OK)
        status = tfu_cli_model_error(m, &e);
    else if (r->json)
        status = tfu_cli_print_json(tfu_bench_run_json(&m->model, training, inference));
    else {
        tfu_bench_put_run(&text, &m->model, training, inference);
        status = tfu_cli_print_text(&text);
    }
    tfu_bench_result_free(&result[0]);
    tfu_bench_result_free(&result[1]);
    return status;
}

static int run_system(struct tfu_cli *cli, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_bench_system s;
    struct tfu_text text = TFU_TEXT_INIT;
    int status = TFU_EXIT_OK;
    cli->no_notes = true; /* the report has it all */
    enum tfu_status st = tfu_cli_registry(cli, &registry, &e);
    if (st == TFU_OK)
        st = tfu_bench_system(&s, registry, (uint32_t)r->threads, &e);
    if (st != TFU_OK)
        status = tfu_cli_error(&e);
    else if (r->json)
        status = tfu_cli_print_json(tfu_bench_system_json(&s));
    else {
        tfu_bench_put_system(&text, &s);
        status = tfu_cli_print_text(&text);
    }
    tfu_registry_free(registry);
    return status;
}

/* ---- data */

static int print_data(const struct tfu_bench_data *d, const struct request *r)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (r->json)
        return tfu_cli_print_json(tfu_bench_data_json(d));
    tfu_bench_put_data(&text, d);
    return tfu_cli_print_text(&text);
}

static int time_data(const struct tfu_experiment *x, struct tfu_registry *registry,
                     struct tfu_log *log, const struct request *r)
{
    const struct tfu_context context = {.experiment = x, .registry = registry, .log = log};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_bench_data result;
    struct tfu_bench_data_request request = {.batch = x->train.batch,
                                             .steps = r->steps,
                                             .workers = (uint32_t)r->threads,
                                             .seed = (uint64_t)x->seed};
    struct tfu_dataset *d = NULL;
    enum tfu_status st = tfu_assemble_images(&d, &context, TFU_SPLIT_TRAIN, &e);
    request.dataset = d;
    if (st == TFU_OK)
        st = tfu_bench_data(&result, &request, &e);
    const int status = st == TFU_OK ? print_data(&result, r) : tfu_cli_error(&e);
    tfu_dataset_close(d);
    return status;
}

static int run_data(struct tfu_cli *cli, const struct tfu_cli_arguments *a, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_diagnostics *findings = NULL;
    struct tfu_config *config = NULL;
    if (a->positional_count != 1)
        return tfu_cli_usage("bench", "--data is about one configuration: bench --data CONFIG");
    enum tfu_status st = tfu_cli_registry(cli, &registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&findings, &e);
    if (st == TFU_OK)
        st = tfu_config_load(&config, a->positional[0], a->pair, a->pair_count, registry, findings,
                             &e);
    if (st == TFU_OK)
        st = tfu_measured_pretend(config, &e);
    const int status = st == TFU_OK
                           ? time_data(tfu_config_experiment(config), registry, &cli->log, r)
                           : tfu_cli_failure(findings, &e);
    tfu_config_free(config);
    tfu_diagnostics_free(findings);
    tfu_registry_free(registry);
    return status;
}

static int carry_out(struct tfu_cli *cli, const struct tfu_cli_arguments *a,
                     const struct request *r)
{
    struct tfu_bench_model_request request;
    struct tfu_cli_model m;
    if (r->csv && !r->layers)
        return tfu_cli_usage("bench", "--csv goes with --layers; --json is there for the rest");
    if (r->system && a->positional_count)
        return tfu_cli_usage("bench", "--system is about the machine and takes no '%s'",
                             a->positional[0]);
    if (r->system)
        return run_system(cli, r);
    if (r->data)
        return run_data(cli, a, r);
    int status = tfu_cli_model_request(a, &r->model, &request);
    if (status != TFU_EXIT_OK)
        return status;
    request.threads = r->threads;
    request.algorithm = r->algorithm;
    request.algorithm_count = r->algorithm_count;
    request.measure = r->measure;
    request.timings = r->timings[0] ? r->timings : NULL;
    status = tfu_cli_model_open(&m, cli, &request);
    if (status == TFU_EXIT_OK)
        status = r->layers ? run_layers(&m, r) : run(cli, &m, r);
    tfu_cli_model_close(&m);
    return status;
}

int tfu_cmd_bench(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.algorithm = NULL};
    const struct tfu_options_table table[] = {tfu_cli_model_table(&r.model),
                                              TFU_OPTIONS_TABLE(options, &r)};
    struct tfu_cli_arguments a = {.command = "bench",
                                  .table = table,
                                  .table_count = TFU_COUNT(table),
                                  .other = take_algorithm,
                                  .arg = &r};
    r.algorithm = calloc((size_t)argc, sizeof *r.algorithm);
    if (!r.algorithm)
        return tfu_cli_out_of_memory();
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == TFU_EXIT_OK)
        status = a.help ? tfu_cli_arguments_print_help(help, table, TFU_COUNT(table))
                        : carry_out(cli, &a, &r);
    tfu_cli_arguments_free(&a);
    free(r.algorithm);
    return status;
}
