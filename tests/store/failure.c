/* SPDX-License-Identifier: MIT
 *
 * failure.json: what is written comes back, and what others wrote is no danger.
 */
#include <sys/stat.h>

#include "core/store/failure.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static struct tfu_failure read_back(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_failure f;
    ck_assert_msg(tfu_failure_read(&f, scratch, &e) == TFU_OK, "%s", e.text);
    return f;
}

START_TEST(what_is_written_comes_back)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_failure f;
    ck_assert_int_eq(tfu_failure_read(&f, scratch, NULL), TFU_ENOTFOUND);
    tfu_error_at(&why, TFU_EIO, "data/\"a\".png", 7, 1, "it is torn\n  in %s", "half");
    tfu_failure_of(&f, &why, 1, 42);
    ck_assert_int_eq(f.kind, TFU_FAILURE_OTHER);
    f.kind = TFU_FAILURE_DIVERGED;
    ck_assert_int_eq(tfu_failure_write(scratch, &f, NULL), TFU_OK);
    f = read_back();
    ck_assert_int_eq(f.kind, TFU_FAILURE_DIVERGED);
    ck_assert_str_eq(f.error, "it is torn\n  in half");
    ck_assert_str_eq(f.source, "data/\"a\".png");
    ck_assert_int_eq(f.line, 7);
    ck_assert_int_eq(f.exit_status, 1);
    ck_assert_int_eq(f.signal_number, 0);
    ck_assert_int_eq(f.pid, getpid());
    ck_assert_int_eq(f.step, 42);
    ck_assert_int_gt(f.time, 1700000000);
    ck_assert_str_ne(f.host, "");

    /* over the one before; without a text, a file, a status or a step */
    why = (struct tfu_error){.status = TFU_ENOMEM};
    tfu_failure_of(&f, &why, -1, -1);
    f.signal_number = 9;
    ck_assert_int_eq(tfu_failure_write(scratch, &f, NULL), TFU_OK);
    f = read_back();
    ck_assert_str_eq(f.error, "out of memory");
    ck_assert_str_eq(f.source, "");
    ck_assert_int_eq(f.line, 0);
    ck_assert_int_eq(f.exit_status, -1);
    ck_assert_int_eq(f.signal_number, 9);
    ck_assert_int_eq(f.step, -1);
    ck_assert_int_eq(tfu_failure_remove(scratch, NULL), TFU_OK);
    ck_assert_int_eq(tfu_failure_remove(scratch, NULL), TFU_OK);
    ck_assert_int_eq(tfu_failure_read(&f, scratch, NULL), TFU_ENOTFOUND);
}
END_TEST

START_TEST(names_that_are_no_utf8)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_failure f;
    tfu_error_at(&why, TFU_EIO, "caf\xe9.png", 0, 0, "cannot read 'caf\xe9.png'");
    tfu_failure_of(&f, &why, 1, 0);
    ck_assert_int_eq(tfu_failure_write(scratch, &f, NULL), TFU_OK);
    f = read_back();
    ck_assert_str_eq(f.error, "cannot read 'caf?.png'");
    ck_assert_str_eq(f.source, "caf?.png");
}
END_TEST

START_TEST(what_others_wrote)
{
    static const char *const bad[] = {"", "null", "[]", "{\"error\": 3}", "{\"error\": \"x\""};
    struct tfu_failure f;
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        scratch_write(scratch_path(TFU_FAILURE_FILE), bad[i], strlen(bad[i]));
        ck_assert_int_eq(tfu_failure_read(&f, scratch, &e), TFU_ECORRUPT);
        ck_assert_ptr_nonnull(strstr(e.source, TFU_FAILURE_FILE));
    }
    static const char strange[] =
        "{\"error\": \"x\", \"kind\": \"odd\", \"line\": -4, \"exit\": \"1\", \"pid\": 1e9, "
        "\"step\": null, \"time\": [], \"host\": 5, \"more\": {}}";
    scratch_write(scratch_path(TFU_FAILURE_FILE), strange, strlen(strange));
    f = read_back();
    ck_assert_str_eq(f.error, "x");
    ck_assert_int_eq(f.kind, TFU_FAILURE_OTHER);
    ck_assert_int_eq(f.line, 0);
    ck_assert_int_eq(f.exit_status, -1);
    ck_assert_int_eq(f.pid, 0);
    ck_assert_int_eq(f.step, -1);
    ck_assert_str_eq(f.host, "");
    static char huge[100000];
    memset(huge, ' ', sizeof huge);
    memcpy(huge, "{\"error\": \"x\"}", 14);
    scratch_write(scratch_path(TFU_FAILURE_FILE), huge, sizeof huge);
    ck_assert_int_eq(tfu_failure_read(&f, scratch, NULL), TFU_ECORRUPT);
    /* a folder that is gone is not made again */
    ck_assert_int_eq(tfu_failure_write(scratch_path("gone"), &f, NULL), TFU_EIO);
    ck_assert_int_ne(access(scratch_path("gone"), F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("failure");
    TCase *t = tcase_create("failure");
    tcase_add_checked_fixture(t, scratch_begin, scratch_end);
    tcase_add_test(t, what_is_written_comes_back);
    tcase_add_test(t, names_that_are_no_utf8);
    tcase_add_test(t, what_others_wrote);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
