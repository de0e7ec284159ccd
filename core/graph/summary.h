/* SPDX-License-Identifier: MIT
 *
 * summary.h - a graph in words, as JSON, and as a Graphviz drawing.
 */
#ifndef TFU_CORE_GRAPH_SUMMARY_H
#define TFU_CORE_GRAPH_SUMMARY_H

#include "core/base/text.h"
#include "core/graph/graph.h"

/* Multiply-adds of a node's forward pass over the graph's batch. */
double tfu_graph_multiply_adds(const struct tfu_graph *g, uint32_t node);
/* Elements of a node's trained parameters. */
int64_t tfu_graph_node_trained(const struct tfu_graph *g, uint32_t node);

/* A table by stages: layer, operation, output shape, parameters, multiply-adds of one image. */
void tfu_graph_summary(const struct tfu_graph *g, struct tfu_text *out);
/* A directed graph, stages as boxes, sizes at the arrows. */
void tfu_graph_dot(const struct tfu_graph *g, struct tfu_text *out);

/* "1,079,845" */
const char *tfu_thousands(int64_t n, char buffer[32]);
/* "224x224x3", without the batch. */
const char *tfu_image_text(const struct tfu_shape *s, char buffer[96]);

#endif
