/* SPDX-License-Identifier: MIT
 *
 * transfuse export RUN -o FILE: a network as one file, for programs elsewhere.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/target.h"
#include "core/run/export.h"

static const char help[] =
    "usage: transfuse export RUN|CONFIG [KEY=VALUE...] --output FILE [--format tfm|onnx]\n"
    "                        [--checkpoint FILE|STATE] [--force] [--quiet]\n"
    "\n"
    "A network as one file: its graph without what training alone needs, its weights, how images\n"
    "are prepared, the names of its outputs, and where it is from. RUN and --checkpoint are as\n"
    "for `eval`.\n"
    "\n"
    "  --output FILE, -o   where it goes\n"
    "  --format tfm        for programs in C, with libtransfuse-infer (<transfuse/infer.h>)\n"
    "  --format onnx       for onnxruntime and others; default: as FILE is called, .tfm or .onnx\n"
    "  --checkpoint STATE  best, final, initial, a step, or a FILE\n"
    "  --force             overwrite FILE\n"
    "  --quiet             say nothing\n";

struct options {
    const char *checkpoint, *output;
    int32_t format, force, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_STRING(struct options, checkpoint, "", 0,
                   "a checkpoint, a file of weights, or a state"),
    TFU_OPT_PATH(struct options, output, "", 0, "the file"),
    TFU_OPT_ENUM(struct options, format, "tfm", tfu_export_formats, "what kind of file"),
    TFU_OPT_BOOL(struct options, force, 0, "overwrite it"),
    TFU_OPT_BOOL(struct options, quiet, 0, "say nothing"),
};

/* The command line, and what it fills. */
struct line {
    struct tfu_cli_arguments arguments;
    struct options options;
};

static bool take_other(void *arg, int argc, char **argv, int *i, int *status)
{
    struct line *line = arg;
    return tfu_cli_take_output("export", argc, argv, i, &line->options.output, status);
}

static int check(struct line *line, struct tfu_predictor_request *request)
{
    struct tfu_cli_arguments *a = &line->arguments;
    struct options *o = &line->options;
    int status = tfu_cli_target(&request->target, a);
    if (status != 0)
        return status;
    if (!request->target.config && !request->target.folder)
        return tfu_cli_missing("export", a->pair, a->pair_count,
                               "which RUN or CONFIG is to be exported?");
    if (!o->output[0])
        return tfu_cli_usage("export", "--output FILE is missing: where the network goes");
    const char *dot = strrchr(o->output, '.');
    if (!tfu_cli_arguments_given(a, "format")) {
        if (dot && strcmp(dot, ".onnx") == 0)
            o->format = TFU_EXPORT_ONNX;
        else if (!dot || strcmp(dot, ".tfm") != 0)
            return tfu_cli_usage("export",
                                 "what kind of file is '%s' to be? Call it .tfm or .onnx, or say "
                                 "--format tfm or --format onnx",
                                 o->output);
    }
    request->checkpoint = tfu_cli_arguments_given(a, "checkpoint") ? o->checkpoint : NULL;
    request->batch = 1;
    return tfu_cli_may_write("export", o->output, o->force != 0, &status) ? 0 : status;
}

static void say(const struct tfu_exported *x, const struct options *o)
{
    struct stat info;
    const double size = stat(o->output, &info) == 0 ? (double)info.st_size : 0;
    if (o->quiet)
        return;
    printf("%s: %s%s%s", o->output, x->arch, x->run ? " of run " : "", x->run ? x->run : "");
    if (x->step >= 0)
        printf(", step %lld", (long long)x->step);
    printf(", %.1f MB\n", size / 1e6);
    if (x->why)
        printf("it does not say how images are prepared: %s\n", x->why);
}

static void on_loaded(void *arg, const char *account)
{
    const struct options *o = arg;
    if (!o->quiet)
        fputs(account, stderr);
}

static int run(struct tfu_cli *cli, struct tfu_predictor_request *request, struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL;
    struct tfu_predictor *p = NULL;
    struct tfu_exported exported = {.arch = NULL};
    request->target.log = &cli->log;
    request->arg = o;
    request->loaded = on_loaded;
    enum tfu_status st = tfu_cli_registry(cli, &request->target.registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_predictor_open(&p, request, d, &e);
    if (st == TFU_OK)
        st = tfu_export(p, (enum tfu_export_format)o->format, o->output, &exported, &e);
    if (st == TFU_OK)
        say(&exported, o);
    const int status = st == TFU_OK ? TFU_EXIT_OK : tfu_cli_failure(d, &e);
    tfu_exported_free(&exported);
    tfu_predictor_close(p);
    tfu_diagnostics_free(d);
    tfu_registry_free(request->target.registry);
    return status;
}

int tfu_cmd_export(struct tfu_cli *cli, int argc, char **argv)
{
    struct line line;
    struct tfu_predictor_request request = {.arg = NULL};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &line.options);
    line.arguments = (struct tfu_cli_arguments){
        .command = "export", .table = &table, .table_count = 1, .other = take_other, .arg = &line};
    tfu_cli_leave_watch(false);
    int status = tfu_cli_arguments_read(&line.arguments, argc, argv);
    if (status == 0 && !line.arguments.help)
        status = check(&line, &request);
    if (status == 0 && line.arguments.help)
        fputs(help, stdout);
    else if (status == 0)
        status = run(cli, &request, &line.options);
    tfu_cli_arguments_free(&line.arguments);
    return status;
}
