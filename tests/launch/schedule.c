/* SPDX-License-Identifier: MIT
 *
 * Which case comes next, and with how many threads.
 */
#include "core/launch/schedule.h"

#include "tests/support/check_main.h"

/* source A of 2 and 3, source B of 4; 5 needs 2 and 4 */
static const size_t zero[] = {0}, one[] = {1}, both[] = {2, 4};
static struct tfu_schedule_case graph[] = {
    {.need_count = 0},
    {.need_count = 0},
    {.need = zero, .need_count = 1},
    {.need = zero, .need_count = 1},
    {.need = one, .need_count = 1},
    {.need = both, .need_count = 2},
};

static struct tfu_schedule *make(size_t slots, int64_t threads, size_t stop_after)
{
    const struct tfu_schedule_policy policy = {
        .slots = slots, .threads = threads, .stop_after = stop_after};
    struct tfu_schedule *s;
    ck_assert_int_eq(tfu_schedule_new(&s, graph, TFU_COUNT(graph), &policy, NULL), TFU_OK);
    return s;
}

/* Begins the next, which is to be `want`; returns its threads. */
static int64_t begin(struct tfu_schedule *s, size_t want)
{
    size_t index = SIZE_MAX;
    ck_assert(tfu_schedule_next(s, &index));
    ck_assert_uint_eq(index, want);
    const int64_t threads = tfu_schedule_share(s, index);
    tfu_schedule_start(s, index, threads);
    return threads;
}

START_TEST(in_order_as_needs_are_met)
{
    size_t index;
    struct tfu_schedule *s = make(3, 3, 0);
    begin(s, 0);
    begin(s, 1);
    ck_assert(!tfu_schedule_next(s, &index));
    ck_assert_int_eq(tfu_schedule_state(s, 5), TFU_SLOT_WAITING);
    ck_assert_uint_eq(tfu_schedule_obstacle(s, 5), 2);
    tfu_schedule_set(s, 1, TFU_SLOT_DONE);
    begin(s, 4);
    tfu_schedule_set(s, 0, TFU_SLOT_DONE);
    begin(s, 2);
    begin(s, 3);
    ck_assert(!tfu_schedule_next(s, &index));
    tfu_schedule_set(s, 4, TFU_SLOT_DONE);
    ck_assert_uint_eq(tfu_schedule_obstacle(s, 5), 2);
    ck_assert(!tfu_schedule_over(s));
    tfu_schedule_set(s, 2, TFU_SLOT_DONE);
    begin(s, 5);
    tfu_schedule_set(s, 5, TFU_SLOT_DONE);
    tfu_schedule_set(s, 3, TFU_SLOT_DONE);
    ck_assert(tfu_schedule_over(s));
    ck_assert_uint_eq(tfu_schedule_count(s, TFU_SLOT_DONE), 6);
    tfu_schedule_free(s);
}
END_TEST

START_TEST(threads_are_shared_out)
{
    struct tfu_schedule *s = make(3, 8, 0);
    /* two can begin: a half each */
    ck_assert_int_eq(begin(s, 0), 4);
    ck_assert_int_eq(begin(s, 1), 4);
    /* what became free goes to one of two */
    tfu_schedule_set(s, 0, TFU_SLOT_DONE);
    ck_assert_int_eq(begin(s, 2), 2);
    ck_assert_int_eq(begin(s, 3), 2);
    tfu_schedule_set(s, 2, TFU_SLOT_DONE);
    tfu_schedule_set(s, 3, TFU_SLOT_DONE);
    tfu_schedule_set(s, 1, TFU_SLOT_DONE);
    /* the last ones have it all */
    ck_assert_int_eq(begin(s, 4), 8);
    tfu_schedule_free(s);

    /* never none, and never more than a case can use */
    s = make(6, 1, 0);
    ck_assert_int_eq(begin(s, 0), 1);
    ck_assert_int_eq(begin(s, 1), 1);
    tfu_schedule_free(s);
    graph[0].threads = 2;
    s = make(1, 8, 0);
    ck_assert_int_eq(begin(s, 0), 2);
    tfu_schedule_free(s);
    graph[0].threads = 0;
}
END_TEST

START_TEST(a_failure_blocks_what_needs_it)
{
    struct tfu_schedule *s = make(1, 1, 0);
    begin(s, 0);
    tfu_schedule_set(s, 0, TFU_SLOT_FAILED);
    ck_assert_int_eq(tfu_schedule_state(s, 2), TFU_SLOT_BLOCKED);
    ck_assert_int_eq(tfu_schedule_state(s, 5), TFU_SLOT_BLOCKED);
    ck_assert_uint_eq(tfu_schedule_obstacle(s, 5), 2);
    begin(s, 1);
    tfu_schedule_set(s, 1, TFU_SLOT_DONE);
    begin(s, 4);
    tfu_schedule_set(s, 4, TFU_SLOT_DONE);
    ck_assert(tfu_schedule_over(s));
    ck_assert_uint_eq(tfu_schedule_count(s, TFU_SLOT_BLOCKED), 3);
    tfu_schedule_free(s);
}
END_TEST

START_TEST(gives_up_after_failures)
{
    size_t index;
    struct tfu_schedule *s = make(2, 2, 1);
    begin(s, 0);
    begin(s, 1);
    tfu_schedule_set(s, 0, TFU_SLOT_FAILED);
    ck_assert(tfu_schedule_gave_up(s));
    ck_assert(!tfu_schedule_over(s)); /* what runs may end */
    tfu_schedule_set(s, 1, TFU_SLOT_DONE);
    ck_assert(!tfu_schedule_next(s, &index));
    ck_assert(tfu_schedule_over(s));
    tfu_schedule_free(s);
}
END_TEST

START_TEST(others_may_have_cases)
{
    size_t index;
    struct tfu_schedule *s = make(2, 2, 0);
    tfu_schedule_set(s, 0, TFU_SLOT_ELSEWHERE);
    begin(s, 1);
    tfu_schedule_set(s, 1, TFU_SLOT_DONE);
    begin(s, 4);
    tfu_schedule_set(s, 4, TFU_SLOT_DONE);
    ck_assert(!tfu_schedule_next(s, &index));
    ck_assert(!tfu_schedule_over(s));
    tfu_schedule_set(s, 0, TFU_SLOT_DONE);
    begin(s, 2);
    /* a run folder was deleted: what was done is to be done again */
    tfu_schedule_set(s, 0, TFU_SLOT_PENDING);
    ck_assert_int_eq(tfu_schedule_state(s, 3), TFU_SLOT_WAITING);
    begin(s, 0);
    tfu_schedule_close(s);
    tfu_schedule_set(s, 0, TFU_SLOT_DONE);
    tfu_schedule_set(s, 2, TFU_SLOT_DONE);
    ck_assert(!tfu_schedule_next(s, &index));
    ck_assert(tfu_schedule_over(s));
    tfu_schedule_free(s);
}
END_TEST

START_TEST(some_are_left_out)
{
    size_t index;
    graph[1].left_out = graph[4].left_out = graph[5].left_out = true;
    struct tfu_schedule *s = make(9, 9, 0);
    begin(s, 0);
    ck_assert(!tfu_schedule_next(s, &index));
    /* one that goes through rungs: it waits there, then goes on or is stopped */
    tfu_schedule_set(s, 0, TFU_SLOT_STOPPED);
    begin(s, 2);
    begin(s, 3);
    tfu_schedule_set(s, 2, TFU_SLOT_PAUSED);
    tfu_schedule_set(s, 3, TFU_SLOT_DONE);
    ck_assert(tfu_schedule_over(s)); /* unless somebody lets it go on */
    tfu_schedule_set(s, 2, TFU_SLOT_PENDING);
    ck_assert(!tfu_schedule_over(s));
    begin(s, 2);
    tfu_schedule_set(s, 2, TFU_SLOT_DONE);
    ck_assert(tfu_schedule_over(s));
    ck_assert_uint_eq(tfu_schedule_count(s, TFU_SLOT_DONE), 2);
    tfu_schedule_free(s);
    graph[1].left_out = graph[4].left_out = graph[5].left_out = false;
}
END_TEST

START_TEST(pardoned)
{
    size_t index;
    struct tfu_schedule *s = make(1, 1, 1);
    tfu_schedule_set(s, 0, TFU_SLOT_FAILED);
    tfu_schedule_pardon(s);
    ck_assert(!tfu_schedule_gave_up(s));
    ck_assert(tfu_schedule_next(s, &index));
    tfu_schedule_set(s, 1, TFU_SLOT_FAILED);
    ck_assert(tfu_schedule_gave_up(s));
    tfu_schedule_free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("launch/schedule");
    TCase *t = tcase_create("schedule");
    tcase_add_test(t, in_order_as_needs_are_met);
    tcase_add_test(t, threads_are_shared_out);
    tcase_add_test(t, a_failure_blocks_what_needs_it);
    tcase_add_test(t, gives_up_after_failures);
    tcase_add_test(t, others_may_have_cases);
    tcase_add_test(t, some_are_left_out);
    tcase_add_test(t, pardoned);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
