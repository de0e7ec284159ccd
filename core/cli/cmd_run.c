/* SPDX-License-Identifier: MIT
 *
 * transfuse run: trains as a configuration says, or goes on with a run.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/option.h"
#include "core/cli/progress.h"
#include "core/cli/run_text.h"
#include "core/store/identity.h"
#include "core/train/train.h"

static const char help[] =
    "usage: transfuse run CONFIG [KEY=VALUE...] [--resume | --force] [--accept-plugins]\n"
    "                     [--dry-run] [--quiet]\n"
    "       transfuse run --resume FOLDER [KEY=VALUE...] [--accept-plugins] [--quiet]\n"
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
    "  --dry-run  build everything, run the first batch and a smaller last one forward and\n"
    "             backward, print the memory that the run needs; write nothing\n"
    "  --quiet    print the results only\n"
    "  KEY=VALUE  puts a value over that of the file: train.optimizer.lr=1e-4, threads=2\n"
    "\n"
    "SIGINT, SIGTERM, SIGHUP and SIGUSR1 finish the step, write a checkpoint and leave with status "
    "75;\n"
    "a second SIGINT ends the program at once. Status 0: done, 1: failed, 2: the command line or\n"
    "the configuration is wrong.\n";

struct request {
    struct tfu_target_request target;
    bool resume, force, accept_plugins, dry_run, quiet, help;
};

/* 0, or an exit status. `override` has room for all arguments. */
static int parse(int argc, char **argv, struct request *r, const char **override)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--resume", &r->resume},   {"--force", &r->force},
        {"--dry-run", &r->dry_run}, {"--accept-plugins", &r->accept_plugins},
        {"--quiet", &r->quiet},     {"--help", &r->help},
        {"-h", &r->help},
    };
    r->target.override = override;
    for (int i = 1; i < argc; i++) {
        int status = 0;
        size_t k = 0;
        while (k < TFU_COUNT(flags) && strcmp(argv[i], flags[k].name) != 0)
            k++;
        if (k < TFU_COUNT(flags))
            *flags[k].flag = true;
        else if (argv[i][0] == '-' && argv[i][1])
            return tfu_cli_usage("run", "unknown option '%s'", argv[i]);
        else if (!tfu_target_argument(&r->target, "run", argv[i], override, &status))
            return status;
    }
    if (r->help)
        return 0;
    if (!r->target.config && !r->target.folder)
        return tfu_cli_missing("run", override, r->target.override_count,
                               "which CONFIG is to be run?");
    if (r->target.folder && !r->resume)
        return tfu_cli_usage("run",
                             "'%s' is a folder; to go on with its run: transfuse run "
                             "--resume %s",
                             r->target.folder, r->target.folder);
    if (r->resume && r->force)
        return tfu_cli_usage("run", "--resume and --force exclude each other");
    return 0;
}

/* ---- signals: the flag is all that a handler touches */

static volatile sig_atomic_t leave_requested;

static void on_signal(int number)
{
    (void)number;
    leave_requested = 1;
}

static bool is_leave_requested(void *arg)
{
    (void)arg;
    return leave_requested != 0;
}

/* nohup is asked for by ignoring the signal; a shell that starts jobs in the background ignores
 * SIGINT, which is not meant so. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return number == SIGHUP && sigaction(number, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

static void catch_signals(void)
{
    static const int graceful[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < TFU_COUNT(graceful); i++) {
        if (is_ignored(graceful[i]))
            continue;
        action.sa_flags = SA_RESTART | (graceful[i] == SIGINT ? (int)SA_RESETHAND : 0);
        sigaction(graceful[i], &action, NULL);
    }
    /* writing to a closed pipe is an error to report, not a way to die */
    action = (struct sigaction){.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &action, NULL);
}

/* ---- what is done */

/* The last batch of an epoch, where it is a smaller one: what cannot be trained on so few is found
 * now and not after an epoch. *rows: 0 where there is none. */
static enum tfu_status run_last_batch(struct tfu_session *s, int64_t *rows, struct tfu_error *e)
{
    const struct tfu_train_config *t = &s->context.experiment->train;
    const int64_t count = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN])->count;
    const int64_t last = s->batches_per_epoch;
    struct tfu_step_report report;
    *rows = 0;
    if (t->drop_last || last < 2 || count % t->batch == 0 || s->steps < last)
        return TFU_OK;
    enum tfu_status st = tfu_session_seek(s, last - 1, e);
    if (st == TFU_OK)
        st = tfu_session_step(s, last, false, &report, e);
    if (st == TFU_OK)
        *rows = report.rows;
    return st;
}

static int dry_run(struct tfu_session *s, const struct tfu_target *target)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_step_report report;
    int64_t last = 0;
    tfu_run_plan_print(s, target);
    enum tfu_status st = tfu_session_initialise(s, NULL, NULL, &e);
    if (st == TFU_OK)
        st = tfu_session_step(s, 1, false, &report, &e);
    if (st == TFU_OK)
        st = run_last_batch(s, &last, &e);
    if (st != TFU_OK)
        return tfu_cli_error(&e);
    printf("first batch   %" PRId64 " images forward and backward, loss %.4f\n", report.rows,
           report.loss);
    if (last)
        printf("last batch    %" PRId64 " images of an epoch's last\n", last);
    printf("nothing was written\n");
    return TFU_EXIT_OK;
}

static int train(struct tfu_session *s, const struct tfu_target *target, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_run_folder *folder;
    if (tfu_run_folder_open(&folder, target->folder, &e) != TFU_OK)
        return tfu_cli_error(&e);
    struct tfu_progress progress;
    struct tfu_train_result result;
    tfu_progress_init(&progress, r->quiet);
    struct tfu_train_request request = {
        .session = s,
        .folder = folder,
        .config = tfu_text_get(&target->resolved),
        .identity = tfu_text_get(&target->identity),
        .resume = r->resume,
        .accept_plugins = r->accept_plugins,
        .hooks = tfu_progress_hooks(&progress),
    };
    request.hooks.interrupted = is_leave_requested;
    const enum tfu_status st = tfu_train(&request, &result, &e);
    tfu_progress_end(&progress);
    tfu_run_folder_close(folder);
    if (st == TFU_EINTERRUPTED) {
        fprintf(stderr, "transfuse: %s; go on with: transfuse run --resume %s\n", e.text,
                target->folder);
        return TFU_EXIT_INTERRUPTED;
    }
    if (st != TFU_OK)
        return tfu_cli_error(&e);
    tfu_run_result_print(s, target, &result);
    return TFU_EXIT_OK;
}

/* What is noted of a finished run: plugins that were accepted; where the data are by now. */
static enum tfu_status note_finished(const struct tfu_session *s, const struct tfu_target *target,
                                     const struct tfu_provenance *made_with, bool accepted,
                                     bool moved, struct tfu_error *e)
{
    struct tfu_run_folder *folder;
    enum tfu_status st = tfu_run_folder_open(&folder, target->folder, e);
    if (st != TFU_OK)
        return st;
    if (accepted)
        st = tfu_train_note(target->folder, s, made_with, 0, true, e);
    if (st == TFU_OK && moved)
        st = tfu_run_folder_write(folder, "config.yaml", tfu_text_get(&target->resolved), e);
    tfu_run_folder_close(folder);
    return st;
}

/* A finished run is taken as it is, if it is this one. */
static enum tfu_status take_finished(const struct tfu_session *s, const struct tfu_target *target,
                                     const struct request *r, struct tfu_error *e)
{
    struct tfu_provenance *made_with;
    enum tfu_status st = tfu_identity_check(target->folder, tfu_text_get(&target->identity), e);
    if (st == TFU_OK)
        st = tfu_provenance_new(&made_with, target->registry, e);
    if (st != TFU_OK)
        return st;
    st = tfu_train_check_plugins(made_with, target->folder, r->accept_plugins, s->context.log, e);
    const bool accepted = tfu_provenance_changed(made_with, false) > 0;
    const bool moved = r->target.folder && r->target.override_count > 0;
    if (st == TFU_OK && (accepted || moved))
        st = note_finished(s, target, made_with, accepted, moved, e);
    tfu_provenance_free(made_with);
    return st;
}

static int refuse_begun(const struct tfu_target *target)
{
    char who[128];
    if (tfu_run_folder_in_use(target->folder, who, sizeof who))
        fprintf(stderr,
                "transfuse: error: this run is running: its folder %s is in use by %s; wait for it "
                "or end it\n",
                target->folder, who);
    else
        fprintf(stderr,
                "transfuse: error: this run was begun and is not finished; go on with `transfuse "
                "run --resume %s`, or begin anew with --force\n",
                target->folder);
    return TFU_EXIT_FAILED;
}

static int build_and_train(struct tfu_session *s, const struct tfu_target *target,
                           const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_session_build(s, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (r->dry_run)
        return dry_run(s, target);
    if (!r->quiet)
        tfu_run_plan_print(s, target);
    return train(s, target, r);
}

/* With the data opened it is known which run it is, and what there is of it. */
static int decide(struct tfu_session *s, struct tfu_target *target, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_target_identify(target, s, &e) != TFU_OK)
        return tfu_cli_error(&e);
    const enum tfu_run_state state =
        r->force || r->dry_run ? TFU_RUN_ABSENT : tfu_run_state(target->folder);
    if (state != TFU_RUN_ABSENT &&
        tfu_identity_settle(target->folder, &target->identity, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (state == TFU_RUN_BEGUN && !r->resume)
        return refuse_begun(target);
    if (state != TFU_RUN_FINISHED)
        return build_and_train(s, target, r);
    if (take_finished(s, target, r, &e) != TFU_OK)
        return tfu_cli_error(&e);
    printf("this run is finished: %s\n", target->folder);
    return TFU_EXIT_OK;
}

static int run(struct tfu_cli *cli, struct tfu_target *target, const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_session *s;
    if (tfu_session_open(&s, target->experiment, target->registry, &cli->log, &e) != TFU_OK)
        return tfu_cli_error(&e);
    const int status = decide(s, target, r);
    tfu_session_free(s);
    return status;
}

int tfu_cmd_run(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.resume = false};
    const char **override = calloc((size_t)argc + 1, sizeof *override);
    if (!override)
        return TFU_EXIT_FAILED;
    struct tfu_target target;
    catch_signals();
    int status = parse(argc, argv, &r, override);
    if (status == 0 && r.help) {
        fputs(help, stdout);
    } else if (status == 0) {
        status = tfu_target_open(cli, &r.target, &target);
        if (status == TFU_EXIT_OK) {
            status = run(cli, &target, &r);
            tfu_target_close(&target);
        }
    }
    free(override);
    return status;
}
