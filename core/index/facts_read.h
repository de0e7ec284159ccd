/* SPDX-License-Identifier: MIT
 *
 * facts_read.h - reads the folder of a run. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_FACTS_READ_H
#define TFU_CORE_INDEX_FACTS_READ_H

#include "core/index/facts.h"

/* Reads STORE/`path`; `known` may be NULL. Fails only for want of memory. To be freed in any case.
 */
enum tfu_status tfu_facts_read(struct tfu_facts *out, const char *store, int store_fd,
                               const char *path, const struct tfu_facts_known *known,
                               struct tfu_error *e);

#endif
