/* SPDX-License-Identifier: MIT
 *
 * groups.h - the parameters of a network in groups: the weights of each stage, without biases and
 * normalisation, or each parameter of any role whose name fits a pattern.
 */
#ifndef TFU_CORE_STUDY_GROUPS_H
#define TFU_CORE_STUDY_GROUPS_H

#include "core/graph/network.h"

struct tfu_groups {
    const struct tfu_graph *graph;
    const char *match; /* NULL: stages */
    const char **name; /* of each group; as long as the graph */
    size_t count;
};

/* TFU_EINVAL: no parameter fits. */
enum tfu_status tfu_groups_choose(struct tfu_groups *out, const struct tfu_graph *graph,
                                  const char *match, struct tfu_error *e);
void tfu_groups_free(struct tfu_groups *g);

/* Numbers of a group. */
size_t tfu_groups_size(const struct tfu_groups *g, size_t group);
/* All of them, of a network with the same parameters as the graph. `to` has room. */
enum tfu_status tfu_groups_gather(const struct tfu_groups *g, size_t group,
                                  const struct tfu_network *network, double *to,
                                  struct tfu_error *e);

#endif
