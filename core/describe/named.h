/* SPDX-License-Identifier: MIT
 *
 * named.h - the plugin that somebody names: "cbr_tiny", "arch/cbr_tiny", "./cbr_tiny.so"; or a
 * layer of the core, which is none.
 */
#ifndef TFU_CORE_DESCRIBE_NAMED_H
#define TFU_CORE_DESCRIBE_NAMED_H

#include "core/base/text.h"
#include "core/plugin/open.h"
#include "core/plugin/registry.h"

struct tfu_named {
    const char *layer; /* of the core; else NULL, and there is a ... */
    const struct tfu_plugin *plugin;
    const char *path;            /* its file */
    struct tfu_text written;     /* what a configuration calls it: a name, or a path with a slash */
    struct tfu_plugin_file file; /* open where a file was named */
};

/* A name alone is looked for in every kind. To be freed in any case; borrows `what` and from `r`.
 */
enum tfu_status tfu_named_find(struct tfu_named *out, struct tfu_registry *r, const char *what,
                               struct tfu_error *e);
void tfu_named_free(struct tfu_named *n);

#endif
