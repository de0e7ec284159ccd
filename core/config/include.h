/* SPDX-License-Identifier: MIT
 *
 * include.h - a file with everything that it includes, as one tree.
 *
 * `include: base.yaml`, or a list: the files are laid over each other in that order, and the
 * including file over them all. Paths are relative to the including file.
 */
#ifndef TFU_CORE_CONFIG_INCLUDE_H
#define TFU_CORE_CONFIG_INCLUDE_H

#include "core/config/node.h"

/* The tree of the main file, l->path; NULL after a finding that leaves none. `text` is what stands
 * in it, or NULL to read it. */
struct tfu_node *tfu_include_compose(struct tfu_load *l, const char *text, size_t length);

/* The mapping `n`, which stands in a file, with what its key `include` names below it; names are
 * relative to the file that says them. NULL after a finding. */
struct tfu_node *tfu_include_resolve(struct tfu_load *l, struct tfu_node *n);

#endif
