/* SPDX-License-Identifier: MIT
 *
 * transfuse data check CONFIG: the data of a configuration, read in full.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit/audit.h"
#include "core/base/path.h"
#include "core/cli/configuration.h"
#include "core/cli/data_command.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/progress.h"
#include "core/config/measured_numbers.h"
#include "core/result/result_files.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"
#include "core/train/assemble.h"

static const char help[] =
    "usage: transfuse data check CONFIG [KEY=VALUE]... [OPTION]...\n"
    "\n"
    "Decodes every image of every split once, and says what there is: images that cannot be read,\n"
    "images that are there twice or look alike (also in two splits, or with other labels),\n"
    "patients in two splits, how often there is each label, view and size, and the means and\n"
    "deviations of the training images. The status is 1 when images cannot be read, when equal\n"
    "images are in two splits or have other labels, or when a patient is in two splits.\n"
    "\n"
    "  KEY=VALUE         replaces a value of the configuration: data.train.root=/data/chexpert\n"
    "  -o FOLDER         short for --output FOLDER\n";

struct options {
    const char *output;
    int64_t alike, shown, threads;
    int32_t force, json, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_PATH(struct options, output, "", 0, "a folder that gets tables (CSV) and histograms"),
    TFU_OPT_INT(struct options, alike, 12, 0, TFU_ALIKE_DISTANCE_MAX,
                "images look alike whose perceptual hashes are at most so many of 256 bits apart; "
                "0: they are not looked for"),
    TFU_OPT_INT(struct options, shown, 10, 0, 1000000, "rows that are shown of what may be long"),
    TFU_OPT_INT(struct options, threads, 0, 1, 1024, "default: the processors that may be used"),
    TFU_OPT_BOOL(struct options, force, 0, "overwrite what an earlier check wrote there"),
    TFU_OPT_BOOL(struct options, json, 0, "print JSON instead of text"),
    TFU_OPT_BOOL(struct options, quiet, 0, "show no progress"),
};

struct work {
    struct tfu_cli *cli;
    const struct options *options;
    struct tfu_cli_configuration configuration;
    struct tfu_experiment experiment; /* the configuration's, but for what is done at bad images */
    struct tfu_threads *threads;
    struct tfu_dataset *dataset[TFU_AUDIT_SPLITS];
    struct tfu_audit_request request;
    struct tfu_progress progress;
};

/* ---- opening */

static void show_progress(void *arg, int64_t done, int64_t of)
{
    tfu_progress_evaluating(arg, TFU_SPLIT_TRAIN, done, of);
}

/* Broken images are to be listed, not to end the check. */
static void be_lenient(struct tfu_experiment *x)
{
    x->train_data.select.on_bad_image = TFU_BAD_IMAGE_SKIP;
    x->valid_data.select.on_bad_image = TFU_BAD_IMAGE_SKIP;
    x->test_data.select.on_bad_image = TFU_BAD_IMAGE_SKIP;
}

static enum tfu_status open_splits(struct work *w, struct tfu_error *e)
{
    w->experiment = *tfu_config_experiment(w->configuration.config);
    be_lenient(&w->experiment);
    const struct tfu_experiment *x = &w->experiment;
    const struct tfu_context context = {.experiment = x,
                                        .registry = w->configuration.registry,
                                        .threads = w->threads,
                                        .log = &w->cli->log};
    struct tfu_audit_request *r = &w->request;
    enum tfu_status st = TFU_OK;
    for (enum tfu_split s = TFU_SPLIT_TRAIN; st == TFU_OK && s < TFU_SPLIT_COUNT; s++) {
        if (!tfu_experiment_split(x, s)->present)
            continue;
        st = tfu_assemble_open_beside(&w->dataset[r->count], &context, s, w->dataset[0], e);
        if (st == TFU_OK) {
            r->dataset[r->count] = w->dataset[r->count];
            r->name[r->count++] = tfu_split_name(s);
        }
    }
    if (st == TFU_OK)
        r->class_names = tfu_assemble_label_names(x, tfu_dataset_info(r->dataset[0]));
    return st;
}

static enum tfu_status open_all(struct work *w, const char *path, const struct tfu_cli_arguments *a,
                                struct tfu_error *e)
{
    enum tfu_status st = tfu_cli_configuration_open(&w->configuration, w->cli, path, a, e);
    if (st == TFU_OK) /* a broken image must not keep the others from being looked at */
        st = tfu_measured_pretend(w->configuration.config, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&w->threads, (uint32_t)w->options->threads, e);
    return st == TFU_OK ? open_splits(w, e) : st;
}

static void close_all(struct work *w)
{
    for (size_t s = 0; s < TFU_AUDIT_SPLITS; s++)
        tfu_dataset_close(w->dataset[s]);
    tfu_threads_free(w->threads);
    tfu_cli_configuration_close(&w->configuration);
}

/* ---- the result */

static enum tfu_status print(const struct work *w, const struct tfu_result *r, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT, said = TFU_TEXT_INIT;
    enum tfu_status st =
        w->options->json ? tfu_result_json(r, &text, e) : tfu_result_text(r, &text, e);
    if (st == TFU_OK && w->options->output[0])
        st = tfu_result_write(r, w->options->output, &w->cli->log, &said, e);
    if (st == TFU_OK) {
        fputs(tfu_text_get(&text), tfu_cli_output());
        fputs(w->options->json ? "" : tfu_text_get(&said), tfu_cli_output());
    }
    tfu_text_free(&text);
    tfu_text_free(&said);
    return st;
}

static int verdict(const struct tfu_audit_findings *f)
{
    if (f->unreadable)
        fprintf(stderr,
                "transfuse: images that cannot be read: %" PRId64 "; mend or remove them, or leave "
                "them out by `on_bad_image: skip`\n",
                f->unreadable);
    if (f->same_across)
        fprintf(stderr, "transfuse: pairs of equal images in two splits: %" PRId64 "\n",
                f->same_across);
    if (f->same_labelled)
        fprintf(stderr, "transfuse: pairs of equal images with different labels: %" PRId64 "\n",
                f->same_labelled);
    if (f->shared_groups)
        fprintf(stderr, "transfuse: groups in two splits: %" PRId64 "\n", f->shared_groups);
    return f->unreadable || f->same_across || f->same_labelled || f->shared_groups ? TFU_EXIT_FAILED
                                                                                   : TFU_EXIT_OK;
}

static int check(struct tfu_cli *cli, const char *path, const struct options *o,
                 const struct tfu_cli_arguments *a)
{
    struct work w = {.cli = cli, .options = o};
    struct tfu_result result;
    struct tfu_audit_findings found = {.unreadable = 0};
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_result_init(&result, "data_check");
    tfu_progress_init(&w.progress, o->quiet != 0);
    w.request = (struct tfu_audit_request){
        .distance = o->alike, .shown = o->shown, .progress = {show_progress, &w.progress}};
    enum tfu_status st = open_all(&w, path, a, &e);
    w.request.threads = w.threads;
    if (st == TFU_OK)
        st = tfu_audit(&result, &found, &w.request, &e);
    tfu_progress_end(&w.progress);
    if (st == TFU_OK)
        st = print(&w, &result, &e);
    const int status =
        st == TFU_OK ? verdict(&found) : tfu_cli_failure(w.configuration.findings, &e);
    tfu_result_free(&result);
    close_all(&w);
    return status;
}

struct line {
    struct tfu_cli_arguments arguments;
    struct options options;
};

static bool take_output(void *arg, int argc, char **argv, int *i, int *status)
{
    struct line *line = arg;
    return tfu_cli_take_output("data check", argc, argv, i, &line->options.output, status);
}

/* The figure's numbers are written in any case. False after a usage error. */
static bool check_output(const struct options *o, int *status)
{
    char *written = o->output[0] ? tfu_path_join(o->output, "data_check.csv") : NULL;
    const bool may = !written || tfu_cli_may_write("data check", written, o->force != 0, status);
    free(written);
    return may;
}

int tfu_data_check(struct tfu_cli *cli, int argc, char **argv)
{
    struct line line;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &line.options);
    struct tfu_cli_arguments *a = &line.arguments;
    *a = (struct tfu_cli_arguments){.command = "data check",
                                    .table = &table,
                                    .table_count = 1,
                                    .other = take_output,
                                    .arg = &line};
    int status = tfu_cli_arguments_read(a, argc, argv);
    const char *path = tfu_cli_arguments_shift(a);
    if (status == TFU_EXIT_OK && a->help)
        status = tfu_cli_arguments_print_help(help, &table, 1);
    else if (status == TFU_EXIT_OK &&
             (status = tfu_cli_configuration_check(a, path)) == TFU_EXIT_OK &&
             check_output(&line.options, &status))
        status = check(cli, path, &line.options, a);
    tfu_cli_arguments_free(a);
    return status;
}
