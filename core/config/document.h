/* SPDX-License-Identifier: MIT
 *
 * document.h - a file of YAML with its includes and overrides as a tree, for whoever reads it: an
 * experiment (load.c), a study file (core/analysis/study_file.c).
 */
#ifndef TFU_CORE_CONFIG_DOCUMENT_H
#define TFU_CORE_CONFIG_DOCUMENT_H

#include "core/config/node.h"
#include "core/plugin/registry.h"

struct tfu_document {
    const char *path; /* of the main file; "-": standard input */
    const char *text; /* what stands in it; NULL: it is read */
    size_t length;
    const char *const *override; /* KEY=VALUE */
    size_t override_count;
    struct tfu_registry *registry;
    const char *const
        *roots; /* the keys of the file itself, NULL-terminated; NULL: an experiment's */
    /* Called with read()'s `arg` before the overrides are laid over the tree; NULL: nothing is. */
    void (*prepare)(void *arg, struct tfu_load *l, struct tfu_node *root,
                    const struct tfu_document *document);
};

/* Makes the tree in `arena` and has `read` fill `arg` from it. Findings of either go to `d`; with
 * any of them the result is TFU_EINVAL, and `e` has a summary of one line. */
enum tfu_status tfu_document_read(const struct tfu_document *document, struct tfu_arena *arena,
                                  void (*read)(void *arg, struct tfu_load *l,
                                               struct tfu_node *root),
                                  void *arg, struct tfu_diagnostics *d, struct tfu_error *e);

/* A pipe is read once: from when `d` has what came through it, the document has that. `d` has to
 * outlive it then. Of a file, or before, nothing changes. */
void tfu_document_keep_stream(struct tfu_document *document, const struct tfu_diagnostics *d);

/* Plugins that the plugins of the file `path` need may lie beside it. */
enum tfu_status tfu_document_look_beside(struct tfu_registry *r, const char *path,
                                         struct tfu_error *e);
/* TFU_OK where there are no more than `before` findings; else a summary of one line. */
enum tfu_status tfu_document_summarise(const struct tfu_load *l, size_t before,
                                       struct tfu_error *e);

#endif
