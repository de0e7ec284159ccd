/* SPDX-License-Identifier: MIT */
#include "core/report/table_test.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/report/table_predictions.h"
#include "core/stats/family.h"
#include "core/stats/paired.h"
#include "core/stats/sign_flip.h"
#include "core/stats/t_test.h"
#include "core/stats/wilcoxon.h"

enum { FLIPS = 100000 };

static const char *const test_name[] = {
    [TFU_PAIRED_DELONG] = "DeLong's test on predictions of the same examples",
    [TFU_PAIRED_T] = "the paired t test",
    [TFU_PAIRED_WILCOXON] = "Wilcoxon's signed-rank test",
    [TFU_PAIRED_SIGN_FLIP] = "the sign-flip permutation test",
    [TFU_PAIRED_BOOTSTRAP] = "the paired bootstrap of predictions",
};
static const char *const short_name[] = {
    [TFU_PAIRED_DELONG] = "DeLong",       [TFU_PAIRED_T] = "t",
    [TFU_PAIRED_WILCOXON] = "Wilcoxon",   [TFU_PAIRED_SIGN_FLIP] = "sign flips",
    [TFU_PAIRED_BOOTSTRAP] = "bootstrap",
};

/* ---- over runs */

struct tested {
    double p, difference;
    char why[TFU_REPORT_WHY];
};

static enum tfu_status test_values(struct tested *out, enum tfu_report_paired kind,
                                   const double *difference, size_t n, struct tfu_error *e)
{
    const int64_t count = (int64_t)n;
    struct tfu_why why = {.text = ""};
    enum tfu_status st = TFU_OK;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += difference[i];
    out->difference = n ? sum / (double)n : NAN;
    if (kind == TFU_PAIRED_T) {
        const struct tfu_t_test t = tfu_t_test_paired(difference, count, 0.95);
        out->p = t.p;
        why = t.why;
    } else if (kind == TFU_PAIRED_SIGN_FLIP) {
        const struct tfu_sign_flip s = tfu_sign_flip_test(difference, count, FLIPS, 0);
        why = s.why;
        out->p = tfu_why_two(&why, count) ? s.p : NAN;
    } else {
        struct tfu_wilcoxon w;
        st = tfu_wilcoxon_test(&w, difference, count, e);
        why = w.why;
        out->p = st == TFU_OK && tfu_why_two(&why, w.n) ? w.p : NAN;
    }
    snprintf(out->why, sizeof out->why, "%s", n ? why.text : "no pair of runs has both numbers");
    return st;
}

static enum tfu_status test_runs(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                 const struct tfu_report_pair *p, struct tested *out, size_t *used,
                                 struct tfu_error *e)
{
    const size_t room = p->items + 1;
    size_t *one = calloc(room, sizeof *one), *other = calloc(room, sizeof *other);
    double *x = calloc(room, sizeof *x), *y = calloc(room, sizeof *y);
    double *d = calloc(room, sizeof *d);
    enum tfu_status st =
        one && other && x && y && d ? TFU_OK : tfu_error_memory(e, "testing a table", 0);
    const size_t pairs = st == TFU_OK ? tfu_report_pairs(b->cases, &ask->over, p, one, other) : 0;
    for (size_t i = 0; i < pairs; i++) {
        x[i] = p->series->number[one[i]];
        y[i] = p->series->number[other[i]];
    }
    *used = pairs;
    if (st == TFU_OK)
        tfu_paired_differences(x, y, (int64_t)pairs, d);
    if (st == TFU_OK)
        st = test_values(out, (enum tfu_report_paired)ask->test.paired, d, pairs, e);
    free(one);
    free(other);
    free(x);
    free(y);
    free(d);
    return st;
}

static enum tfu_status test_pair(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                 const struct tfu_report_pair *p, struct tested *out, size_t *used,
                                 struct tfu_error *e)
{
    *out = (struct tested){.p = NAN, .difference = NAN};
    if (ask->test.paired != TFU_PAIRED_DELONG && ask->test.paired != TFU_PAIRED_BOOTSTRAP)
        return test_runs(b, ask, p, out, used, e);
    return tfu_report_test_predictions(b, ask, p, &out->p, &out->difference, out->why, used, e);
}

/* ---- the family */

static const char *correction_text(const struct tfu_report_ask *ask)
{
    return ask->test.correct == TFU_CORRECT_NONE ? "not corrected"
           : ask->test.correct == TFU_CORRECT_BH
               ? tfu_family_method_text(TFU_FAMILY_BENJAMINI_HOCHBERG)
               : tfu_family_method_text(TFU_FAMILY_HOLM);
}

static enum tfu_status correct(const struct tfu_report_ask *ask, const double *p, size_t count,
                               double *corrected, struct tfu_family *family, struct tfu_error *e)
{
    const enum tfu_status st = tfu_family_correct(
        ask->test.correct == TFU_CORRECT_BH ? TFU_FAMILY_BENJAMINI_HOCHBERG : TFU_FAMILY_HOLM, p,
        (int64_t)count, corrected, family, e);
    for (size_t i = 0; ask->test.correct == TFU_CORRECT_NONE && i < count; i++)
        corrected[i] = p[i];
    return st;
}

static void put_caption(const struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                        const struct tfu_family *f, struct tfu_text *out)
{
    const bool none = f->size == 0;
    tfu_text_puts(out, none ? "No test against " : "p of no difference to ");
    tfu_report_put_axis_value(out, &b->cases->axis[ask->test.against.axis],
                              ask->test.against.value);
    if (none) {
        tfu_text_puts(out, " has a p.");
        return;
    }
    tfu_text_printf(out, " by %s", test_name[ask->test.paired]);
    if (ask->test.correct == TFU_CORRECT_NONE)
        tfu_text_printf(out, ", not corrected for the %" PRId64 " test%s", f->size,
                        f->size == 1 ? "" : "s");
    else
        tfu_text_printf(out, ", corrected by %s for a family of %" PRId64 " test%s",
                        correction_text(ask), f->size, f->size == 1 ? "" : "s");
    if (f->undefined)
        tfu_text_printf(out, " (%" PRId64 " more have no p)", f->undefined);
    tfu_text_puts(out, ".");
}

static enum tfu_status put_test(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                const struct tfu_report_pair *pair, const struct tested *t,
                                double corrected, const struct tfu_family *f, struct tfu_error *e)
{
    struct tfu_report_number *x = pair->number;
    struct tfu_text text = TFU_TEXT_INIT;
    if (isnan(t->p))
        return TFU_OK;
    x->p_alone = t->p;
    x->p = corrected;
    const bool found = x->p<0.05, more = t->difference> 0;
    x->better = found && more != pair->series->lower;
    x->worse = found && more == pair->series->lower;
    tfu_text_printf(&text, "%s, paired, against ", short_name[ask->test.paired]);
    tfu_report_put_axis_value(&text, &b->cases->axis[ask->test.against.axis],
                              ask->test.against.value);
    tfu_text_printf(&text, "; %s", correction_text(ask));
    if (ask->test.correct != TFU_CORRECT_NONE)
        tfu_text_printf(&text, " over %" PRId64, f->size);
    x->test = tfu_report_keep(b, &text, e);
    return x->test ? TFU_OK : e->status;
}

enum tfu_status tfu_report_test_table(struct tfu_report_builder *b,
                                      const struct tfu_report_ask *ask,
                                      const struct tfu_report_pair *pair, size_t pairs,
                                      struct tfu_text *notes, struct tfu_text *caption,
                                      struct tfu_error *e)
{
    struct tested *t = calloc(pairs + 1, sizeof *t);
    double *p = calloc(pairs + 1, sizeof *p), *corrected = calloc(pairs + 1, sizeof *corrected);
    struct tfu_family family = {.size = 0};
    enum tfu_status st = t && p && corrected ? TFU_OK : tfu_error_memory(e, "testing a table", 0);
    for (size_t i = 0; st == TFU_OK && i < pairs; i++) {
        size_t used = 0;
        st = test_pair(b, ask, &pair[i], &t[i], &used, e);
        p[i] = t[i].p;
        if (isnan(t[i].p))
            tfu_text_printf(notes, "%s: no test: %s\n", pair[i].name,
                            used == 0 && !t[i].why[0] ? "no pair of runs has both numbers"
                            : t[i].why[0]             ? t[i].why
                                                      : "it is not defined");
        else if (used < pair[i].items || used < pair[i].others)
            tfu_text_printf(notes, "%s: tested over %zu of %zu pairs\n", pair[i].name, used,
                            pair[i].items > pair[i].others ? pair[i].items : pair[i].others);
    }
    if (st == TFU_OK)
        st = correct(ask, p, pairs, corrected, &family, e);
    for (size_t i = 0; st == TFU_OK && i < pairs; i++)
        st = put_test(b, ask, &pair[i], &t[i], corrected[i], &family, e);
    if (st == TFU_OK)
        put_caption(b, ask, &family, caption);
    free(t);
    free(p);
    free(corrected);
    return st;
}
