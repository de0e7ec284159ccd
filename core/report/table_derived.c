/* SPDX-License-Identifier: MIT */
#include "core/report/table_derived.h"

#include <math.h>
#include <stdlib.h>

#include "core/config/hint.h"
#include "core/report/table_against.h"
#include "core/report/table_number.h"
#include "core/report/table_pairs.h"

static const char *const word[TFU_DERIVATIONS] = {"difference", "ratio"};
enum { RATIO_DIGITS = 3 };

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a table", 0);
}

/* ---- in words */

/* "random", "limit 10", and for programs "start=random". */
static void put_against(const struct tfu_report_grid *g, const struct tfu_report_against *against,
                        bool key, struct tfu_text *out)
{
    const struct tfu_report_axis *a = &g->b->cases->axis[against->axis];
    const char *value = a->value[against->value], *words = a->value_word[against->value];
    if (key)
        tfu_text_printf(out, "%s=%s", a->name, value);
    else if (words == value && tfu_hint_is_number(value)) /* alone it does not say what it counts */
        tfu_text_printf(out, "%s %s", a->word, value);
    else
        tfu_text_puts(out, words);
}

const char *tfu_report_derived_head(const struct tfu_report_grid *g,
                                    enum tfu_report_derivation kind, size_t value, bool key)
{
    const struct tfu_report_ask *ask = g->ask;
    const char *unit = kind == TFU_DERIVE_DIFFERENCE ? g->series[value]->unit : NULL;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, word[kind]);
    if (key || ask->values > 1)
        tfu_text_printf(&text, " of %s", key ? ask->value[value].text : g->title[value]);
    tfu_text_puts(&text, " to ");
    put_against(g, &ask->derived[kind].against, key, &text);
    tfu_text_printf(&text, "%s%s", unit ? ", " : "", unit ? unit : "");
    const char *kept =
        text.failed ? NULL : tfu_arena_strdup(g->b->cases->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    return kept;
}

/* `most`: pairs of a number. */
static void put_caption(struct tfu_report_grid *g, enum tfu_report_derivation kind, size_t most)
{
    const struct tfu_report_ask *ask = g->ask;
    const bool said = kind == TFU_DERIVE_RATIO && g->derived[TFU_DERIVE_DIFFERENCE];
    tfu_text_printf(&g->caption, "%s%ss are to ", g->caption.length ? " " : "",
                    kind == TFU_DERIVE_RATIO ? "Ratio" : "Difference");
    put_against(g, &ask->derived[kind].against, false, &g->caption);
    if (said) {
        tfu_text_puts(&g->caption, ", likewise");
    } else if (most > 1) {
        tfu_text_puts(&g->caption, ": means over pairs of runs");
        for (size_t i = 0; i < ask->over.count; i++)
            tfu_text_printf(&g->caption, "%s%s", i ? ", " : " that are alike on ",
                            g->b->cases->axis[ask->over.item[i]].word);
        tfu_text_puts(&g->caption, ", with the deviation over these and 95 % intervals of the mean "
                                   "(Student's t)");
    }
    tfu_text_puts(&g->caption, ".");
}

/* ---- numbers */

/* Two cells, what follows from their pairs, and what is missing. */
struct work {
    struct tfu_report_grid *g;
    enum tfu_report_derivation kind;
    const struct tfu_report_series *series;
    double *value;                   /* of the pairs that are there */
    struct tfu_report_missing *gone; /* the others, called by the case of the cell */
    size_t pairs, missing;
    size_t missed; /* of `missing`: all that lacks is that a threshold was not reached */
};

/* Is all known of a case that there will be? */
static bool is_settled(const struct tfu_report_series *s, size_t item)
{
    return item != TFU_REPORT_NONE && (isfinite(s->number[item]) || s->missed[item]);
}

/* Why the case has no partner to be held against, or that has no number. */
static const char *why_of_partner(const struct work *w, size_t other)
{
    const struct tfu_report_grid *g = w->g;
    struct tfu_report_numbers *n = &g->b->numbers;
    struct tfu_text text = TFU_TEXT_INIT;
    put_against(g, &g->ask->derived[w->kind].against, true, &text);
    const char *name = tfu_text_get(&text), *out;
    if (other == TFU_REPORT_NONE) {
        out = tfu_arena_printf(n->cases->arena, "there is no such run of %s", name);
    } else if (isfinite(w->series->number[other])) {
        out = tfu_arena_printf(n->cases->arena, "that of %s is 0", name);
    } else {
        const char *why = tfu_report_series_why(n, w->series, other);
        out = why ? tfu_arena_printf(n->cases->arena, "%s: %s", name, why) : NULL;
    }
    out = text.failed ? NULL : out;
    tfu_text_free(&text);
    return out;
}

static bool add_pair(struct work *w, size_t item, size_t other, size_t *run)
{
    const struct tfu_report_cases *c = w->g->b->cases;
    const double x = w->series->number[item],
                 y = other == TFU_REPORT_NONE ? NAN : w->series->number[other];
    const bool ratio = w->kind == TFU_DERIVE_RATIO;
    const double value = ratio ? x / y : x - y;
    if (isfinite(x) && isfinite(value)) {
        run[2 * w->pairs] = item;
        run[2 * w->pairs + 1] = other;
        w->value[w->pairs++] = value;
        return true;
    }
    const bool own = !isfinite(x);
    const char *why =
        own ? tfu_report_series_why(&w->g->b->numbers, w->series, item) : why_of_partner(w, other);
    const bool done = c->item[item].done && (other == TFU_REPORT_NONE || c->item[other].done);
    w->missed += is_settled(w->series, item) && is_settled(w->series, other) &&
                 (!isfinite(x) || !isfinite(y));
    w->gone[w->missing++] = (struct tfu_report_missing){item, why, done};
    return why != NULL;
}

static int digits_of(const struct work *w, const struct tfu_report_number *own, double spread)
{
    const struct tfu_report_ask *ask = w->g->ask;
    const bool counts = w->series->digits == 0, ratio = w->kind == TFU_DERIVE_RATIO;
    if (counts && !ratio)
        return own->digits;
    if (ask->digits >= 0) /* a ratio of counts is none */
        return (int)ask->digits;
    return tfu_report_digits_of_spread(spread, ratio ? RATIO_DIGITS : own->digits);
}

/* The number beside `own`, of the cell `at` against `other`. */
static enum tfu_status fill(struct work *w, size_t at, size_t other,
                            const struct tfu_report_number *own, struct tfu_report_number *out,
                            const char **hole, struct tfu_error *e)
{
    const struct tfu_report_grid *g = w->g;
    struct tfu_report_cases *c = g->b->cases;
    const size_t count = g->items[at];
    size_t *run = tfu_arena_array(c->arena, 2 * count + 1, sizeof *run);
    w->value = calloc(count + 1, sizeof *w->value);
    w->gone = calloc(count + 1, sizeof *w->gone);
    w->pairs = w->missing = w->missed = 0;
    bool ok = run && w->value && w->gone;
    for (size_t i = 0; ok && i < count; i++) {
        const size_t item = g->item[at][i];
        ok = add_pair(w, item,
                      tfu_report_partner(c, &g->ask->over, item, g->item[other], g->items[other]),
                      run);
    }
    if (ok && w->missing)
        ok = (*hole = tfu_report_missing_text(c, &g->ask->over, "pair", w->gone, w->missing,
                                              count)) != NULL;
    if (ok) {
        tfu_report_number_summarise(out, w->value, w->pairs, w->series);
        out->unit = w->kind == TFU_DERIVE_DIFFERENCE ? w->series->unit : NULL;
        out->digits = digits_of(w, own, out->spread);
        out->run = run;
        out->runs = 2 * w->pairs;
        out->asked = 2 * count;
        out->why = w->pairs ? NULL : *hole;
        out->missed = count > 0 && w->missed == count;
    }
    free(w->value);
    free(w->gone);
    return ok ? TFU_OK : no_memory(e);
}

static enum tfu_status derive(struct tfu_report_grid *g, enum tfu_report_derivation kind,
                              struct tfu_error *e)
{
    const struct tfu_report_against *against = &g->ask->derived[kind].against;
    const size_t values = g->ask->values, cells = g->rows * g->columns;
    struct tfu_report_number *number =
        tfu_arena_array(g->b->cases->arena, cells * values + 1, sizeof *number);
    const char **hole = tfu_arena_array(g->b->cases->arena, cells * values + 1, sizeof *hole);
    size_t most = 0;
    enum tfu_status st = number && hole ? TFU_OK : no_memory(e);
    for (size_t at = 0; st == TFU_OK && at < cells; at++) {
        const size_t other = tfu_report_cell_against(g, against, at / g->columns, at % g->columns);
        for (size_t i = at * values; st == TFU_OK && i < (at + 1) * values; i++) {
            struct work w = {.g = g, .kind = kind, .series = g->series[i % values]};
            number[i] = tfu_report_number_none(NULL);
            if (other != TFU_REPORT_NONE)
                st = fill(&w, at, other, &g->number[i], &number[i], &hole[i], e);
            most = number[i].asked / 2 > most ? number[i].asked / 2 : most;
        }
    }
    g->derived[kind] = number;
    g->derived_hole[kind] = hole;
    if (st == TFU_OK)
        put_caption(g, kind, most);
    return st;
}

enum tfu_status tfu_report_derive(struct tfu_report_grid *g, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_DERIVATIONS; i++) {
        const struct tfu_report_derived *d = &g->ask->derived[i];
        const struct tfu_report_axis *a = &g->b->cases->axis[d->against.axis];
        if (!d->asked)
            continue;
        if (!d->against.gone && tfu_report_against_is_there(g, &d->against)) {
            st = derive(g, (enum tfu_report_derivation)i, e);
            continue;
        }
        tfu_text_printf(&g->caption, "%sNo %s: there is no ", g->caption.length ? " " : "",
                        word[i]);
        tfu_text_printf(&g->caption, "%s=%s to which it would be, among what is asked for now.",
                        a->word, d->against.gone ? d->against.gone : a->value[d->against.value]);
    }
    return st;
}
