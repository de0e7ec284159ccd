/* SPDX-License-Identifier: MIT */
#include "core/cli/sweep_elsewhere.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/leave.h"
#include "core/cli/output.h"
#include "core/cli/program.h"
#include "core/launch/slurm_status.h"
#include "core/launch/slurm_submit.h"

static const char *const launchers[] = {"local", "slurm", "shell", NULL};

static const struct tfu_option rows[] = {
    TFU_OPT_ENUM(struct tfu_sweep_elsewhere, launcher, "local", launchers,
                 "local: processes here; slurm: jobs, by the options below or `launch: {slurm: "
                 "...}` of the file (slurm.md); shell: print the commands"),
    TFU_OPT_BOOL(struct tfu_sweep_elsewhere, dry_run, 0,
                 "of Slurm: say what would be submitted, and do not"),
};

void tfu_sweep_elsewhere_tables(struct tfu_sweep_elsewhere *e,
                                struct tfu_options_table table[TFU_ELSEWHERE_TABLES])
{
    table[0] = (struct tfu_options_table)TFU_OPTIONS_TABLE(rows, e);
    table[1] = tfu_slurm_options_table(&e->slurm);
}

int tfu_sweep_elsewhere_help(const char *head)
{
    struct tfu_sweep_elsewhere none;
    struct tfu_options_table table[TFU_ELSEWHERE_TABLES];
    tfu_sweep_elsewhere_tables(&none, table);
    return tfu_cli_arguments_print_help(head, table, TFU_ELSEWHERE_TABLES);
}

/* ---- the command line */

/* The first flag of Slurm's that was given; NULL: none. */
static const char *given_of_slurm(const struct tfu_cli_arguments *a)
{
    struct tfu_slurm_options unused;
    const struct tfu_options_table table = tfu_slurm_options_table(&unused);
    for (size_t i = 0; i < table.count; i++)
        if (tfu_cli_arguments_given(a, tfu_options_get(&table, i)->name))
            return tfu_options_get(&table, i)->name;
    return tfu_cli_arguments_given(a, "dry_run") ? "dry_run" : NULL;
}

static int check_slurm(const struct tfu_cli_arguments *a)
{
    static const struct {
        const char *name, *instead;
    } local[] = {{"jobs", "--at-once says how many tasks of Slurm run at a time"},
                 {"threads", "--cpus says how many processors a task of Slurm has"},
                 {"alone", "what cases need is waited for in the queue"}};
    for (size_t i = 0; i < TFU_COUNT(local); i++)
        if (tfu_cli_arguments_given(a, local[i].name))
            return tfu_cli_usage(a->command, "--%s is of processes on this machine; %s",
                                 local[i].name, local[i].instead);
    return 0;
}

int tfu_sweep_elsewhere_check(const struct tfu_sweep_elsewhere *e,
                              const struct tfu_cli_arguments *a)
{
    if (e->launcher == TFU_LAUNCHER_SLURM)
        return check_slurm(a);
    if (e->launcher == TFU_LAUNCHER_SHELL && tfu_cli_arguments_given(a, "jobs"))
        return tfu_cli_usage(a->command,
                             "--jobs is of processes on this machine; each line of --launcher "
                             "shell is one case, and who starts them says how many at a time");
    const char *name = given_of_slurm(a);
    if (!name)
        return 0;
    char flag[32];
    snprintf(flag, sizeof flag, "%s", name);
    for (char *c = flag; *c; c++)
        *c = *c == '_' ? '-' : *c;
    return tfu_cli_usage(a->command, "--%s is of --launcher slurm", flag);
}

/* What the command line says is laid over what the file says. */
static struct tfu_slurm_options merge(const struct tfu_slurm_options *file,
                                      const struct tfu_slurm_options *line,
                                      const struct tfu_cli_arguments *a)
{
    struct tfu_slurm_options merged = *file, from = *line;
    const struct tfu_options_table to = tfu_slurm_options_table(&merged);
    for (size_t i = 0; i < to.count; i++) {
        const struct tfu_option *o = tfu_options_get(&to, i);
        const size_t size = o->type == TFU_INT      ? sizeof(int64_t)
                            : o->type == TFU_STRING ? sizeof(const char *)
                                                    : sizeof(struct tfu_string_list);
        if (tfu_cli_arguments_given(a, o->name))
            memcpy((char *)&merged + o->offset, (char *)&from + o->offset, size);
    }
    return merged;
}

/* ---- the command that others start */

int tfu_sweep_command_make(struct tfu_sweep_command *c, const struct tfu_cli *cli,
                           const struct tfu_cli_arguments *a, const struct tfu_sweep *sweep,
                           int64_t retry, double stall_after)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    char program[PATH_MAX];
    size_t n = 0;
    *c = (struct tfu_sweep_command){.environment_count = 0};
    c->text[0] = tfu_cli_program_file(program) ? strdup(program) : NULL;
    c->text[1] = realpath(sweep->file, NULL);
    if (!c->text[1] && errno != ENOMEM)
        return tfu_cli_usage(a->command,
                             "'%s' cannot be read again elsewhere; put the study into a file",
                             sweep->file);
    c->text[2] = getcwd(NULL, 0);
    c->word = calloc(a->pair_count + 12, sizeof *c->word);
    if (path && path[0]) {
        const size_t size = strlen(path) + sizeof "TRANSFUSE_PLUGIN_PATH=";
        if ((c->text[3] = malloc(size)))
            snprintf(c->text[3], size, "TRANSFUSE_PLUGIN_PATH=%s", path);
        c->environment[c->environment_count++] = c->text[3];
    }
    if (!c->text[0] || !c->text[1] || !c->text[2] || !c->word || (path && path[0] && !c->text[3]))
        return tfu_cli_out_of_memory();
    c->word[n++] = c->text[0];
    if (cli->plugin_path) {
        c->word[n++] = "--plugin-path";
        c->word[n++] = cli->plugin_path;
    }
    c->word[n++] = "sweep";
    c->word[n++] = "run";
    c->word[n++] = c->text[1];
    for (size_t i = 0; i < a->pair_count; i++)
        c->word[n++] = a->pair[i];
    if (retry) {
        snprintf(c->retry, sizeof c->retry, "%lld", (long long)retry);
        c->word[n++] = "--retry";
        c->word[n++] = c->retry;
    }
    if (stall_after > 0) {
        snprintf(c->stall, sizeof c->stall, "%.9g", stall_after);
        c->word[n++] = "--stall-after";
        c->word[n++] = c->stall;
    }
    c->of_stage = (struct tfu_stage_command){.work = c->text[2],
                                             .environment = c->environment,
                                             .environment_count = c->environment_count,
                                             .word = c->word,
                                             .words = n};
    return 0;
}

int tfu_sweep_command_check_lines(const struct tfu_sweep_command *c,
                                  const struct tfu_cli_arguments *a)
{
    struct tfu_error e = TFU_ERROR_INIT;
    return tfu_stage_check(&c->of_stage, &e) == TFU_OK ? 0
                                                       : tfu_cli_usage(a->command, "%s", e.text);
}

void tfu_sweep_command_free(struct tfu_sweep_command *c)
{
    for (size_t i = 0; i < TFU_COUNT(c->text); i++)
        free(c->text[i]);
    free(c->word);
}

/* ---- Slurm */

static void show_submitted(void *arg, const struct tfu_slurm_job *job, size_t cases,
                           const char *const *after, size_t after_count)
{
    (void)arg;
    if (job->number[0])
        printf("job %s: ", job->number);
    printf("%zu case%s of level %zu in %zu task%s", cases, cases == 1 ? "" : "s", job->level,
           job->tasks, job->tasks == 1 ? "" : "s");
    for (size_t i = 0; i < after_count; i++)
        printf("%s%s", i ? ", " : ", once ended: ", after[i]);
    printf("\n");
    fflush(stdout);
}

static void show_counts(const struct tfu_slurm_counts *n, bool dry)
{
    const struct {
        size_t count;
        const char *text;
    } told[] = {
        {n->submitted, dry ? "would be submitted" : "submitted"},
        {n->left, "not submitted"},
        {n->queued, "in the queue already"},
        {n->done, "done"},
        {n->elsewhere, "run outside of Slurm"},
        {n->failed, "failed"},
        {n->blocked, "need what is not to be had now"},
    };
    bool any = false;
    for (size_t i = 0; i < TFU_COUNT(told); i++)
        if (told[i].count) {
            printf("%s%zu %s", any ? ", " : "", told[i].count, told[i].text);
            any = true;
        }
    printf("%s\n", any ? "" : "there are no cases");
}

static int submit(const struct tfu_cli_arguments *a, const struct tfu_sweep_elsewhere *from,
                  const struct tfu_sweep_command *c, const struct tfu_sweep *sweep,
                  const bool *chosen)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_slurm_counts counts;
    const struct tfu_slurm_options options = merge(sweep->slurm, &from->slurm, a);
    if (tfu_slurm_options_check(&options, &e) != TFU_OK)
        return tfu_cli_usage(a->command, "--launcher slurm: %s", e.text);
    const struct tfu_slurm_request request = {.sweep = sweep,
                                              .options = &options,
                                              .command = c->word,
                                              .command_count = c->of_stage.words,
                                              .environment = c->environment,
                                              .environment_count = c->environment_count,
                                              .work = c->of_stage.work,
                                              .chosen = chosen,
                                              .dry = from->dry_run != 0,
                                              .interrupted = tfu_cli_leave_requested,
                                              .submitted = show_submitted};
    const enum tfu_status st = tfu_slurm_submit(&request, &counts, &e);
    if (st != TFU_OK && counts.submitted + counts.left == 0)
        return tfu_cli_error(&e);
    show_counts(&counts, from->dry_run != 0);
    fflush(stdout);
    if (st == TFU_OK)
        return TFU_EXIT_OK;
    const int status = tfu_cli_error(&e);
    fprintf(stderr,
            "transfuse: what was submitted is noted; the same command submits the %zu that are "
            "left\n",
            counts.left);
    return st == TFU_EINTERRUPTED ? TFU_EXIT_INTERRUPTED : status;
}

int tfu_sweep_elsewhere_stop(const struct tfu_sweep *sweep)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_slurm_stopped stopped;
    const struct tfu_slurm_stopping how = {.seconds = 60, .interrupted = tfu_cli_leave_requested};
    const enum tfu_status st = tfu_slurm_stop(sweep, &how, &stopped, &e);
    if (stopped.pending + stopped.running)
        printf("Slurm: %zu waiting tasks were taken out of the queue, %zu left by themselves, %zu "
               "were cancelled\n",
               stopped.pending, stopped.running - stopped.cancelled, stopped.cancelled);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

/* ---- commands for a person */

static int print_commands(const struct tfu_sweep_command *c, const struct tfu_sweep *sweep,
                          const bool *chosen, int64_t threads)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_stage stage;
    struct tfu_text text = TFU_TEXT_INIT;
    int status = TFU_EXIT_OK;
    if (tfu_stage_make(&stage, sweep, chosen, &e) != TFU_OK) {
        status = tfu_cli_error(&e);
    } else {
        for (size_t i = 0; i < stage.levels.count; i++) {
            tfu_text_printf(&text, "# level %zu\n", stage.levels.array[i].level);
            tfu_stage_put_level(&text, &c->of_stage, sweep, &stage.levels.array[i], threads);
        }
        status = tfu_cli_print_text(&text);
    }
    tfu_stage_free(&stage);
    return status;
}

int tfu_sweep_elsewhere_run(const struct tfu_cli *cli, const struct tfu_sweep_elsewhere *e,
                            const struct tfu_cli_arguments *a, const struct tfu_sweep *sweep,
                            const bool *chosen)
{
    struct tfu_sweep_command command;
    if (e->stops)
        return tfu_cli_usage(a->command, "--on-error is of processes on this machine: what is "
                                         "started elsewhere knows nothing of other failures");
    int status = tfu_sweep_command_make(&command, cli, a, sweep, e->retry, e->stall_after);
    if (status == 0 && e->launcher == TFU_LAUNCHER_SLURM)
        status = submit(a, e, &command, sweep, chosen);
    else if (status == 0 && (status = tfu_sweep_command_check_lines(&command, a)) == 0)
        status = print_commands(&command, sweep, chosen, e->threads);
    tfu_sweep_command_free(&command);
    return status;
}
