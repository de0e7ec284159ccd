/* SPDX-License-Identifier: MIT
 *
 * study agreement: do two networks say the same, and err on the same examples?
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/analysis/all.h"
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
    const struct tfu_subject *a, *b;
    struct tfu_agreements r;
    const char *data; /* "test data, 30 examples" */
};

/* "all" for the one item of a classification, else the label's name, else its number. */
static const char *name_of(const struct study *s, size_t item, struct tfu_result *out)
{
    const struct tfu_task_config *task = &s->a->experiment->task;
    if (tfu_task_of(task)->words.chooses_one)
        return "all";
    if (task->class_names.count == (uint64_t)task->classes)
        return tfu_result_printf(out, "%s", task->class_names.item[item]);
    return tfu_result_printf(out, "%zu", item);
}

/* ---- tables */

static void put_number(struct tfu_result_table *t, const struct tfu_agreement *g, size_t k)
{
    const struct tfu_estimate *v = (const void *)((const char *)g + numbers[k].place);
    if (v->defined)
        tfu_cell_estimate(t, *v);
    else
        tfu_cell_none(t, g->examples == 0 ? no_labels : v == &g->kappa ? one_answer : one_score);
}

/* All numbers, or those for people. */
static void put_table(const struct study *s, struct tfu_result *out, bool shown)
{
    struct tfu_column column[2 + TFU_COUNT(numbers)] = {{.name = "label"}, {.name = "examples"}};
    size_t columns = 2;
    for (size_t k = 0; k < TFU_COUNT(numbers); k++)
        if (!shown || numbers[k].title)
            column[columns++] =
                (struct tfu_column){.name = numbers[k].key, .title = numbers[k].title, .digits = 4};
    struct tfu_result_table *t =
        tfu_result_table(out, "scores", shown ? TFU_TABLE_SHOWN : TFU_TABLE_DATA, column, columns);
    for (size_t i = 0; i < s->r.count; i++) {
        tfu_cell_text(t, "%s", name_of(s, i, out));
        tfu_cell_whole(t, s->r.item[i].examples);
        for (size_t k = 0; k < TFU_COUNT(numbers); k++)
            if (!shown || numbers[k].title)
                put_number(t, &s->r.item[i], k);
    }
}

static void put_about(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column column[] = {
        {.name = "a"}, {.name = "b"}, {.name = "split"}, {.name = "examples"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "about", TFU_TABLE_JSON, column, TFU_COUNT(column));
    tfu_cell_text(t, "%s", s->a->label);
    tfu_cell_text(t, "%s", s->b->label);
    tfu_cell_text(t, "%s", s->r.split);
    tfu_cell_whole(t, s->r.examples);
}

static void say_reasons(const struct study *s, struct tfu_result *out)
{
    bool none = false, kappa = false, consistency = false;
    for (size_t i = 0; i < s->r.count; i++) {
        const struct tfu_agreement *g = &s->r.item[i];
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

/* One item: shares of examples, beside those of networks that err independently. */
static void draw_shares(const struct study *s, struct tfu_plot *p)
{
    static const char *const name[] = {"both right", "only A", "only B", "both wrong"};
    const struct tfu_agreement *g = &s->r.item[0];
    const double a = tfu_estimate_value(g->accuracy_a), b = tfu_estimate_value(g->accuracy_b);
    const struct tfu_estimate seen[] = {g->both_right, g->only_a, g->only_b, g->both_wrong};
    const double chance[] = {a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)};
    tfu_plot_series(p, 0, "these networks", false);
    tfu_plot_series(p, 1, "independent ones", false);
    for (size_t i = 0; i < TFU_COUNT(name); i++) {
        tfu_plot_name(p, i, name[i]);
        tfu_plot_point(p, 0, i, tfu_estimate_value(seen[i]));
        tfu_plot_point(p, 1, i, chance[i]);
    }
}

/* Several: the two kappas of each label. */
static void draw_kappas(const struct study *s, struct tfu_plot *p)
{
    tfu_plot_series(p, 0, "error consistency", false);
    tfu_plot_series(p, 1, "kappa of what they say", false);
    for (size_t i = 0; i < s->r.count; i++) {
        tfu_plot_name(p, i, name_of(s, i, p->out));
        tfu_plot_point(p, 0, i, tfu_estimate_value(s->r.item[i].consistency));
        tfu_plot_point(p, 1, i, tfu_estimate_value(s->r.item[i].kappa));
    }
}

static void draw(const struct study *s, struct tfu_result *out)
{
    struct tfu_plot p;
    const bool one = s->r.count == 1;
    tfu_plot_begin(&p, out, 2, one ? 4 : s->r.count);
    tfu_plot_axes(&p, one ? "" : "label", one ? "share of examples" : "beyond chance");
    (one ? draw_shares : draw_kappas)(s, &p);
    tfu_plot_caption(&p, "%s A: %s; B: %s; %s.",
                     one ? "Who is right, and what it would be of independent networks that are "
                           "right as often."
                         : "Agreement beyond chance, 1 at most.",
                     s->a->label, s->b->label, s->data);
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct study s = {.a = NULL};
    const struct tfu_state_request request[2] = {{.spec = n->of[0]}, {.spec = n->of[1]}};
    enum tfu_status st = tfu_analysis_subject(c, &request[0], &s.a, e);
    if (st == TFU_OK)
        st = tfu_analysis_subject(c, &request[1], &s.b, e);
    const struct tfu_agreement_request agreement = {
        .a = s.a,
        .b = s.b,
        .split = tfu_analysis_split_name(config),
        .images = c->images,
        .arg = c->host.arg,
        .progress = c->host.progress,
    };
    if (st == TFU_OK)
        st = tfu_agree(&s.r, &agreement, e);
    if (st != TFU_OK)
        return st;
    s.data = tfu_result_printf(out, "%s data, %" PRId64 " examples", s.r.split, s.r.examples);
    tfu_result_say(out, "A: %s", s.a->label);
    tfu_result_say(out, "B: %s", s.b->label);
    tfu_result_say(out, "%s", s.data);
    put_table(&s, out, true);
    say_reasons(&s, out);
    put_about(&s, out);
    put_table(&s, out, false);
    draw(&s, out);
    tfu_agreements_free(&s.r);
    return TFU_OK;
}

const struct tfu_analysis tfu_analysis_agreement = {
    .name = "agreement",
    .group = "study",
    .summary = "do two networks err on the same examples?",
    .about = "Do two networks say the same of the same examples, and do they err on the same "
             "ones? Shares of\n"
             "examples that both get right, only A, only B, neither; Cohen's kappa of what they "
             "say; and\n"
             "error consistency: how far `both right or both wrong` is above what their "
             "accuracies alone\n"
             "would have it be (0: no more than chance, 1: they err on the very same examples). "
             "Of each\n"
             "label of a multi-label task, whose probability counts as a yes from 0.5 on. The "
             "networks may be\n"
             "of different architecture, but must have the same task and data.\n",
    .takes = TFU_ANALYSIS_TAKES_PAIR,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
