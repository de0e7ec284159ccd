/* SPDX-License-Identifier: MIT */
#include "core/bench/process.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum tfu_status tfu_shared_new(void **out, size_t bytes, struct tfu_error *e)
{
    *out = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (*out != MAP_FAILED)
        return TFU_OK;
    *out = NULL;
    return tfu_error_memory(e, "starting a process", bytes);
}

void tfu_shared_free(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}

/* How the work ended. */
struct outcome {
    bool came_back;
    enum tfu_status status;
    struct tfu_error error;
};

static enum tfu_status judge(const struct outcome *o, int status, struct tfu_error *e)
{
    if (WIFSIGNALED(status))
        return tfu_error_set(e, TFU_EINTERRUPTED, "the measurement was ended by signal %d (%s)",
                             WTERMSIG(status), strsignal(WTERMSIG(status)));
    if (!o->came_back)
        return tfu_error_set(e, TFU_EINTERRUPTED,
                             "the measurement left its process with status %d instead of ending",
                             WEXITSTATUS(status));
    if (o->status != TFU_OK && e && e->status == TFU_OK)
        *e = o->error;
    return o->status;
}

static enum tfu_status attend(pid_t child, const struct outcome *o, double *peak_bytes,
                              struct tfu_error *e)
{
    struct rusage usage;
    int status;
    pid_t done;
    do
        done = wait4(child, &status, 0, &usage);
    while (done < 0 && errno == EINTR);
    if (done != child)
        return tfu_error_set(e, TFU_EIO, "cannot wait for a process: %s", strerror(errno));
    *peak_bytes = 1024.0 * (double)usage.ru_maxrss;
    return judge(o, status, e);
}

enum tfu_status tfu_process_run(enum tfu_status (*work)(void *arg, struct tfu_error *e), void *arg,
                                double *peak_bytes, struct tfu_error *e)
{
    void *memory;
    enum tfu_status st = tfu_shared_new(&memory, sizeof(struct outcome), e);
    if (st != TFU_OK)
        return st;
    struct outcome *o = memory;
    fflush(NULL); /* or the child would write it again */
    const pid_t child = fork();
    if (child == 0) {
        o->status = work(arg, &o->error);
        o->came_back = true;
        fflush(NULL);
        _exit(0);
    }
    st = child < 0 ? tfu_error_set(e, TFU_EIO, "cannot start a process: %s", strerror(errno))
                   : attend(child, o, peak_bytes, e);
    tfu_shared_free(o, sizeof *o);
    return st;
}
