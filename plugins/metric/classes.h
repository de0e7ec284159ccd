/* SPDX-License-Identifier: MIT
 *
 * classes.h - a number for each class, and one for all of them.
 *
 * With two classes there is one question, and the number is that of class 1, the positive one. Else
 * it is the mean over the classes that have a value: one that has none is left out, and counted.
 */
#ifndef TFU_PLUGINS_METRIC_CLASSES_H
#define TFU_PLUGINS_METRIC_CLASSES_H

#include <transfuse/metric.h>

struct classes_value {
    double value;    /* NaN: not defined */
    const char *why; /* then: why; a text that lives on */
};

/* The first class that counts in the number for all: 1 of two classes, else 0. */
int64_t classes_first(const struct tfu_metric_host *h);
/* The number for all, over `h->outputs` values, and how many have counted. */
struct classes_value classes_mean(const struct tfu_metric_host *h, const struct classes_value *v,
                                  int64_t *counted);
/* scalar() or undefined(). */
void classes_say(struct tfu_metric_host *h, const char *key, struct classes_value v);
/* Reports "<key>", "<key>.classes" and "<key>.class.0", ... */
void classes_report(struct tfu_metric_host *h, const char *key, const struct classes_value *v);
/* Room for a value of each class, all 0; NULL after fail(). */
struct classes_value *classes_room(struct tfu_metric_host *h);

#endif
