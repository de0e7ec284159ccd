/* SPDX-License-Identifier: MIT
 *
 * transfuse data synth: a data set that is drawn.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/arguments.h"
#include "core/cli/data_command.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/synth/synth.h"

static const char help[] =
    "usage: transfuse data synth --kind KIND [--layout LAYOUT] --images|-n N --output|-o DIR\n"
    "                     [--size S] [--seed K] [--valid SHARE] [--test SHARE] [--task TASK]\n"
    "                     [--confounder WHAT [--label LABEL] [--rate R] [--reverse]]\n"
    "                     [--tables-only] [--threads N] [--quiet]\n"
    "\n"
    "Draws a data set that is laid out as a public one is, with the truth about each picture "
    "beside\n"
    "it in truth/: docs/synthetic.md. The same options give the same files. A folder that holds\n"
    "anything is refused, but for the unfinished set of the same options.\n"
    "\n"
    "  -n N      short for --images N\n"
    "  -o DIR    short for --output DIR\n"
    "\n";

struct options {
    const char *output, *task, *label;
    int64_t images, size, seed, threads;
    double valid, test, rate;
    int32_t kind, layout, confounder, reverse, tables_only, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_ENUM(
        struct options, kind, "fundus", tfu_synth_kinds,
        "photographs of the retina, X-rays of the chest, or shapes and textures in colour"),
    TFU_OPT_ENUM(struct options, layout, "image_folder", tfu_synth_forms,
                 "fundus: eyepacs (default), aptos, idrid; cxr: chexpert (default); all: "
                 "image_folder"),
    TFU_OPT_INT(struct options, images, 0, 1, TFU_SYNTH_IMAGES_MAX, "how many, of all parts"),
    TFU_OPT_INT(struct options, size, 256, TFU_SYNTH_SIDE_MIN, TFU_SYNTH_SIDE_MAX,
                "side of the pictures in pixels"),
    TFU_OPT_INT(struct options, seed, 0, 0, INT64_MAX, "another one is another set"),
    TFU_OPT_FLOAT(struct options, valid, 0.1, 0, 1,
                  "share of patients for validation, where the layout has it"),
    TFU_OPT_FLOAT(struct options, test, 0.2, 0, 1, "share of patients for the test"),
    TFU_OPT_STRING(struct options, task, "", 0,
                   "what the folders of image_folder are: grade or referable, a finding of X-rays"),
    TFU_OPT_ENUM(struct options, confounder, "none", tfu_synth_confounders,
                 "what goes with a label and has nothing to do with it"),
    TFU_OPT_STRING(struct options, label, "", 0,
                   "the one: referable, a finding, a class; default: the task"),
    TFU_OPT_FLOAT(struct options, rate, 1, 0, 1,
                  "1: with every picture that has the label and no other; 0: by chance"),
    TFU_OPT_BOOL(struct options, reverse, 0, "in the test part with those that have not the label"),
    TFU_OPT_BOOL(struct options, tables_only, 0, "of the truth no masks"),
    TFU_OPT_PATH(struct options, output, "", 0, "the folder"),
    TFU_OPT_INT(struct options, threads, 0, 1, 1024, "default: the processors that may be used"),
    TFU_OPT_BOOL(struct options, quiet, 0, "say nothing while it is drawn"),
};

/* The command line, and what it fills. */
struct line {
    struct tfu_cli_arguments arguments;
    struct options options;
};

/* -n N and -o DIR. */
static bool take_other(void *arg, int argc, char **argv, int *i, int *status)
{
    struct line *line = arg;
    if (strcmp(argv[*i], "-n") != 0)
        return tfu_cli_take_output("data synth", argc, argv, i, &line->options.output, status);
    if (*i + 1 >= argc)
        *status = tfu_cli_usage("data synth", "-n needs a value");
    else
        tfu_cli_number("data synth", "-n", argv[++*i], 1, TFU_SYNTH_IMAGES_MAX,
                       &line->options.images, status);
    return true;
}

/* The set that is asked for; 0, or an exit status. */
static int read_options(const struct tfu_cli_arguments *a, const struct options *o,
                        struct tfu_synth_options *to)
{
    static const enum tfu_synth_form forms[] = {TFU_SYNTH_EYEPACS, TFU_SYNTH_CHEXPERT,
                                                TFU_SYNTH_IMAGE_FOLDER};
    struct tfu_error e = TFU_ERROR_INIT;
    *to = (struct tfu_synth_options){
        .kind = (enum tfu_synth_kind)o->kind,
        .form =
            tfu_cli_arguments_given(a, "layout") ? (enum tfu_synth_form)o->layout : forms[o->kind],
        .images = o->images,
        .side = (int)o->size,
        .seed = (uint64_t)o->seed,
        .valid = o->valid,
        .test = o->test,
        .task = o->task,
        .confounder = (enum tfu_confounder)o->confounder,
        .label = o->label,
        .rate = o->rate,
        .reverse = o->reverse != 0,
        .tables_only = o->tables_only != 0,
    };
    if (!tfu_cli_arguments_given(a, "kind"))
        return tfu_cli_usage("data synth", "--kind is missing: fundus, cxr or natural");
    if (!o->images)
        return tfu_cli_usage("data synth", "--images is missing: how many");
    if (!o->output[0])
        return tfu_cli_usage("data synth", "--output is missing: the folder that gets the set");
    if (to->confounder == TFU_CONFOUNDER_NONE && tfu_cli_arguments_given(a, "rate"))
        return tfu_cli_usage("data synth", "--rate is that of a --confounder, and there is none");
    return tfu_synth_check(to, &e) == TFU_OK ? 0 : tfu_cli_usage("data synth", "%s", e.text);
}

static void show_progress(void *arg, int64_t done, int64_t total)
{
    (void)arg;
    fprintf(stderr, "\r%lld of %lld pictures", (long long)done, (long long)total);
    if (done == total)
        fputs("\n", stderr);
}

static int synth(const struct options *o, const struct tfu_synth_options *set)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_threads *threads = NULL;
    struct tfu_synth_summary made;
    const bool shown = !o->quiet && isatty(STDERR_FILENO);
    const struct tfu_synth_hooks hooks = {.progress = shown ? show_progress : NULL,
                                          .interrupted = tfu_cli_leave_requested};
    enum tfu_status st = tfu_threads_new(&threads, (uint32_t)o->threads, &e);
    if (st == TFU_OK)
        st = tfu_synth_write(set, o->output, threads, &hooks, &made, &e);
    tfu_threads_free(threads);
    if (st == TFU_OK)
        printf("%s: %lld pictures of %lld patients, %lld for training, %lld for validation, %lld "
               "for the test\n",
               o->output, (long long)made.images, (long long)made.patients, (long long)made.part[0],
               (long long)made.part[1], (long long)made.part[2]);
    else if (st == TFU_EINVAL)
        return tfu_cli_usage("data synth", "%s", e.text);
    else
        return tfu_cli_error(&e);
    return TFU_EXIT_OK;
}

int tfu_data_synth(struct tfu_cli *cli, int argc, char **argv)
{
    (void)cli;
    struct line line;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &line.options);
    struct tfu_cli_arguments *a = &line.arguments;
    *a = (struct tfu_cli_arguments){.command = "data synth",
                                    .table = &table,
                                    .table_count = 1,
                                    .other = take_other,
                                    .arg = &line};
    struct tfu_synth_options set;
    tfu_cli_leave_watch(false);
    int status = tfu_cli_arguments_read(a, argc, argv);
    if (status == 0 && a->help)
        status = tfu_cli_arguments_print_help(help, &table, 1);
    else if (status == 0 && (a->positional_count || a->pair_count))
        status = tfu_cli_usage("data synth", "'%s' is one argument too many",
                               a->positional_count ? a->positional[0] : a->pair[0]);
    else if (status == 0 && (status = read_options(a, &line.options, &set)) == 0)
        status = synth(&line.options, &set);
    tfu_cli_arguments_free(a);
    return status;
}
