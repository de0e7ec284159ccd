/* SPDX-License-Identifier: MIT
 *
 * transfuse capture RUN|CONFIG -o DIR: activations, features and logits of a network as arrays of
 * numpy.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/capture_report.h"
#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/progress.h"

static enum tfu_status split_list(const char *text, char **buffer, const char ***item,
                                  size_t *count, struct tfu_error *e)
{
    *count = 0;
    *buffer = strdup(text ? text : "");
    *item = calloc(strlen(text ? text : "") + 2, sizeof **item);
    if (!*buffer || !*item)
        return tfu_error_memory(e, "reading a list", 0);
    char *rest = *buffer;
    for (char *one; (one = strsep(&rest, ","));)
        if (*one)
            (*item)[(*count)++] = one;
    return TFU_OK;
}

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

enum { POSITIONS = 10000 };

struct request {
    const char *spec, *nodes, *per, *split, *config, *output;
    const char **override;
    size_t override_count;
    int64_t rows, channels, images, seed, threads;
    bool maps, force, json, quiet, help;
};

static int check(const struct request *r)
{
    if (r->help)
        return 0;
    if (!r->spec)
        return tfu_cli_usage("capture", "which RUN or CONFIG is it about?");
    if (!r->output)
        return tfu_cli_usage("capture", "--output DIR is missing: where the arrays go");
    if (r->per && strcmp(r->per, "position") != 0 && strcmp(r->per, "image") != 0)
        return tfu_cli_usage("capture", "--per is position or image, not '%s'", r->per);
    if (r->maps && r->per)
        return tfu_cli_usage("capture", "--maps has whole images for rows: it takes no --per");
    return 0;
}

static int parse(int argc, char **argv, struct request *r)
{
    const char *set = NULL;
    const struct tfu_cli_option table[] = {
        {.name = "--nodes", .text = &r->nodes},
        {.name = "--per", .text = &r->per},
        {.name = "--maps", .flag = &r->maps},
        {.name = "--rows", .number = &r->rows, .min = 1, .max = INT64_MAX},
        {.name = "--channels", .number = &r->channels, .min = 0, .max = INT32_MAX},
        {.name = "--images", .number = &r->images, .min = 1, .max = INT64_MAX},
        {.name = "--seed", .number = &r->seed, .min = 0, .max = INT64_MAX},
        {.name = "--split", .text = &r->split},
        {.name = "--config", .text = &r->config},
        {.name = "--set", .text = &set},
        {.name = "--output", .text = &r->output},
        {.name = "-o", .text = &r->output},
        {.name = "--force", .flag = &r->force},
        {.name = "--json", .flag = &r->json},
        {.name = "--threads", .number = &r->threads, .min = 1, .max = 1024},
        {.name = "--quiet", .flag = &r->quiet},
        {.name = "--help", .flag = &r->help},
        {.name = "-h", .flag = &r->help},
    };
    for (int i = 1; i < argc; i++) {
        int status = 0;
        set = NULL;
        if (tfu_cli_option_take(table, TFU_COUNT(table), "capture", argc, argv, &i, &status)) {
            if (status)
                return status;
            if (set)
                r->override[r->override_count++] = set;
        } else if (argv[i][0] == '-') {
            return tfu_cli_usage("capture", "unknown option '%s'", argv[i]);
        } else if (tfu_cli_is_pair(argv[i])) {
            r->override[r->override_count++] = argv[i];
        } else if (r->spec) {
            return tfu_cli_usage("capture", "'%s' is one network too many", argv[i]);
        } else {
            r->spec = argv[i];
        }
    }
    return check(r);
}

/* ---- the network and its images */

struct job {
    const struct request *request;
    struct tfu_cli *cli;
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_threads *threads;
    struct tfu_progress progress;
    struct tfu_captured captured; /* what report and files are about */
    struct tfu_capture_want *want;
};

static void on_progress(void *arg, int64_t done, int64_t total)
{
    struct job *j = arg;
    tfu_progress_evaluating(&j->progress, j->captured.split, done, total);
}

static enum tfu_status on_rows(void *arg, size_t want, int64_t first, const struct tfu_tensor *rows,
                               struct tfu_error *e)
{
    struct job *j = arg;
    return tfu_captured_add(&j->captured, want, first, rows, e);
}

static enum tfu_status open_network(struct job *j, struct tfu_error *e)
{
    const struct request *r = j->request;
    const struct tfu_subject_request request = {
        .spec = r->spec,
        .config = r->config,
        .override = r->override,
        .override_count = r->override_count,
        .registry = j->registry,
        .threads = j->threads,
        .log = &j->cli->log,
    };
    struct tfu_captured *c = &j->captured;
    enum tfu_status st = tfu_subject_open(&c->subject, &request, j->diagnostics, e);
    if (st == TFU_OK)
        st = tfu_split_choose(c->subject->experiment, r->split, &c->split, e);
    if (st == TFU_OK)
        st = tfu_assemble_images(&c->data, &c->subject->context, c->split, e);
    const struct tfu_capture_request capture = {
        .subject = c->subject,
        .data = c->data,
        .images = r->images,
        .sampling = {.channels = r->channels, .draws = 1, .seed = (uint64_t)r->seed},
        .maps = r->maps,
        .arg = j,
        .progress = on_progress,
        .emit = on_rows,
    };
    return st == TFU_OK ? tfu_capture_new(&c->capture, &capture, e) : st;
}

static enum tfu_status choose_nodes(struct job *j, struct tfu_error *e)
{
    struct tfu_captured *c = &j->captured;
    char *buffer = NULL;
    const char **pattern = NULL;
    size_t count = 0;
    enum tfu_status st = split_list(j->request->nodes, &buffer, &pattern, &count, e);
    if (st == TFU_OK)
        st = tfu_nodes_choose(&c->node, &c->node_count, tfu_capture_graph(c->capture), pattern,
                              count, e);
    free(buffer);
    free(pattern);
    return st;
}

/* A row is an image where there are no positions to draw from: then all of them are wanted. */
static enum tfu_status make_wants(struct job *j, struct tfu_error *e)
{
    const struct request *r = j->request;
    const struct tfu_captured *c = &j->captured;
    const bool pooled = r->per && strcmp(r->per, "image") == 0;
    j->want = calloc(c->node_count + 1, sizeof *j->want);
    if (!j->want)
        return tfu_error_memory(e, "capturing activations", 0);
    for (size_t i = 0; i < c->node_count; i++) {
        const struct tfu_node_choice *n = &c->node[i];
        const struct tfu_shape *s = &tfu_capture_graph(c->capture)->value[n->value].shape;
        const bool map = s->rank == 4 && !pooled;
        const int64_t height = map ? s->dim[1] : 1, width = map ? s->dim[2] : 1;
        const int64_t usual = r->maps || height * width == 1 ? INT64_MAX : POSITIONS;
        j->want[i] = (struct tfu_capture_want){n->name, n->value, height, width,
                                               r->rows > 0 ? r->rows : usual};
    }
    return TFU_OK;
}

static enum tfu_status capture(struct job *j, struct tfu_error *e)
{
    const struct request *r = j->request;
    enum tfu_status st = tfu_cli_registry(j->cli, &j->registry, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&j->diagnostics, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&j->threads, (uint32_t)r->threads, e);
    if (st == TFU_OK)
        st = open_network(j, e);
    if (st == TFU_OK)
        st = choose_nodes(j, e);
    if (st == TFU_OK)
        st = make_wants(j, e);
    j->captured.want = j->want;
    if (st == TFU_OK)
        st = tfu_captured_begin(&j->captured, r->output, r->force, e);
    if (st == TFU_OK)
        st = tfu_capture_run(j->captured.capture, j->want, j->captured.node_count, e);
    tfu_progress_end(&j->progress);
    return st == TFU_OK ? tfu_captured_finish(&j->captured, r->json, e) : st;
}

static int run(struct tfu_cli *cli, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct job j = {.request = r, .cli = cli};
    int status = TFU_EXIT_OK;
    j.captured.spec = r->spec;
    j.captured.maps = r->maps;
    tfu_progress_init(&j.progress, r->quiet);
    if (capture(&j, &e) != TFU_OK)
        status = j.diagnostics && tfu_diagnostics_count(j.diagnostics) > 0
                     ? tfu_cli_diagnostics(j.diagnostics)
                     : tfu_cli_error(&e);
    tfu_captured_free(&j.captured);
    free(j.want);
    tfu_threads_free(j.threads);
    tfu_diagnostics_free(j.diagnostics);
    tfu_registry_free(j.registry);
    return status;
}

int tfu_cmd_capture(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.seed = 1};
    r.override = calloc((size_t)argc + 1, sizeof *r.override);
    if (!r.override)
        return TFU_EXIT_FAILED;
    int status = parse(argc, argv, &r);
    if (status == 0 && r.help)
        fputs(help, stdout);
    else if (status == 0)
        status = run(cli, &r);
    free(r.override);
    return status;
}
