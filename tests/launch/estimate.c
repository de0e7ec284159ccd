/* SPDX-License-Identifier: MIT
 *
 * How long a sweep will go on.
 */
#include "core/launch/estimate.h"

#include <math.h>

#include "tests/support/check_main.h"

static double left(const struct tfu_estimate_case *item, size_t count, size_t slots)
{
    double seconds;
    ck_assert_int_eq(tfu_estimate_left(item, count, slots, &seconds, NULL), TFU_OK);
    return seconds;
}

START_TEST(by_what_is_known)
{
    struct tfu_estimate_case item[] = {
        {.kind = "a", .state = TFU_ESTIMATE_TODO},
        {.kind = "a", .state = TFU_ESTIMATE_TODO},
        {.kind = "b", .state = TFU_ESTIMATE_TODO},
        {.kind = "b", .state = TFU_ESTIMATE_NONE},
    };
    ck_assert(isnan(left(item, 4, 2)));
    /* one is half way: 5 of 10 seconds; the others are taken to be like it */
    item[0] = (struct tfu_estimate_case){
        .kind = "a", .state = TFU_ESTIMATE_RUNNING, .seconds = 5, .share = 0.5};
    ck_assert_double_eq_tol(left(item, 4, 1), 5 + 10 + 10, 1e-9);
    ck_assert_double_eq_tol(left(item, 4, 2), 12.5, 1e-9);
    /* more slots than cases: the longest */
    ck_assert_double_eq_tol(left(item, 4, 9), 10, 1e-9);
    /* what is done says more of its own kind */
    item[2] = (struct tfu_estimate_case){.kind = "b", .state = TFU_ESTIMATE_DONE, .seconds = 100};
    item[3].state = TFU_ESTIMATE_TODO;
    ck_assert_double_eq_tol(left(item, 4, 1), 5 + 10 + 100, 1e-9);
    /* too early to say: by the others of its kind, and never less than nothing */
    item[3] = (struct tfu_estimate_case){
        .kind = "b", .state = TFU_ESTIMATE_RUNNING, .seconds = 130, .share = 0.001};
    ck_assert_double_eq_tol(left(item, 4, 1), 5 + 10, 1e-9);
    for (size_t i = 0; i < 4; i++)
        item[i].state = TFU_ESTIMATE_DONE;
    ck_assert_double_eq(left(item, 4, 1), 0);
    ck_assert(isnan(left(item, 0, 1)));
}
END_TEST

START_TEST(by_steps)
{
    struct tfu_estimate_case item[] = {
        {.kind = "source", .steps = 300, .state = TFU_ESTIMATE_DONE, .seconds = 30},
        {.kind = "a", .steps = 40, .state = TFU_ESTIMATE_TODO},
        {.kind = "b", .state = TFU_ESTIMATE_TODO}, /* of epochs */
    };
    ck_assert_double_eq_tol(left(item, 2, 1), 4, 1e-9);
    ck_assert_double_eq_tol(left(item, 3, 1), 4 + 30, 1e-9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("launch/estimate");
    TCase *t = tcase_create("estimate");
    tcase_add_test(t, by_what_is_known);
    tcase_add_test(t, by_steps);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
