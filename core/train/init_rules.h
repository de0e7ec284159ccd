/* SPDX-License-Identifier: MIT
 *
 * init_rules.h - which rule of `init:` is for which parameter. A rule without `match` and `stages`
 * is for all; else for those that one of its patterns matches and those of its stages.
 */
#ifndef TFU_CORE_TRAIN_INIT_RULES_H
#define TFU_CORE_TRAIN_INIT_RULES_H

#include "core/config/experiment.h"
#include "core/graph/graph.h"

/* winner[p] becomes the last rule that is for parameter `p`. A parameter that no rule is for, and a
 * pattern, a stage or a rule that is for no parameter, are TFU_EINVAL at the rule's place in the
 * configuration. */
enum tfu_status tfu_init_rules_match(const struct tfu_graph *graph,
                                     const struct tfu_init_rule *rule, size_t rule_count,
                                     size_t *winner, struct tfu_error *e);

/* Does `pattern` match a parameter's name? TFU_EINVAL where it does not, with the nearest name. */
enum tfu_status tfu_init_rules_find(const struct tfu_graph *graph, const char *pattern,
                                    struct tfu_error *e);

#endif
