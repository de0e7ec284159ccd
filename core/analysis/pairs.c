/* SPDX-License-Identifier: MIT */
#include "core/analysis/pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_first_of_name(const struct tfu_analysis_networks *n, size_t line)
{
    for (size_t i = 0; i < line; i++)
        if (strcmp(n->line[i].name, n->line[line].name) == 0)
            return false;
    return true;
}

static enum tfu_status open_pair(struct tfu_pair *out, struct tfu_analysis_context *c,
                                 const char *a, const char *b, struct tfu_error *e)
{
    const struct tfu_state_request request[2] = {{.spec = a}, {.spec = b}};
    const enum tfu_status st = tfu_analysis_subject(c, &request[0], &out->a, e);
    return st == TFU_OK ? tfu_analysis_subject(c, &request[1], &out->b, e) : st;
}

/* All pairs that are called as line number `like` is. */
static enum tfu_status open_line(struct tfu_pairs *p, struct tfu_analysis_context *c,
                                 const struct tfu_analysis_networks *n, size_t like,
                                 struct tfu_error *e)
{
    struct tfu_pair_line *line = &p->line[p->lines];
    *line = (struct tfu_pair_line){.name = n->line[like].name, .first = p->count};
    enum tfu_status st = TFU_OK;
    for (size_t i = like; i < n->lines; i++)
        for (size_t k = 0; st == TFU_OK && k < n->line[i].pairs; k++) {
            if (strcmp(n->line[i].name, line->name) != 0)
                continue;
            struct tfu_pair *pair = &p->pair[p->count];
            *pair = (struct tfu_pair){.line = p->lines};
            st = open_pair(pair, c, n->line[i].a[k], n->line[i].b[k], e);
            p->count += st == TFU_OK;
        }
    line->count = p->count - line->first;
    p->lines++;
    return st;
}

enum tfu_status tfu_pairs_open(struct tfu_pairs *out, struct tfu_analysis_context *c,
                               const struct tfu_analysis_networks *n, struct tfu_error *e)
{
    struct tfu_pairs *p = out;
    size_t pairs = 0;
    for (size_t i = 0; i < n->lines; i++)
        pairs += n->line[i].pairs;
    *p = (struct tfu_pairs){.pair = calloc(pairs + 1, sizeof *p->pair),
                            .line = calloc(n->lines + 1, sizeof *p->line),
                            .room = calloc(pairs + 1, sizeof *p->room)};
    if (!p->pair || !p->line || !p->room)
        return tfu_error_memory(e, "opening pairs of networks", 0);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < n->lines; i++)
        if (is_first_of_name(n, i))
            st = open_line(p, c, n, i, e);
    return st;
}

void tfu_pairs_free(struct tfu_pairs *p)
{
    free(p->pair);
    free(p->line);
    free(p->room);
    *p = (struct tfu_pairs){.count = 0};
}

struct tfu_mean tfu_pairs_mean(const struct tfu_pairs *p, size_t line,
                               double (*value)(const void *arg, size_t pair), const void *arg)
{
    const struct tfu_pair_line *l = &p->line[line];
    size_t count = 0;
    for (size_t i = l->first; i < l->first + l->count; i++) {
        const double v = value(arg, i);
        if (!isnan(v))
            p->room[count++] = v;
    }
    return tfu_mean(p->room, count);
}

/* ---- tables */

void tfu_pairs_put(const struct tfu_pairs *p, size_t pair, struct tfu_result_table *t)
{
    tfu_cell_text(t, "%s", p->line[p->pair[pair].line].name);
    tfu_cell_text(t, "%s", p->pair[pair].a->label);
    tfu_cell_text(t, "%s", p->pair[pair].b->label);
}

void tfu_pairs_put_line(const struct tfu_pairs *p, size_t line, struct tfu_result_table *t)
{
    tfu_cell_text(t, "%s", p->line[line].name);
    tfu_cell_whole(t, (int64_t)p->line[line].count);
}

void tfu_pairs_put_mean(struct tfu_mean m, const char *why, struct tfu_result_table *t)
{
    if (m.mean.defined)
        tfu_cell_estimate(t, m.mean);
    else
        tfu_cell_none(t, why);
    tfu_cell_estimate(t, m.sd);
    tfu_cell_bounds(t, m.interval);
    tfu_cell_whole(t, (int64_t)m.n);
}

/* ---- text */

void tfu_pairs_say(const struct tfu_pairs *p, size_t pair, const char *data, struct tfu_result *out)
{
    const struct tfu_pair *is = &p->pair[pair];
    tfu_result_say(out, "%s: %s and %s; %s", p->line[is->line].name, is->a->label, is->b->label,
                   data);
}

static bool has_spread(const struct tfu_pairs *p)
{
    size_t i = 0;
    while (i < p->lines && p->line[i].count < 2)
        i++;
    return i < p->lines;
}

void tfu_pairs_say_spread(const struct tfu_pairs *p, struct tfu_result *out)
{
    if (has_spread(p))
        tfu_result_say(out, "± is the standard deviation over the pairs of a line");
}

const char *tfu_pairs_caption(const struct tfu_pairs *p, struct tfu_result *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < p->lines; i++) {
        const struct tfu_pair *first = &p->pair[p->line[i].first];
        tfu_text_printf(&text, "%s%s: %s and %s", i ? " " : "", p->line[i].name, first->a->label,
                        first->b->label);
        if (p->line[i].count > 1)
            tfu_text_printf(&text, ", and %zu pair%s more", p->line[i].count - 1,
                            p->line[i].count == 2 ? "" : "s");
        tfu_text_puts(&text, ".");
    }
    if (has_spread(p))
        tfu_text_puts(&text, " Bars: one standard deviation over the pairs of a line.");
    return tfu_result_keep(out, &text);
}
