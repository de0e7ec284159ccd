/* SPDX-License-Identifier: MIT
 *
 * csv_about.h - what a table says of its examples besides labels: whom they are of, from which
 * view, sex and age, and any other column.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_ABOUT_H
#define TFU_PLUGINS_DATASET_CSV_ABOUT_H

#include <regex.h>

#include "csv_reader.h"
#include "csv_settings.h"
#include "csv_views.h"
#include "csv_words.h"

#define CSV_NO_GROUP UINT32_MAX

enum csv_attribute_kind { CSV_TEXT, CSV_SEX, CSV_AGE, CSV_BIRTH, CSV_VIEW };

struct csv_about {
    const struct csv_settings *settings;
    const char **name; /* of the attributes */
    struct csv_attribute {
        enum csv_attribute_kind kind;
        size_t field, date; /* of the row */
    } * attribute;
    size_t attributes;
    struct csv_words words;
    uint32_t *value; /* `attributes` of each example, numbers of words */
    int64_t odd_ages;

    size_t view_field[8];
    size_t view_fields;

    enum { CSV_ALONE, CSV_COLUMN, CSV_PATTERN } grouping;
    size_t group_field;
    regex_t pattern;
    struct csv_words groups;
    uint32_t *group; /* of each example, or CSV_NO_GROUP */
    size_t examples, room;
};

/* `image` is the field of the images' names. */
enum tfu_status csv_about_begin(struct csv_about *a, const struct csv_settings *s,
                                const struct csv_reader *r, size_t image,
                                struct tfu_dataset_host *h);
enum csv_view csv_about_view(const struct csv_about *a, const struct csv_reader *r);
/* The row, whose view is known already, is the next example. */
enum tfu_status csv_about_add(struct csv_about *a, const struct csv_reader *r, enum csv_view view,
                              struct tfu_dataset_host *h);
void csv_about_end(struct csv_about *a, struct tfu_dataset_host *h);
void csv_about_free(struct csv_about *a);

/* NULL: the example is a group of its own. */
const char *csv_about_group(const struct csv_about *a, size_t example);
const char *csv_about_attribute(const struct csv_about *a, size_t example, size_t which);
size_t csv_about_bytes(const struct csv_about *a);

#endif
