/* SPDX-License-Identifier: MIT
 *
 * pair.h - what metrics that compare activations "a" with activations "b" begin with.
 */
#ifndef TFU_PLUGINS_METRIC_PAIR_H
#define TFU_PLUGINS_METRIC_PAIR_H

#include <stdlib.h>

#include "tap.h"

/* Asks for all nodes of both sides; an instance of `size` zeros, to be freed. */
static inline enum tfu_status pair_new(void **self, size_t size, const char *metric,
                                       struct tfu_metric_host *h)
{
    *self = NULL;
    const enum tfu_status st = tap_want(h, 1);
    if (st != TFU_OK)
        return st;
    *self = calloc(1, size);
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for the metric %s", metric);
}

#endif
