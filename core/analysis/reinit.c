/* SPDX-License-Identifier: MIT
 *
 * study reinit: a part of a trained network back to values before training; what is lost?
 */
#include "core/study/reinit.h"
#include "core/analysis/all.h"
#include "core/analysis/scores.h"
#include "core/result/plot.h"

enum { TO_INITIAL, TO_FRESH };
enum { BY_STAGE, BY_LAYER };
static const char *const states[] = {"initial", "fresh", NULL};
static const char *const units[] = {"stage", "layer", NULL};

struct config {
    struct tfu_analysis_common common;
    int32_t to, by;
    const char *metric;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, to, "initial", states,
                 "initial: the values that training began with, the run's `init:` again; fresh: "
                 "values of the same `init:` with other seeds"),
    TFU_OPTION_DRAWS(5, "of fresh values"),
    TFU_OPT_ENUM(struct config, by, "stage", units,
                 "what is reset by itself: each stage, or each layer with parameters"),
    TFU_OPT_STRING(struct config, metric, "", 0,
                   "the metric of the table; by default the first of the configuration"),
    TFU_OPTION_SPLIT,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

/* The study, computed. */
struct study {
    const struct config *o;
    const struct tfu_subject *subject;
    struct tfu_assessor *assessor;
    struct tfu_reinit r;
    size_t headline; /* the measure of the table */
    double *value;   /* room for the draws */
    const char *data;
};

static const char *name_of(const struct study *s, size_t part)
{
    return part + 1 == s->r.parts ? "all" : s->r.part[part].name;
}

static const char *unit_of(const struct study *s)
{
    return units[s->o->by];
}

/* A measure of a part over its draws. */
static struct tfu_mean mean_of(const struct study *s, size_t part, size_t measure)
{
    return tfu_mean(s->value, tfu_reinit_values(&s->r, &s->r.part[part], measure, s->value));
}

/* How much worse than the trained network, in the direction of the measure; NaN: not defined. */
static double worse_by(const struct study *s, size_t measure, const struct tfu_mean *m)
{
    const struct tfu_measure *trained = &s->r.trained[measure];
    const double now = tfu_estimate_value(m->mean);
    return trained->lower_is_better ? now - trained->value : trained->value - now;
}

/* ---- tables */

static void show_row(const struct study *s, struct tfu_result_table *t, size_t part)
{
    const struct tfu_mean m = mean_of(s, part, s->headline);
    tfu_cell_text(t, "%s", name_of(s, part));
    tfu_cell_whole(t, s->r.part[part].values);
    tfu_cell_estimate(t, m.mean);
    if (s->r.draws > 1)
        tfu_cell_estimate(t, m.sd);
    tfu_cell_number(t, worse_by(s, s->headline, &m));
    if (s->headline > 0)
        tfu_cell_estimate(t, mean_of(s, part, 0).mean);
}

static void show_scores(const struct study *s, struct tfu_result *out)
{
    struct tfu_column column[6] = {{.name = unit_of(s)},
                                   {.name = "values"},
                                   {.name = s->r.trained[s->headline].key, .digits = 4}};
    size_t columns = 3;
    if (s->r.draws > 1)
        column[columns++] = (struct tfu_column){.name = "sd", .digits = 4};
    column[columns++] = (struct tfu_column){.name = "worse_by", .title = "worse by", .digits = 4};
    if (s->headline > 0)
        column[columns++] = (struct tfu_column){.name = s->r.trained[0].key, .digits = 4};
    struct tfu_result_table *t = tfu_result_table(out, "shown", TFU_TABLE_SHOWN, column, columns);
    tfu_cell_text(t, "none");
    tfu_cell_whole(t, 0);
    tfu_scores_put(t, &s->r.trained[s->headline], 1);
    if (s->r.draws > 1)
        tfu_cell_empty(t);
    tfu_cell_empty(t);
    if (s->headline > 0)
        tfu_scores_put(t, s->r.trained, 1);
    for (size_t i = 0; i < s->r.parts; i++)
        show_row(s, t, i);
}

/* Every number: first the trained network, then part by part. */
static void put_scores(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column first[] = {
        {.name = "part"}, {.name = "values"}, {.name = "draw"}};
    struct tfu_result_table *t = tfu_scores_table(out, "scores", TFU_TABLE_DATA, first,
                                                  TFU_COUNT(first), s->r.trained, s->r.measures);
    tfu_cell_text(t, "none");
    tfu_cell_whole(t, 0);
    tfu_cell_whole(t, 0);
    tfu_scores_put(t, s->r.trained, s->r.measures);
    for (size_t i = 0; i < s->r.parts * s->r.draws; i++) {
        const size_t part = i / s->r.draws, draw = i % s->r.draws;
        tfu_cell_text(t, "%s", name_of(s, part));
        tfu_cell_whole(t, s->r.part[part].values);
        tfu_cell_whole(t, (int64_t)draw);
        tfu_scores_put(t, &s->r.part[part].measure[draw * s->r.measures], s->r.measures);
    }
}

static void put_means(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column column[] = {{.name = "part"},    {.name = "drawn"},
                                               {.name = "measure"}, {.name = "mean"},
                                               {.name = "sd"},      {.name = "worse_by"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "means", TFU_TABLE_JSON, column, TFU_COUNT(column));
    for (size_t i = 0; i < s->r.parts * s->r.measures; i++) {
        const size_t part = i / s->r.measures, measure = i % s->r.measures;
        const struct tfu_mean m = mean_of(s, part, measure);
        tfu_cell_text(t, "%s", name_of(s, part));
        tfu_cell_whole(t, s->o->to == TO_FRESH && s->r.part[part].drawn);
        tfu_cell_text(t, "%s", s->r.trained[measure].key);
        tfu_cell_estimate(t, m.mean);
        tfu_cell_estimate(t, m.sd);
        tfu_cell_number(t, worse_by(s, measure, &m));
    }
}

static void put_about(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column column[] = {{.name = "network"},  {.name = "split"},
                                               {.name = "examples"}, {.name = "to"},
                                               {.name = "by"},       {.name = "draws"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "about", TFU_TABLE_JSON, column, TFU_COUNT(column));
    tfu_cell_text(t, "%s", s->subject->label);
    tfu_cell_text(t, "%s", tfu_assessor_split(s->assessor));
    tfu_cell_whole(t, tfu_scores_examples(s->assessor));
    tfu_cell_text(t, "%s", states[s->o->to]);
    tfu_cell_text(t, "%s", unit_of(s));
    tfu_cell_whole(t, (int64_t)s->r.draws);
}

/* ---- text */

/* Parts whose rules of `init:` have no chance in them: constants, or a file. */
static void say_undrawn(const struct study *s, struct tfu_result *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i + 1 < s->r.parts; i++)
        if (!s->r.part[i].drawn)
            tfu_text_printf(&text, "%s%s", text.length ? ", " : "", s->r.part[i].name);
    const char *list = tfu_result_keep(out, &text);
    if (list[0])
        tfu_result_say(out, "  fresh values are the initial ones where `init:` draws none: %s",
                       list);
}

/* ---- the figure: each part's mean with its standard deviation over the draws, and the trained
 * network's score behind them */

static void draw(const struct study *s, struct tfu_result *out)
{
    struct tfu_plot p;
    const struct tfu_measure *trained = &s->r.trained[s->headline];
    tfu_plot_begin(&p, out, 2, s->r.parts);
    tfu_plot_axes(&p, unit_of(s), trained->key);
    tfu_plot_series(&p, 0, s->o->to == TO_FRESH ? "set to fresh values" : "set to initial values",
                    false);
    tfu_plot_series(&p, 1, "trained", true);
    for (size_t i = 0; i < s->r.parts; i++) {
        const struct tfu_mean m = mean_of(s, i, s->headline);
        tfu_plot_name(&p, i, name_of(s, i));
        tfu_plot_spread(&p, 0, i, tfu_estimate_value(m.mean), tfu_estimate_value(m.sd));
        tfu_plot_point(&p, 1, i, trained->value);
    }
    const char *spread =
        s->r.draws > 1
            ? tfu_result_printf(out, "; mean and standard deviation over %zu draws", s->r.draws)
            : "";
    tfu_plot_caption(&p, "%s, one %s reset and all else kept; %s%s.", s->subject->label, unit_of(s),
                     s->data, spread);
}

static void report(const struct study *s, struct tfu_result *out)
{
    tfu_result_say(out, "%s", s->subject->label);
    if (s->o->to == TO_FRESH)
        tfu_result_say(out, "%s; each %s set to fresh values, %zu draws", s->data, unit_of(s),
                       s->r.draws);
    else
        tfu_result_say(out, "%s; each %s set back to its initial values", s->data, unit_of(s));
    show_scores(s, out);
    tfu_scores_say_reasons(out, s->r.trained, s->r.measures);
    for (size_t i = 0; i < s->r.parts; i++)
        tfu_scores_say_reasons(out, s->r.part[i].measure, s->r.draws * s->r.measures);
    if (s->o->to == TO_FRESH)
        say_undrawn(s, out);
    put_about(s, out);
    put_scores(s, out);
    put_means(s, out);
    draw(s, out);
}

static enum tfu_status compute_and_report(struct study *s, struct tfu_result *out,
                                          struct tfu_error *e)
{
    const struct tfu_reinit_request request = {
        .subject = s->subject,
        .assessor = s->assessor,
        .to = s->o->to == TO_FRESH ? TFU_REINIT_FRESH : TFU_REINIT_INITIAL,
        .draws = (size_t)s->o->common.draws,
        .by_layers = s->o->by == BY_LAYER,
    };
    const enum tfu_status st = tfu_reinit(&s->r, &request, e);
    if (st != TFU_OK)
        return st;
    s->data = tfu_scores_data(out, s->assessor);
    s->value = tfu_result_alloc(out, s->r.draws, sizeof *s->value);
    if (s->value)
        report(s, out);
    tfu_reinit_free(&s->r);
    return TFU_OK;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct study s = {.o = config};
    const char *metric = s.o->metric[0] ? s.o->metric : NULL;
    enum tfu_status st =
        tfu_analysis_subject(c, &(struct tfu_state_request){.spec = n->of[0]}, &s.subject, e);
    if (st == TFU_OK)
        st = tfu_scores_open(&s.assessor, c, s.subject, e);
    if (st == TFU_OK && tfu_assessor_find(s.assessor, metric, &s.headline, e) != TFU_OK)
        st = tfu_analysis_refuse(c, "metric", e, "%s", e->text);
    if (st == TFU_OK)
        st = compute_and_report(&s, out, e);
    tfu_assessor_free(s.assessor);
    return st;
}

const struct tfu_analysis tfu_analysis_reinit = {
    .name = "reinit",
    .group = "study",
    .summary = "a stage back to its values before training: what is lost?",
    .about = "Re-initialisation robustness: one stage of a trained network goes back to what it "
             "was before\n"
             "training, its running statistics with it, all else stays; the network is scored "
             "again. The\n"
             "last line is that of the whole network reset.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = 1,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
