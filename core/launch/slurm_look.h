/* SPDX-License-Identifier: MIT
 *
 * slurm_look.h - what Slurm says now of cases that were submitted. squeue knows what is queued and
 * what has ended lately; what it has forgotten sacct knows, where the cluster keeps accounts.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_LOOK_H
#define TFU_CORE_LAUNCH_SLURM_LOOK_H

#include "core/base/text.h"
#include "core/launch/slurm_record.h"
#include "core/launch/slurm_word.h"

struct tfu_slurm_seen {
    enum tfu_slurm_state state;
    char task[48];    /* "41_3"; "": NEVER */
    char word[32];    /* Slurm's own */
    char reason[64];  /* that it waits; "": none is said */
    char node[64];    /* "": none is said */
    int exit;         /* status of a task that has ended; -1: not known */
    int64_t restarts; /* -1: not known */
    size_t job;       /* in the record; SIZE_MAX: NEVER */
};

/* Asks whether jobs without a number were accepted; those that were not are taken out. `*changed`:
 * the record has to be written. TFU_EIO: Slurm does not answer, and nothing was changed. */
enum tfu_status tfu_slurm_recover(struct tfu_slurm_record *r, bool *changed, struct tfu_error *e);

/* Fills `seen` for `count` cases by their keys; the newest submission of a case counts. Those that
 * are `settled` (may be NULL) are not asked about. TFU_EIO: Slurm does not answer; then `seen` has
 * what was submitted, in unknown states. */
enum tfu_status tfu_slurm_look(const struct tfu_slurm_record *r, const char *const *key,
                               const bool *settled, size_t count, struct tfu_slurm_seen *seen,
                               struct tfu_error *e);

struct tfu_slurm_queue {
    size_t pending, running; /* tasks */
};
/* How many tasks of all these jobs are queued. TFU_EIO: Slurm does not answer. */
enum tfu_status tfu_slurm_count(const struct tfu_slurm_record *r, struct tfu_slurm_queue *queue,
                                struct tfu_error *e);

/* "pending (Priority)", "running on node7", "time limit reached after 3 starts". */
void tfu_slurm_put_seen(struct tfu_text *t, const struct tfu_slurm_seen *seen);

#endif
