/* SPDX-License-Identifier: MIT
 *
 * loss.h - losses over logits: value, gradient and the scores that metrics see.
 *
 * A row is what is compared with labels of its own: an example, or a position of its map. The loss
 * of a batch is the mean over rows that have a known label; where each label is to weigh the same,
 * it is the mean over all known labels of the batch, to which a row counts as many times as it has
 * known labels. Everything accumulates in double.
 */
#ifndef TFU_CORE_TASK_LOSS_H
#define TFU_CORE_TASK_LOSS_H

#include "core/base/error.h"
#include "core/base/threads.h"
#include "core/config/experiment.h"

/* One row: logits, labels and where its results go. `grad` may be NULL. */
struct tfu_loss_row {
    int64_t index, outputs;
    int64_t positions; /* rows of an example, for messages */
    const float *logit, *label;
    float *score, *grad;
};

struct tfu_loss_kind {
    const char *name; /* task.loss */
    bool chooses_one; /* a row has one label, the index of the output that is right; else it has a
                         label for each output */
    /* Refuses a label that is not NaN. */
    enum tfu_status (*check)(const struct tfu_loss_row *r, float label, struct tfu_error *e);
    /* Fills scores and, scaled by `weight`, the gradient; returns the row's loss, NaN where none of
     * its labels is known. */
    double (*row)(const struct tfu_loss_row *r, int64_t known, double weight);
};

/* softmax: -log softmax(z)[y]; sigmoid: mean over known labels of max(z,0) - z y + log(1 +
 * exp(-|z|)); squared: mean over known targets of (z - y)^2. */
extern const struct tfu_loss_kind tfu_loss_softmax, tfu_loss_sigmoid, tfu_loss_squared;

/* Which loss, and what the loss of a batch is the mean of. */
struct tfu_loss_rule {
    const struct tfu_loss_kind *kind;
    enum tfu_loss_mean mean;
};
struct tfu_loss_rule tfu_loss_rule(const struct tfu_task_config *task);

/* Labels of a row. */
int64_t tfu_loss_columns(const struct tfu_loss_kind *kind, int64_t outputs);
/* "row 3", or "row 3, position 77," of a map: for check(). */
const char *tfu_loss_place(const struct tfu_loss_row *r, char place[static 64]);

/* How much each row's loss counts in the mean: 1 or the number of its known labels; 0 without any.
 * [any thread] */
void tfu_loss_weights(struct tfu_loss_rule rule, int64_t rows, int64_t outputs, const float *labels,
                      double *weights);

/* A batch of `rows` = examples x positions. */
struct tfu_loss_batch {
    int64_t rows, outputs;
    int64_t positions;   /* of an example; 0 is 1 */
    const float *logits; /* rows x outputs */
    const float *labels; /* rows x label columns; NaN: unknown */
    float *scores;       /* rows x outputs, is filled */
    double *losses;      /* rows, is filled; NaN: no known label */
    float *grad;         /* rows x outputs, is filled with that of the batch's mean; may be NULL */
    /* Where images of examples are mixed: the loss of a row is its share of that by its labels, and
     * the rest by these, each counting as many times as it would alone. NULL: it is not. */
    const double *share;       /* rows / positions */
    const float *other_labels; /* of the size of `labels`, and rows of these */
    float *spare;              /* rows x outputs, is written to */
};

/* Returns the mean through `mean` (NaN when no row counts). A label that the loss refuses and a
 * logit that is not finite are errors: that of the first row that has one. Many rows are worked on
 * in pieces by `threads` (NULL: one after the other), which change no bit. Allocates nothing. [one
 * thread] */
enum tfu_status tfu_loss(struct tfu_loss_rule rule, struct tfu_threads *threads,
                         const struct tfu_loss_batch *batch, double *mean, struct tfu_error *e);

#endif
