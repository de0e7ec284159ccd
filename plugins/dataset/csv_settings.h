/* SPDX-License-Identifier: MIT
 *
 * csv_settings.h - what holds for a table: the options, and the preset where they say nothing.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_SETTINGS_H
#define TFU_PLUGINS_DATASET_CSV_SETTINGS_H

#include <transfuse/dataset.h>

#include "csv_presets.h"

struct csv_settings {
    const struct csv_config *config;
    const struct csv_preset *preset;
    char *root, *table; /* paths of the folder of the images, and of the table */
    char delimiter;
    /* Names of columns, NULL: there is none; and lists, as the options have them. */
    const char *image, *label_list, *group, *sex, *age;
    struct tfu_string_list pattern, where, labels, values, view, boxes;
    int32_t kind, rows; /* never CSV_ROWS_AUTO */
};

/* Finds the table, too. `c` must outlive it. */
enum tfu_status csv_settings_make(struct csv_settings *s, const struct csv_config *c,
                                  struct tfu_dataset_host *h);
void csv_settings_free(struct csv_settings *s);

/* "a, b, c" for messages, cut where there is no room. */
void csv_list_text(const struct tfu_string_list *list, char *out, size_t room);

#endif
