/* SPDX-License-Identifier: MIT
 *
 * replace.h - mappings marked `!replace` (node.h) that had nothing to replace.
 */
#ifndef TFU_CORE_CONFIG_REPLACE_H
#define TFU_CORE_CONFIG_REPLACE_H

#include "core/config/node.h"

/* Notes those in `n` (NULL: nothing), itself among them, once all that they could be laid over was
 * laid below them. */
void tfu_replace_note_idle(struct tfu_diagnostics *d, const struct tfu_node *n);

#endif
