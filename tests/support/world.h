/* SPDX-License-Identifier: MIT
 *
 * world.h - a scratch folder with images of three classes and a configuration that trains a small
 * network on them in a blink, as core/run sees them. These functions end the test when something
 * unexpected fails.
 */
#ifndef TFU_TESTS_SUPPORT_WORLD_H
#define TFU_TESTS_SUPPORT_WORLD_H

#include "core/run/target.h"

struct world {
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_error error;
};

/* Makes the folder and goes there: "run.yaml" in it is the configuration, "runs" its output. */
void world_begin(void);
void world_end(void);

/* Plugins, and nothing found in configurations yet. */
struct world world_open(void);
void world_close(struct world *w);

/* The configuration with these overrides, up to a NULL. */
struct tfu_target_request world_target(const struct world *w, const char *const *override);

/* Ends the test, with what was found and the error, unless `st` is TFU_OK. */
void world_ok(const struct world *w, enum tfu_status st);

#endif
