/* SPDX-License-Identifier: MIT */
#include "core/io/weights_order.h"

#include <stdlib.h>
#include <string.h>

/* Runs of digits by their value, everything else by bytes. */
static int by_nature(const char *a, const char *b)
{
    while (*a && *b) {
        const size_t m = strspn(a, "0123456789"), n = strspn(b, "0123456789");
        if (!m || !n) {
            if (*a != *b)
                break;
            a++;
            b++;
            continue;
        }
        const size_t skip_a = strspn(a, "0"), skip_b = strspn(b, "0");
        const size_t digits_a = m > skip_a ? m - skip_a : 0, digits_b = n > skip_b ? n - skip_b : 0;
        if (digits_a != digits_b)
            return digits_a < digits_b ? -1 : 1;
        const int order = strncmp(a + skip_a, b + skip_b, digits_a);
        if (order)
            return order;
        a += m;
        b += n;
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

static int by_name(const void *left, const void *right, void *weights)
{
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const int order =
        by_nature(tfu_weights_get(weights, a)->name, tfu_weights_get(weights, b)->name);
    return order ? order : (a > b) - (a < b); /* "01" and "1" */
}

enum tfu_status tfu_weights_order(size_t **out, const struct tfu_weights *w, struct tfu_error *e)
{
    const size_t count = tfu_weights_count(w);
    size_t *order = calloc(count + 1, sizeof *order);
    *out = order;
    if (!order)
        return tfu_error_memory(e, "listing tensors", count * sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, by_name, (void *)w);
    return TFU_OK;
}
