/* SPDX-License-Identifier: MIT
 *
 * lease_world.h - what tests of leases do: in the scratch folder, and with other processes.
 */
#ifndef TFU_TESTS_STORE_LEASE_WORLD_H
#define TFU_TESTS_STORE_LEASE_WORLD_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "core/store/lease.h"
#include "core/store/lease_file.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

static inline struct tfu_lease *take(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease *l;
    const enum tfu_status st = tfu_lease_take(&l, NULL, scratch, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    return l;
}

static inline struct tfu_lease_seen look(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease_seen seen;
    ck_assert_msg(tfu_lease_look(&seen, scratch, &e) == TFU_OK, "%s", e.text);
    return seen;
}

static inline void sleep_for(double seconds)
{
    const struct timespec t = {.tv_sec = (time_t)seconds,
                               .tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds))};
    nanosleep(&t, NULL);
}

/* A process of its own, which may die without a word. */
static inline pid_t start(int (*work)(void))
{
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        _exit(work());
    return pid;
}

static inline int wait_for(pid_t pid)
{
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Files of leases, those in the making included. */
static inline int file_count(void)
{
    int count = 0;
    DIR *dir = opendir(scratch);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += strncmp(entry->d_name, ".lease", 6) == 0;
    closedir(dir);
    return count;
}

/* As if the last beat had been so long ago. */
static inline void grow_old(uint64_t token, time_t seconds)
{
    char path[PATH_MAX];
    struct timespec t[2];
    ck_assert_int_eq(tfu_lease_file_path(path, scratch, token, NULL), TFU_OK);
    clock_gettime(CLOCK_REALTIME, &t[0]);
    t[0].tv_sec -= seconds;
    t[1] = t[0];
    ck_assert_int_eq(utimensat(AT_FDCWD, path, t, 0), 0);
}

static inline void is_refused(void)
{
    struct tfu_lease *l;
    struct tfu_lease_seen by;
    ck_assert_int_eq(tfu_lease_take(&l, &by, scratch, NULL), TFU_OK);
    ck_assert_ptr_null(l);
    ck_assert_int_eq(by.state, TFU_LEASE_HELD);
}

#endif
