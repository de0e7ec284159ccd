/* SPDX-License-Identifier: MIT */
#include "core/base/process.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The beginning of a small file, as a text; "" where it cannot be read. Never allocates. */
static void read_text(const char *path, char *text, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd >= 0 ? read(fd, text, size - 1) : -1;
    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
}

/* State and start of a process: proc(5), fields 3 and 22. The name in field 2 may hold anything. */
static bool read_stat(long pid, char *state, uint64_t *start)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    read_text(path, text, sizeof text);
    const char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest, ") %c", state) != 1)
        return false;
    for (int blank = 0; blank < 20; blank++) {
        rest = strchr(rest, ' ');
        if (!rest)
            return false;
        rest++;
    }
    return sscanf(rest, "%" SCNu64, start) == 1;
}

static void make_plain(char *name)
{
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr(".-_", *name))
            *name = '_';
}

void tfu_process_self(struct tfu_process *p)
{
    *p = (struct tfu_process){.pid = (long)getpid()};
    if (gethostname(p->host, sizeof p->host - 1) != 0 || !p->host[0])
        snprintf(p->host, sizeof p->host, "unknown");
    make_plain(p->host);
    char boot[40], state;
    struct stat space;
    read_text("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    boot[strcspn(boot, "\n")] = '\0';
    make_plain(boot);
    if (boot[0] && stat("/proc/self/ns/pid", &space) == 0)
        snprintf(p->boot, sizeof p->boot, "%s.%llu", boot, (unsigned long long)space.st_ino);
    if (!read_stat(p->pid, &state, &p->start))
        p->start = 0;
}

enum tfu_process_state tfu_process_look(const struct tfu_process *p, const struct tfu_process *self)
{
    char state = '?';
    uint64_t start = 0;
    if (!p->boot[0] || strcmp(p->boot, self->boot) != 0 || strcmp(p->host, self->host) != 0 ||
        p->pid <= 0 || p->pid != (long)(pid_t)p->pid)
        return TFU_PROCESS_UNKNOWN;
    if (kill((pid_t)p->pid, 0) != 0 && errno == ESRCH)
        return TFU_PROCESS_GONE;
    if (!read_stat(p->pid, &state, &start))
        return TFU_PROCESS_UNKNOWN; /* of somebody else, and hidden */
    if (state == 'Z' || state == 'X' || (p->start && start != p->start))
        return TFU_PROCESS_GONE;
    return state == 'T' || state == 't' ? TFU_PROCESS_STOPPED : TFU_PROCESS_RUNS;
}
