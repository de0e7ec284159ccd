/* SPDX-License-Identifier: MIT
 *
 * session.h - everything that a training works with, built and with its memory planned: data,
 * network, optimiser, evaluation. It knows of no run folder.
 */
#ifndef TFU_CORE_TRAIN_SESSION_H
#define TFU_CORE_TRAIN_SESSION_H

#include "core/base/text.h"
#include "core/data/id_list.h"
#include "core/data/loader.h"
#include "core/train/assemble.h"
#include "core/train/evaluate.h"
#include "core/train/optimise.h"

/* Who measures the network under training beside the metrics: comparisons with other networks
 * (core/run/versus.h), of which nothing here knows. */
struct tfu_observer {
    void *arg; /* the session's own */
    void (*free)(void *arg);
    /* At each evaluation; the scores go with those of the monitored split, and are valid until the
     * next. */
    enum tfu_status (*look)(void *arg, const struct tfu_evaluate_hooks *hooks,
                            struct tfu_scores *out, struct tfu_error *e);
    size_t bytes;               /* that it takes, as planned */
    const char *const *against; /* for the identity: as struct tfu_config_contents has it */
};

struct tfu_session {
    struct tfu_context context;                /* its threads are the session's own */
    struct tfu_dataset *data[TFU_SPLIT_COUNT]; /* NULL: not in the configuration */
    struct tfu_graph *graph;
    struct tfu_network *network;
    struct tfu_optimiser *optimiser;
    struct tfu_loader *loader;
    struct tfu_evaluator *evaluator; /* NULL: there is nothing to evaluate */
    struct tfu_observer observer;    /* `arg` NULL: there is none */
    float *scores;                   /* of the size of the network's output */
    float *spare;                    /* likewise, where images are mixed; else NULL */
    double *losses;                  /* batch x positions of the output */
    struct tfu_text fingerprints;    /* of the data, a line a split */
    struct tfu_text classes; /* what its classes or labels are called, a line each; or nothing */
    struct tfu_id_list list[TFU_SPLIT_COUNT]; /* which examples they are, when it is built */
    bool counted;                             /* constant images were, over an epoch */
    bool diverged; /* a step or an evaluation failed, as numbers of the network are not finite */

    int64_t batches_per_epoch;
    int64_t steps;          /* of the whole run */
    bool selects;           /* do early stopping and the best checkpoint go by anything? By ... */
    enum tfu_split monitor; /* ... this split, whose metrics a threshold goes by in any case, ... */
    const char *metric;     /* ... and this metric */
};

/* One step. */
struct tfu_step_report {
    int64_t step, steps;
    double epoch; /* epochs of examples seen after it, with fractions */
    int64_t rows;
    double loss; /* NaN: no label of the batch is known */
    double lr, gradient_norm;
};

/* Opens the data, which say which run it is; all else is NULL before tfu_session_build().
 * `experiment` and `registry` must outlive it; `log` may be NULL. */
enum tfu_status tfu_session_open(struct tfu_session **out, const struct tfu_experiment *experiment,
                                 struct tfu_registry *registry, struct tfu_log *log,
                                 struct tfu_error *e);
/* Builds the networks, plans the memory. Once; after a failure the session can only be freed. */
enum tfu_status tfu_session_build(struct tfu_session *s, struct tfu_error *e);
void tfu_session_free(struct tfu_session *s);

/* Fills the parameters as `init:` says; `account` gets what was loaded from files, `report` that
 * and a line a parameter; both may be NULL. */
enum tfu_status tfu_session_initialise(struct tfu_session *s, struct tfu_text *account,
                                       struct tfu_text *report, struct tfu_error *e);
/* The next batch is the one that step `step` + 1 is for. */
enum tfu_status tfu_session_seek(struct tfu_session *s, int64_t step, struct tfu_error *e);
/* One batch forward and backward, and with `update` the optimizer's step number `step` (from 1).
 * TFU_ENUMERIC with `s->diverged`: outputs, loss or gradients are not finite; nothing was updated.
 */
enum tfu_status tfu_session_step(struct tfu_session *s, int64_t step, bool update,
                                 struct tfu_step_report *out, struct tfu_error *e);

/* Scores all splits that there are but the training's, with the network as it is now: they are in
 * the evaluator then, and what the observer says too. */
enum tfu_status tfu_session_evaluate(struct tfu_session *s, const struct tfu_evaluate_hooks *hooks,
                                     struct tfu_error *e);

/* Intervals for the scores of the last evaluation; those of the evaluator have them behind the
 * others then. */
enum tfu_status tfu_session_intervals(struct tfu_session *s, const struct tfu_evaluate_hooks *hooks,
                                      struct tfu_error *e);

/* Has the observer look at the network and forgets what it says: what it refuses or warns of is
 * said before the training and not after hours of it. */
enum tfu_status tfu_session_try_observer(struct tfu_session *s,
                                         const struct tfu_evaluate_hooks *hooks,
                                         struct tfu_error *e);

/* Bytes planned, by what they are for. */
struct tfu_session_memory {
    struct tfu_network_memory training, evaluation;
    size_t optimiser;
    size_t batches;  /* of the loaders, with what is read into them */
    size_t data;     /* that the datasets keep */
    size_t images;   /* that they may come to keep of examples that were read, at most */
    size_t results;  /* of evaluations, where metrics want all of them kept */
    size_t observer; /* of what compares the network with others */
    size_t total;
};
struct tfu_session_memory tfu_session_memory(const struct tfu_session *s);

#endif
