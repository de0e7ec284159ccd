/* SPDX-License-Identifier: MIT
 *
 * How many threads are to read.
 */
#include "core/data/balance.h"

#include "tests/support/check_main.h"

static uint32_t workers(double reading, double computing, uint32_t most)
{
    struct tfu_balance b = {.batches = 0};
    for (int i = 0; i < 20; i++)
        tfu_balance_add(&b, reading, computing);
    return tfu_balance_workers(&b, most);
}

START_TEST(as_many_as_keep_up)
{
    ck_assert_uint_eq(workers(0.1, 1, 8), 1);
    ck_assert_uint_eq(workers(0.79, 1, 8), 1);
    ck_assert_uint_eq(workers(1, 1, 8), 2);
    ck_assert_uint_eq(workers(3, 1, 8), 4);
    ck_assert_uint_eq(workers(100, 1, 8), 8);
    ck_assert_uint_eq(workers(100, 1, 1), 1);
    ck_assert_uint_eq(workers(1, 0, 8), 8);
    ck_assert_uint_eq(workers(0, 0, 8), 1);
    ck_assert_uint_eq(tfu_balance_workers(&(struct tfu_balance){.batches = 0}, 8), 1);
}
END_TEST

/* An evaluation between two batches is no batch that took long. */
START_TEST(what_is_rare_does_not_count)
{
    struct tfu_balance b = {.batches = 0};
    for (int i = 0; i < 30; i++)
        tfu_balance_add(&b, i % 7 ? 2 : 0.001, i % 5 ? 1 : 1000);
    ck_assert_uint_eq(tfu_balance_workers(&b, 8), 3);
}
END_TEST

START_TEST(it_is_asked_ever_less_often)
{
    struct tfu_balance b = {.batches = 0};
    int64_t asked = 0, last = 0;
    for (int64_t i = 1; i <= 5000; i++) {
        tfu_balance_add(&b, 1, 1);
        if (tfu_balance_is_due(&b)) {
            ck_assert_int_ge(i, 4 * last);
            last = i;
            asked++;
        }
    }
    ck_assert_int_eq(asked, 6); /* 4, 16, 64, 256, 1024, 4096 */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/balance");
    TCase *t = tcase_create("balance");
    tcase_add_test(t, as_many_as_keep_up);
    tcase_add_test(t, what_is_rare_does_not_count);
    tcase_add_test(t, it_is_asked_ever_less_often);
    suite_add_tcase(s, t);
    return run_suite(s);
}
