/* SPDX-License-Identifier: MIT */
#include "core/data/select.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"

void tfu_selection_free(struct tfu_selection *s)
{
    free(s->index);
    free(s->mapped);
    *s = (struct tfu_selection){.index = NULL};
}

/* class -> its place in the list that is kept, or -1 */
static enum tfu_status map_classes(struct tfu_selection *s, const struct tfu_int_list *kept,
                                   int64_t classes, bool closed, struct tfu_error *e)
{
    s->classes = classes;
    if (kept->count == 0)
        return TFU_OK;
    s->mapped = calloc((size_t)classes, sizeof *s->mapped);
    if (!s->mapped)
        return tfu_error_memory(e, "selecting examples", 0);
    for (int64_t c = 0; c < classes; c++)
        s->mapped[c] = -1;
    for (uint64_t i = 0; i < kept->count; i++) {
        const int64_t c = kept->item[i];
        if (c >= classes && !closed)
            continue;
        if (c < 0 || c >= classes)
            return tfu_error_set(e, TFU_EINVAL,
                                 "classes: there is no class %lld; the dataset has 0 to %lld",
                                 (long long)c, (long long)classes - 1);
        if (s->mapped[c] >= 0)
            return tfu_error_set(e, TFU_EINVAL, "classes: class %lld is listed twice",
                                 (long long)c);
        s->mapped[c] = (int64_t)i;
    }
    s->classes = (int64_t)kept->count;
    return TFU_OK;
}

static bool class_kept(const struct tfu_selection *s, const float *labels, int64_t i)
{
    return !s->mapped || (!isnan(labels[i]) && s->mapped[(int64_t)labels[i]] >= 0);
}

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* The dataset's examples in the order in which limits take them. */
static int64_t *take_order(int64_t count, int64_t seed)
{
    int64_t *order = calloc((size_t)count + 1, sizeof *order);
    if (!order)
        return NULL;
    for (int64_t i = 0; i < count; i++)
        order[i] = i;
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key((uint64_t)seed, "limit", ""));
    tfu_random_shuffle(&r, order, (size_t)count);
    return order;
}

static enum tfu_status check_taken(const struct tfu_data_select *select,
                                   const struct tfu_selection *s, const int64_t *taken,
                                   int64_t classes, bool closed, struct tfu_error *e)
{
    for (int64_t i = 0; select->limit_per_class && i < s->classes; i++) {
        const int64_t c = s->mapped ? select->classes.item[i] : i;
        const int64_t have = c < classes ? taken[c] : 0;
        const bool is_gap = have == 0 && !closed && !s->mapped; /* below a large label */
        if (have < select->limit_per_class && !is_gap)
            return tfu_error_set(
                e, TFU_EINVAL, "limit_per_class: class %lld has %lld examples, fewer than %lld%s",
                (long long)c, (long long)have, (long long)select->limit_per_class,
                closed || s->mapped ? "" : "; where it is no class, list them: `classes: [...]`");
    }
    if (select->limit && s->count < select->limit)
        return tfu_error_set(e, TFU_EINVAL, "limit: there are %lld examples, fewer than %lld",
                             (long long)s->count, (long long)select->limit);
    if (s->count == 0)
        return tfu_error_set(e, TFU_EINVAL, "no example of the dataset is selected");
    return TFU_OK;
}

enum tfu_status tfu_select(struct tfu_selection *out, const struct tfu_data_select *select,
                           int64_t count, const unsigned char *left_out, const float *labels,
                           int64_t classes, bool closed, struct tfu_error *e)
{
    *out = (struct tfu_selection){.index = NULL};
    if (!labels && (select->classes.count || select->limit_per_class))
        return tfu_error_set(e, TFU_EINVAL,
                             "%s: the dataset's labels are no class indices; drop it%s",
                             select->classes.count ? "classes" : "limit_per_class",
                             select->classes.count ? ", or say `classes: []` for this split" : "");
    enum tfu_status st = map_classes(out, &select->classes, classes, closed, e);
    int64_t *order = take_order(count, select->limit_seed);
    int64_t *taken = calloc((size_t)classes + 1, sizeof *taken);
    out->index = calloc((size_t)count + 1, sizeof *out->index);
    if (st == TFU_OK && (!order || !taken || !out->index))
        st = tfu_error_memory(e, "selecting examples", 0);
    for (int64_t k = 0; st == TFU_OK && k < count; k++) {
        const int64_t i = order[k];
        if ((select->limit && out->count == select->limit) || !class_kept(out, labels, i) ||
            (left_out && left_out[i]))
            continue;
        if (select->limit_per_class) {
            if (isnan(labels[i]) || taken[(int64_t)labels[i]] == select->limit_per_class)
                continue;
            taken[(int64_t)labels[i]]++;
        }
        out->index[out->count++] = i;
    }
    if (st == TFU_OK)
        st = check_taken(select, out, taken, classes, closed, e);
    if (st == TFU_OK)
        qsort(out->index, (size_t)out->count, sizeof *out->index, ascending);
    else
        tfu_selection_free(out);
    free(order);
    free(taken);
    return st;
}
