/* SPDX-License-Identifier: MIT
 *
 * core/stats and core/base: the normal and Student's t distribution against mpmath.
 */
#include "core/base/student.h"
#include "core/stats/normal.h"
#include "tests/stats/cases.h"
#include "tests/stats/near.h"

#include <transfuse/abi.h>

START_TEST(normal_tails)
{
    for (size_t i = 0; i < TFU_COUNT(normal_case); i++) {
        near_to(tfu_normal_below(normal_case[i].z), normal_case[i].below, 1e-12, 0, "below");
        near_to(tfu_normal_above(normal_case[i].z), normal_case[i].above, 1e-12, 0, "above");
    }
    ck_assert(tfu_normal_above(INFINITY) <= 0 && tfu_normal_below(INFINITY) >= 1);
    ck_assert(isnan(tfu_normal_below(NAN)));
}
END_TEST

START_TEST(normal_quantiles)
{
    for (size_t i = 0; i < TFU_COUNT(normal_quantile_case); i++)
        near_to(tfu_normal_quantile(normal_quantile_case[i].p), normal_quantile_case[i].z, 1e-13,
                1e-16, "quantile");
    ck_assert(isinf(tfu_normal_quantile(0)) && tfu_normal_quantile(0) < 0);
    ck_assert(isinf(tfu_normal_quantile(1)) && tfu_normal_quantile(1) > 0);
}
END_TEST

START_TEST(student_tails)
{
    for (size_t i = 0; i < TFU_COUNT(student_case); i++)
        near_to(tfu_student_tail(student_case[i].t, student_case[i].degrees), student_case[i].tail,
                student_case[i].degrees > 1e4 ? 1e-11 : 1e-12, 1e-300, "tail");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("distributions");
    TCase *c = tcase_create("distributions");
    tcase_add_test(c, normal_tails);
    tcase_add_test(c, normal_quantiles);
    tcase_add_test(c, student_tails);
    suite_add_tcase(s, c);
    return run_suite(s);
}
