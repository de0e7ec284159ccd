/* SPDX-License-Identifier: MIT
 *
 * loss.h - losses over logits: value, gradient and the scores that metrics see.
 *
 * softmax: -log softmax(z)[y]; sigmoid: mean over known labels of max(z,0) - z y + log(1 +
 * exp(-|z|)); squared: mean over known targets of (z - y)^2. The batch's loss is the mean over rows
 * that have a known label; where each label is to weigh the same, it is the mean over all known
 * labels of the batch, to which a row counts as many times as it has known labels. Everything
 * accumulates in double.
 */
#ifndef TFU_CORE_LOSS_H
#define TFU_CORE_LOSS_H

#include "core/base/error.h"
#include "core/config/experiment.h"
#include "core/graph/network.h"

/* Which loss, and what the loss of a batch is the mean of. */
struct tfu_loss_rule {
    enum tfu_loss kind;
    enum tfu_loss_mean mean;
};
struct tfu_loss_rule tfu_loss_rule(const struct tfu_task_config *task);

/* How much each row's loss counts in the mean: 1 or the number of its known labels; 0 without any.
 * [any thread] */
void tfu_loss_weights(struct tfu_loss_rule rule, int64_t rows, int64_t outputs, const float *labels,
                      double *weights);

/* `logits` rows x outputs, `labels` rows x label columns (1 for softmax, else outputs); NaN:
 * unknown. Fills scores (rows x outputs), losses (rows; NaN: no known label) and, when not NULL,
 * grad (rows x outputs) of the batch's mean. A class index that is no integer in 0..outputs-1 is an
 * error. Returns the mean through `mean` (NaN when no row counts). [any thread] */
enum tfu_status tfu_loss(struct tfu_loss_rule rule, int64_t rows, int64_t outputs,
                         const float *logits, const float *labels, float *scores, double *losses,
                         float *grad, double *mean, struct tfu_error *e);

/* After a training forward() of `rows` rows: the loss of the network's output plus each auxiliary
 * one's by its weight, in `mean`, and all their gradients in the network. `scores` and `losses` are
 * the output's, as above. */
enum tfu_status tfu_loss_network(struct tfu_loss_rule rule, struct tfu_network *network,
                                 int64_t rows, const float *labels, float *scores, double *losses,
                                 double *mean, struct tfu_error *e);

#endif
