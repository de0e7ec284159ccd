/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_word.h"

#include <string.h>

#include <transfuse/abi.h>

static const struct {
    const char *word;
    enum tfu_slurm_state state;
} words[] = {
    {"PENDING", TFU_SLURM_PENDING},
    {"CONFIGURING", TFU_SLURM_RUNNING},
    {"POWER_UP_NODE", TFU_SLURM_RUNNING},
    {"RUNNING", TFU_SLURM_RUNNING},
    {"RESIZING", TFU_SLURM_RUNNING},
    {"SIGNALING", TFU_SLURM_RUNNING},
    {"STAGE_OUT", TFU_SLURM_ENDING},
    {"COMPLETING", TFU_SLURM_ENDING},
    {"SUSPENDED", TFU_SLURM_SUSPENDED},
    {"STOPPED", TFU_SLURM_SUSPENDED},
    {"REQUEUED", TFU_SLURM_PENDING},
    {"REQUEUE_FED", TFU_SLURM_PENDING},
    {"REQUEUE_HOLD", TFU_SLURM_HELD},
    {"RESV_DEL_HOLD", TFU_SLURM_HELD},
    {"SPECIAL_EXIT", TFU_SLURM_HELD},
    {"COMPLETED", TFU_SLURM_COMPLETED},
    {"FAILED", TFU_SLURM_FAILED},
    {"CANCELLED", TFU_SLURM_CANCELLED},
    {"REVOKED", TFU_SLURM_CANCELLED},
    {"TIMEOUT", TFU_SLURM_TIMEOUT},
    {"DEADLINE", TFU_SLURM_TIMEOUT},
    {"NODE_FAIL", TFU_SLURM_NODE_FAIL},
    {"BOOT_FAIL", TFU_SLURM_NODE_FAIL},
    {"LAUNCH_FAILED", TFU_SLURM_NODE_FAIL},
    {"RECONFIG_FAIL", TFU_SLURM_NODE_FAIL},
    {"PREEMPTED", TFU_SLURM_PREEMPTED},
    {"OUT_OF_MEMORY", TFU_SLURM_OUT_OF_MEMORY},
};

enum tfu_slurm_state tfu_slurm_state_of(const char *word, size_t length)
{
    size_t n = 0; /* behind it: who cancelled it, flags, and a + where a column was too narrow */
    while (n < length && ((word[n] >= 'A' && word[n] <= 'Z') || word[n] == '_'))
        n++;
    const bool is_cut = n < length && word[n] == '+';
    for (size_t i = 0; i < TFU_COUNT(words) && n > 0; i++)
        if (strncmp(words[i].word, word, n) == 0 &&
            (words[i].word[n] == '\0' || (is_cut && n >= 5)))
            return words[i].state;
    return TFU_SLURM_STRANGE;
}

const char *tfu_slurm_state_text(enum tfu_slurm_state s)
{
    static const char *const text[TFU_SLURM_STATES] = {
        [TFU_SLURM_NEVER] = "not submitted",
        [TFU_SLURM_FORGOTTEN] = "ended",
        [TFU_SLURM_PENDING] = "pending",
        [TFU_SLURM_HELD] = "held",
        [TFU_SLURM_RUNNING] = "running",
        [TFU_SLURM_SUSPENDED] = "suspended",
        [TFU_SLURM_ENDING] = "ending",
        [TFU_SLURM_STRANGE] = "unknown state",
        [TFU_SLURM_COMPLETED] = "completed",
        [TFU_SLURM_FAILED] = "failed",
        [TFU_SLURM_CANCELLED] = "cancelled",
        [TFU_SLURM_TIMEOUT] = "time limit reached",
        [TFU_SLURM_NODE_FAIL] = "node failed",
        [TFU_SLURM_PREEMPTED] = "pre-empted",
        [TFU_SLURM_OUT_OF_MEMORY] = "out of memory",
    };
    return text[s];
}

bool tfu_slurm_state_is_queued(enum tfu_slurm_state s)
{
    return s >= TFU_SLURM_PENDING && s <= TFU_SLURM_STRANGE;
}
