/* SPDX-License-Identifier: MIT */
#include "core/cli/drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/io/folder.h"

static int take_positional(struct tfu_drawing *d, const char *command, const char *argument)
{
    if (argument[0] == '-')
        return tfu_cli_usage(command, "unknown option '%s'", argument);
    if (tfu_cli_is_pair(argument))
        d->override[d->override_count++] = argument;
    else if (d->count < TFU_DRAWING_SUBJECTS)
        d->spec[d->count++] = argument;
    else
        return tfu_cli_usage(command, "'%s' is one network too many; %d fit into a figure",
                             argument, TFU_DRAWING_SUBJECTS);
    return 0;
}

static int parse(struct tfu_drawing *d, const struct tfu_drawing_command *c, int argc, char **argv)
{
    const struct tfu_cli_option shared[] = {
        {.name = "--config", .text = &d->config}, {.name = "--split", .text = &d->split},
        {.name = "--output", .text = &d->output}, {.name = "--help", .flag = &d->help},
        {.name = "-h", .flag = &d->help},
    };
    int status = 0;
    for (int i = 1; status == 0 && i < argc; i++)
        if (!tfu_cli_option_take(shared, TFU_COUNT(shared), c->name, argc, argv, &i, &status) &&
            !tfu_cli_option_take(c->option, c->option_count, c->name, argc, argv, &i, &status))
            status = take_positional(d, c->name, argv[i]);
    if (status != 0 || d->help)
        return status;
    if (d->count < c->least)
        return tfu_cli_missing(c->name, d->override, d->override_count, "it takes %s, not %zu",
                               c->least == 1 ? "a network or more" : "two networks or more",
                               d->count);
    if (!d->output)
        return tfu_cli_usage(c->name, "--output FOLDER is missing: where the figure goes");
    return c->check ? c->check(c->arg) : 0;
}

static enum tfu_status open_one(struct tfu_drawing *d, size_t i,
                                struct tfu_diagnostics *diagnostics, struct tfu_error *e)
{
    const struct tfu_subject_request request = {
        .spec = d->spec[i],
        .config = d->config,
        .override = d->override,
        .override_count = d->override_count,
        .registry = d->registry,
        .log = &d->cli->log,
    };
    enum tfu_status st = tfu_subject_open(&d->subject[i], &request, diagnostics, e);
    /* how many threads is said by the first configuration */
    if (st == TFU_OK && !d->threads)
        st = tfu_threads_new(&d->threads, (uint32_t)d->subject[i]->experiment->threads, e);
    if (st != TFU_OK)
        return st;
    d->subject[i]->context.threads = d->threads;
    st = tfu_split_choose_any(d->subject[i]->experiment, d->split, &d->used[i], e);
    return st == TFU_OK ? tfu_assemble_images(&d->data[i], &d->subject[i]->context, d->used[i], e)
                        : st;
}

static int run(struct tfu_drawing *d, const struct tfu_drawing_command *c)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *diagnostics = NULL;
    enum tfu_status st = tfu_diagnostics_new(&diagnostics, &e);
    if (st == TFU_OK)
        st = tfu_cli_registry(d->cli, &d->registry, &e);
    for (size_t i = 0; st == TFU_OK && i < d->count; i++)
        st = open_one(d, i, diagnostics, &e);
    if (st == TFU_OK)
        st = tfu_folder_make(d->output, &e);
    if (st == TFU_OK)
        st = c->run(c->arg, d, &e);
    int status = TFU_EXIT_OK;
    if (st != TFU_OK)
        status = diagnostics && tfu_diagnostics_count(diagnostics)
                     ? tfu_cli_diagnostics(diagnostics)
                     : tfu_cli_error(&e);
    tfu_diagnostics_free(diagnostics);
    return status;
}

static void close_all(struct tfu_drawing *d)
{
    for (size_t i = 0; i < TFU_DRAWING_SUBJECTS; i++) {
        tfu_dataset_close(d->data[i]);
        tfu_subject_close(d->subject[i]);
    }
    tfu_threads_free(d->threads);
    tfu_registry_free(d->registry);
    free(d->override);
}

int tfu_drawing_main(struct tfu_cli *cli, const struct tfu_drawing_command *command, int argc,
                     char **argv)
{
    struct tfu_drawing d = {.cli = cli, .override = calloc((size_t)argc + 1, sizeof *d.override)};
    if (!d.override) {
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_error_memory(&e, "reading the command line", 0);
        return tfu_cli_error(&e);
    }
    int status = parse(&d, command, argc, argv);
    if (status == 0 && d.help)
        fputs(command->help, stdout);
    else if (status == 0)
        status = run(&d, command);
    close_all(&d);
    return status;
}

enum tfu_status tfu_drawing_network(const struct tfu_drawing *d, size_t i, struct tfu_graph **graph,
                                    struct tfu_network **network, struct tfu_error *e)
{
    const struct tfu_subject *s = d->subject[i];
    const struct tfu_assemble_options options = {.training = false};
    *network = NULL;
    enum tfu_status st = tfu_assemble_graph(graph, &s->context, tfu_dataset_info(d->data[i]), 1, e);
    if (st != TFU_OK)
        return st;
    st = tfu_assemble_network(network, *graph, &s->context, &options, e);
    if (st == TFU_OK)
        st = tfu_subject_load(s, *network, tfu_dataset_preprocessing(d->data[i]), e);
    if (st != TFU_OK) {
        tfu_network_free(*network);
        tfu_graph_free(*graph);
        *network = NULL;
        *graph = NULL;
    }
    return st;
}

void tfu_drawing_list(const struct tfu_drawing *d, struct tfu_text *out)
{
    for (size_t i = 0; i < d->count; i++)
        tfu_text_printf(out, "%s(%zu) %s", i ? "; " : "", i + 1, d->subject[i]->label);
}

enum tfu_status tfu_drawing_image(const struct tfu_drawing *d, const struct tfu_image *image,
                                  const char *name, struct tfu_error *e)
{
    char *path = tfu_path_join(d->output, name);
    const enum tfu_status st =
        path ? tfu_image_write(image, path, e) : tfu_error_memory(e, "writing an image", 0);
    free(path);
    return st;
}
