/* SPDX-License-Identifier: MIT */
#include "core/cli/study.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/io/folder.h"

/* ---- the command line */

static int take_positional(struct tfu_study_arguments *a, const struct tfu_study_command *c,
                           const char *argument)
{
    if (argument[0] == '-')
        return tfu_cli_usage(c->name, "unknown option '%s'", argument);
    if (tfu_cli_is_pair(argument))
        a->override[a->override_count++] = argument;
    else if (a->spec_count < c->subjects)
        a->spec[a->spec_count++] = argument;
    else
        return tfu_cli_usage(c->name, "'%s' is one network too many", argument);
    return 0;
}

static int parse(struct tfu_study_arguments *a, const struct tfu_study_command *c, int argc,
                 char **argv)
{
    const struct tfu_cli_option shared[] = {
        {.name = "--config", .text = &a->config}, {.name = "--split", .text = &a->split},
        {.name = "--output", .text = &a->output}, {.name = "--json", .flag = &a->json},
        {.name = "--quiet", .flag = &a->quiet},   {.name = "--help", .flag = &a->help},
        {.name = "-h", .flag = &a->help},
    };
    int status = 0;
    for (int i = 1; status == 0 && i < argc; i++)
        if (!tfu_cli_option_take(shared, TFU_COUNT(shared), c->name, argc, argv, &i, &status) &&
            !tfu_cli_option_take(c->option, c->option_count, c->name, argc, argv, &i, &status))
            status = take_positional(a, c, argv[i]);
    if (status != 0 || a->help)
        return status;
    if (a->spec_count < c->subjects)
        return tfu_cli_missing(c->name, a->override, a->override_count, "it takes %s, not %zu",
                               c->subjects == 1 ? "one network" : "two networks", a->spec_count);
    return c->check ? c->check(c->arg) : 0;
}

/* ---- the networks */

static enum tfu_status open_subjects(struct tfu_cli *cli, struct tfu_study *s,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < s->arguments.spec_count; i++) {
        const struct tfu_subject_request request = {
            .spec = s->arguments.spec[i],
            .config = s->arguments.config,
            .override = s->arguments.override,
            .override_count = s->arguments.override_count,
            .registry = s->registry,
            .log = &cli->log,
        };
        st = tfu_subject_open(&s->subject[i], &request, d, e);
    }
    /* how many threads is said by the configuration: they come after it */
    if (st == TFU_OK)
        st = tfu_threads_new(&s->threads, (uint32_t)s->subject[0]->experiment->threads, e);
    for (size_t i = 0; st == TFU_OK && i < s->arguments.spec_count; i++)
        s->subject[i]->context.threads = s->threads;
    return st;
}

static void close_study(struct tfu_study *s)
{
    for (size_t i = 0; i < TFU_STUDY_SUBJECTS; i++)
        tfu_subject_close(s->subject[i]);
    tfu_threads_free(s->threads);
    tfu_registry_free(s->registry);
    free(s->arguments.override);
}

static int run(struct tfu_cli *cli, const struct tfu_study_command *c, struct tfu_study *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL;
    enum tfu_status st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_cli_registry(cli, &s->registry, &e);
    if (st == TFU_OK)
        st = open_subjects(cli, s, d, &e);
    tfu_progress_init(&s->progress, s->arguments.quiet);
    if (st == TFU_OK)
        st = c->run(c->arg, s, &e);
    tfu_progress_end(&s->progress);
    int status = TFU_EXIT_OK;
    if (st != TFU_OK)
        status = d && tfu_diagnostics_count(d) ? tfu_cli_diagnostics(d) : tfu_cli_error(&e);
    tfu_diagnostics_free(d);
    return status;
}

int tfu_study_main(struct tfu_cli *cli, const struct tfu_study_command *command, int argc,
                   char **argv)
{
    struct tfu_study s = {
        .log = &cli->log,
        .arguments = {.override = calloc((size_t)argc + 1, sizeof *s.arguments.override)}};
    if (!s.arguments.override) {
        struct tfu_error e = TFU_ERROR_INIT;
        tfu_error_memory(&e, "reading the command line", 0);
        return tfu_cli_error(&e);
    }
    int status = parse(&s.arguments, command, argc, argv);
    if (status == 0 && s.arguments.help)
        fputs(command->help, stdout);
    else if (status == 0)
        status = run(cli, command, &s);
    close_study(&s);
    return status;
}

enum tfu_status tfu_study_assessor(struct tfu_study *s, size_t i, struct tfu_assessor **out,
                                   struct tfu_error *e)
{
    const struct tfu_assessor_request request = {
        .subject = s->subject[i],
        .split = s->arguments.split,
        .arg = &s->progress,
        .progress = tfu_progress_evaluating,
    };
    return tfu_assessor_new(out, &request, e);
}

/* ---- results */

double tfu_study_value(struct tfu_estimate v)
{
    return v.defined ? v.value : NAN;
}

json_t *tfu_study_json_measures(const struct tfu_measure *measure, size_t count)
{
    json_t *o = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set_new(o, measure[i].key, tfu_json_number(measure[i].value));
    return o;
}

void tfu_study_print_reasons(const struct tfu_measure *measure, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool said = !isnan(measure[i].value);
        for (size_t k = 0; !said && k < i; k++)
            said = isnan(measure[k].value) && strcmp(measure[k].key, measure[i].key) == 0 &&
                   strcmp(measure[k].why, measure[i].why) == 0;
        if (!said)
            printf("  %s n/a: %s\n", measure[i].key, measure[i].why);
    }
}

enum tfu_status tfu_study_file_open(struct tfu_study_file *f, const struct tfu_study *s,
                                    const char *name, struct tfu_error *e)
{
    return tfu_study_file_create(f, s->arguments.output, name, e);
}

enum tfu_status tfu_study_file_create(struct tfu_study_file *f, const char *folder,
                                      const char *name, struct tfu_error *e)
{
    *f = (struct tfu_study_file){.path = NULL};
    const enum tfu_status st = tfu_folder_make(folder, e);
    if (st != TFU_OK)
        return st;
    f->path = tfu_path_join(folder, name);
    if (!f->path)
        return tfu_error_memory(e, "writing a study", 0);
    f->csv.file = fopen(f->path, "we");
    return f->csv.file ? TFU_OK : tfu_error_errno(e, errno, "cannot create", f->path);
}

enum tfu_status tfu_study_file_close(struct tfu_study_file *f, enum tfu_status st,
                                     struct tfu_error *e)
{
    if (f->csv.file) {
        const bool failed = ferror(f->csv.file) != 0;
        if ((fclose(f->csv.file) != 0 || failed) && st == TFU_OK)
            st = tfu_error_errno(e, errno, "cannot write", f->path);
    }
    free(f->path);
    return st;
}

enum tfu_status tfu_study_figure(const struct tfu_study *s, const struct tfu_figure *figure,
                                 const char *name, struct tfu_error *e)
{
    char *stem = tfu_path_join(s->arguments.output, name);
    if (!stem)
        return tfu_error_memory(e, "drawing a figure", 0);
    struct tfu_error own = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_figure_write(figure, stem, &own);
    free(stem);
    if (st == TFU_ENOTFOUND)
        tfu_log_write(s->log, TFU_LOG_WARNING, "%s", own.text);
    else if (st != TFU_OK)
        tfu_error_set(e, st, "%s", own.text);
    return st == TFU_ENOTFOUND ? TFU_OK : st;
}
