/* SPDX-License-Identifier: MIT
 *
 * Run folders on file systems that have no locks, or no links: the lease alone keeps others out.
 */
#include <errno.h>
#include <sys/file.h>

#include "core/store/run_folder.h"
#include "tests/store/lease_world.h"

/* what the calls fail with; 0: they work */
static int flock_error, link_error;
static int flocks, links; /* calls */

/* the linker's names: __wrap_x is called for x, __real_x is x itself */
int __real_flock(int fd, int operation);
int __real_link(const char *from, const char *to);
int __wrap_flock(int fd, int operation);
int __wrap_link(const char *from, const char *to);

int __wrap_flock(int fd, int operation)
{
    flocks++;
    errno = flock_error;
    return flock_error ? -1 : __real_flock(fd, operation);
}

int __wrap_link(const char *from, const char *to)
{
    links++;
    errno = link_error;
    return link_error ? -1 : __real_link(from, to);
}

static const struct {
    int flock, link;
} systems[] = {{0, 0}, {ENOLCK, 0}, {EOPNOTSUPP, EPERM}, {ENOSYS, EOPNOTSUPP}, {0, ENOSYS}};

static struct tfu_run_folder *open_folder(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_run_folder *f;
    const enum tfu_status st = tfu_run_folder_open(&f, scratch_path("run"), &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    return f;
}

START_TEST(a_run_folder_is_one_process_own)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_run_folder *again;
    char who[192], self[64];
    flock_error = systems[_i].flock;
    link_error = systems[_i].link;
    struct tfu_run_folder *f = open_folder();
    ck_assert(tfu_run_folder_in_use(scratch_path("run"), who, sizeof who));
    snprintf(self, sizeof self, "process %ld on ", (long)getpid());
    ck_assert_msg(strncmp(who, self, strlen(self)) == 0, "%s", who);
    ck_assert_ptr_nonnull(strstr(who, ", since "));
    ck_assert_int_eq(tfu_run_folder_open(&again, scratch_path("run"), &e), TFU_EIO);
    ck_assert_ptr_null(again);
    ck_assert_msg(strstr(e.text, "in use by process ") != NULL, "%s", e.text);
    ck_assert_int_eq(tfu_run_folder_write(f, "init.txt", "text\n", &e), TFU_OK);
    ck_assert(flocks > 0 && links > 0);
    tfu_run_folder_close(f);
    ck_assert(!tfu_run_folder_in_use(scratch_path("run"), who, sizeof who));
    ck_assert_str_eq(who, "");
    tfu_run_folder_close(open_folder());
}
END_TEST

/* What comes after the lease was lost does not reach the folder. */
START_TEST(a_lost_folder_is_not_written_to)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease_content other = {.since = 1700000000};
    char text[TFU_LEASE_FILE_SIZE];
    size_t n;
    flock_error = systems[_i].flock;
    link_error = systems[_i].link;
    struct tfu_run_folder *f = open_folder();
    ck_assert_int_eq(tfu_run_folder_write(f, "summary.json", "mine\n", &e), TFU_OK);
    tfu_process_self(&other.holder);
    snprintf(other.holder.host, sizeof other.holder.host, "node7");
    tfu_lease_file_print(&other, text);
    scratch_write(scratch_path("run/.lease.2"), text, sizeof text);
    ck_assert_int_eq(tfu_run_folder_write(f, "summary.json", "of yesterday\n", &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, "lost its lease to process ") != NULL, "%s", e.text);
    ck_assert_ptr_nonnull(strstr(e.text, " on node7, since "));
    ck_assert(tfu_run_folder_is_lost(f));
    ck_assert_int_eq(tfu_run_folder_clear(f, NULL), TFU_EIO);
    ck_assert_int_eq(tfu_run_folder_check_soon(f, NULL), TFU_EIO);
    tfu_run_folder_close(f);
    char *summary = scratch_read(scratch_path("run/summary.json"), &n);
    ck_assert_str_eq(summary, "mine\n");
    free(summary);
    ck_assert_int_ne(access(scratch_path("run/summary.json.tmp"), F_OK), 0);
}
END_TEST

/* That of a program of before there were leases. */
START_TEST(a_lock_without_a_lease_counts)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_run_folder *f;
    char who[192];
    tfu_run_folder_close(open_folder());
    const int lock = open(scratch_path("run/.lock"), O_RDWR | O_CLOEXEC | O_TRUNC);
    ck_assert_int_eq(write(lock, "4711 node3\n", 11), 11);
    ck_assert_int_eq(__real_flock(lock, LOCK_EX), 0);
    ck_assert(tfu_run_folder_in_use(scratch_path("run"), who, sizeof who));
    ck_assert_str_eq(who, "process 4711 on node3");
    ck_assert_int_eq(tfu_run_folder_open(&f, scratch_path("run"), &e), TFU_EIO);
    ck_assert_ptr_nonnull(strstr(e.text, "in use by process 4711 on node3;"));
    close(lock);
    tfu_run_folder_close(open_folder());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bare");
    TCase *t = tcase_create("bare");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_loop_test(t, a_run_folder_is_one_process_own, 0, (int)TFU_COUNT(systems));
    tcase_add_loop_test(t, a_lost_folder_is_not_written_to, 0, (int)TFU_COUNT(systems));
    tcase_add_test(t, a_lock_without_a_lease_counts);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
