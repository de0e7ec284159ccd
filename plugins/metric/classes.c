/* SPDX-License-Identifier: MIT */
#include "classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t classes_first(const struct tfu_metric_host *h)
{
    return h->task == TFU_TASK_CLASSIFICATION && h->outputs == 2 ? 1 : 0;
}

/* The reason that all classes have, else that none has a value. */
static const char *common_reason(const struct classes_value *v, int64_t first, int64_t end)
{
    for (int64_t k = first + 1; k < end; k++)
        if (strcmp(v[k].why, v[first].why) != 0)
            return "no class has a value";
    return v[first].why;
}

struct classes_value classes_mean(const struct tfu_metric_host *h, const struct classes_value *v,
                                  int64_t *counted)
{
    const int64_t first = classes_first(h);
    double sum = 0;
    *counted = 0;
    for (int64_t k = first; k < h->outputs; k++) {
        if (isnan(v[k].value))
            continue;
        sum += v[k].value;
        ++*counted;
    }
    if (*counted == 0)
        return (struct classes_value){(double)NAN, common_reason(v, first, h->outputs)};
    return (struct classes_value){sum / (double)*counted, NULL};
}

void classes_say(struct tfu_metric_host *h, const char *key, struct classes_value v)
{
    if (isnan(v.value))
        h->undefined(h, key, "%s", v.why);
    else
        h->scalar(h, key, v.value);
}

void classes_report(struct tfu_metric_host *h, const char *key, const struct classes_value *v)
{
    char name[96];
    int64_t counted;
    classes_say(h, key, classes_mean(h, v, &counted));
    snprintf(name, sizeof name, "%s.classes", key);
    h->scalar(h, name, (double)counted);
    for (int64_t k = 0; k < h->outputs; k++) {
        snprintf(name, sizeof name, "%s.class.%lld", key, (long long)k);
        classes_say(h, name, v[k]);
    }
}

struct classes_value *classes_room(struct tfu_metric_host *h)
{
    struct classes_value *v = calloc((size_t)h->outputs, sizeof *v);
    if (!v)
        h->fail(h, TFU_ENOMEM, "out of memory for %lld classes", (long long)h->outputs);
    return v;
}
