/* SPDX-License-Identifier: MIT
 *
 * slurm_word.h - the states of Slurm's jobs, in its words and in ours.
 */
#ifndef TFU_CORE_LAUNCH_SLURM_WORD_H
#define TFU_CORE_LAUNCH_SLURM_WORD_H

#include <stdbool.h>
#include <stddef.h>

enum tfu_slurm_state {
    TFU_SLURM_NEVER,     /* was not submitted */
    TFU_SLURM_FORGOTTEN, /* was submitted; Slurm knows nothing of it any more */
    TFU_SLURM_PENDING,
    TFU_SLURM_HELD, /* pending, and stays so until somebody releases it */
    TFU_SLURM_RUNNING,
    TFU_SLURM_SUSPENDED,
    TFU_SLURM_ENDING,  /* has ended; what it had is being cleared up */
    TFU_SLURM_STRANGE, /* a word of a version that we do not know: may be in the queue */
    TFU_SLURM_COMPLETED,
    TFU_SLURM_FAILED,
    TFU_SLURM_CANCELLED,
    TFU_SLURM_TIMEOUT,
    TFU_SLURM_NODE_FAIL,
    TFU_SLURM_PREEMPTED,
    TFU_SLURM_OUT_OF_MEMORY,
    TFU_SLURM_STATES
};

/* "RUNNING", "CANCELLED by 1000", "CANCELLED+", of squeue, sacct and scontrol alike. */
enum tfu_slurm_state tfu_slurm_state_of(const char *word, size_t length);
/* "pending", "time limit reached": for tables. */
const char *tfu_slurm_state_text(enum tfu_slurm_state s);
/* Will it be done, or is it being done, without anybody's help? Of STRANGE ones that is assumed. */
bool tfu_slurm_state_is_queued(enum tfu_slurm_state s);

#endif
