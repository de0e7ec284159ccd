/* SPDX-License-Identifier: MIT
 *
 * choice.h - the shipped plugins, with options as text. What is missing ends the test.
 */
#ifndef TFU_TESTS_SUPPORT_CHOICE_H
#define TFU_TESTS_SUPPORT_CHOICE_H

#include "core/config/experiment.h"
#include "core/plugin/registry.h"

/* Over $TRANSFUSE_PLUGIN_PATH. */
struct tfu_registry *open_registry(void);

/* A plugin with its default options, but for those of `options`: "lr=0.1 decay=coupled". */
struct tfu_plugin_choice choose(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                const char *options);
void choice_free(struct tfu_plugin_choice *c);

#endif
