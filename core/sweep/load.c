/* SPDX-License-Identifier: MIT */
#include "core/sweep/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/replace.h"
#include "core/config/study.h"
#include "core/sweep/inputs.h"
#include "core/sweep/prints.h"
#include "core/sweep/recall.h"
#include "core/sweep/record.h"
#include "core/sweep/work.h"

/* ---- reading */

static void prepare(void *arg, struct tfu_load *l, struct tfu_node *root,
                    const struct tfu_document *document)
{
    struct tfu_sweep_priv *p = arg;
    const struct tfu_node *cases = tfu_node_at(root, "cases");
    if (cases && cases->kind == TFU_NODE_MAPPING)
        p->spec.declared = tfu_node_copy(l, cases);
    tfu_study_prepare(NULL, l, root, document);
}

static void read(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_sweep_priv *p = arg;
    p->sweep.file = l->path;
    tfu_spec_read(l, &p->spec, root);
    if (tfu_spec_is_clean(l, &p->spec))
        tfu_work_refuse_without_effect(l, &p->spec);
}

/* ---- what the caller sees */

static bool show_axes(struct tfu_sweep_priv *p)
{
    const struct tfu_spec *s = &p->spec;
    struct tfu_sweep_axis *axis = tfu_arena_array(&p->arena, s->all_axes + 1, sizeof *axis);
    for (size_t a = 0; axis && a < s->all_axes; a++) {
        const char **value = tfu_arena_array(&p->arena, s->axis[a].count + 1, sizeof *value);
        if (!value)
            return false;
        for (size_t v = 0; v < s->axis[a].count; v++)
            value[v] = s->axis[a].value[v].name;
        axis[a] = (struct tfu_sweep_axis){.name = s->axis[a].name,
                                          .value = value,
                                          .count = s->axis[a].count,
                                          .mark = s->axis[a].mark};
    }
    p->sweep.axis = axis;
    p->sweep.axis_count = s->all_axes;
    return axis != NULL;
}

/* The numbers of the axes that are `in`. */
static const size_t *list_axes(struct tfu_sweep_priv *p, const bool *in, size_t *count)
{
    size_t *list = tfu_arena_array(&p->arena, p->spec.axes + 1, sizeof *list);
    *count = 0;
    for (size_t a = 0; list && a < p->spec.axes; a++)
        if (in[a])
            list[(*count)++] = a;
    return list;
}

static bool show_tune(struct tfu_sweep_priv *p)
{
    const struct tfu_spec_tune *s = &p->spec.tune;
    struct tfu_sweep_tune *tune = tfu_arena_alloc(&p->arena, sizeof *tune);
    if (!tune)
        return false;
    *tune = (struct tfu_sweep_tune){.axis = p->spec.axes,
                                    .split = s->by.split,
                                    .metric = s->by.name,
                                    .smallest = s->by.goal == TFU_GOAL_MIN};
    tune->for_each = list_axes(p, s->for_each, &tune->for_each_count);
    p->sweep.tune = tune;
    return tune->for_each != NULL;
}

/* The rungs, up to the steps of the longest case. */
static bool show_rungs(struct tfu_sweep_priv *p, struct tfu_sweep_halving *h,
                       struct tfu_diagnostics *d)
{
    int64_t *rung = tfu_arena_array(&p->arena, TFU_RUNGS_MAX, sizeof *rung), steps = 0;
    for (size_t i = p->sweep.support; i < p->sweep.count; i++) {
        if (p->item[i].epochs) {
            tfu_diagnostics_add(d, h->mark,
                                "early_stop.halving: it counts steps, and the case '%s' says "
                                "train.epochs; say train.steps",
                                p->item[i].name);
            return rung != NULL;
        }
        steps = p->item[i].steps > steps ? p->item[i].steps : steps;
    }
    int64_t at = h->first;
    while (rung && at < steps && h->rung_count < TFU_RUNGS_MAX) {
        rung[h->rung_count++] = at;
        if (__builtin_mul_overflow(at, h->factor, &at))
            break;
    }
    h->rung = rung;
    if (rung && h->rung_count == 0)
        tfu_diagnostics_add(d, h->mark,
                            "early_stop.halving.first: %lld steps are not less than the %lld that "
                            "cases have, so nothing is stopped early",
                            (long long)h->first, (long long)steps);
    return rung != NULL;
}

static bool show_halving(struct tfu_sweep_priv *p, struct tfu_diagnostics *d)
{
    const struct tfu_spec_halving *s = &p->spec.halving;
    struct tfu_sweep_halving *h = tfu_arena_alloc(&p->arena, sizeof *h);
    if (!h)
        return false;
    *h = (struct tfu_sweep_halving){.split = s->by.split,
                                    .metric = s->by.name,
                                    .smallest = s->by.goal == TFU_GOAL_MIN,
                                    .first = s->first,
                                    .factor = s->factor,
                                    .mark = s->mark};
    h->for_each = list_axes(p, s->for_each, &h->for_each_count);
    p->sweep.halving = h;
    return h->for_each && show_rungs(p, h, d);
}

static enum tfu_status show(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                            struct tfu_error *e)
{
    p->sweep.name = p->spec.name;
    p->sweep.store = p->spec.store;
    p->sweep.slurm = &p->spec.slurm;
    p->sweep.priv = p;
    const bool ok = show_axes(p) && (!p->spec.tune.present || show_tune(p)) &&
                    (!p->spec.halving.present || show_halving(p, d));
    return ok ? TFU_OK : tfu_error_memory(e, "planning a sweep", 0);
}

/* ---- the sweep */

static bool is_taken(const struct tfu_sweep_priv *p, size_t axis, size_t value)
{
    size_t i = 0;
    while (i < p->sweep.count && p->work[i].value[axis] != value)
        i++;
    return i < p->sweep.count;
}

/* `!replace` that had an effect in none of the cases, which are all put together. */
static void note_idle(const struct tfu_sweep_priv *p, struct tfu_diagnostics *d)
{
    const struct tfu_spec *s = &p->spec;
    tfu_replace_note_idle(d, s->base.root);
    for (size_t r = 0; r < s->runs; r++) {
        tfu_replace_note_idle(d, s->run[r].base.root);
        for (size_t k = 0; k < s->run[r].set.count; k++)
            tfu_replace_note_idle(d, s->run[r].set.item[k].value);
    }
    for (size_t a = 0; a < s->all_axes; a++)
        for (size_t v = 0; v < s->axis[a].count; v++)
            for (size_t k = 0; k < s->axis[a].value[v].set.count; k++)
                if (s->axis[a].value[v].set.item[k].section && is_taken(p, a, v))
                    tfu_replace_note_idle(d, s->axis[a].value[v].set.item[k].value);
}

/* Is it all that the file asks for? Another place for the runs makes it no other sweep. */
static bool is_whole(const struct tfu_document *document)
{
    for (size_t i = 0; i < document->override_count; i++)
        if (strncmp(document->override[i], "store=", strlen("store=")) != 0 &&
            strncmp(document->override[i], "study=", strlen("study=")) != 0)
            return false;
    return true;
}

/* Keys that lack what a file holds are none that anything was done under: while it is away, those
 * that were known count. */
static enum tfu_status make_cases(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                                  struct tfu_error *e)
{
    const size_t before = tfu_diagnostics_count(d);
    const enum tfu_status st = tfu_work_make_cases(p, d, e);
    if (st != TFU_OK || tfu_diagnostics_count(d) != before || !tfu_inputs_lack_a_file(p))
        return st;
    tfu_work_forget(p);
    return tfu_work_recall(p) ? TFU_OK : tfu_work_make_cases(p, d, e);
}

static enum tfu_status load(struct tfu_sweep_priv *p, const struct tfu_document *document,
                            bool known, struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_document own = *document;
    own.roots = tfu_study_roots;
    own.prepare = prepare;
    const size_t before = tfu_diagnostics_count(d);
    enum tfu_status st = tfu_digests_new(&p->digests, e);
    if (st == TFU_OK)
        st = tfu_document_read(&own, &p->arena, read, p, d, e);
    if (st == TFU_EINVAL) {
        const enum tfu_status more = tfu_work_check_values(p, d, e);
        return more == TFU_OK ? st : more;
    }
    if (st == TFU_OK)
        st = tfu_inputs_digest(p, d, e);
    p->whole = is_whole(document);
    if (st == TFU_OK && !(known && tfu_work_recall(p))) {
        st = make_cases(p, d, e);
        if (st == TFU_OK && tfu_diagnostics_count(d) == before)
            note_idle(p, d);
    }
    if (st == TFU_OK)
        st = show(p, d, e);
    const size_t n = tfu_diagnostics_count(d) - before;
    if (st == TFU_OK && n)
        st = tfu_error_at(e, TFU_EINVAL, document->path, 0, 0, "%zu error%s in the sweep", n,
                          n == 1 ? "" : "s");
    return st;
}

static enum tfu_status new_sweep(struct tfu_sweep **out, const struct tfu_document *document,
                                 bool runs, bool known, struct tfu_diagnostics *d,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_sweep_priv *p = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "planning a sweep", sizeof *p);
    tfu_arena_init(&p->arena, 0);
    p->registry = document->registry;
    p->wants_runs = runs;
    p->sweep.priv = p;
    const enum tfu_status st = load(p, document, known, d, e);
    if (st == TFU_OK)
        *out = &p->sweep;
    else
        tfu_sweep_free(&p->sweep);
    return st;
}

enum tfu_status tfu_sweep_load(struct tfu_sweep **out, const struct tfu_document *document,
                               struct tfu_diagnostics *d, struct tfu_error *e)
{
    return new_sweep(out, document, false, false, d, e);
}

enum tfu_status tfu_sweep_load_runs(struct tfu_sweep **out, const struct tfu_document *document,
                                    struct tfu_diagnostics *d, struct tfu_error *e)
{
    return new_sweep(out, document, true, false, d, e);
}

enum tfu_status tfu_sweep_load_known(struct tfu_sweep **out, const struct tfu_document *document,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    return new_sweep(out, document, false, true, d, e);
}

void tfu_sweep_free(struct tfu_sweep *s)
{
    if (!s)
        return;
    struct tfu_sweep_priv *p = s->priv;
    for (size_t i = 0; i < p->sweep.count; i++)
        free(p->work[i].folder);
    tfu_data_prints_free(p->prints);
    tfu_digests_free(p->digests);
    tfu_arena_free(&p->arena);
    free(p);
}

size_t tfu_sweep_find(const struct tfu_sweep *s, const char *key)
{
    const size_t n = strlen(key);
    size_t found = SIZE_MAX;
    for (size_t i = 0; n && i < s->count; i++) {
        if (strncmp(s->item[i].key, key, n) != 0)
            continue;
        if (found != SIZE_MAX && strcmp(s->item[found].key, s->item[i].key) != 0)
            return SIZE_MAX;
        found = found == SIZE_MAX ? i : found;
    }
    return found;
}
