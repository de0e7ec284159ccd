/* SPDX-License-Identifier: MIT
 *
 * support.h - what the tests of the components share: fixtures, and plugins with options.
 */
#ifndef TFU_TESTS_COMPONENT_SUPPORT_H
#define TFU_TESTS_COMPONENT_SUPPORT_H

#include "core/config/experiment.h"
#include "core/plugin/registry.h"

struct fixture;

/* $TOP_SRCDIR/tests/component/<name>, or of "folder/name" tests/folder/name. These functions end
 * the test when something is missing. */
struct fixture *fixture_open(const char *name);
void fixture_close(struct fixture *f);
/* The numbers of a line, of which there must be `count`. */
const double *fixture_get(const struct fixture *f, const char *name, size_t count);

/* Over $TRANSFUSE_PLUGIN_PATH. */
struct tfu_registry *open_registry(void);

/* A plugin with its default options, but for those of `options`: "lr=0.1 decay=coupled". */
struct tfu_plugin_choice choose(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                const char *options);
void choice_free(struct tfu_plugin_choice *c);

#endif
