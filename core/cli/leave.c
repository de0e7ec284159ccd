/* SPDX-License-Identifier: MIT */
#include "core/cli/leave.h"

#include <signal.h>
#include <stddef.h>

#include <transfuse/abi.h>

/* Flags are all that the handler touches, and they have to be where a handler can reach them. */
static volatile sig_atomic_t requested, insisted, typed;

static void on_signal(int number)
{
    if (number == SIGINT && typed) {
        insisted = 1;
        signal(SIGINT, SIG_DFL); /* the third ends even what does not listen */
    }
    if (number == SIGINT)
        typed = 1;
    requested = 1;
}

bool tfu_cli_leave_insisted(void)
{
    return insisted != 0;
}

bool tfu_cli_leave_requested(void *arg)
{
    (void)arg;
    return requested != 0;
}

/* nohup is asked for by ignoring the signal; a shell that starts jobs in the background ignores
 * SIGINT, which is not meant so. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return number == SIGHUP && sigaction(number, NULL, &action) == 0 &&
           action.sa_handler == SIG_IGN;
}

static void watch(bool resumable, int flags_of_sigint)
{
    static const int asking[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    const size_t count = TFU_COUNT(asking) - (resumable ? 0 : 1);
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++) {
        if (is_ignored(asking[i]))
            continue;
        action.sa_flags = SA_RESTART | (asking[i] == SIGINT ? flags_of_sigint : 0);
        sigaction(asking[i], &action, NULL);
    }
    if (!resumable)
        return;
    /* writing to a closed pipe is an error to report, not a way to die */
    action = (struct sigaction){.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &action, NULL);
}

void tfu_cli_leave_watch(bool resumable)
{
    watch(resumable, (int)SA_RESETHAND);
}

void tfu_cli_leave_watch_children(void)
{
    watch(true, 0);
}
