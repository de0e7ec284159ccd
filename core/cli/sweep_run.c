/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep run: the cases of a study file as processes on this machine.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/machine.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/program.h"
#include "core/cli/sweep_command.h"
#include "core/cli/sweep_elsewhere.h"
#include "core/cli/sweep_hold.h"
#include "core/cli/sweep_table.h"
#include "core/launch/launch.h"
#include "core/launch/preflight.h"
#include "core/launch/recount.h"
#include "core/sweep/record.h"

static const char help[] =
    "usage: transfuse sweep run FILE [KEY=VALUE]... [--jobs N] [--threads N] [--retry N]\n"
    "                     [--stall-after MINUTES] [--on-error continue|stop|stop_after N]\n"
    "                     [--only KEY|PATTERN,...] [--alone] [--quiet]\n"
    "       transfuse sweep run FILE [KEY=VALUE]... --launcher slurm|shell [OPTION]...\n"
    "\n"
    "Trains what the study file asks for and what is not done yet, each case in a process of its\n"
    "own. All cases are checked before the first begins. Cases that were interrupted go on where\n"
    "they were, whatever ended them; what is done is not done again. Others may work on the same\n"
    "file at the same time, here or on other hosts that share the folder of runs.\n"
    "\n"
    "  --jobs N    so many cases at a time (1)\n"
    "  --threads N that they share; all processors that there are. The last cases, and one that\n"
    "              others wait for, get more\n"
    "  --on-error  what follows when a case failed: `continue` with all that does not need it,\n"
    "              `stop` beginning any, or `stop_after N` failures. What runs may end\n"
    "  --retry N   try a failed case again so many times (0), from its last checkpoint\n"
    "  --stall-after MINUTES\n"
    "              end a case that makes no step for so long, as failed. It has to be longer than\n"
    "              opening the data or an evaluation takes. 0: never\n"
    "  --only      these cases alone, and what they need: patterns of their names, or the\n"
    "              beginnings of their keys\n"
    "  --alone     and not what they need: a case whose needs are not done is left\n"
    "  --quiet     tell of failures only\n"
    "  KEY=VALUE   puts a value over that of the file\n"
    "\n"
    "SIGINT, SIGTERM, SIGHUP and SIGUSR1 have all cases write a checkpoint and leave; so does\n"
    "`transfuse sweep stop FILE`. A second SIGINT kills them; they go on from the last "
    "checkpoint.\n"
    "Status 0: all is done, 1: a case failed, 2: the command line or the file is wrong, 75: it "
    "was\n"
    "interrupted, and the same command goes on with it.\n"
    "\n";

struct options {
    int64_t jobs, threads, retry;
    struct tfu_string_list only;
    double stall_after;
    int32_t quiet, alone;
    int64_t stop_after; /* of --on-error; 0: go on */
};

static const struct tfu_option rows[] = {
    TFU_OPT_INT(struct options, jobs, 1, 1, 4096, "cases at a time"),
    TFU_OPT_INT(struct options, threads, 0, 0, 4096, "that they share; 0: all"),
    TFU_OPT_INT(struct options, retry, 0, 0, 1000, "try a failed case again so many times"),
    TFU_OPT_FLOAT(struct options, stall_after, 0, 0, 1e6,
                  "minutes without a step after which a case is ended, as failed; 0: never"),
    {.name = "only",
     .help = "these cases alone, and what they need",
     .type = TFU_STRING_LIST,
     .offset = offsetof(struct options, only)},
    TFU_OPT_BOOL(struct options, alone, 0, "not what they need"),
    TFU_OPT_BOOL(struct options, quiet, 0, "tell of failures only"),
};

/* ---- the command line */

/* --on-error continue|stop|stop_after N: its last word has a number behind it. */
static bool take_on_error(void *arg, int argc, char **argv, int *i, int *status)
{
    static const char name[] = "--on-error";
    int64_t *stop_after = arg;
    const size_t n = strlen(name);
    const char *word = argv[*i];
    if (strncmp(word, name, n) != 0 || (word[n] != '\0' && word[n] != '='))
        return false;
    word = word[n] == '=' ? word + n + 1 : *i + 1 < argc ? argv[++*i] : "";
    const char *number = strncmp(word, "stop_after", 10) == 0 ? word + 10 : NULL;
    if (strcmp(word, "continue") == 0)
        *stop_after = 0;
    else if (strcmp(word, "stop") == 0)
        *stop_after = 1;
    else if (number && *number == '\0' && *i + 1 < argc)
        tfu_cli_number("sweep run", "--on-error stop_after", argv[++*i], 1, INT32_MAX, stop_after,
                       status);
    else if (number && (*number == ' ' || *number == '='))
        tfu_cli_number("sweep run", "--on-error stop_after", number + 1, 1, INT32_MAX, stop_after,
                       status);
    else
        *status = tfu_cli_usage(
            "sweep run", "--on-error is continue, stop, or stop_after N, and not '%s'", word);
    return true;
}

/* A launcher looks once a second: what is shorter would end cases that work. */
static int check_stall(double minutes)
{
    if (minutes <= 0 || 60 * minutes >= 1)
        return TFU_EXIT_OK;
    return tfu_cli_usage("sweep run",
                         "--stall-after %g is less than a second, which any case takes for a step "
                         "at times; say more minutes, or 0 for never",
                         minutes);
}

/* ---- what is done */

static enum tfu_leaving is_leaving(void *arg)
{
    if (tfu_cli_leave_insisted())
        return TFU_LEAVING_NOW;
    return tfu_cli_leave_requested(arg) ? TFU_LEAVING_SOON : TFU_LEAVING_NOT;
}

static int advise(const struct tfu_launch_result *result, const struct tfu_sweep *sweep,
                  const bool *chosen)
{
    const size_t *n = result->count_of;
    const char *path = sweep->file;
    fflush(stdout);
    if (n[TFU_SLOT_DONE] + n[TFU_SLOT_STOPPED] ==
        result->count) /* also if asked to leave just then */
        return TFU_EXIT_OK;
    if (result->interrupted || n[TFU_SLOT_LEFT] > 0) {
        fprintf(stderr, "transfuse: interrupted; go on with: transfuse sweep run %s\n", path);
        return TFU_EXIT_INTERRUPTED;
    }
    const size_t held = n[TFU_SLOT_PAUSED] > 0 ? tfu_sweep_hold_tell(sweep, chosen) : 0;
    if (n[TFU_SLOT_FAILED] > 0) {
        fprintf(stderr,
                "transfuse: %zu of the cases failed; once the reason is gone, have them tried "
                "again by: transfuse sweep retry %s\n",
                n[TFU_SLOT_FAILED], path);
        return TFU_EXIT_FAILED;
    }
    if (held > 0)
        return TFU_EXIT_FAILED;
    if (n[TFU_SLOT_PAUSED] > 0) {
        fprintf(stderr, "transfuse: %zu of the cases wait at a rung for cases that are left out\n",
                n[TFU_SLOT_PAUSED]);
        return TFU_EXIT_INTERRUPTED;
    }
    if (n[TFU_SLOT_WAITING] > 0) {
        fprintf(stderr, "transfuse: %zu of the cases need what is not done, and is left out\n",
                n[TFU_SLOT_WAITING]);
        return TFU_EXIT_FAILED;
    }
    return TFU_EXIT_OK;
}

static void warn_of(struct tfu_cli *cli, const char *what, double needed, double free)
{
    const bool small = needed < 1024.0 * 1024 * 1024;
    const double unit = small ? 1024.0 * 1024 : 1024.0 * 1024 * 1024;
    if (needed > free)
        tfu_log_write(&cli->log, TFU_LOG_WARNING, "%s will take about %.1f %s, and %.1f are free",
                      what, needed / unit, small ? "MiB" : "GiB", free / unit);
}

/* Two study files of one name would take each other's cases for their own; 0, or an exit status. */
static int claim_name(const struct tfu_sweep *sweep)
{
    struct tfu_error e = TFU_ERROR_INIT;
    return tfu_sweep_record_check(sweep, &e) == TFU_OK ? 0 : tfu_cli_error(&e);
}

/* What can be known before hours have gone by; 0, or an exit status. */
static int check(struct tfu_cli *cli, const struct options *o, struct tfu_sweep *sweep,
                 const bool *chosen, bool here)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_preflight found;
    if (tfu_preflight(&found, sweep, chosen, (size_t)o->jobs, &e) != TFU_OK)
        return tfu_cli_error(&e);
    if (found.refused > 0) {
        fprintf(stderr, "transfuse: error: %s: %s\n", sweep->item[found.first].name, found.why);
        fprintf(stderr, "transfuse: %zu of %zu cases cannot be trained; none was begun\n",
                found.refused, found.todo);
        return TFU_EXIT_USAGE;
    }
    warn_of(cli, "the checkpoints of the cases that are left", found.disk, found.disk_free);
    if (here)
        warn_of(cli, "the memory of as many cases at a time", found.memory, found.memory_free);
    return 0;
}

static size_t count_of(const struct tfu_sweep *s, const bool *chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++)
        count += !chosen || chosen[i];
    return count;
}

/* Nothing could be begun, as nothing can be written: what is done is done all the same. */
static int end_unwritten(struct tfu_sweep_table *table, const struct tfu_launch_request *request,
                         struct tfu_launch_result *result, const struct tfu_error *why)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_launch_recount(request, result, &e) != TFU_OK)
        return tfu_cli_error(why);
    tfu_sweep_table_end(table, result);
    return result->count_of[TFU_SLOT_DONE] + result->count_of[TFU_SLOT_STOPPED] == result->count
               ? TFU_EXIT_OK
               : tfu_cli_error(why);
}

static int launch(struct tfu_cli *cli, const struct options *o, struct tfu_sweep *sweep,
                  const bool *chosen)
{
    struct tfu_error e = TFU_ERROR_INIT, unwritten = TFU_ERROR_INIT;
    struct tfu_machine machine;
    struct tfu_sweep_table table;
    struct tfu_launch_result result = {.count = 0};
    const char *const option[] = {"--plugin-path", cli->plugin_path};
    char program[PATH_MAX];
    tfu_machine_read(&machine);
    const int64_t threads = o->threads ? o->threads : (int64_t)machine.available;
    tfu_sweep_table_init(&table, sweep, count_of(sweep, chosen), o->quiet != 0);
    const struct tfu_launch_request request = {
        .sweep = sweep,
        .program = tfu_cli_program_again(program),
        .option = option,
        .option_count = cli->plugin_path ? TFU_COUNT(option) : 0,
        .jobs = (size_t)o->jobs,
        .threads = threads > 0 ? threads : 1,
        .stop_after = (size_t)o->stop_after,
        .retry = o->retry,
        .stall = 60 * o->stall_after,
        .chosen = chosen,
        .alone = o->alone != 0,
        .arg = &table,
        .leaving = is_leaving,
        .event = tfu_sweep_table_event,
        .look = tfu_sweep_table_look,
    };
    enum tfu_status st = tfu_sweep_record_write(sweep, &cli->log, &e);
    if (st == TFU_OK) {
        if (!o->alone) /* else it is one of thousands */
            tfu_sweep_keep_known(sweep);
        st = tfu_launch(&request, &result, &e);
        if (!o->alone) /* with the runs that were found */
            tfu_sweep_keep_known(sweep);
        /* and with the values that were chosen; else it is what it was, unless somebody removed it
         */
        tfu_sweep_record_end(sweep, &cli->log, &unwritten);
    }
    if (st == TFU_OK) {
        tfu_sweep_table_end(&table, &result);
        return advise(&result, sweep, chosen);
    }
    return end_unwritten(&table, &request, &result, &e);
}

/* What is handed over begins when others see fit: the cases, and whose name it is, are noted now.
 * Lines that are printed may never be started. */
static int launch_elsewhere(struct tfu_cli *cli, const struct tfu_sweep_elsewhere *elsewhere,
                            const struct tfu_cli_arguments *a, const struct tfu_cli_sweep *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    if (elsewhere->launcher == TFU_LAUNCHER_SLURM && !elsewhere->dry_run) {
        if (tfu_sweep_record_write(s->sweep, &cli->log, &e) != TFU_OK)
            return tfu_cli_error(&e);
        tfu_sweep_keep_known(s->sweep);
    }
    return tfu_sweep_elsewhere_run(cli, elsewhere, a, s->sweep, s->chosen);
}

int tfu_sweep_run(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o = {.stop_after = 0};
    struct tfu_cli_sweep s = {.only = &o.only};
    struct tfu_sweep_elsewhere elsewhere;
    struct tfu_options_table table[1 + TFU_ELSEWHERE_TABLES] = {TFU_OPTIONS_TABLE(rows, &o)};
    tfu_sweep_elsewhere_tables(&elsewhere, table + 1);
    struct tfu_cli_arguments a = {.command = "sweep run",
                                  .table = table,
                                  .table_count = TFU_COUNT(table),
                                  .other = take_on_error,
                                  .arg = &o.stop_after};
    tfu_cli_leave_watch_children();
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help) {
        status = tfu_sweep_elsewhere_help(help);
    } else if (status == 0 && (status = check_stall(o.stall_after)) == 0 &&
               (status = tfu_sweep_elsewhere_check(&elsewhere, &a)) == 0) {
        elsewhere.retry = o.retry;
        elsewhere.stall_after = o.stall_after;
        elsewhere.threads = o.threads;
        elsewhere.stops = o.stop_after > 0;
        status = tfu_cli_sweep_open(&s, cli, &a);
        if (status == 0)
            status = claim_name(s.sweep);
        if (status == 0 && !o.alone) /* such a case was checked before it was handed out */
            status = check(cli, &o, s.sweep, s.chosen, elsewhere.launcher == TFU_LAUNCHER_LOCAL);
        if (status == 0)
            status = elsewhere.launcher == TFU_LAUNCHER_LOCAL
                         ? launch(cli, &o, s.sweep, s.chosen)
                         : launch_elsewhere(cli, &elsewhere, &a, &s);
        tfu_cli_sweep_close(&s);
    }
    tfu_cli_arguments_free(&a);
    return status;
}
