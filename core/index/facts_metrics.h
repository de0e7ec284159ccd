/* SPDX-License-Identifier: MIT
 *
 * facts_metrics.h - the lines of metrics.csv, from where they were read before. Private to this
 * folder.
 */
#ifndef TFU_CORE_INDEX_FACTS_METRICS_H
#define TFU_CORE_INDEX_FACTS_METRICS_H

#include "core/index/facts.h"

/* `known` may be NULL. */
enum tfu_status tfu_facts_read_metrics(struct tfu_facts *f, int folder,
                                       const struct tfu_facts_place *known, struct tfu_error *e);

#endif
