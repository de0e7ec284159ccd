/* SPDX-License-Identifier: MIT
 *
 * transfuse runs export
 */
#include <inttypes.h>

#include "core/cli/output.h"
#include "core/cli/runs.h"
#include "core/cli/runs_record.h"
#include "core/io/csv.h"

static const char help[] =
    "usage: transfuse runs export [RUN | FILTER]... [OPTION]...\n"
    "\n"
    "Writes runs with all their metrics to the standard output. As JSON, a line for each run: its\n"
    "state, configuration, last values, files, sessions, and \"points\": for each metric a list "
    "of\n"
    "[step, value], with the reason behind values that are not defined. As CSV, a line for each "
    "value\n"
    "of each metric. RUN and FILTER are those of `runs list`.\n"
    "\n";

struct options {
    const char *store;
    int32_t csv, json;
};

static const struct tfu_option rows[] = {
    TFU_RUNS_STORE(struct options),
    TFU_OPT_BOOL(struct options, csv, 0, "print CSV, a line for each value"),
    TFU_OPT_BOOL(struct options, json, 0, "print JSON, a line for each run; that is the default"),
};

static enum tfu_status print_json(struct tfu_runs *r, struct tfu_error *e)
{
    const uint32_t all = TFU_RUNS_RECORD_SCORES | TFU_RUNS_RECORD_CONFIG | TFU_RUNS_RECORD_FILES |
                         TFU_RUNS_RECORD_POINTS;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < r->selection.count; i++) {
        json_t *root;
        st = tfu_runs_record(r, tfu_runs_at(r, i), all, &root, e);
        if (st == TFU_OK)
            st = tfu_runs_print_line(root, e);
    }
    return st;
}

static void print_run(struct tfu_csv *csv, const struct tfu_index_run *run,
                      const struct tfu_index_point *point, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tfu_csv_text(csv, run->path);
        tfu_csv_text(csv, tfu_index_state_name(run->state));
        tfu_csv_text(csv, run->arch ? run->arch : "");
        tfu_csv_text(csv, run->init ? run->init : "");
        tfu_csv_text(csv, run->seed ? run->seed : "");
        tfu_csv_text(csv, point[i].series);
        tfu_csv_int(csv, point[i].step);
        tfu_csv_number(csv, point[i].value, 17);
        tfu_csv_text(csv, point[i].note ? point[i].note : "");
        tfu_csv_end_line(csv);
    }
}

static enum tfu_status print_csv(struct tfu_runs *r, struct tfu_error *e)
{
    static const char *const head[] = {"run",    "state", "arch",  "init", "seed",
                                       "metric", "step",  "value", "note"};
    struct tfu_csv csv = {.file = tfu_cli_output()};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < TFU_COUNT(head); i++)
        tfu_csv_text(&csv, head[i]);
    tfu_csv_end_line(&csv);
    for (size_t i = 0; st == TFU_OK && i < r->selection.count; i++) {
        struct tfu_index_point *point;
        size_t count;
        struct tfu_arena arena;
        tfu_arena_init(&arena, 0);
        st = tfu_index_points(r->index, tfu_runs_at(r, i), &arena, &point, &count, e);
        if (st == TFU_OK)
            print_run(&csv, tfu_runs_at(r, i), point, count);
        tfu_arena_free(&arena);
    }
    return st;
}

static enum tfu_status export_runs(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct options *o = r->arg;
    (void)status;
    if (r->selection.count == 0)
        return tfu_runs_say_none(r, e);
    r->printing = true;
    return o->csv ? print_csv(r, e) : print_json(r, e);
}

static const char *find_wrong(const void *options)
{
    const struct options *o = options;
    return o->csv && o->json ? "--csv and --json exclude each other" : NULL;
}

int tfu_runs_export(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_runs_command command = {
        .name = "runs export",
        .help = help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .wrong = find_wrong,
        .action = export_runs,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
