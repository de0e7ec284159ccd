/* SPDX-License-Identifier: MIT */
#include "core/report/table_pairs.h"

#include <math.h>

size_t tfu_report_partner(const struct tfu_report_cases *c, const struct tfu_report_axes *over,
                          size_t item, const size_t *other, size_t others)
{
    for (size_t k = 0; k < others; k++) {
        bool fits = true;
        for (size_t i = 0; i < over->count && fits; i++) {
            const struct tfu_report_axis *a = &c->axis[over->item[i]];
            fits = a->of[item] == a->of[other[k]];
        }
        if (fits)
            return other[k];
    }
    return TFU_REPORT_NONE;
}

size_t tfu_report_pairs(const struct tfu_report_cases *c, const struct tfu_report_axes *over,
                        const struct tfu_report_pair *p, size_t *a, size_t *b)
{
    size_t pairs = 0;
    for (size_t i = 0; i < p->items; i++) {
        const size_t other = tfu_report_partner(c, over, p->item[i], p->other, p->others);
        if (other == TFU_REPORT_NONE || !isfinite(p->series->number[p->item[i]]) ||
            !isfinite(p->series->number[other]))
            continue;
        a[pairs] = p->item[i];
        b[pairs++] = other;
    }
    return pairs;
}
