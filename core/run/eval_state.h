/* SPDX-License-Identifier: MIT
 *
 * eval_state.h - which state of a network is evaluated: the one that stands for a run, a
 * checkpoint, the initial state of a configuration, or a file of weights from anywhere.
 */
#ifndef TFU_CORE_RUN_EVAL_STATE_H
#define TFU_CORE_RUN_EVAL_STATE_H

#include "core/run/target.h"
#include "core/train/assemble.h"

struct tfu_eval_state {
    const char *wanted;       /* a file; best, final, initial or a step; or NULL */
    bool is_initial;          /* `init:` says what it is */
    bool is_weights;          /* likewise, of the file `wanted` */
    bool is_of_run;           /* a checkpoint that is looked for in the run's folder */
    struct tfu_text override; /* of `init:` for such a file */
    char *path;               /* of a checkpoint; NULL: it is none */
    int64_t step;             /* of the checkpoint; -1: unknown */
    char *data;               /* fingerprints of the data of its run; NULL: unknown */
    char *classes;            /* what its classes were called, a line each; NULL: unknown */
};

/* From the request alone. For a file of weights there is an override to go before those of the
 * caller. The state is to be freed in any case. */
enum tfu_status tfu_eval_state_find(struct tfu_eval_state *s, const char *wanted,
                                    const struct tfu_target_request *target, struct tfu_error *e);
void tfu_eval_state_free(struct tfu_eval_state *s);

/* Finds the checkpoint, if it is one. */
enum tfu_status tfu_eval_state_open(struct tfu_eval_state *s, struct tfu_target *target,
                                    struct tfu_error *e);
/* Fills the network, for images that were so prepared; `account` gets what was loaded from files.
 */
enum tfu_status tfu_eval_state_load(struct tfu_eval_state *s, const struct tfu_context *c,
                                    struct tfu_network *network,
                                    const struct tfu_preprocessing *preprocessing,
                                    struct tfu_text *account, struct tfu_error *e);

/* Are these data others than those of the checkpoint's run? Then `was` is their fingerprint; NULL:
 * they are the same, or it is not known. To be freed. */
enum tfu_status tfu_eval_state_other_data(const struct tfu_eval_state *s, enum tfu_split split,
                                          const struct tfu_dataset *data, char **was,
                                          struct tfu_error *e);

#endif
