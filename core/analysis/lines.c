/* SPDX-License-Identifier: MIT */
#include "core/analysis/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/chance.h"

static void free_member(struct tfu_member *m)
{
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; m->node[i] && k < m->node_count[i]; k++)
            free(m->node[i][k]);
        free(m->node[i]);
        free(m->label[i]);
    }
    tfu_comparison_free(&m->comparison);
}

void tfu_lines_free(struct tfu_lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < l->line[i].member_count; k++)
            free_member(&l->line[i].member[k]);
        free(l->line[i].member);
        free(l->line[i].key);
        free(l->line[i].name);
    }
    free(l->line);
    *l = (struct tfu_lines){.line = NULL};
}

static bool copy_side(struct tfu_member *m, int i, const struct tfu_side *s)
{
    m->label[i] = strdup(s->subject->label);
    m->node[i] = calloc(s->node_count + 1, sizeof *m->node[i]);
    bool ok = m->label[i] && m->node[i];
    m->node_count[i] = ok ? s->node_count : 0;
    for (size_t k = 0; ok && k < s->node_count; k++)
        ok = (m->node[i][k] = strdup(s->node[k].name));
    return ok;
}

/* What a line is called that would have the name of another: "noise (2)". */
static char *free_name(const struct tfu_lines *l, const char *name)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, name);
    for (size_t i = 0, n = 2; i < l->count && !text.failed; i++)
        if (strcmp(l->line[i].name, tfu_text_get(&text)) == 0) {
            tfu_text_free(&text);
            tfu_text_printf(&text, "%s (%zu)", name, n++);
            i = (size_t)-1; /* from the first again */
        }
    if (text.failed)
        tfu_text_free(&text);
    return text.data;
}

/* The line that `like` describes: one that is there, or a new one. */
static struct tfu_curve *find_line(struct tfu_lines *l, const struct tfu_line_kind *like)
{
    for (size_t i = 0; i < l->count; i++)
        if (!like->single && l->line[i].baseline == like->baseline &&
            strcmp(l->line[i].key, like->name) == 0)
            return &l->line[i];
    struct tfu_curve *more = realloc(l->line, (l->count + 1) * sizeof *more);
    if (!more)
        return NULL;
    l->line = more;
    struct tfu_curve *line = &l->line[l->count];
    *line = (struct tfu_curve){.key = strdup(like->name),
                               .name = free_name(l, like->name),
                               .baseline = like->baseline,
                               .noise = like->noise,
                               .single = like->single};
    if (line->key && line->name) {
        l->count++;
        return line;
    }
    free(line->key);
    free(line->name);
    return NULL;
}

static struct tfu_member *add_member(struct tfu_curve *line)
{
    struct tfu_member *more = realloc(line->member, (line->member_count + 1) * sizeof *more);
    if (!more)
        return NULL;
    line->member = more;
    line->member[line->member_count] = (struct tfu_member){.node_count = {0, 0}};
    return &line->member[line->member_count++];
}

void tfu_member_pair_name(const struct tfu_member *m, size_t pair, struct tfu_text *out)
{
    const struct tfu_compare_pair *p = &m->comparison.pair[pair];
    const char *a = m->node[0][p->a], *b = m->node[1][p->b];
    tfu_text_puts(out, a);
    if (strcmp(a, b) != 0)
        tfu_text_printf(out, " ~ %s", b);
}

static void list_pairs(const struct tfu_member *m, struct tfu_text *out)
{
    for (size_t p = 0; p < m->comparison.pair_count; p++) {
        tfu_text_puts(out, p ? ", " : "");
        tfu_member_pair_name(m, p, out);
    }
}

/* Rows of a table, and places in a figure, are named once for all lines. */
static enum tfu_status check_same(const struct tfu_lines *l, const struct tfu_member *m,
                                  struct tfu_error *e)
{
    const struct tfu_member *first = &l->line[0].member[0];
    struct tfu_text have = TFU_TEXT_INIT, want = TFU_TEXT_INIT;
    list_pairs(m, &have);
    list_pairs(first, &want);
    enum tfu_status st = TFU_OK;
    if (have.failed || want.failed)
        st = tfu_error_memory(e, "comparing", 0);
    else if (strcmp(tfu_text_get(&have), tfu_text_get(&want)) != 0)
        st = tfu_error_set(e, TFU_EINVAL,
                           "'%s' and '%s' have the nodes %s to compare, but '%s' and '%s' have "
                           "%s: all lines of a figure are over the same ones; choose `nodes` that "
                           "all networks have, or compare in several figures",
                           m->label[0], m->label[1], tfu_text_get(&have), first->label[0],
                           first->label[1], tfu_text_get(&want));
    tfu_text_free(&have);
    tfu_text_free(&want);
    return st;
}

static enum tfu_status take(struct tfu_lines *l, const struct tfu_line_kind *like,
                            const struct tfu_side *a, const struct tfu_side *b,
                            struct tfu_comparison *r, struct tfu_error *e)
{
    struct tfu_curve *line = find_line(l, like);
    struct tfu_member *m = line ? add_member(line) : NULL;
    if (!m) {
        tfu_comparison_free(r);
        return tfu_error_memory(e, "comparing", 0);
    }
    m->comparison = *r;
    *r = (struct tfu_comparison){.pair = NULL};
    if (!copy_side(m, 0, a) || !copy_side(m, 1, b))
        return tfu_error_memory(e, "comparing", 0);
    return check_same(l, m, e);
}

enum tfu_status tfu_lines_take(struct tfu_lines *l, const struct tfu_side *side,
                               struct tfu_comparison *r, struct tfu_error *e)
{
    const struct tfu_line_kind like = {.name = side->subject->label, .single = true};
    return take(l, &like, side, side, r, e);
}

enum tfu_status tfu_lines_add(struct tfu_lines *l, const struct tfu_line_kind *kind,
                              const struct tfu_yardstick *y, const struct tfu_side *a,
                              const struct tfu_side *b, struct tfu_error *e)
{
    struct tfu_comparison r;
    const enum tfu_status st = tfu_sides_compare(&r, y, a, b, l->matrix, kind->noise, e);
    return st == TFU_OK ? take(l, kind, a, b, &r, e) : tfu_error_prefix(e, "%s", kind->name);
}

enum tfu_status tfu_lines_add_pair(struct tfu_lines *l, const struct tfu_line_kind *kind,
                                   const struct tfu_yardstick *y,
                                   const struct tfu_state_request state[2], struct tfu_error *e)
{
    const struct tfu_analysis_common *o = y->context->common;
    const struct tfu_side_request request[2] = {
        {.network = state[0], .nodes = &o->nodes},
        {.network = state[1], .nodes = o->nodes_b.count ? &o->nodes_b : &o->nodes}};
    struct tfu_side a, b;
    enum tfu_status st = tfu_sides_open(&a, &b, y, &request[0], &request[1], e);
    if (st == TFU_OK)
        st = tfu_lines_add(l, kind, y, &a, &b, e);
    tfu_side_close(&b);
    tfu_side_close(&a);
    return st;
}

/* ---- means */

/* Of a member over its draws; NaN when it has none. `value` has room for the draws. */
static double member_mean(const struct tfu_member *m, const char *key, size_t pair, double *value)
{
    const struct tfu_comparison *r = &m->comparison;
    const size_t n = tfu_compare_values(r, &r->pair[pair], key, value);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += value[i];
    return n ? sum / (double)n : NAN;
}

/* `value` has room for the draws and for the members. */
static struct tfu_mean mean_of(const struct tfu_curve *l, const char *key, size_t pair,
                               double *value)
{
    const struct tfu_comparison *first = &l->member[0].comparison;
    double *over = value + first->draws;
    size_t count = 0;
    if (l->member_count == 1)
        return tfu_mean(value, tfu_compare_values(first, &first->pair[pair], key, value));
    for (size_t i = 0; i < l->member_count; i++) {
        const double mean = member_mean(&l->member[i], key, pair, value);
        if (!isnan(mean))
            over[count++] = mean;
    }
    return tfu_mean(over, count);
}

static double *make_room(const struct tfu_curve *l)
{
    return calloc(l->member_count + (size_t)l->member[0].comparison.draws + 1, sizeof(double));
}

enum tfu_status tfu_curve_mean(const struct tfu_curve *l, const struct tfu_yardstick *y,
                               size_t pair, struct tfu_mean *out, struct tfu_error *e)
{
    double *value = make_room(l);
    if (!value)
        return tfu_error_memory(e, "comparing", 0);
    *out = mean_of(l, y->metric->plugin->name, pair, value);
    free(value);
    return TFU_OK;
}

enum tfu_status tfu_curve_means(const struct tfu_curve *l, const struct tfu_yardstick *y,
                                struct tfu_mean **out, struct tfu_error *e)
{
    const size_t pairs = l->member[0].comparison.pair_count;
    double *value = make_room(l);
    *out = calloc(pairs + 1, sizeof **out);
    for (size_t p = 0; *out && value && p < pairs; p++)
        (*out)[p] = mean_of(l, y->metric->plugin->name, p, value);
    const bool ok = *out && value;
    free(value);
    if (ok)
        return TFU_OK;
    free(*out);
    *out = NULL;
    return tfu_error_memory(e, "comparing", 0);
}

/* ---- few rows */

void tfu_lines_warn(const struct tfu_lines *l, const struct tfu_yardstick *y)
{
    struct tfu_chance fewest = {.rows = 0};
    const struct tfu_curve *line = NULL;
    size_t pair = 0;
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++)
            if (tfu_chance_take_fewest(&fewest, &l->line[i].member[k].comparison, &pair))
                line = &l->line[i];
    if (!tfu_chance_is_high(&fewest))
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_member_pair_name(&line->member[0], pair, &text);
    tfu_text_puts(&text, " has ");
    tfu_chance_describe(&fewest, &text);
    tfu_log_write(y->context->host.log, TFU_LOG_WARNING, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
}
