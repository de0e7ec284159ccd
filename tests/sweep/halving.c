/* SPDX-License-Identifier: MIT
 *
 * What halving makes of the scores of cases at their rungs: of all that may be known of them, in
 * whatever order it becomes known.
 */
#include "core/sweep/halving.h"

#include <math.h>

#include "tests/support/check_main.h"

/* ---- a group of nine */

enum { CASES = 9 };
static const char *const group_a[] = {"a"}, *const group_b[] = {"b"};
static const int64_t rung[] = {10, 30, 90};
static const size_t axis_zero[] = {0};

struct halved {
    struct tfu_sweep_case item[CASES];
    struct tfu_sweep_halving halving;
    struct tfu_sweep sweep;
    struct tfu_halving_entry entry[CASES];
    double score[CASES][2];
    struct tfu_halving_judgement out[CASES];
};

static void halved_init(struct halved *h)
{
    *h = (struct halved){.halving = {.factor = 3, .rung = rung, .rung_count = 2}};
    h->sweep = (struct tfu_sweep){.item = h->item, .count = CASES, .halving = &h->halving};
    for (size_t i = 0; i < CASES; i++) {
        h->item[i].value = i % 2 ? group_b : group_a;
        h->score[i][0] = (double)((i * 4) % 9); /* 0 4 8 3 7 2 6 1 5 */
        h->score[i][1] = -(double)i;
        h->entry[i] = (struct tfu_halving_entry){
            .score = h->score[i], .unscored = SIZE_MAX, .diverged = SIZE_MAX};
    }
}

static char letter_of(enum tfu_halving_verdict v)
{
    return v == TFU_HALVING_ON ? '=' : v == TFU_HALVING_WAIT ? 'w' : 'x';
}

/* "=" goes on, "w" waits, "x" is stopped */
static const char *judged(struct halved *h)
{
    static char text[CASES + 1];
    ck_assert_int_eq(tfu_halving_judge(&h->sweep, h->entry, h->out, NULL), TFU_OK);
    for (size_t i = 0; i < CASES; i++)
        text[i] = letter_of(h->out[i].verdict);
    return text;
}

START_TEST(the_best_go_on)
{
    struct halved h;
    halved_init(&h);
    ck_assert_str_eq(judged(&h), "=========");
    h.entry[3].reached = 1;
    ck_assert_str_eq(judged(&h), "===w=====");
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    ck_assert_str_eq(judged(&h), "xx=x=x=xx"); /* 8, 7, 6 */
    h.entry[4].reached = 2;
    ck_assert_str_eq(judged(&h), "xx=xwx=xx");
    h.entry[2].reached = h.entry[6].reached = 2;
    ck_assert_str_eq(judged(&h), "xx=xxxxxx"); /* -2 is the best of -2, -4, -6 */
    h.halving.smallest = true;
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 2;
    ck_assert_str_eq(judged(&h), "xxxxxxx=x"); /* 0, 1, 2 of cases 0, 7, 5; then -7 */
}
END_TEST

START_TEST(what_is_equal_or_not_defined)
{
    struct halved h;
    halved_init(&h);
    h.halving.rung_count = 1;
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    h.score[2][0] = NAN;
    ck_assert_str_eq(judged(&h), "xxxx=x=x="); /* 7, 6, 5 */
    for (size_t i = 0; i < CASES; i++)
        h.score[i][0] = 1;
    ck_assert_str_eq(judged(&h), "===xxxxxx"); /* of equal ones the earlier */
    for (size_t i = 0; i < CASES; i++)
        h.score[i][0] = NAN;
    ck_assert_str_eq(judged(&h), "===xxxxxx");
    h.halving.factor = 100;
    ck_assert_str_eq(judged(&h), "=xxxxxxxx"); /* one at least */
}
END_TEST

START_TEST(one_that_diverged_is_the_worst)
{
    struct halved h;
    halved_init(&h);
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    h.entry[2].reached = 0; /* before the first rung: it has no verdict */
    h.entry[2].diverged = 0;
    h.score[0][0] = NAN;
    ck_assert_str_eq(judged(&h), "xx=x=x=x="); /* 7, 6, 5 */
    h.halving.factor = 1;
    h.halving.rung_count = 1;
    ck_assert_str_eq(judged(&h), "=========");
    halved_init(&h);
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    h.entry[2].diverged = 1; /* behind it: the score that it has there stays */
    ck_assert_str_eq(judged(&h), "xx=x=x=xx");
    h.entry[4].reached = h.entry[6].reached = 2;
    ck_assert_str_eq(judged(&h), "xx=x=xxxx");
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].diverged = 0;
    ck_assert_str_eq(judged(&h),
                     "===xxxxxx"); /* the first; at the second rung 1 and 2 have no verdict */
}
END_TEST

START_TEST(groups)
{
    struct halved h;
    halved_init(&h);
    h.halving.for_each = axis_zero;
    h.halving.for_each_count = 1;
    h.item[8].support = true;
    for (size_t i = 0; i < CASES; i += 2)
        h.entry[i].reached = 1;
    /* a: 0 8 7 6 of cases 0 2 4 6; b has not come to it */
    ck_assert_str_eq(judged(&h), "x===x=x==");
}
END_TEST

START_TEST(who_is_waited_for)
{
    struct halved h;
    halved_init(&h);
    for (size_t i = 3; i < CASES; i++)
        h.entry[i].reached = 1;
    ck_assert_str_eq(judged(&h), "===wwwwww");
    ck_assert_uint_eq(h.out[3].waits_for, 0);
    ck_assert_uint_eq(h.out[0].waits_for, SIZE_MAX);
    h.entry[1].held = h.entry[2].held = h.entry[5].held = true;
    ck_assert_str_eq(judged(&h), "===wwwwww"); /* a failure decides nothing */
    ck_assert_uint_eq(h.out[8].waits_for, 1);
    h.entry[1].diverged = 0;
    ck_assert_str_eq(judged(&h), "===wwwwww");
    ck_assert_uint_eq(h.out[8].waits_for, 2);
    h.entry[2].diverged = h.entry[0].diverged = 0;
    ck_assert_str_eq(judged(&h), "===x=x=x="); /* 7, 6, 5 */
}
END_TEST

START_TEST(one_without_a_score_holds_its_group)
{
    struct halved h;
    halved_init(&h);
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    h.entry[5].unscored = 0;
    h.entry[5].held = true;
    ck_assert_str_eq(judged(&h), "wwwwwwwww"); /* none is told from another by its place */
    ck_assert_uint_eq(h.out[0].waits_for, 5);
    ck_assert_uint_eq(h.out[5].waits_for, 5);
    h.entry[5].unscored = 1; /* at the next one: it is stopped before it gets there */
    ck_assert_str_eq(judged(&h), "xx=x=x=xx");
}
END_TEST

/* ---- all that may be known of a small group, against the definition */

enum { MEMBERS = 4, RUNGS = 3, WORLDS = 400 };

/* What would be, undisturbed. */
struct world {
    double score[MEMBERS][RUNGS];
    size_t diverges[MEMBERS]; /* on its way to this rung; RUNGS: it does not */
    size_t stops[MEMBERS];    /* at this rung; SIZE_MAX: nowhere */
};

static bool is_before(const struct world *w, size_t r, size_t x, size_t y)
{
    const bool dx = w->diverges[x] <= r, dy = w->diverges[y] <= r;
    const double a = w->score[x][r], b = w->score[y][r];
    if (dx != dy)
        return dy;
    if (!dx && isnan(a) != isnan(b))
        return isnan(b);
    if (!dx && !isnan(a) && a != b)
        return a > b;
    return x < y;
}

/* One stops where as many are before it as may go on. */
static void find_stops(struct world *w)
{
    for (size_t i = 0; i < MEMBERS; i++)
        w->stops[i] = SIZE_MAX;
    for (size_t r = 0, sent = MEMBERS; r < RUNGS; r++) {
        const size_t kept = sent / 2 > 0 ? sent / 2 : 1;
        bool stops[MEMBERS] = {false};
        for (size_t i = 0; i < MEMBERS; i++) {
            size_t before = 0;
            for (size_t k = 0; k < MEMBERS; k++)
                before += k != i && w->stops[k] == SIZE_MAX && is_before(w, r, k, i);
            stops[i] = w->stops[i] == SIZE_MAX && before >= kept;
        }
        for (size_t i = 0; i < MEMBERS; i++)
            if (stops[i])
                w->stops[i] = r;
        sent = kept;
    }
}

static uint32_t draw(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static void draw_world(struct world *w, uint32_t *state)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        const uint32_t at = draw(state) % 10;
        w->diverges[i] = at < RUNGS ? at : RUNGS;
        for (size_t r = 0; r < RUNGS; r++) {
            const uint32_t value = draw(state) % 6;
            w->score[i][r] = value == 5 ? (double)NAN : (double)value;
        }
    }
    find_stops(w);
}

/* What is known of a case: that it reached so many rungs, or that it diverged behind them. */
struct knowledge {
    size_t reached[MEMBERS];
    bool diverged[MEMBERS];
};

/* The next of all; false: that was the last. A case may have been trained on by others from where
 * it stops. */
static bool next(struct knowledge *k, const struct world *w)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        if (k->reached[i] < w->diverges[i]) {
            k->reached[i]++;
            return true;
        }
        if (w->diverges[i] < RUNGS && !k->diverged[i]) {
            k->diverged[i] = true;
            return true;
        }
        k->reached[i] = 0;
        k->diverged[i] = false;
    }
    return false;
}

/* The first rung to which not all that are sent there have come. */
static size_t open_rung(const struct world *w, const struct knowledge *k)
{
    for (size_t r = 0; r < RUNGS; r++)
        for (size_t i = 0; i < MEMBERS; i++)
            if ((w->stops[i] == SIZE_MAX || w->stops[i] >= r) && k->reached[i] <= r &&
                !k->diverged[i])
                return r;
    return RUNGS;
}

static enum tfu_halving_verdict expect(const struct world *w, const struct knowledge *k, size_t i)
{
    const size_t open = open_rung(w, k), stops = w->stops[i];
    if (stops < open)
        return k->reached[i] > stops ? TFU_HALVING_STOP : TFU_HALVING_ON;
    return k->reached[i] > open ? TFU_HALVING_WAIT : TFU_HALVING_ON;
}

static void check(const struct tfu_sweep *s, const struct world *w, const struct knowledge *k,
                  bool held)
{
    struct tfu_halving_entry entry[MEMBERS];
    struct tfu_halving_judgement out[MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++)
        entry[i] = (struct tfu_halving_entry){
            .reached = k->reached[i],
            .score = w->score[i],
            .unscored = SIZE_MAX,
            .diverged = k->diverged[i] ? w->diverges[i] : SIZE_MAX,
            .held = held,
        };
    ck_assert_int_eq(tfu_halving_judge(s, entry, out, NULL), TFU_OK);
    for (size_t i = 0; i < MEMBERS; i++) {
        const char is = letter_of(out[i].verdict), wanted = letter_of(expect(w, k, i));
        if (is != wanted)
            ck_abort_msg("case %zu, of which %zu rungs are known: '%c' and not '%c'", i,
                         k->reached[i], is, wanted);
        ck_assert((is == 'w') == (out[i].waits_for < MEMBERS));
        if (is == 'w')
            ck_assert_uint_le(k->reached[out[i].waits_for], open_rung(w, k));
    }
}

/* Whatever is known says what would be undisturbed, or nothing: so no verdict is ever taken back.
 */
START_TEST(whatever_is_known)
{
    static const struct tfu_sweep_case item[MEMBERS];
    static const struct tfu_sweep_halving by = {.factor = 2, .rung = rung, .rung_count = RUNGS};
    static const struct tfu_sweep s = {.item = item, .count = MEMBERS, .halving = &by};
    uint32_t state = 1;
    size_t checked = 0;
    for (size_t i = 0; i < WORLDS; i++) {
        struct world w;
        struct knowledge k = {.reached = {0}};
        draw_world(&w, &state);
        do {
            check(&s, &w, &k, checked++ % 2 == 1);
        } while (next(&k, &w));
    }
    ck_assert_uint_gt(checked, 50000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sweep/halving");
    TCase *t = tcase_create("halving");
    tcase_add_test(t, the_best_go_on);
    tcase_add_test(t, what_is_equal_or_not_defined);
    tcase_add_test(t, one_that_diverged_is_the_worst);
    tcase_add_test(t, groups);
    tcase_add_test(t, who_is_waited_for);
    tcase_add_test(t, one_without_a_score_holds_its_group);
    tcase_add_test(t, whatever_is_known);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
