/* SPDX-License-Identifier: MIT
 *
 * open.h - one shared object: dlopen, and every reason to refuse it. The only place that calls
 * dlopen.
 */
#ifndef TFU_CORE_PLUGIN_OPEN_H
#define TFU_CORE_PLUGIN_OPEN_H

#include "core/base/error.h"
#include "core/plugin/blas.h"

struct tfu_plugin_file {
    void *library;                   /* from dlopen */
    const struct tfu_plugin *plugin; /* inside it */
    struct tfu_blas blas;            /* that it uses */
};

/* Opens `path`, which should be a plugin of `kind` (0: any) called `name` (NULL: any). A refused
 * file is closed again; the text says in one sentence what differs and what to do. */
enum tfu_status tfu_plugin_open(const char *path, int kind, const char *name,
                                struct tfu_plugin_file *out, struct tfu_error *e);
void tfu_plugin_close(struct tfu_plugin_file *f);

#endif
