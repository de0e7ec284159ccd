/* SPDX-License-Identifier: MIT
 *
 * csv_presets.h - what the tables of public sets are called and hold: a row of a table for each.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_PRESETS_H
#define TFU_PLUGINS_DATASET_CSV_PRESETS_H

#include "csv_config.h"

/* NULL and empty lists: the set has nothing of the kind. */
struct csv_preset {
    const char *name;
    struct {
        struct tfu_string_list table;   /* below the root, the first that is there */
        struct tfu_string_list pattern; /* of image files, see csv_places.h */
    } part[CSV_PARTS];
    const char *holds; /* what the table is to hold, for whoever has to look for it */

    const char *image;
    struct tfu_string_list where;
    struct tfu_string_list labels;
    const char *label_list;
    int32_t kind; /* enum csv_kind */
    struct tfu_string_list values;
    const char *group;
    struct tfu_string_list view;
    const char *sex, *age;
    const char *birth, *date; /* in place of an age: the year of birth, and the day of the image */
    int32_t rows;             /* enum csv_rows */
    struct tfu_string_list boxes;
    /* A table of boxes of its own: its columns image, label, left, top, width, height; and labels
     * that are called otherwise in it, "Infiltrate=Infiltration". */
    struct tfu_string_list boxes_table;
    struct tfu_string_list box_labels;
};

/* In the order of the option's choices, which end with NULL. */
extern const char *const csv_preset_names[];
const struct csv_preset *csv_preset_get(int32_t index);

#endif
