/* SPDX-License-Identifier: MIT
 *
 * checkpoint.h - a training at rest: parameters and running statistics under their own names,
 * optimizer slots as "optim.<slot>.<parameter>", and in the metadata all else that decides how it
 * goes on. Nothing in it depends on the clock, the machine or the folder.
 */
#ifndef TFU_CORE_TRAIN_CHECKPOINT_H
#define TFU_CORE_TRAIN_CHECKPOINT_H

#include "core/base/digests.h"
#include "core/graph/network.h"
#include "core/io/safetensors.h"
#include "core/io/weights.h"
#include "core/train/optimise.h"

/* Where a training is. */
struct tfu_train_state {
    int64_t step;           /* optimizer steps taken */
    int64_t epoch, batch;   /* the next batch: number `batch` of epoch `epoch`, both from 0 */
    int64_t evaluated;      /* step of the last evaluation; 0: none yet */
    double best;            /* best value of the monitored metric; NaN: none yet */
    int64_t best_step;      /* when that was */
    double reference;       /* the value that early stopping wants to see beaten; NaN: none yet */
    int64_t stale;          /* evaluations since it was */
    int64_t threshold_step; /* first step at which the threshold was reached; 0: not yet */
    double loss_sum;        /* training losses since the last line in metrics.csv */
    int64_t loss_count;
    int64_t metrics_bytes; /* of metrics.csv that are part of this checkpoint */
};

struct tfu_preprocessing;

struct tfu_checkpoint_request {
    const char *path;
    const struct tfu_network *network;
    const struct tfu_optimiser *optimiser; /* NULL: without slots; cannot be resumed then */
    const struct tfu_train_state *state;
    const char *config;  /* identity of the configuration, a text */
    const char *data;    /* fingerprints of the data, a text */
    const char *classes; /* what its classes or labels are called, a line each; NULL: nothing */
    const struct tfu_preprocessing
        *preprocessing;                   /* of its images; NULL, or no channels: unknown */
    const struct tfu_atomic_guard *guard; /* asked before it is put in its place; NULL: none */
};

/* How those that read files of weights know a checkpoint. */
extern const struct tfu_weights_own tfu_checkpoint_own;

/* Whole in its place, or not at all. */
enum tfu_status tfu_checkpoint_save(const struct tfu_checkpoint_request *request,
                                    struct tfu_error *e);

/* An opened checkpoint whose numbers have the digest that they were saved with. What is in
 * `digests` (may be NULL) is not computed again. */
struct tfu_checkpoint;
enum tfu_status tfu_checkpoint_open(struct tfu_checkpoint **out, const char *path,
                                    struct tfu_digests *digests, struct tfu_error *e);
void tfu_checkpoint_close(struct tfu_checkpoint *c);
const struct tfu_train_state *tfu_checkpoint_state(const struct tfu_checkpoint *c);
/* The texts that it was saved with. */
const char *tfu_checkpoint_config(const struct tfu_checkpoint *c);
const char *tfu_checkpoint_data(const struct tfu_checkpoint *c);
/* The names of its classes or labels, in their order, a line each; NULL: they have none. */
const char *tfu_checkpoint_classes(const struct tfu_checkpoint *c);

/* The same of a file whose numbers nobody looks at; to be freed. */
enum tfu_status tfu_checkpoint_read_classes(char **out, const char *path, struct tfu_error *e);

/* Fills the network, and the optimiser unless NULL. When names or shapes differ nothing is
 * changed and the text is a table of what is missing, unexpected and of another shape. */
enum tfu_status tfu_checkpoint_load(const struct tfu_checkpoint *c, struct tfu_network *network,
                                    struct tfu_optimiser *optimiser, struct tfu_error *e);

#endif
