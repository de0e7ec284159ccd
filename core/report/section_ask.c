/* SPDX-License-Identifier: MIT */
#include "core/report/section_ask.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/config/options.h"
#include "core/config/study.h"
#include "core/config/value.h"
#include "core/report/section_against.h"
#include "core/report/section_choose.h"
#include "core/report/section_ends.h"
#include "core/report/section_heat_map.h"

/* What tables, figures and lists of runs have alike. */
struct asked {
    struct tfu_report_ask ask;
    struct tfu_string_list rows, columns, over, value, shown;
    const char *x;
};

static const char *const paired_words[] = {"delong",    "t",         "wilcoxon",
                                           "sign_flip", "bootstrap", NULL}; /* the first is 1 */
static const char *const correct_words[] = {"holm", "bh", "none", NULL};

#define LIST(field, help_)                                                                         \
    {                                                                                              \
        .name = #field, .help = (help_), .type = TFU_STRING_LIST, .flags = TFU_VALUE_SINGLE,       \
        .offset = offsetof(struct asked, field)                                                    \
    }
#define COMMON                                                                                     \
    {.name = "name",                                                                               \
     .help = "of its files",                                                                       \
     .type = TFU_STRING,                                                                           \
     .offset = offsetof(struct asked, ask.name)},                                                  \
    {                                                                                              \
        .name = "caption", .help = "what it shows; what is over how many runs is said behind it",  \
        .type = TFU_STRING, .offset = offsetof(struct asked, ask.caption)                          \
    }
#define NUMBERS                                                                                    \
    LIST(over, "the axes that a number is the mean over; by default `seed`"),                      \
        {.name = "at",                                                                             \
         .help = "which value of a metric: `last`, `best` or the number of a step",                \
         .type = TFU_STRING,                                                                       \
         .sdef = "last",                                                                           \
         .offset = offsetof(struct asked, ask.at)},                                                \
    {                                                                                              \
        .name = "digits", .help = "behind the point", .type = TFU_INT,                             \
        .offset = offsetof(struct asked, ask.digits), .idef = -1, .imin = 0, .imax = 15            \
    }

static const struct tfu_option table_options[] = {
    COMMON,
    LIST(rows, "an axis, or several: a row for each combination of their values"),
    LIST(columns, "the same of columns"),
    LIST(value, "a metric as test/auc, a cost as cost/parameters, or several"),
    NUMBERS,
};

static const struct tfu_option figure_options[] = {
    COMMON,
    {.name = "panels",
     .help = "an axis, or several: a panel for each combination of their values",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct asked, rows)},
    {.name = "lines",
     .help = "the same of lines, bars or marks in a panel, of rows of a heat map",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct asked, columns)},
    {.name = "x",
     .help = "what lies to the right: `step`, an axis, a metric or a cost",
     .type = TFU_STRING,
     .offset = offsetof(struct asked, x)},
    {.name = "log_x",
     .help = "in powers of ten",
     .type = TFU_BOOL,
     .offset = offsetof(struct asked, ask.log_x),
     .imax = 1},
    {.name = "log_y",
     .help = "the same of what is drawn upwards",
     .type = TFU_BOOL,
     .offset = offsetof(struct asked, ask.log_y),
     .imax = 1},
    NUMBERS,
};

static const struct tfu_option runs_options[] = {
    COMMON,
    {.name = "columns",
     .help = "axes and metrics; by default all axes and the metrics of the test data",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct asked, shown)},
};

/* ---- parts */

static const struct tfu_node *item_of(const struct tfu_node *list, size_t i)
{
    if (list->kind != TFU_NODE_SEQUENCE)
        return list;
    const struct tfu_node *n = list->first;
    while (i-- > 0 && n->next)
        n = n->next;
    return n;
}

static void find_axes(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                      const char *key, const struct tfu_string_list *names,
                      struct tfu_report_axes *out)
{
    const struct tfu_node *list = tfu_node_at(n, key);
    const char *below = tfu_load_printf(r->load, "%s.%s", path, key);
    out->item = tfu_load_array(r->load, (size_t)names->count + 1, sizeof *out->item);
    for (size_t i = 0; below && out->item && i < names->count; i++) {
        const size_t a = r->wrong ? 0
                                  : tfu_report_axis_find(r->cases, r->load, below,
                                                         item_of(list, i)->mark, names->item[i]);
        if (a != TFU_REPORT_NONE)
            out->item[out->count++] = a;
    }
}

static bool has(const struct tfu_report_axes *x, size_t axis)
{
    for (size_t i = 0; i < x->count; i++)
        if (x->item[i] == axis)
            return true;
    return false;
}

/* Without a word of it a mean is over seeds, where there are any and nothing else is done with
 * them. */
static void default_over(struct tfu_section_reader *r, struct tfu_report_ask *ask)
{
    struct tfu_report_cases *c = r->cases;
    size_t seed = TFU_REPORT_NONE;
    if (!c->sweep && c->index && tfu_index_count(c->index))
        seed = tfu_report_axis_find(c, r->load, "over", ask->mark, "seed");
    for (size_t a = 0; c->sweep && a < c->axes; a++)
        if (strcmp(c->axis[a].name, "seed") == 0)
            seed = a;
    if (seed == TFU_REPORT_NONE || has(&ask->rows, seed) || has(&ask->columns, seed) ||
        seed == ask->x_axis)
        return;
    ask->over.item[ask->over.count++] = seed;
}

static bool read_at(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                    struct tfu_report_ask *ask)
{
    const char *at = ask->at;
    if (strcmp(at, "last") == 0 || strcmp(at, "best") == 0 ||
        (at[0] && strlen(at) < 16 && strspn(at, "0123456789") == strlen(at)))
        return true;
    tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(n, "at")->mark,
                        "%s.at: expected last, best or the number of a step, got '%s'", path, at);
    return false;
}

/* A value of `text`, which stands at `m`. */
static bool read_value(struct tfu_section_reader *r, const char *path, struct tfu_mark m,
                       const char *text, const char *at, struct tfu_report_value *out)
{
    if (!tfu_report_value_read(out, text)) {
        struct tfu_text advice = TFU_TEXT_INIT;
        const char *near = tfu_text_nearest(text, tfu_report_costs, TFU_MEASURE_SECONDS);
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "%s: '%s' is no number of a run: write a metric with its data, as "
                            "test/auc, or a cost, as %s",
                            path, text, near ? near : tfu_report_costs[0]);
        tfu_text_free(&advice);
        return false;
    }
    out->path = path;
    out->mark = m;
    if (out->measure != TFU_MEASURE_METRIC)
        return true;
    const bool last = strcmp(at, "last") == 0;
    out->column = tfu_load_printf(r->load, "%s%s%s", text, last ? "" : "@", last ? "" : at);
    return out->column != NULL;
}

static void read_values(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                        const char *key, const struct tfu_string_list *text,
                        struct tfu_report_ask *ask)
{
    struct tfu_report_value *value =
        tfu_load_array(r->load, (size_t)text->count + 1, sizeof *value);
    const struct tfu_node *list = tfu_node_at(n, key);
    const char *below = tfu_load_printf(r->load, "%s.%s", path, key);
    if (!value || !below)
        return;
    if (text->count == 0)
        tfu_diagnostics_add(r->load->diagnostics, list ? list->mark : n->mark,
                            "%s is missing: a metric with its data, as test/auc, a cost, as "
                            "cost/parameters, or a list of them",
                            below);
    for (size_t i = 0; i < text->count; i++)
        if (read_value(r, below, item_of(list, i)->mark, text->item[i], ask->at,
                       &value[ask->values]))
            ask->values++;
    ask->value = value;
}

static void read_name(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                      const char *kind, struct tfu_report_ask *ask)
{
    if (!ask->name[0])
        ask->name = tfu_load_printf(r->load, "%s_%zu", kind, r->section->count + 1);
    else if (!tfu_study_is_name(ask->name))
        tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(n, "name")->mark,
                            "%s.name: '%s' cannot be the name of a file (" TFU_STUDY_NAME_RULE ")",
                            path, ask->name);
}

/* ---- tests */

struct test_keys {
    int32_t paired, correct;
};
static const struct tfu_option test_options[] = {
    {.name = "paired",
     .help = "the test: of predictions of the same examples, or over pairs of runs",
     .type = TFU_ENUM,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct test_keys, paired),
     .choices = paired_words},
    TFU_OPT_ENUM(struct test_keys, correct, "holm", correct_words,
                 "for how many tests there are in the table"),
};
static const char *const test_keys[] = {"against"};

/* Predictions say nothing of a loss or a cost. */
static void check_paired(struct tfu_section_reader *r, const char *path, struct tfu_mark m,
                         const struct tfu_report_ask *ask)
{
    if (ask->test.paired != TFU_PAIRED_DELONG && ask->test.paired != TFU_PAIRED_BOOTSTRAP)
        return;
    for (size_t i = 0; i < ask->values; i++) {
        int64_t output;
        if (!tfu_report_value_is_area(&ask->value[i], &output))
            tfu_diagnostics_add(r->load->diagnostics, m,
                                "%s.paired: %s compares predictions by the area under the ROC "
                                "curve of the test data, test/auc or test/auc.class.0, and not "
                                "'%s'; test that in a table of its own, by `paired: t`",
                                path, paired_words[ask->test.paired - TFU_PAIRED_DELONG],
                                ask->value[i].text);
    }
}

static void read_test(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                      struct tfu_report_ask *ask)
{
    const struct tfu_node *test = tfu_node_at(n, "test");
    const char *below = tfu_load_printf(r->load, "%s.test", path);
    struct test_keys keys = {.paired = 0};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    if (!test || !below)
        return;
    if (test->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, test->mark,
                            "%s: expected a mapping as {paired: t, against: {start: random}}, got "
                            "%s",
                            below, tfu_node_describe(r->load, test));
        return;
    }
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(test_options, &keys);
    tfu_options_read(r->load,
                     &(struct tfu_options_section){.path = below,
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = test_keys,
                                                   .other_count = TFU_COUNT(test_keys)},
                     test, test->mark);
    ask->test.paired = tfu_diagnostics_count(r->load->diagnostics) > before
                           ? TFU_PAIRED_NONE
                           : TFU_PAIRED_DELONG + keys.paired;
    ask->test.correct = keys.correct;
    check_paired(r, below, test->mark, ask);
    const char *against = tfu_load_printf(r->load, "%s.against", below);
    if (against)
        tfu_report_against_read(r, against, tfu_node_at(test, "against"), test->mark, ask,
                                &ask->test.against);
}

/* ---- published numbers */

struct published_keys {
    const char *file, *table;
};
static const struct tfu_option published_options[] = {
    TFU_OPT_PATH(struct published_keys, file, NULL, TFU_OPT_REQUIRED,
                 "YAML with numbers that were published"),
    TFU_OPT_STRING(struct published_keys, table, NULL, TFU_OPT_REQUIRED, "which of its tables"),
};

static void read_published(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                           struct tfu_report_ask *ask)
{
    const struct tfu_node *p = tfu_node_at(n, "published");
    const char *below = tfu_load_printf(r->load, "%s.published", path);
    struct published_keys keys = {.file = NULL};
    /* null: none, where the file that is changed has some */
    if (!p || tfu_node_is_null(p) || !below)
        return;
    if (p->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, p->mark,
                            "%s: expected a mapping as {file: published.yaml, table: table_1}, got "
                            "%s",
                            below, tfu_node_describe(r->load, p));
        return;
    }
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(published_options, &keys);
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_options_read(
        r->load, &(struct tfu_options_section){.path = below, .table = &table, .table_count = 1}, p,
        p->mark);
    /* said before anything is trained */
    if (tfu_diagnostics_count(r->load->diagnostics) == before && access(keys.file, R_OK) != 0)
        tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(p, "file")->mark,
                            "%s.file: '%s' cannot be read: %s", below, keys.file, strerror(errno));
    ask->published_file = keys.file;
    ask->published_table = keys.table;
}

/* ---- the three */

static void read_options(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                         const struct tfu_option *option, size_t count, const char *const *other,
                         size_t others, struct asked *a)
{
    const struct tfu_options_table table = {
        .option = option, .count = count, .stride = sizeof *option, .config = a};
    a->ask.mark = n->mark;
    a->ask.x_axis = TFU_REPORT_NONE;
    tfu_options_read(
        r->load,
        &(struct tfu_options_section){
            .path = path, .table = &table, .table_count = 1, .other = other, .other_count = others},
        n, n->mark);
}

/* No axis stands for two things. */
static void check_axes(struct tfu_section_reader *r, const char *path, bool figure,
                       const struct tfu_report_ask *ask)
{
    const char *const word[] = {figure ? "panels" : "rows", figure ? "lines" : "columns", "over",
                                "x"};
    size_t x = ask->x_axis;
    const struct tfu_report_axes list[] = {
        ask->rows, ask->columns, ask->over, {&x, x != TFU_REPORT_NONE}};
    if (r->wrong || (r->cases->blind && !r->cases->sweep)) /* whose axes have no numbers */
        return;
    for (size_t k = 0; k < TFU_COUNT(list); k++)
        for (size_t i = 0; i < list[k].count; i++)
            for (size_t j = 0; j < k + 1; j++)
                for (size_t o = 0; o < (j == k ? i : list[j].count); o++)
                    if (list[j].item[o] == list[k].item[i])
                        tfu_diagnostics_add(
                            r->load->diagnostics, ask->mark,
                            j == k ? "%s.%s: '%s' is there twice"
                                   : "%s.%s: '%s' is among `%s` already; an axis is one of them",
                            path, word[k], r->cases->axis[list[k].item[i]].name, word[j]);
}

/* Axes, what the numbers are means over, and which cases. */
static void read_cases(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                       bool figure, struct asked *a)
{
    find_axes(r, path, n, figure ? "panels" : "rows", &a->rows, &a->ask.rows);
    find_axes(r, path, n, figure ? "lines" : "columns", &a->columns, &a->ask.columns);
    find_axes(r, path, n, "over", &a->over, &a->ask.over);
    if (a->over.count == 0 && !tfu_node_at(n, "over") && a->ask.over.item && !r->wrong)
        default_over(r, &a->ask);
    check_axes(r, path, figure, &a->ask);
    tfu_report_choose(r, path, n, &a->ask);
}

static const struct tfu_report_ask *keep(struct tfu_section_reader *r, const struct asked *a,
                                         size_t findings)
{
    struct tfu_report_ask *ask = tfu_load_alloc(r->load, sizeof *ask);
    if (!ask || tfu_diagnostics_count(r->load->diagnostics) > findings)
        return NULL;
    *ask = a->ask;
    return ask;
}

const struct tfu_report_ask *tfu_report_ask_table(struct tfu_section_reader *r, const char *path,
                                                  const struct tfu_node *n)
{
    static const char *const other[] = {"where",     "runs",       "test",
                                        "published", "difference", "ratio"};
    struct asked a = {.x = NULL};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    read_options(r, path, n, table_options, TFU_COUNT(table_options), other, TFU_COUNT(other), &a);
    if (tfu_diagnostics_count(r->load->diagnostics) > before || !read_at(r, path, n, &a.ask))
        return NULL;
    read_name(r, path, n, "table", &a.ask);
    read_values(r, path, n, "value", &a.value, &a.ask);
    read_cases(r, path, n, false, &a);
    read_test(r, path, n, &a.ask);
    tfu_report_derived_read(r, path, n, &a.ask);
    read_published(r, path, n, &a.ask);
    if (a.rows.count == 0)
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s.rows is missing: an axis, or a list of axes", path);
    if (tfu_diagnostics_count(r->load->diagnostics) == before)
        tfu_report_choose_check(r, path, &a.ask);
    return keep(r, &a, before);
}

/* What lies to the right. */
static void read_x(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                   struct asked *a)
{
    static const char *const wanted[] = {
        [TFU_DRAW_CURVES] = "step or an axis",     [TFU_DRAW_BARS] = "an axis",
        [TFU_DRAW_SCATTER] = "a metric or a cost", [TFU_DRAW_BOX] = "an axis",
        [TFU_DRAW_PARETO] = "a cost or a metric",  [TFU_DRAW_HEAT_MAP] = "an axis",
    };
    struct tfu_report_ask *ask = &a->ask;
    const enum tfu_report_drawing kind = ask->drawing;
    const struct tfu_node *at = tfu_node_at(n, "x");
    const struct tfu_mark m = at ? at->mark : n->mark;
    const char *below = tfu_load_printf(r->load, "%s.x", path);
    const bool by_value = kind == TFU_DRAW_SCATTER || kind == TFU_DRAW_PARETO;
    if (!below)
        return;
    if (kind == TFU_DRAW_CURVES && (!a->x[0] || strcmp(a->x, "step") == 0)) {
        ask->by_step = true;
    } else if (!a->x[0]) {
        tfu_diagnostics_add(r->load->diagnostics, m, "%s is missing: %s", below, wanted[kind]);
    } else if (by_value) {
        read_value(r, below, m, a->x, ask->at, &ask->x);
    } else if (tfu_report_value_read(&ask->x, a->x)) {
        tfu_diagnostics_add(r->load->diagnostics, m, "%s: expected %s, got '%s'", below,
                            wanted[kind], a->x);
    } else {
        ask->x = (struct tfu_report_value){.text = NULL};
        ask->x_axis = r->wrong ? 0 : tfu_report_axis_find(r->cases, r->load, below, m, a->x);
    }
}

const struct tfu_report_ask *tfu_report_ask_figure(struct tfu_section_reader *r, const char *path,
                                                   const struct tfu_node *n)
{
    static const char *const other[] = {"where",   "runs", "y",      "curves",  "bars",
                                        "scatter", "box",  "pareto", "heat_map"};
    enum { FIRST = 3 };
    struct asked a = {.x = ""};
    const struct tfu_node *drawn = NULL;
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    read_options(r, path, n, figure_options, TFU_COUNT(figure_options), other, TFU_COUNT(other),
                 &a);
    for (size_t i = FIRST; i < TFU_COUNT(other); i++) {
        const struct tfu_node *k = tfu_node_at(n, other[i]);
        if (k && drawn)
            tfu_diagnostics_add(r->load->diagnostics, k->key_mark,
                                "%s: a figure is one of curves, bars, scatter, box, pareto and "
                                "heat_map, and '%s' is there already",
                                path, drawn->key);
        else if (k) {
            drawn = k;
            a.ask.drawing = (enum tfu_report_drawing)(i - FIRST);
        }
    }
    if (!drawn || drawn->kind != TFU_NODE_SCALAR || tfu_node_is_null(drawn))
        tfu_diagnostics_add(r->load->diagnostics, drawn ? drawn->mark : n->mark,
                            "%s: say what is drawn, as `curves: test/auc`, or bars, scatter, box, "
                            "pareto, heat_map",
                            path);
    if (tfu_diagnostics_count(r->load->diagnostics) > before || !read_at(r, path, n, &a.ask))
        return NULL;
    const struct tfu_string_list value = {.item = (const char *const[]){drawn->text}, .count = 1};
    read_name(r, path, n, "figure", &a.ask);
    read_values(r, path, n, drawn->key, &value, &a.ask);
    read_x(r, path, n, &a);
    tfu_report_ends_read(r, path, n, &a.ask);
    read_cases(r, path, n, true, &a);
    if (a.ask.drawing == TFU_DRAW_HEAT_MAP)
        tfu_report_heat_map_check(r, path, n, &a.ask);
    if (tfu_diagnostics_count(r->load->diagnostics) == before)
        tfu_report_choose_check(r, path, &a.ask);
    return keep(r, &a, before);
}

const struct tfu_report_ask *tfu_report_ask_runs(struct tfu_section_reader *r, const char *path,
                                                 const struct tfu_node *n)
{
    static const char *const other[] = {"where", "runs"};
    struct asked a = {.x = NULL};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    read_options(r, path, n, runs_options, TFU_COUNT(runs_options), other, TFU_COUNT(other), &a);
    if (tfu_diagnostics_count(r->load->diagnostics) > before)
        return NULL;
    read_name(r, path, n, "runs", &a.ask);
    struct tfu_report_value value;
    const struct tfu_node *list = tfu_node_at(n, "columns");
    for (size_t i = 0; i < a.shown.count && !r->wrong; i++)
        if (!tfu_report_value_read(&value, a.shown.item[i]))
            tfu_report_axis_find(r->cases, r->load, path, item_of(list, i)->mark, a.shown.item[i]);
    a.ask.shown = a.shown.item;
    a.ask.shown_count = (size_t)a.shown.count;
    tfu_report_choose(r, path, n, &a.ask);
    return keep(r, &a, before);
}
