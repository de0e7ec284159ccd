/* SPDX-License-Identifier: MIT */
#include "core/report/section_common.h"

#include <string.h>

#include "core/config/options.h"
#include "core/config/study.h"
#include "core/config/value.h"
#include "core/report/section_choose.h"

const struct tfu_node *tfu_section_item(const struct tfu_node *list, size_t i)
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
        const size_t a =
            r->wrong ? 0
                     : tfu_report_axis_find(r->cases, r->load, below,
                                            tfu_section_item(list, i)->mark, names->item[i]);
        if (a != TFU_REPORT_NONE)
            out->item[out->count++] = a;
    }
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
    if (seed == TFU_REPORT_NONE || tfu_report_axes_have(&ask->rows, seed) ||
        tfu_report_axes_have(&ask->columns, seed) || seed == ask->x_axis)
        return;
    ask->over.item[ask->over.count++] = seed;
}

bool tfu_section_at_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
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

bool tfu_section_value_read(struct tfu_section_reader *r, const char *path, struct tfu_mark m,
                            const char *text, const char *at, struct tfu_report_value *out)
{
    if (!tfu_report_value_read(out, text)) {
        const char *near = tfu_text_nearest(text, tfu_report_costs, TFU_MEASURE_SECONDS);
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "%s: '%s' is no number of a run: write a metric with its data, as "
                            "test/auc, or a cost, as %s",
                            path, text, near ? near : tfu_report_costs[0]);
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

void tfu_section_values_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *n, const char *key,
                             const struct tfu_string_list *text, struct tfu_report_ask *ask)
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
        if (tfu_section_value_read(r, below, tfu_section_item(list, i)->mark, text->item[i],
                                   ask->at, &value[ask->values]))
            ask->values++;
    ask->value = value;
}

void tfu_section_name_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                           const char *kind, struct tfu_report_ask *ask)
{
    if (!ask->name[0])
        ask->name = tfu_load_printf(r->load, "%s_%zu", kind, r->section->count + 1);
    else if (!tfu_study_is_name(ask->name))
        tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(n, "name")->mark,
                            "%s.name: '%s' cannot be the name of a file (" TFU_STUDY_NAME_RULE ")",
                            path, ask->name);
}

void tfu_section_options_read(struct tfu_section_reader *r, const char *path,
                              const struct tfu_node *n, const struct tfu_option *option,
                              size_t count, const char *const *other, size_t others,
                              struct tfu_section_asked *a)
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

void tfu_section_cases_read(struct tfu_section_reader *r, const char *path,
                            const struct tfu_node *n, bool figure, struct tfu_section_asked *a)
{
    find_axes(r, path, n, figure ? "panels" : "rows", &a->rows, &a->ask.rows);
    find_axes(r, path, n, figure ? "lines" : "columns", &a->columns, &a->ask.columns);
    find_axes(r, path, n, "over", &a->over, &a->ask.over);
    if (a->over.count == 0 && !tfu_node_at(n, "over") && a->ask.over.item && !r->wrong)
        default_over(r, &a->ask);
    check_axes(r, path, figure, &a->ask);
    tfu_report_choose(r, path, n, &a->ask);
}

const struct tfu_report_ask *tfu_section_keep(struct tfu_section_reader *r,
                                              const struct tfu_section_asked *a, size_t before)
{
    struct tfu_report_ask *ask = tfu_load_alloc(r->load, sizeof *ask);
    if (!ask || tfu_diagnostics_count(r->load->diagnostics) > before)
        return NULL;
    *ask = a->ask;
    return ask;
}
