/* SPDX-License-Identifier: MIT */
#include "core/conformance/watch.h"

#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/random.h"

extern char **environ;

/* ---- numbers */

/* Without the flags that say what happened so far. */
static uint32_t control_register(void)
{
#if defined(__SSE__)
    return __builtin_ia32_stmxcsr() & 0xffc0u;
#elif defined(__aarch64__)
    uint64_t control;
    __asm__("mrs %0, fpcr" : "=r"(control));
    return (uint32_t)control;
#else
    return 0;
#endif
}

struct tfu_watch_numbers tfu_watch_numbers(void)
{
    return (struct tfu_watch_numbers){
        .rounding = fegetround(), .traps = fegetexcept(), .control = control_register()};
}

bool tfu_watch_numbers_same(struct tfu_watch_numbers a, struct tfu_watch_numbers b)
{
    return a.rounding == b.rounding && a.traps == b.traps && a.control == b.control;
}

/* ---- all of it */

static void get_locale(char *to, size_t size)
{
    const char *name = setlocale(LC_ALL, NULL);
    snprintf(to, size, "%s%s", name ? name : "",
             uselocale((locale_t)0) == LC_GLOBAL_LOCALE ? "" : " (of this thread alone)");
}

static uint64_t sum_environment(void)
{
    uint64_t sum = 0;
    for (char **v = environ; v && *v; v++)
        sum += tfu_random_key(0, "environment", *v);
    return sum;
}

static bool has_timer(void)
{
    for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
        struct itimerval t = {.it_value = {0, 0}};
        if (getitimer((__itimer_which_t)which, &t) == 0 &&
            (t.it_value.tv_sec || t.it_value.tv_usec))
            return true;
    }
    return false;
}

/* A process that was started and is still there, or was never waited for. */
static bool has_child(void)
{
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void look_at_streams(struct tfu_watch *w)
{
    struct stat s;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(fd, &s) == 0) {
            w->stream[fd].device = s.st_dev;
            w->stream[fd].inode = s.st_ino;
        }
}

void tfu_watch_begin(struct tfu_watch *w)
{
    memset(w, 0, sizeof *w);
    w->numbers = tfu_watch_numbers();
    for (int s = 1; s < TFU_WATCH_SIGNALS; s++)
        sigaction(s, NULL, &w->action[s]);
    pthread_sigmask(SIG_SETMASK, NULL, &w->blocked);
    get_locale(w->locale, sizeof w->locale);
    if (!getcwd(w->folder, sizeof w->folder))
        w->folder[0] = '\0';
    w->environment = sum_environment();
    w->mask = umask(0);
    umask(w->mask);
    w->has_timer = has_timer();
    w->has_child = has_child();
    look_at_streams(w);
}

static bool same_signals(const struct tfu_watch *a, const struct tfu_watch *b, char *text,
                         size_t size)
{
    for (int s = 1; s < TFU_WATCH_SIGNALS; s++) {
        if (a->action[s].sa_handler != b->action[s].sa_handler) {
            snprintf(text, size, "it sets what signal %d (%s) does", s, strsignal(s));
            return false;
        }
        if (sigismember(&a->blocked, s) != sigismember(&b->blocked, s)) {
            snprintf(text, size, "it leaves signal %d (%s) %sblocked", s, strsignal(s),
                     sigismember(&b->blocked, s) ? "" : "un");
            return false;
        }
    }
    return true;
}

static bool same_numbers(const struct tfu_watch_numbers *a, const struct tfu_watch_numbers *b,
                         char *text, size_t size)
{
    if (tfu_watch_numbers_same(*a, *b))
        return true;
    if (a->rounding != b->rounding)
        snprintf(text, size, "it leaves another direction of rounding (fesetround) behind");
    else if (a->traps != b->traps)
        snprintf(text, size, "it leaves other floating-point exceptions trapped (feenableexcept)");
    else
        snprintf(text, size,
                 "it leaves the floating-point control register at 0x%x, which was 0x%x: the "
                 "smallest numbers would be flushed to zero from now on, or no longer",
                 b->control, a->control);
    return false;
}

static bool same_streams(const struct tfu_watch *a, const struct tfu_watch *b, char *text,
                         size_t size)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (a->stream[fd].device != b->stream[fd].device ||
            a->stream[fd].inode != b->stream[fd].inode) {
            snprintf(text, size, "it closes descriptor %d, or has it lead elsewhere", fd);
            return false;
        }
    return true;
}

bool tfu_watch_same(const struct tfu_watch *a, char *text, size_t size)
{
    struct tfu_watch now, *b = &now;
    tfu_watch_begin(b);
    if (!same_numbers(&a->numbers, &b->numbers, text, size) || !same_signals(a, b, text, size) ||
        !same_streams(a, b, text, size))
        return false;
    if (strcmp(a->locale, b->locale) != 0)
        snprintf(text, size, "it changes the locale from %.80s to %.80s", a->locale, b->locale);
    else if (strcmp(a->folder, b->folder) != 0)
        snprintf(text, size, "it changes the current folder to %.200s", b->folder);
    else if (a->environment != b->environment)
        snprintf(text, size, "it changes variables of the environment");
    else if (a->mask != b->mask)
        snprintf(text, size, "it changes the umask from %03o to %03o", a->mask, b->mask);
    else if (a->has_timer != b->has_timer)
        snprintf(text, size, "it leaves a timer running (alarm, setitimer)");
    else if (a->has_child != b->has_child)
        snprintf(text, size, "it leaves a process behind (fork, popen)");
    else
        return true;
    return false;
}
