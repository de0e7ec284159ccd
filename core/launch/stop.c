/* SPDX-License-Identifier: MIT */
#include "core/launch/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/sweep/place.h"

void tfu_stop_read(const char *store, const char *sweep, char text[TFU_STOP_SIZE])
{
    char path[PATH_MAX];
    text[0] = '\0';
    const int fd = tfu_sweep_place(path, store, sweep, TFU_STOP_ENDING)
                       ? open(path, O_RDONLY | O_CLOEXEC)
                       : -1;
    if (fd < 0)
        return;
    const ssize_t n = read(fd, text, TFU_STOP_SIZE - 1);
    text[n > 0 ? n : 0] = '\0';
    close(fd);
}

/* The ticks of the machine, as /proc counts the start of a process in. */
static unsigned long long machine_ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (unsigned long long)now.tv_sec * (unsigned long long)sysconf(_SC_CLK_TCK) +
           (unsigned long long)now.tv_nsec * (unsigned long long)sysconf(_SC_CLK_TCK) / 1000000000U;
}

bool tfu_stop_is_since(const char text[TFU_STOP_SIZE], const struct tfu_process *self)
{
    const char *line = strchr(text, '\n');
    char boot[TFU_BOOT_SIZE] = "";
    unsigned long long ticks;
    return line && self->start && self->boot[0] &&
           sscanf(line + 1, "machine %64s ticks %llu", boot, &ticks) == 2 &&
           strcmp(boot, self->boot) == 0 && ticks > self->start;
}

enum tfu_status tfu_stop_ask(const char *store, const char *sweep, struct tfu_error *e)
{
    char folder[PATH_MAX], path[PATH_MAX], text[TFU_STOP_SIZE];
    struct tfu_process self;
    struct timespec now;
    if (!tfu_sweep_place(folder, store, "", "") ||
        !tfu_sweep_place(path, store, sweep, TFU_STOP_ENDING))
        return tfu_error_errno(e, ENAMETOOLONG, "cannot write to", store);
    tfu_process_self(&self);
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(text, sizeof text, "asked by process %ld on %s at %lld.%09ld\nmachine %s ticks %llu\n",
             self.pid, self.host, (long long)now.tv_sec, now.tv_nsec, self.boot, machine_ticks());
    const enum tfu_status st = tfu_folder_make(folder, e);
    return st == TFU_OK ? tfu_atomic_write_file(path, text, strlen(text), e) : st;
}
