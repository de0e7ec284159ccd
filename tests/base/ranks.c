/* SPDX-License-Identifier: MIT
 *
 * core/base: values in order, few (by comparisons) and many (by digits) of them.
 */
#include "core/base/ranks.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "tests/support/check_main.h"

/* Signs, sizes and special values, most of them several times. */
static double value_at(struct tfu_random *r)
{
    const double special[] = {0, -0.0, INFINITY, -INFINITY, 5e-324, -5e-324, 1.7e308, -1.7e308};
    const uint64_t kind = tfu_random_below(r, 4);
    if (kind == 0)
        return special[tfu_random_below(r, 8)];
    if (kind == 1)
        return (double)tfu_random_below(r, 9) - 4;
    return tfu_random_normal(r) * pow(10, (double)tfu_random_below(r, 40) - 20);
}

static void check_order(size_t n)
{
    double *x = calloc(n + 1, sizeof *x), *rank = calloc(n + 1, sizeof *rank), sum = 0;
    struct tfu_ranked *ranked = calloc(n + 1, sizeof *ranked);
    char *seen = calloc(n + 1, 1);
    struct tfu_random r;
    tfu_random_init(&r, n);
    for (size_t i = 0; i < n; i++)
        x[i] = value_at(&r);
    tfu_ranked_take(x, n, ranked);
    for (size_t i = 0; i < n; i++) {
        ck_assert(!seen[ranked[i].index]);
        seen[ranked[i].index] = 1;
        ck_assert(ranked[i].value <= x[ranked[i].index] && ranked[i].value >= x[ranked[i].index]);
        if (i > 0)
            ck_assert(
                ranked[i - 1].value < ranked[i].value ||
                (ranked[i - 1].value <= ranked[i].value && ranked[i - 1].index < ranked[i].index));
    }
    tfu_ranked_share(ranked, n, rank);
    for (size_t i = 0; i < n; i++)
        sum += rank[i];
    for (size_t i = 1; i < n; i++)
        if (ranked[i - 1].value >= ranked[i].value)
            ck_assert(rank[ranked[i].index] <= rank[ranked[i - 1].index]);
    ck_assert(fabs(sum - (double)n * (double)(n + 1) / 2) < 0.25);
    free(seen);
    free(ranked);
    free(rank);
    free(x);
}

START_TEST(order)
{
    const size_t n[] = {0, 1, 2, 17, 1999, 2000, 2001, 30011};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        check_order(n[i]);
}
END_TEST

START_TEST(shared)
{
    const double x[] = {3, 1, 3, -0.0, 0, 3}, want[] = {5, 3, 5, 1.5, 1.5, 5};
    struct tfu_ranked ranked[6];
    double rank[6];
    tfu_ranked_take(x, 6, ranked);
    tfu_ranked_share(ranked, 6, rank);
    for (int i = 0; i < 6; i++)
        ck_assert(rank[i] <= want[i] && rank[i] >= want[i]);
    ck_assert_uint_eq(tfu_ranked_end(ranked, 6, 0), 2);
    ck_assert_uint_eq(tfu_ranked_end(ranked, 6, 3), 6);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ranks");
    TCase *c = tcase_create("ranks");
    tcase_add_test(c, order);
    tcase_add_test(c, shared);
    suite_add_tcase(s, c);
    return run_suite(s);
}
