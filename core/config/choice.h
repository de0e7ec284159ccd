/* SPDX-License-Identifier: MIT
 *
 * choice.h - one plugin with its options, chosen on a command line instead of in a file.
 */
#ifndef TFU_CORE_CONFIG_CHOICE_H
#define TFU_CORE_CONFIG_CHOICE_H

#include "core/config/experiment.h"

struct tfu_chosen;

/* Finds the plugin `name` (a name, or a file relative to the current folder) of `kind` and fills
 * its config struct from `options` ("key=value", the value in YAML). Findings go to `d`, as for a
 * configuration. */
enum tfu_status tfu_chosen_new(struct tfu_chosen **out, enum tfu_kind kind, const char *name,
                               const char *const *options, size_t option_count,
                               struct tfu_registry *r, struct tfu_diagnostics *d,
                               struct tfu_error *e);
void tfu_chosen_free(struct tfu_chosen *c);
const struct tfu_plugin_choice *tfu_chosen_get(const struct tfu_chosen *c);
/* Of an architecture: the program's keys beside the plugin's options. */
const struct tfu_arch_config *tfu_chosen_arch(const struct tfu_chosen *c);

#endif
