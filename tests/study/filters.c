/* SPDX-License-Identifier: MIT
 *
 * What a filter of colours does to gray images: the same numbers as the filter of one channel that
 * it becomes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/study/filters.h"
#include "tests/support/check_main.h"

/* Two filters of 1 x 2 over three channels, red first. */
static const float weights[] = {0.5F, -1, 2, 1, 0.25F, -0.5F, 3, 0, -3, 0.125F, 1, 1};

static struct tfu_filters new_filters(void)
{
    struct tfu_filters f = {.count = 2, .height = 1, .width = 2, .channels = 3};
    f.number = malloc(sizeof weights);
    ck_assert_ptr_nonnull(f.number);
    memcpy(f.number, weights, sizeof weights);
    return f;
}

/* A pixel of gray `g` is seen as (g - mean[k]) / deviation[k], k in the network's order: from one
 * gray to another the response changes by what the sums change. */
static void check_response(const struct tfu_preprocessing *p, bool blue_first)
{
    struct tfu_filters f = new_filters();
    tfu_filters_add_channels(&f, p);
    ck_assert_int_eq(f.channels, 1);
    for (size_t i = 0; i < 4; i++) {
        double change = 0;
        for (size_t c = 0; c < 3; c++) {
            const size_t k = blue_first ? 2 - c : c;
            const double black = (0 - p->mean[k]) / p->deviation[k];
            const double white = (1 - p->mean[k]) / p->deviation[k];
            change += (double)weights[3 * i + c] * (white - black);
        }
        ck_assert_double_eq_tol((double)f.number[i], change, 1e-5);
    }
    tfu_filters_free(&f);
}

START_TEST(gray)
{
    struct tfu_preprocessing p = {
        .channels = 3, .mean = {0.5, 0.25, 0.125}, .deviation = {0.5, 0.25, 0.2}, .order = "rgb"};
    check_response(&p, false);
    p.order = "bgr";
    check_response(&p, true);
    struct tfu_filters f = new_filters();
    tfu_filters_add_channels(&f, NULL);
    ck_assert_double_eq_tol((double)f.number[0], 1.5, 1e-6);
    ck_assert_double_eq_tol((double)f.number[3], 2.125, 1e-6);
    tfu_filters_free(&f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filters");
    TCase *t = tcase_create("filters");
    tcase_add_test(t, gray);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
