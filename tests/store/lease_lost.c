/* SPDX-License-Identifier: MIT
 *
 * Leases that are lost: by who was stopped or cut off, and with the folder.
 */
#include <signal.h>

#include "tests/store/lease_world.h"

/* ---- lost */

static void write_text(const char *name, const char *text)
{
    scratch_write(scratch_path(name), text, strlen(text));
}

static bool is_there(const char *name)
{
    return access(scratch_path(name), F_OK) == 0;
}

static void wait_till_there(const char *name)
{
    for (int i = 0; i < 6000 && !is_there(name); i++)
        sleep_for(0.01);
    ck_assert_msg(is_there(name), "%s", name);
}

/* Holds the lease until it is lost, or told to leave; says what came of it. Its beats are rare, so
 * that they do not hide what the checks do, or frequent. */
static int hold(double beat)
{
    const struct tfu_lease_times times = {.beat = beat, .lost = 0.3, .stale = 1};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    if (tfu_lease_take_timed(&l, NULL, scratch, &times, &e) != TFU_OK || !l)
        return 2;
    write_text("held", "");
    while (tfu_lease_check_soon(l, &e) == TFU_OK && !is_there("leave"))
        sleep_for(0.01);
    if (e.status == TFU_OK)
        tfu_lease_check(l, &e);
    char said[2400];
    snprintf(said, sizeof said, "%d %llu %s", tfu_lease_is_lost(l),
             (unsigned long long)tfu_lease_token(l), e.text);
    write_text("said", said);
    tfu_lease_free(l);
    return 0;
}

static int hold_beating(void)
{
    return hold(0.02);
}

static int hold_silent(void)
{
    return hold(100);
}

static void said(const char *what)
{
    size_t n;
    char *text = scratch_read(scratch_path("said"), &n);
    ck_assert_msg(strncmp(text, what, strlen(what)) == 0, "'%s', not '%s'", text, what);
    free(text);
}

static pid_t start_and_stop(int (*work)(void))
{
    const pid_t pid = start(work);
    wait_till_there("held");
    int status;
    ck_assert_int_eq(kill(pid, SIGSTOP), 0);
    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    return pid;
}

START_TEST(who_was_stopped_has_lost_it_to_another)
{
    char path[PATH_MAX], who[96];
    size_t n;
    const pid_t pid = start_and_stop(_i ? hold_beating : hold_silent);
    const uint64_t token = look().token; /* 1, on a machine with time to spare */
    is_refused();                        /* stopped, but not for long */
    grow_old(token, 61);
    struct tfu_lease *l = take();
    ck_assert_uint_eq(tfu_lease_token(l), token + 1);
    ck_assert_int_eq(tfu_lease_file_path(path, scratch, token + 1, NULL), TFU_OK);
    sleep_for(0.4);
    ck_assert_int_eq(kill(pid, SIGCONT), 0);
    ck_assert_int_eq(wait_for(pid), 0);
    snprintf(who, sizeof who, "1 %llu lost its lease to process %ld on ", (unsigned long long)token,
             (long)getpid());
    said(who);
    ck_assert_int_eq(tfu_lease_check(l, NULL), TFU_OK);
    ck_assert_int_eq(look().pid, getpid());
    ck_assert_int_eq(look().state, TFU_LEASE_HELD);
    char *text = scratch_read(path, &n);
    ck_assert_uint_eq(n, TFU_LEASE_FILE_SIZE);
    free(text);
    tfu_lease_free(l);
    ck_assert_int_eq(file_count(), 1);
}
END_TEST

START_TEST(who_was_stopped_and_not_missed_goes_on_with_the_next_number)
{
    const pid_t pid = start_and_stop(_i ? hold_beating : hold_silent);
    const uint64_t token = look().token;
    sleep_for(0.4);
    ck_assert_int_eq(kill(pid, SIGCONT), 0);
    for (int i = 0; i < 6000 && look().token == token; i++)
        sleep_for(0.01);
    write_text("leave", "");
    ck_assert_int_eq(wait_for(pid), 0);
    said("0 ");
    ck_assert_uint_gt(look().token, token);
    ck_assert_int_eq(look().state, TFU_LEASE_FREE);
    ck_assert_int_eq(file_count(), 1);
}
END_TEST

/* From when it is told to, until it is told to leave. */
static int hold_for_a_moment(void)
{
    struct tfu_lease *l;
    while (!is_there("begin"))
        sleep_for(0.01);
    if (tfu_lease_take(&l, NULL, scratch, NULL) != TFU_OK || !l)
        return 2;
    write_text("held", "");
    while (!is_there("leave"))
        sleep_for(0.01);
    tfu_lease_free(l);
    return 0;
}

START_TEST(a_folder_that_was_removed)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const pid_t pid = start(hold_for_a_moment); /* before there is a thread */
    struct tfu_lease *l = take();
    ck_assert_int_eq(unlink(scratch_path(".lease.1")), 0);
    ck_assert_int_eq(rmdir(scratch), 0);
    tfu_lease_progress(l, 1, 2);
    ck_assert_int_eq(tfu_lease_check(l, &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, "was removed or moved") != NULL, "%s", e.text);
    ck_assert_str_eq(e.source, scratch);
    ck_assert(tfu_lease_is_lost(l));
    ck_assert_int_ne(access(scratch, F_OK), 0);
    /* made anew, and another process's: of the same number */
    ck_assert_int_eq(mkdir(scratch, 0777), 0);
    write_text("begin", "");
    wait_till_there("held");
    ck_assert_int_eq(tfu_lease_check(l, NULL), TFU_EIO);
    tfu_lease_free(l);
    ck_assert_int_eq(look().state, TFU_LEASE_HELD);
    ck_assert_int_eq(look().pid, pid);
    write_text("leave", "");
    ck_assert_int_eq(wait_for(pid), 0);
}
END_TEST

START_TEST(the_folder_of_another_by_now)
{
    struct tfu_error e = TFU_ERROR_INIT;
    char who[64];
    const pid_t pid = start(hold_for_a_moment);
    struct tfu_lease *l = take();
    ck_assert_int_eq(unlink(scratch_path(".lease.1")), 0);
    write_text("begin", "");
    wait_till_there("held");
    ck_assert_int_eq(tfu_lease_check(l, &e), TFU_EIO);
    snprintf(who, sizeof who, "lost its lease to process %ld on ", (long)pid);
    ck_assert_msg(strncmp(e.text, who, strlen(who)) == 0, "%s", e.text);
    tfu_lease_free(l);
    write_text("leave", "");
    ck_assert_int_eq(wait_for(pid), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("lease_lost");
    TCase *t = tcase_create("lease_lost");
    tcase_set_timeout(t, 600);
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_loop_test(t, who_was_stopped_has_lost_it_to_another, 0, 2);
    tcase_add_loop_test(t, who_was_stopped_and_not_missed_goes_on_with_the_next_number, 0, 2);
    tcase_add_test(t, a_folder_that_was_removed);
    tcase_add_test(t, the_folder_of_another_by_now);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
