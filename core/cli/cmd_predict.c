/* SPDX-License-Identifier: MIT
 *
 * transfuse predict RUN IMAGE...: what a network says of images.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/target.h"
#include "core/data/image_list.h"
#include "core/run/prediction_lines.h"
#include "core/run/predictor.h"

static const char help[] =
    "usage: transfuse predict RUN|CONFIG [KEY=VALUE...] IMAGE|FOLDER|-...\n"
    "                         [--checkpoint FILE|STATE] [--top K] [--json] [--batch N]\n"
    "                         [--time [--repeat N]] [--threads N] [--quiet]\n"
    "\n"
    "What a network says of images, of any format that a reader plugin knows. They go through the\n"
    "transforms of the data that `eval` evaluates, without chance. RUN and --checkpoint are as "
    "for\n"
    "`eval`. Of a folder every image in it and below; `-` reads a list of them, a line each.\n"
    "\n"
    "  --checkpoint STATE  best, final, initial, a step, or a FILE; default of a RUN: best where\n"
    "                      it was chosen, else final\n"
    "  --top K             the K best outputs, a line each, in place of all scores\n"
    "  --json              JSON, a line an image; default: CSV\n"
    "  --batch N           images that go through at once; default: as in an evaluation, which\n"
    "                      makes the numbers those of `eval`, to the last bit\n"
    "  --time              how long the first image takes by itself: decoding, transforms, "
    "network\n"
    "  --repeat N          with it, how often that is measured, after a tenth as often "
    "unmeasured;\n"
    "                      default: 50\n"
    "  --threads N         default: what the configuration says\n"
    "  --quiet             do not show what was loaded\n"
    "\n"
    "An image that cannot be read, or that the network cannot compute with, is an error on a line "
    "of\n"
    "stderr; the others go on, and the exit status is 1.\n";

struct options {
    const char *checkpoint;
    int64_t top, batch, repeat, threads;
    int32_t json, time, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_STRING(struct options, checkpoint, "", 0,
                   "a checkpoint, a file of weights, or a state"),
    TFU_OPT_INT(struct options, top, 0, 1, INT32_MAX, "the best outputs, a line each"),
    TFU_OPT_INT(struct options, batch, 0, 1, 65536, "images at once"),
    TFU_OPT_INT(struct options, repeat, 50, 1, 1000000, "how often the time is measured"),
    TFU_OPT_INT(struct options, threads, 0, 1, 1024, "workers"),
    TFU_OPT_BOOL(struct options, json, 0, "JSON, a line an image"),
    TFU_OPT_BOOL(struct options, time, 0, "how long an image takes"),
    TFU_OPT_BOOL(struct options, quiet, 0, "do not show what was loaded"),
};

/* ---- the command line */

/* The first argument is the network, all others are images. */
static int check(struct tfu_cli_arguments *a, const struct options *o,
                 struct tfu_predictor_request *request)
{
    struct tfu_cli_arguments first = *a;
    if (a->positional_count == 0)
        return tfu_cli_missing("predict", a->pair, a->pair_count,
                               "which RUN or CONFIG is to say what is in the images?");
    if (a->positional_count == 1)
        return tfu_cli_usage("predict", "which images? Name files, folders, or - for a list");
    if (o->time && (o->top || tfu_cli_arguments_given(a, "batch")))
        return tfu_cli_usage("predict", "--time measures one image: it takes no --top or --batch");
    if (!o->time && tfu_cli_arguments_given(a, "repeat"))
        return tfu_cli_usage("predict", "--repeat goes with --time");
    first.positional_count = 1;
    request->checkpoint = tfu_cli_arguments_given(a, "checkpoint") ? o->checkpoint : NULL;
    request->batch = o->time ? 1 : o->batch;
    return tfu_cli_target(&request->target, &first);
}

static enum tfu_status list_images(struct tfu_image_list *list, const struct tfu_cli_arguments *a,
                                   struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 1; st == TFU_OK && i < a->positional_count; i++)
        st = strcmp(a->positional[i], "-") == 0 ? tfu_image_list_add_lines(list, stdin, "stdin", e)
                                                : tfu_image_list_add(list, a->positional[i], e);
    if (st == TFU_OK && list->count == 0)
        st = tfu_error_set(e, TFU_EINVAL, "the list of images is empty");
    return st;
}

/* ---- what is said */

/* All images, a batch at a time; how many could not be read. */
static enum tfu_status predict(struct tfu_predictor *p, const struct tfu_image_list *list,
                               const struct options *o, size_t *failed, struct tfu_error *e)
{
    const struct tfu_prediction_lines lines = {.file = tfu_cli_output(),
                                               .json = o->json != 0,
                                               .top = o->top,
                                               .task = &p->context.experiment->task,
                                               .names = p->names,
                                               .outputs = p->outputs,
                                               .positions = p->positions};
    struct tfu_prediction *said = calloc((size_t)p->batch, sizeof *said);
    if (!said)
        return tfu_error_memory(e, "preparing predictions", 0);
    enum tfu_status st = TFU_OK;
    tfu_prediction_lines_begin(&lines);
    for (size_t first = 0; st == TFU_OK && first < list->count; first += (size_t)p->batch) {
        const size_t left = list->count - first;
        const size_t count = left < (size_t)p->batch ? left : (size_t)p->batch;
        const char *const *path = (const char *const *)list->path + first;
        if (tfu_cli_leave_requested(NULL))
            st = tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
        else
            st = tfu_predictor_run(p, path, count, said, NULL, e);
        for (size_t i = 0; st == TFU_OK && i < count; i++) {
            if (said[i].status == TFU_OK) {
                st = tfu_prediction_lines_put(&lines, path[i], said[i].logits, said[i].scores, e);
                continue;
            }
            tfu_cli_error(said[i].error);
            ++*failed;
        }
    }
    free(said);
    return st;
}

/* ---- how long it takes */

enum { DECODE, TRANSFORM, NETWORK, TOTAL, PARTS };
static const char *const part_name[PARTS] = {"decode", "transform", "network", "total"};

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds of each part in each repetition. */
static enum tfu_status measure(struct tfu_predictor *p, const char *path, int64_t repeat,
                               double *seconds, struct tfu_error *e)
{
    const int64_t warm = repeat / 10 + 1;
    for (int64_t i = -warm; i < repeat; i++) {
        struct tfu_prediction said;
        double network = 0;
        const enum tfu_status st = tfu_predictor_run(p, &path, 1, &said, &network, e);
        if (st != TFU_OK)
            return st;
        if (said.status != TFU_OK)
            return tfu_error_set(e, said.status, "%s", said.error->text);
        if (i < 0)
            continue;
        seconds[DECODE * repeat + i] = said.times.decode;
        seconds[TRANSFORM * repeat + i] = said.times.transform;
        seconds[NETWORK * repeat + i] = network;
        seconds[TOTAL * repeat + i] = said.times.decode + said.times.transform + network;
    }
    return TFU_OK;
}

/* The smallest number that a share of them does not exceed. */
static double nearest_rank(const double *sorted, int64_t count, int64_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

static enum tfu_status print_times(double *seconds, const char *image, const struct options *o,
                                   uint32_t threads, struct tfu_error *e)
{
    json_t *root = o->json ? json_object() : NULL;
    FILE *out = tfu_cli_output();
    if (!o->json)
        fprintf(out, "%s, batch 1, %u threads, %lld repetitions, milliseconds\n\n%-10s %9s %9s\n",
                image, threads, (long long)o->repeat, "", "median", "p95");
    for (int i = 0; i < PARTS; i++) {
        double *part = seconds + i * o->repeat;
        qsort(part, (size_t)o->repeat, sizeof *part, by_size);
        const double median = 1e3 * nearest_rank(part, o->repeat, 50);
        const double p95 = 1e3 * nearest_rank(part, o->repeat, 95);
        if (!o->json) {
            fprintf(out, "%-10s %9.3f %9.3f\n", part_name[i], median, p95);
            continue;
        }
        json_t *item = json_object();
        json_object_set_new(item, "median_ms", tfu_json_number(median));
        json_object_set_new(item, "p95_ms", tfu_json_number(p95));
        json_object_set_new(root, part_name[i], item);
    }
    if (!o->json)
        return TFU_OK;
    json_object_set_new(root, "image", tfu_json_text(image));
    json_object_set_new(root, "threads", json_integer(threads));
    json_object_set_new(root, "repetitions", json_integer((json_int_t)o->repeat));
    return tfu_cli_json_print(root, e);
}

static enum tfu_status time_image(struct tfu_predictor *p, const char *image,
                                  const struct options *o, struct tfu_error *e)
{
    double *seconds = calloc(PARTS * (size_t)o->repeat, sizeof *seconds);
    if (!seconds)
        return tfu_error_memory(e, "measuring an image", 0);
    enum tfu_status st = measure(p, image, o->repeat, seconds, e);
    if (st == TFU_OK)
        st = print_times(seconds, image, o, tfu_threads_count(p->context.threads), e);
    free(seconds);
    return st;
}

/* ---- all of it */

static void on_loaded(void *arg, const char *account)
{
    const struct options *o = arg;
    if (!o->quiet)
        fputs(account, stderr);
}

static int run(struct tfu_cli *cli, struct tfu_predictor_request *request,
               const struct tfu_cli_arguments *a, struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL;
    struct tfu_predictor *p = NULL;
    struct tfu_image_list list = {.path = NULL};
    size_t failed = 0;
    request->target.log = &cli->log;
    request->arg = o;
    request->loaded = on_loaded;
    enum tfu_status st = list_images(&list, a, &e);
    const bool is_usage = st == TFU_EINVAL; /* what was named is no image */
    if (st == TFU_OK && list.left_out)
        tfu_log_write(&cli->log, TFU_LOG_NOTE,
                      "%zu files of the folders are not called as images are, and left out",
                      list.left_out);
    if (st == TFU_OK)
        st = tfu_cli_registry(cli, &request->target.registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_predictor_open(&p, request, d, &e);
    if (st == TFU_OK)
        st = o->time ? time_image(p, list.path[0], o, &e) : predict(p, &list, o, &failed, &e);
    int status = st != TFU_OK ? tfu_cli_failure(d, &e) : failed ? TFU_EXIT_FAILED : TFU_EXIT_OK;
    if (is_usage)
        status = TFU_EXIT_USAGE;
    if (failed && st == TFU_OK)
        fprintf(stderr, "transfuse: %zu of %zu images have no scores\n", failed, list.count);
    tfu_predictor_close(p);
    tfu_image_list_free(&list);
    tfu_diagnostics_free(d);
    tfu_registry_free(request->target.registry);
    return status;
}

int tfu_cmd_predict(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    char threads[40];
    struct tfu_predictor_request request = {.arg = NULL};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "predict", .table = &table, .table_count = 1};
    tfu_cli_leave_watch(false);
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && !a.help && o.threads) {
        snprintf(threads, sizeof threads, "threads=%lld", (long long)o.threads);
        a.pair[a.pair_count++] = threads;
    }
    if (status == 0 && !a.help)
        status = check(&a, &o, &request);
    if (status == 0 && a.help)
        fputs(help, tfu_cli_output());
    else if (status == 0)
        status = run(cli, &request, &a, &o);
    tfu_cli_arguments_free(&a);
    return status;
}
