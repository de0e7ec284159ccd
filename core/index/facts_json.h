/* SPDX-License-Identifier: MIT
 *
 * facts_json.h - what summary.json and env.json say. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_FACTS_JSON_H
#define TFU_CORE_INDEX_FACTS_JSON_H

#include "core/index/facts.h"

enum tfu_status tfu_facts_read_summary(struct tfu_facts *f, int folder, struct tfu_error *e);
enum tfu_status tfu_facts_read_environment(struct tfu_facts *f, int folder, struct tfu_error *e);

#endif
