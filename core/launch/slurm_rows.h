/* SPDX-License-Identifier: MIT
 *
 * slurm_rows.h - what squeue, sacct and scontrol print, read as rows. No program is run here.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_ROWS_H
#define TFU_CORE_LAUNCH_SLURM_ROWS_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/launch/slurm_word.h"

enum tfu_slurm_source { TFU_SLURM_SQUEUE, TFU_SLURM_SACCT, TFU_SLURM_SCONTROL };

/* One task of a job array, or several in the same state. Texts are "" where nothing is said. */
struct tfu_slurm_row {
    const char *job;   /* the array's number, digits */
    const char *tasks; /* "3", "0-4,7", "0-100:10%5"; "": the job is no array */
    const char *word;  /* its state as it stands there */
    enum tfu_slurm_state state;
    const char *reason; /* "Priority", "BeginTime" */
    const char *node;
    const char *name; /* of the job */
    int exit;         /* the status that it left with; -1: not said */
    int64_t restarts; /* -1: not said */
};

/* The arguments that make a program print what is read here, of jobs by their numbers, "41,42", or
 * by their names. argv has room for TFU_SLURM_ARGUMENTS. */
enum { TFU_SLURM_ARGUMENTS = 12 };
void tfu_slurm_question(enum tfu_slurm_source source, const char *jobs,
                        const char *argv[TFU_SLURM_ARGUMENTS]);
/* squeue alone can be asked so. */
void tfu_slurm_question_by_name(const char *names, const char *argv[TFU_SLURM_ARGUMENTS]);

/* Calls each() for every row; `text` is cut up. TFU_EINVAL: a line that cannot be understood, which
 * `e` shows, after each() was called for those before it. What is cut short in its middle is such a
 * line. */
enum tfu_status tfu_slurm_rows_read(enum tfu_slurm_source source, char *text,
                                    void (*each)(void *arg, const struct tfu_slurm_row *row),
                                    void *arg, struct tfu_error *e);

/* Is the task among "0-4,7,10-20:5%3"? */
bool tfu_slurm_tasks_have(const char *tasks, int64_t task);

/* "MaxArraySize" of what `scontrol show config` printed; 0: it does not say. */
int64_t tfu_slurm_array_size(const char *config);
/* The job's number of what `sbatch --parsable` printed, "41" or "41;cluster", whatever stands
 * before in lines of their own: its first digit in `printed`, with *length digits; NULL: there is
 * none. */
const char *tfu_slurm_job_number(const char *printed, size_t *length);

#endif
