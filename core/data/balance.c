/* SPDX-License-Identifier: MIT */
#include "core/data/balance.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 4, TIMES = 4 };
static const double spare = 1.25; /* batches do not all take the same */

void tfu_balance_add(struct tfu_balance *b, double reading, double computing)
{
    const int64_t i = b->batches++ % TFU_BALANCE_KEPT;
    b->reading[i] = reading;
    b->computing[i] = computing;
}

bool tfu_balance_is_due(const struct tfu_balance *b)
{
    int64_t at = FIRST;
    while (at < b->batches && at < INT64_MAX / TIMES)
        at *= TIMES;
    return at == b->batches;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double seconds[TFU_BALANCE_KEPT], int64_t count)
{
    double sorted[TFU_BALANCE_KEPT];
    const size_t n = count < TFU_BALANCE_KEPT ? (size_t)count : TFU_BALANCE_KEPT;
    memcpy(sorted, seconds, sizeof sorted);
    qsort(sorted, n, sizeof *sorted, ascending);
    return sorted[n / 2];
}

uint32_t tfu_balance_workers(const struct tfu_balance *b, uint32_t most)
{
    if (b->batches == 0)
        return 1;
    const double reading = median(b->reading, b->batches) * spare;
    const double computing = median(b->computing, b->batches);
    uint32_t workers = 1;
    while (workers < most && (double)workers * computing < reading)
        workers++;
    return workers;
}
