/* SPDX-License-Identifier: MIT
 *
 * include.h - a file with everything that it includes, as one tree.
 *
 * `include: base.yaml`, or a list: the files are laid over each other in that order, and the
 * including file over them all. Paths are relative to the including file.
 */
#ifndef TFU_CORE_CONFIG_INCLUDE_H
#define TFU_CORE_CONFIG_INCLUDE_H

#include <sys/types.h>

#include "core/config/node.h"

/* A file that is being read, and the one that asks for it: by these a circle is told. */
struct tfu_include {
    const struct tfu_include *parent; /* NULL: the main file */
    const char *path;
    const char *open;     /* what is opened: `path` but for a pipe */
    struct tfu_mark from; /* the `include:`; for the main file the file itself */
    dev_t device;
    ino_t inode;
    int depth;
};

/* The tree of the main file, l->path; NULL after a finding that leaves none. `text` is what stands
 * in it, or NULL to read it. */
struct tfu_node *tfu_include_compose(struct tfu_load *l, const char *text, size_t length);

/* The tree of the file that `name`, a text in a file, names. `f` is filled in for it, and stays for
 * those that it asks for. NULL after a finding. */
struct tfu_node *tfu_include_open(struct tfu_load *l, const struct tfu_include *parent,
                                  const struct tfu_node *name, struct tfu_include *f);

/* The mapping `n`, which stands in a file, with what its key `include` names below it; names are
 * relative to the file that says them. NULL after a finding. */
struct tfu_node *tfu_include_resolve(struct tfu_load *l, struct tfu_node *n);

#endif
