/* SPDX-License-Identifier: MIT */
#include "core/report/figure_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/report/table_number.h"
#include "core/stats/summary.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing a figure", 0);
}

/* How many runs are asked for, and what is missing. */
static void ask_for(struct tfu_report_drawn *f, const struct tfu_report_number *x, const char *name,
                    const char *hole)
{
    f->least = x->asked < f->least ? x->asked : f->least;
    f->most = x->asked > f->most ? x->asked : f->most;
    if (hole)
        tfu_text_printf(&f->notes, "%s: %s\n", name[0] ? name : "All", hole);
}

static void rest_on(struct tfu_report_drawn *f, const struct tfu_report_number *x)
{
    for (size_t i = 0; i < x->runs; i++)
        f->rests_on[x->run[i]] = true;
}

/* What a point rests on, and what it lacks. */
static void account(struct tfu_report_drawn *f, const struct tfu_report_number *x, const char *name,
                    const char *hole)
{
    ask_for(f, x, name, hole);
    rest_on(f, x);
}

static void say(struct tfu_report_drawn *f, const char *name, const char *at, double value)
{
    if (!isfinite(value))
        return;
    tfu_text_printf(&f->said, "%s%s%s%s %.4g", f->said.length ? "; " : "", name,
                    name[0] && at[0] ? " " : "", at, value);
}

/* ---- by step */

struct step {
    int64_t step;
    size_t run; /* among those of the line */
    double value;
};

static int by_step(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return x->run < y->run ? -1 : x->run > y->run;
}

struct steps {
    struct step *item;
    size_t count, room;
};

/* `found`: how many points it has. */
static enum tfu_status take_run(struct tfu_report_drawn *f, size_t item, size_t run,
                                struct steps *all, size_t *found, struct tfu_error *e)
{
    const struct tfu_report_cases *c = f->b->cases;
    struct tfu_index_point *point;
    struct tfu_arena arena;
    size_t count;
    const size_t before = all->count;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = tfu_index_points(c->index, tfu_index_run(c->index, c->item[item].row),
                                          &arena, &point, &count, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        if (strcmp(point[i].series, f->y->value.text) != 0)
            continue;
        if (all->count == all->room) {
            const size_t room = all->room ? 2 * all->room : 256;
            struct step *more = reallocarray(all->item, room, sizeof *more);
            if (!more) {
                st = no_memory(e);
                break;
            }
            all->item = more;
            all->room = room;
        }
        all->item[all->count++] = (struct step){point[i].step, run, point[i].value};
    }
    *found = all->count - before;
    tfu_arena_free(&arena);
    return st;
}

/* What is wrong with the run's metrics.csv; NULL: nothing is known to be. */
static const char *damage_of(const struct tfu_report_drawn *f, size_t item)
{
    const struct tfu_report_cases *c = f->b->cases;
    const char *problem = tfu_index_run(c->index, c->item[item].row)->problem;
    const char *at = problem ? strstr(problem, "metrics.csv") : NULL;
    return at ? tfu_arena_printf(c->arena, "%.*s", (int)strcspn(at, ";\n"), at) : NULL;
}

/* The steps of the runs of `x`. One that has none, or lost some, is taken out of `x`: it would
 * leave steps to none of the others. */
static enum tfu_status take_runs(struct tfu_report_drawn *f, struct tfu_report_number *x,
                                 const char *name, struct steps *all, struct tfu_error *e)
{
    static const struct tfu_report_axes whole_names = {.count = 0};
    struct tfu_report_cases *c = f->b->cases;
    size_t *kept = tfu_arena_array(c->arena, x->runs + 1, sizeof *kept), n = 0;
    struct tfu_text gone = TFU_TEXT_INIT;
    enum tfu_status st = kept ? TFU_OK : no_memory(e);
    for (size_t i = 0; st == TFU_OK && i < x->runs; i++) {
        const size_t item = x->run[i], before = all->count;
        size_t found = 0;
        st = take_run(f, item, n, all, &found, e);
        if (st != TFU_OK)
            break;
        const char *damage = damage_of(f, item);
        if (found && !damage) {
            kept[n++] = item;
            continue;
        }
        all->count = before;
        const char *which = tfu_report_case_name(c, &whole_names, item);
        tfu_text_printf(&gone, "; %s: %s", which, damage ? damage : "its metrics.csv has no ");
        if (!damage)
            tfu_text_puts(&gone, f->y->value.text);
    }
    if (st == TFU_OK && n < x->runs) {
        tfu_text_printf(&f->notes, "%s: drawn over %zu of %zu runs%s\n", name[0] ? name : "All", n,
                        x->asked, tfu_text_get(&gone));
        f->notes.failed |= gone.failed;
        x->run = kept;
        x->runs = n;
    }
    tfu_text_free(&gone);
    return st;
}

/* The mean at each step that all runs of the line have: else it would be over others each time. */
static enum tfu_status average(struct tfu_report_drawn *f, const struct steps *all, size_t runs,
                               struct tfu_figure_series *out, struct tfu_error *e)
{
    struct tfu_figure_point *point =
        tfu_arena_array(&f->b->out->arena, all->count + 1, sizeof *point);
    double *value = calloc(runs + 1, sizeof *value);
    if (!point || !value) {
        free(value);
        return no_memory(e);
    }
    for (size_t begin = 0, end; begin < all->count; begin = end) {
        for (end = begin; end < all->count && all->item[end].step == all->item[begin].step; end++)
            if (end - begin < runs)
                value[end - begin] = all->item[end].value;
        if (end - begin != runs)
            continue;
        const struct tfu_seed_summary s = tfu_seed_summarise(value, (int64_t)runs, 0.95);
        point[out->count++] =
            (struct tfu_figure_point){(double)all->item[begin].step, s.mean, s.low, s.high};
    }
    free(value);
    out->point = point;
    out->band = runs > 1;
    return TFU_OK;
}

enum tfu_status tfu_report_line_by_step(struct tfu_report_drawn *f, const size_t *item,
                                        size_t count, const char *name,
                                        struct tfu_figure_series *out, struct tfu_error *e)
{
    struct tfu_report_number x;
    const char *hole;
    struct steps all = {.item = NULL};
    enum tfu_status st =
        tfu_report_number_make(&f->b->numbers, f->y, &f->ask->over, item, count, -1, &x, &hole, e);
    if (st == TFU_OK)
        st = take_runs(f, &x, name, &all, e);
    if (st == TFU_OK) {
        account(f, &x, name, hole);
        if (all.count)
            qsort(all.item, all.count, sizeof *all.item, by_step);
        st = average(f, &all, x.runs, out, e);
    }
    if (st == TFU_OK && out->count)
        say(f, name, "ends at", out->point[out->count - 1].y);
    free(all.item);
    return st;
}

/* ---- by an axis */

enum tfu_status tfu_report_line_by_axis(struct tfu_report_drawn *f, const size_t *item,
                                        size_t count, const char *name, bool numbers,
                                        struct tfu_figure_series *out, struct tfu_error *e)
{
    const struct tfu_report_axis *a = &f->b->cases->axis[f->ask->x_axis];
    struct tfu_arena *arena = &f->b->out->arena;
    struct tfu_figure_point *point = tfu_arena_array(arena, a->count + 1, sizeof *point);
    size_t *list = tfu_arena_array(arena, count + 1, sizeof *list);
    if (!point || !list)
        return no_memory(e);
    for (size_t v = 0; v < a->count; v++) {
        struct tfu_report_number x;
        const char *hole;
        size_t n = 0;
        for (size_t i = 0; i < count; i++)
            if (a->of[item[i]] == v)
                list[n++] = item[i];
        if (n == 0)
            continue;
        const enum tfu_status st =
            tfu_report_number_make(&f->b->numbers, f->y, &f->ask->over, list, n, -1, &x, &hole, e);
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_report_put_axis_value(&text, a, v);
        const char *at = tfu_report_keep(f->b, &text, e);
        const char *full = at ? tfu_report_join(f->b->cases, name, at) : NULL;
        if (st != TFU_OK || !full)
            return st == TFU_OK ? no_memory(e) : st;
        account(f, &x, full, hole);
        point[out->count++] = (struct tfu_figure_point){
            numbers ? strtod(a->value[v], NULL) : (double)v, x.value, x.low, x.high};
        say(f, full, "", x.value);
    }
    out->point = point;
    return TFU_OK;
}

/* ---- each case by itself */

enum tfu_status tfu_report_points_of(struct tfu_report_drawn *f, const size_t *item, size_t count,
                                     const char *name, struct tfu_figure_series *out,
                                     struct tfu_error *e)
{
    struct tfu_figure_point *point = tfu_arena_array(&f->b->out->arena, count + 1, sizeof *point);
    const struct tfu_report_axis *a =
        f->ask->x_axis == TFU_REPORT_NONE ? NULL : &f->b->cases->axis[f->ask->x_axis];
    static const struct tfu_report_axes whole_names = {.count = 0};
    struct tfu_report_number x;
    const char *hole;
    double sum = 0;
    if (!point)
        return no_memory(e);
    enum tfu_status st =
        tfu_report_number_make(&f->b->numbers, f->y, &whole_names, item, count, -1, &x, &hole, e);
    if (st != TFU_OK)
        return st;
    ask_for(f, &x, name, hole);
    if (f->x) {
        st = tfu_report_number_make(&f->b->numbers, f->x, &whole_names, item, count, -1, &x, &hole,
                                    e);
        if (st != TFU_OK)
            return st;
        ask_for(f, &x, f->x_title, hole);
    }
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(f->y->number[item[i]]) || (f->x && !isfinite(f->x->number[item[i]])) ||
            (a && a->of[item[i]] == TFU_REPORT_NONE))
            continue;
        sum += f->y->number[item[i]];
        f->rests_on[item[i]] = true;
        point[out->count++] = (struct tfu_figure_point){
            a ? (double)a->of[item[i]] : f->x->number[item[i]], f->y->number[item[i]], NAN, NAN};
    }
    if (out->count)
        say(f, name, "on the mean", sum / (double)out->count);
    out->point = point;
    return TFU_OK;
}

/* ---- means of both */

/* Do the chosen cases differ there? */
static bool varies(const struct tfu_report_drawn *f, size_t axis)
{
    const size_t *of = f->b->cases->axis[axis].of;
    size_t first = f->b->cases->count;
    for (size_t i = 0; i < f->b->cases->count; i++) {
        if (!f->ask->chosen[i])
            continue;
        if (first == f->b->cases->count)
            first = i;
        else if (of[i] != of[first])
            return true;
    }
    return false;
}

static bool other_axes(struct tfu_report_drawn *f, struct tfu_report_axes *by,
                       struct tfu_report_axes *named)
{
    const struct tfu_report_cases *c = f->b->cases;
    const struct tfu_report_ask *ask = f->ask;
    by->item = tfu_arena_array(c->arena, c->axes + 1, sizeof *by->item);
    named->item = tfu_arena_array(c->arena, c->axes + 1, sizeof *named->item);
    for (size_t a = 0; by->item && named->item && a < c->axes; a++) {
        bool over = c->sweep && c->sweep->tune && c->sweep->tune->axis == a, shown = false;
        for (size_t i = 0; i < ask->over.count; i++)
            over |= ask->over.item[i] == a;
        for (size_t i = 0; i < ask->columns.count; i++)
            shown |= ask->columns.item[i] == a;
        for (size_t i = 0; i < ask->rows.count; i++)
            shown |= ask->rows.item[i] == a;
        if (over)
            continue;
        if (!shown && varies(f, a))
            named->item[named->count++] = a;
        by->item[by->count++] = a;
    }
    return by->item && named->item;
}

/* The group's values on some of its axes, which are in the same order. */
static struct tfu_report_group only(const struct tfu_report_cases *c,
                                    const struct tfu_report_axes *some,
                                    const struct tfu_report_axes *by,
                                    const struct tfu_report_group *g)
{
    size_t *value = tfu_arena_array(c->arena, some->count + 1, sizeof *value), n = 0;
    for (size_t i = 0; value && n < some->count && i < by->count; i++)
        if (by->item[i] == some->item[n])
            value[n++] = g->value[i];
    return (struct tfu_report_group){.value = value};
}

enum tfu_status tfu_report_line_of_means(struct tfu_report_drawn *f, const size_t *item,
                                         size_t count, const char *name,
                                         struct tfu_figure_series *out, struct tfu_error *e)
{
    struct tfu_report_cases *c = f->b->cases;
    struct tfu_report_axes by = {.count = 0}, named = {.count = 0};
    struct tfu_report_group *group;
    size_t groups;
    bool *chosen = tfu_arena_array(c->arena, c->count + 1, sizeof *chosen);
    if (!chosen || !other_axes(f, &by, &named))
        return no_memory(e);
    for (size_t i = 0; i < count; i++)
        chosen[item[i]] = true;
    enum tfu_status st = tfu_report_group(c, chosen, &by, &group, &groups, NULL, e);
    if (st != TFU_OK)
        return st;
    struct tfu_figure_point *point = tfu_arena_array(c->arena, groups + 1, sizeof *point);
    const char **label = tfu_arena_array(c->arena, groups + 1, sizeof *label);
    const char **key = tfu_arena_array(c->arena, groups + 1, sizeof *key);
    if (!point || !label || !key)
        return no_memory(e);
    for (size_t g = 0; st == TFU_OK && g < groups; g++) {
        struct tfu_report_number x, y;
        const char *hole_x, *hole_y;
        st = tfu_report_number_make(&f->b->numbers, f->x, &f->ask->over, group[g].item,
                                    group[g].count, -1, &x, &hole_x, e);
        if (st == TFU_OK)
            st = tfu_report_number_make(&f->b->numbers, f->y, &f->ask->over, group[g].item,
                                        group[g].count, -1, &y, &hole_y, e);
        if (st != TFU_OK)
            return st;
        const char *full = tfu_report_group_name(c, &by, &group[g], false);
        const struct tfu_report_group own = only(c, &named, &by, &group[g]);
        if (!full || !own.value ||
            !(label[out->count] = tfu_report_group_name(c, &named, &own, true)) ||
            !(key[out->count] = tfu_report_group_key(c, &named, &own, true)))
            return no_memory(e);
        ask_for(f, &x, full, hole_x);
        ask_for(f, &y, full, hole_y && (!hole_x || strcmp(hole_x, hole_y) != 0) ? hole_y : NULL);
        if (!isfinite(x.value) || !isfinite(y.value))
            continue;
        rest_on(f, &y);
        point[out->count++] = (struct tfu_figure_point){x.value, y.value, y.low, y.high};
        const char *both = tfu_report_join(c, name, label[out->count - 1]);
        if (!both)
            return no_memory(e);
        say(f, both, "", y.value);
    }
    out->point = point;
    out->point_label = label;
    out->point_key = key;
    return st;
}
