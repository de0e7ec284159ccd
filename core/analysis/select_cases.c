/* SPDX-License-Identifier: MIT */
#include "core/analysis/select_cases.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/merge.h"
#include "core/store/run_folder.h"
#include "core/sweep/choose.h"

/* The key of a selector that is no axis. */
static const char *const own_keys[] = {"state", NULL};

const char *tfu_case_value(const struct tfu_sweep *s, size_t item, size_t axis)
{
    const char *value = s->item[item].value[axis];
    return value ? value : "";
}

/* Fills in the run of a case, where it is done; else why it is not. */
static void find_run(struct tfu_load *l, const struct tfu_select_scope *s,
                     struct tfu_selected_one *one)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char *run = NULL;
    const enum tfu_status st = tfu_sweep_resolve(s->sweep, one->item, NULL, &run, &e);
    l->out_of_memory |= st == TFU_ENOMEM;
    if (st == TFU_OK && tfu_run_state(run) == TFU_RUN_FINISHED)
        one->run = tfu_load_printf(l, "%s", run);
    else if (st != TFU_OK && st != TFU_ENOTFOUND) /* that: what it needs is not done */
        one->why = tfu_load_printf(l, "%s", e.text);
    free(run);
}

static void add_case(struct tfu_load *l, size_t item, const char *state,
                     const struct tfu_select_scope *s, struct tfu_selected *out)
{
    struct tfu_selected_one one = {.item = item, .state = state};
    if (!s->blind && !s->only_varying)
        find_run(l, s, &one);
    const char *at = state ? "@" : "", *behind = state ? state : "";
    one.spec = one.run ? tfu_load_printf(l, "%s%s%s", one.run, at, behind)
                       : tfu_load_printf(l, TFU_SELECTED_HOLE "%s%s%s", s->sweep->item[item].key,
                                         at, behind);
    if (one.spec)
        tfu_selected_add(l, out, &one);
}

/* The state in `n`; NULL: none is said. */
static const char *read_state(struct tfu_load *l, const char *path, const struct tfu_node *n,
                              struct tfu_selected *out)
{
    const struct tfu_node *state = tfu_node_at(n, "state");
    const char *below = tfu_load_printf(l, "%s.state", path);
    if (!state || !below)
        return NULL;
    if (state->kind != TFU_NODE_SCALAR || tfu_node_is_null(state))
        tfu_selected_refuse(l, out, state->mark,
                            "%s: expected best, final, initial or the number of a step, got %s",
                            below, tfu_node_describe(l, state));
    else if (tfu_selected_check_state(l, out, below, state->mark, state->text))
        return state->text;
    return NULL;
}

static void say_nothing(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        const struct tfu_select_scope *s, struct tfu_selected *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_node_put(&text, n);
    tfu_selected_misfit(l, s, out, n->mark, "%s: no case of the sweep has %s%s", path,
                        tfu_text_get(&text), tfu_select_scope_words(l, s));
    l->out_of_memory |= text.failed;
    tfu_text_free(&text);
}

/* `state` is no axis here. */
static bool check_axes(struct tfu_load *l, const char *path, const struct tfu_sweep *s,
                       struct tfu_selected *out)
{
    for (size_t a = 0; a < s->axis_count; a++)
        if (strcmp(s->axis[a].name, own_keys[0]) == 0) {
            tfu_selected_refuse(l, out, s->axis[a].mark,
                                "cases.state: in %s `state` is that of a run; give the axis "
                                "another name",
                                path);
            return false;
        }
    return true;
}

/* Which cases it would be, had the command line taken none away. What is wrong with that was said,
 * or is right since values were put on the command line. */
static void ask_whole(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_select_scope *s)
{
    struct tfu_diagnostics *own = l->diagnostics, *aside = NULL;
    struct tfu_sweep_choice choice = {.count = 0};
    size_t axis = 0;
    if (tfu_diagnostics_new(&aside, NULL) != TFU_OK) {
        l->out_of_memory = true;
        return;
    }
    l->diagnostics = aside;
    tfu_sweep_choose(s->whole, l, path, n, own_keys, &choice);
    l->diagnostics = own;
    tfu_diagnostics_free(aside);
    while (s->axis != TFU_NO_CASE && axis < s->whole->axis_count &&
           strcmp(s->whole->axis[axis].name, s->sweep->axis[s->axis].name) != 0)
        axis++;
    for (size_t i = 0; choice.count && i < s->whole->count && !l->out_of_memory; i++)
        if (choice.chosen[i] && (s->axis == TFU_NO_CASE ||
                                 (axis < s->whole->axis_count &&
                                  strcmp(tfu_case_value(s->whole, i, axis), s->axis_value) == 0)))
            s->asked[i] = true;
}

/* `n`, and what the analysis says of all its selectors. */
static const struct tfu_node *with_where(struct tfu_load *l, const struct tfu_node *n,
                                         const struct tfu_select_scope *s)
{
    if (s->where && n->replaces)
        *n->replaces = true;
    struct tfu_node *whole = s->where && !n->replaces ? tfu_node_copy(l, s->where) : NULL;
    struct tfu_node *own = whole ? tfu_node_copy(l, n) : NULL;
    if (!own)
        return n;
    whole->mark = n->mark;
    tfu_merge(l, "", whole, own);
    return whole;
}

void tfu_select_cases(struct tfu_load *l, const char *path, const struct tfu_node *n,
                      const struct tfu_select_scope *s, struct tfu_selected *out)
{
    struct tfu_sweep_choice choice;
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    if (!check_axes(l, path, s->sweep, out))
        return;
    const char *state = read_state(l, path, n, out);
    n = with_where(l, n, s);
    tfu_sweep_choose(s->sweep, l, path, n, own_keys, &choice);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before) {
        out->refused = true;
        return;
    }
    out->narrowed |= choice.narrowed;
    size_t left = 0;
    for (size_t i = 0; i < s->sweep->count && !l->out_of_memory; i++) {
        if (!choice.chosen[i] || (s->axis != TFU_NO_CASE &&
                                  strcmp(tfu_case_value(s->sweep, i, s->axis), s->axis_value) != 0))
            continue;
        add_case(l, i, state, s, out);
        left++;
    }
    if (s->whole && s->asked)
        ask_whole(l, path, n, s);
    if (left == 0)
        say_nothing(l, path, n, s, out);
}
