/* SPDX-License-Identifier: MIT */
#include "core/cli/lines.h"
#include "core/cli/output.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/study.h"
#include "core/cli/table.h"
#include "core/study/chance.h"

static const char *headline(const struct tfu_comparing *c)
{
    return c->metric->plugin->name;
}

/* The mean over draws of a member; NaN when it has none. */
static double member_mean(const struct tfu_member *m, const char *key, size_t pair)
{
    const struct tfu_comparison *r = &m->comparison;
    double sum = 0;
    size_t count = 0;
    for (int64_t d = 0; d < r->draws; d++) {
        const struct tfu_compare_score *s = tfu_compare_find(&r->pair[pair].draw[d], key);
        if (s && !isnan(s->value)) {
            sum += s->value;
            count++;
        }
    }
    return count ? sum / (double)count : NAN;
}

struct tfu_mean tfu_curve_mean(const struct tfu_curve *l, const struct tfu_comparing *c,
                               size_t pair)
{
    const struct tfu_comparison *first = &l->member[0].comparison;
    const size_t room = l->member_count + (size_t)first->draws;
    double *value = calloc(room + 1, sizeof *value);
    size_t count = 0;
    if (value && l->member_count == 1)
        count = tfu_compare_values(first, &first->pair[pair], headline(c), value);
    for (size_t i = 0; value && l->member_count > 1 && i < l->member_count; i++) {
        const double mean = member_mean(&l->member[i], headline(c), pair);
        if (!isnan(mean))
            value[count++] = mean;
    }
    const struct tfu_mean mean = tfu_mean(value, value ? count : 0);
    free(value);
    return mean;
}

void tfu_curve_pair_name(const struct tfu_curve *l, size_t pair, struct tfu_text *out)
{
    tfu_member_pair_name(&l->member[0], pair, out);
}

static void describe_spread(const struct tfu_curve *l, struct tfu_text *out)
{
    if (l->member_count > 1)
        tfu_text_printf(out, "%zu pairs of networks", l->member_count);
    else
        tfu_text_printf(out, "%" PRId64 " draws", l->member[0].comparison.draws);
}

/* ---- a table */

static void put_mean(struct tfu_table *t, struct tfu_mean m)
{
    if (!m.mean.defined)
        tfu_table_cell(t, "n/a");
    else if (m.sd.defined)
        tfu_table_cell(t, "%.4f ± %.4f", m.mean.value, m.sd.value);
    else
        tfu_table_cell(t, "%.4f", m.mean.value);
}

static enum tfu_status print_lines(const struct tfu_lines *l, const struct tfu_comparing *c,
                                   struct tfu_error *e)
{
    struct tfu_table t;
    tfu_table_init(&t, l->count + 1);
    tfu_table_cell(&t, "%s", headline(c));
    for (size_t i = 0; i < l->count; i++)
        tfu_table_cell(&t, "%s", l->line[i].name);
    for (size_t p = 0; p < l->line[0].member[0].comparison.pair_count; p++) {
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_curve_pair_name(&l->line[0], p, &name);
        tfu_table_cell(&t, "%s", tfu_text_get(&name));
        tfu_text_free(&name);
        for (size_t i = 0; i < l->count; i++)
            put_mean(&t, tfu_curve_mean(&l->line[i], c, p));
    }
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    return st;
}

static enum tfu_status print_matrix(const struct tfu_curve *l, const struct tfu_comparing *c,
                                    struct tfu_error *e)
{
    const struct tfu_member *m = &l->member[0];
    struct tfu_table t;
    tfu_table_init(&t, m->node_count[1] + 1);
    tfu_table_cell(&t, "%s", l->name);
    for (size_t k = 0; k < m->node_count[1]; k++)
        tfu_table_cell(&t, "%s", m->node[1][k]);
    for (size_t p = 0; p < m->comparison.pair_count; p++) {
        const struct tfu_compare_pair *pair = &m->comparison.pair[p];
        if (pair->b == 0)
            tfu_table_cell(&t, "%s", m->node[0][pair->a]);
        tfu_table_number(&t, tfu_study_value(tfu_curve_mean(l, c, p).mean), 4);
    }
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    return st;
}

/* Why there is "n/a" in the table, once a reason. */
static void print_reasons(const struct tfu_lines *l, const struct tfu_comparing *c)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t p = 0; p < l->line[i].member[0].comparison.pair_count; p++) {
            if (tfu_curve_mean(&l->line[i], c, p).mean.defined)
                continue;
            const struct tfu_comparison *r = &l->line[i].member[0].comparison;
            struct tfu_text name = TFU_TEXT_INIT;
            tfu_curve_pair_name(&l->line[i], p, &name);
            printf("  n/a, %s of %s: %s\n", tfu_text_get(&name), l->line[i].name,
                   tfu_compare_reason(r, &r->pair[p], headline(c)));
            tfu_text_free(&name);
        }
}

static void print_heading(const struct tfu_lines *l, const struct tfu_comparing *c)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++) {
            const struct tfu_member *m = &l->line[i].member[k];
            if (l->line[i].single)
                printf("%s\n", l->line[i].name);
            else
                printf("%s: %s and %s\n", l->line[i].name, m->label[0], m->label[1]);
        }
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_comparing_describe(c, &l->line[0].member[0].comparison, &text);
    if (l->line[0].member_count > 1 || l->line[0].member[0].comparison.draws > 1) {
        tfu_text_puts(&text, "; ± is the standard deviation over ");
        describe_spread(&l->line[0], &text);
    }
    puts(tfu_text_get(&text));
    tfu_text_free(&text);
    tfu_comparing_advise(c, &l->line[0].member[0].comparison, &text);
    if (text.length)
        printf("note: %s\n", tfu_text_get(&text));
    tfu_text_free(&text);
}

enum tfu_status tfu_lines_print(const struct tfu_lines *l, const struct tfu_comparing *c,
                                struct tfu_error *e)
{
    print_heading(l, c);
    putchar('\n');
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && l->matrix && i < l->count; i++)
        st = print_matrix(&l->line[i], c, e);
    if (!l->matrix)
        st = print_lines(l, c, e);
    print_reasons(l, c);
    return st;
}

/* ---- JSON */

static json_t *member_values(const struct tfu_member *m, const struct tfu_compare_pair *pair)
{
    json_t *draws = json_array();
    for (int64_t d = 0; d < m->comparison.draws; d++) {
        const struct tfu_compare_draw *draw = &pair->draw[d];
        json_t *one =
            json_pack("{s:I, s:I, s:I}", "rows", (json_int_t)draw->rows, "columns_a",
                      (json_int_t)draw->columns_a, "columns_b", (json_int_t)draw->columns_b);
        for (size_t i = 0; i < draw->count; i++)
            json_object_set_new(one, draw->score[i].key, tfu_json_number(draw->score[i].value));
        if (draw->refusal)
            json_object_set_new(one, "refusal", json_string(draw->refusal));
        json_array_append_new(draws, one);
    }
    return draws;
}

static json_t *line_json(const struct tfu_curve *l, const struct tfu_comparing *c)
{
    json_t *pairs = json_array(), *networks = json_array();
    for (size_t k = 0; k < l->member_count; k++)
        json_array_append_new(networks, json_pack("{s:s, s:s}", "a", l->member[k].label[0], "b",
                                                  l->member[k].label[1]));
    for (size_t p = 0; p < l->member[0].comparison.pair_count; p++) {
        const struct tfu_mean mean = tfu_curve_mean(l, c, p);
        const struct tfu_member *m = &l->member[0];
        const struct tfu_compare_pair *pair = &m->comparison.pair[p];
        json_t *members = json_array();
        for (size_t k = 0; k < l->member_count; k++)
            json_array_append_new(members,
                                  member_values(&l->member[k], &l->member[k].comparison.pair[p]));
        json_array_append_new(
            pairs,
            json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o}", "a", m->node[0][pair->a], "b",
                      m->node[1][pair->b], "mean", tfu_json_estimate(mean.mean), "sd",
                      tfu_json_estimate(mean.sd), "low",
                      tfu_json_number(mean.interval.defined ? mean.interval.low : NAN), "high",
                      tfu_json_number(mean.interval.defined ? mean.interval.high : NAN), "n",
                      (json_int_t)mean.n, "draws", members));
    }
    return json_pack("{s:s, s:b, s:o, s:o}", "name", l->name, "baseline", l->baseline, "networks",
                     networks, "nodes", pairs);
}

json_t *tfu_lines_json(const struct tfu_lines *l, const struct tfu_comparing *c)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < l->count; i++)
        json_array_append_new(lines, line_json(&l->line[i], c));
    return json_pack("{s:s, s:o}", "metric", headline(c), "lines", lines);
}

/* ---- few rows */

/* The pair and draw with the fewest for each direction. */
struct worst {
    struct tfu_chance chance;
    const struct tfu_curve *line;
    size_t pair;
};

static void look_at(struct worst *w, const struct tfu_curve *line, size_t pair,
                    const struct tfu_compare_draw *d)
{
    struct tfu_chance chance = {.rows = 0};
    for (size_t i = 0; i < d->count; i++)
        tfu_chance_take(&chance, d->score[i].key, d->score[i].value);
    if (tfu_chance_rows(&chance) < tfu_chance_rows(&w->chance))
        *w = (struct worst){chance, line, pair};
}

static void warn_of_chance(const struct tfu_lines *l, const struct tfu_comparing *c)
{
    struct worst w = {.line = NULL};
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++) {
            const struct tfu_comparison *r = &l->line[i].member[k].comparison;
            for (size_t p = 0; p < r->pair_count; p++)
                for (int64_t d = 0; d < r->draws; d++)
                    look_at(&w, &l->line[i], p, &r->pair[p].draw[d]);
        }
    if (!tfu_chance_is_high(&w.chance))
        return;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_curve_pair_name(w.line, w.pair, &text);
    tfu_text_puts(&text, " has ");
    tfu_chance_describe(&w.chance, &text);
    tfu_log_write(c->log, TFU_LOG_WARNING, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
}

static enum tfu_status print_as_asked(const struct tfu_lines *l, struct tfu_comparing *c,
                                      struct tfu_error *e)
{
    tfu_progress_end(&c->progress);
    warn_of_chance(l, c);
    return c->options->json ? tfu_cli_json_print(tfu_lines_json(l, c), e)
                            : tfu_lines_print(l, c, e);
}

enum tfu_status tfu_lines_tell(const struct tfu_lines *l, struct tfu_comparing *c, const char *stem,
                               struct tfu_error *e)
{
    const enum tfu_status st = print_as_asked(l, c, e);
    return st == TFU_OK && c->options->output ? tfu_lines_write_values(l, c, stem, e) : st;
}

enum tfu_status tfu_lines_show(const struct tfu_lines *l, struct tfu_comparing *c, const char *stem,
                               struct tfu_error *e)
{
    const enum tfu_status st = print_as_asked(l, c, e);
    return st == TFU_OK && c->options->output ? tfu_lines_write(l, c, stem, e) : st;
}
