/* SPDX-License-Identifier: MIT
 *
 * A program that is started: its log, how it ends, what becomes of it when its parent is killed.
 */
#include "core/launch/child.h"

#include <signal.h>
#include <sys/wait.h>

#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static struct tfu_child start(const char *script)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    const struct tfu_child_request request = {.program = argv[0],
                                              .argv = argv,
                                              .log = scratch_path("log.txt"),
                                              .heading = "==== attempt"};
    struct tfu_child c;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_child_start(&c, &request, &e) == TFU_OK, "%s", e.text);
    return c;
}

static struct tfu_child_end wait_for(struct tfu_child *c)
{
    struct tfu_child_end end;
    while (!tfu_child_ended(c, &end))
        usleep(1000);
    ck_assert_int_eq(c->pid, 0);
    return end;
}

START_TEST(status_and_log)
{
    scratch_begin();
    struct tfu_child c = start("echo one; echo 'transfuse: error: two' >&2; cat; exit 3");
    struct tfu_child_end end = wait_for(&c);
    ck_assert_int_eq(end.status, 3);
    ck_assert_int_eq(end.signal, 0);
    const int64_t begin = c.log_begin;
    c = start("kill -9 $$");
    end = wait_for(&c);
    ck_assert_int_eq(end.status, -1);
    ck_assert_int_eq(end.signal, SIGKILL);
    size_t n;
    char *log = scratch_read(scratch_path("log.txt"), &n);
    ck_assert_str_eq(log, "==== attempt\none\ntransfuse: error: two\n==== attempt\n");
    free(log);
    struct tfu_text words = TFU_TEXT_INIT;
    tfu_child_last_words(scratch_path("log.txt"), begin, &words);
    ck_assert_str_eq(tfu_text_get(&words), "two");
    tfu_text_free(&words);
    tfu_child_last_words(scratch_path("log.txt"), c.log_begin, &words);
    ck_assert_str_eq(tfu_text_get(&words), "");
    tfu_child_last_words(scratch_path("nothing"), 0, &words);
    ck_assert_str_eq(tfu_text_get(&words), "");
    tfu_text_free(&words);
    scratch_end();
}
END_TEST

START_TEST(last_words)
{
    static const struct {
        const char *log, *words;
    } cases[] = {
        {"", ""},
        {"one\n\n", "one"},
        {"\rstep 1\rstep 2\n", "step 2"},
        {"transfuse: error: a\nbye\n", "a"},
        {"transfuse: error: a\ntransfuse: error: b.yaml:3:1: c\n", "b.yaml:3:1: c"},
        {"a terror: of\n", "a terror: of"},
        {"error: alone", "alone"},
    };
    scratch_begin();
    const char *log = scratch_path("log.txt");
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        struct tfu_text words = TFU_TEXT_INIT;
        scratch_write(log, cases[i].log, strlen(cases[i].log));
        tfu_child_last_words(log, 0, &words);
        ck_assert_str_eq(tfu_text_get(&words), cases[i].words);
        tfu_text_free(&words);
    }
    /* of a long one the end, and no more than a message has room for */
    FILE *f = fopen(log, "w");
    for (int i = 0; i < 40000; i++)
        fputc(i % 100 ? 'x' : '\n', f);
    fprintf(f, "\ntransfuse: error: ");
    for (int i = 0; i < 3000; i++)
        fputc('y', f);
    fclose(f);
    struct tfu_text words = TFU_TEXT_INIT;
    tfu_child_last_words(log, 0, &words);
    ck_assert_uint_eq(words.length, 1000);
    ck_assert_int_eq(words.data[999], 'y');
    tfu_text_free(&words);
    scratch_end();
}
END_TEST

START_TEST(what_cannot_be_run)
{
    scratch_begin();
    const char *const argv[] = {"/nowhere/program", NULL};
    struct tfu_child_request request = {
        .program = argv[0], .argv = argv, .log = scratch_path("log.txt"), .heading = "h"};
    struct tfu_child c;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_ne(tfu_child_start(&c, &request, &e), TFU_OK);
    ck_assert_str_eq(e.text, "cannot start '/nowhere/program': No such file or directory");
    ck_assert_int_eq(c.pid, 0);
    e = (struct tfu_error)TFU_ERROR_INIT;
    request.log = scratch_path("no/log.txt");
    ck_assert_int_ne(tfu_child_start(&c, &request, &e), TFU_OK);
    ck_assert_ptr_nonnull(strstr(e.text, "no/log.txt': No such file or directory"));
    scratch_end();
}
END_TEST

/* Signals that a thread of ours has blocked are none of the child's business; those of a terminal
 * do not reach it. */
START_TEST(signals)
{
    scratch_begin();
    sigset_t some, before;
    sigemptyset(&some);
    sigaddset(&some, SIGTERM);
    sigaddset(&some, SIGCHLD);
    sigprocmask(SIG_BLOCK, &some, &before);
    struct tfu_child c = start("trap 'exit 75' TERM; echo ready; while :; do sleep 0.01; done");
    struct tfu_text words = TFU_TEXT_INIT;
    while (words.length == 0)
        tfu_child_last_words(scratch_path("log.txt"), c.log_begin, &words);
    ck_assert_int_eq(getpgid(c.pid), c.pid);
    tfu_child_signal(&c, SIGTERM);
    const struct tfu_child_end end = wait_for(&c);
    ck_assert_int_eq(end.status, 75);
    sigprocmask(SIG_SETMASK, &before, NULL);
    tfu_text_free(&words);
    scratch_end();
}
END_TEST

START_TEST(asked_to_end_when_the_parent_is_killed)
{
    scratch_begin();
    const pid_t parent = fork();
    if (parent == 0) {
        start("trap 'echo asked; exit 75' TERM; echo ready; while :; do sleep 0.01; done");
        for (;;)
            pause();
    }
    const char *log = scratch_path("log.txt");
    struct tfu_text words = TFU_TEXT_INIT;
    while (strcmp(tfu_text_get(&words), "ready") != 0) {
        tfu_text_free(&words);
        tfu_child_last_words(log, 0, &words);
    }
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    while (strcmp(tfu_text_get(&words), "asked") != 0) {
        tfu_text_free(&words);
        tfu_child_last_words(log, 0, &words);
    }
    tfu_text_free(&words);
    scratch_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("launch/child");
    TCase *t = tcase_create("child");
    tcase_add_test(t, status_and_log);
    tcase_add_test(t, last_words);
    tcase_add_test(t, what_cannot_be_run);
    tcase_add_test(t, signals);
    tcase_add_test(t, asked_to_end_when_the_parent_is_killed);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
