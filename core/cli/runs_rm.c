/* SPDX-License-Identifier: MIT
 *
 * transfuse runs rm, and gc: what removes something.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/cli/runs.h"
#include "core/store/remove.h"

static const char rm_help[] = "usage: transfuse runs rm RUN | FILTER... [--yes] [OPTION]...\n"
                              "\n"
                              "Removes runs: all that they wrote, and no file that somebody else "
                              "put into their folders. Shows\n"
                              "what would go; --yes does it. A run that a process has is left "
                              "alone. A case of a sweep is done\n"
                              "again at the next `sweep run`, since it is the folders that say "
                              "what was done. RUN and FILTER\n"
                              "are those of `runs list`.\n"
                              "\n";

static const char gc_help[] =
    "usage: transfuse runs gc [RUN | FILTER]... [--yes] [OPTION]...\n"
    "\n"
    "Lists what runs at rest need no more, and removes it with --yes: the checkpoints of finished\n"
    "runs but for the best and the final one, files that were never finished, checkpoints that "
    "were\n"
    "found damaged and put aside, leases of processes that are gone. Checkpoints in between are "
    "what\n"
    "analyses of the course of a training look at (RUN@STEP): they cannot be had back.\n"
    "\n";

struct options {
    const char *store;
    int32_t yes;
};

static const struct tfu_option rows[] = {
    TFU_RUNS_STORE(struct options),
    TFU_OPT_BOOL(struct options, yes, 0, "do it, and not only show it"),
};

static enum tfu_status bytes_of(struct tfu_runs *r, const struct tfu_index_run *run, int64_t *bytes,
                                struct tfu_error *e)
{
    struct tfu_index_artefact *file;
    size_t count;
    const enum tfu_status st = tfu_index_artefacts(r->index, run, &r->arena, &file, &count, e);
    *bytes = 0;
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        *bytes += file[i].bytes;
    return st;
}

/* ---- rm */

static bool remove_one(struct tfu_runs *r, const struct tfu_index_run *run)
{
    struct tfu_error e = TFU_ERROR_INIT;
    size_t left;
    const char *path = tfu_runs_path(r, run);
    if (!path || tfu_run_remove(path, &left, &e) != TFU_OK) {
        tfu_cli_error(&e);
        return false;
    }
    if (left)
        printf("removed %s, but for %zu file%s in its folder that no run writes\n", run->path, left,
               left == 1 ? "" : "s");
    else
        printf("removed %s\n", run->path);
    return true;
}

static enum tfu_status rm(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct options *o = r->arg;
    int64_t all = 0, bytes;
    char text[TFU_NUMBER_SIZE];
    size_t failed = 0;
    enum tfu_status st = TFU_OK;
    if (r->selection.count == 0) {
        *status = TFU_EXIT_FAILED;
        return tfu_runs_say_none(r, e);
    }
    r->printing = true;
    for (size_t i = 0; st == TFU_OK && i < r->selection.count; i++) {
        const struct tfu_index_run *run = tfu_runs_at(r, i);
        st = bytes_of(r, run, &bytes, e);
        all += bytes;
        if (st == TFU_OK && o->yes)
            failed += !remove_one(r, run);
        else if (st == TFU_OK)
            printf("%s  %s, checkpoints of %s\n", run->path, tfu_index_state_name(run->state),
                   tfu_runs_bytes(bytes, text));
    }
    if (st != TFU_OK)
        return st;
    *status = failed || !o->yes ? TFU_EXIT_FAILED : TFU_EXIT_OK;
    if (!o->yes)
        printf("%zu run%s, checkpoints of %s; nothing was removed: --yes does it\n",
               r->selection.count, r->selection.count == 1 ? "" : "s", tfu_runs_bytes(all, text));
    return TFU_OK;
}

/* ---- gc */

static void print_file(void *arg, const char *name, int64_t bytes)
{
    char text[TFU_NUMBER_SIZE];
    printf("%s/%s  %s\n", ((const struct tfu_index_run *)arg)->path, name,
           tfu_runs_bytes(bytes, text));
}

static enum tfu_status gc(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct options *o = r->arg;
    size_t files = 0, busy = 0, failed = 0;
    int64_t bytes = 0;
    char text[TFU_NUMBER_SIZE];
    if (r->selection.count == 0)
        return tfu_runs_say_none(r, e);
    for (size_t i = 0; i < r->selection.count; i++) {
        struct tfu_index_run run = *tfu_runs_at(r, i);
        struct tfu_run_tidy t = {.remove = o->yes != 0, .report = print_file, .arg = &run};
        struct tfu_error why = TFU_ERROR_INIT;
        const char *path = tfu_runs_path(r, &run);
        if (run.state == TFU_INDEX_RUNNING) {
            busy++;
            continue;
        }
        if (!path || tfu_run_tidy(&t, path, &why) != TFU_OK) {
            tfu_cli_error(&why);
            failed++;
        }
        files += t.files;
        bytes += t.bytes;
    }
    printf("%zu file%s of %s in %zu run%s%s", files, files == 1 ? "" : "s",
           tfu_runs_bytes(bytes, text), r->selection.count, r->selection.count == 1 ? "" : "s",
           o->yes  ? " were removed"
           : files ? " can go: --yes removes them"
                   : " can go");
    if (busy)
        printf("; %zu that a process has %s left alone", busy, busy == 1 ? "was" : "were");
    printf("\n");
    *status = failed ? TFU_EXIT_FAILED : TFU_EXIT_OK;
    return TFU_OK;
}

int tfu_runs_rm(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_runs_command command = {
        .name = "runs rm",
        .help = rm_help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .which = "which runs? Name them, or write a filter such as state=failed; 'name=*' is all",
        .action = rm,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}

int tfu_runs_gc(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_runs_command command = {
        .name = "runs gc",
        .help = gc_help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .action = gc,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
