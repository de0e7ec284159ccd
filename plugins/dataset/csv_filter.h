/* SPDX-License-Identifier: MIT
 *
 * csv_filter.h - which rows of a table are used: those whose columns hold what `where` says.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_FILTER_H
#define TFU_PLUGINS_DATASET_CSV_FILTER_H

#include "csv_reader.h"
#include "csv_settings.h"

struct csv_filter {
    struct csv_condition {
        size_t field;
        const char *value; /* of the option */
        double number;
        bool is_number; /* "1" is also 1.0 */
    } * condition;
    size_t count;
};

/* Of "COLUMN=VALUE": all columns have to fit, of several values of one column any. */
enum tfu_status csv_filter_begin(struct csv_filter *f, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h);
bool csv_filter_holds(const struct csv_filter *f, const struct csv_reader *r);
void csv_filter_free(struct csv_filter *f);

#endif
