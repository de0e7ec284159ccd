/* SPDX-License-Identifier: MIT
 *
 * table.h - how often each answer was given to each label. In classification one table, classes x
 * classes; in multi-label tasks one of 2 x 2 for each label. Unknown labels are in none.
 */
#ifndef TFU_PLUGINS_METRIC_TABLE_H
#define TFU_PLUGINS_METRIC_TABLE_H

#include <transfuse/metric.h>

struct table {
    const void *config; /* the plugin's */
    int label_wise;     /* multi-label: a table of a label, whose sides are 0 and 1 */
    int64_t tables, side;
    int64_t rows; /* seen, for messages */
    int64_t *count;
};

/* How often `answer` was given to `label`. */
static inline int64_t table_at(const struct table *t, int64_t table, int64_t label, int64_t answer)
{
    return t->count[(table * t->side + label) * t->side + answer];
}

/* Right and wrong answers of a class, against the rest. */
struct table_class {
    int64_t true_positive, false_positive, false_negative, true_negative;
};
struct table_class table_class(const struct table *t, int64_t k);
/* Rows of a table, and those of them that have the right answer. */
int64_t table_known(const struct table *t, int64_t table);
int64_t table_right(const struct table *t, int64_t table);

/* The functions of a metric that is nothing but its tables. Another task than one of classes is
 * refused in the name of `metric`. */
enum tfu_status table_create(void **self, const char *metric, const void *config,
                             struct tfu_metric_host *h);
enum tfu_status table_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h);
void table_destroy(void *self);
void table_reset(void *self);

#endif
