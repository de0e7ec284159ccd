/* SPDX-License-Identifier: MIT
 *
 * csv_notes.h - what there is to say of a table that was read: counts of views, of states of
 * labels, of what was left out.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_NOTES_H
#define TFU_PLUGINS_DATASET_CSV_NOTES_H

#include "csv_examples.h"

/* Fills x->note. */
enum tfu_status csv_notes_write(struct csv_examples *x, struct tfu_dataset_host *h);

/* "AP 161590, PA 29420, ..." of those that there are; "none". */
void csv_notes_views(const int64_t count[CSV_VIEWS], char *out, size_t room);

#endif
