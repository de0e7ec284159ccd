/* SPDX-License-Identifier: MIT
 *
 * study agreement: do networks say the same, and err on the same examples?
 */
#include <inttypes.h>
#include <stdlib.h>

#include "core/analysis/all.h"
#include "core/analysis/pairs.h"
#include "core/result/plot.h"
#include "core/study/agreement.h"
#include "core/task/task.h"

struct config {
    struct tfu_analysis_common common;
};

static const struct tfu_option options[] = {
    TFU_OPTION_SPLIT,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

/* The numbers of an agreement; those without a title are not shown. */
static const struct {
    const char *key, *title;
    size_t place; /* of a tfu_estimate in struct tfu_agreement */
} numbers[] = {
    {"accuracy_a", "A right", offsetof(struct tfu_agreement, accuracy_a)},
    {"accuracy_b", "B right", offsetof(struct tfu_agreement, accuracy_b)},
    {"both_right", "both", offsetof(struct tfu_agreement, both_right)},
    {"only_a", "only A", offsetof(struct tfu_agreement, only_a)},
    {"only_b", "only B", offsetof(struct tfu_agreement, only_b)},
    {"both_wrong", "none", offsetof(struct tfu_agreement, both_wrong)},
    {"both_wrong_chance", "chance", offsetof(struct tfu_agreement, both_wrong_chance)},
    {"same", "same", offsetof(struct tfu_agreement, same)},
    {"kappa", "kappa", offsetof(struct tfu_agreement, kappa)},
    {"chance", NULL, offsetof(struct tfu_agreement, chance)},
    {"consistency", "consistency", offsetof(struct tfu_agreement, consistency)},
};

static const char no_labels[] = "no known labels";
static const char one_answer[] = "both networks say one and the same thing of every example";
static const char one_score[] = "both networks are right always, or wrong always";

/* The study, computed. */
struct study {
    struct tfu_pairs pairs;
    struct tfu_agreements *r; /* of each pair, all with the same items */
};

static size_t items(const struct study *s)
{
    return s->r[0].count;
}

/* "all" for the one item of a classification, else the label's name, else its number. */
static const char *name_of(const struct study *s, size_t item, struct tfu_result *out)
{
    const struct tfu_task_config *task = &s->pairs.pair[0].a->experiment->task;
    if (tfu_task_of(task)->words.chooses_one)
        return "all";
    if (task->class_names.count == (uint64_t)task->classes)
        return tfu_result_printf(out, "%s", task->class_names.item[item]);
    return tfu_result_printf(out, "%zu", item);
}

static const char *data_of(const struct study *s, size_t pair, struct tfu_result *out)
{
    return tfu_result_printf(out, "%s data, %" PRId64 " examples", s->r[pair].split,
                             s->r[pair].examples);
}

/* ---- numbers of a pair, and of a line */

static struct tfu_estimate number_of(const struct tfu_agreement *g, size_t number)
{
    return *(const struct tfu_estimate *)(const void *)((const char *)g + numbers[number].place);
}

/* Why it is not defined. */
static const char *reason_of(const struct tfu_agreement *g, size_t number)
{
    return g->examples == 0                                                 ? no_labels
           : numbers[number].place == offsetof(struct tfu_agreement, kappa) ? one_answer
                                                                            : one_score;
}

struct wanted {
    const struct study *s;
    size_t item, number;
};

static double value_of(const void *arg, size_t pair)
{
    const struct wanted *w = arg;
    return tfu_estimate_value(number_of(&w->s->r[pair].item[w->item], w->number));
}

static struct tfu_mean mean_of(const struct study *s, size_t line, size_t item, size_t number)
{
    const struct wanted wanted = {s, item, number};
    return tfu_pairs_mean(&s->pairs, line, value_of, &wanted);
}

/* ---- tables */

/* Appends a column for each number, or for those that are shown. */
static void add_numbers(struct tfu_column *column, size_t *columns, bool shown)
{
    for (size_t k = 0; k < TFU_COUNT(numbers); k++)
        if (!shown || numbers[k].title)
            column[(*columns)++] =
                (struct tfu_column){.name = numbers[k].key, .title = numbers[k].title, .digits = 4};
}

static void put_scores(const struct study *s, size_t pair, size_t item, bool shown,
                       struct tfu_result_table *t)
{
    const struct tfu_agreement *g = &s->r[pair].item[item];
    tfu_cell_text(t, "%s", name_of(s, item, t->result));
    tfu_cell_whole(t, g->examples);
    for (size_t k = 0; k < TFU_COUNT(numbers); k++) {
        if (shown && !numbers[k].title)
            continue;
        const struct tfu_estimate v = number_of(g, k);
        if (v.defined)
            tfu_cell_estimate(t, v);
        else
            tfu_cell_none(t, reason_of(g, k));
    }
}

/* For people, of the only pair. */
static void show_pair(const struct study *s, struct tfu_result *out)
{
    struct tfu_column column[2 + TFU_COUNT(numbers)] = {{.name = "label"}, {.name = "examples"}};
    size_t columns = 2;
    add_numbers(column, &columns, true);
    tfu_result_say(out, "A: %s", s->pairs.pair[0].a->label);
    tfu_result_say(out, "B: %s", s->pairs.pair[0].b->label);
    tfu_result_say(out, "%s", data_of(s, 0, out));
    struct tfu_result_table *t = tfu_result_table(out, "pair", TFU_TABLE_SHOWN, column, columns);
    for (size_t i = 0; i < items(s); i++)
        put_scores(s, 0, i, true, t);
}

/* For people, of several: means over the pairs of each line. */
static void show_lines(const struct study *s, struct tfu_result *out)
{
    struct tfu_column column[3 + TFU_COUNT(numbers)] = {TFU_PAIR_LINE_COLUMNS, {.name = "label"}};
    size_t columns = 3;
    add_numbers(column, &columns, true);
    for (size_t p = 0; p < s->pairs.count; p++)
        tfu_pairs_say(&s->pairs, p, data_of(s, p, out), out);
    tfu_pairs_say_spread(&s->pairs, out);
    struct tfu_result_table *t = tfu_result_table(out, "lines", TFU_TABLE_SHOWN, column, columns);
    for (size_t l = 0; l < s->pairs.lines; l++)
        for (size_t i = 0; i < items(s); i++) {
            tfu_pairs_put_line(&s->pairs, l, t);
            tfu_cell_text(t, "%s", name_of(s, i, out));
            for (size_t k = 0; k < TFU_COUNT(numbers); k++)
                if (numbers[k].title)
                    tfu_cell_mean(t, mean_of(s, l, i, k));
        }
}

/* For programs. */
static void put_tables(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column about[] = {
        TFU_PAIR_COLUMNS, {.name = "split"}, {.name = "examples"}};
    static const struct tfu_column means[] = {
        TFU_PAIR_LINE_COLUMNS, {.name = "label"}, {.name = "number"}, TFU_PAIR_MEAN_COLUMNS};
    struct tfu_column scores[5 + TFU_COUNT(numbers)] = {
        TFU_PAIR_COLUMNS, {.name = "label"}, {.name = "examples"}};
    size_t columns = 5;
    add_numbers(scores, &columns, false);
    struct tfu_result_table *t =
        tfu_result_table(out, "about", TFU_TABLE_JSON, about, TFU_COUNT(about));
    for (size_t p = 0; p < s->pairs.count; p++) {
        tfu_pairs_put(&s->pairs, p, t);
        tfu_cell_text(t, "%s", s->r[p].split);
        tfu_cell_whole(t, s->r[p].examples);
    }
    t = tfu_result_table(out, "scores", TFU_TABLE_DATA, scores, columns);
    for (size_t p = 0; p < s->pairs.count; p++)
        for (size_t i = 0; i < items(s); i++) {
            tfu_pairs_put(&s->pairs, p, t);
            put_scores(s, p, i, false, t);
        }
    t = tfu_result_table(out, "means", TFU_TABLE_DATA, means, TFU_COUNT(means));
    for (size_t l = 0; l < s->pairs.lines; l++)
        for (size_t i = 0; i < items(s); i++)
            for (size_t k = 0; k < TFU_COUNT(numbers); k++) {
                tfu_pairs_put_line(&s->pairs, l, t);
                tfu_cell_text(t, "%s", name_of(s, i, out));
                tfu_cell_text(t, "%s", numbers[k].key);
                tfu_pairs_put_mean(mean_of(s, l, i, k),
                                   reason_of(&s->r[s->pairs.line[l].first].item[i], k), t);
            }
}

static void say_reasons(const struct study *s, struct tfu_result *out)
{
    bool none = false, kappa = false, consistency = false;
    for (size_t k = 0; k < s->pairs.count * items(s); k++) {
        const struct tfu_agreement *g = &s->r[k / items(s)].item[k % items(s)];
        none = none || g->examples == 0;
        kappa = kappa || (g->examples > 0 && !g->kappa.defined);
        consistency = consistency || (g->examples > 0 && !g->consistency.defined);
    }
    if (none)
        tfu_result_say(out, "  n/a without examples: %s", no_labels);
    if (kappa)
        tfu_result_say(out, "  kappa n/a: %s", one_answer);
    if (consistency)
        tfu_result_say(out, "  consistency n/a: %s", one_score);
}

/* ---- the figure */

/* One pair and item: shares of examples, beside those of networks that err independently. */
static void draw_shares(const struct study *s, struct tfu_plot *p)
{
    static const char *const name[] = {"both right", "only A", "only B", "both wrong"};
    const struct tfu_agreement *g = &s->r[0].item[0];
    const double a = tfu_estimate_value(g->accuracy_a), b = tfu_estimate_value(g->accuracy_b);
    const struct tfu_estimate seen[] = {g->both_right, g->only_a, g->only_b, g->both_wrong};
    const double chance[] = {a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)};
    tfu_plot_begin(p, p->out, 2, TFU_COUNT(name));
    tfu_plot_axes(p, "", "share of examples");
    tfu_plot_series(p, 0, "these networks", false);
    tfu_plot_series(p, 1, "independent ones", false);
    for (size_t i = 0; i < TFU_COUNT(name); i++) {
        tfu_plot_name(p, i, name[i]);
        tfu_plot_point(p, 0, i, tfu_estimate_value(seen[i]));
        tfu_plot_point(p, 1, i, chance[i]);
    }
}

/* The number that is at this place in struct tfu_agreement. */
static size_t find_number(size_t place)
{
    size_t k = 0;
    while (numbers[k].place != place)
        k++;
    return k;
}

static void draw_mean(struct tfu_plot *p, size_t series, size_t i, struct tfu_mean m)
{
    tfu_plot_spread(p, series, i, tfu_estimate_value(m.mean), tfu_estimate_value(m.sd));
}

/* One line, or one item: the two kappas of each item, or of each line. */
static void draw_kappas(const struct study *s, struct tfu_plot *p, bool of_lines)
{
    const size_t consistency = find_number(offsetof(struct tfu_agreement, consistency));
    const size_t kappa = find_number(offsetof(struct tfu_agreement, kappa));
    const size_t count = of_lines ? s->pairs.lines : items(s);
    tfu_plot_begin(p, p->out, 2, count);
    tfu_plot_axes(p, of_lines ? "" : "label", "beyond chance");
    tfu_plot_series(p, 0, "error consistency", false);
    tfu_plot_series(p, 1, "kappa of what they say", false);
    for (size_t i = 0; i < count; i++) {
        const size_t line = of_lines ? i : 0, item = of_lines ? 0 : i;
        tfu_plot_name(p, i, of_lines ? s->pairs.line[i].name : name_of(s, i, p->out));
        draw_mean(p, 0, i, mean_of(s, line, item, consistency));
        draw_mean(p, 1, i, mean_of(s, line, item, kappa));
    }
}

/* Several of both: the error consistency of each item, a line a line. */
static void draw_consistency(const struct study *s, struct tfu_plot *p)
{
    const size_t consistency = find_number(offsetof(struct tfu_agreement, consistency));
    tfu_plot_begin(p, p->out, s->pairs.lines, items(s));
    tfu_plot_axes(p, "label", "error consistency");
    for (size_t l = 0; l < s->pairs.lines; l++) {
        tfu_plot_series(p, l, s->pairs.line[l].name, false);
        for (size_t i = 0; i < items(s); i++) {
            tfu_plot_name(p, i, name_of(s, i, p->out));
            draw_mean(p, l, i, mean_of(s, l, i, consistency));
        }
    }
}

static void draw(const struct study *s, struct tfu_result *out)
{
    struct tfu_plot p = {.out = out};
    const bool one_pair = s->pairs.count == 1, one_item = items(s) == 1;
    if (one_pair && one_item)
        draw_shares(s, &p);
    else if (one_item || s->pairs.lines == 1)
        draw_kappas(s, &p, one_item);
    else
        draw_consistency(s, &p);
    const char *what = one_pair && one_item
                           ? "Who is right, and what it would be of independent networks that are "
                             "right as often."
                           : "Agreement beyond chance, 1 at most.";
    if (one_pair)
        tfu_plot_caption(&p, "%s A: %s; B: %s; %s.", what, s->pairs.pair[0].a->label,
                         s->pairs.pair[0].b->label, data_of(s, 0, out));
    else
        tfu_plot_caption(&p, "%s %s %s.", what, tfu_pairs_caption(&s->pairs, out),
                         data_of(s, 0, out));
}

static void report(const struct study *s, struct tfu_result *out)
{
    (s->pairs.count == 1 ? show_pair : show_lines)(s, out);
    say_reasons(s, out);
    put_tables(s, out);
    draw(s, out);
}

/* ---- all */

static enum tfu_status measure(struct study *s, size_t pair, const void *config,
                               struct tfu_analysis_context *c, struct tfu_error *e)
{
    const struct tfu_pair *first = &s->pairs.pair[0], *is = &s->pairs.pair[pair];
    const struct tfu_agreement_request request = {
        .a = is->a,
        .b = is->b,
        .split = tfu_analysis_split_name(config),
        .images = c->images,
        .arg = c->host.arg,
        .progress = c->host.progress,
    };
    const enum tfu_status st = tfu_agree(&s->r[pair], &request, e);
    if (st != TFU_OK || s->r[pair].count == items(s))
        return st;
    return tfu_error_set(e, TFU_EINVAL,
                         "'%s' and '%s' have %zu labels to agree on, and '%s' and '%s' have %zu: "
                         "all pairs of an analysis are for one task; make several analyses",
                         is->a->label, is->b->label, s->r[pair].count, first->a->label,
                         first->b->label, items(s));
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct study s = {.r = NULL};
    enum tfu_status st = tfu_pairs_open(&s.pairs, c, n, e);
    if (st == TFU_OK && !(s.r = calloc(s.pairs.count, sizeof *s.r)))
        st = tfu_error_memory(e, "measuring agreement", 0);
    for (size_t p = 0; st == TFU_OK && p < s.pairs.count; p++)
        st = measure(&s, p, config, c, e);
    if (st == TFU_OK)
        report(&s, out);
    for (size_t p = 0; s.r && p < s.pairs.count; p++)
        tfu_agreements_free(&s.r[p]);
    free(s.r);
    tfu_pairs_free(&s.pairs);
    return st;
}

const struct tfu_analysis tfu_analysis_agreement = {
    .name = "agreement",
    .group = "study",
    .summary = "do two networks err on the same examples?",
    .about =
        "Do two networks say the same of the same examples, and do they err on the same "
        "ones? Shares of\n"
        "examples that both get right, only A, only B, neither; Cohen's kappa of what they "
        "say; and\n"
        "error consistency: how far `both right or both wrong` is above what their "
        "accuracies alone\n"
        "would have it be (0: no more than chance, 1: they err on the very same examples). "
        "Of each\n"
        "label of a multi-label task, whose probability counts as a yes from 0.5 on. The "
        "networks may be\n"
        "of different architecture, but must have the same task and data. Of several pairs: the "
        "means over those\n"
        "of a line.\n",
    .takes = TFU_ANALYSIS_TAKES_LINES,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
