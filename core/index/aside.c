/* SPDX-License-Identifier: MIT */
#include "core/index/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A name that nobody has: "index.sqlite.damaged-20260301-140512". */
static bool free_name(char out[PATH_MAX], const char *path, bool foreign)
{
    char when[32];
    struct tm utc;
    const time_t now = time(NULL);
    strftime(when, sizeof when, "%Y%m%d-%H%M%S", gmtime_r(&now, &utc));
    for (int i = 0; i < 100; i++) {
        const char *what = foreign ? "foreign" : "damaged";
        const int n = i == 0 ? snprintf(out, PATH_MAX, "%s.%s-%s", path, what, when)
                             : snprintf(out, PATH_MAX, "%s.%s-%s-%d", path, what, when, i);
        if (n < 0 || n >= PATH_MAX)
            return false;
        if (access(out, F_OK) != 0 && errno == ENOENT)
            return true;
    }
    return false;
}

/* What belongs to it must not be taken for that of the next. */
static void put_beside(const char *path, const char *aside)
{
    static const char *const end[] = {"-wal", "-shm", "-journal"};
    for (size_t i = 0; i < TFU_COUNT(end); i++) {
        char from[PATH_MAX], to[PATH_MAX];
        const int a = snprintf(from, sizeof from, "%s%s", path, end[i]);
        const int b = snprintf(to, sizeof to, "%s%s", aside, end[i]);
        if (a > 0 && a < PATH_MAX && b > 0 && b < PATH_MAX)
            rename(from, to);
    }
}

bool tfu_aside_put(const char *path, uint64_t inode, bool foreign, struct tfu_log *log)
{
    struct stat info;
    char aside[PATH_MAX];
    bool ok = true;
    /* one process at a time; whoever comes second finds another file there */
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    const bool locked = flock(fd, LOCK_EX) == 0;
    if (stat(path, &info) == 0 && (!inode || info.st_ino == inode)) {
        ok = S_ISREG(info.st_mode) && free_name(aside, path, foreign) && rename(path, aside) == 0;
        if (ok) {
            put_beside(path, aside);
            tfu_log_write(log, TFU_LOG_NOTE,
                          "the index '%s' is %s: it is '%s' now, and built anew from the folders "
                          "of the runs",
                          path, foreign ? "the database of another program" : "damaged", aside);
        }
    }
    if (locked)
        flock(fd, LOCK_UN);
    close(fd);
    return ok;
}
