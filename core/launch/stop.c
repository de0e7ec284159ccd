/* SPDX-License-Identifier: MIT */
#include "core/launch/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/process.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"

static bool put_path(char path[PATH_MAX], const char *store, const char *name, const char *end)
{
    const int n = snprintf(path, PATH_MAX, "%s/.sweeps%s%s%s", store, *name ? "/" : "", name, end);
    return n > 0 && n < PATH_MAX;
}

void tfu_stop_read(const char *store, const char *sweep, char text[TFU_STOP_SIZE])
{
    char path[PATH_MAX];
    text[0] = '\0';
    const int fd = put_path(path, store, sweep, ".stop") ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    const ssize_t n = read(fd, text, TFU_STOP_SIZE - 1);
    text[n > 0 ? n : 0] = '\0';
    close(fd);
}

enum tfu_status tfu_stop_ask(const char *store, const char *sweep, struct tfu_error *e)
{
    char folder[PATH_MAX], path[PATH_MAX], text[TFU_STOP_SIZE];
    struct tfu_process self;
    struct timespec now;
    if (!put_path(folder, store, "", "") || !put_path(path, store, sweep, ".stop"))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", store);
    tfu_process_self(&self);
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(text, sizeof text, "asked by process %ld on %s at %lld.%09ld\n", self.pid, self.host,
             (long long)now.tv_sec, now.tv_nsec);
    const enum tfu_status st = tfu_folder_make(folder, e);
    return st == TFU_OK ? tfu_atomic_write_file(path, text, strlen(text), e) : st;
}
