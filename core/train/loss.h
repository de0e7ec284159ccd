/* SPDX-License-Identifier: MIT
 *
 * loss.h - the loss of a network's outputs, and its gradient in the network's memory.
 */
#ifndef TFU_CORE_TRAIN_LOSS_H
#define TFU_CORE_TRAIN_LOSS_H

#include "core/graph/network.h"
#include "core/task/loss.h"

/* Do `label_columns` numbers an example label every position of the graph's output? */
enum tfu_status tfu_loss_check_labels(struct tfu_loss_rule rule, const struct tfu_graph *g,
                                      int64_t label_columns, struct tfu_error *e);

/* The rows of the first `examples` examples of a graph's network, labelled; where its logits are,
 * and where the gradient goes, is the caller's to say. */
struct tfu_loss_batch tfu_loss_batch(const struct tfu_graph *g, int64_t examples,
                                     const float *labels, float *scores, double *losses);

/* After a training forward() of so many examples: the loss of the network's output plus each
 * auxiliary one's by its weight, in `mean`, and all their gradients in the network. `scores` and
 * `losses` are the output's, examples x positions (x outputs). */
enum tfu_status tfu_loss_network(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                 struct tfu_network *network, int64_t examples, const float *labels,
                                 float *scores, double *losses, double *mean, struct tfu_error *e);

/* What a loader mixed: as tfu_loss_batch has them. */
struct tfu_loss_mix {
    const double *share; /* NULL: nothing is */
    const float *labels;
    float *spare;
};
/* The same for examples that are mixed. */
enum tfu_status tfu_loss_network_mixed(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                       struct tfu_network *network, int64_t examples,
                                       const float *labels, const struct tfu_loss_mix *mix,
                                       float *scores, double *losses, double *mean,
                                       struct tfu_error *e);

#endif
