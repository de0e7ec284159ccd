/* SPDX-License-Identifier: MIT
 *
 * A file is put in its place whole, if it is the one that was written and its guard allows it.
 */
#include "core/io/atomic_file.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static void has(const char *name, const char *text)
{
    size_t n;
    char *data = scratch_read(scratch_path(name), &n);
    ck_assert_str_eq(data, text);
    free(data);
}

static enum tfu_status refuse(void *arg, struct tfu_error *e)
{
    ++*(int *)arg;
    return tfu_error_set(e, TFU_EIO, "not now");
}

START_TEST(a_guard_is_asked_last)
{
    struct tfu_error e = TFU_ERROR_INIT;
    int asked = 0;
    const struct tfu_atomic_guard guard = {.allow = refuse, .arg = &asked};
    ck_assert_int_eq(tfu_atomic_write_file(scratch_path("x"), "old", 3, &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_write_guarded(scratch_path("x"), "new", 3, &guard, &e), TFU_EIO);
    ck_assert_str_eq(e.text, "not now");
    ck_assert_int_eq(asked, 1);
    has("x", "old");
    ck_assert_int_ne(access(scratch_path("x.tmp"), F_OK), 0);
}
END_TEST

/* One was stopped in the middle of it, and another writes the same file. */
START_TEST(two_processes_do_not_mix)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_atomic_file a, b;
    ck_assert_int_eq(tfu_atomic_open(&a, scratch_path("x"), &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_write(&a, "aa", 2, &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_open(&b, scratch_path("x"), &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_write(&b, "b", 1, &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_write(&a, "aa", 2, &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_commit(&a, &e), TFU_EIO);
    ck_assert_msg(strstr(e.text, "removed or replaced meanwhile") != NULL, "%s", e.text);
    ck_assert_int_ne(access(scratch_path("x"), F_OK), 0);
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_atomic_write(&b, "b", 1, &e), TFU_OK);
    ck_assert_int_eq(tfu_atomic_commit(&b, &e), TFU_OK);
    has("x", "bb");
}
END_TEST

START_TEST(the_rest_of_a_killed_process_is_no_hindrance)
{
    struct tfu_error e = TFU_ERROR_INIT;
    scratch_write(scratch_path("x.tmp"), "a longer text", 13);
    ck_assert_int_eq(tfu_atomic_write_file(scratch_path("x"), "new", 3, &e), TFU_OK);
    has("x", "new");
    ck_assert_int_ne(access(scratch_path("x.tmp"), F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("atomic_file");
    TCase *t = tcase_create("atomic_file");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, a_guard_is_asked_last);
    tcase_add_test(t, two_processes_do_not_mix);
    tcase_add_test(t, the_rest_of_a_killed_process_is_no_hindrance);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
