/* SPDX-License-Identifier: MIT
 *
 * csv_views.h - one enumeration of the views of a chest X-ray, whatever a table calls them.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_VIEWS_H
#define TFU_PLUGINS_DATASET_CSV_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

/* CSV_L is lateral, from which side is not said; an unknown one is neither frontal nor lateral. */
enum csv_view { CSV_PA, CSV_AP, CSV_AP_SUPINE, CSV_L, CSV_LL, CSV_RL, CSV_UNKNOWN, CSV_VIEWS };

enum csv_view csv_view_of(const char *word);
const char *csv_view_name(enum csv_view v);
/* Of an option: as csv_view_of(), but false for a word that is not known. */
bool csv_view_read(const char *word, enum csv_view *v);

#endif
