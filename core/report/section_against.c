/* SPDX-License-Identifier: MIT */
#include "core/report/section_against.h"

#include <string.h>

#include "core/sweep/choose.h"

/* Did a profile or the command line take the value away that `at` names? */
static bool is_taken_away(struct tfu_section_reader *r, const char *path, const struct tfu_node *at)
{
    static const char *const none[] = {NULL};
    struct tfu_diagnostics *unsaid = NULL, *said = r->load->diagnostics;
    struct tfu_sweep_choice choice = {.count = 0};
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_diagnostics_new(&unsaid, &e) != TFU_OK) {
        r->load->out_of_memory = true;
        return false;
    }
    r->load->diagnostics = unsaid; /* what is wrong is said by whoever asks */
    tfu_sweep_choose(r->cases->sweep, r->load, path, at, none, &choice);
    r->load->diagnostics = said;
    const bool right = tfu_diagnostics_count(unsaid) == 0;
    tfu_diagnostics_free(unsaid);
    return right && choice.count == 0 && choice.narrowed;
}

void tfu_report_against_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *at, struct tfu_mark m,
                             const struct tfu_report_ask *ask, struct tfu_report_against *out)
{
    const struct tfu_node *one = at && at->kind == TFU_NODE_MAPPING ? at->first : NULL;
    if (!one || at->count != 1 || one->kind != TFU_NODE_SCALAR) {
        tfu_diagnostics_add(r->load->diagnostics, at ? at->mark : m,
                            "%s: expected one axis with its value, as {start: random}%s%s", path,
                            at ? ", got " : "", at ? tfu_node_describe(r->load, at) : "");
        return;
    }
    if (r->wrong)
        return;
    const size_t a = tfu_report_axis_find(r->cases, r->load, path, one->key_mark, one->key);
    if (a == TFU_REPORT_NONE || (r->cases->blind && !r->cases->sweep))
        return;
    const struct tfu_report_axis *axis = &r->cases->axis[a];
    out->axis = a;
    if (!tfu_report_axes_have(&ask->rows, a) && !tfu_report_axes_have(&ask->columns, a))
        tfu_diagnostics_add(r->load->diagnostics, one->key_mark,
                            "%s: '%s' is no axis of the rows or the columns, so no cell stands "
                            "beside another by it",
                            path, one->key);
    for (size_t v = 0; v < axis->count; v++)
        if (tfu_report_same_value(axis->value[v], one->text)) {
            out->value = v;
            return;
        }
    if (r->cases->sweep && is_taken_away(r, path, at)) {
        out->value = TFU_REPORT_NONE;
        out->gone = one->text;
        return;
    }
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_put_advice(&advice, one->text, axis->value, axis->count);
    tfu_diagnostics_add(r->load->diagnostics, one->mark, "%s: '%s' has no value '%s'%s", path,
                        one->key, one->text, tfu_text_get(&advice));
    tfu_text_free(&advice);
}

/* ---- what is shown beside the numbers */

/* Does `where` choose values of the axis, and not that one? Then there is nothing to show. */
static void check_shown(struct tfu_section_reader *r, const char *path, const struct tfu_node *at,
                        const struct tfu_node *where, const struct tfu_report_ask *ask,
                        const struct tfu_report_against *against)
{
    const struct tfu_report_cases *c = r->cases;
    if (r->wrong || (c->blind && !c->sweep) || against->gone || !ask->chosen || ask->count == 0)
        return;
    const struct tfu_report_axis *axis = &c->axis[against->axis];
    const struct tfu_node *k = where ? where->first : NULL;
    while (k && strcmp(k->key, axis->name) != 0)
        k = k->next;
    size_t i = 0;
    while (i < c->count && !(ask->chosen[i] && axis->of[i] == against->value))
        i++;
    if (k && i == c->count)
        tfu_diagnostics_add(r->load->diagnostics, at->first->mark,
                            "%s: no case that `where` chooses has %s=%s; let it choose these, too",
                            path, axis->name, axis->value[against->value]);
}

void tfu_report_derived_read(struct tfu_section_reader *r, const char *path,
                             const struct tfu_node *n, struct tfu_report_ask *ask)
{
    static const char *const key[TFU_DERIVATIONS] = {"difference", "ratio"};
    for (size_t i = 0; i < TFU_DERIVATIONS; i++) {
        const struct tfu_node *at = tfu_node_at(n, key[i]);
        const char *below = tfu_load_printf(r->load, "%s.%s", path, key[i]);
        const size_t before = tfu_diagnostics_count(r->load->diagnostics);
        /* null: none, where the table that is changed has some */
        if (!at || tfu_node_is_null(at) || !below)
            continue;
        ask->derived[i].asked = true;
        tfu_report_against_read(r, below, at, at->mark, ask, &ask->derived[i].against);
        if (tfu_diagnostics_count(r->load->diagnostics) == before)
            check_shown(r, below, at, tfu_node_at(n, "where"), ask, &ask->derived[i].against);
    }
}
