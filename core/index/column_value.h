/* SPDX-License-Identifier: MIT
 *
 * column_value.h - what a column has of each run.
 */
#ifndef TFU_CORE_INDEX_COLUMN_VALUE_H
#define TFU_CORE_INDEX_COLUMN_VALUE_H

#include <stdbool.h>

enum { TFU_INDEX_TIME_SIZE = 32 }; /* as long as TFU_NUMBER_SIZE */

enum tfu_index_kind {
    TFU_INDEX_TEXT,   /* of which some may be numbers as well */
    TFU_INDEX_NUMBER, /* metrics, counts */
    TFU_INDEX_TIME    /* seconds since 1970 */
};

struct tfu_index_value {
    bool there;       /* the run has it */
    const char *text; /* of TFU_INDEX_TEXT; NULL: the run has none */
    double number;    /* NaN: it is none, or not defined */
};

struct tfu_index_column {
    const char *key;
    enum tfu_index_kind kind;
    struct tfu_index_value *value; /* of each run */
    /* private */
    bool is_axis;
    const char *sweep; /* of an axis: whose alone; NULL: of all */
    struct tfu_index_column *next;
};

#endif
