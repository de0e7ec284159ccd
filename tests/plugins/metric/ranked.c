/* SPDX-License-Identifier: MIT
 *
 * Rows are ranked alike whether few are sorted by comparing them or many by their bits.
 */
#include "plugins/metric/ranked.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <transfuse/abi.h>

#include "tests/support/check_main.h"
#include "tests/support/formula.h"

enum { MOST = 5000 };

/* What differs in all bits, in a few, or not at all. */
static double score_of(const char *kind, int64_t i)
{
    static const double odd[] = {0.0,     -0.0,     INFINITY, -INFINITY, DBL_MIN,
                                 DBL_MAX, -DBL_MAX, 5e-324,   -5e-324,   1.0 + DBL_EPSILON,
                                 1.0,     -1.0,     0x1p-52,  -0x1p52,   -1.0 - DBL_EPSILON};
    const double u = formula(stream(kind), (uint64_t)i);
    switch (kind[0]) {
    case 'a':
        return u - 0.5;
    case 't':
        return floor(8 * u) / 8 - 0.5;
    case 'o':
        return odd[(size_t)(u * (double)(sizeof odd / sizeof *odd))];
    case 'w':
        return (u - 0.5) * pow(2, floor(2000 * formula(stream("exponent"), (uint64_t)i)) - 1000);
    default:
        return (double)i; /* sorted */
    }
}

static void check_order(const char *kind, int64_t n)
{
    static struct ranked_row r[MOST];
    static char seen[MOST];
    for (int64_t i = 0; i < n; i++) {
        r[i] = (struct ranked_row){
            .score = score_of(kind, i), .positive = (int32_t)(i % 3 == 0), .row = i};
        seen[i] = 0;
    }
    ranked_sort(r, n);
    for (int64_t i = 0; i < n; i++) {
        ck_assert(!seen[r[i].row]);
        seen[r[i].row] = 1;
        ck_assert(r[i].score == score_of(kind, r[i].row));
        ck_assert(!signbit(r[i].score) == !signbit(score_of(kind, r[i].row)));
        ck_assert_int_eq(r[i].positive, r[i].row % 3 == 0);
        if (i > 0)
            ck_assert_msg(r[i - 1].score < r[i].score ||
                              (r[i - 1].score == r[i].score && r[i - 1].row < r[i].row),
                          "%s: row %d of %d is out of order", kind, (int)i, (int)n);
    }
}

START_TEST(in_order)
{
    static const char *const kinds[] = {"any", "ties", "odd", "wide", "sorted"};
    static const int64_t sizes[] = {0, 1, 2, 3, 511, 512, 513, 1000, MOST};
    for (size_t k = 0; k < TFU_COUNT(kinds); k++)
        for (size_t i = 0; i < TFU_COUNT(sizes); i++)
            check_order(kinds[k], sizes[i]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("metric/ranked");
    TCase *t = tcase_create("ranked");
    tcase_add_test(t, in_order);
    suite_add_tcase(s, t);
    return run_suite(s);
}
