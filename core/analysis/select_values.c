/* SPDX-License-Identifier: MIT */
#include "core/analysis/select_values.h"

#include <string.h>

#include "core/analysis/run_value.h"
#include "core/analysis/select_cases.h"
#include "core/sweep/choose.h"

void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count)
{
    *count = 0;
    *value = tfu_load_array(l, s->count + 1, sizeof **value);
    for (size_t i = 0; *value && i < s->count; i++) {
        const char *v = tfu_run_value(l, s->one[i].run, key);
        size_t at = 0;
        while (at < *count && tfu_run_value_compare((*value)[at], v) < 0)
            at++;
        if (!v[0] || (at < *count && tfu_run_value_compare((*value)[at], v) == 0))
            continue;
        memmove(*value + at + 1, *value + at, (*count - at) * sizeof **value);
        (*value)[at] = v;
        (*count)++;
    }
}

/* What two of a pair have in common. */
struct pairing {
    const char *path;
    const struct tfu_sweep *sweep; /* of cases, which axes tell apart; NULL: keys do */
    struct by {
        const char *key;
        size_t axis;
        struct tfu_mark mark;
    } * by;
    size_t count;
};

/* Of each network the values: [network * count + key]. */
static const char **values_of(struct tfu_load *l, const struct pairing *p,
                              const struct tfu_selected *s, struct tfu_selected *out)
{
    const char **value = tfu_load_array(l, s->count * p->count + 1, sizeof *value);
    for (size_t i = 0; value && i < s->count; i++)
        for (size_t k = 0; k < p->count; k++) {
            const struct by *by = &p->by[k];
            const struct tfu_selected_one *one = &s->one[i];
            const char *is = p->sweep ? tfu_case_value(p->sweep, one->item, by->axis)
                                      : tfu_run_value(l, one->run, by->key);
            value[i * p->count + k] = is;
            if (!is[0] && !p->sweep)
                tfu_selected_refuse(l, out, by->mark,
                                    "%s.pair_by: '%s' has no value under the key '%s'", p->path,
                                    one->spec, by->key);
        }
    return value;
}

static bool are_equal(const char *const *a, const char *const *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tfu_run_value_compare(a[i], b[i]) != 0)
            return false;
    return true;
}

/* false after a finding. */
static bool read_pairing(struct tfu_load *l, const struct tfu_node *by, struct pairing *p,
                         const struct tfu_sweep *sweep, struct tfu_selected *out)
{
    const bool list = by->kind == TFU_NODE_SEQUENCE;
    const char *below = tfu_load_printf(l, "%s.pair_by", p->path);
    p->sweep = sweep;
    p->by = tfu_load_array(l, by->count + 1, sizeof *p->by);
    for (const struct tfu_node *n = list ? by->first : by; n && p->by && below;
         n = list ? n->next : NULL) {
        struct by *one = &p->by[p->count++];
        *one = (struct by){.key = n->text, .axis = TFU_NO_CASE, .mark = n->mark};
        if (!sweep)
            continue;
        one->axis = tfu_sweep_axis_find(sweep, l, below, n->mark, n->text);
        out->refused |= one->axis == SIZE_MAX;
    }
    return p->by && below && !out->refused;
}

static const char *words_for(const struct pairing *p, const struct tfu_selected_one *one)
{
    return p->sweep ? p->sweep->item[one->item].name : one->spec;
}

static void order(struct tfu_load *l, const struct pairing *p, const struct tfu_node *by,
                  const struct tfu_select_scope *s, const struct tfu_selected *a,
                  struct tfu_selected *b)
{
    struct tfu_selected ordered = {.narrowed = b->narrowed};
    const char **of_a = values_of(l, p, a, b), **of_b = values_of(l, p, b, b);
    if (b->refused)
        return;
    for (size_t i = 0; of_a && of_b && !l->out_of_memory && i < a->count; i++) {
        size_t partners = 0, at = 0;
        for (size_t k = 0; k < b->count; k++)
            if (are_equal(of_a + i * p->count, of_b + k * p->count, p->count)) {
                partners++;
                at = k;
            }
        if (partners != 1) {
            b->narrowed |= a->narrowed;
            tfu_selected_misfit(l, s, b, tfu_node_key_mark(by),
                                "%s.pair_by: '%s' has %zu networks of `b` with the same values "
                                "under these %s, not one",
                                p->path, words_for(p, &a->one[i]), partners,
                                p->sweep ? "axes" : "keys");
            return;
        }
        tfu_selected_add(l, &ordered, &b->one[at]);
    }
    *b = ordered;
}

void tfu_select_pair(struct tfu_load *l, const char *path, const struct tfu_node *by,
                     const struct tfu_select_scope *s, const struct tfu_selected *a,
                     struct tfu_selected *b)
{
    struct pairing p = {.path = path};
    const bool cases = tfu_selected_are_cases(a) && tfu_selected_are_cases(b);
    if (!cases && (tfu_selected_have_case(a) || tfu_selected_have_case(b)))
        tfu_selected_refuse(l, b, tfu_node_key_mark(by),
                            "%s.pair_by: cases of this file go with cases, by their axes, and runs "
                            "with runs, by keys of their configurations; here are both",
                            path);
    else if (read_pairing(l, by, &p, cases ? s->sweep : NULL, b))
        order(l, &p, by, s, a, b);
}
