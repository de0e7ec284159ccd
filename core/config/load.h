/* SPDX-License-Identifier: MIT
 *
 * load.h - one loading from end to end, and what it leaves: a configuration with its tree. Private
 * to this folder and its tests; others see experiment.h.
 */
#ifndef TFU_CORE_CONFIG_LOAD_H
#define TFU_CORE_CONFIG_LOAD_H

#include "core/base/arena.h"
#include "core/config/experiment.h"

struct tfu_node;
struct tfu_config {
    struct tfu_arena arena;
    struct tfu_node *root;
    struct tfu_experiment experiment;
    size_t holders; /* besides the first */
};

/* tfu_config_load() on a text in memory; `path` says where it pretends to come from. */
enum tfu_status tfu_config_load_text(struct tfu_config **out, const char *path, const char *text,
                                     size_t length, const char *const *overrides,
                                     size_t override_count, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e);

#endif
