/* SPDX-License-Identifier: MIT */
#include "core/sweep/halving.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool tfu_halving_takes(const struct tfu_sweep *s, size_t index)
{
    return s->halving && !s->item[index].support && !s->item[index].tuned;
}

/* ---- groups */

/* By the values that make a group, then as they stand in the sweep. */
static int compare_groups(const struct tfu_sweep *s, size_t a, size_t b)
{
    const struct tfu_sweep_halving *h = s->halving;
    for (size_t i = 0; i < h->for_each_count; i++) {
        const char *of_a = s->item[a].value[h->for_each[i]];
        const char *of_b = s->item[b].value[h->for_each[i]];
        const int order = strcmp(of_a ? of_a : "", of_b ? of_b : "");
        if (order != 0)
            return order;
    }
    return 0;
}

static int by_group(const void *a, const void *b, void *sweep)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const int order = compare_groups(sweep, x, y);
    return order ? order : (x > y) - (x < y);
}

/* ---- a rung of a group */

struct ranking {
    const struct tfu_halving_entry *entry;
    size_t rung;
    bool smallest;
};

/* The best first. */
static int by_score(const void *a, const void *b, void *arg)
{
    const struct ranking *r = arg;
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const double of_x = r->entry[x].score[r->rung], of_y = r->entry[y].score[r->rung];
    if (isnan(of_x) != isnan(of_y))
        return isnan(of_x) ? 1 : -1;
    if (of_x != of_y && !isnan(of_x))
        return (of_x < of_y) == r->smallest ? -1 : 1;
    return (x > y) - (x < y);
}

/* Takes those that are gone out; returns how many are left. */
static size_t drop_gone(const struct tfu_halving_entry *entry, size_t *member, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (!entry[member[i]].gone)
            member[left++] = member[i];
    return left;
}

/* Have all come to it? Else those that have are to wait. */
static bool is_complete(const struct tfu_halving_entry *entry, size_t rung, const size_t *member,
                        size_t count, enum tfu_halving_verdict *verdict)
{
    bool complete = true;
    for (size_t i = 0; i < count; i++)
        complete = complete && entry[member[i]].reached > rung;
    for (size_t i = 0; i < count && !complete; i++)
        if (entry[member[i]].reached > rung)
            verdict[member[i]] = TFU_HALVING_WAIT;
    return complete;
}

static void judge_group(const struct tfu_sweep_halving *h, const struct tfu_halving_entry *entry,
                        size_t *member, size_t count, enum tfu_halving_verdict *verdict)
{
    size_t entered = count; /* with those that are gone: a failure is no reason to keep more */
    count = drop_gone(entry, member, count);
    for (size_t rung = 0; rung < h->rung_count; rung++) {
        if (!is_complete(entry, rung, member, count, verdict))
            return;
        struct ranking ranking = {.entry = entry, .rung = rung, .smallest = h->smallest};
        qsort_r(member, count, sizeof *member, by_score, &ranking);
        entered /= (size_t)h->factor;
        if (entered == 0)
            entered = 1;
        for (size_t i = entered; i < count; i++)
            verdict[member[i]] = TFU_HALVING_STOP;
        if (count > entered)
            count = entered;
    }
}

enum tfu_status tfu_halving_judge(const struct tfu_sweep *s, const struct tfu_halving_entry *entry,
                                  enum tfu_halving_verdict *verdict, struct tfu_error *e)
{
    size_t count = 0;
    size_t *member = calloc(s->count ? s->count : 1, sizeof *member);
    if (!member)
        return tfu_error_memory(e, "comparing cases", s->count * sizeof *member);
    for (size_t i = 0; i < s->count; i++) {
        verdict[i] = TFU_HALVING_ON;
        if (tfu_halving_takes(s, i))
            member[count++] = i;
    }
    if (count > 0)
        qsort_r(member, count, sizeof *member, by_group, (void *)(uintptr_t)s);
    for (size_t first = 0, end; first < count; first = end) {
        const size_t leader = member[first]; /* judging puts the members into another order */
        for (end = first + 1; end < count && compare_groups(s, leader, member[end]) == 0; end++)
            ;
        judge_group(s->halving, entry, member + first, end - first, verdict);
    }
    free(member);
    return TFU_OK;
}
