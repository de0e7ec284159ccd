/* SPDX-License-Identifier: MIT */
#include "core/data/order.h"

#include <stdlib.h>

#include "core/base/random.h"

enum tfu_status tfu_order_init(struct tfu_order *o, int64_t count, bool shuffle, uint64_t seed,
                               struct tfu_error *e)
{
    *o = (struct tfu_order){.count = count, .epoch = -1};
    if (!shuffle)
        return TFU_OK;
    o->key = tfu_random_key(seed, "shuffle", "");
    o->index = calloc((size_t)count, sizeof *o->index);
    return o->index ? TFU_OK
                    : tfu_error_memory(e, "ordering examples", (size_t)count * sizeof *o->index);
}

void tfu_order_free(struct tfu_order *o)
{
    free(o->index);
    o->index = NULL;
}

static void make_order(struct tfu_order *o, int64_t epoch)
{
    struct tfu_random r;
    for (int64_t i = 0; i < o->count; i++)
        o->index[i] = i;
    tfu_random_init(&r, tfu_random_subkey(o->key, (uint64_t)epoch));
    tfu_random_shuffle(&r, o->index, (size_t)o->count);
    o->epoch = epoch;
}

void tfu_order_take(struct tfu_order *o, int64_t epoch, int64_t first, int64_t rows, int64_t *out)
{
    if (o->index && o->epoch != epoch)
        make_order(o, epoch);
    for (int64_t i = 0; i < rows; i++)
        out[i] = o->index ? o->index[first + i] : first + i;
}
