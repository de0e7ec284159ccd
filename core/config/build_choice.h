/* SPDX-License-Identifier: MIT
 *
 * build_choice.h - a mapping with a key `plugin` to the plugin with its options filled in, and to
 * the plugins that are options of it.
 */
#ifndef TFU_CORE_CONFIG_BUILD_CHOICE_H
#define TFU_CORE_CONFIG_BUILD_CHOICE_H

#include "core/config/options.h"
#include "core/plugin/choice.h"

/* Fills `choice` from the mapping `n`, which stands at `path`; NULL: the plugin `standard` with its
 * defaults. `standard` may be NULL where `n` has to name one. `host` has the keys in the mapping
 * that are the program's, or is NULL; of a dataset, `transforms` is the program's too; of a metric
 * they are two tables, of which the first is for one that compares two networks, the second for
 * one that scores. What is wrong becomes findings. */
void tfu_build_choice(struct tfu_load *l, const char *path, enum tfu_kind kind,
                      const char *standard, const struct tfu_options_table *host,
                      const struct tfu_node *n, struct tfu_plugin_choice *choice);

/* For sections with options of type TFU_INNER: the plugin in the mapping `n`, else the option's
 * default. */
void tfu_build_inner(struct tfu_load *l, const char *path, enum tfu_kind kind,
                     const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                     const struct tfu_inner **field);

#endif
