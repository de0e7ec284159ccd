/* SPDX-License-Identifier: MIT
 *
 * transfuse capture RUN|CONFIG -o DIR: activations, features and logits of a network as arrays of
 * numpy.
 */
#include <stdio.h>
#include <string.h>

#include "core/analysis/options.h"
#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/progress.h"
#include "core/result/result_text.h"
#include "core/run/capture_folder.h"

static const char help[] =
    "usage: transfuse capture RUN|CONFIG|FILE[@STATE] [KEY=VALUE]... --output DIR [--nodes LIST]\n"
    "                         [--maps | --per WHAT] [--rows N] [--channels N] [--images N]\n"
    "                         [--seed N] [--split NAME] [--config FILE] [--force] [--json]\n"
    "                         [--threads N] [--quiet]\n"
    "\n"
    "Writes what a network makes of images: activations, features, logits, as arrays of numpy\n"
    "(float32), a file a node, for `transfuse similarity`, numpy and other programs. A network is\n"
    "a run's folder (its best checkpoint), RUN@best, RUN@final, RUN@initial, RUN@STEP, a\n"
    "configuration (its initial state), or a file of weights.\n"
    "\n"
    "what is written:\n"
    "  --nodes LIST     stages or nodes, patterns with commas between, `features` (what the\n"
    "                   classifier is given), `logits`; default: all stages but the classifier\n"
    "  --per WHAT       position: a row is a position in a map (default); image: its mean\n"
    "  --maps           whole maps, images x height x width x channels, instead of rows\n"
    "  --rows N         rows drawn of each node; default: 10000 of positions, all of images\n"
    "  --channels N     channels drawn of each node; default: all\n"
    "  --images N       images that go through the network, drawn by the seed; default: all\n"
    "  --seed N         of the draws, as for `compare`; default 1\n"
    "  --split NAME     train, valid or test; default: test, else valid\n"
    "  --config FILE    the configuration that a file of weights belongs to\n"
    "  KEY=VALUE        or --set KEY=VALUE: overrides a value of the configuration\n"
    "where:\n"
    "  --output DIR     or -o: the folder; NODE.npy, NODE.rows.npy (image, y and x of each row,\n"
    "                   where row i is not image i), examples.npy (each image's index in the\n"
    "                   data), labels.npy, capture.json\n"
    "  --force          write over what is there\n"
    "  --json           print what capture.json has\n"
    "  --threads N      default: the processors that may be used\n"
    "  --quiet          show no progress\n";

struct options {
    const char *config, *output;
    struct tfu_string_list nodes;
    int64_t rows, channels, images, seed, threads;
    int32_t per, split, maps, force, json, quiet;
};

/* `per` is TFU_PER_POSITION where nothing is said. */
static const struct tfu_option rows[] = {
    TFU_OPT_STRING_LIST(struct options, nodes, "stages or nodes, or patterns of them"),
    TFU_OPT_ENUM(struct options, per, "position", tfu_analysis_positions, "what a row is"),
    TFU_OPT_BOOL(struct options, maps, 0, "whole maps instead of rows"),
    TFU_OPT_INT(struct options, rows, 0, 1, INT64_MAX, "rows drawn of each node"),
    TFU_OPT_INT(struct options, channels, 0, 0, INT32_MAX, "channels drawn of each node"),
    TFU_OPT_INT(struct options, images, 0, 1, INT64_MAX, "images that go through the network"),
    TFU_OPT_INT(struct options, seed, 1, 0, INT64_MAX, "of the draws"),
    TFU_OPT_ENUM(struct options, split, "", tfu_analysis_splits, "the data"),
    TFU_OPT_PATH(struct options, config, "", 0, "what a file of weights belongs to"),
    TFU_OPT_PATH(struct options, output, "", 0, "the folder"),
    TFU_OPT_BOOL(struct options, force, 0, "write over what is there"),
    TFU_OPT_BOOL(struct options, json, 0, "print what capture.json has"),
    TFU_OPT_INT(struct options, threads, 0, 1, 1024, "by default the processors"),
    TFU_OPT_BOOL(struct options, quiet, 0, "show no progress"),
};

/* The command line, and what it fills. */
struct line {
    struct tfu_cli_arguments arguments;
    struct options options;
};

/* -o DIR, short for --output; --set KEY=VALUE, which is KEY=VALUE, commas and all. */
static bool take_other(void *arg, int argc, char **argv, int *i, int *status)
{
    struct line *line = arg;
    struct tfu_cli_arguments *a = &line->arguments;
    const bool sets = strncmp(argv[*i], "--set", 5) == 0 && (!argv[*i][5] || argv[*i][5] == '=');
    if (!sets && strcmp(argv[*i], "-o") != 0)
        return false;
    const char *value = NULL;
    if (sets && argv[*i][5])
        value = argv[*i] + 6;
    else if (*i + 1 < argc)
        value = argv[++*i];
    if (!value)
        *status = tfu_cli_usage("capture", "%s needs a value", sets ? "--set" : "-o");
    else if (sets)
        a->pair[a->pair_count++] = value;
    else
        line->options.output = value;
    return true;
}

/* 0, or an exit status. */
static int check(const struct tfu_cli_arguments *a, const struct options *o)
{
    if (a->positional_count > 1)
        return tfu_cli_usage("capture", "'%s' is one network too many", a->positional[1]);
    if (a->positional_count == 0)
        return tfu_cli_missing("capture", a->pair, a->pair_count,
                               "which RUN or CONFIG is it about?");
    if (!o->output[0])
        return tfu_cli_usage("capture", "--output DIR is missing: where the arrays go");
    if (o->maps && tfu_cli_arguments_given(a, "per"))
        return tfu_cli_usage("capture", "--maps has whole images for rows: it takes no --per");
    return 0;
}

/* ---- what it came to */

static enum tfu_status print_files(const struct tfu_captured *c, struct tfu_error *e)
{
    static const struct tfu_column column[] = {
        {.name = "node"}, {.name = "file"}, {.name = "shape"}};
    struct tfu_result r;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_result_init(&r, "capture");
    tfu_result_say(&r, "%s, %s data", c->subject->label, tfu_split_name(c->split));
    tfu_result_say(&r, "%s", "");
    struct tfu_result_table *t =
        tfu_result_table(&r, "files", TFU_TABLE_SHOWN, column, TFU_COUNT(column));
    for (size_t i = 0; i < c->node_count; i++) {
        const struct tfu_capture_file *f = tfu_captured_file(c, i);
        struct tfu_text dims = TFU_TEXT_INIT;
        tfu_text_dims(&dims, f->rank, f->dim);
        tfu_cell_text(t, "%s", c->node[i].name);
        tfu_cell_text(t, "%s", f->path);
        tfu_cell_text(t, "%s", tfu_result_keep(&r, &dims));
    }
    tfu_result_say(&r, "%s", "");
    tfu_result_say(&r, "beside them examples.npy, labels.npy and capture.json");
    enum tfu_status st = tfu_result_check(&r, e);
    if (st == TFU_OK)
        st = tfu_result_text(&r, &text, e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    tfu_result_free(&r);
    return st;
}

/* ---- the capture */

/* All that has to be opened for it. */
struct opened {
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_diagnostics *diagnostics;
    struct tfu_captured captured;
};

static enum tfu_status capture(struct tfu_cli *cli, struct opened *p,
                               struct tfu_capture_folder_request *request, const struct options *o,
                               struct tfu_error *e)
{
    struct tfu_progress progress;
    tfu_progress_init(&progress, o->quiet != 0);
    enum tfu_status st = tfu_cli_registry(cli, &p->registry, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&p->diagnostics, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&p->threads, (uint32_t)o->threads, e);
    if (st != TFU_OK)
        return st;
    request->registry = p->registry;
    request->threads = p->threads;
    request->log = &cli->log;
    request->arg = &progress;
    request->progress = tfu_progress_evaluating;
    request->interrupted = tfu_cli_leave_requested;
    st = tfu_capture_folder(&p->captured, request, p->diagnostics, e);
    tfu_progress_end(&progress);
    if (st != TFU_OK)
        return st;
    return o->json ? tfu_cli_json_print(json_incref(p->captured.json), e)
                   : print_files(&p->captured, e);
}

static int run(struct tfu_cli *cli, const struct tfu_cli_arguments *a, const struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct opened p = {.registry = NULL};
    struct tfu_capture_folder_request request = {
        .spec = a->positional[0],
        .config = o->config[0] ? o->config : NULL,
        .override = a->pair,
        .override_count = a->pair_count,
        .folder = o->output,
        .force = o->force != 0,
        .split = o->split ? tfu_analysis_splits[o->split] : NULL,
        .nodes = o->nodes.item,
        .node_count = o->nodes.count,
        .maps = o->maps != 0,
        .image_rows = o->per == TFU_PER_IMAGE,
        .rows = o->rows,
        .channels = o->channels,
        .images = o->images,
        .seed = (uint64_t)o->seed,
    };
    const enum tfu_status st = capture(cli, &p, &request, o, &e);
    const int status = st == TFU_OK ? TFU_EXIT_OK : tfu_cli_failure(p.diagnostics, &e);
    tfu_captured_free(&p.captured);
    tfu_threads_free(p.threads);
    tfu_diagnostics_free(p.diagnostics);
    tfu_registry_free(p.registry);
    return status;
}

int tfu_cmd_capture(struct tfu_cli *cli, int argc, char **argv)
{
    struct line line;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &line.options);
    struct tfu_cli_arguments *a = &line.arguments;
    *a = (struct tfu_cli_arguments){
        .command = "capture", .table = &table, .table_count = 1, .other = take_other, .arg = &line};
    tfu_cli_leave_watch(false);
    int status = tfu_cli_arguments_read(a, argc, argv);
    if (status == 0 && !a->help)
        status = check(a, &line.options);
    if (status == 0 && a->help)
        fputs(help, stdout);
    else if (status == 0)
        status = run(cli, a, &line.options);
    tfu_cli_arguments_free(a);
    return status;
}
