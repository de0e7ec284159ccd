/* SPDX-License-Identifier: MIT
 *
 * kept.h - the rows of a split, kept until its end: a number to rank each by for each output, and
 * its labels. For metrics that are no sums.
 */
#ifndef TFU_PLUGINS_METRIC_KEPT_H
#define TFU_PLUGINS_METRIC_KEPT_H

#include "check.h"
#include "ranked.h"

struct kept {
    const void *config; /* the plugin's */
    int64_t outputs, label_columns;
    int64_t rows, capacity;
    double *score; /* rows x outputs: log odds */
    float *label;  /* rows x label_columns */
};

/* An empty one for a task of classes; another task is refused in the name of `metric`. */
enum tfu_status kept_open(struct kept *k, const char *metric, const void *config,
                          struct tfu_metric_host *h);
void kept_close(struct kept *k);
/* Checks the batch and adds its log odds and labels. */
enum tfu_status kept_add(struct kept *k, const struct tfu_batch *b, struct tfu_metric_host *h);

/* Room for `more` rows behind the others, for what is no log odds. */
enum tfu_status kept_reserve(struct kept *k, int64_t more, struct tfu_metric_host *h);

/* The rows whose label for class `c` is known, as that class sees them: one against the rest, or
 * label by label. In the order of the split; returns how many. */
int64_t kept_collect(const struct kept *k, int64_t c, uint32_t task, struct ranked_row *r);
/* Room for that of any class; NULL after fail(). */
struct ranked_row *kept_room(const struct kept *k, struct tfu_metric_host *h);

/* Of a metric that is nothing but its rows: its functions. */
enum tfu_status kept_create(void **self, const char *metric, const void *config,
                            struct tfu_metric_host *h);
enum tfu_status kept_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h);
void kept_destroy(void *self);
void kept_reset(void *self);

#endif
