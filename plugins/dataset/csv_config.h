/* SPDX-License-Identifier: MIT
 *
 * csv_config.h - the options of the dataset csv_images.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_CONFIG_H
#define TFU_PLUGINS_DATASET_CSV_CONFIG_H

#include <transfuse/option.h>

enum csv_part { CSV_TRAIN, CSV_VALID, CSV_TEST, CSV_PARTS };
enum csv_kind { CSV_AUTO, CSV_CLASS, CSV_LABELS, CSV_NUMBERS };
enum csv_blank { CSV_BLANK_ZEROS, CSV_BLANK_IGNORE };
enum csv_rows { CSV_ROWS_AUTO, CSV_ROWS_ONE, CSV_ROWS_GROUPED };
enum csv_ages { CSV_AGES_BANDS, CSV_AGES_YEARS };

/* An empty string or list: what the preset says. The option's help says the rest. */
struct csv_config {
    int32_t preset, part;
    const char *root, *table, *delimiter;
    struct tfu_string_list where;

    const char *image;
    struct tfu_string_list pattern;
    int64_t channels;

    struct tfu_string_list labels;
    const char *label_list;
    int32_t kind;
    struct tfu_string_list values;
    const char *binary;
    struct tfu_string_list uncertain;
    int32_t blank;
    struct tfu_float_list smooth;
    int64_t smooth_seed;

    int32_t rows;
    struct tfu_string_list boxes;
    const char *boxes_table;

    const char *group;
    struct tfu_string_list view, views;
    const char *sex, *age;
    int32_t ages;
    struct tfu_int_list age_bands;
    struct tfu_string_list attributes;
};

#endif
