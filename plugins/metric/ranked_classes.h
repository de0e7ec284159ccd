/* SPDX-License-Identifier: MIT
 *
 * ranked_classes.h - a metric that is a function of the ranked rows of each class.
 */
#ifndef TFU_PLUGINS_METRIC_RANKED_CLASSES_H
#define TFU_PLUGINS_METRIC_RANKED_CLASSES_H

#include "classes.h"
#include "kept.h"

/* Of sorted rows that hold positives and negatives. */
typedef double ranked_measure(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                              const void *config);

/* finalize() of a metric made by kept_create(): reports `key` and its classes (classes.h); a class
 * without positives or without negatives has no value. */
enum tfu_status ranked_classes(const struct kept *k, const char *key, ranked_measure *measure,
                               struct tfu_metric_host *h);

#endif
