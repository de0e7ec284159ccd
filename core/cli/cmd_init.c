/* SPDX-License-Identifier: MIT
 *
 * transfuse init show CONFIG: which rule of `init:` fills which parameter, and with what.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/cli.h"
#include "core/data/dataset.h"
#include "core/task/task.h"
#include "core/train/initialise.h"

static const char help[] =
    "usage: transfuse init show CONFIG [KEY=VALUE]...\n"
    "\n"
    "Builds the network of a configuration, initialises it and prints a line a parameter: its\n"
    "name, shape, the rule of `init:` that filled it (init.0 is the first) and what was done.\n"
    "The data is opened for the size of its images. Nothing is written.\n"
    "\n"
    "  KEY=VALUE  replaces a value of the configuration: init.0.scheme=glorot_uniform\n";

/* What it takes to initialise a network as a configuration says. */
struct setting {
    struct tfu_registry *registry;
    struct tfu_config *config;
    struct tfu_dataset *data;
    struct tfu_graph *graph;
    struct tfu_threads *threads;
    struct tfu_network *network;
};

static void setting_free(struct setting *s)
{
    tfu_network_free(s->network);
    tfu_threads_free(s->threads);
    tfu_graph_free(s->graph);
    tfu_dataset_close(s->data);
    tfu_config_free(s->config);
    tfu_registry_free(s->registry);
}

/* A network of batch 1 that only has to hold parameters. */
static enum tfu_status build(struct setting *s, struct tfu_log *log, struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(s->config);
    if (!x->train_data.present)
        return tfu_error_set(e, TFU_EINVAL,
                             "the configuration has no `data: {train: ...}`, which gives the "
                             "network the size of its images; add it");
    enum tfu_status st = tfu_dataset_open(&s->data, &x->train_data, s->registry, log, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_dataset_info *info = tfu_dataset_info(s->data);
    const struct tfu_graph_request graph = {
        .arch = x->arch.plugin,
        .config = x->arch.config,
        .input = tfu_shape_make(4, 1, info->height, info->width, info->channels, 1),
        .head = tfu_task_of(&x->task)->head,
        .outputs = x->task.classes,
        .truncate = x->arch_host.truncate,
        .layers = s->registry,
    };
    st = tfu_graph_build(&s->graph, &graph, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&s->threads, (uint32_t)x->threads, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_network_request network = {
        .graph = s->graph,
        .backend = x->backend.plugin,
        .backend_config = x->backend.config,
        .threads = s->threads,
        .log = log,
        .dtype = TFU_F32,
        .seed = (uint64_t)x->seed,
    };
    return tfu_network_new(&s->network, &network, e);
}

static int show(struct tfu_cli *cli, struct setting *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text report = TFU_TEXT_INIT;
    const struct tfu_experiment *x = tfu_config_experiment(s->config);
    enum tfu_status st = build(s, &cli->log, &e);
    if (st == TFU_OK) {
        const struct tfu_initialise_request request = {
            .network = s->network,
            .rule = x->init,
            .rule_count = x->init_count,
            .registry = s->registry,
            .seed = (uint64_t)x->seed,
            .threads = s->threads,
            .preprocessing = tfu_dataset_preprocessing(s->data),
            .log = &cli->log,
        };
        st = tfu_initialise(&request, &report, &e);
    }
    if (st == TFU_OK)
        fputs(tfu_text_get(&report), stdout);
    tfu_text_free(&report);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static int load_and_show(struct tfu_cli *cli, const char *path, const char *const *overrides,
                         size_t count)
{
    struct setting s = {.registry = NULL};
    struct tfu_diagnostics *findings = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = tfu_cli_registry(cli, &s.registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&findings, &e);
    if (st == TFU_OK)
        st = tfu_config_load(&s.config, path, overrides, count, s.registry, findings, &e);
    if (findings)
        tfu_diagnostics_write_notes(findings, &cli->log);
    int status;
    if (st == TFU_OK)
        status = show(cli, &s);
    else if (findings && tfu_diagnostics_count(findings) > 0)
        status = tfu_cli_diagnostics(findings);
    else
        status = tfu_cli_error(&e);
    tfu_diagnostics_free(findings);
    setting_free(&s);
    return status;
}

int tfu_cmd_init(struct tfu_cli *cli, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return TFU_EXIT_OK;
        }
    if (argc < 2)
        return tfu_cli_usage("init", "what to do is missing: show");
    if (strcmp(argv[1], "show") != 0)
        return tfu_cli_usage("init", "'%s' is not a thing to do; there is: show", argv[1]);
    if (argc < 3)
        return tfu_cli_usage("init", "the configuration is missing");
    for (int i = 2; i < argc; i++)
        if (argv[i][0] == '-' && argv[i][1])
            return tfu_cli_usage("init", "unknown option '%s'", argv[i]);
    return load_and_show(cli, argv[2], (const char *const *)(argv + 3), (size_t)argc - 3);
}
