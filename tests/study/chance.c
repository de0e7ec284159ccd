/* SPDX-License-Identifier: MIT
 *
 * When few rows are warned of: by what a metric reports, whatever its name.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/chance.h"
#include "tests/support/check_main.h"

struct number {
    const char *key;
    double value;
};

static struct tfu_chance chance_of(const struct number *n, size_t count)
{
    struct tfu_chance c = {.rows = 0};
    for (size_t i = 0; i < count; i++)
        tfu_chance_take(&c, n[i].key, n[i].value);
    return c;
}

/* Ranks come before columns, in whatever order they are reported. */
START_TEST(directions_that_are_left_count)
{
    const struct number n[] = {{"svcca", 0.9},          {"svcca.rank_a", 4},
                               {"svcca.rank_b", 8},     {"svcca.rows", 100},
                               {"svcca.columns_a", 64}, {"svcca.columns_b", 64},
                               {"svcca.weight.0", 0.5}};
    const struct tfu_chance c = chance_of(n, TFU_COUNT(n));
    ck_assert_double_eq(tfu_chance_rows(&c), 100.0 / 8);
    ck_assert(!tfu_chance_is_high(&c));
}
END_TEST

/* A metric of somebody's own that reports columns alone. */
START_TEST(columns_count_where_no_rank_is_said)
{
    const struct number n[] = {
        {"mine.rows", 30}, {"mine.columns_a", 20}, {"mine.columns_b", 20}, {"mine", 0.9}};
    const struct tfu_chance c = chance_of(n, TFU_COUNT(n));
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert(tfu_chance_is_high(&c));
    tfu_chance_describe(&c, &text);
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&text), "30 rows for 20 and 20 columns"));
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&text), "11 of the 20 are 1 whatever"));
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&text), "take 200 rows or more"));
    tfu_text_free(&text);
}
END_TEST

START_TEST(a_metric_of_no_directions_is_not_warned_of)
{
    const struct number rows[] = {{"cka", 0.9}, {"cka.rows", 3}};
    const struct number none[] = {{"svcca.rows", 30},
                                  {"svcca.columns_a", 20},
                                  {"svcca.columns_b", 20},
                                  {"svcca.rank_a", 0},
                                  {"svcca.rank_b", 20}};
    const struct tfu_chance a = chance_of(rows, TFU_COUNT(rows)),
                            b = chance_of(none, TFU_COUNT(none));
    ck_assert(isinf(tfu_chance_rows(&a)) && !tfu_chance_is_high(&a));
    ck_assert(isinf(tfu_chance_rows(&b)) && !tfu_chance_is_high(&b));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("chance");
    TCase *t = tcase_create("chance");
    tcase_add_test(t, directions_that_are_left_count);
    tcase_add_test(t, columns_count_where_no_rank_is_said);
    tcase_add_test(t, a_metric_of_no_directions_is_not_warned_of);
    suite_add_tcase(s, t);
    return run_suite(s);
}
