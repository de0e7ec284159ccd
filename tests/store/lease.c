/* SPDX-License-Identifier: MIT
 *
 * Leases: one process at a time has a folder, and who comes by sees which.
 */
#include <sched.h>
#include <signal.h>

#include "tests/store/lease_world.h"

static const struct tfu_lease_times quick = {.beat = 0.02, .lost = 0.3, .stale = 1};

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
    for (int i = 0; i < 3000 && look().step != 7; i++)
        sleep_for(0.02);
    ck_assert_int_eq(look().step, 7);
    ck_assert_int_eq(look().steps, 9);
    tfu_lease_free(l);
}
END_TEST

enum { WORKERS = 8, CLAIMS = 1000 };

/* Fewer where each takes long. */
static int claim_count(void)
{
    return getenv("TRANSFUSE_QUICK_CASES") ? CLAIMS / 10 : CLAIMS;
}

/* Takes the lease its share of times. Inside, a file that must not be there yet. */
static int claim_often(void)
{
    const int claims = open(scratch_path("claims"), O_WRONLY | O_CREAT | O_APPEND, 0666);
    for (int done = 0; done < claim_count() / WORKERS;) {
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
        if (write(claims, line, (size_t)n) != n)
            return 4;
        kill(getpid(), SIGKILL);
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
    check_claims((size_t)(claim_count() / WORKERS * WORKERS));
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
            ck_assert_int_eq(wait_for(worker[i]), 128 + SIGKILL);
    }
    check_claims((size_t)AT_ONCE * ROUNDS);
    ck_assert_int_eq(look().state, TFU_LEASE_STALE);
    ck_assert_uint_eq(look().token, AT_ONCE * ROUNDS);
}
END_TEST

/* ---- the leases of others */

static void put_lease(uint64_t token, const char *text, size_t n)
{
    char path[PATH_MAX];
    ck_assert_int_eq(tfu_lease_file_path(path, scratch, token, NULL), TFU_OK);
    scratch_write(path, text, n);
}

static void put_content(uint64_t token, const struct tfu_lease_content *c)
{
    char text[TFU_LEASE_FILE_SIZE];
    tfu_lease_file_print(c, text);
    put_lease(token, text, sizeof text);
}

/* A lease that this very process would have. */
static struct tfu_lease_content own_content(void)
{
    struct tfu_lease_content c = {.since = 1700000000, .step = 3, .steps = 4};
    tfu_process_self(&c.holder);
    return c;
}

static void is_taken_over(uint64_t token)
{
    struct tfu_lease *l = take();
    ck_assert_uint_eq(tfu_lease_token(l), token);
    tfu_lease_free(l);
    ck_assert_int_eq(look().state, TFU_LEASE_FREE);
}

START_TEST(another_process_of_that_number_is_no_sign_of_life)
{
    struct tfu_lease_content c = own_content();
    put_content(5, &c);
    is_refused();
    ck_assert_int_eq(look().step, 3);
    grow_old(5, 86400); /* seen to run, whatever the clock says */
    is_refused();
    c.holder.start++;
    put_content(5, &c);
    ck_assert_int_eq(look().state, TFU_LEASE_STALE);
    is_taken_over(6);
}
END_TEST

START_TEST(on_other_hosts_the_age_decides)
{
    struct tfu_lease_content c = own_content();
    for (int i = 0; i < 3; i++) {
        c = own_content();
        c.holder.pid = 99999999; /* no process has it here */
        if (i == 0)
            snprintf(c.holder.host, sizeof c.holder.host, "node7");
        else if (i == 1) /* another container here, or this machine before it was started anew */
            snprintf(c.holder.boot, sizeof c.holder.boot, "00000000-0000-0000.1");
        else
            c.holder.boot[0] = '\0';
        const uint64_t token = 10 * (uint64_t)i + 7;
        put_content(token, &c);
        ck_assert_int_eq(look().state, TFU_LEASE_HELD);
        is_refused();
        grow_old(token, 40);
        ck_assert_double_gt(look().age, 30);
        is_refused();
        grow_old(token, -3600); /* a beat of the future: the file server's clock was set back */
        ck_assert_double_eq(look().age, 0);
        is_refused();
        grow_old(token, 61);
        ck_assert_int_eq(look().state, TFU_LEASE_STALE);
        is_taken_over(token + 1);
    }
}
END_TEST

START_TEST(a_torn_lease_is_one_of_unknown_age)
{
    static char huge[1 << 16];
    memset(huge, '7', sizeof huge);
    static const char *const torn[] = {
        "",
        "{\"host\": \"a\", \"boot\": \"b\", \"pid\": 1",
        "null",
        "[1, 2]",
        "{\"host\": \"a\", \"boot\": \"b\", \"pid\": -1, \"start\": 1, \"since\": 1, "
        "\"released\": true, \"step\": 0, \"steps\": 0}",
        "{\"host\": \"\\u001b[2J\", \"boot\": \"b\", \"pid\": 1, \"start\": 1, \"since\": 1, "
        "\"released\": true, \"step\": 0, \"steps\": 0}",
        "{\"host\": \"a\", \"boot\": \"b\", \"pid\": 99999999999999999999, \"start\": 1}",
    };
    for (size_t i = 0; i <= TFU_COUNT(torn); i++) {
        const uint64_t token = look().token + 1;
        char who[160];
        if (i < TFU_COUNT(torn))
            put_lease(token, torn[i], strlen(torn[i]));
        else
            put_lease(token, huge, sizeof huge);
        const struct tfu_lease_seen seen = look();
        ck_assert_int_eq(seen.state, TFU_LEASE_HELD);
        ck_assert_int_eq(seen.pid, 0);
        tfu_lease_who(&seen, who, sizeof who);
        ck_assert_str_eq(who, "another process");
        is_refused();
        grow_old(token, 61);
        is_taken_over(token + 1);
    }
}
END_TEST

START_TEST(other_names_are_no_leases)
{
    static const char *const name[] = {
        ".lease.0", ".lease.07", ".lease.7x",    ".lease.",     ".lease.-7",
        "lease.7",  ".lease-7",  ".lease.7.tmp", ".lease.0x10", ".lease.10000000000000000000"};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    for (size_t i = 0; i < TFU_COUNT(name); i++)
        scratch_write(scratch_path(name[i]), "", 0);
    ck_assert_uint_eq(look().token, 0);
    is_taken_over(1);
    /* the largest that there is, and no next one */
    scratch_write(scratch_path(".lease.999999999999999999"), "", 0);
    grow_old(999999999999999999, 61);
    ck_assert_int_eq(tfu_lease_take(&l, NULL, scratch, &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, "files .lease.*") != NULL, "%s", e.text);
    /* a folder in its place */
    ck_assert_int_eq(unlink(scratch_path(".lease.999999999999999999")), 0);
    ck_assert_int_eq(mkdir(scratch_path(".lease.30"), 0777), 0);
    ck_assert_int_eq(look().state, TFU_LEASE_HELD);
    grow_old(30, 61);
    is_taken_over(31);
}
END_TEST

/* Who cannot write sees what there is, by this host's clock, and takes nothing. */
static int look_as_a_stranger(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    if (getuid() == 0 && setuid(65534) != 0)
        return 2;
    const struct tfu_lease_seen seen = look();
    if (seen.state != TFU_LEASE_STALE || seen.age < 3500)
        return 3;
    if (tfu_lease_take(&l, NULL, scratch, &e) != TFU_EIO || l)
        return 4;
    return strstr(e.text, "Permission denied") ? 0 : 5;
}

START_TEST(a_folder_that_is_not_there_or_read_only)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    struct tfu_lease_seen seen;
    ck_assert_int_eq(tfu_lease_look(&seen, "/nowhere/at/all", &e), TFU_OK);
    ck_assert_int_eq(seen.state, TFU_LEASE_FREE);
    ck_assert_int_eq(tfu_lease_take(&l, NULL, "/nowhere/at/all", &e), TFU_EIO);
    ck_assert_ptr_null(l);
    ck_assert_msg(strstr(e.text, "/nowhere/at/all") != NULL, "%s", e.text);
    struct tfu_lease_content c = own_content();
    snprintf(c.holder.host, sizeof c.holder.host, "node7");
    put_content(2, &c);
    grow_old(2, 3600);
    ck_assert_int_eq(chmod(scratch, 0555), 0);
    const pid_t pid = start(look_as_a_stranger);
    ck_assert_int_eq(wait_for(pid), 0);
    ck_assert_int_eq(chmod(scratch, 0777), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("lease");
    TCase *t = tcase_create("lease");
    tcase_set_timeout(t, 600);
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, a_lease_is_held_and_given_back);
    tcase_add_test(t, progress_is_told);
    tcase_add_test(t, none_of_a_thousand_claims_is_made_twice);
    tcase_add_test(t, the_dead_are_followed_by_one_each);
    tcase_add_test(t, another_process_of_that_number_is_no_sign_of_life);
    tcase_add_test(t, on_other_hosts_the_age_decides);
    tcase_add_test(t, a_torn_lease_is_one_of_unknown_age);
    tcase_add_test(t, other_names_are_no_leases);
    tcase_add_test(t, a_folder_that_is_not_there_or_read_only);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
