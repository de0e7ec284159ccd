/* SPDX-License-Identifier: MIT
 *
 * csv_classes.h - one column of words or grades, and the classes that they are.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_CLASSES_H
#define TFU_PLUGINS_DATASET_CSV_CLASSES_H

#include "csv_labels.h"

/* The number of the row's word among l->words. */
enum tfu_status csv_classes_read(struct csv_labels *l, const struct csv_reader *r, uint32_t *word,
                                 struct tfu_dataset_host *h);
/* Makes classes of the words: the numbers that they are, or that `values` gives them; or else their
 * places in the order of their bytes. */
enum tfu_status csv_classes_end(struct csv_labels *l, struct tfu_dataset_host *h);

#endif
