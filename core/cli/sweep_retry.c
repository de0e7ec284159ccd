/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep retry: cases that failed are to be tried again. transfuse sweep stop: all that
 * work on a sweep are asked to leave.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/sweep_command.h"
#include "core/cli/sweep_elsewhere.h"
#include "core/launch/stop.h"
#include "core/store/failure.h"
#include "core/store/lease.h"
#include "core/sweep/record.h"
#include "core/sweep/state.h"

struct options {
    struct tfu_string_list only;
};

static const struct tfu_option rows[] = {
    {.name = "only",
     .help = "these cases alone",
     .type = TFU_STRING_LIST,
     .offset = offsetof(struct options, only)},
};

static const char retry_help[] =
    "usage: transfuse sweep retry FILE [KEY=VALUE]... [--only KEY|PATTERN,...]\n"
    "\n"
    "Has the cases that failed be tried again: the next `transfuse sweep run FILE` takes them, "
    "from\n"
    "their last checkpoint.\n"
    "\n"
    "  --only  these cases alone: patterns of their names, or the beginnings of their keys\n";

static const char stop_help[] =
    "usage: transfuse sweep stop FILE [KEY=VALUE]...\n"
    "\n"
    "Asks every `transfuse sweep run FILE` at work, on this host and on others that share the\n"
    "folder of runs, to have its cases write a checkpoint and to leave with status 75. It does "
    "not\n"
    "wait for that; `transfuse sweep status FILE` tells. Runs that were started by hand go on.\n";

/* ---- retry */

/* The run says that it failed, too: it is interrupted now, as its case is. One that somebody has by
 * hand says nothing of the kind. */
static enum tfu_status clear_run(const struct tfu_sweep *s, const struct tfu_case_record *r,
                                 struct tfu_error *e)
{
    char *run = r->run[0] ? tfu_case_run_path(s->store, r) : NULL;
    if (r->run[0] && !run)
        return tfu_error_memory(e, "clearing a failure", 0);
    const enum tfu_status st = run ? tfu_failure_remove(run, e) : TFU_OK;
    free(run);
    return st;
}

/* Takes the failures of a case back; false, with `e` set or not, when they stay. */
static bool clear(const struct tfu_sweep *s, size_t index, struct tfu_error *e)
{
    struct tfu_case_record r;
    struct tfu_lease *lease = NULL;
    struct tfu_lease_seen by;
    char *folder = tfu_case_folder_path(s->store, s->item[index].key);
    enum tfu_status st = folder ? TFU_OK : tfu_error_memory(e, "clearing a failure", 0);
    if (st == TFU_OK)
        st = tfu_lease_take(&lease, &by, folder, e);
    if (st == TFU_OK && lease) {
        tfu_case_record_read(&r, folder, NULL);
        r.failures = 0;
        r.end = r.attempts > 0 ? TFU_ATTEMPT_INTERRUPTED : TFU_ATTEMPT_NONE;
        st = tfu_case_record_write(&r, folder, e);
        if (st == TFU_OK)
            st = clear_run(s, &r, e);
    }
    const bool cleared = st == TFU_OK && lease;
    tfu_lease_free(lease);
    free(folder);
    return cleared;
}

static int retry(const struct tfu_sweep *s, const bool *chosen)
{
    struct tfu_error e = TFU_ERROR_INIT;
    size_t cleared = 0, busy = 0;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    if (!status)
        return tfu_cli_out_of_memory();
    tfu_sweep_look(s, status, &e);
    for (size_t i = 0; i < s->count && e.status == TFU_OK; i++) {
        if ((chosen && !chosen[i]) || status[i].state != TFU_CASE_FAILED)
            continue;
        if (clear(s, i, &e)) {
            printf("%s\n", s->item[i].name);
            cleared++;
        } else {
            busy++;
        }
    }
    tfu_case_status_free(status, s->count);
    free(status);
    if (e.status != TFU_OK)
        return tfu_cli_error(&e);
    if (busy > 0)
        printf("%zu more are being tried already\n", busy);
    if (cleared == 0)
        printf("no case is to be tried again\n");
    else
        printf("%zu case%s to be tried again; `transfuse sweep run` takes %s\n", cleared,
               cleared == 1 ? " is" : "s are", cleared == 1 ? "it" : "them");
    return TFU_EXIT_OK;
}

int tfu_sweep_retry(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_cli_sweep s = {.known = true, .only = &o.only};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "sweep retry", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help) {
        fputs(retry_help, stdout);
    } else if (status == 0) {
        status = tfu_cli_sweep_open(&s, cli, &a);
        if (status == 0)
            status = retry(s.sweep, s.chosen);
        tfu_cli_sweep_close(&s);
    }
    tfu_cli_arguments_free(&a);
    return status;
}

/* ---- stop */

static int stop(const struct tfu_sweep *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    size_t running = 0;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    if (!status)
        return tfu_cli_out_of_memory();
    if (tfu_sweep_record_check(s, &e) == TFU_OK && tfu_stop_ask(s->store, s->name, &e) == TFU_OK)
        tfu_sweep_look(s, status, &e);
    for (size_t i = 0; i < s->count && e.status == TFU_OK; i++) {
        if (status[i].state != TFU_CASE_RUNNING)
            continue;
        printf("%s: process %ld on %s\n", s->item[i].name, status[i].pid, status[i].host);
        running++;
    }
    tfu_case_status_free(status, s->count);
    free(status);
    if (e.status != TFU_OK)
        return tfu_cli_error(&e);
    printf(running ? "all that work on the sweep were asked to leave\n"
                   : "no case of the sweep is running; launchers that wait were asked to leave\n");
    fflush(stdout);
    return tfu_sweep_elsewhere_stop(s);
}

int tfu_sweep_stop(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_cli_sweep s = {.known = true};
    struct tfu_cli_arguments a = {.command = "sweep stop", .table_count = 0};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help) {
        fputs(stop_help, stdout);
    } else if (status == 0) {
        status = tfu_cli_sweep_open(&s, cli, &a);
        if (status == 0)
            status = stop(s.sweep);
        tfu_cli_sweep_close(&s);
    }
    tfu_cli_arguments_free(&a);
    return status;
}
