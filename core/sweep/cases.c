/* SPDX-License-Identifier: MIT
 *
 * All cases of a sweep and the runs that they need: each is resolved and checked once, and known by
 * its key then.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/config/versus.h"
#include "core/run/versus.h"
#include "core/sweep/finding.h"
#include "core/sweep/goal.h"
#include "core/sweep/rung_check.h"
#include "core/sweep/tune_group.h"
#include "core/sweep/work.h"

struct planner {
    struct tfu_sweep_priv *p;
    struct tfu_diagnostics *d;
    struct tfu_case_findings findings;
    struct tfu_text against; /* runs that metrics compare with, which were looked for already */
    int32_t goal;            /* enum tfu_goal: what the file says of the metric to choose by */
    struct tfu_error *e;
    enum tfu_status st; /* what cannot be told as a finding */
};

/* An item that is being made, and what it needs. */
struct making {
    struct planner *pl;
    uint32_t run;
    const uint32_t *value;
    size_t *need, count, room;
};

static bool reserve_needs(struct making *m, size_t room)
{
    size_t *more = tfu_arena_array(&m->pl->p->arena, room, sizeof *more);
    if (!more)
        return false;
    if (m->count)
        memcpy(more, m->need, m->count * sizeof *more);
    m->need = more;
    m->room = room;
    return true;
}

/* In their order, each once; most come in that order. */
static bool add_need(struct making *m, size_t item)
{
    size_t at = m->count;
    for (; at > 0 && m->need[at - 1] >= item; at--)
        if (m->need[at - 1] == item)
            return true;
    if (m->count == m->room && !reserve_needs(m, m->room ? 2 * m->room : 4))
        return false;
    memmove(m->need + at + 1, m->need + at, (m->count - at) * sizeof *m->need);
    m->need[at] = item;
    m->count++;
    return true;
}

/* ---- names */

/* "source arch=cbr_tiny" */
static const char *make_name(struct tfu_sweep_priv *p, uint32_t run, const uint32_t *value,
                             bool tuned)
{
    const struct tfu_spec *s = &p->spec;
    struct tfu_text text = TFU_TEXT_INIT;
    if (run != TFU_WORK_CASE)
        tfu_text_puts(&text, s->run[run].name);
    for (size_t a = 0; a < s->all_axes; a++)
        if (value[a] != TFU_AXIS_NONE) { /* of 10,000 cases: without printf() */
            tfu_text_puts(&text, text.length ? " " : "");
            tfu_text_puts(&text, s->axis[a].name);
            tfu_text_puts(&text, "=");
            tfu_text_puts(&text, s->axis[a].value[value[a]].name);
        }
    if (tuned)
        tfu_text_printf(&text, " %s=?", s->axis[s->axes].name);
    const char *name = text.failed ? NULL : tfu_arena_strdup(&p->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    return name;
}

/* ---- checks of a configuration that was put together */

/* Looks for the runs that its metrics compare with, each once; those of the sweep are not there
 * yet.
 */
static enum tfu_status check_versus(struct planner *pl, const struct tfu_experiment *x,
                                    struct tfu_diagnostics *d)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < x->versus_count; i++) {
        struct tfu_experiment one = *x;
        const char *against = x->versus[i].against;
        struct tfu_text line = TFU_TEXT_INIT;
        tfu_text_printf(&line, "\n%s\n", against);
        const bool known = strstr(tfu_text_get(&pl->against), tfu_text_get(&line)) != NULL;
        one.versus += i;
        one.versus_count = 1;
        if (strncmp(against, "/case:", 6) != 0 && !known && !line.failed) {
            const size_t before = tfu_diagnostics_count(d);
            st = tfu_run_versus_check(&one, pl->p->registry, d, pl->e);
            if (tfu_diagnostics_count(d) == before)
                tfu_text_puts(&pl->against, tfu_text_get(&line));
        }
        tfu_text_free(&line);
    }
    return st;
}

/* What is chosen by is reported by each run that there is to choose from, and one of two values is
 * better in all of them.
 */
static void check_goal(struct planner *pl, struct tfu_spec_metric *by, const char *path,
                       const struct tfu_experiment *x, struct tfu_diagnostics *d)
{
    bool smallest;
    struct tfu_spec_metric asked = *by;
    const size_t before = tfu_diagnostics_count(d);
    asked.goal = pl->goal;
    tfu_goal_check(&asked, path, x, d, &smallest);
    if (tfu_diagnostics_count(d) > before)
        return;
    const int32_t goal = smallest ? TFU_GOAL_MIN : TFU_GOAL_MAX;
    if (by->goal == TFU_GOAL_AUTO)
        by->goal = goal;
    else if (by->goal != goal)
        tfu_diagnostics_add(
            d, by->mark, "%s: the %s '%s' is best here, and the %s in other cases; say `goal`",
            path, smallest ? "smallest" : "largest", by->name, smallest ? "largest" : "smallest");
}

static void check_goals(struct planner *pl, const struct tfu_experiment *x,
                        struct tfu_diagnostics *d)
{
    struct tfu_spec *s = &pl->p->spec;
    if (s->tune.present)
        check_goal(pl, &s->tune.by, "tune.by", x, d);
    if (s->halving.present)
        check_goal(pl, &s->halving.by, "early_stop.halving.metric", x, d);
}

/* ---- keys */

/* All that decides the results, and the folder that has them. */
static enum tfu_status put_identity(struct planner *pl, const struct tfu_config *c,
                                    struct tfu_text *out)
{
    const struct tfu_config_contents contents = {.digests = pl->p->digests};
    const enum tfu_status st = tfu_config_identity(c, &contents, out, pl->e);
    tfu_text_printf(out, "name: %s\n", tfu_config_experiment(c)->name);
    return st;
}

static void make_key(const struct tfu_text *text, char key[TFU_CASE_KEY_SIZE])
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    tfu_hash_bytes(tfu_text_get(text), text->length, digest);
    tfu_hash_to_hex(digest, hex);
    memcpy(key, hex, TFU_CASE_KEY_SIZE - 1);
    key[TFU_CASE_KEY_SIZE - 1] = '\0';
}

static size_t make_item(struct planner *pl, uint32_t run, const uint32_t *value,
                        const struct tfu_tune_group *tuned);

/* What stands for the state of a run that is not there yet: no file has such a name. */
static const char *artefact(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                            const struct tfu_node *scalar)
{
    struct making *m = arg;
    struct planner *pl = m->pl;
    const struct tfu_spec *s = &pl->p->spec;
    if (r->kind == TFU_REFER_INITIAL && !(scalar->key && strcmp(scalar->key, "against") == 0)) {
        tfu_diagnostics_add(l->diagnostics, scalar->mark,
                            "${%s.initial}: the state before the first step is in no file; only "
                            "`against` of a metric takes it",
                            s->run[r->index].name);
        return NULL;
    }
    uint32_t *value = tfu_load_array(l, s->all_axes + 1, sizeof *value);
    if (!value)
        return NULL;
    tfu_work_project(pl->p, (uint32_t)r->index, m->value, value);
    size_t item = tfu_work_find(pl->p, (uint32_t)r->index, value);
    if (item == SIZE_MAX)
        item = make_item(pl, (uint32_t)r->index, value, NULL);
    if (item == SIZE_MAX || !add_need(m, item)) {
        l->out_of_memory = true;
        return NULL;
    }
    const char *key = pl->p->item[item].key;
    if (key[0]) /* else something is wrong with it, and is told */
        tfu_kept_check(l, r, &pl->p->work[item].kept, s->run[r->index].name, scalar->mark);
    return r->kind == TFU_REFER_STEP
               ? tfu_load_printf(l, "/case:%s@%lld", key, (long long)r->step)
               : tfu_load_printf(l, "/case:%s@%s", key, tfu_refer_word(r->kind));
}

/* Of a tuned case: what is chosen follows from what there is to choose from. */
static void put_choice(struct planner *pl, const struct tfu_tune_group *g, struct tfu_text *out)
{
    const struct tfu_spec_metric *by = &pl->p->spec.tune.by;
    tfu_text_printf(out, "chosen: %s/%s %s\n%s", by->split, by->name,
                    by->goal == TFU_GOAL_MIN ? "min" : "max", g->choice);
}

static void fill(struct tfu_sweep_case *c, struct tfu_sweep_priv *p, const struct tfu_experiment *x)
{
    c->experiment = tfu_arena_strdup(&p->arena, x->name);
    c->threads = x->threads;
    c->steps = x->train.steps;
    c->epochs = x->train.epochs;
}

/* Resolves and checks it; `key` and what `c` has of the experiment are filled in where it is right.
 */
static enum tfu_status check(struct making *m, const struct tfu_tune_group *tuned,
                             struct tfu_diagnostics *d, struct tfu_sweep_case *c,
                             struct tfu_work_item *work)
{
    struct planner *pl = m->pl;
    const struct tfu_spec *s = &pl->p->spec;
    struct tfu_config *config;
    struct tfu_text text = TFU_TEXT_INIT;
    uint32_t *value = tfu_arena_array(&pl->p->arena, s->all_axes + 1, sizeof *value);
    if (!value)
        return tfu_error_memory(pl->e, "planning a sweep", 0);
    memcpy(value, m->value, s->all_axes * sizeof *value);
    if (tuned)
        value[s->axes] = tuned->stand_in;
    struct tfu_work_tree tree = {
        .p = pl->p, .run = m->run, .value = value, .artefact = artefact, .arg = m};
    struct tfu_error summary = TFU_ERROR_INIT; /* the findings say it better */
    enum tfu_status st = tfu_work_compose(&config, &tree, d, &summary);
    if (st == TFU_EINVAL)
        return TFU_OK;
    if (st != TFU_OK)
        return tfu_error_memory(pl->e, "planning a sweep", 0);
    const struct tfu_experiment *x = tfu_config_experiment(config);
    st = check_versus(pl, x, d);
    if (st == TFU_OK && !tuned && m->run == TFU_WORK_CASE)
        check_goals(pl, x, d);
    if (st == TFU_OK)
        st = put_identity(pl, config, &text);
    if (tuned)
        put_choice(pl, tuned, &text);
    fill(c, pl->p, x);
    /* data that cannot be opened are told when somebody asks for the run */
    struct tfu_error unopened = TFU_ERROR_INIT;
    if (st == TFU_OK && pl->p->wants_runs && m->count == 0)
        tfu_work_name_folder(pl->p, config, work, &unopened);
    work->kept = tfu_kept_of(x);
    if (st == TFU_OK && pl->p->spec.halving.present && m->run == TFU_WORK_CASE)
        tfu_rung_check(pl->p, config, d); /* last: it may put numbers of the data in */
    if (st == TFU_OK && (text.failed || !c->experiment))
        st = tfu_error_memory(pl->e, "planning a sweep", 0);
    make_key(&text, c->key);
    tfu_text_free(&text);
    tfu_config_free(config);
    return st;
}

/* The item with these values, new; SIZE_MAX: memory ran out. What it needs comes before it. */
static size_t make_item(struct planner *pl, uint32_t run, const uint32_t *value,
                        const struct tfu_tune_group *tuned)
{
    struct tfu_sweep_priv *p = pl->p;
    struct tfu_diagnostics *d;
    struct making m = {.pl = pl, .run = run, .value = value};
    struct tfu_work_item work = {.run = run};
    struct tfu_sweep_case c = {.tuned = tuned != NULL, .support = run != TFU_WORK_CASE};
    c.name = make_name(p, run, value, tuned != NULL);
    c.value = tfu_work_value_names(p, value);
    if (!c.name || !c.value || tfu_diagnostics_new(&d, pl->e) != TFU_OK) {
        pl->st = tfu_error_memory(pl->e, "planning a sweep", 0);
        return SIZE_MAX;
    }
    bool noted = !tuned || reserve_needs(&m, tuned->candidates + 1);
    for (size_t i = 0; noted && tuned && i < tuned->candidates; i++)
        noted = add_need(&m, tuned->candidate[i]);
    if (!noted)
        pl->st = tfu_error_memory(pl->e, "planning a sweep", 0);
    if (pl->st == TFU_OK)
        pl->st = check(&m, tuned, d, &c, &work);
    if (tfu_diagnostics_count(d))
        tfu_case_findings_add(&pl->findings, d, c.name);
    tfu_diagnostics_note_all(pl->d, d);
    tfu_diagnostics_free(d);
    const size_t index = pl->st == TFU_OK ? tfu_work_add(p, run, value) : SIZE_MAX;
    if (index == SIZE_MAX) {
        free(work.folder);
        if (pl->st == TFU_OK)
            pl->st = tfu_error_memory(pl->e, "planning a sweep", 0);
        return SIZE_MAX;
    }
    c.need = m.need;
    c.need_count = m.count;
    p->item[index] = c;
    p->work[index].folder = work.folder;
    p->work[index].data = work.data;
    p->work[index].kept = work.kept;
    return index;
}

/* ---- tune */

/* A run with each of the values, all else as in the first case of the group. */
static enum tfu_status make_candidates(struct planner *pl, struct tfu_tune_group *g)
{
    struct tfu_sweep_priv *p = pl->p;
    const size_t axes = p->spec.axes, count = p->spec.axis[axes].count;
    size_t *candidate = tfu_arena_array(&p->arena, count + 1, sizeof *candidate);
    uint32_t *value = tfu_arena_array(&p->arena, axes + 2, sizeof *value);
    if (!candidate || !value)
        return tfu_error_memory(pl->e, "planning a sweep", 0);
    memcpy(value, g->first, axes * sizeof *value);
    for (size_t v = 0; v < count; v++) {
        value[axes] = (uint32_t)v;
        candidate[v] = make_item(pl, TFU_WORK_CASE, value, NULL);
        if (candidate[v] == SIZE_MAX)
            return pl->st;
        p->item[candidate[v]].support = true;
        p->work[candidate[v]].candidate = true;
    }
    g->candidate = candidate;
    g->candidates = count;
    return tfu_tune_group_sort(g, p, pl->e);
}

static void make_case(struct planner *pl, const struct tfu_tune_groups *groups,
                      const uint32_t *tuple, uint32_t *value)
{
    const struct tfu_spec *s = &pl->p->spec;
    if (s->axes)
        memcpy(value, tuple, s->axes * sizeof *value);
    if (!s->tune.present) {
        make_item(pl, TFU_WORK_CASE, value, NULL);
        return;
    }
    struct tfu_tune_group *g = tfu_tune_groups_at(groups, s, value);
    if (!g->candidate)
        pl->st = make_candidates(pl, g);
    value[s->axes] = TFU_AXIS_NONE;
    if (pl->st == TFU_OK)
        make_item(pl, TFU_WORK_CASE, value, g);
}

/* Finds groups of cases; false: what they come to is too much, or memory ran out. */
static bool find_groups(struct planner *pl, struct tfu_tune_groups *g)
{
    const struct tfu_spec *s = &pl->p->spec;
    pl->st = tfu_tune_groups_find(g, pl->p, pl->e);
    if (pl->st != TFU_OK)
        return false;
    const size_t candidates = g->count * s->axis[s->axes].count; /* both are below ten million */
    if (s->grid.count + candidates <= (size_t)s->max_cases)
        return true;
    tfu_diagnostics_add(pl->d, s->tune.mark,
                        "tune: %zu values for each of %zu groups of cases come to %zu runs to "
                        "choose from, with which there are %zu cases, and more than %lld are taken "
                        "for a mistake; say `max_cases` if they are meant",
                        s->axis[s->axes].count, g->count, candidates, s->grid.count + candidates,
                        (long long)s->max_cases);
    return false;
}

enum tfu_status tfu_work_make_cases(struct tfu_sweep_priv *p, struct tfu_diagnostics *d,
                                    struct tfu_error *e)
{
    const struct tfu_spec *s = &p->spec;
    struct planner pl = {.p = p,
                         .d = d,
                         .goal = s->tune.present ? s->tune.by.goal : s->halving.by.goal,
                         .e = e,
                         .st = TFU_OK};
    const struct tfu_case_grid *g = &s->grid;
    struct tfu_tune_groups groups = {.slots = 0};
    uint32_t *value = tfu_arena_array(&p->arena, s->all_axes + 1, sizeof *value);
    tfu_case_findings_init(&pl.findings, &p->arena);
    tfu_text_puts(&pl.against, "\n");
    if (!value)
        pl.st = tfu_error_memory(e, "planning a sweep", 0);
    const bool go = value && (!s->tune.present || find_groups(&pl, &groups));
    for (size_t i = 0; go && i < g->count && pl.st == TFU_OK; i++)
        make_case(&pl, &groups, g->tuple + i * g->axes, value);
    tfu_case_findings_tell(&pl.findings, p->sweep.count, d);
    if (pl.st == TFU_OK && (pl.findings.failed || pl.against.failed))
        pl.st = tfu_error_memory(e, "planning a sweep", 0);
    tfu_text_free(&pl.against);
    return pl.st == TFU_OK ? tfu_work_order(p, e) : pl.st;
}
