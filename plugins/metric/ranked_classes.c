/* SPDX-License-Identifier: MIT */
#include "ranked_classes.h"

#include <stdlib.h>

static struct classes_value measure_class(const struct kept *k, int64_t c, ranked_measure *measure,
                                          uint32_t task, struct ranked_row *r)
{
    const int64_t n = kept_collect(k, c, task, r);
    const struct ranked_counts counts = ranked_count(r, n);
    const char *shortage = ranked_shortage(counts);
    if (shortage)
        return (struct classes_value){(double)NAN, shortage};
    ranked_sort(r, n);
    return (struct classes_value){measure(r, n, counts, k->config), NULL};
}

enum tfu_status ranked_classes(const struct kept *k, const char *key, ranked_measure *measure,
                               struct tfu_metric_host *h)
{
    struct ranked_row *r = kept_room(k, h);
    struct classes_value *v = r ? classes_room(h) : NULL;
    if (v) {
        for (int64_t c = 0; c < k->outputs; c++)
            v[c] = measure_class(k, c, measure, h->task, r);
        classes_report(h, key, v);
    }
    const enum tfu_status st = v ? TFU_OK : TFU_ENOMEM;
    free(v);
    free(r);
    return st;
}
