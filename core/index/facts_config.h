/* SPDX-License-Identifier: MIT
 *
 * facts_config.h - what config.yaml says. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_FACTS_CONFIG_H
#define TFU_CORE_INDEX_FACTS_CONFIG_H

#include "core/index/facts.h"

/* Of the folder `path`, which is opened as `fd`. */
enum tfu_status tfu_facts_read_config(struct tfu_facts *f, const char *path, int fd,
                                      struct tfu_error *e);

#endif
