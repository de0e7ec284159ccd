/* SPDX-License-Identifier: MIT */
#include "core/plugin/check.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/plugin/check_tests.h"

static const struct tfu_check_test *const tests[] = {
    [TFU_KIND_ARCH] = tfu_check_arch,     [TFU_KIND_INIT] = tfu_check_init,
    [TFU_KIND_METRIC] = tfu_check_metric, [TFU_KIND_DATASET] = tfu_check_dataset,
    [TFU_KIND_OPTIM] = tfu_check_optim,   [TFU_KIND_BACKEND] = tfu_check_backend,
    [TFU_KIND_LAYER] = tfu_check_layer,
};

/* What a child says when its test is over. A child that ends without it was ended by the plugin. */
struct message {
    int32_t verdict;
    char text[sizeof((struct tfu_error *)0)->text];
};

/* ---- in the child */

static void run_test(const struct tfu_check_request *r, const struct tfu_check_test *test, int to)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    struct tfu_check c = {.choice = r->choice,
                          .plugin = r->choice->plugin,
                          .config = r->choice->config,
                          .registry = r->registry};
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = test->run(&c, &e);
    if (st == TFU_OK)
        st = e.status; /* fail() was called by what then returned TFU_OK */
    struct message m = {.verdict = st != TFU_OK ? TFU_CHECK_FAILED
                                   : c.skipped  ? TFU_CHECK_SKIPPED
                                                : TFU_CHECK_PASSED};
    snprintf(m.text, sizeof m.text, "%s",
             st == TFU_OK ? c.note
             : e.text[0]  ? e.text
                          : "it failed without a word");
    const ssize_t written = write(to, &m, sizeof m);
    _exit(written == (ssize_t)sizeof m ? 0 : 1);
}

/* ---- in the parent */

static int milliseconds_left(const struct timespec *end)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const long long left =
        (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
    return left > 0 ? (int)left : 0;
}

/* Reads the message; false when the child ended without one. `*late` when it did not come in time.
 */
static bool receive(int from, unsigned seconds, struct message *m, bool *late)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    size_t got = 0;
    *late = false;
    while (got < sizeof *m) {
        struct pollfd p = {.fd = from, .events = POLLIN};
        const int ready = poll(&p, 1, milliseconds_left(&end));
        if (ready == 0) {
            *late = true;
            return false;
        }
        if (ready < 0 && errno == EINTR)
            continue;
        const ssize_t n = ready > 0 ? read(from, (char *)m + got, sizeof *m - got) : -1;
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    m->text[sizeof m->text - 1] = '\0';
    return true;
}

static void say_how_it_ended(int status, unsigned seconds, bool late, struct message *m)
{
    m->verdict = TFU_CHECK_FAILED;
    if (late)
        snprintf(m->text, sizeof m->text, "it was still running after %u s and was stopped",
                 seconds);
    else if (WIFSIGNALED(status))
        snprintf(m->text, sizeof m->text, "it was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(m->text, sizeof m->text,
                 "it ended the process with exit status %d; a plugin never exits",
                 WEXITSTATUS(status));
}

static enum tfu_status run_in_child(const struct tfu_check_request *r,
                                    const struct tfu_check_test *test, struct message *m,
                                    struct tfu_error *e)
{
    int ends[2];
    if (pipe(ends) != 0)
        return tfu_error_set(e, TFU_EIO, "cannot make a pipe: %s", strerror(errno));
    fflush(NULL); /* or the child would write it again */
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_test(r, test, ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return tfu_error_set(e, TFU_EIO, "cannot start a process: %s", strerror(errno));
    }
    bool late;
    const bool complete = receive(ends[0], r->seconds, m, &late);
    close(ends[0]);
    if (late)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!complete)
        say_how_it_ended(status, r->seconds, late, m);
    return TFU_OK;
}

enum tfu_status tfu_check_run(const struct tfu_check_request *r, struct tfu_check_count *out,
                              struct tfu_error *e)
{
    *out = (struct tfu_check_count){.passed = 0};
    struct message *m = malloc(sizeof *m);
    if (!m)
        return tfu_error_memory(e, "checking a plugin", sizeof *m);
    enum tfu_status st = TFU_OK;
    for (const struct tfu_check_test *t = tests[r->choice->plugin->kind]; t->name; t++) {
        st = run_in_child(r, t, m, e);
        if (st != TFU_OK)
            break;
        out->passed += m->verdict == TFU_CHECK_PASSED;
        out->failed += m->verdict == TFU_CHECK_FAILED;
        out->skipped += m->verdict == TFU_CHECK_SKIPPED;
        r->report(r->arg, t->name, (enum tfu_check_verdict)m->verdict, m->text);
    }
    free(m);
    return st;
}
