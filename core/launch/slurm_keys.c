/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_keys.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct tfu_slurm_key *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

void tfu_slurm_keys_sort(struct tfu_slurm_key *key, size_t count)
{
    qsort(key, count, sizeof *key, compare);
}

size_t tfu_slurm_keys_find(const struct tfu_slurm_key *sorted, size_t count, const char *key)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(sorted[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
