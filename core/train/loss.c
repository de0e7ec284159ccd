/* SPDX-License-Identifier: MIT */
#include "core/train/loss.h"

#include <inttypes.h>

enum tfu_status tfu_loss_check_labels(struct tfu_loss_rule rule, const struct tfu_graph *g,
                                      int64_t label_columns, struct tfu_error *e)
{
    const int64_t positions = tfu_graph_positions(g, g->output);
    const int64_t columns = tfu_loss_columns(rule.kind, tfu_graph_outputs(g));
    if (label_columns == positions * columns)
        return TFU_OK;
    return tfu_error_set(e, TFU_ESHAPE,
                         "an example has %" PRId64 " labels, but the network's output has %" PRId64
                         " positions with %" PRId64
                         " each; labels have to be of the size of the output",
                         label_columns, positions, columns);
}

struct tfu_loss_batch tfu_loss_batch(const struct tfu_network *network, int64_t examples,
                                     const float *labels, float *scores, double *losses)
{
    const struct tfu_graph *g = tfu_network_graph(network);
    const int64_t positions = tfu_graph_positions(g, g->output);
    return (struct tfu_loss_batch){
        .rows = examples * positions,
        .outputs = tfu_graph_outputs(g),
        .positions = positions,
        .logits = tfu_network_output(network).data,
        .labels = labels,
        .scores = scores,
        .losses = losses,
    };
}

enum tfu_status tfu_loss_network(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                 struct tfu_network *network, int64_t examples, const float *labels,
                                 float *scores, double *losses, double *mean, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(network);
    struct tfu_loss_batch batch = tfu_loss_batch(network, examples, labels, scores, losses);
    const float *const logits = batch.logits;
    double more = 0;
    /* the output comes last: the scores that stay are its */
    for (uint32_t i = 0; i < g->auxiliary_count; i++) {
        float *grad = tfu_network_auxiliary_grad(network, i).data;
        const double weight = g->auxiliary[i].weight;
        double loss = 0;
        batch.logits = tfu_network_auxiliary(network, i).data;
        batch.grad = grad;
        const enum tfu_status st = tfu_loss(rule, threads, &batch, &loss, e);
        if (st != TFU_OK)
            return st;
        for (int64_t k = 0; k < batch.rows * batch.outputs; k++)
            grad[k] *= (float)weight;
        more += weight * loss;
    }
    batch.logits = logits;
    batch.grad = tfu_network_output_grad(network).data;
    const enum tfu_status st = tfu_loss(rule, threads, &batch, mean, e);
    *mean += more;
    return st;
}
