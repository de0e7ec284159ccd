/* SPDX-License-Identifier: MIT
 *
 * holder.h - of a run that is not finished: is somebody at work on it, did it fail, or was it
 * interrupted? Private to this folder.
 */
#ifndef TFU_CORE_INDEX_HOLDER_H
#define TFU_CORE_INDEX_HOLDER_H

#include "core/index/facts.h"

/* Fills in the state, its owner, and why it failed. */
enum tfu_status tfu_holder_look(struct tfu_facts *f, const char *folder, struct tfu_error *e);

#endif
