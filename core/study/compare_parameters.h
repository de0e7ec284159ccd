/* SPDX-License-Identifier: MIT
 *
 * compare_parameters.h - a metric over the parameters of two networks, stage by stage or one by
 * one.
 */
#ifndef TFU_CORE_STUDY_COMPARE_PARAMETERS_H
#define TFU_CORE_STUDY_COMPARE_PARAMETERS_H

#include "core/study/compare.h"

/* Groups of trained parameters under the name of their stage, or single ones: as
 * tfu_nodes_choose(), with names of parameters in the place of nodes. Stages without any are left
 * out. */
enum tfu_status tfu_parameters_choose(struct tfu_node_choice **out, size_t *count,
                                      const struct tfu_graph *graph, const char *const *pattern,
                                      size_t pattern_count, struct tfu_error *e);

/* As tfu_compare() with one draw. Parameters go together by their names: one that b lacks is a
 * refusal of its pair. The captures' networks are used; what they hold of activations is lost. */
enum tfu_status tfu_compare_parameters(struct tfu_comparison *out,
                                       const struct tfu_compare_request *request,
                                       struct tfu_error *e);

#endif
