/* SPDX-License-Identifier: MIT
 *
 * stage.h - the cases of a sweep as commands for whoever starts them: hosts that share a folder,
 * GNU parallel, a queue. Each command claims what it does, so that it does no harm to start one
 * twice, or two of them at a time.
 */
#ifndef TFU_CORE_LAUNCH_STAGE_H
#define TFU_CORE_LAUNCH_STAGE_H

#include "core/launch/slurm_arrays.h"
#include "core/sweep/state.h"

struct tfu_stage {
    struct tfu_slurm_arrays levels; /* what is not done: an array each */
    size_t done, failed, blocked;   /* cases that no command is for */
};

/* To be freed in any case. `chosen`: these cases alone, and what they need; NULL: all. */
enum tfu_status tfu_stage_make(struct tfu_stage *out, const struct tfu_sweep *s, const bool *chosen,
                               struct tfu_error *e);
void tfu_stage_free(struct tfu_stage *stage);

struct tfu_stage_command {
    const char *work;               /* the folder that relative paths begin in */
    const char *const *environment; /* NAME=VALUE, to be set for it */
    size_t environment_count;
    const char *const *word; /* the program, with all that stands before the chosen cases */
    size_t words;
};

/* A command is a line. TFU_EINVAL: a word of it has a line break in it. */
enum tfu_status tfu_stage_check(const struct tfu_stage_command *c, struct tfu_error *e);

/* The command for a host that works until nothing is left: a line. `jobs` cases at a time; `only`:
 * these alone, by patterns with commas between; NULL: all. */
void tfu_stage_put_host(struct tfu_text *out, const struct tfu_stage_command *c, const char *only,
                        int64_t jobs);
/* A line for each case of a level. */
void tfu_stage_put_level(struct tfu_text *out, const struct tfu_stage_command *c,
                         const struct tfu_sweep *s, const struct tfu_slurm_array *level,
                         int64_t threads);
/* What a person does with the files. */
void tfu_stage_put_readme(struct tfu_text *out, const struct tfu_stage *stage,
                          const struct tfu_sweep *s);

struct tfu_stage_files {
    const char *folder; /* is made */
    const char *only;   /* of host.sh, as above */
    int64_t jobs;       /* of host.sh */
    int64_t threads;    /* of a line of a level; 0: not said */
};
/* Writes host.sh, level-0.txt, ... and README.txt; files of an earlier call are replaced, those of
 * levels that are no more are removed. */
enum tfu_status tfu_stage_write(const struct tfu_stage *stage, const struct tfu_stage_command *c,
                                const struct tfu_sweep *s, const struct tfu_stage_files *files,
                                struct tfu_error *e);

#endif
