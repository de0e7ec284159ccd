/* SPDX-License-Identifier: MIT
 *
 * transfuse similarity X Y: a metric over two saved matrices of activations.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/config/choice.h"
#include "core/config/defaults.h"
#include "core/io/npy_matrix.h"
#include "core/study/chance.h"
#include "core/study/metrics.h"
#include "core/train/checkpoint.h"
#include "core/train/score.h"

static const char help[] =
    "usage: transfuse similarity X Y [--metric NAME] [--mode MODE] [KEY=VALUE]...\n"
    "                            [--neurons-first] [--json] [--threads N]\n"
    "\n"
    "How similar are two saved matrices of activations? Rows are data points, the same ones in\n"
    "the same order in both; columns are neurons, and the two may have different numbers of them.\n"
    "Arrays of rank 4 (N,H,W,C) are maps of convolutions: every position is a row.\n"
    "\n"
    "X and Y are files of numpy (.npy; .npz, pickled arrays), of PyTorch (.pt, .pth) or of\n"
    "safetensors. Of several matrices in a file one is named: FILE:NAME.\n"
    "\n"
    "  --metric NAME    a metric that compares; default " TFU_DEFAULT_SIMILARITY "\n"
    "  --mode MODE      short for mode=MODE, an option of some metrics\n"
    "  KEY=VALUE        an option of the metric; `transfuse plugins describe NAME` lists them\n"
    "  --neurons-first  the files are neurons x data points, as google/svcca has them\n"
    "  --json           print all numbers as JSON; what is not defined is null\n"
    "  --threads N      default: the processors that may be used\n";

/* Bytes of one matrix that are held at a time. */
static const size_t chunk_bytes = 8u << 20;

struct request {
    const char *path[2];
    size_t paths;
    const char *metric, *mode;
    const char **option; /* KEY=VALUE */
    size_t option_count;
    struct tfu_text mode_option;
    int64_t threads;
    bool neurons_first, json, help;
};

static int parse(int argc, char **argv, struct request *r)
{
    const struct tfu_cli_option table[] = {
        {.name = "--metric", .text = &r->metric},
        {.name = "--mode", .text = &r->mode},
        {.name = "--threads", .number = &r->threads, .min = 1, .max = 1024},
        {.name = "--neurons-first", .flag = &r->neurons_first},
        {.name = "--json", .flag = &r->json},
        {.name = "--help", .flag = &r->help},
        {.name = "-h", .flag = &r->help},
    };
    for (int i = 1; i < argc; i++) {
        int status = 0;
        if (tfu_cli_option_take(table, TFU_COUNT(table), "similarity", argc, argv, &i, &status)) {
            if (status)
                return status;
        } else if (argv[i][0] == '-') {
            return tfu_cli_usage("similarity", "unknown option '%s'", argv[i]);
        } else if (tfu_cli_is_pair(argv[i])) {
            r->option[r->option_count++] = argv[i];
        } else if (r->paths == 2) {
            return tfu_cli_usage("similarity", "'%s' is one file too many", argv[i]);
        } else {
            r->path[r->paths++] = argv[i];
        }
    }
    if (!r->help && r->paths < 2)
        return tfu_cli_missing("similarity", r->option, r->option_count,
                               "which two files are to be compared?");
    if (r->mode) {
        tfu_text_printf(&r->mode_option, "mode=%s", r->mode);
        r->option[r->option_count++] = tfu_text_get(&r->mode_option);
    }
    return 0;
}

/* ---- the two matrices */

struct similarity {
    const struct request *request;
    struct tfu_log *log;
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_chosen *choice;
    struct tfu_threads *threads;
    struct tfu_scorer *scorer;
    struct tfu_npy_matrix *matrix[2];
    void *chunk[2];
    int64_t rows;
};

static void close_all(struct similarity *s)
{
    for (int i = 0; i < 2; i++) {
        tfu_npy_matrix_close(s->matrix[i]);
        free(s->chunk[i]);
    }
    tfu_scorer_free(s->scorer);
    tfu_chosen_free(s->choice);
    tfu_diagnostics_free(s->diagnostics);
    tfu_threads_free(s->threads);
    tfu_registry_free(s->registry);
}

static enum tfu_status check_rows(struct similarity *s, struct tfu_error *e)
{
    const struct tfu_shape x = tfu_npy_matrix_shape(s->matrix[0]);
    const struct tfu_shape y = tfu_npy_matrix_shape(s->matrix[1]);
    s->rows = x.dim[0];
    if (x.dim[0] == y.dim[0])
        return TFU_OK;
    const bool turned = x.rank == 2 && y.rank == 2 && x.dim[1] == y.dim[1];
    return tfu_error_set(e, TFU_ESHAPE,
                         "%s has %" PRId64 " data points and %s has %" PRId64
                         ": both have to hold the same ones%s",
                         s->request->path[0], x.dim[0], s->request->path[1], y.dim[0],
                         !turned                     ? ""
                         : s->request->neurons_first ? "; without --neurons-first they would match"
                                                     : "; with --neurons-first they would match");
}

static void warn_of_turned(const struct similarity *s, int i)
{
    if (tfu_npy_matrix_is_turned(s->matrix[i]))
        tfu_log_write(
            s->log, TFU_LOG_WARNING,
            "%s is read as N,H,W,C, and has the sizes that N,C,H,W would have, as PyTorch "
            "has maps; if it is that, save numpy.moveaxis(x, 1, -1)",
            s->request->path[i]);
}

static enum tfu_status open_matrices(struct similarity *s, bool maps, struct tfu_error *e)
{
    for (int i = 0; i < 2; i++) {
        const struct tfu_npy_matrix_request request = {
            .path = s->request->path[i],
            .columns_first = s->request->neurons_first,
            .maps = maps,
            .threads = s->threads,
            .own = &tfu_checkpoint_own,
        };
        const enum tfu_status st = tfu_npy_matrix_open(&s->matrix[i], &request, e);
        if (st != TFU_OK)
            return st;
        warn_of_turned(s, i);
    }
    return check_rows(s, e);
}

static enum tfu_status open_metric(struct similarity *s, struct tfu_error *e)
{
    const struct request *r = s->request;
    enum tfu_status st =
        tfu_chosen_new(&s->choice, TFU_KIND_METRIC, r->metric ? r->metric : TFU_DEFAULT_SIMILARITY,
                       r->option, r->option_count, s->registry, s->diagnostics, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_plugin_choice *metric = tfu_chosen_get(s->choice);
    st = tfu_metric_check(metric, &tfu_metric_compares_matrices, s->registry, e);
    if (st == TFU_OK)
        st = open_matrices(
            s, ((const struct tfu_metric_ops *)metric->plugin->ops)->needs & TFU_NEEDS_MAPS, e);
    const struct tfu_scorer_request request = {
        .metric = metric,
        .metric_count = 1,
        .task = TFU_TASK_CLASSIFICATION,
        .registry = s->registry,
        .captures = true,
        .threads = s->threads,
    };
    return st == TFU_OK ? tfu_scorer_new(&s->scorer, &request, e) : st;
}

/* Bytes of `rows` rows of matrix `i`. */
static size_t bytes_of(const struct similarity *s, int i, int64_t rows)
{
    const struct tfu_shape shape = tfu_npy_matrix_shape(s->matrix[i]);
    return (size_t)(tfu_shape_count(&shape) / s->rows * rows) *
           tfu_dtype_size(tfu_npy_matrix_dtype(s->matrix[i]));
}

static enum tfu_status feed(struct similarity *s, struct tfu_error *e)
{
    struct tfu_tensor t[2];
    int64_t chunk = s->rows;
    for (int i = 0; i < 2; i++) {
        const size_t row = bytes_of(s, i, 1);
        const int64_t fit = chunk_bytes > row ? (int64_t)(chunk_bytes / row) : 1;
        chunk = fit < chunk ? fit : chunk;
    }
    for (int i = 0; i < 2; i++) {
        s->chunk[i] = malloc(bytes_of(s, i, chunk));
        if (!s->chunk[i])
            return tfu_error_memory(e, "reading a matrix", bytes_of(s, i, chunk));
        t[i] = (struct tfu_tensor){.struct_size = sizeof t[i],
                                   .dtype = tfu_npy_matrix_dtype(s->matrix[i]),
                                   .place = TFU_HOST,
                                   .shape = tfu_npy_matrix_shape(s->matrix[i]),
                                   .data = s->chunk[i]};
    }
    enum tfu_status st = TFU_OK;
    for (int64_t first = 0; st == TFU_OK && first < s->rows; first += chunk) {
        const int64_t rows = s->rows - first < chunk ? s->rows - first : chunk;
        for (int i = 0; st == TFU_OK && i < 2; i++) {
            t[i].shape.dim[0] = rows;
            st = tfu_npy_matrix_read(s->matrix[i], first, rows, s->chunk[i], e);
        }
        const struct tfu_activations batch = {
            .rows = rows, .node = {s->request->path[0], s->request->path[1]}, .t = {&t[0], &t[1]}};
        if (st == TFU_OK)
            st = tfu_scorer_look(s->scorer, &batch, e);
    }
    return st;
}

/* ---- results */

static void print_text(const struct similarity *s, const struct tfu_score *score, size_t count)
{
    size_t stem = 0;
    const struct request *r = s->request;
    printf("%s of %s and %s, %" PRId64 " data points\n", tfu_chosen_get(s->choice)->plugin->name,
           r->path[0], r->path[1], s->rows);
    for (size_t i = 0; i < count; i++) {
        if (tfu_score_series_index(score[i].key, &stem) >= 0)
            continue;
        if (isnan(score[i].value))
            printf("  %-24s n/a (%s)\n", score[i].key, score[i].note ? score[i].note : "");
        else
            printf("  %-24s %.12g\n", score[i].key, score[i].value);
    }
    for (size_t i = 0; i < count; i++) {
        const long at = tfu_score_series_index(score[i].key, &stem);
        if (at == 0)
            printf("  %.*s", (int)stem, score[i].key);
        if (at >= 0)
            fputs(at % 8 ? " " : "\n    ", stdout);
        if (at >= 0 && isnan(score[i].value))
            printf("%8s", "n/a");
        else if (at >= 0)
            printf("%.6f", score[i].value);
        if (at >= 0 && (i + 1 == count || tfu_score_series_index(score[i + 1].key, &stem) <= 0))
            putchar('\n');
    }
}

/* Series become arrays. */
static enum tfu_status print_json(const struct similarity *s, const struct tfu_score *score,
                                  size_t count, struct tfu_error *e)
{
    json_t *metrics = json_object();
    for (size_t i = 0; i < count; i++) {
        size_t stem = 0;
        json_t *value = tfu_json_number(score[i].value);
        if (tfu_score_series_index(score[i].key, &stem) < 0) {
            json_object_set_new(metrics, score[i].key, value);
            continue;
        }
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_text_append(&name, score[i].key, stem);
        json_t *list = json_object_get(metrics, tfu_text_get(&name));
        if (!list) {
            list = json_array();
            json_object_set_new(metrics, tfu_text_get(&name), list);
        }
        json_array_append_new(list, value);
        tfu_text_free(&name);
    }
    json_t *root = json_pack("{s:s, s:s, s:s, s:I, s:o}", "x", s->request->path[0], "y",
                             s->request->path[1], "metric", tfu_chosen_get(s->choice)->plugin->name,
                             "data_points", (json_int_t)s->rows, "metrics", metrics);
    return tfu_cli_json_print(root, e);
}

static void warn_of_chance(struct tfu_cli *cli, const struct tfu_score *score, size_t count)
{
    struct tfu_chance chance = {.rows = 0};
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < count; i++)
        tfu_chance_take(&chance, score[i].key, score[i].value);
    if (tfu_chance_is_high(&chance)) {
        tfu_chance_describe(&chance, &text);
        tfu_log_write(&cli->log, TFU_LOG_WARNING, "%s", tfu_text_get(&text));
    }
    tfu_text_free(&text);
}

static int compare(struct tfu_cli *cli, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct similarity s = {.request = r, .log = &cli->log};
    const struct tfu_score *score = NULL;
    size_t count = 0;
    enum tfu_status st = tfu_cli_registry(cli, &s.registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&s.diagnostics, &e);
    if (st == TFU_OK)
        st = tfu_threads_new(&s.threads, (uint32_t)r->threads, &e);
    if (st == TFU_OK)
        st = open_metric(&s, &e);
    if (st == TFU_OK)
        st = feed(&s, &e);
    if (st == TFU_OK)
        st = tfu_scorer_finish(s.scorer, &score, &count, &e);
    int status = TFU_EXIT_OK;
    if (st == TFU_OK && r->json)
        st = print_json(&s, score, count, &e);
    else if (st == TFU_OK)
        print_text(&s, score, count);
    if (st == TFU_OK)
        warn_of_chance(cli, score, count);
    else
        status = s.diagnostics && tfu_diagnostics_count(s.diagnostics) > 0
                     ? tfu_cli_diagnostics(s.diagnostics)
                     : tfu_cli_error(&e);
    close_all(&s);
    return status;
}

int tfu_cmd_similarity(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.mode_option = TFU_TEXT_INIT};
    r.option = calloc((size_t)argc + 1, sizeof *r.option);
    if (!r.option)
        return TFU_EXIT_FAILED;
    int status = parse(argc, argv, &r);
    if (status == 0 && r.help)
        fputs(help, stdout);
    else if (status == 0)
        status = compare(cli, &r);
    tfu_text_free(&r.mode_option);
    free(r.option);
    return status;
}
