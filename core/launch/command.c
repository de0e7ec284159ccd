/* SPDX-License-Identifier: MIT */
#include "core/launch/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"

extern char **environ;

enum { PRINTED_MAX = 256 << 20 }; /* of a command, in bytes: beyond it is no answer */

/* ---- started */

static bool is_unset(const char *variable, const char *const *unset)
{
    for (; unset && *unset; unset++) {
        const size_t n = strlen(*unset);
        if (strncmp(variable, *unset, n) == 0 && variable[n] == '=')
            return true;
    }
    return false;
}

/* The environment without some variables, to be freed; the variables stay those of the process. */
static char **environment_without(const char *const *unset)
{
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **left = calloc(count + 1, sizeof *left);
    for (size_t i = 0; left && i < count; i++)
        if (!is_unset(environ[i], unset))
            left[kept++] = environ[i];
    return left;
}

/* Where nobody wants to know of children, as some daemons have it and hand it on, they vanish
 * without a status; and what is started would have it so as well. A handler is left as it is. */
static bool watch_children(struct sigaction *before)
{
    const struct sigaction plain = {.sa_handler = SIG_DFL};
    return sigaction(SIGCHLD, NULL, before) == 0 &&
           (before->sa_handler == SIG_IGN || (before->sa_flags & SA_NOCLDWAIT)) &&
           sigaction(SIGCHLD, &plain, NULL) == 0;
}

/* With its stdout and stderr in the two pipes, in a process group of its own. Returns an errno. */
static int start(pid_t *pid, const struct tfu_command *c, char *const *environment, int out,
                 int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    int number = posix_spawn_file_actions_init(&actions);
    if (number)
        return number;
    number = posix_spawnattr_init(&attributes);
    if (number) {
        posix_spawn_file_actions_destroy(&actions);
        return number;
    }
    number = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    if (!number)
        number =
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    if (!number)
        number = posix_spawnattr_setsigmask(&attributes, &none);
    if (!number)
        number = posix_spawnp(pid, c->argv[0], &actions, &attributes, (char *const *)c->argv,
                              environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

/* ---- listened to */

/* Takes what there is. False: it has no more to say. */
static bool take(int fd, struct tfu_text *t)
{
    char some[8192];
    const ssize_t got = read(fd, some, sizeof some);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    for (ssize_t i = 0; i < got; i++)
        if (some[i] == '\0')
            some[i] = '?'; /* a text has none */
    tfu_text_append(t, some, (size_t)got);
    return got > 0 && t->length < PRINTED_MAX;
}

/* Until both pipes are closed; false: it was too late for that. */
static bool listen_to(int out, int err, struct tfu_command_end *end, double deadline)
{
    struct pollfd open[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        const double left = deadline - tfu_clock_seconds();
        if (left <= 0)
            return false;
        const int ready = poll(open, 2, (int)(left * 1000) + 1);
        if (ready < 0 && errno != EINTR)
            return false;
        for (size_t i = 0; ready > 0 && i < 2; i++)
            if (open[i].fd >= 0 && open[i].revents && !take(open[i].fd, i ? &end->err : &end->out))
                open[i].fd = -1;
    }
    return true;
}

/* It has closed its output, or is made to end. */
static void wait_for(pid_t pid, struct tfu_command_end *end, double deadline)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    int status = 0;
    pid_t done;
    while ((done = waitpid(pid, &status, end->late ? 0 : WNOHANG)) <= 0) {
        if (done < 0 && errno != EINTR)
            break;
        if (done == 0 && tfu_clock_seconds() > deadline) {
            end->late = true;
            kill(-pid, SIGKILL);
        } else if (done == 0) {
            nanosleep(&pause, NULL);
        }
    }
    end->status = done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static enum tfu_status run(const struct tfu_command *c, struct tfu_command_end *end,
                           char *const *environment, struct tfu_error *e)
{
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) != 0)
        return tfu_error_errno(e, errno, "cannot listen to", c->argv[0]);
    if (pipe2(err, O_CLOEXEC) != 0) {
        const int number = errno;
        close(out[0]);
        close(out[1]);
        return tfu_error_errno(e, number, "cannot listen to", c->argv[0]);
    }
    const double deadline = tfu_clock_seconds() + c->seconds;
    pid_t pid;
    const int number = start(&pid, c, environment, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    if (!number) {
        end->late = !listen_to(out[0], err[0], end, deadline);
        if (end->late)
            kill(-pid, SIGKILL);
        wait_for(pid, end, deadline);
    }
    close(out[0]);
    close(err[0]);
    if (number == ENOENT)
        return tfu_error_set(e, TFU_ENOTFOUND, "there is no program '%s' along PATH here",
                             c->argv[0]);
    return number ? tfu_error_errno(e, number, "cannot run", c->argv[0]) : TFU_OK;
}

enum tfu_status tfu_command_run(const struct tfu_command *c, struct tfu_command_end *end,
                                struct tfu_error *e)
{
    *end = (struct tfu_command_end){.status = -1};
    char **environment = environment_without(c->unset);
    if (!environment)
        return tfu_error_memory(e, "running a command", 0);
    struct sigaction before;
    const bool ignored = watch_children(&before);
    enum tfu_status st = run(c, end, environment, e);
    if (ignored)
        sigaction(SIGCHLD, &before, NULL);
    free(environment);
    if (st == TFU_OK && (end->out.failed || end->err.failed))
        st = tfu_error_memory(e, "listening to a command", 0);
    return st;
}

void tfu_command_end_free(struct tfu_command_end *end)
{
    tfu_text_free(&end->out);
    tfu_text_free(&end->err);
}

/* ---- its words */

static bool put_line(struct tfu_text *t, const char *said)
{
    bool any = false;
    for (const char *line = said; *line;) {
        const size_t n = strcspn(line, "\r\n");
        if (n > 0) {
            tfu_text_puts(t, any ? "; " : "");
            tfu_text_append(t, line, n);
            any = true;
        }
        line += n + strspn(line + n, "\r\n");
    }
    return any;
}

void tfu_command_put_words(struct tfu_text *t, const struct tfu_command_end *end)
{
    if (end->late)
        tfu_text_puts(t, "it did not answer in time");
    else if (!put_line(t, tfu_text_get(&end->err)) && !put_line(t, tfu_text_get(&end->out)))
        tfu_text_printf(
            t, end->status < 0 ? "a signal ended it" : "it left with status %d, without a word",
            end->status);
}
