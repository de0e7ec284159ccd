/* SPDX-License-Identifier: MIT */
#include "core/store/lease_look.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/store/lease_file.h"

enum tfu_status tfu_lease_look_as(struct tfu_lease_seen *out, const char *folder,
                                  const struct tfu_process *self, double now, double stale,
                                  struct tfu_error *e)
{
    struct tfu_lease_file file = {.there = false};
    *out = (struct tfu_lease_seen){.state = TFU_LEASE_FREE};
    /* the one that counts may be followed by the next just while it is looked at */
    for (int i = 0; i < 100; i++) {
        enum tfu_status st = tfu_lease_file_newest(&out->token, folder, e);
        if (st == TFU_OK && out->token > 0)
            st = tfu_lease_file_read(&file, folder, out->token, e);
        if (st != TFU_OK)
            return st;
        if (file.there || out->token == 0)
            break;
    }
    if (out->token == 0)
        return TFU_OK;
    const struct tfu_lease_content *c = &file.content;
    memcpy(out->host, c->holder.host, sizeof out->host);
    out->pid = c->holder.pid;
    out->since = c->since;
    out->step = c->step;
    out->steps = c->steps;
    if (file.there && c->released)
        return TFU_OK;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    out->age =
        fmax(0, (isnan(now) ? (double)t.tv_sec + 1e-9 * (double)t.tv_nsec : now) - file.time);
    const enum tfu_process_state process =
        file.torn ? TFU_PROCESS_UNKNOWN : tfu_process_look(&c->holder, self);
    /* One that is seen to run has no need of a beat: this machine may just have slept, or its clock
     * have been set. */
    out->runs = process == TFU_PROCESS_RUNS;
    const bool old = !isnan(now) && out->age > stale && process != TFU_PROCESS_RUNS;
    out->state = process == TFU_PROCESS_GONE || old ? TFU_LEASE_STALE : TFU_LEASE_HELD;
    return TFU_OK;
}

enum tfu_status tfu_lease_look(struct tfu_lease_seen *out, const char *folder, struct tfu_error *e)
{
    struct tfu_process self;
    uint64_t newest = 0;
    *out = (struct tfu_lease_seen){.state = TFU_LEASE_FREE};
    enum tfu_status st = tfu_lease_file_newest(&newest, folder, e);
    if (st != TFU_OK || newest == 0) /* as of most cases of a sweep: who asks is no matter then */
        return st;
    tfu_process_self(&self);
    st = tfu_lease_look_as(out, folder, &self, NAN, TFU_LEASE_STALE_AFTER, e);
    if (st != TFU_OK || out->state != TFU_LEASE_HELD || out->runs)
        return st;
    /* The age decides. The time is read before the lease is: should this process be stopped in
     * between, the lease looks younger than it is. */
    char path[PATH_MAX];
    double now;
    const int fd = tfu_lease_file_make(path, folder, &self);
    if (fd < 0 || !tfu_lease_file_touch(fd, &now)) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        now = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
    }
    if (fd >= 0) {
        unlink(path);
        close(fd);
    }
    return tfu_lease_look_as(out, folder, &self, now, TFU_LEASE_STALE_AFTER, e);
}

void tfu_lease_who(const struct tfu_lease_seen *seen, char *text, size_t size)
{
    char since[32];
    struct tm broken;
    const time_t t = (time_t)seen->since;
    if (seen->pid == 0)
        snprintf(text, size, "another process");
    else if (seen->since > 0 && localtime_r(&t, &broken) &&
             strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", &broken) > 0)
        snprintf(text, size, "process %ld on %s, since %s", seen->pid, seen->host, since);
    else
        snprintf(text, size, "process %ld on %s", seen->pid, seen->host);
}
