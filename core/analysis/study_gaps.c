/* SPDX-License-Identifier: MIT */
#include "core/analysis/study_gaps.h"

#include <stdlib.h>
#include <string.h>

#include "core/sweep/state.h"

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those that the file asks for, and the command line does not: by their keys, as 1e-3 may be called
 * 0.001 there. */
static void count_left_out(struct tfu_load *l, const struct tfu_select_scope *s, const bool *seen,
                           struct tfu_study_gaps *gaps)
{
    const struct tfu_sweep *whole = s->whole;
    const char **asked = tfu_load_array(l, s->sweep->count + 1, sizeof *asked);
    struct tfu_study_gap *gap =
        tfu_load_array(l, gaps->count + whole->count + 1, sizeof *gaps->gap);
    size_t keys = 0;
    if (!asked || !gap)
        return;
    for (size_t i = 0; i < s->sweep->count; i++)
        if (seen[i])
            asked[keys++] = s->sweep->item[i].key;
    qsort(asked, keys, sizeof *asked, compare);
    if (gaps->count)
        memcpy(gap, gaps->gap, gaps->count * sizeof *gap);
    gaps->gap = gap;
    for (size_t i = 0; i < whole->count; i++) {
        const char *key = whole->item[i].key;
        if (!s->asked[i] || bsearch(&key, asked, keys, sizeof *asked, compare))
            continue;
        /* the whole sweep does not outlive the reading of the file */
        gap[gaps->count].name = tfu_load_printf(l, "%s", whole->item[i].name);
        if (!gap[gaps->count].name)
            return;
        gaps->count++;
        gaps->left_out++;
        gaps->cases++;
    }
}

/* Which of the cases are not done since halving stopped them, and where: as far as their folders
 * say. */
static void find_stopped(struct tfu_load *l, const struct tfu_sweep *s, const size_t *item,
                         struct tfu_study_gaps *gaps)
{
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    const bool known = status && tfu_sweep_look(s, status, NULL) == TFU_OK;
    for (size_t i = 0; known && i < gaps->count; i++) {
        if (status[item[i]].state != TFU_CASE_STOPPED)
            continue;
        gaps->stopped++;
        gaps->gap[i].stopped = true;
        gaps->gap[i].why =
            tfu_load_printf(l, "stopped by halving at rung %zu", status[item[i]].rung);
    }
    l->out_of_memory |= !status;
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
}

void tfu_study_gaps_count(struct tfu_load *l, const struct tfu_select_scope *scope,
                          const struct tfu_selected *all, struct tfu_analysis_networks *n,
                          struct tfu_study_gaps *gaps)
{
    const struct tfu_sweep *s = scope->sweep;
    bool *seen = s ? tfu_load_array(l, s->count + 1, sizeof *seen) : NULL;
    size_t *item = tfu_load_array(l, all->count + 1, sizeof *item);
    gaps->gap = tfu_load_array(l, all->count + 1, sizeof *gaps->gap);
    for (size_t i = 0; seen && item && gaps->gap && i < all->count; i++) {
        const struct tfu_selected_one *one = &all->one[i];
        if (one->item == TFU_NO_CASE || seen[one->item])
            continue;
        seen[one->item] = true;
        gaps->cases++;
        if (!tfu_selected_is_hole(one->spec))
            continue;
        item[gaps->count] = one->item;
        gaps->gap[gaps->count++] =
            (struct tfu_study_gap){.name = s->item[one->item].name, .why = one->why};
    }
    if (gaps->count > 0 && s->halving && !scope->blind)
        find_stopped(l, s, item, gaps);
    if (seen && gaps->gap && scope->whole && scope->asked)
        count_left_out(l, scope, seen, gaps);
    n->left_out = gaps->left_out > 0;
    n->asked = gaps->cases;
    n->there = gaps->cases - gaps->count;
}

/* Pairs of which one is not there are left out, and lines without any pair. */
static void close_lines(struct tfu_analysis_networks *n)
{
    struct tfu_analysis_line *line = (struct tfu_analysis_line *)n->line;
    size_t lines = 0;
    for (size_t i = 0; i < n->lines; i++) {
        const char **a = (const char **)line[i].a, **b = (const char **)line[i].b;
        size_t pairs = 0;
        for (size_t k = 0; k < line[i].pairs; k++) {
            if (tfu_selected_is_hole(a[k]) || tfu_selected_is_hole(b[k]))
                continue;
            a[pairs] = a[k];
            b[pairs++] = b[k];
        }
        line[i].pairs = pairs;
        if (pairs)
            line[lines++] = line[i];
    }
    n->lines = lines;
}

void tfu_study_gaps_close(const struct tfu_analysis *a, struct tfu_analysis_networks *n,
                          struct tfu_study_gaps *gaps)
{
    const char **of = (const char **)n->of;
    size_t left = 0;
    if (a->takes == TFU_ANALYSIS_TAKES_FILES)
        return;
    if (a->takes == TFU_ANALYSIS_TAKES_LINES) {
        close_lines(n);
        left = n->lines;
    } else {
        for (size_t i = 0; i < n->count; i++)
            if (!tfu_selected_is_hole(of[i]))
                of[left++] = of[i];
        if (a->takes == TFU_ANALYSIS_TAKES_PAIR && left < n->count)
            left = 0;
        n->count = left;
    }
    gaps->empty =
        gaps->nothing || left == 0 || (a->takes == TFU_ANALYSIS_TAKES_LIST && left < a->least);
}
