/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_script.h"

#include <inttypes.h>
#include <string.h>

#include "core/launch/shell_text.h"

/* ---- what sbatch reads */

static void put_option(struct tfu_text *t, const char *name, const char *value)
{
    if (value[0])
        tfu_text_printf(t, "#SBATCH --%s=%s\n", name, value);
}

/* sbatch takes quotes off, and reads %x in a file's name as something of the job. */
static void put_output(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    tfu_text_puts(t, "#SBATCH --output=\"");
    for (const char *c = s->folder; *c; c++) {
        tfu_text_append(t, c, 1);
        if (*c == '%')
            tfu_text_puts(t, "%");
    }
    tfu_text_puts(t, "/%A_%a.txt\"\n");
}

static void put_dependency(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    for (size_t i = 0; i < s->after_count; i++)
        tfu_text_printf(t, "%s%s", i ? ":" : "#SBATCH --dependency=afterany:", s->after[i]);
    if (s->after_count)
        tfu_text_puts(t, "\n");
}

static void put_head(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    const struct tfu_slurm_options *o = s->options;
    tfu_text_printf(
        t,
        "#!/bin/sh\n"
        "# Cases of the sweep '%s', level %zu, a task each: see transfuse(1) and slurm.md.\n"
        "#SBATCH --job-name=%s\n"
        "#SBATCH --array=0-%zu",
        s->study, s->level, s->job, s->tasks - 1);
    if (o->at_once)
        tfu_text_printf(t, "%%%" PRId64, o->at_once);
    tfu_text_puts(t, "\n");
    put_output(t, s);
    tfu_text_printf(t,
                    "#SBATCH --open-mode=append\n"
                    "#SBATCH --requeue\n"
                    "#SBATCH --signal=B:USR1@%" PRId64 "\n"
                    "#SBATCH --nodes=1\n"
                    "#SBATCH --ntasks=1\n"
                    "#SBATCH --cpus-per-task=%" PRId64 "\n",
                    o->warning, s->cpus);
    put_option(t, "partition", o->partition);
    put_option(t, "account", o->account);
    put_option(t, "qos", o->qos);
    put_option(t, "time", o->time);
    put_option(t, "mem", o->memory);
    put_dependency(t, s);
    for (uint64_t i = 0; i < o->sbatch.count; i++)
        tfu_text_printf(t, "#SBATCH %s\n", o->sbatch.item[i]);
}

/* ---- what a task does */

static void put_cases(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    tfu_text_puts(t, "\ncase $SLURM_ARRAY_TASK_ID in\n");
    for (size_t i = 0; i < s->tasks; i++)
        tfu_text_printf(t, "%zu) cases=%s ;;\n", i, s->task[i]);
    tfu_text_puts(t, "*) echo \"no task $SLURM_ARRAY_TASK_ID here\" >&2; exit 2 ;;\n"
                     "esac\n");
}

static void put_preparation(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    const struct tfu_slurm_options *o = s->options;
    tfu_text_puts(t, "task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n"
                     "restarts=${SLURM_RESTART_COUNT:-0}\n");
    tfu_text_printf(t, "requeues=%" PRId64 "\n", o->requeues);
    tfu_text_puts(t, "stop=");
    tfu_shell_put_word(t, s->stop);
    tfu_text_puts(t, "\nstop_before=");
    tfu_shell_put_word(t, s->stop_before);
    tfu_text_puts(t,
                  "\n"
                  "echo \"$(date '+%Y-%m-%d %H:%M:%S') task $task on $(uname -n), start "
                  "$((restarts + 1)): $cases\"\n"
                  "if [ \"$restarts\" -gt \"$requeues\" ]; then\n"
                  "    echo \"started $restarts times before, as often as it may be; its state "
                  "is kept\" >&2\n"
                  "    exit 75\n"
                  "fi\n"
                  "stopped() {\n"
                  "    [ \"$(cat \"$stop\" 2>/dev/null)\" != \"$stop_before\" ]\n"
                  "}\n"
                  "if stopped; then\n"
                  "    echo \"not begun: the sweep was asked to stop since this was submitted\"\n"
                  "    exit 75\n"
                  "fi\n"
                  "cd ");
    tfu_shell_put_word(t, s->work);
    tfu_text_puts(t, " || exit 1\n");
    for (size_t i = 0; i < s->environment_count; i++) {
        tfu_text_puts(t, "export ");
        tfu_shell_put_assignment(t, s->environment[i]);
        tfu_text_puts(t, "\n");
    }
    for (uint64_t i = 0; i < o->setup.count; i++)
        tfu_text_printf(t, "%s\n", o->setup.item[i]);
}

/* The shell of a batch job is what Slurm signals; a shell that waits runs a trap at once, and says
 * 127 of a process that it waited for already. */
static void put_program(struct tfu_text *t, const struct tfu_slurm_script *s)
{
    tfu_text_puts(t, "\n");
    tfu_shell_put_words(t, s->command, s->command_count);
    tfu_text_puts(t,
                  " --only \"$cases\" --alone --jobs 1 --threads \"${SLURM_CPUS_PER_TASK:-1}\" &\n"
                  "program=$!\n"
                  "# told to end, for whatever reason: the program saves its state and leaves with "
                  "75\n"
                  "trap 'told=yes; kill -TERM \"$program\" 2>/dev/null' USR1 TERM INT\n"
                  "status=127\n"
                  "told=yes\n"
                  "while [ -n \"$told\" ]; do\n"
                  "    told=\n"
                  "    wait \"$program\"\n"
                  "    now=$?\n"
                  "    [ \"$now\" = 127 ] || status=$now\n"
                  "done\n"
                  "[ \"$status\" = 75 ] || exit \"$status\"\n");
}

/* A job that was cancelled by hand must not come to life again; one that Slurm has put back itself
 * needs no help. Only while it counts as running does it decide for itself. */
static void put_requeue(struct tfu_text *t)
{
    tfu_text_puts(t,
                  "\ntrap '' USR1 TERM INT\n"
                  "if stopped; then\n"
                  "    echo \"interrupted, as the sweep was asked to stop; its state is kept\"\n"
                  "elif [ \"$restarts\" -ge \"$requeues\" ]; then\n"
                  "    echo \"interrupted, and started $((restarts + 1)) times, as often as it may "
                  "be; its state is kept\"\n"
                  "elif ! scontrol show job \"$task\" 2>/dev/null | grep -q 'JobState=RUNNING'; "
                  "then\n"
                  "    echo \"interrupted; whether it goes on is up to Slurm, or to who submits it "
                  "again; its state is kept\"\n"
                  "elif scontrol requeue \"$task\"; then\n"
                  "    echo \"interrupted, and put into the queue again\"\n"
                  "else\n"
                  "    echo \"interrupted; to go on it has to be submitted again; its state is "
                  "kept\"\n"
                  "fi\n"
                  "exit 75\n");
}

/* A path in a line for sbatch, which has no way to write some characters. */
static enum tfu_status check_folder(const char *folder, struct tfu_error *e)
{
    for (const char *c = folder; *c; c++)
        if ((unsigned char)*c < ' ' || strchr("\"\\`$", *c))
            return tfu_error_set(e, TFU_EINVAL,
                                 "the folder '%s' has a character in its name that cannot stand in "
                                 "a batch script; put the store elsewhere",
                                 folder);
    return TFU_OK;
}

enum tfu_status tfu_slurm_script_put(struct tfu_text *out, const struct tfu_slurm_script *s,
                                     struct tfu_error *e)
{
    const enum tfu_status st = check_folder(s->folder, e);
    if (st != TFU_OK)
        return st;
    put_head(out, s);
    put_cases(out, s);
    put_preparation(out, s);
    put_program(out, s);
    put_requeue(out);
    return out->failed ? tfu_error_memory(e, "writing a batch script", 0) : TFU_OK;
}
