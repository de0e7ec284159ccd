/* SPDX-License-Identifier: MIT
 *
 * init_call.h - initializers made from the rules of `init:`, with those that lie in their options,
 * and the host's side of a call into one.
 */
#ifndef TFU_CORE_TRAIN_INIT_CALL_H
#define TFU_CORE_TRAIN_INIT_CALL_H

#include <transfuse/init.h>

#include "core/train/init_source.h"

/* One made from a rule, or from an option of type TFU_INNER. */
struct tfu_init_instance {
    struct tfu_init_instance *next;
    const struct tfu_inner *inner; /* NULL: the rule's own */
    const struct tfu_plugin_choice *choice;
    size_t rule;
    void *self;
};

/* What all calls of one initialisation share. */
struct tfu_init_context {
    const struct tfu_graph *graph;
    const struct tfu_init_rule *rule;
    size_t rule_count;
    struct tfu_registry *registry;
    struct tfu_init_sources *sources;
    struct tfu_init_instance *instance; /* a list; the rules' own come before their inner ones */
    uint64_t seed;
};

/* Makes the instances of all rules. What was made has to be freed, also after an error. */
enum tfu_status tfu_init_instances_new(struct tfu_init_context *c, struct tfu_error *e);
void tfu_init_instances_free(struct tfu_init_context *c);

/* Has the initializer of `rule` fill `dst`, the graph's parameter number `param`, which `p`
 * describes; `note` gets what it says of it. [any thread, for different parameters] */
enum tfu_status tfu_init_fill(const struct tfu_init_context *c, size_t rule, uint32_t param,
                              const struct tfu_param *p, const struct tfu_tensor *dst,
                              struct tfu_text *note, struct tfu_error *e);

#endif
