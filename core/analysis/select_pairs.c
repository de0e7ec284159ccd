/* SPDX-License-Identifier: MIT */
#include "core/analysis/select_pairs.h"

#include <string.h>

#include "core/analysis/run_value.h"
#include "core/analysis/select_cases.h"
#include "core/sweep/choose.h"

static const char by_word[] = "pair_by", across_word[] = "pair_across";

/* By what the two of a pair are chosen. */
struct pairing {
    const char *path;
    const struct tfu_sweep *sweep; /* of cases, which axes tell apart; NULL: keys do */
    struct by {
        const char *word; /* "pair_by" */
        const char *key;
        size_t axis;
        struct tfu_mark mark;
    } * by;
    size_t equal; /* so many of them, the first, are those of `pair_by`; */
    size_t count; /* the others those of `pair_across` */
};

/* The networks of one side. */
struct paired {
    const struct tfu_selected *of;
    const char **value; /* of[network * count + key] */
};

static void read_values(struct tfu_load *l, const struct pairing *p, const struct tfu_selected *s,
                        struct paired *side, struct tfu_selected *out)
{
    const char **value = tfu_load_array(l, s->count * p->count + 1, sizeof *value);
    for (size_t k = 0; value && k < p->count; k++)
        for (size_t i = 0; i < s->count; i++) {
            const struct by *by = &p->by[k];
            const struct tfu_selected_one *one = &s->one[i];
            const char *is = p->sweep ? tfu_case_value(p->sweep, one->item, by->axis)
                                      : tfu_run_value(l, one->run, by->key);
            value[i * p->count + k] = is;
            if (is[0] || p->sweep)
                continue;
            tfu_selected_refuse(l, out, by->mark, "%s.%s: '%s' has no value under the key '%s'",
                                p->path, by->word, one->spec, by->key);
            break; /* the others may be as many lines */
        }
    *side = (struct paired){.of = s, .value = value};
}

static bool is_same(const struct pairing *p, const char *a, const char *b)
{
    /* one value of an axis is one text for all its cases */
    return p->sweep ? a == b : tfu_run_value_compare(a, b) == 0;
}

/* Are they, but for what pairs are across? */
static bool are_alike(const struct pairing *p, const char *const *a, const char *const *b)
{
    for (size_t i = 0; i < p->equal; i++)
        if (!is_same(p, a[i], b[i]))
            return false;
    return true;
}

static bool are_across(const struct pairing *p, const char *const *a, const char *const *b)
{
    for (size_t i = p->equal; i < p->count; i++)
        if (is_same(p, a[i], b[i]))
            return false;
    return true;
}

static void read_keys(struct tfu_load *l, struct pairing *p, const struct tfu_node *line,
                      const char *word, struct tfu_selected *out)
{
    const struct tfu_node *keys = tfu_node_at(line, word);
    const bool list = keys && keys->kind == TFU_NODE_SEQUENCE;
    const char *below = tfu_load_printf(l, "%s.%s", p->path, word);
    for (const struct tfu_node *n = list ? keys->first : keys; n && below;
         n = list ? n->next : NULL) {
        if (n->kind != TFU_NODE_SCALAR) { /* which was said when the keys of the line were read */
            out->refused = true;
            continue;
        }
        struct by *one = &p->by[p->count++];
        *one = (struct by){.word = word, .key = n->text, .axis = TFU_NO_CASE, .mark = n->mark};
        if (!p->sweep)
            continue;
        one->axis = tfu_sweep_axis_find(p->sweep, l, below, n->mark, n->text);
        out->refused |= one->axis == SIZE_MAX;
    }
}

/* false after a finding. */
static bool read_pairing(struct tfu_load *l, const struct tfu_node *line, struct pairing *p,
                         struct tfu_selected *out)
{
    const struct tfu_node *by = tfu_node_at(line, by_word),
                          *across = tfu_node_at(line, across_word);
    p->by =
        tfu_load_array(l, (by ? by->count : 0) + (across ? across->count : 0) + 2, sizeof *p->by);
    if (!p->by)
        return false;
    read_keys(l, p, line, by_word, out);
    p->equal = p->count;
    read_keys(l, p, line, across_word, out);
    return !l->out_of_memory && !out->refused;
}

static const char *words_for(const struct pairing *p, const struct tfu_selected_one *one)
{
    return p->sweep ? p->sweep->item[one->item].name : one->spec;
}

static const char *words_of_keys(const struct pairing *p)
{
    return p->sweep ? "axes" : "keys";
}

/* Those of `side` that are like a network with these values, in order; their number. */
static size_t find_alike(const struct pairing *p, const char *const *like,
                         const struct paired *side, size_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < side->of->count; i++)
        if (are_alike(p, like, side->value + i * p->count))
            out[count++] = i;
    return count;
}

/* What the search for partners goes by. */
struct search {
    struct tfu_load *load;
    const struct pairing *p;
    const struct tfu_node *line;
    const struct tfu_select_scope *scope;
    struct paired a, b;
    size_t *of_a, *of_b; /* room for numbers of all */
    size_t *partner;     /* out: of each of `a` the number of its partner */
};

/* The first turn of the `count` numbers of_b against those of_a by which the two of every pair
 * differ on what they are across: of equal lists the next, and the first for the last. `count`:
 * there is none. */
static size_t find_turn(const struct search *f, size_t count)
{
    const size_t keys = f->p->count;
    for (size_t turn = 1; turn <= count; turn++) {
        size_t i = 0;
        while (i < count && are_across(f->p, f->a.value + f->of_a[i] * keys,
                                       f->b.value + f->of_b[(i + turn) % count] * keys))
            i++;
        if (i == count)
            return turn % count;
    }
    return count;
}

/* Partners of number `i`, where pairs are of those that are alike; false after a finding. */
static bool pair_alike(struct search *f, size_t i, struct tfu_selected *out)
{
    const struct pairing *p = f->p;
    const size_t mates = find_alike(p, f->a.value + i * p->count, &f->b, f->of_b);
    f->partner[i] = f->of_b[0];
    if (mates != 1)
        tfu_selected_misfit(f->load, f->scope, out,
                            tfu_node_key_mark(tfu_node_at(f->line, by_word)),
                            "%s.pair_by: '%s' has %zu networks of `b` with the same values under "
                            "these %s, not one",
                            p->path, words_for(p, &f->a.of->one[i]), mates, words_of_keys(p));
    return mates == 1;
}

/* The same of number `i` and all that are like it, where the two of a pair differ. */
static bool pair_across(struct search *f, size_t i, struct tfu_selected *out)
{
    const struct pairing *p = f->p;
    const char *const *like = f->a.value + i * p->count;
    const size_t peers = find_alike(p, like, &f->a, f->of_a);
    const size_t mates = find_alike(p, like, &f->b, f->of_b);
    if (f->of_a[0] != i) /* it has its partner with the first of them */
        return true;
    const size_t turn = peers == mates ? find_turn(f, peers) : peers;
    for (size_t k = 0; turn < peers && k < peers; k++)
        f->partner[f->of_a[k]] = f->of_b[(k + turn) % peers];
    if (turn == peers)
        tfu_selected_misfit(
            f->load, f->scope, out, tfu_node_key_mark(tfu_node_at(f->line, across_word)),
            "%s.pair_across: '%s' and what is like it are %zu of `a` and %zu of `b`, "
            "which make no pairs of two with different values under these %s",
            p->path, words_for(p, &f->a.of->one[i]), peers, mates, words_of_keys(p));
    return turn < peers;
}

/* false after a finding. */
static bool find_partners(struct search *f, struct tfu_selected *out)
{
    const size_t count = f->a.of->count;
    f->of_a = tfu_load_array(f->load, count + 1, sizeof *f->of_a);
    f->of_b = tfu_load_array(f->load, f->b.of->count + 1, sizeof *f->of_b);
    f->partner = tfu_load_array(f->load, count + 1, sizeof *f->partner);
    bool found = f->of_a && f->of_b && f->partner;
    for (size_t i = 0; found && i < count; i++)
        found = f->p->count > f->p->equal ? pair_across(f, i, out) : pair_alike(f, i, out);
    return found;
}

/* Was this pair there, with the two in either order? */
static bool is_repeated(const struct tfu_selected *a, const struct tfu_selected *b,
                        const struct tfu_selected_one *x, const struct tfu_selected_one *y)
{
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->one[i].spec, y->spec) == 0 && strcmp(b->one[i].spec, x->spec) == 0)
            return true;
    return false;
}

/* Of what pairs are across, 0-1 and 1-0 are one pair where both sides have 0 and 1. */
static void order(struct search *f, struct tfu_selected *a, struct tfu_selected *b)
{
    const bool across = f->p->count > f->p->equal;
    struct tfu_selected first = {.narrowed = a->narrowed}, second = {.narrowed = b->narrowed};
    struct tfu_selected fits = {.narrowed = a->narrowed || b->narrowed};
    read_values(f->load, f->p, a, &f->a, b);
    read_values(f->load, f->p, b, &f->b, b);
    if (f->load->out_of_memory || b->refused)
        return;
    if (!find_partners(f, &fits)) {
        b->refused = true;
        return;
    }
    for (size_t i = 0; i < a->count; i++) {
        const struct tfu_selected_one *x = &a->one[i], *y = &b->one[f->partner[i]];
        if (across && is_repeated(&first, &second, x, y))
            continue;
        tfu_selected_add(f->load, &first, x);
        tfu_selected_add(f->load, &second, y);
    }
    *a = first;
    *b = second;
}

void tfu_select_pair(struct tfu_load *l, const char *path, const struct tfu_node *line,
                     const struct tfu_select_scope *s, struct tfu_selected *a,
                     struct tfu_selected *b)
{
    struct pairing p = {.path = path};
    const bool cases = tfu_selected_are_cases(a) && tfu_selected_are_cases(b);
    const struct tfu_node *by = tfu_node_at(line, by_word);
    if (!cases && (tfu_selected_have_case(a) || tfu_selected_have_case(b))) {
        tfu_selected_refuse(l, b, tfu_node_key_mark(by ? by : tfu_node_at(line, across_word)),
                            "%s.%s: cases of this file go with cases, by their axes, and runs "
                            "with runs, by keys of their configurations; here are both",
                            path, by ? by_word : across_word);
        return;
    }
    p.sweep = cases ? s->sweep : NULL;
    struct search f = {.load = l, .p = &p, .line = line, .scope = s};
    if (read_pairing(l, line, &p, b))
        order(&f, a, b);
}
