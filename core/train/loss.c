/* SPDX-License-Identifier: MIT */
#include "core/train/loss.h"

#include <inttypes.h>

#include "core/graph/access.h"

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

struct tfu_loss_batch tfu_loss_batch(const struct tfu_graph *g, int64_t examples,
                                     const float *labels, float *scores, double *losses)
{
    const int64_t positions = tfu_graph_positions(g, g->output);
    return (struct tfu_loss_batch){
        .rows = examples * positions,
        .outputs = tfu_graph_outputs(g),
        .positions = positions,
        .labels = labels,
        .scores = scores,
        .losses = losses,
    };
}

/* The loss of one output, its gradient times `share` in the network. */
static enum tfu_status run_output(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                  struct tfu_network *network, uint32_t value, int64_t examples,
                                  double share, struct tfu_loss_batch *batch, double *loss,
                                  struct tfu_error *e)
{
    const struct tfu_region region = tfu_region_value_grad(value, examples);
    batch->grad = tfu_network_draft(network, region);
    enum tfu_status st =
        tfu_network_look(network, tfu_region_value(value, examples), &batch->logits, e);
    if (st == TFU_OK)
        st = tfu_loss(rule, threads, batch, loss, e);
    if (st != TFU_OK)
        return st;
    for (int64_t k = 0; share != 1 && k < batch->rows * batch->outputs; k++)
        batch->grad[k] *= (float)share;
    return tfu_network_commit(network, region, e);
}

enum tfu_status tfu_loss_network(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                 struct tfu_network *network, int64_t examples, const float *labels,
                                 float *scores, double *losses, double *mean, struct tfu_error *e)
{
    return tfu_loss_network_mixed(rule, threads, network, examples, labels,
                                  &(struct tfu_loss_mix){.share = NULL}, scores, losses, mean, e);
}

enum tfu_status tfu_loss_network_mixed(struct tfu_loss_rule rule, struct tfu_threads *threads,
                                       struct tfu_network *network, int64_t examples,
                                       const float *labels, const struct tfu_loss_mix *mix,
                                       float *scores, double *losses, double *mean,
                                       struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(network);
    struct tfu_loss_batch batch = tfu_loss_batch(g, examples, labels, scores, losses);
    batch.share = mix->share;
    batch.other_labels = mix->labels;
    batch.spare = mix->spare;
    double more = 0;
    /* the output comes last: the scores that stay are its */
    for (uint32_t i = 0; i < g->auxiliary_count; i++) {
        const double weight = g->auxiliary[i].weight;
        double loss = 0;
        const enum tfu_status st = run_output(rule, threads, network, g->auxiliary[i].output,
                                              examples, weight, &batch, &loss, e);
        if (st != TFU_OK)
            return st;
        more += weight * loss;
    }
    const enum tfu_status st =
        run_output(rule, threads, network, g->output, examples, 1, &batch, mean, e);
    *mean += more;
    return st;
}
