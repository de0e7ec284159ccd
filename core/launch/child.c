/* SPDX-License-Identifier: MIT */
#include "core/launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"

extern char **environ;

/* ---- started */

/* In the child, between fork() and exec: other threads may have held any lock when it was made, so
 * only what a signal handler may call is called. */
static void become(const struct tfu_child_request *request, pid_t parent, int log, int report)
{
    sigset_t none;
    int number;
    sigemptyset(&none);
    /* the parent may be gone by now: then nobody would send the signal */
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        number = errno;
    else if (getppid() != parent)
        _exit(EXIT_FAILURE);
    else {
        const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
            dup2(log, STDERR_FILENO) < 0 || sigprocmask(SIG_SETMASK, &none, NULL) != 0)
            number = errno;
        else {
            execve(request->program, (char *const *)request->argv, environ);
            number = errno;
        }
    }
    ssize_t told = write(report, &number, sizeof number);
    (void)told; /* who would be told has gone */
    _exit(EXIT_FAILURE);
}

/* 0, or the errno that kept the program from being run. */
static int outcome_of(int report)
{
    int number = 0;
    ssize_t got;
    do
        got = read(report, &number, sizeof number);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof number ? number : 0;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static enum tfu_status start(struct tfu_child *out, const struct tfu_child_request *request,
                             int log, struct tfu_error *e)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0)
        return tfu_error_errno(e, errno, "cannot start", request->program);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0)
        become(request, parent, log, report[1]);
    int number = pid < 0 ? errno : 0;
    close(report[1]);
    if (pid > 0)
        number = outcome_of(report[0]);
    close(report[0]);
    if (number && pid > 0)
        reap(pid);
    if (number)
        return tfu_error_errno(e, number, "cannot start", request->program);
    out->pid = pid;
    out->begun = tfu_clock_seconds();
    return TFU_OK;
}

/* Opens it behind what there is, with the heading; a descriptor, or -1 with errno set. */
static int open_log(const struct tfu_child_request *request, int64_t *begin)
{
    const int log = open(request->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat info;
    if (log < 0)
        return -1;
    if (dprintf(log, "%s\n", request->heading) < 0 || fstat(log, &info) != 0) {
        const int number = errno;
        close(log);
        errno = number;
        return -1;
    }
    *begin = info.st_size;
    return log;
}

enum tfu_status tfu_child_start(struct tfu_child *out, const struct tfu_child_request *request,
                                struct tfu_error *e)
{
    *out = (struct tfu_child){.pid = 0};
    const int log = open_log(request, &out->log_begin);
    if (log < 0)
        return tfu_error_errno(e, errno, "cannot write", request->log);
    const enum tfu_status st = start(out, request, log, e);
    close(log);
    return st;
}

/* ---- ended */

bool tfu_child_ended(struct tfu_child *c, struct tfu_child_end *end)
{
    int status;
    pid_t done;
    if (c->pid == 0)
        return false;
    do
        done = waitpid(c->pid, &status, WNOHANG);
    while (done < 0 && errno == EINTR);
    if (done == 0)
        return false;
    *end = (struct tfu_child_end){.status = -1, .seconds = tfu_clock_seconds() - c->begun};
    if (done > 0 && WIFEXITED(status))
        end->status = WEXITSTATUS(status);
    else if (done > 0 && WIFSIGNALED(status))
        end->signal = WTERMSIG(status);
    c->pid = 0;
    return true;
}

void tfu_child_signal(const struct tfu_child *c, int number)
{
    if (c->pid > 0)
        kill(-c->pid, number);
}

/* ---- its last words */

enum { WORDS_READ = 16384, WORDS_MAX = 1000 };

/* The end of the log, at most so much, that is behind `begin`. */
static size_t read_end(const char *log, int64_t begin, char text[WORDS_READ + 1])
{
    size_t count = 0;
    struct stat info;
    const int fd = open(log, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &info) == 0) {
        const int64_t first = info.st_size - WORDS_READ > begin ? info.st_size - WORDS_READ : begin;
        const ssize_t got = pread(fd, text, WORDS_READ, first);
        count = got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    for (size_t i = 0; i < count; i++)
        if (text[i] == '\0')
            text[i] = '?';
    text[count] = '\0';
    return count;
}

bool tfu_child_last_words(const char *log, int64_t begin, struct tfu_text *out)
{
    static const char mark[] = "error: ";
    char text[WORDS_READ + 1], *words = NULL, *rest = text;
    bool is_error = false;
    read_end(log, begin, text);
    /* a bar of progress is a line that is written over again and again */
    for (char *line; (line = strsep(&rest, "\r\n"));) {
        char *at = strstr(line, mark);
        if (at && (at == line || at[-1] == ' ')) {
            words = at + strlen(mark);
            is_error = true;
        } else if (!is_error && line[strspn(line, " \t")] != '\0') {
            words = line;
        }
    }
    if (words)
        tfu_text_append(out, words, strnlen(words, WORDS_MAX));
    return is_error;
}
