/* SPDX-License-Identifier: MIT */
#include "core/stats/auc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/ranks.h"
#include "core/base/student.h"
#include "core/stats/normal.h"

/* What each example wins. Pairs are counted twice, so that a tie is one and all numbers are whole:
 * what is equal by definition is equal here too. */
struct wins {
    int64_t positives, negatives;
    int64_t *of;    /* over the examples of the other class, each example's */
    uint64_t pairs; /* of all positives */
};

static void count_run(struct wins *w, const struct tfu_auc_examples *s,
                      const struct tfu_ranked *ranked, size_t begin, size_t end,
                      int64_t positives_below, int64_t negatives_below)
{
    int64_t positives = 0;
    for (size_t i = begin; i < end; i++)
        positives += s->positive[ranked[i].index] != 0;
    const int64_t negatives = (int64_t)(end - begin) - positives;
    const int64_t beats = 2 * negatives_below + negatives;
    const int64_t beaten = 2 * (w->positives - positives_below) - positives;
    for (size_t i = begin; i < end; i++)
        w->of[ranked[i].index] = s->positive[ranked[i].index] ? beats : beaten;
    w->pairs += (uint64_t)positives * (uint64_t)beats;
}

/* w->of has room for all. */
static void count_wins(struct wins *w, const struct tfu_auc_examples *s, struct tfu_ranked *ranked)
{
    const size_t n = (size_t)s->n;
    int64_t positives_below = 0;
    tfu_ranked_take(s->score, n, ranked);
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = tfu_ranked_end(ranked, n, begin);
        count_run(w, s, ranked, begin, end, positives_below, (int64_t)begin - positives_below);
        for (size_t i = begin; i < end; i++)
            positives_below += s->positive[ranked[i].index] != 0;
    }
}

/* The variance of an area, or of the difference of two: the sum of the squares about `mean` of what
 * each positive won, and each negative, both over their squared number but for one. `minus` may be
 * NULL. */
static double variance_of(const struct tfu_auc_examples *s, const struct wins *w,
                          const struct wins *minus, double mean)
{
    const double m = (double)w->positives, k = (double)w->negatives;
    double positive = 0, negative = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const double won = (double)(w->of[i] - (minus ? minus->of[i] : 0));
        if (s->positive[i])
            positive += (won / (2 * k) - mean) * (won / (2 * k) - mean);
        else
            negative += (won / (2 * m) - mean) * (won / (2 * m) - mean);
    }
    return positive / (m * (m - 1)) + negative / (k * (k - 1));
}

static double covariance_of(const struct tfu_auc_examples *s, const struct wins *a,
                            const struct wins *b, double mean_a, double mean_b)
{
    const double m = (double)a->positives, k = (double)a->negatives;
    double positive = 0, negative = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const double others = 2 * (s->positive[i] ? k : m);
        const double product =
            ((double)a->of[i] / others - mean_a) * ((double)b->of[i] / others - mean_b);
        *(s->positive[i] ? &positive : &negative) += product;
    }
    return positive / (m * (m - 1)) + negative / (k * (k - 1));
}

/* ---- one area */

static struct tfu_auc undefined_area(double level)
{
    return (struct tfu_auc){
        .value = NAN, .variance = NAN, .error = NAN, .level = level, .low = NAN, .high = NAN};
}

static void count_classes(struct tfu_auc *out, const struct tfu_auc_examples *s)
{
    for (int64_t i = 0; i < s->n; i++)
        out->positives += s->positive[i] != 0;
    out->negatives = s->n - out->positives;
    for (int64_t i = 0; i < s->n; i++)
        if (isnan(s->score[i])) {
            tfu_why_say(&out->why, "score %" PRId64 " of %" PRId64 " is not a number", i + 1, s->n);
            return;
        }
    if (s->n == 0)
        tfu_why_say(&out->why, "no examples");
    else if (out->positives == 0 || out->negatives == 0)
        tfu_why_say(&out->why, out->positives == 0 ? "0 positives" : "0 negatives");
}

static void measure(struct tfu_auc *out, const struct tfu_auc_examples *s, const struct wins *w)
{
    out->value = (double)w->pairs / (2.0 * (double)w->positives * (double)w->negatives);
    if (w->positives == 1 || w->negatives == 1) {
        tfu_why_say(&out->why, "1 %s: a variance needs two",
                    w->positives == 1 ? "positive" : "negative");
        return;
    }
    out->variance = variance_of(s, w, NULL, out->value);
    out->error = sqrt(out->variance);
    if (!tfu_why_level(&out->why, out->level))
        return;
    const double half = tfu_normal_quantile((1 + out->level) / 2) * out->error;
    out->low = fmax(0, out->value - half);
    out->high = fmin(1, out->value + half);
}

/* `w` is to be cleared, and its `of` freed. */
static enum tfu_status area_of(struct tfu_auc *out, struct wins *w,
                               const struct tfu_auc_examples *s, double level, struct tfu_error *e)
{
    *out = undefined_area(level);
    count_classes(out, s);
    if (out->why.text[0])
        return TFU_OK;
    struct tfu_ranked *ranked = calloc((size_t)s->n, sizeof *ranked);
    *w = (struct wins){.positives = out->positives,
                       .negatives = out->negatives,
                       .of = calloc((size_t)s->n, sizeof *w->of)};
    if (!ranked || !w->of) {
        free(ranked);
        return tfu_error_memory(e, "ranking scores", (size_t)s->n * sizeof *ranked);
    }
    count_wins(w, s, ranked);
    measure(out, s, w);
    free(ranked);
    return TFU_OK;
}

enum tfu_status tfu_auc_measure(struct tfu_auc *out, struct tfu_auc_examples s, double level,
                                struct tfu_error *e)
{
    struct wins w = {.of = NULL};
    const enum tfu_status st = area_of(out, &w, &s, level, e);
    free(w.of);
    return st;
}

/* ---- two */

static struct tfu_auc_test undefined_test(bool paired, double level)
{
    return (struct tfu_auc_test){
        .a = undefined_area(level),
        .b = undefined_area(level),
        .paired = paired,
        .difference = NAN,
        .covariance = NAN,
        .error = NAN,
        .level = level,
        .low = NAN,
        .high = NAN,
        .z = NAN,
        .degrees = NAN,
        .p = NAN,
        .p_greater = NAN,
        .p_less = NAN,
    };
}

/* The reason of one side, before anything else. */
static void pass_on(struct tfu_auc_test *t)
{
    const struct tfu_auc *side[2] = {&t->a, &t->b};
    for (int i = 0; i < 2; i++)
        if (side[i]->why.text[0] && t->paired && strcmp(t->a.why.text, t->b.why.text) == 0)
            tfu_why_say(&t->why, "%s", side[i]->why.text);
        else if (side[i]->why.text[0])
            tfu_why_say(&t->why, "of %c: %.140s", "ab"[i], side[i] -> why.text);
}

/* `difference`, `error` and `degrees` are known. */
static void test(struct tfu_auc_test *t)
{
    const bool normal = isinf(t->degrees);
    if (t->error > 0) {
        t->z = t->difference / t->error;
    } else if (t->difference < 0 || t->difference > 0) {
        tfu_why_say(&t->why, "the areas %g and %g have no variance", t->a.value, t->b.value);
        return;
    } else {
        t->z = 0;
    }
    const double two_sided =
        normal ? 2 * tfu_normal_above(fabs(t->z)) : tfu_student_tail(t->z, t->degrees);
    t->p = two_sided;
    t->p_greater = t->z > 0 ? two_sided / 2 : 1 - two_sided / 2;
    t->p_less = t->z > 0 ? 1 - two_sided / 2 : two_sided / 2;
    if (!tfu_why_level(&t->why, t->level))
        return;
    const double p = (1 + t->level) / 2;
    const double half =
        t->error * (normal ? tfu_normal_quantile(p) : tfu_student_quantile(p, t->degrees));
    t->low = t->difference - half;
    t->high = t->difference + half;
}

static void compare_paired(struct tfu_auc_test *t, const struct tfu_auc_examples *s,
                           const struct wins *a, const struct wins *b)
{
    /* by whole numbers, so that equal areas differ by nothing */
    const double apart =
        a->pairs > b->pairs ? (double)(a->pairs - b->pairs) : -(double)(b->pairs - a->pairs);
    t->difference = apart / (2.0 * (double)a->positives * (double)a->negatives);
    if (a->positives < 2 || a->negatives < 2)
        return;
    t->covariance = covariance_of(s, a, b, t->a.value, t->b.value);
    t->error = sqrt(variance_of(s, a, b, t->difference));
    t->degrees = INFINITY;
    test(t);
}

enum tfu_status tfu_auc_compare(struct tfu_auc_test *out, struct tfu_auc_examples a,
                                const double *score_b, double level, struct tfu_error *e)
{
    const struct tfu_auc_examples b = {.score = score_b, .positive = a.positive, .n = a.n};
    struct wins won_a = {.of = NULL}, won_b = {.of = NULL};
    *out = undefined_test(true, level);
    enum tfu_status st = area_of(&out->a, &won_a, &a, level, e);
    if (st == TFU_OK)
        st = area_of(&out->b, &won_b, &b, level, e);
    if (st == TFU_OK) {
        pass_on(out);
        if (won_a.of && won_b.of)
            compare_paired(out, &a, &won_a, &won_b);
    }
    free(won_a.of);
    free(won_b.of);
    return st;
}

/* Adds what the examples won in each run; `mean` gets the sum of the areas. */
static enum tfu_status add_wins(struct wins *sum, struct tfu_auc *mean, const uint8_t *positive,
                                int64_t n, const double *const *score, int64_t runs, double level,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    sum->of = calloc((size_t)n + 1, sizeof *sum->of);
    if (!sum->of)
        return tfu_error_memory(e, "ranking scores", (size_t)n * sizeof *sum->of);
    mean->value = 0;
    for (int64_t k = 0; st == TFU_OK && k < runs; k++) {
        struct wins w = {.of = NULL};
        struct tfu_auc area;
        const struct tfu_auc_examples s = {.score = score[k], .positive = positive, .n = n};
        st = area_of(&area, &w, &s, level, e);
        if (st == TFU_OK && !w.of)
            mean->why = area.why;
        for (int64_t i = 0; w.of && i < n; i++)
            sum->of[i] += w.of[i];
        sum->pairs += w.pairs;
        sum->positives = area.positives;
        sum->negatives = area.negatives;
        mean->value += area.value / (double)runs;
        free(w.of);
    }
    mean->positives = sum->positives;
    mean->negatives = sum->negatives;
    return st;
}

enum tfu_status tfu_auc_compare_means(struct tfu_auc_test *out, const uint8_t *positive, int64_t n,
                                      const double *const *a, const double *const *b, int64_t runs,
                                      double level, struct tfu_error *e)
{
    const struct tfu_auc_examples s = {.positive = positive, .n = n};
    struct wins won_a = {.of = NULL}, won_b = {.of = NULL};
    *out = undefined_test(true, level);
    enum tfu_status st = add_wins(&won_a, &out->a, positive, n, a, runs, level, e);
    if (st == TFU_OK)
        st = add_wins(&won_b, &out->b, positive, n, b, runs, level, e);
    if (st == TFU_OK)
        pass_on(out);
    if (st == TFU_OK && runs > 0 && !out->why.text[0]) {
        const double apart = won_a.pairs > won_b.pairs ? (double)(won_a.pairs - won_b.pairs)
                                                       : -(double)(won_b.pairs - won_a.pairs);
        const double summed = apart / (2.0 * (double)won_a.positives * (double)won_a.negatives);
        out->difference = summed / (double)runs;
        if (won_a.positives > 1 && won_a.negatives > 1) {
            out->error = sqrt(variance_of(&s, &won_a, &won_b, summed)) / (double)runs;
            out->degrees = INFINITY;
            test(out);
        } else {
            tfu_why_say(&out->why, "a variance needs two positives and two negatives");
        }
    }
    free(won_a.of);
    free(won_b.of);
    return st;
}

static double free_part(const struct tfu_auc *a)
{
    return a->variance * a->variance / (double)(a->positives + a->negatives - 1);
}

enum tfu_status tfu_auc_compare_unpaired(struct tfu_auc_test *out, struct tfu_auc_examples a,
                                         struct tfu_auc_examples b, double level,
                                         struct tfu_error *e)
{
    *out = undefined_test(false, level);
    enum tfu_status st = tfu_auc_measure(&out->a, a, level, e);
    if (st == TFU_OK)
        st = tfu_auc_measure(&out->b, b, level, e);
    if (st != TFU_OK)
        return st;
    pass_on(out);
    out->difference = out->a.value - out->b.value;
    const double variance = out->a.variance + out->b.variance;
    if (isnan(variance))
        return TFU_OK;
    out->covariance = 0;
    out->error = sqrt(variance);
    /* two areas without a variance: no matter which */
    out->degrees = variance > 0 ? variance * variance / (free_part(&out->a) + free_part(&out->b))
                                : (double)(a.n + b.n - 2);
    test(out);
    return TFU_OK;
}
