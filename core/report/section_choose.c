/* SPDX-License-Identifier: MIT */
#include "core/report/section_choose.h"

#include <stdlib.h>
#include <string.h>

#include "core/index/groups.h"
#include "core/sweep/choose.h"

/* ---- by the axes of the sweep */

static void choose_cases(struct tfu_section_reader *r, const char *path,
                         const struct tfu_node *where, struct tfu_report_ask *ask, bool *chosen)
{
    static const char *const none[] = {NULL};
    const struct tfu_sweep *s = r->cases->sweep;
    struct tfu_sweep_choice choice;
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_sweep_choose(s, r->load, path, where, none, &choice);
    if (r->load->out_of_memory || tfu_diagnostics_count(r->load->diagnostics) > before)
        return;
    for (size_t i = 0; i < r->cases->count; i++)
        chosen[i] = choice.chosen[s->support + i];
    ask->count = choice.count;
    if (choice.count == 0 && !choice.narrowed) {
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_node_put(&text, where);
        tfu_diagnostics_add(r->load->diagnostics, where->mark, "%s: no case of the sweep has %s",
                            path, tfu_text_get(&text));
        r->load->out_of_memory |= text.failed;
        tfu_text_free(&text);
    }
}

/* ---- by the keys of runs */

static bool is_one_of(const struct tfu_node *n, const char *value)
{
    if (n->kind != TFU_NODE_SEQUENCE)
        return n->text && tfu_report_same_value(n->text, value);
    for (const struct tfu_node *k = n->first; k; k = k->next)
        if (k->text && tfu_report_same_value(k->text, value))
            return true;
    return false;
}

static void choose_by_key(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                          bool *chosen)
{
    struct tfu_report_cases *c = r->cases;
    if (n->kind == TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, n->mark,
                            "%s.%s: expected a value or a list of values, got %s", path, n->key,
                            tfu_node_describe(r->load, n));
        return;
    }
    const size_t a = tfu_report_axis_find(c, r->load, path, n->key_mark, n->key);
    if (a == TFU_REPORT_NONE || c->blind)
        return;
    const struct tfu_report_axis *axis = &c->axis[a];
    bool *meant = tfu_load_array(r->load, axis->count + 1, sizeof *meant);
    for (size_t v = 0; meant && v < axis->count; v++)
        meant[v] = is_one_of(n, axis->value[v]);
    for (size_t i = 0; meant && i < c->count; i++)
        chosen[i] = chosen[i] && axis->of[i] != TFU_REPORT_NONE && meant[axis->of[i]];
}

static void choose_by_pattern(struct tfu_section_reader *r, const struct tfu_node *n, bool *chosen)
{
    const struct tfu_report_cases *c = r->cases;
    for (size_t i = 0; i < c->count; i++) {
        bool fits = n->kind == TFU_NODE_SCALAR && tfu_text_glob(n->text, c->item[i].name);
        for (const struct tfu_node *k = n->kind == TFU_NODE_SEQUENCE ? n->first : NULL; k && !fits;
             k = k->next)
            fits = k->text && tfu_text_glob(k->text, c->item[i].name);
        chosen[i] = fits;
    }
}

static void choose_runs(struct tfu_section_reader *r, const char *path, const struct tfu_node *runs,
                        const struct tfu_node *where, struct tfu_report_ask *ask, bool *chosen)
{
    for (size_t i = 0; i < r->cases->count; i++)
        chosen[i] = true;
    if (runs)
        choose_by_pattern(r, runs, chosen);
    for (const struct tfu_node *n = where ? where->first : NULL; n; n = n->next)
        choose_by_key(r, path, n, chosen);
    for (size_t i = 0; i < r->cases->count; i++)
        ask->count += chosen[i];
    if (ask->count == 0 && !r->cases->blind && r->cases->count)
        tfu_diagnostics_add(r->load->diagnostics,
                            runs    ? runs->mark
                            : where ? where->mark
                                    : ask->mark,
                            "%s: none of the %zu runs of the store fits", path, r->cases->count);
}

void tfu_report_choose(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                       struct tfu_report_ask *ask)
{
    struct tfu_report_cases *c = r->cases;
    const struct tfu_node *where = tfu_node_at(n, "where"), *runs = tfu_node_at(n, "runs");
    bool *chosen = tfu_load_array(r->load, c->count + 1, sizeof *chosen);
    const char *below = tfu_load_printf(r->load, "%s.where", path);
    ask->chosen = chosen;
    if (!chosen || !below)
        return;
    if (where && where->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, where->mark,
                            "%s: expected a mapping of axes as {seed: 0}, got %s", below,
                            tfu_node_describe(r->load, where));
        return;
    }
    if (runs && c->sweep) {
        tfu_diagnostics_add(r->load->diagnostics, runs->key_mark,
                            "%s.runs: the file has cases; choose among them by `where: {AXIS: "
                            "VALUE}`",
                            path);
        return;
    }
    if (r->wrong)
        return;
    if (!c->sweep) {
        choose_runs(r, below, runs, where, ask, chosen);
    } else if (where && where->first) {
        choose_cases(r, below, where, ask, chosen);
    } else {
        memset(chosen, 1, c->count * sizeof *chosen);
        ask->count = c->count;
    }
}

/* ---- may they be averaged? */

static bool is_used(const struct tfu_report_ask *ask, size_t axis)
{
    const struct tfu_report_axes *list[] = {&ask->rows, &ask->columns, &ask->over};
    for (size_t k = 0; k < TFU_COUNT(list); k++)
        for (size_t i = 0; i < list[k]->count; i++)
            if (list[k]->item[i] == axis)
                return true;
    return axis == ask->x_axis;
}

static void refuse(struct tfu_section_reader *r, const char *path, const struct tfu_report_ask *ask,
                   size_t axis, size_t a, size_t b)
{
    const struct tfu_report_axis *x = &r->cases->axis[axis];
    const bool none_a = x->of[a] == TFU_REPORT_NONE, none_b = x->of[b] == TFU_REPORT_NONE;
    tfu_diagnostics_add(r->load->diagnostics, ask->mark,
                        "%s: cases that would be one number differ on the axis '%s' ('%s' and "
                        "'%s'); name it among its axes or in `over`, or choose one value by "
                        "`where: {%s: ...}`",
                        path, x->name, none_a ? "none" : x->value[x->of[a]],
                        none_b ? "none" : x->value[x->of[b]], x->name);
}

/* Runs of a store may differ in any key, not only in those that the file names. */
static bool check_runs(struct tfu_section_reader *r, const char *path,
                       const struct tfu_report_ask *ask, const struct tfu_report_group *g)
{
    enum { NAMED = 8 };
    const struct tfu_report_cases *c = r->cases;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_arena arena;
    struct tfu_run_group *group;
    size_t groups = 0;
    tfu_arena_init(&arena, 0);
    const struct tfu_index_run **run = tfu_arena_array(&arena, g->count + 1, sizeof *run);
    const char **over = tfu_arena_array(&arena, ask->over.count + 1, sizeof *over);
    enum tfu_status st = run && over ? TFU_OK : TFU_ENOMEM;
    for (size_t i = 0; st == TFU_OK && i < g->count; i++)
        run[i] = tfu_index_run(c->index, g->item[i]);
    for (size_t i = 0; st == TFU_OK && i < ask->over.count; i++)
        over[i] = c->axis[ask->over.item[i]].name;
    if (st == TFU_OK)
        st = tfu_index_group(c->index, run, g->count, over, ask->over.count, NAMED, &arena, &group,
                             &groups, &e);
    r->load->out_of_memory |= st == TFU_ENOMEM;
    if (st != TFU_OK)
        tfu_diagnostics_add(r->load->diagnostics, ask->mark, "%s: %s", path, e.text);
    else if (groups > 1)
        tfu_diagnostics_add(r->load->diagnostics, ask->mark,
                            "%s: runs that would be one number differ in more than %s: one has %s, "
                            "another %s; name that key, or choose by `where`",
                            path, ask->over.count ? over[0] : "nothing",
                            groups > NAMED ? "some values" : group[0].label,
                            groups > NAMED ? "others" : group[1].label);
    tfu_arena_free(&arena);
    return st == TFU_OK && groups <= 1;
}

void tfu_report_choose_check(struct tfu_section_reader *r, const char *path,
                             const struct tfu_report_ask *ask)
{
    const struct tfu_report_cases *c = r->cases;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_report_group *group;
    size_t groups;
    if (r->wrong || (c->blind && !c->sweep) || ask->drawing == TFU_DRAW_SCATTER ||
        ask->drawing == TFU_DRAW_PARETO)
        return;
    struct tfu_report_axes by = {
        .item = tfu_load_array(r->load, ask->rows.count + ask->columns.count + 2, sizeof(size_t))};
    if (!by.item)
        return;
    for (size_t i = 0; i < ask->rows.count; i++)
        by.item[by.count++] = ask->rows.item[i];
    for (size_t i = 0; i < ask->columns.count; i++)
        by.item[by.count++] = ask->columns.item[i];
    if (ask->x_axis != TFU_REPORT_NONE)
        by.item[by.count++] = ask->x_axis;
    if (tfu_report_group(c, ask->chosen, &by, &group, &groups, NULL, &e) != TFU_OK) {
        r->load->out_of_memory |= e.status == TFU_ENOMEM;
        tfu_diagnostics_add(r->load->diagnostics, ask->mark, "%s: %s", path, e.text);
        return;
    }
    const bool averages = ask->drawing != TFU_DRAW_BOX; /* each point of which is a run */
    for (size_t g = 0; !c->sweep && c->index && averages && g < groups; g++)
        if (group[g].count > 1 && !check_runs(r, path, ask, &group[g]))
            return;
    if (!c->sweep)
        return;
    const size_t tuned = c->sweep->tune ? c->sweep->tune->axis : TFU_REPORT_NONE;
    for (size_t a = 0; a < c->axes; a++) {
        if (is_used(ask, a) || a == tuned)
            continue;
        for (size_t g = 0; g < groups; g++)
            for (size_t i = 1; i < group[g].count; i++)
                if (c->axis[a].of[group[g].item[i]] != c->axis[a].of[group[g].item[0]]) {
                    refuse(r, path, ask, a, group[g].item[0], group[g].item[i]);
                    return;
                }
    }
}
