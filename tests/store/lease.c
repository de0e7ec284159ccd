/* SPDX-License-Identifier: MIT
 *
 * Leases: one process at a time has a folder, whatever becomes of the others.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "core/store/lease.h"
#include "core/store/lease_file.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static const struct tfu_lease_times quick = {.beat = 0.02, .lost = 0.3, .stale = 1};

static struct tfu_lease *take(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    const enum tfu_status st = tfu_lease_take(&l, NULL, scratch, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    return l;
}

static struct tfu_lease_seen look(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease_seen seen;
    ck_assert_msg(tfu_lease_look(&seen, scratch, &e) == TFU_OK, "%s", e.text);
    return seen;
}

static void sleep_for(double seconds)
{
    const struct timespec t = {.tv_sec = (time_t)seconds,
                               .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
    nanosleep(&t, NULL);
}

/* A process of its own, which may die without a word. */
static pid_t start(int (*work)(void))
{
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(work());
    return pid;
}

static int wait_for(pid_t pid)
{
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Files of leases, those in the making included. */
static int file_count(void)
{
    int count = 0;
    DIR *dir = opendir(scratch);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += strncmp(entry->d_name, ".lease", 6) == 0;
    closedir(dir);
    return count;
}

/* ---- taking */

START_TEST(a_lease_is_held_and_given_back)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease_seen seen = look(), by;
    struct tfu_lease *again;
    char who[160], self[64];
    ck_assert_int_eq(seen.state, TFU_LEASE_FREE);
    ck_assert_uint_eq(seen.token, 0);
    struct tfu_lease *l = take();
    ck_assert_uint_eq(tfu_lease_token(l), 1);
    ck_assert_int_eq(tfu_lease_check(l, &e), TFU_OK);
    ck_assert_int_eq(tfu_lease_check_soon(l, &e), TFU_OK);
    seen = look();
    ck_assert_int_eq(seen.state, TFU_LEASE_HELD);
    ck_assert_int_eq(seen.pid, getpid());
    ck_assert_double_lt(seen.age, 30);
    tfu_lease_who(&seen, who, sizeof who);
    snprintf(self, sizeof self, "process %ld on ", (long)getpid());
    ck_assert_ptr_nonnull(strstr(who, self));
    ck_assert_ptr_nonnull(strstr(who, ", since 20"));

    ck_assert_int_eq(tfu_lease_take(&again, &by, scratch, &e), TFU_OK);
    ck_assert_ptr_null(again);
    ck_assert_int_eq(by.state, TFU_LEASE_HELD);
    ck_assert_int_eq(by.pid, getpid());

    tfu_lease_progress(l, 12, 340);
    tfu_lease_free(l);
    seen = look();
    ck_assert_int_eq(seen.state, TFU_LEASE_FREE);
    ck_assert_uint_eq(seen.token, 1);
    ck_assert_int_eq(seen.step, 12);
    ck_assert_int_eq(seen.steps, 340);
    l = take();
    ck_assert_uint_eq(tfu_lease_token(l), 2);
    tfu_lease_free(l);
    ck_assert_int_eq(file_count(), 1);
    tfu_lease_free(NULL);
}
END_TEST

START_TEST(progress_is_told)
{
    struct tfu_lease *l;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_lease_take_timed(&l, NULL, scratch, &quick, &e), TFU_OK);
    tfu_lease_progress(l, 7, 9);
    for (int i = 0; i < 500 && look().step != 7; i++)
        sleep_for(0.02);
    ck_assert_int_eq(look().step, 7);
    ck_assert_int_eq(look().steps, 9);
    tfu_lease_free(l);
}
END_TEST

enum { WORKERS = 8, CLAIMS = 1000 };

/* Takes the lease its share of times. Inside, a file that must not be there yet. */
static int claim_often(void)
{
    const int claims = open(scratch_path("claims"), O_WRONLY | O_CREAT | O_APPEND, 0666);
    for (int done = 0; done < CLAIMS / WORKERS;) {
        struct tfu_lease *l;
        char line[32];
        if (tfu_lease_take(&l, NULL, scratch, NULL) != TFU_OK)
            return 2;
        if (!l) {
            sched_yield();
            continue;
        }
        const int inside = open(scratch_path("inside"), O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (inside < 0)
            return 3;
        const int n = snprintf(line, sizeof line, "%llu\n", (unsigned long long)tfu_lease_token(l));
        if (write(claims, line, (size_t)n) != n || tfu_lease_check(l, NULL) != TFU_OK)
            return 4;
        close(inside);
        unlink(scratch_path("inside"));
        tfu_lease_free(l);
        done++;
    }
    return 0;
}

/* Takes it, and dies with it. */
static int claim_and_die(void)
{
    for (int i = 0; i < 100000; i++) {
        struct tfu_lease *l;
        if (tfu_lease_take(&l, NULL, scratch, NULL) != TFU_OK)
            return 2;
        if (!l)
            continue;
        const int claims = open(scratch_path("claims"), O_WRONLY | O_CREAT | O_APPEND, 0666);
        char line[32];
        const int n = snprintf(line, sizeof line, "%llu\n", (unsigned long long)tfu_lease_token(l));
        return write(claims, line, (size_t)n) == n ? 0 : 4;
    }
    return 5;
}

static int by_number(const void *left, const void *right)
{
    const unsigned long long a = *(const unsigned long long *)left;
    const unsigned long long b = *(const unsigned long long *)right;
    return a < b ? -1 : a > b;
}

/* That of `claims` numbers none is there twice. */
static void check_claims(size_t claims)
{
    unsigned long long number[CLAIMS];
    FILE *file = fopen(scratch_path("claims"), "r");
    ck_assert_ptr_nonnull(file);
    size_t n = 0;
    while (n < CLAIMS && fscanf(file, "%llu", &number[n]) == 1)
        n++;
    fclose(file);
    ck_assert_uint_eq(n, claims);
    qsort(number, n, sizeof *number, by_number);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(number[i], i + 1);
}

START_TEST(none_of_a_thousand_claims_is_made_twice)
{
    pid_t worker[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        worker[i] = start(claim_often);
    for (int i = 0; i < WORKERS; i++)
        ck_assert_int_eq(wait_for(worker[i]), 0);
    check_claims(CLAIMS);
    ck_assert_int_eq(look().state, TFU_LEASE_FREE);
    ck_assert_int_eq(file_count(), 1);
}
END_TEST

START_TEST(the_dead_are_followed_by_one_each)
{
    enum { AT_ONCE = 8, ROUNDS = 12 };
    for (int round = 0; round < ROUNDS; round++) {
        pid_t worker[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++)
            worker[i] = start(claim_and_die);
        for (int i = 0; i < AT_ONCE; i++)
            ck_assert_int_eq(wait_for(worker[i]), 0);
    }
    check_claims((size_t)AT_ONCE * ROUNDS);
    ck_assert_int_eq(look().state, TFU_LEASE_STALE);
    ck_assert_uint_eq(look().token, AT_ONCE * ROUNDS);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("lease");
    TCase *t = tcase_create("lease");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, a_lease_is_held_and_given_back);
    tcase_add_test(t, progress_is_told);
    tcase_add_test(t, none_of_a_thousand_claims_is_made_twice);
    tcase_add_test(t, the_dead_are_followed_by_one_each);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
