/* SPDX-License-Identifier: MIT
 *
 * transfuse report: what a study came to, as a page and as files.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/config/loading.h"
#include "core/config/path.h"
#include "core/report/build.h"
#include "core/report/report_digest.h"
#include "core/report/write.h"

static const char help[] =
    "usage: transfuse report FILE.yaml [KEY=VALUE]... [-o DIR] [OPTION]...\n"
    "\n"
    "Writes what the section `report` of a study file asks for, or, where it has none, all of its\n"
    "cases in a table: DIR/index.html, a page that needs nothing else; DIR/report.md, report.tex\n"
    "and report.json; DIR/tables/ and DIR/figures/, where each table and figure is a file for\n"
    "papers and programs; DIR/runs.csv. Runs that are missing are holes that are marked, and no\n"
    "error. The same store gives the same bytes. Files of an earlier report that are no more are\n"
    "removed, others in DIR are left alone. The status is 1 where there is no gnuplot: all but\n"
    "the pictures is written then.\n"
    "\n"
    "  KEY=VALUE         puts a value over that of the file: profile=mini, store=/scratch/runs\n"
    "  -o DIR            short for --output DIR\n";

struct options {
    const char *output;
    struct tfu_string_list only;
    int64_t every;
    int32_t watch, measure, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_PATH(struct options, output, "", 0,
                 "the folder of the report; default: `report` in the study's folder `output`"),
    {.name = "only",
     .help = "these formats alone: html, markdown, latex, csv, json; figures are always written. "
             "page: html that links to no file beside it, to be sent alone",
     .type = TFU_STRING_LIST,
     .offset = offsetof(struct options, only)},
    TFU_OPT_BOOL(struct options, watch, 0,
                 "write it again when something of it changed, until all cases are done, or until "
                 "Ctrl-C; the page reads itself again meanwhile"),
    TFU_OPT_INT(struct options, every, 5, 1, 86400, "seconds between two looks of --watch"),
    TFU_OPT_BOOL(struct options, measure, 0,
                 "measure latency that a table asks for and that was not measured yet; it is kept "
                 "in the store"),
    TFU_OPT_BOOL(struct options, quiet, 0, "say nothing of what was written"),
};

static const struct {
    const char *name;
    unsigned format;
} formats[] = {
    {"html", TFU_REPORT_HTML},   {"markdown", TFU_REPORT_MARKDOWN},
    {"latex", TFU_REPORT_LATEX}, {"csv", TFU_REPORT_CSV},
    {"json", TFU_REPORT_JSON},   {"page", TFU_REPORT_HTML | TFU_REPORT_ALONE},
};

struct work {
    struct tfu_cli *cli;
    const struct options *options;
    struct tfu_document document;
    unsigned formats;
    char *folder;            /* NULL: not known before the first report is made */
    char last[TFU_HASH_HEX]; /* of what was written */
    struct tfu_report kept;  /* what was written */
    bool has_kept;
    char said[sizeof((struct tfu_error *)0)->text]; /* of the last look, which made no report */
    struct tfu_diagnostics *findings;               /* of the last report that was made */
    bool undrawn;                                   /* that there is no gnuplot was said */
    bool at_rest; /* nothing of it will be done any more by itself */
};

/* ---- the command line */

static bool read_formats(const struct tfu_string_list *only, bool given, unsigned *out, int *status)
{
    const char *names[TFU_COUNT(formats)];
    *out = only->count ? 0 : TFU_REPORT_ALL;
    if (given && !only->count) {
        *status =
            tfu_cli_usage("report", "--only has no format: html, markdown, latex, csv, json, page");
        return false;
    }
    for (size_t k = 0; k < TFU_COUNT(formats); k++)
        names[k] = formats[k].name;
    for (size_t i = 0; i < only->count; i++) {
        unsigned found = 0;
        for (size_t k = 0; k < TFU_COUNT(formats); k++)
            if (strcmp(only->item[i], formats[k].name) == 0)
                found = formats[k].format;
        if (!found) {
            struct tfu_text advice = TFU_TEXT_INIT;
            tfu_text_put_advice(&advice, only->item[i], names, TFU_COUNT(names));
            *status = tfu_cli_usage("report", "--only has no format '%s'%s", only->item[i],
                                    tfu_text_get(&advice));
            tfu_text_free(&advice);
            return false;
        }
        *out |= found;
    }
    return true;
}

struct taken {
    const char *output;
};

static bool take_short(void *arg, int argc, char **argv, int *i, int *status)
{
    struct taken *t = arg;
    return tfu_cli_take_output("report", argc, argv, i, &t->output, status);
}

/* ---- one report */

static bool is_at_rest(const struct tfu_report *r)
{
    for (size_t i = 0; i < r->runs; i++)
        if (!r->run[i].state ||
            (strcmp(r->run[i].state, "done") != 0 && strcmp(r->run[i].state, "stopped") != 0))
            return false;
    return true;
}

/* A page in a run's folder or among runs would be taken for one of their files. */
static enum tfu_status check_folder(const struct work *w, const struct tfu_report *r,
                                    struct tfu_error *e)
{
    static const char *const files[] = {"config.yaml", "checkpoints"};
    char path[PATH_MAX];
    struct stat folder, other;
    size_t found = 0;
    if (stat(w->folder, &folder) != 0)
        return TFU_OK;
    if (r->store && stat(r->store, &other) == 0 && folder.st_dev == other.st_dev &&
        folder.st_ino == other.st_ino)
        return tfu_error_set(
            e, TFU_EINVAL, "'%s' is the store of the runs; write the report to a folder of its own",
            w->folder);
    for (size_t i = 0; i < TFU_COUNT(files); i++)
        found += tfu_path_put(path, w->folder, files[i]) && access(path, F_OK) == 0;
    return found < TFU_COUNT(files)
               ? TFU_OK
               : tfu_error_set(
                     e, TFU_EINVAL,
                     "'%s' is the folder of a run; write the report to a folder of its own",
                     w->folder);
}

/* Runs that were there are not: a disk that is not mounted, a folder that was moved. */
static bool is_gone(const struct work *w, const struct tfu_report *r)
{
    if (!w->has_kept || w->kept.done == 0 || r->done > 0 || !r->store || !w->kept.store ||
        strcmp(r->store, w->kept.store) != 0)
        return false;
    DIR *dir = opendir(r->store);
    const struct dirent *entry;
    bool any = false;
    while (dir && !any && (entry = readdir(dir)))
        any = entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return !any;
}

static enum tfu_status make(struct work *w, struct tfu_report *r, struct tfu_error *e)
{
    const struct tfu_report_options options = {
        .log = &w->cli->log, .measure = w->options->measure != 0, .measure_option = "--measure"};
    tfu_diagnostics_free(w->findings);
    w->findings = NULL;
    enum tfu_status st = tfu_diagnostics_new(&w->findings, e);
    if (st == TFU_OK)
        st = tfu_report_build(r, &w->document, &options, w->findings, e);
    if (st == TFU_OK && !w->folder) {
        w->folder =
            w->options->output[0] ? strdup(w->options->output) : tfu_path_join(r->output, "report");
        if (!w->folder)
            st = tfu_error_memory(e, "writing a report", 0);
    }
    if (st == TFU_OK)
        st = check_folder(w, r, e);
    if (st == TFU_OK && is_gone(w, r))
        st = tfu_error_set(e, TFU_EIO, "the runs of the store '%s' are gone", r->store);
    return st;
}

static void say(const struct work *w, const struct tfu_report *r,
                const struct tfu_report_writing *writing)
{
    if (w->options->quiet)
        return;
    printf("%s%s: %zu of %zu run%s done%s; %zu file%s changed\n", w->folder,
           writing->formats & TFU_REPORT_HTML ? "/index.html" : "", r->done, r->runs,
           r->runs == 1 ? " is" : "s are",
           r->store && access(r->store, F_OK) != 0 ? ", nothing is begun" : "", writing->changed,
           writing->changed == 1 ? "" : "s");
    fflush(stdout);
}

/* Writes it where it says something else than before. That there is no gnuplot is said once, and
 * is no reason to stop watching. */
static int write_changed(struct work *w, const struct tfu_report *r, unsigned refresh, bool always)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char digest[TFU_HASH_HEX];
    struct tfu_report_writing writing = {.folder = w->folder,
                                         .formats = w->formats,
                                         .refresh = refresh,
                                         .interrupted =
                                             w->options->watch ? NULL : tfu_cli_leave_requested};
    enum tfu_status st = tfu_report_digest(r, digest, &e);
    if (st == TFU_OK && !always && strcmp(digest, w->last) == 0)
        return TFU_EXIT_OK;
    if (st == TFU_OK)
        st = tfu_report_write(r, &writing, &e);
    if (st == TFU_OK || st == TFU_ENOTFOUND) {
        memcpy(w->last, digest, sizeof digest);
        say(w, r, &writing);
    }
    if (st == TFU_ENOTFOUND && w->undrawn)
        return TFU_EXIT_OK;
    w->undrawn = w->undrawn || st == TFU_ENOTFOUND;
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

/* What was written is kept: the last page is written of it, whatever comes of the study. */
static void keep(struct work *w, struct tfu_report *r)
{
    if (w->has_kept)
        tfu_report_free(&w->kept);
    w->kept = *r;
    w->has_kept = true;
}

/* A look that makes no report, for a file was half saved or runs are away, leaves the page. */
static int say_failure(struct work *w, const struct tfu_error *e)
{
    if (w->has_kept && strcmp(w->said, e->text) == 0)
        return TFU_EXIT_OK;
    memcpy(w->said, e->text, sizeof w->said);
    const int status = tfu_cli_failure(w->findings, e);
    if (!w->has_kept)
        return status;
    fprintf(stderr, "transfuse: %s stays as it was; still watching\n", w->folder);
    return TFU_EXIT_OK;
}

static int report_once(struct work *w, unsigned refresh, bool always)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_report r;
    const enum tfu_status st = make(w, &r, &e);
    if (st != TFU_OK) {
        const int status = say_failure(w, &e);
        tfu_report_free(&r);
        return status;
    }
    w->said[0] = '\0';
    tfu_diagnostics_write_notes(w->findings, &w->cli->log);
    w->at_rest = is_at_rest(&r);
    const int status = write_changed(w, &r, w->at_rest ? 0 : refresh, always);
    keep(w, &r);
    return status;
}

/* ---- watching */

static void wait_for_a_while(int64_t seconds)
{
    const struct timespec tenth = {.tv_nsec = 100000000};
    for (int64_t i = 0; i < seconds * 10 && !tfu_cli_leave_requested(NULL); i++)
        nanosleep(&tenth, NULL);
}

/* The last page reads itself no more, whatever ended the watching. */
static int watch(struct work *w)
{
    const unsigned refresh = (unsigned)w->options->every;
    int status = report_once(w, refresh, true);
    while ((status == TFU_EXIT_OK || w->undrawn) && !w->at_rest && !tfu_cli_leave_requested(NULL)) {
        wait_for_a_while(w->options->every);
        if (tfu_cli_leave_requested(NULL))
            break;
        status = report_once(w, refresh, false);
    }
    if (w->has_kept && !w->at_rest) {
        const int last = write_changed(w, &w->kept, 0, true);
        status = status == TFU_EXIT_OK ? last : status;
    }
    return status == TFU_EXIT_OK && w->undrawn ? TFU_EXIT_FAILED : status;
}

/* ---- the command */

static void read_nothing(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    (void)arg;
    (void)l;
    (void)root;
}

/* A pipe is read once, however often the report is made: what came through it is kept in `d`, with
 * findings that are said when the report is made. */
static void keep_stream(struct tfu_document *document, struct tfu_diagnostics *d)
{
    struct tfu_arena arena;
    struct tfu_error unsaid = TFU_ERROR_INIT;
    if (!tfu_path_is_stream(document->path))
        return;
    tfu_arena_init(&arena, 0);
    tfu_document_read(document, &arena, read_nothing, NULL, d, &unsaid);
    tfu_arena_free(&arena);
    tfu_document_keep_stream(document, d);
}

static int report(struct tfu_cli *cli, const struct tfu_cli_arguments *a, const struct options *o,
                  unsigned wanted)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_diagnostics *stream = NULL;
    if (tfu_cli_registry(cli, &registry, &e) != TFU_OK ||
        tfu_diagnostics_new(&stream, &e) != TFU_OK) {
        tfu_registry_free(registry);
        return tfu_cli_error(&e);
    }
    struct work w = {.cli = cli,
                     .options = o,
                     .formats = wanted,
                     .document = {.path = a->positional[0],
                                  .override = a->pair,
                                  .override_count = a->pair_count,
                                  .registry = registry}};
    keep_stream(&w.document, stream);
    tfu_cli_leave_watch(false);
    const int status = o->watch ? watch(&w) : report_once(&w, 0, true);
    if (w.has_kept)
        tfu_report_free(&w.kept);
    tfu_diagnostics_free(w.findings);
    tfu_diagnostics_free(stream);
    tfu_registry_free(registry);
    free(w.folder);
    return status;
}

int tfu_cmd_report(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o = {.watch = 0};
    struct taken taken = {.output = NULL};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {
        .command = "report", .table = &table, .table_count = 1, .other = take_short, .arg = &taken};
    unsigned wanted = 0;
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (taken.output)
        o.output = taken.output;
    if (status == 0 && a.help)
        status = tfu_cli_arguments_print_help(help, &table, 1);
    else if (status == 0 && a.positional_count != 1)
        status = tfu_cli_missing("report", a.pair, a.pair_count,
                                 "it takes one study file, not %zu words", a.positional_count);
    else if (status == 0 && !o.watch && tfu_cli_arguments_given(&a, "every"))
        status = tfu_cli_usage("report", "--every is of --watch, which is not there");
    else if (status == 0 &&
             read_formats(&o.only, tfu_cli_arguments_given(&a, "only"), &wanted, &status))
        status = report(cli, &a, &o, wanted);
    tfu_cli_arguments_free(&a);
    return status;
}
