/* SPDX-License-Identifier: MIT
 *
 * The metric movement: by hand, over one parameter and over two.
 */
#include <math.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"

static struct tapped open_movement(void)
{
    return tapped_open("movement", "", TFU_TASK_CLASSIFICATION, 1);
}

static void feed(struct tapped *t, const struct table *a, const struct table *b)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tapped_feed(t, TFU_PART_TEST, a, b, NULL, a->rows, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

START_TEST(parameters_add_up)
{
    double before[] = {3, 4}, after[] = {3, 0}, other_before[] = {0, 0, 12},
           other_after[] = {0, 3, 16};
    const struct table a = {1, 2, before}, b = {1, 2, after};
    const struct table c = {3, 1, other_before}, d = {3, 1, other_after};
    struct tapped t = open_movement();
    feed(&t, &a, &b);
    ck_assert_double_eq_tol(tapped_value(&t, "movement"), 4.0 / 5, 1e-15);
    ck_assert_double_eq_tol(tapped_value(&t, "movement.l2"), 4, 1e-15);
    ck_assert_double_eq_tol(tapped_value(&t, "movement.cosine"), 9.0 / (5 * 3), 1e-15);
    ck_assert_double_eq_tol(tapped_value(&t, "movement.rms"), sqrt(16.0 / 2), 1e-15);
    ck_assert_double_eq(tapped_value(&t, "movement.numbers"), 2);
    feed(&t, &c, &d);
    ck_assert_double_eq_tol(tapped_value(&t, "movement"), sqrt(16.0 + 25) / 13, 1e-15);
    ck_assert_double_eq_tol(tapped_value(&t, "movement.cosine"),
                            (9.0 + 192) / (13 * sqrt(9.0 + 265)), 1e-15);
    ck_assert_double_eq_tol(tapped_value(&t, "movement.rms"), sqrt(41.0 / 5), 1e-15);
    ck_assert_double_eq(tapped_value(&t, "movement.numbers"), 5);
    tapped_close(&t);
}
END_TEST

/* The difference is not one of sums, which would lose it. */
START_TEST(a_small_step_is_measured_exactly)
{
    double before[] = {1e8, 1e8}, after[] = {1e8, 1e8 + 0x1p-20};
    const struct table a = {1, 2, before}, b = {1, 2, after};
    struct tapped t = open_movement();
    feed(&t, &a, &b);
    ck_assert_double_eq(tapped_value(&t, "movement.l2"), 0x1p-20);
    ck_assert_double_le(tapped_value(&t, "movement.cosine"), 1);
    tapped_close(&t);
}
END_TEST

START_TEST(zeros_have_no_relative_movement)
{
    double before[] = {0, 0}, after[] = {3, 4};
    const struct table a = {1, 2, before}, b = {1, 2, after};
    struct tapped t = open_movement();
    feed(&t, &a, &b);
    ck_assert_double_eq(tapped_value(&t, "movement.l2"), 5);
    ck_assert(isnan(tapped_value(&t, "movement")));
    ck_assert_str_eq(tapped_note(&t, "movement"), "all of a is 0");
    ck_assert_str_eq(tapped_note(&t, "movement.cosine"), "all of a is 0");
    tapped_close(&t);
}
END_TEST

START_TEST(other_shapes_are_refused)
{
    double numbers[6] = {0};
    const struct table a = {1, 6, numbers}, b = {1, 5, numbers};
    struct tapped t = open_movement();
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tapped_feed(&t, TFU_PART_TEST, &a, &b, NULL, 1, &e), TFU_ESHAPE);
    ck_assert_ptr_nonnull(strstr(e.text, "'block1' is 1x6 in a and 'block2' 1x5 in b"));
    tapped_close(&t);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("movement");
    TCase *values = tcase_create("values");
    tcase_add_test(values, parameters_add_up);
    tcase_add_test(values, a_small_step_is_measured_exactly);
    tcase_add_test(values, zeros_have_no_relative_movement);
    tcase_add_test(values, other_shapes_are_refused);
    suite_add_tcase(suite, values);
    return run_suite(suite);
}
