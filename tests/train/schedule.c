/* SPDX-License-Identifier: MIT
 *
 * Schedules against values of PyTorch's LambdaLR, MultiStepLR and CosineAnnealingLR
 * (make_schedules.py).
 */
#include "core/train/schedule.h"

#include "tests/support/check_main.h"
#include "tests/train/schedules.h"

static void check(const struct tfu_train_config *config, int64_t steps, const double *expected)
{
    for (int64_t i = 0; i < steps; i++)
        ck_assert_double_eq_tol(tfu_schedule_factor(config, i + 1, steps), expected[i], 1e-12);
}

START_TEST(constant_is_one)
{
    const struct tfu_train_config config = {.steps = 3};
    const double ones[] = {1, 1, 1};
    check(&config, 3, ones);
}
END_TEST

START_TEST(warmup_rises_to_one)
{
    const struct tfu_train_config config = {.schedule = {.warmup = 4}};
    check(&config, TFU_COUNT(schedule_warmup), schedule_warmup);
}
END_TEST

START_TEST(steps_fall_after_their_milestones)
{
    static const int64_t milestones[] = {3, 7};
    const struct tfu_train_config config = {
        .schedule = {.kind = TFU_SCHEDULE_STEP, .milestones = {milestones, 2}, .gamma = 0.1}};
    check(&config, TFU_COUNT(schedule_step), schedule_step);
}
END_TEST

START_TEST(cosine_falls_to_its_floor)
{
    const struct tfu_train_config config = {
        .schedule = {.kind = TFU_SCHEDULE_COSINE, .floor = 0.25}};
    check(&config, TFU_COUNT(schedule_cosine), schedule_cosine);
}
END_TEST

START_TEST(cosine_begins_after_the_warmup)
{
    const struct tfu_train_config config = {.schedule = {.kind = TFU_SCHEDULE_COSINE, .warmup = 4}};
    check(&config, TFU_COUNT(schedule_warm_cosine), schedule_warm_cosine);
}
END_TEST

START_TEST(a_run_shorter_than_its_warmup_is_fine)
{
    const struct tfu_train_config config = {
        .schedule = {.kind = TFU_SCHEDULE_COSINE, .warmup = 10}};
    const double rise[] = {0.1, 0.2, 0.3};
    check(&config, 3, rise);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("schedule");
    TCase *t = tcase_create("schedule");
    tcase_add_test(t, constant_is_one);
    tcase_add_test(t, warmup_rises_to_one);
    tcase_add_test(t, steps_fall_after_their_milestones);
    tcase_add_test(t, cosine_falls_to_its_floor);
    tcase_add_test(t, cosine_begins_after_the_warmup);
    tcase_add_test(t, a_run_shorter_than_its_warmup_is_fine);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
