/* SPDX-License-Identifier: MIT
 *
 * When a process that makes no step is told of, asked to leave, and ended.
 */
#include "core/launch/stall.h"

#include <signal.h>

#include "tests/support/check_main.h"

/* Looks each second from `now` on, at a process that stays at `step`. */
static double look(struct tfu_stall *s, int64_t step, double now, double seconds)
{
    for (const double end = now + seconds; now < end;)
        tfu_stall_see(s, step, ++now);
    return now;
}

START_TEST(a_step_is_life)
{
    struct tfu_stall s;
    tfu_stall_begin(&s, 1000);
    double now = look(&s, 0, 1000, 59);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now), 0);
    now = look(&s, 1, now, 60); /* the first look sees the step, and 59 none after it */
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now), 0);
    now = look(&s, 1, now, 1);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now), SIGTERM);
}
END_TEST

START_TEST(asked_and_ended)
{
    struct tfu_stall s;
    tfu_stall_begin(&s, 0);
    double now = look(&s, 0, 0, 90);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now), SIGTERM);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now), 0);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now + 29), 0);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now + 30), SIGKILL);
    tfu_stall_see(&s, 7, now + 31); /* a step that it made meanwhile does not save it */
    ck_assert_int_eq(tfu_stall_signal(&s, 60, now + 31), SIGKILL);
    tfu_stall_begin(&s, now); /* who is short of patience is so at the end, too */
    now = look(&s, 0, now, 2);
    ck_assert_int_eq(tfu_stall_signal(&s, 2, now), SIGTERM);
    ck_assert_int_eq(tfu_stall_signal(&s, 2, now + 2), SIGKILL);
}
END_TEST

START_TEST(for_ever_where_nothing_is_said)
{
    struct tfu_stall s;
    tfu_stall_begin(&s, 0);
    const double now = look(&s, 0, 0, 1e5);
    ck_assert_int_eq(tfu_stall_signal(&s, 0, now), 0);
}
END_TEST

START_TEST(who_did_not_look_does_not_know)
{
    struct tfu_stall s;
    tfu_stall_begin(&s, 0);
    tfu_stall_see(&s, 0, 1e4); /* the machine slept */
    ck_assert_int_eq(tfu_stall_signal(&s, 60, 1e4), 0);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, look(&s, 0, 1e4, 49)), 0);
    ck_assert_int_eq(tfu_stall_signal(&s, 60, look(&s, 0, 1e4 + 49, 1)), SIGTERM);
}
END_TEST

START_TEST(told_now_and_then)
{
    struct tfu_stall s;
    tfu_stall_begin(&s, 0);
    int told = 0;
    double now = 0;
    for (; now < 599; told += tfu_stall_tell(&s))
        now = look(&s, 0, now, 1);
    ck_assert_int_eq(told, 0);
    for (; now < 6000; told += tfu_stall_tell(&s))
        now = look(&s, 0, now, 1);
    ck_assert_int_eq(told, 4);   /* at 600, 1200, 2400 and 4800 */
    now = look(&s, 1, now, 600); /* from its next step on anew */
    ck_assert(!tfu_stall_tell(&s));
    look(&s, 1, now, 1);
    ck_assert(tfu_stall_tell(&s));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stall");
    TCase *t = tcase_create("stall");
    tcase_add_test(t, a_step_is_life);
    tcase_add_test(t, asked_and_ended);
    tcase_add_test(t, for_ever_where_nothing_is_said);
    tcase_add_test(t, who_did_not_look_does_not_know);
    tcase_add_test(t, told_now_and_then);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
