/* SPDX-License-Identifier: MIT
 *
 * What was submitted, kept in a file; programs of a queueing system, and what they say.
 */
#include "core/launch/slurm_record.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/launch/command.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static const char *const first[] = {"00aa11bb22cc", "33dd44ee55ff,66007711aa22"};
static const char *const second[] = {"99bb88cc77dd"};

START_TEST(kept)
{
    struct tfu_slurm_record r, again;
    struct tfu_error e = TFU_ERROR_INIT;
    const char *path = scratch_path("demo.slurm.json");
    ck_assert_int_eq(tfu_slurm_record_read(&r, path, &e), TFU_OK);
    ck_assert_uint_eq(r.count, 0);
    tfu_slurm_record_add(&r,
                         &(struct tfu_slurm_job){
                             .name = "demo-1", .number = "", .time = 5, .task = first, .tasks = 2},
                         &e);
    tfu_slurm_record_add(
        &r,
        &(struct tfu_slurm_job){
            .name = "demo-2", .number = "42", .time = 6, .level = 1, .task = second, .tasks = 1},
        &e);
    tfu_slurm_record_number(&r, 0, "41;cluster", 2, &e);
    ck_assert_int_eq(tfu_slurm_record_write(&r, path, &e), TFU_OK);
    ck_assert_msg(tfu_slurm_record_read(&again, path, &e) == TFU_OK, "%s", e.text);
    ck_assert_uint_eq(again.count, 2);
    ck_assert_str_eq(again.job[0].name, "demo-1");
    ck_assert_str_eq(again.job[0].number, "41");
    ck_assert_str_eq(again.job[0].task[1], first[1]);
    ck_assert_uint_eq(again.job[0].tasks, 2);
    ck_assert_int_eq(again.job[1].time, 6);
    ck_assert_uint_eq(again.job[1].level, 1);
    tfu_slurm_record_remove(&again, 0);
    ck_assert_uint_eq(again.count, 1);
    ck_assert_str_eq(again.job[0].name, "demo-2");
    tfu_slurm_record_free(&r);
    tfu_slurm_record_free(&again);
}
END_TEST

START_TEST(corrupt)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"format\": 2, \"jobs\": []}",
        "{\"format\": 1}",
        "{\"format\": 1, \"jobs\": [3]}",
        "{\"format\": 1, \"jobs\": [{\"name\": \"a\", \"job\": \"1\"}]}",
        "{\"format\": 1, \"jobs\": [{\"name\": \"a\", \"job\": \"1\", \"tasks\": []}]}",
        "{\"format\": 1, \"jobs\": [{\"name\": \"a\", \"job\": \"1;rm\", \"tasks\": [\"aa\"]}]}",
        "{\"format\": 1, \"jobs\": [{\"name\": \"a\", \"job\": \"1\", \"tasks\": [\"$(rm)\"]}]}",
        "{\"format\": 1, \"jobs\": [{\"name\": \"\", \"job\": \"1\", \"tasks\": [\"aa\"]}]}",
    };
    const char *path = scratch_path("demo.slurm.json");
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        struct tfu_slurm_record r;
        struct tfu_error e = TFU_ERROR_INIT;
        scratch_write(path, bad[i], strlen(bad[i]));
        ck_assert_msg(tfu_slurm_record_read(&r, path, &e) == TFU_ECORRUPT, "%s", bad[i]);
        ck_assert_str_eq(e.source, path);
        ck_assert_ptr_nonnull(strstr(e.text, "remove the file"));
        tfu_slurm_record_free(&r);
    }
}
END_TEST

/* ---- commands */

static struct tfu_command_end run(const char *script, double seconds)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const char *const unset[] = {"TFU_TEST_GONE", NULL};
    struct tfu_command_end end;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_command c = {.argv = argv, .unset = unset, .seconds = seconds};
    ck_assert_msg(tfu_command_run(&c, &end, &e) == TFU_OK, "%s", e.text);
    return end;
}

static void check_words(const char *script, int status, const char *want)
{
    struct tfu_text words = TFU_TEXT_INIT;
    struct tfu_command_end end = run(script, 60);
    ck_assert_int_eq(end.status, status);
    tfu_command_put_words(&words, &end);
    ck_assert_str_eq(tfu_text_get(&words), want);
    tfu_text_free(&words);
    tfu_command_end_free(&end);
}

START_TEST(said)
{
    struct tfu_command_end end = run("echo out; echo err >&2; exit 3", 60);
    ck_assert_str_eq(tfu_text_get(&end.out), "out\n");
    ck_assert_str_eq(tfu_text_get(&end.err), "err\n");
    ck_assert_int_eq(end.status, 3);
    ck_assert(!end.late);
    tfu_command_end_free(&end);
    check_words("echo out; echo 'sbatch: error: a'; echo 'sbatch: error: b' >&2; exit 1", 1,
                "sbatch: error: b");
    check_words("printf 'one\\ntwo\\n\\n' >&2; exit 1", 1, "one; two");
    check_words("echo only; exit 1", 1, "only");
    check_words("exit 4", 4, "it left with status 4, without a word");
    check_words("kill -9 $$", -1, "a signal ended it");
}
END_TEST

START_TEST(environment)
{
    setenv("TFU_TEST_GONE", "here", 1);
    setenv("TFU_TEST_GONE_NOT", "here", 1);
    struct tfu_command_end end = run("echo \"${TFU_TEST_GONE-no} $TFU_TEST_GONE_NOT\"", 60);
    ck_assert_str_eq(tfu_text_get(&end.out), "no here\n");
    ck_assert_str_eq(getenv("TFU_TEST_GONE"), "here");
    tfu_command_end_free(&end);
}
END_TEST

/* More than a pipe holds, on both; NUL bytes. */
START_TEST(much)
{
    struct tfu_command_end end = run(
        "for i in 1 2 3 4; do head -c 100000 /dev/zero; head -c 100000 /dev/zero >&2; done", 60);
    ck_assert_uint_eq(end.out.length, 400000);
    ck_assert_uint_eq(end.err.length, 400000);
    ck_assert_uint_eq(strlen(end.out.data), 400000);
    tfu_command_end_free(&end);
}
END_TEST

/* One that hangs is ended with all that it started, also when it has closed its output. */
START_TEST(late)
{
    const double begun = tfu_clock_seconds();
    struct tfu_command_end end = run("sleep 1000 & sleep 1000; echo never", 0.2);
    ck_assert(end.late);
    tfu_command_end_free(&end);
    end = run("exec >/dev/null 2>&1; exec sleep 1000", 0.2);
    ck_assert(end.late);
    tfu_command_end_free(&end);
    ck_assert(tfu_clock_seconds() - begun < 500);
}
END_TEST

START_TEST(absent)
{
    const char *const argv[] = {"no-such-program-of-slurm", NULL};
    struct tfu_command_end end;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_command c = {.argv = argv, .seconds = 60};
    ck_assert_int_eq(tfu_command_run(&c, &end, &e), TFU_ENOTFOUND);
    ck_assert_ptr_nonnull(strstr(e.text, "no program 'no-such-program-of-slurm'"));
    tfu_command_end_free(&end);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slurm_record");
    TCase *record = tcase_create("record"), *commands = tcase_create("commands");
    tcase_add_checked_fixture(record, scratch_begin, scratch_end);
    tcase_add_test(record, kept);
    tcase_add_test(record, corrupt);
    tcase_set_timeout(commands, 600);
    tcase_add_test(commands, said);
    tcase_add_test(commands, environment);
    tcase_add_test(commands, much);
    tcase_add_test(commands, late);
    tcase_add_test(commands, absent);
    suite_add_tcase(suite, record);
    suite_add_tcase(suite, commands);
    return run_suite(suite);
}
