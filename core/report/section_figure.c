/* SPDX-License-Identifier: MIT */
#include "core/report/section_ask.h"

#include <string.h>

#include "core/report/section_choose.h"
#include "core/report/section_common.h"
#include "core/report/section_ends.h"
#include "core/report/section_heat_map.h"

static const struct tfu_option figure_options[] = {
    TFU_SECTION_COMMON,
    {.name = "panels",
     .help = "an axis, or several: a panel for each combination of their values",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct tfu_section_asked, rows)},
    {.name = "lines",
     .help = "the same of lines, bars or marks in a panel, of rows of a heat map",
     .type = TFU_STRING_LIST,
     .flags = TFU_VALUE_SINGLE,
     .offset = offsetof(struct tfu_section_asked, columns)},
    {.name = "x",
     .help = "what lies to the right: `step`, an axis, a metric or a cost",
     .type = TFU_STRING,
     .offset = offsetof(struct tfu_section_asked, x)},
    {.name = "log_x",
     .help = "in powers of ten",
     .type = TFU_BOOL,
     .offset = offsetof(struct tfu_section_asked, ask.log_x),
     .imax = 1},
    {.name = "log_y",
     .help = "the same of what is drawn upwards",
     .type = TFU_BOOL,
     .offset = offsetof(struct tfu_section_asked, ask.log_y),
     .imax = 1},
    TFU_SECTION_NUMBERS,
};

/* Of runs any key may be an axis. */
static bool is_no_axis(const struct tfu_section_reader *r, const char *name)
{
    const struct tfu_report_cases *c = r->cases;
    bool is = false;
    for (size_t a = 0; a < c->axes; a++)
        is |= strcmp(c->axis[a].name, name) == 0;
    return c->sweep && !is;
}

/* What lies to the right. */
static void read_x(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                   struct tfu_section_asked *a)
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
    } else if (strcmp(a->x, "step") == 0 && (by_value || is_no_axis(r, a->x))) {
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "%s: only curves are drawn by step, as {curves: %s}; expected %s",
                            below, ask->values ? ask->value[0].text : "test/auc", wanted[kind]);
    } else if (by_value) {
        tfu_section_value_read(r, below, m, a->x, ask->at, &ask->x);
    } else if (tfu_report_value_read(&ask->x, a->x)) {
        tfu_diagnostics_add(r->load->diagnostics, m, "%s: expected %s, got '%s'", below,
                            wanted[kind], a->x);
    } else {
        ask->x = (struct tfu_report_value){.text = NULL};
        ask->x_axis = r->wrong ? 0 : tfu_report_axis_find(r->cases, r->load, below, m, a->x);
    }
}

/* What is read by others; from FIRST on it says what is drawn, in the order of the kinds. */
static const char *const other[] = {"where",   "runs", "y",      "curves",  "bars",
                                    "scatter", "box",  "pareto", "heat_map"};
enum { FIRST = 3 };

/* Other programs' `kind: bars, value: test/auc` is one mistake, and not three of its keys. */
static bool is_of_kind(struct tfu_section_reader *r, const char *path, const struct tfu_node *n)
{
    const struct tfu_node *kind = tfu_node_at(n, "kind"), *value = tfu_node_at(n, "value");
    const bool plain = value && value->kind == TFU_NODE_SCALAR && !tfu_node_is_null(value);
    const char *word = other[FIRST];
    if (!kind)
        return false;
    for (size_t i = FIRST; i < TFU_COUNT(other); i++) {
        if (tfu_node_at(n, other[i]))
            return false;
        if (kind->kind == TFU_NODE_SCALAR && strcmp(kind->text, other[i]) == 0)
            word = other[i];
    }
    tfu_diagnostics_add(r->load->diagnostics, kind->key_mark,
                        "%s: what is drawn is a key itself, one of curves, bars, scatter, box, "
                        "pareto and heat_map: write `%s: %s` in the place of `kind`%s",
                        path, word, plain ? value->text : "test/auc", value ? " and `value`" : "");
    return true;
}

const struct tfu_report_ask *tfu_report_ask_figure(struct tfu_section_reader *r, const char *path,
                                                   const struct tfu_node *n)
{
    struct tfu_section_asked a = {.x = ""};
    const struct tfu_node *drawn = NULL;
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    if (is_of_kind(r, path, n))
        return NULL;
    tfu_section_options_read(r, path, n, figure_options, TFU_COUNT(figure_options), other,
                             TFU_COUNT(other), &a);
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
    if (tfu_diagnostics_count(r->load->diagnostics) > before ||
        !tfu_section_at_read(r, path, n, &a.ask))
        return NULL;
    const struct tfu_string_list value = {.item = (const char *const[]){drawn->text}, .count = 1};
    tfu_section_name_read(r, path, n, "figure", &a.ask);
    tfu_section_values_read(r, path, n, drawn->key, &value, &a.ask);
    read_x(r, path, n, &a);
    tfu_report_ends_read(r, path, n, &a.ask);
    tfu_section_cases_read(r, path, n, true, &a);
    if (a.ask.drawing == TFU_DRAW_HEAT_MAP)
        tfu_report_heat_map_check(r, path, n, &a.ask);
    if (tfu_diagnostics_count(r->load->diagnostics) == before)
        tfu_report_choose_check(r, path, &a.ask);
    return tfu_section_keep(r, &a, before);
}
