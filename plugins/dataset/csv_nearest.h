/* SPDX-License-Identifier: MIT
 *
 * csv_nearest.h - the word that somebody may have meant.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_NEAREST_H
#define TFU_PLUGINS_DATASET_CSV_NEAREST_H

#include <stddef.h>

/* The one of `count` words that differs least from `word`, by a third of its letters at most; NULL:
 * none does. Upper and lower case are the same here. */
const char *csv_nearest(const char *word, const char *const *words, size_t count);

#endif
