/* SPDX-License-Identifier: MIT */
#include "core/cli/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/calling.h"
#include "core/cli/cli.h"

/* On a stack of its own, or a recursion without end could not be reported. */
enum { STACK = 64 * 1024, LINE = 1024 };

/* Several threads may leave at once, and each takes a handler of its own off the list. */
enum { LEAVERS = 256 };

static const struct {
    int signal;
    const char *did;
} fatal[] = {
    {SIGSEGV, "crashed (segmentation fault)"},
    {SIGBUS, "crashed (bus error)"},
    {SIGFPE, "crashed (division of integers by zero, or an overflow)"},
    {SIGILL, "crashed (illegal instruction)"},
    {SIGABRT, "crashed (abort)"},
    {SIGTRAP, "crashed (trap)"},
    {SIGSYS, "crashed (bad system call)"},
};
enum { FATAL = TFU_COUNT(fatal) };

/* Handlers take no argument, so what they need lies here. */
static const struct tfu_log *watched_log;
static struct sigaction before[FATAL];
static char spare_stack[STACK];
static atomic_flag is_said = ATOMIC_FLAG_INIT;

/* The first to speak ends the process; other threads wait for that. */
static void be_first(void)
{
    while (atomic_flag_test_and_set(&is_said))
        pause();
}

static void write_all(int fd, const char *text, size_t n)
{
    while (n > 0) {
        const ssize_t written = write(fd, text, n);
        if (written <= 0)
            return;
        text += written;
        n -= (size_t)written;
    }
}

/* Nothing in here locks, allocates or goes through stdio's buffers. */
static void say(const struct tfu_calling *call, const char *did)
{
    static const char program[] = "transfuse: error: ";
    char line[sizeof program + LINE];
    memcpy(line, program, sizeof program);
    tfu_calling_text(call, did, line + sizeof program - 1, LINE - 1);
    const size_t n = strlen(line);
    line[n] = '\n';
    write_all(STDERR_FILENO, line, n + 1);
    const char *without = line + strlen("transfuse: ");
    if (watched_log && watched_log->file)
        write_all(fileno(watched_log->file), without, n + 1 - strlen("transfuse: "));
}

/* The signal then does what it would have done: what raised it is repeated when this returns. */
static void on_fatal(int signal, siginfo_t *info, void *context)
{
    const struct tfu_calling *call = tfu_calling_now();
    (void)context;
    for (size_t i = 0; i < FATAL; i++) {
        if (fatal[i].signal != signal)
            continue;
        if (call) {
            be_first();
            say(call, fatal[i].did);
        }
        sigaction(signal, &before[i], NULL);
    }
    if (info->si_code <= 0) /* sent, not raised by an instruction */
        raise(signal);
}

static void on_leave(int status, void *arg)
{
    const struct tfu_calling *call = tfu_calling_now();
    (void)arg;
    if (!call)
        return;
    be_first();
    char did[64];
    snprintf(did, sizeof did, "called exit(%d), which a plugin never does,", status);
    say(call, did);
    tfu_calling_end(NULL); /* what happens from here on is none of its doing */
    fflush(NULL);
    _exit(status ? status : TFU_EXIT_FAILED);
}

static void on_quick_leave(void)
{
    on_leave(0, NULL);
}

void tfu_crash_watch(const struct tfu_log *log)
{
    static volatile sig_atomic_t installed;
    watched_log = log;
    if (installed)
        return;
    installed = 1;
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE))
        sigaltstack(&(stack_t){.ss_sp = spare_stack, .ss_size = sizeof spare_stack}, NULL);
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < FATAL; i++)
        sigaction(fatal[i].signal, &action, &before[i]);
    for (int i = 0; i < LEAVERS; i++) {
        on_exit(on_leave, NULL);
        at_quick_exit(on_quick_leave);
    }
}
