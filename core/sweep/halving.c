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

static bool is_worst(const struct tfu_halving_entry *entry, size_t rung)
{
    return entry->diverged <= rung;
}

/* The best first. */
static int by_score(const void *a, const void *b, void *arg)
{
    const struct ranking *r = arg;
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    const bool worst_x = is_worst(&r->entry[x], r->rung), worst_y = is_worst(&r->entry[y], r->rung);
    if (worst_x != worst_y)
        return worst_x ? 1 : -1;
    const double of_x = worst_x ? (double)NAN : r->entry[x].score[r->rung];
    const double of_y = worst_y ? (double)NAN : r->entry[y].score[r->rung];
    if (isnan(of_x) != isnan(of_y))
        return isnan(of_x) ? 1 : -1;
    if (of_x != of_y && !isnan(of_x))
        return (of_x < of_y) == r->smallest ? -1 : 1;
    return (x > y) - (x < y);
}

/* The first of those that the others wait for at a rung; SIZE_MAX: all have come to it, and have a
 * score there. */
static size_t find_missing(const struct tfu_halving_entry *entry, size_t rung, const size_t *member,
                           size_t count)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct tfu_halving_entry *one = &entry[member[i]];
        if ((one->reached > rung && one->unscored != rung) || is_worst(one, rung))
            continue;
        const bool before = first == SIZE_MAX || (one->held && !entry[first].held) ||
                            (one->held == entry[first].held && member[i] < first);
        if (before)
            first = member[i];
    }
    return first;
}

/* Of those that are there: one that diverged on its way has no verdict. */
static void say(const struct tfu_halving_entry *entry, size_t rung, const size_t *member,
                size_t count, struct tfu_halving_judgement judgement,
                struct tfu_halving_judgement *out)
{
    for (size_t i = 0; i < count; i++)
        if (entry[member[i]].reached > rung)
            out[member[i]] = judgement;
}

static void judge_group(const struct tfu_sweep_halving *h, const struct tfu_halving_entry *entry,
                        size_t *member, size_t count, struct tfu_halving_judgement *out)
{
    const struct tfu_halving_judgement stop = {TFU_HALVING_STOP, SIZE_MAX};
    for (size_t rung = 0; rung < h->rung_count; rung++) {
        const size_t missing = find_missing(entry, rung, member, count);
        if (missing != SIZE_MAX) {
            const struct tfu_halving_judgement wait = {TFU_HALVING_WAIT, missing};
            say(entry, rung, member, count, wait, out);
            return;
        }
        struct ranking ranking = {.entry = entry, .rung = rung, .smallest = h->smallest};
        qsort_r(member, count, sizeof *member, by_score, &ranking);
        size_t kept = count / (size_t)h->factor;
        if (kept == 0)
            kept = 1;
        say(entry, rung, member + kept, count - kept, stop, out);
        count = kept;
    }
}

enum tfu_status tfu_halving_judge(const struct tfu_sweep *s, const struct tfu_halving_entry *entry,
                                  struct tfu_halving_judgement *out, struct tfu_error *e)
{
    size_t count = 0;
    size_t *member = calloc(s->count ? s->count : 1, sizeof *member);
    if (!member)
        return tfu_error_memory(e, "comparing cases", s->count * sizeof *member);
    for (size_t i = 0; i < s->count; i++) {
        out[i] = (struct tfu_halving_judgement){TFU_HALVING_ON, SIZE_MAX};
        if (tfu_halving_takes(s, i))
            member[count++] = i;
    }
    if (count > 0)
        qsort_r(member, count, sizeof *member, by_group, (void *)(uintptr_t)s);
    for (size_t first = 0, end; first < count; first = end) {
        const size_t leader = member[first]; /* judging puts the members into another order */
        for (end = first + 1; end < count && compare_groups(s, leader, member[end]) == 0; end++)
            ;
        judge_group(s->halving, entry, member + first, end - first, out);
    }
    free(member);
    return TFU_OK;
}
