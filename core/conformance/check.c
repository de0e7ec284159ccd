/* SPDX-License-Identifier: MIT */
#include "core/conformance/check.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/conformance/fault.h"
#include "core/conformance/life.h"
#include "core/conformance/tests.h"
#include "core/conformance/watch.h"

#define TESTS(number, name, ...) [number] = tfu_check_##name,
static const struct tfu_check_test *const tests[] = {TFU_KIND_LIST(TESTS, TFU_CHECK_NO_FUNCTION)};

/* What a child says when its test is over. A child that ends without it was ended by the plugin. */
struct message {
    int32_t verdict;
    char text[sizeof((struct tfu_error *)0)->text];
    char left[320]; /* what it left changed in its process; "": nothing */
};

/* A child and what it prints, which is kept from the terminal. */
struct child {
    int message[2];
    int printed[2]; /* files in memory for its two streams */
};

/* ---- in the child */

static int message_to; /* for a handler of signals, which takes no argument */

static void send(const struct message *m)
{
    const ssize_t written = write(message_to, m, sizeof *m);
    _exit(written == (ssize_t)sizeof *m ? 0 : 1);
}

static void send_fault(const char *text)
{
    struct message m = {.verdict = TFU_CHECK_FAILED};
    snprintf(m.text, sizeof m.text, "%s", text);
    send(&m);
}

static void run_test(const struct tfu_check_request *r, const struct tfu_check_test *test,
                     const struct child *child)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    message_to = child->message[1];
    dup2(child->printed[0], STDOUT_FILENO);
    dup2(child->printed[1], STDERR_FILENO);
    tfu_fault_catch(send_fault);
    struct tfu_check c = {.choice = r->choice,
                          .plugin = r->choice->plugin,
                          .config = r->choice->config,
                          .registry = r->registry,
                          .file = r->file};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_watch before;
    tfu_watch_begin(&before);
    enum tfu_status st = test->run(&c, &e);
    if (st == TFU_OK)
        st = e.status; /* fail() was called by what then returned TFU_OK */
    struct message m = {.verdict = st != TFU_OK ? TFU_CHECK_FAILED
                                   : c.skipped  ? TFU_CHECK_SKIPPED
                                                : TFU_CHECK_PASSED};
    tfu_watch_same(&before, m.left, sizeof m.left);
    snprintf(m.text, sizeof m.text, "%s",
             st == TFU_OK ? c.note
             : e.text[0]  ? e.text
                          : "it failed without a word");
    fflush(NULL);
    send(&m);
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

/* The first line with a word in it, without the program's name; "" when there is none. */
static void first_line(int fd, char *line, size_t size)
{
    const ssize_t n = pread(fd, line, size - 1, 0);
    line[n > 0 ? n : 0] = '\0';
    static const char program[] = "transfuse: error: ";
    char *from = line;
    if (strncmp(line, program, strlen(program)) == 0)
        from += strlen(program);
    while (*from && !isalnum((unsigned char)*from))
        from++;
    memmove(line, from, strlen(from) + 1);
    line[strcspn(line, "\r\n")] = '\0';
}

static void say_how_it_ended(int status, unsigned seconds, bool late, const char *printed,
                             struct message *m)
{
    m->verdict = TFU_CHECK_FAILED;
    if (late)
        snprintf(m->text, sizeof m->text, "it was still running after %u s and was stopped",
                 seconds);
    else if (WIFSIGNALED(status))
        snprintf(m->text, sizeof m->text, "it was ended by signal %d (%s)%s%s", WTERMSIG(status),
                 strsignal(WTERMSIG(status)), printed[0] ? ": " : "", printed);
    else
        snprintf(m->text, sizeof m->text,
                 "it ended the process with exit status %d; a plugin never exits%s%s",
                 WEXITSTATUS(status), printed[0] ? ": " : "", printed);
}

/* What the tests together show, and is said once behind them. */
struct manners {
    char printed[400], left[400]; /* "": nothing */
};

/* Was something printed by a test that ended by itself? What a crash prints is part of the crash.
 */
static void note_manners(struct manners *to, const struct child *child, const char *test,
                         const struct message *m)
{
    static const char *const streams[] = {"standard output", "standard error"};
    for (int i = 0; i < 2 && !to->printed[0]; i++) {
        char line[120];
        struct stat s;
        first_line(child->printed[i], line, sizeof line);
        if (fstat(child->printed[i], &s) == 0 && s.st_size > 0)
            snprintf(to->printed, sizeof to->printed,
                     "it prints '%s' to its %s, in the test \"%s\"; what a plugin has to say goes "
                     "through the host",
                     line, streams[i], test);
    }
    if (!to->left[0] && m->left[0])
        snprintf(to->left, sizeof to->left, "%s, in the test \"%s\"", m->left, test);
}

/* ---- a child for each test */

static void close_child(struct child *c)
{
    const int all[] = {c->message[0], c->message[1], c->printed[0], c->printed[1]};
    for (size_t i = 0; i < TFU_COUNT(all); i++)
        if (all[i] >= 0)
            close(all[i]);
}

static enum tfu_status open_child(struct child *c, struct tfu_error *e)
{
    *c = (struct child){{-1, -1}, {-1, -1}};
    if (pipe(c->message) != 0)
        return tfu_error_set(e, TFU_EIO, "cannot make a pipe: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        c->printed[i] = memfd_create("printed by a plugin", MFD_CLOEXEC);
        if (c->printed[i] < 0)
            return tfu_error_set(e, TFU_EIO, "cannot make a file in memory: %s", strerror(errno));
    }
    return TFU_OK;
}

/* Waits for the end of the child, which has its message in `m` or none. */
static void attend(pid_t pid, const struct tfu_check_request *r, const struct tfu_check_test *test,
                   const struct child *c, struct message *m, struct manners *manners)
{
    bool late;
    const bool complete = receive(c->message[0], r->seconds, m, &late);
    if (late)
        kill(pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (complete) {
        note_manners(manners, c, test->name, m);
        return;
    }
    char printed[200];
    first_line(c->printed[1], printed, sizeof printed);
    say_how_it_ended(status, r->seconds, late, printed, m);
}

static enum tfu_status run_in_child(const struct tfu_check_request *r,
                                    const struct tfu_check_test *test, struct message *m,
                                    struct manners *manners, struct tfu_error *e)
{
    struct child c;
    enum tfu_status st = open_child(&c, e);
    fflush(NULL); /* or the child would write it again */
    const pid_t pid = st == TFU_OK ? fork() : -1;
    if (pid == 0) {
        close(c.message[0]);
        run_test(r, test, &c);
    }
    if (st == TFU_OK && pid < 0)
        st = tfu_error_set(e, TFU_EIO, "cannot start a process: %s", strerror(errno));
    if (c.message[1] >= 0)
        close(c.message[1]);
    c.message[1] = -1;
    if (st == TFU_OK)
        attend(pid, r, test, &c, m, manners);
    close_child(&c);
    return st;
}

/* ---- reports */

/* What was said of the test before that failed, so that the same is not said of every test. */
struct report {
    const struct tfu_check_request *request;
    struct tfu_check_count *count;
    char failed[sizeof((struct message *)0)->text];
    const char *failed_test;
};

/* Does `text` end as the first failure did? Where it was, may stand in front. */
static bool is_the_same(const struct report *to, const char *text)
{
    const size_t n = strlen(text), before = strlen(to->failed);
    return before > 0 && n >= before && strcmp(text + n - before, to->failed) == 0;
}

static void report(struct report *to, const char *test, int32_t verdict, const char *text)
{
    char same[sizeof to->failed];
    to->count->passed += verdict == TFU_CHECK_PASSED;
    to->count->failed += verdict == TFU_CHECK_FAILED;
    to->count->skipped += verdict == TFU_CHECK_SKIPPED;
    if (verdict == TFU_CHECK_FAILED && is_the_same(to, text)) {
        snprintf(same, sizeof same, "%.*sthe same as \"%s\"",
                 (int)(strlen(text) - strlen(to->failed)), text, to->failed_test);
        text = same;
    } else if (verdict == TFU_CHECK_FAILED && !to->failed_test) {
        snprintf(to->failed, sizeof to->failed, "%s", text);
        to->failed_test = test;
    }
    to->request->report(to->request->arg, test, (enum tfu_check_verdict)verdict, text);
}

static enum tfu_status run_all(struct report *to, const struct tfu_check_test *first,
                               struct manners *manners, struct tfu_error *e)
{
    struct message *m = malloc(sizeof *m);
    if (!m)
        return tfu_error_memory(e, "checking a plugin", sizeof *m);
    enum tfu_status st = TFU_OK;
    for (const struct tfu_check_test *t = first; st == TFU_OK && t->name; t++) {
        st = run_in_child(to->request, t, m, manners, e);
        if (st == TFU_OK)
            report(to, t->name, m->verdict, m->text);
    }
    free(m);
    return st;
}

enum tfu_status tfu_check_run(const struct tfu_check_request *r, struct tfu_check_count *out,
                              struct tfu_error *e)
{
    struct manners manners = {.printed = ""};
    struct report to = {.request = r, .count = out};
    *out = (struct tfu_check_count){.passed = 0};
    enum tfu_status st = run_all(&to, tests[r->choice->plugin->kind], &manners, e);
    if (st == TFU_OK)
        st = run_all(&to, tfu_check_life, &manners, e);
    if (st != TFU_OK)
        return st;
    report(&to, "nothing is printed", manners.printed[0] ? TFU_CHECK_FAILED : TFU_CHECK_PASSED,
           manners.printed);
    report(&to, "rounding, signals, locale and folder stay as they were",
           manners.left[0] ? TFU_CHECK_FAILED : TFU_CHECK_PASSED, manners.left);
    return TFU_OK;
}
