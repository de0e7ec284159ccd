/* SPDX-License-Identifier: MIT
 *
 * compose.h - a configuration out of a tree that somebody put together, as the cases of a sweep
 * are.
 */
#ifndef TFU_CORE_CONFIG_COMPOSE_H
#define TFU_CORE_CONFIG_COMPOSE_H

#include "core/config/experiment.h"
#include "core/config/node.h"

struct tfu_compose {
    const char *path; /* of the file that it stands for, whose stem is its name */
    struct tfu_registry *registry;
    /* The tree, all of which is the load's own, or what outlives the configuration; NULL after a
     * finding. */
    struct tfu_node *(*make)(void *arg, struct tfu_load *l);
    void *arg;
};

/* As tfu_config_load(), which reads the tree from a file. With TFU_OK `*out` is never NULL. */
enum tfu_status tfu_config_compose(struct tfu_config **out, const struct tfu_compose *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e);

#endif
