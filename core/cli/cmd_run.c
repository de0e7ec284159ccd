/* SPDX-License-Identifier: MIT
 *
 * transfuse run: trains as a configuration says, or goes on with a run.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/progress.h"
#include "core/cli/target.h"
#include "core/run/run.h"
#include "core/run/run_text.h"

static const char help[] =
    "usage: transfuse run CONFIG [KEY=VALUE...] [--resume | --force] [--accept-plugins]\n"
    "                     [--until STEP] [--dry-run] [--quiet]\n"
    "       transfuse run --resume FOLDER [KEY=VALUE...] [--accept-plugins] [--until STEP]\n"
    "                     [--quiet]\n"
    "\n"
    "Trains as the configuration says, in the folder <output>/<name>/<id>; the id is a hash of\n"
    "all that decides the result: the configuration and the contents of the data, wherever they\n"
    "lie. CONFIG may be - for standard input; paths in it are then relative to the current\n"
    "folder, and it needs a `name`. What is there already decides what happens:\n"
    "\n"
    "  nothing          the run begins\n"
    "  a finished run   nothing is done, and that is a success\n"
    "  a begun run      an error, unless --resume or --force says what to do\n"
    "\n"
    "  --resume   go on with a begun run from its newest checkpoint, or begin; the result has\n"
    "             the same bits as that of a run that was never interrupted\n"
    "  --force    begin anew, removing what the earlier run wrote\n"
    "  --accept-plugins\n"
    "             take a finished run, or go on with a begun one, although plugins of one's own\n"
    "             changed since; env.json records it. A changed plugin is an error without\n"
    "  --until STEP\n"
    "             pause after that step, with a checkpoint and status 75; --resume goes on, to\n"
    "             the same bits as without a pause\n"
    "  --dry-run  build everything, run the first batch and a smaller last one forward and\n"
    "             backward, print the memory that the run needs; write nothing\n"
    "  --quiet    print the results only\n"
    "  KEY=VALUE  puts a value over that of the file: train.optimizer.lr=1e-4, threads=2\n"
    "\n"
    "SIGINT, SIGTERM, SIGHUP and SIGUSR1 finish the step, write a checkpoint and leave with status "
    "75;\n"
    "a second SIGINT ends the program at once. One process at a time works on a run, on whatever\n"
    "host; one that was stopped for a minute may lose it to another. Status 0: done, 1: failed,\n"
    "and failure.json in the folder says why, 2: the command line or the configuration is wrong.\n";

struct options {
    int32_t resume, force, accept_plugins, dry_run, quiet;
    int64_t until;
};

static const struct tfu_option rows[] = {
    TFU_OPT_BOOL(struct options, resume, 0, "go on with a begun run, or begin"),
    TFU_OPT_BOOL(struct options, force, 0, "begin anew"),
    TFU_OPT_BOOL(struct options, accept_plugins, 0, "although plugins of one's own changed"),
    TFU_OPT_INT(struct options, until, 0, 1, INT64_MAX, "pause after this step"),
    TFU_OPT_BOOL(struct options, dry_run, 0, "try a batch, write nothing"),
    TFU_OPT_BOOL(struct options, quiet, 0, "print the results only"),
};

/* Fills `request`; 0, or an exit status. */
static int check(const struct tfu_cli_arguments *a, const struct options *o,
                 struct tfu_run_request *request)
{
    struct tfu_target_request *target = &request->target;
    const int status = tfu_cli_target(target, a);
    if (status != 0)
        return status;
    if (!target->config && !target->folder)
        return tfu_cli_missing("run", a->pair, a->pair_count, "which CONFIG is to be run?");
    if (target->folder && !o->resume)
        return tfu_cli_usage("run",
                             "'%s' is a folder; to go on with its run: transfuse run "
                             "--resume %s",
                             target->folder, target->folder);
    if (o->resume && o->force)
        return tfu_cli_usage("run", "--resume and --force exclude each other");
    if (o->dry_run && o->until)
        return tfu_cli_usage("run", "--dry-run trains no step, so there is none to pause after");
    request->resume = o->resume != 0;
    request->force = o->force != 0;
    request->accept_plugins = o->accept_plugins != 0;
    request->dry = o->dry_run != 0;
    request->until = o->until;
    return 0;
}

/* ---- what is done */

/* Shows a text, where there is no error, and takes it. */
static enum tfu_status show(struct tfu_text *text, enum tfu_status st)
{
    if (st == TFU_OK)
        fputs(tfu_text_get(text), stdout);
    fflush(stdout);
    tfu_text_free(text);
    return st;
}

static enum tfu_status show_plan(const struct tfu_run *run, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    return show(&text, tfu_run_plan_text(run, &text, e));
}

static int dry_run(struct tfu_run *run)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dry_run dry;
    enum tfu_status st = show_plan(run, &e);
    if (st == TFU_OK)
        st = tfu_run_dry(run, &dry, &e);
    if (st != TFU_OK)
        return tfu_cli_error(&e);
    printf("first batch   %" PRId64 " images forward and backward, loss %.4f\n", dry.rows,
           dry.loss);
    if (dry.last_rows)
        printf("last batch    %" PRId64 " images of an epoch's last\n", dry.last_rows);
    printf("nothing was written\n");
    return TFU_EXIT_OK;
}

static int take(struct tfu_run *run)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_run_take(run, &e) != TFU_OK)
        return tfu_cli_error(&e);
    printf("this run is finished: %s\n", run->target.folder);
    return TFU_EXIT_OK;
}

static int train(struct tfu_run *run, bool quiet)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_progress progress;
    struct tfu_train_result result;
    if (!quiet && show_plan(run, &e) != TFU_OK)
        return tfu_cli_error(&e);
    tfu_progress_init(&progress, quiet);
    struct tfu_train_hooks hooks = tfu_progress_hooks(&progress);
    hooks.interrupted = tfu_cli_leave_requested;
    enum tfu_status st = tfu_run_train(run, &hooks, &result, &e);
    tfu_progress_end(&progress);
    if (st == TFU_EINTERRUPTED) {
        fprintf(stderr, "transfuse: %s; go on with: transfuse run --resume %s\n", e.text,
                run->target.folder);
        return TFU_EXIT_INTERRUPTED;
    }
    if (st == TFU_OK && run->decision == TFU_DECISION_TAKE)
        return take(run); /* another process was quicker */
    struct tfu_text text = TFU_TEXT_INIT;
    if (st == TFU_OK)
        st = show(&text, tfu_run_result_text(run, &result, &text, &e));
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

static int build_and_train(struct tfu_run *run, const struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_run_build(run, &e) != TFU_OK)
        return tfu_cli_error(&e);
    return o->dry_run ? dry_run(run) : train(run, o->quiet != 0);
}

static int act(struct tfu_run *run, const struct options *o)
{
    switch (run->decision) {
    case TFU_DECISION_TRAIN:
        return build_and_train(run, o);
    case TFU_DECISION_TAKE:
        return take(run);
    case TFU_DECISION_BUSY:
        fprintf(stderr,
                "transfuse: error: this run is running: its folder %s is in use by %s; wait for it "
                "or end it\n",
                run->target.folder, run->holder);
        break;
    case TFU_DECISION_BEGUN:
        fprintf(stderr,
                "transfuse: error: this run was begun and is not finished; go on with `transfuse "
                "run --resume %s`, or begin anew with --force\n",
                run->target.folder);
        break;
    }
    return TFU_EXIT_FAILED;
}

static int run(struct tfu_cli *cli, struct tfu_run_request *request, const struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL;
    struct tfu_run *r = NULL;
    struct tfu_target_request *target = &request->target;
    target->log = &cli->log;
    enum tfu_status st = tfu_cli_registry(cli, &target->registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_run_open(&r, request, d, &e);
    const int status = st == TFU_OK ? act(r, o) : tfu_cli_failure(d, &e);
    tfu_run_close(r);
    tfu_diagnostics_free(d);
    tfu_registry_free(target->registry);
    return status;
}

int tfu_cmd_run(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_run_request request = {.dry = false};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "run", .table = &table, .table_count = 1};
    tfu_cli_leave_watch(true);
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && !a.help)
        status = check(&a, &o, &request);
    if (status == 0 && a.help)
        fputs(help, stdout);
    else if (status == 0)
        status = run(cli, &request, &o);
    tfu_cli_arguments_free(&a);
    return status;
}
