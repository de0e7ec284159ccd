/* SPDX-License-Identifier: MIT
 *
 * core/study: agreement from counts, by hand. The first case was checked with scikit-learn's
 * cohen_kappa_score, for what is said and for what is right.
 */
#include "core/study/agreement.h"

#include <math.h>

#include "tests/support/check_main.h"

static void is(struct tfu_estimate got, double want)
{
    ck_assert(got.defined);
    ck_assert_double_eq_tol(got.value, want, 1e-15);
}

START_TEST(three_classes)
{
    /* a says 0,0,0,0,1,1,1,2,2,2 and b 0,0,1,2,1,1,0,2,2,1 of 0,0,0,1,1,1,1,2,2,0 */
    int64_t said[] = {2, 1, 1, 1, 2, 0, 0, 1, 2};
    const struct tfu_agreement_counts counts = {
        .classes = 3, .said = said, .both_right = 6, .only_a = 2, .only_b = 0, .both_wrong = 2};
    struct tfu_agreement g;
    tfu_agreement_measure(&counts, &g);
    ck_assert_int_eq(g.examples, 10);
    is(g.both_right, 0.6);
    is(g.only_a, 0.2);
    is(g.only_b, 0);
    is(g.both_wrong, 0.2);
    is(g.accuracy_a, 0.8);
    is(g.accuracy_b, 0.6);
    is(g.same, 0.6);
    is(g.kappa, (0.6 - 0.33) / (1 - 0.33));
    is(g.chance, 0.8 * 0.6 + 0.2 * 0.4);
    is(g.both_wrong_chance, 0.2 * 0.4);
    is(g.consistency, (0.8 - 0.56) / (1 - 0.56));
}
END_TEST

START_TEST(one_network_with_itself)
{
    int64_t said[] = {4, 0, 0, 3};
    const struct tfu_agreement_counts counts = {
        .classes = 2, .said = said, .both_right = 5, .both_wrong = 2};
    struct tfu_agreement g;
    tfu_agreement_measure(&counts, &g);
    is(g.same, 1);
    is(g.kappa, 1);
    is(g.consistency, 1);
}
END_TEST

START_TEST(opposite_errors)
{
    int64_t said[] = {0, 2, 2, 0};
    const struct tfu_agreement_counts counts = {
        .classes = 2, .said = said, .only_a = 2, .only_b = 2};
    struct tfu_agreement g;
    tfu_agreement_measure(&counts, &g);
    is(g.kappa, -1);
    is(g.consistency, -1);
}
END_TEST

START_TEST(nothing_beyond_chance_to_be_had)
{
    /* one always right, the other always wrong: chance already has them disagree */
    int64_t apart[] = {0, 5, 0, 0};
    const struct tfu_agreement_counts opposite = {.classes = 2, .said = apart, .only_a = 5};
    struct tfu_agreement g;
    tfu_agreement_measure(&opposite, &g);
    is(g.chance, 0);
    is(g.consistency, 0);
    /* both always right, and both say the same always */
    int64_t same[] = {7, 0, 0, 0};
    const struct tfu_agreement_counts perfect = {.classes = 2, .said = same, .both_right = 7};
    tfu_agreement_measure(&perfect, &g);
    is(g.accuracy_a, 1);
    is(g.same, 1);
    ck_assert(!g.kappa.defined && !g.consistency.defined);
    /* no example */
    int64_t none[] = {0, 0, 0, 0};
    const struct tfu_agreement_counts empty = {.classes = 2, .said = none};
    tfu_agreement_measure(&empty, &g);
    ck_assert_int_eq(g.examples, 0);
    ck_assert(!g.same.defined && !g.kappa.defined && !g.both_right.defined &&
              !g.consistency.defined);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("agreement");
    TCase *c = tcase_create("agreement");
    tcase_add_test(c, three_classes);
    tcase_add_test(c, one_network_with_itself);
    tcase_add_test(c, opposite_errors);
    tcase_add_test(c, nothing_beyond_chance_to_be_had);
    suite_add_tcase(s, c);
    return run_suite(s);
}
