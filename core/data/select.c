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

/* The dataset's examples, or groups, in the order in which limits take them. */
static int64_t *take_order(int64_t count, int64_t seed, const char *purpose)
{
    int64_t *order = calloc((size_t)count + 1, sizeof *order);
    if (!order)
        return NULL;
    for (int64_t i = 0; i < count; i++)
        order[i] = i;
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key((uint64_t)seed, purpose, ""));
    tfu_random_shuffle(&r, order, (size_t)count);
    return order;
}

static enum tfu_status check_taken(const struct tfu_select_request *r,
                                   const struct tfu_selection *s, const int64_t *taken,
                                   struct tfu_error *e)
{
    const struct tfu_data_select *select = r->select;
    for (int64_t i = 0; select->limit_per_class && i < s->classes; i++) {
        const int64_t c = s->mapped ? select->classes.item[i] : i;
        const int64_t have = c < r->classes ? taken[c] : 0;
        const bool is_gap = have == 0 && !r->closed && !s->mapped; /* below a large label */
        if (have < select->limit_per_class && !is_gap)
            return tfu_error_set(
                e, TFU_EINVAL, "limit_per_class: class %lld has %lld examples, fewer than %lld%s",
                (long long)c, (long long)have, (long long)select->limit_per_class,
                r->closed || s->mapped ? ""
                                       : "; where it is no class, list them: `classes: [...]`");
    }
    if (select->limit && s->count < select->limit)
        return tfu_error_set(e, TFU_EINVAL, "limit: there are %lld examples, fewer than %lld",
                             (long long)s->count, (long long)select->limit);
    if (s->count == 0)
        return tfu_error_set(e, TFU_EINVAL, "no example of the dataset is selected");
    return TFU_OK;
}

static enum tfu_status check_request(const struct tfu_select_request *r, struct tfu_error *e)
{
    const struct tfu_data_select *select = r->select;
    if (!r->labels && select->classes.count)
        return tfu_error_set(e, TFU_EINVAL,
                             "classes: the dataset's labels are no class indices; drop it, or say "
                             "`classes: []` for this split");
    if (!r->labels && select->limit_per_class)
        return tfu_error_set(e, TFU_EINVAL,
                             "limit_per_class: the dataset's labels are no class indices; drop it, "
                             "or use `limit` or `limit_groups`");
    if (select->limit_groups && (!r->groups || !r->groups->count))
        return tfu_error_set(e, TFU_EINVAL,
                             "limit_groups: the dataset knows no groups; use `limit`, or have the "
                             "dataset read them");
    return TFU_OK;
}

/* Could it be taken, if there were no limits? */
static bool is_wanted(const struct tfu_select_request *r, const struct tfu_selection *s, int64_t i)
{
    return (!r->part || r->part[i] == r->wanted) && !(r->left_out && r->left_out[i]) &&
           class_kept(s, r->labels, i);
}

/* Marks the first groups of their permutation that have an example that is wanted. To be freed;
 * NULL after a failure. */
static bool *choose_groups(const struct tfu_select_request *r, const struct tfu_selection *s,
                           struct tfu_error *e)
{
    const struct tfu_example_groups *g = r->groups;
    int64_t *order = take_order(g->count, r->select->limit_seed, "limit_groups"), taken = 0;
    bool *has = calloc((size_t)g->count + 1, sizeof *has);
    for (int64_t i = 0; order && has && i < r->count; i++)
        has[g->of[i]] |= is_wanted(r, s, i);
    for (int64_t k = 0; order && has && k < g->count; k++) {
        has[order[k]] = has[order[k]] && taken < r->select->limit_groups;
        taken += has[order[k]];
    }
    const bool done = order && has;
    free(order);
    if (!done)
        tfu_error_memory(e, "selecting examples", 0);
    else if (taken < r->select->limit_groups)
        tfu_error_set(e, TFU_EINVAL, "limit_groups: there are %lld groups, fewer than %lld",
                      (long long)taken, (long long)r->select->limit_groups);
    if (done && taken == r->select->limit_groups)
        return has;
    free(has);
    return NULL;
}

/* Takes the examples in the order of limits, until there are enough. `group` marks those whose
 * examples are taken; NULL: all. */
static void take(struct tfu_selection *out, const struct tfu_select_request *r,
                 const int64_t *order, const bool *group, int64_t *taken)
{
    const struct tfu_data_select *select = r->select;
    for (int64_t k = 0; k < r->count; k++) {
        const int64_t i = order[k];
        if ((select->limit && out->count == select->limit) || !is_wanted(r, out, i) ||
            (group && !group[r->groups->of[i]]))
            continue;
        if (select->limit_per_class) {
            if (isnan(r->labels[i]) || taken[(int64_t)r->labels[i]] == select->limit_per_class)
                continue;
            taken[(int64_t)r->labels[i]]++;
        }
        out->index[out->count++] = i;
    }
}

static enum tfu_status select_examples(struct tfu_selection *out,
                                       const struct tfu_select_request *r, struct tfu_error *e)
{
    enum tfu_status st = map_classes(out, &r->select->classes, r->classes, r->closed, e);
    bool *group = NULL;
    if (st == TFU_OK && r->select->limit_groups) {
        struct tfu_error error = TFU_ERROR_INIT;
        group = choose_groups(r, out, &error);
        if (!group)
            return tfu_error_set(e, error.status, "%s", error.text);
    }
    int64_t *order = take_order(r->count, r->select->limit_seed, "limit");
    int64_t *taken = calloc((size_t)r->classes + 1, sizeof *taken);
    out->index = calloc((size_t)r->count + 1, sizeof *out->index);
    if (st == TFU_OK && (!order || !taken || !out->index))
        st = tfu_error_memory(e, "selecting examples", 0);
    if (st == TFU_OK)
        take(out, r, order, group, taken);
    if (st == TFU_OK)
        st = check_taken(r, out, taken, e);
    free(group);
    free(order);
    free(taken);
    return st;
}

enum tfu_status tfu_select(struct tfu_selection *out, const struct tfu_select_request *request,
                           struct tfu_error *e)
{
    *out = (struct tfu_selection){.index = NULL};
    enum tfu_status st = check_request(request, e);
    if (st == TFU_OK)
        st = select_examples(out, request, e);
    if (st == TFU_OK)
        qsort(out->index, (size_t)out->count, sizeof *out->index, ascending);
    else
        tfu_selection_free(out);
    return st;
}
