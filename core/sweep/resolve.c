/* SPDX-License-Identifier: MIT
 *
 * The run that a case comes to, once what it needs is done.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/config/measured_numbers.h"
#include "core/config/options.h"
#include "core/config/versus.h"
#include "core/run/versus.h"
#include "core/store/run_folder.h"
#include "core/sweep/goal.h"
#include "core/sweep/prints.h"
#include "core/sweep/work.h"
#include "core/train/session.h"
#include "core/train/shelf.h"

/* A resolution on its way. */
struct resolving {
    struct tfu_sweep_priv *p;
    const uint32_t *value; /* of the item, what was chosen among them */
    struct tfu_error *e;
    enum tfu_status st; /* of the artefacts */
};

static enum tfu_status find_folder(struct tfu_sweep_priv *p, size_t index, struct tfu_error *e);

static enum tfu_status not_done(const struct tfu_sweep_priv *p, size_t index, struct tfu_error *e)
{
    return tfu_error_set(e, TFU_ENOTFOUND, "it needs '%s' (%s), which is not done",
                         p->item[index].name, p->item[index].key);
}

/* The folder of a run that others need is known and holds a finished run. */
static enum tfu_status find_done(struct tfu_sweep_priv *p, size_t index, struct tfu_error *e)
{
    const enum tfu_status st = find_folder(p, index, e);
    if (st != TFU_OK)
        return st;
    return tfu_run_state(p->work[index].folder) == TFU_RUN_FINISHED ? TFU_OK
                                                                    : not_done(p, index, e);
}

/* ---- states of runs */

/* The file of a state; for `against`, which takes runs, RUN@STATE. */
static char *state_path(const char *folder, const struct tfu_reference *r, bool as_run)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (!as_run)
        return tfu_shelf_path(folder,
                              r->kind == TFU_REFER_FINAL  ? TFU_SHELF_FINAL
                              : r->kind == TFU_REFER_BEST ? TFU_SHELF_BEST
                                                          : TFU_SHELF_STEP,
                              r->step);
    if (r->kind == TFU_REFER_STEP)
        tfu_text_printf(&text, "%s@%lld", folder, (long long)r->step);
    else
        tfu_text_printf(&text, "%s@%s", folder, tfu_refer_word(r->kind));
    if (text.failed)
        tfu_text_free(&text);
    return text.data;
}

static const char *artefact(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                            const struct tfu_node *scalar)
{
    struct resolving *v = arg;
    struct tfu_sweep_priv *p = v->p;
    const bool as_run = scalar->key && strcmp(scalar->key, "against") == 0;
    uint32_t *value = tfu_load_array(l, p->spec.all_axes + 1, sizeof *value);
    if (!value)
        return NULL;
    tfu_work_project(p, (uint32_t)r->index, v->value, value);
    const size_t need = tfu_work_find(p, (uint32_t)r->index, value);
    if (need == SIZE_MAX)
        v->st = tfu_error_set(v->e, TFU_EINVAL, "a run of the sweep was not planned");
    else
        v->st = find_done(p, need, v->e);
    if (v->st != TFU_OK)
        return NULL;
    char *path = state_path(p->work[need].folder, r, as_run);
    const char *copy = path ? tfu_load_printf(l, "%s", path) : NULL;
    if (copy && !as_run && access(copy, F_OK) != 0)
        v->st = tfu_error_set(v->e, TFU_EINVAL,
                              "'%s' is done, and its checkpoint %s is not there; where somebody "
                              "removed it, remove the run's folder %s as well: `transfuse sweep "
                              "run` makes both again",
                              p->item[need].name, copy, p->work[need].folder);
    free(path);
    return v->st == TFU_OK ? copy : NULL;
}

/* ---- what is chosen */

/* Of a candidate: many cases choose among the same. */
static enum tfu_status find_score(struct tfu_sweep_priv *p, size_t index, double *value,
                                  struct tfu_error *e)
{
    const struct tfu_spec_metric *by = &p->spec.tune.by;
    struct tfu_work_item *w = &p->work[index];
    enum tfu_status st = find_done(p, index, e);
    if (st == TFU_OK && !w->scored) {
        st = tfu_goal_value(w->folder, by->split, by->name, &w->score, e);
        w->scored = st == TFU_OK;
    }
    *value = w->score;
    return st;
}

static enum tfu_status choose(struct tfu_sweep_priv *p, size_t index, uint32_t *chosen,
                              struct tfu_error *e)
{
    const struct tfu_sweep_case *c = &p->item[index];
    const struct tfu_spec_metric *by = &p->spec.tune.by;
    double best = NAN;
    const char *best_key = NULL;
    size_t candidates = 0;
    for (size_t i = 0; i < c->need_count; i++) {
        const size_t need = c->need[i];
        const uint32_t v = p->work[need].value[p->spec.axes];
        double value;
        if (!p->work[need].candidate)
            continue;
        candidates++;
        const enum tfu_status st = find_score(p, need, &value, e);
        if (st != TFU_OK)
            return st;
        if (isnan(value))
            continue;
        const bool better = by->goal == TFU_GOAL_MIN ? value < best : value > best;
        /* of equal ones the smallest key: names and the order of values decide nothing */
        if (isnan(best) || better || (value == best && strcmp(p->item[need].key, best_key) < 0)) {
            best = value;
            best_key = p->item[need].key;
            *chosen = v;
        }
    }
    if (isnan(best))
        return tfu_error_set(e, TFU_EINVAL,
                             "tune: %s/%s is not defined in any of the %zu runs to choose from",
                             by->split, by->name, candidates);
    return TFU_OK;
}

/* The values of an item, that of `tune` among them. */
static enum tfu_status settle(struct tfu_sweep_priv *p, size_t index, uint32_t *value,
                              struct tfu_error *e)
{
    memcpy(value, p->work[index].value, p->spec.all_axes * sizeof *value);
    return p->item[index].tuned ? choose(p, index, &value[p->spec.axes], e) : TFU_OK;
}

enum tfu_status tfu_sweep_chosen(struct tfu_sweep *s, size_t index, const char **value,
                                 struct tfu_error *e)
{
    struct tfu_sweep_priv *p = s->priv;
    uint32_t chosen = TFU_AXIS_NONE;
    *value = NULL;
    if (!p->item[index].tuned)
        return TFU_OK;
    const enum tfu_status st = choose(p, index, &chosen, e);
    if (st == TFU_OK)
        *value = p->spec.axis[p->spec.axes].value[chosen].name;
    return st;
}

/* ---- configuration and folder */

static enum tfu_status compose(struct tfu_sweep_priv *p, size_t index, struct tfu_config **out,
                               struct tfu_error *e)
{
    struct tfu_diagnostics *d;
    struct resolving v = {.p = p, .e = e, .st = TFU_OK};
    uint32_t *value = calloc(p->spec.all_axes + 1, sizeof *value);
    *out = NULL;
    if (!value)
        return tfu_error_memory(e, "resolving a case", 0);
    enum tfu_status st = settle(p, index, value, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, e);
    if (st != TFU_OK) {
        free(value);
        return st;
    }
    v.value = value;
    struct tfu_work_tree tree = {
        .p = p, .run = p->work[index].run, .value = value, .artefact = artefact, .arg = &v};
    struct tfu_error summary = TFU_ERROR_INIT;
    struct tfu_mark m;
    const char *text;
    st = tfu_work_compose(out, &tree, d, &summary);
    if (v.st != TFU_OK) { /* the configuration lacks it */
        tfu_config_free(*out);
        *out = NULL;
        st = v.st;
    } else if (st == TFU_EINVAL && tfu_diagnostics_get(d, 0, &m, &text)) {
        st = tfu_error_at(e, TFU_EINVAL, m.source, m.line, m.column, "%s", text);
    } else if (st != TFU_OK) {
        st = tfu_error_set(e, st, "%s", summary.text);
    }
    tfu_diagnostics_free(d);
    free(value);
    return st;
}

/* Comparisons with other runs during the training: the session opens them. */
static enum tfu_status identify_versus(struct tfu_sweep_priv *p, const struct tfu_config *c,
                                       struct tfu_config_contents contents, struct tfu_text *out,
                                       struct tfu_error *e)
{
    struct tfu_session *s;
    enum tfu_status st = tfu_session_open(&s, tfu_config_experiment(c), p->registry, NULL, e);
    if (st != TFU_OK)
        return st;
    s->context.digests = p->digests;
    st = tfu_run_versus_open(s, e);
    contents.against = s->observer.against;
    if (st == TFU_OK)
        st = tfu_config_identity(c, &contents, out, e);
    tfu_session_free(s);
    return st;
}

enum tfu_status tfu_work_open_data(struct tfu_sweep_priv *p, struct tfu_config *c,
                                   const struct tfu_data_print **out, struct tfu_error *e)
{
    const enum tfu_status st = p->prints ? TFU_OK : tfu_data_prints_new(&p->prints, p->registry, e);
    return st == TFU_OK ? tfu_data_prints_get(p->prints, c, out, e) : st;
}

enum tfu_status tfu_work_name_folder(struct tfu_sweep_priv *p, struct tfu_config *c,
                                     struct tfu_work_item *item, struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(c);
    const struct tfu_data_print *data;
    char id[TFU_RUN_ID_SIZE];
    struct tfu_text identity = TFU_TEXT_INIT, path = TFU_TEXT_INIT;
    enum tfu_status st = tfu_work_open_data(p, c, &data, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_config_contents contents = {.train = data->print[TFU_SPLIT_TRAIN],
                                                 .valid = data->print[TFU_SPLIT_VALID],
                                                 .test = data->print[TFU_SPLIT_TEST],
                                                 .digests = p->digests};
    bool versus = false;
    for (size_t i = 0; i < x->versus_count; i++)
        versus |= tfu_versus_has_run(&x->versus[i]);
    st = versus ? identify_versus(p, c, contents, &identity, e)
                : tfu_config_identity(c, &contents, &identity, e);
    if (st == TFU_OK) {
        tfu_run_id(tfu_text_get(&identity), id);
        tfu_text_printf(&path, "%s/%s/%s", p->spec.store, x->name, id);
        if (identity.failed || path.failed)
            st = tfu_error_memory(e, "naming a run's folder", 0);
    }
    tfu_text_free(&identity);
    if (st == TFU_OK) {
        item->folder = path.data;
        item->data = versus ? NULL : data;
    } else {
        tfu_text_free(&path);
    }
    return st;
}

/* ---- files of weights */

/* Of one that is gone only the name is left, and the run of that name is none that anybody had. */
static enum tfu_status check_weights(const struct tfu_config *c, struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(c);
    struct stat info;
    for (size_t i = 0; i < x->init_count; i++) {
        const struct tfu_options_table t = tfu_options_of_plugin(&x->init[i].choice);
        for (size_t k = 0; k < t.count; k++) {
            const struct tfu_option *o = tfu_options_get(&t, k);
            if (o->type != TFU_PATH || (o->flags & TFU_OPT_NO_EFFECT))
                continue;
            const char *path = *(const char *const *)((const char *)t.config + o->offset);
            if (path && path[0] && stat(path, &info) != 0)
                return tfu_error_set(e, TFU_EINVAL, "init.%zu.%s: cannot open '%s': %s", i, o->name,
                                     path, strerror(errno));
        }
    }
    return TFU_OK;
}

/* ---- what is recalled */

static bool is_print(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Of the first case of these data: are they what they were? */
static void compare_data(const struct tfu_work_item *item)
{
    struct tfu_recalled_data *r = item->recalled_data;
    if (!item->recalled || !item->data || r->state != TFU_RECALLED_UNKNOWN)
        return;
    r->state = TFU_RECALLED_SAME;
    for (size_t i = 0; i < TFU_SPLIT_COUNT; i++)
        if (!is_print(r->print[i], item->data->print[i]))
            r->state = TFU_RECALLED_OTHER;
}

/* The folder as it is in the record, where its data are those of another case that was looked at.
 */
static enum tfu_status take_recalled(struct tfu_sweep_priv *p, size_t index, struct tfu_error *e)
{
    struct tfu_work_item *item = &p->work[index];
    if (item->folder || !item->recalled || item->recalled_data->state != TFU_RECALLED_SAME)
        return TFU_OK;
    item->folder = tfu_path_join(p->spec.store, item->recalled);
    return item->folder ? TFU_OK : tfu_error_memory(e, "resolving a case", 0);
}

/* It stays what it is as long as what it needs does. */
static enum tfu_status find_folder(struct tfu_sweep_priv *p, size_t index, struct tfu_error *e)
{
    struct tfu_config *c;
    enum tfu_status st = take_recalled(p, index, e);
    if (st != TFU_OK || p->work[index].folder)
        return st;
    st = compose(p, index, &c, e);
    if (st == TFU_OK)
        st = check_weights(c, e);
    if (st == TFU_OK)
        st = tfu_work_name_folder(p, c, &p->work[index], e);
    if (st == TFU_OK)
        compare_data(&p->work[index]);
    tfu_config_free(c);
    return st;
}

enum tfu_status tfu_sweep_resolve(struct tfu_sweep *s, size_t index, struct tfu_text *config,
                                  char **run, struct tfu_error *e)
{
    struct tfu_sweep_priv *p = s->priv;
    const struct tfu_data_print *data;
    struct tfu_config *c = NULL;
    if (run)
        *run = NULL;
    enum tfu_status st = run ? find_folder(p, index, e) : TFU_OK;
    if (st == TFU_OK && config)
        st = compose(p, index, &c, e);
    if (st == TFU_OK && run && config && tfu_measured_is_wanted(c))
        st = tfu_work_open_data(p, c, &data, e); /* so that the run has its numbers */
    if (st == TFU_OK && config)
        st = tfu_config_print(c, false, config, e);
    tfu_config_free(c);
    if (st != TFU_OK || !run)
        return st;
    *run = strdup(p->work[index].folder);
    return *run ? TFU_OK : tfu_error_memory(e, "resolving a case", 0);
}
