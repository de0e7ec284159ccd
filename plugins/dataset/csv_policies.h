/* SPDX-License-Identifier: MIT
 *
 * csv_policies.h - what counts as what: labels that are uncertain, or blank.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_POLICIES_H
#define TFU_PLUGINS_DATASET_CSV_POLICIES_H

#include "csv_labels.h"

/* Reads the options `uncertain` and `smooth` into l->policy and l->smooth. */
enum tfu_status csv_policies_read(struct csv_labels *l, struct tfu_dataset_host *h);
/* What a state of label `column` of the example `name` counts as; NaN: it is left out. */
float csv_policies_number(const struct csv_labels *l, uint8_t state, size_t column,
                          const char *name);

#endif
