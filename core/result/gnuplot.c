/* SPDX-License-Identifier: MIT */
#include "core/result/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { SAID = 400 };

/* The environment with one time zone: it is written into a PDF. NULL: memory ran out. */
static const char **make_environment(void)
{
    size_t n = 0, kept = 0;
    while (environ[n])
        n++;
    const char **out = calloc(n + 2, sizeof *out);
    for (size_t i = 0; out && i < n; i++)
        if (strncmp(environ[i], "TZ=", 3) != 0)
            out[kept++] = environ[i];
    if (out)
        out[kept] = "TZ=UTC0";
    return out;
}

/* In a process group of its own: Ctrl-C is for whoever waits for it, who then ends tidily. */
static int spawn(pid_t *pid, const posix_spawn_file_actions_t *actions, const char *const *argv,
                 const char *const *environment)
{
    posix_spawnattr_t attributes;
    int number = posix_spawnattr_init(&attributes);
    if (number)
        return number;
    number = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    if (!number)
        number = posix_spawnp(pid, "gnuplot", actions, &attributes, (char *const *)argv,
                              (char *const *)environment);
    posix_spawnattr_destroy(&attributes);
    return number;
}

/* Starts it with `write_end` as its stdout and stderr. Returns an errno. */
static int start(pid_t *pid, const char *folder, const char *name, int write_end)
{
    posix_spawn_file_actions_t actions;
    int number = posix_spawn_file_actions_init(&actions);
    if (number)
        return number;
    number = posix_spawn_file_actions_addchdir_np(&actions, folder);
    if (!number)
        number = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, write_end, STDOUT_FILENO);
    if (!number)
        number = posix_spawn_file_actions_adddup2(&actions, write_end, STDERR_FILENO);
    if (!number) {
        const char *const argv[] = {"gnuplot", "-d", name, NULL};
        const char **environment = make_environment();
        number = environment ? spawn(pid, &actions, argv, environment) : ENOMEM;
        free(environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

/* Reads all, so that the writer never waits; keeps the beginning. */
static void listen_to(int fd, char said[SAID])
{
    size_t n = 0;
    char rest[512];
    for (;;) {
        const ssize_t got =
            n + 1 < SAID ? read(fd, said + n, SAID - 1 - n) : read(fd, rest, sizeof rest);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        if (n + 1 < SAID)
            n += (size_t)got;
    }
    said[n] = '\0';
}

enum tfu_status tfu_gnuplot_run(const char *folder, const char *name, struct tfu_error *e)
{
    int end[2];
    if (pipe2(end, O_CLOEXEC) != 0)
        return tfu_error_errno(e, errno, "cannot listen to", "gnuplot");
    pid_t pid;
    const int number = start(&pid, folder, name, end[1]);
    close(end[1]);
    if (number) {
        close(end[0]);
        if (number == ENOENT)
            return tfu_error_set(e, TFU_ENOTFOUND,
                                 "gnuplot was not found, so '%s' in '%s' is not drawn; install "
                                 "gnuplot-nox and run it there, or try again",
                                 name, folder);
        return tfu_error_errno(e, number, "cannot run", "gnuplot");
    }
    char said[SAID];
    listen_to(end[0], said);
    close(end[0]);
    int status;
    pid_t done;
    do
        done = waitpid(pid, &status, 0);
    while (done < 0 && errno == EINTR);
    if (done < 0)
        return tfu_error_errno(e, errno, "cannot wait for", "gnuplot");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return tfu_error_set(e, TFU_EIO, "gnuplot could not draw '%s' in '%s': %s", name, folder,
                             said[0] ? said : "it ended without a word");
    return TFU_OK;
}
