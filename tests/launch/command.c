/* SPDX-License-Identifier: MIT
 *
 * A program that is run to its end for what it prints: its words, its status, its patience.
 */
#include "core/launch/command.h"

#include <signal.h>
#include <stdlib.h>

#include "tests/support/check_main.h"

static struct tfu_command_end run(const char *script, double seconds)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const struct tfu_command c = {.argv = argv, .seconds = seconds};
    struct tfu_command_end end;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_command_run(&c, &end, &e) == TFU_OK, "%s", e.text);
    return end;
}

static void ck_assert_end(struct tfu_command_end end, int status, const char *out,
                          const char *words)
{
    struct tfu_text t = TFU_TEXT_INIT;
    tfu_command_put_words(&t, &end);
    ck_assert_int_eq(end.status, status);
    ck_assert_str_eq(tfu_text_get(&end.out), out);
    ck_assert_str_eq(tfu_text_get(&t), words);
    tfu_text_free(&t);
    tfu_command_end_free(&end);
}

START_TEST(words_and_status)
{
    ck_assert_end(run("echo 101", 60), 0, "101\n", "101");
    ck_assert_end(run("echo 101; echo no >&2; echo way >&2; exit 3", 60), 3, "101\n", "no; way");
    ck_assert_end(run("exit 4", 60), 4, "", "it left with status 4, without a word");
    ck_assert_end(run("kill -9 $$", 60), -1, "", "a signal ended it");
}
END_TEST

START_TEST(patience_has_an_end)
{
    struct tfu_command_end end = {.late = false};
    /* long enough to say one, and no more */
    for (double patience = 0.1; patience < 100 && !end.out.length; patience *= 2) {
        tfu_command_end_free(&end);
        end = run("echo one; exec sleep 600", patience);
        ck_assert(end.late);
    }
    ck_assert_end(end, -1, "one\n", "it did not answer in time");
}
END_TEST

START_TEST(what_is_not_there)
{
    const char *const argv[] = {"no-such-program-anywhere", NULL};
    const struct tfu_command c = {.argv = argv, .seconds = 60};
    struct tfu_command_end end;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_command_run(&c, &end, &e), TFU_ENOTFOUND);
    tfu_command_end_free(&end);
}
END_TEST

static void handle(int number)
{
    (void)number;
}

/* Where a parent has it that children are ignored, they have a status all the same, and so have
 * those of what is started; how it was is how it stays. */
START_TEST(children_that_are_ignored)
{
    const struct sigaction how[] = {{.sa_handler = SIG_IGN},
                                    {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT},
                                    {.sa_handler = handle}};
    for (size_t i = 0; i < TFU_COUNT(how); i++) {
        struct sigaction before, after;
        sigaction(SIGCHLD, &how[i], &before);
        ck_assert_end(run("echo 101", 60), 0, "101\n", "101");
        ck_assert_end(run("exit 3", 60), 3, "", "it left with status 3, without a word");
        ck_assert_end(run("sed -n 's/^SigIgn:.*\\(.\\)....$/\\1/p' /proc/self/status", 60), 0,
                      "0\n", "0"); /* SIGCHLD is 17 */
        sigaction(SIGCHLD, &before, &after);
        ck_assert(after.sa_handler == how[i].sa_handler);
        ck_assert_int_eq(after.sa_flags & SA_NOCLDWAIT, how[i].sa_flags & SA_NOCLDWAIT);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("launch/command");
    TCase *t = tcase_create("command");
    tcase_add_test(t, words_and_status);
    tcase_add_test(t, patience_has_an_end);
    tcase_add_test(t, what_is_not_there);
    tcase_add_test(t, children_that_are_ignored);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
