/* SPDX-License-Identifier: MIT */
#include "core/study/sample.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/random.h"

static int ascending(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t sort_unique(int64_t *item, int64_t n)
{
    qsort(item, (size_t)n, sizeof *item, ascending);
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (i == 0 || item[i] != item[kept - 1])
            item[kept++] = item[i];
    return kept;
}

/* `want` of 0..total-1 without repetition, ascending: the start of a permutation when most are
 * wanted, else numbers until enough of them differ. */
static enum tfu_status choose(int64_t **out, int64_t want, int64_t total, uint64_t key,
                              struct tfu_error *e)
{
    struct tfu_random r;
    tfu_random_init(&r, key);
    const bool permute = total / 4 <= want;
    const size_t room = (size_t)(permute ? total : want);
    int64_t *item = calloc(room + 1, sizeof *item);
    *out = item;
    if (!item)
        return tfu_error_memory(e, "drawing a sample", room * sizeof *item);
    if (permute) {
        for (int64_t i = 0; i < total; i++)
            item[i] = i;
        if (want < total)
            tfu_random_shuffle(&r, item, room);
        sort_unique(item, want);
        return TFU_OK;
    }
    int64_t have = 0;
    while (have < want) {
        for (int64_t i = have; i < want; i++)
            item[i] = (int64_t)tfu_random_below(&r, (uint64_t)total);
        have = sort_unique(item, want);
    }
    return TFU_OK;
}

enum tfu_status tfu_sample_rows(int64_t **row, int64_t *count, const struct tfu_sampling *s,
                                int64_t draw, int64_t images, int64_t height, int64_t width,
                                struct tfu_error *e)
{
    char name[96];
    snprintf(name, sizeof name, "%" PRId64 "/%" PRId64 "x%" PRId64, s->same_rows ? 0 : draw, height,
             width);
    const int64_t total = images * height * width;
    *count = s->rows < total ? s->rows : total;
    return choose(row, *count, total, tfu_random_key(s->seed, "sample rows", name), e);
}

enum tfu_status tfu_sample_channels(int64_t **channel, int64_t *count, const struct tfu_sampling *s,
                                    int64_t draw, const char *node, int64_t channels,
                                    struct tfu_error *e)
{
    char name[320];
    snprintf(name, sizeof name, "%" PRId64 "/%" PRId64 "/%.255s", draw, channels, node);
    *count = s->channels > 0 && s->channels < channels ? s->channels : channels;
    return choose(channel, *count, channels, tfu_random_key(s->seed, "sample channels", name), e);
}
