/* SPDX-License-Identifier: MIT
 *
 * nodes.h - the activations of a graph that are looked at, chosen by patterns.
 */
#ifndef TFU_CORE_STUDY_NODES_H
#define TFU_CORE_STUDY_NODES_H

#include "core/graph/graph.h"

/* An activation under the name that it was chosen by. */
struct tfu_node_choice {
    const char *name; /* of the stage, or of the node; lives as long as the graph */
    uint32_t value;
};

/* In the order of the graph. A pattern is matched against the names of stages (their last
 * map) and of nodes; "features" and "logits" are what the classifier is given and what it puts out,
 * where nothing else is called so. One that matches nothing is TFU_EINVAL with what there is. No
 * patterns: all stages but the head. `*out` is to be freed. */
enum tfu_status tfu_nodes_choose(struct tfu_node_choice **out, size_t *count,
                                 const struct tfu_graph *graph, const char *const *pattern,
                                 size_t pattern_count, struct tfu_error *e);

/* Does a pattern match the name? used[i] becomes true for every pattern that does. */
bool tfu_nodes_wanted(const char *const *pattern, size_t count, const char *name, bool *used);

#endif
