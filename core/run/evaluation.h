/* SPDX-License-Identifier: MIT
 *
 * evaluation.h - a network in one of its states, scored on a split as a call, with its predictions
 * in a file if that is wanted.
 */
#ifndef TFU_CORE_RUN_EVALUATION_H
#define TFU_CORE_RUN_EVALUATION_H

#include "core/run/eval_state.h"
#include "core/train/evaluate.h"

struct tfu_evaluation_request {
    struct tfu_target_request target;
    /* A checkpoint or a file of weights, in place of `init:`; best, final, initial or the number of
     * a step: of the run, or that which belongs to the configuration. NULL: the state that stands
     * for the run, the initial one of a configuration. */
    const char *checkpoint;
    const char *split;       /* NULL: test, else valid */
    const char *predictions; /* a file to write, a line an example; NULL: none */
    bool logits;             /* in it */
    bool force;              /* it may be there already */

    void *arg; /* of these, which may be NULL */
    /* Weights were loaded from files; the account of it, lines of text. */
    void (*loaded)(void *arg, const char *account);
    bool (*interrupted)(void *arg); /* true: stop with TFU_EINTERRUPTED */
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
};

struct tfu_evaluation {
    struct tfu_target target;
    struct tfu_eval_state state;
    struct tfu_context context;
    enum tfu_split split;
    struct tfu_dataset *data;
    struct tfu_dataset *valid; /* where a metric chooses on them; else NULL */
    struct tfu_evaluator *evaluator;
    struct tfu_scores scores;
    const char *const *class_names; /* or NULL */
    const char *file;               /* of the state; NULL: it has none */
    char *other_data;               /* fingerprint of the run's data, where it is another */
    bool says_data;                 /* the caller's own values say what the data are */
};

/* What is wrong in the configuration is in `d`. Data that are not those of the run, and a state
 * that these very data chose, are named in a warning. */
enum tfu_status tfu_evaluation_run(struct tfu_evaluation **out,
                                   const struct tfu_evaluation_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_evaluation_free(struct tfu_evaluation *v);

#endif
