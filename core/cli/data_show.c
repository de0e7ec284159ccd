/* SPDX-License-Identifier: MIT
 *
 * transfuse data show CONFIG: a contact sheet.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/audit/sheet.h"
#include "core/cli/configuration.h"
#include "core/cli/data_command.h"
#include "core/cli/option.h"
#include "core/data/measure.h"
#include "core/train/assemble.h"

static const char help[] =
    "usage: transfuse data show CONFIG --output SHEET.png [KEY=VALUE]... [OPTION]...\n"
    "\n"
    "Draws examples of a split: each as it lies in its file, with its name and labels; then as a\n"
    "network sees it, evaluated and in the first epochs of a training with the configuration's\n"
    "seed. Normalisation is taken back; masks, boxes and points are drawn over the images.\n"
    "\n"
    "  KEY=VALUE         replaces a value of the configuration: data.train.limit=100\n"
    "  -o SHEET.png      short for --output SHEET.png\n";

struct options {
    const char *output;
    int32_t split; /* enum tfu_split */
    int64_t examples, draws, side;
    int32_t force;
};

static const char *const splits[] = {"train", "valid", "test", NULL};

static const struct tfu_option rows[] = {
    TFU_OPT_PATH(struct options, output, "", 0, "the PNG file"),
    TFU_OPT_ENUM(struct options, split, "train", splits, "of which data"),
    TFU_OPT_INT(struct options, examples, 12, 1, 200, "evenly spread over the split"),
    TFU_OPT_INT(struct options, draws, 2, 0, 8, "pictures of each as it is trained on"),
    TFU_OPT_INT(struct options, side, 160, 32, 1024, "pixels of a picture"),
    TFU_OPT_BOOL(struct options, force, 0, "overwrite it"),
};

struct line {
    struct tfu_cli_arguments arguments;
    struct options options;
};

static bool take_output(void *arg, int argc, char **argv, int *i, int *status)
{
    struct line *line = arg;
    return tfu_cli_take_output("data show", argc, argv, i, &line->options.output, status);
}

static enum tfu_status draw(struct tfu_cli *cli, const struct tfu_config *config,
                            struct tfu_registry *registry, const struct options *o,
                            struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(config);
    const struct tfu_context context = {.experiment = x, .registry = registry, .log = &cli->log};
    struct tfu_dataset *d = NULL;
    struct tfu_image sheet = {.pixel = NULL};
    enum tfu_status st = tfu_assemble_open(&d, &context, (enum tfu_split)o->split, e);
    if (st == TFU_OK) {
        const struct tfu_sheet_request request = {
            .dataset = d,
            .class_names = tfu_assemble_label_names(x, tfu_dataset_info(d)),
            .examples = o->examples,
            .draws = o->draws,
            .side = o->side,
            .seed = (uint64_t)x->seed};
        st = tfu_sheet_draw(&sheet, &request, e);
    }
    if (st == TFU_OK)
        st = tfu_image_write(&sheet, o->output, e);
    tfu_image_free(&sheet);
    tfu_dataset_close(d);
    return st;
}

static int show(struct tfu_cli *cli, const char *path, const struct options *o,
                const struct tfu_cli_arguments *a)
{
    struct tfu_cli_configuration c;
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = tfu_cli_configuration_open(&c, cli, path, a, &e);
    if (st == TFU_OK)
        st = tfu_measure(c.config, c.registry, &cli->log, &e);
    if (st == TFU_OK)
        st = draw(cli, c.config, c.registry, o, &e);
    const int status = st == TFU_OK ? TFU_EXIT_OK : tfu_cli_failure(c.findings, &e);
    if (st == TFU_OK)
        printf("%s\n", o->output);
    tfu_cli_configuration_close(&c);
    return status;
}

/* Is it a PNG file that may be written? False after a usage error. */
static bool check_output(const struct options *o, int *status)
{
    const size_t length = strlen(o->output);
    if (!length) {
        *status = tfu_cli_usage("data show", "--output is missing: the PNG file");
        return false;
    }
    if (!tfu_cli_may_write("data show", o->output, o->force != 0, status))
        return false;
    if (length < 4 || strcasecmp(o->output + length - 4, ".png") != 0) {
        *status = tfu_cli_usage(
            "data show", "the sheet is a PNG file, and '%s' does not end with .png", o->output);
        return false;
    }
    return true;
}

int tfu_data_show(struct tfu_cli *cli, int argc, char **argv)
{
    struct line line;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &line.options);
    struct tfu_cli_arguments *a = &line.arguments;
    *a = (struct tfu_cli_arguments){.command = "data show",
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
        status = show(cli, path, &line.options, a);
    tfu_cli_arguments_free(a);
    return status;
}
