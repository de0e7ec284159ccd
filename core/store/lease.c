/* SPDX-License-Identifier: MIT */
#include "core/store/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/store/lease_claim.h"

static const struct tfu_lease_times usual = {
    .beat = 10, .lost = 45, .stale = TFU_LEASE_STALE_AFTER};

struct tfu_lease {
    char *folder;
    struct tfu_lease_times times;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* held while a file of the lease is looked at or written */
    pthread_cond_t wake;
    bool quit;
    int fd; /* of .lease.<token> */
    uint64_t token;
    struct tfu_lease_content content; /* as it was written last */
    struct tfu_error why;             /* it is lost */

    atomic_bool lost;            /* set with the lock held */
    _Atomic int64_t beaten;      /* when the last beat began: nanoseconds, sleep included */
    _Atomic int64_t step, steps; /* to be told */
};

/* Goes on while the machine sleeps: others may have taken the lease then. */
static int64_t nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- holding it [with the lock] */

static bool is_others(const struct tfu_lease *l, const struct tfu_lease_seen *seen)
{
    const struct tfu_process *self = &l->content.holder;
    return seen->token > l->token ||
           (seen->pid > 0 && (seen->pid != self->pid || strcmp(seen->host, self->host) != 0));
}

static enum tfu_status lose(struct tfu_lease *l, struct tfu_error *e)
{
    struct tfu_lease_seen seen;
    char who[160];
    if (!atomic_load(&l->lost)) {
        l->why = (struct tfu_error)TFU_ERROR_INIT;
        if (tfu_lease_look_as(&seen, l->folder, &l->content.holder, NAN, 0, NULL) != TFU_OK ||
            !is_others(l, &seen)) {
            tfu_error_at(&l->why, TFU_EIO, l->folder, 0, 0,
                         "the folder, or the lease in it, was removed or moved meanwhile; nothing "
                         "more is written there");
        } else {
            tfu_lease_who(&seen, who, sizeof who);
            tfu_error_at(&l->why, TFU_EIO, l->folder, 0, 0,
                         "lost its lease to %s, which has the folder by now; nothing more is "
                         "written there",
                         who);
        }
        atomic_store(&l->lost, true);
    }
    if (e && e->status == TFU_OK)
        *e = l->why;
    return TFU_EIO;
}

static bool is_late(struct tfu_lease *l)
{
    return (double)(nanoseconds() - atomic_load(&l->beaten)) > 1e9 * l->times.lost;
}

/* Is .lease.<token> the file that was put there? TFU_OK and false: it is gone, or another one. */
static enum tfu_status is_own(const struct tfu_lease *l, bool *own, struct tfu_error *e)
{
    char path[PATH_MAX];
    struct stat there, ours;
    *own = false;
    const enum tfu_status st = tfu_lease_file_path(path, l->folder, l->token, e);
    if (st != TFU_OK)
        return st;
    if (stat(path, &there) != 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ESTALE
                   ? TFU_OK
                   : tfu_error_errno(e, errno, "cannot look at", path);
    *own = fstat(l->fd, &ours) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
    return TFU_OK;
}

/* The lease is ours as long as the file is, and there is none of a larger number. */
static enum tfu_status is_newest(const struct tfu_lease *l, bool *own, struct tfu_error *e)
{
    uint64_t newest = 0;
    enum tfu_status st = is_own(l, own, e);
    if (st == TFU_OK && *own)
        st = tfu_lease_file_newest(&newest, l->folder, e);
    *own = *own && newest == l->token;
    return st;
}

/* After too long a time without a beat: others may have it, or be about to. Who gets the next
 * number has it. */
static enum tfu_status renew(struct tfu_lease *l, struct tfu_error *e)
{
    struct tfu_lease_claim c = {.fd = -1};
    bool taken = false;
    const int64_t now = nanoseconds();
    enum tfu_status st = tfu_lease_claim_begin(&c, l->folder, &l->content, e);
    if (st == TFU_OK)
        st = tfu_lease_claim_number(&c, l->folder, l->token + 1, &l->content, &taken, e);
    if (st == TFU_OK && !taken)
        st = lose(l, e);
    if (taken) {
        close(l->fd);
        l->fd = c.fd;
        c.fd = -1;
        l->token++;
        atomic_store(&l->beaten, now);
    }
    tfu_lease_claim_end(&c);
    return st;
}

/* A new file in the folder: a host that shares it has to ask the file server then what is there.
 * Where it cannot be made, for want of room say, what is known has to do. */
static void refresh(const struct tfu_lease *l)
{
    char path[PATH_MAX];
    const int fd = tfu_lease_file_make(path, l->folder, &l->content.holder);
    if (fd < 0)
        return;
    unlink(path);
    close(fd);
}

static enum tfu_status check(struct tfu_lease *l, struct tfu_error *e)
{
    bool own = false;
    if (atomic_load(&l->lost))
        return lose(l, e);
    refresh(l);
    const enum tfu_status st = is_newest(l, &own, e);
    if (st != TFU_OK)
        return st;
    if (!own)
        return lose(l, e);
    return is_late(l) ? renew(l, e) : TFU_OK;
}

/* Shows that the process lives, and how far it is. */
static void beat(struct tfu_lease *l)
{
    const int64_t now = nanoseconds();
    double time;
    bool own = false;
    if (atomic_load(&l->lost))
        return;
    l->content.step = atomic_load(&l->step);
    l->content.steps = atomic_load(&l->steps);
    if (is_late(l)) {
        check(l, NULL); /* renews it */
        return;
    }
    if (is_own(l, &own, NULL) != TFU_OK)
        return; /* the file server has trouble: again, soon */
    if (!own)
        lose(l, NULL);
    else if (tfu_lease_file_write(l->fd, &l->content, &time))
        atomic_store(&l->beaten, now);
}

static bool has_news(struct tfu_lease *l)
{
    return atomic_load(&l->step) != l->content.step || atomic_load(&l->steps) != l->content.steps;
}

static void *beat_main(void *arg)
{
    struct tfu_lease *l = arg;
    const double tick = fmin(1, l->times.beat);
    pthread_mutex_lock(&l->lock);
    while (!l->quit) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        const int64_t nano = (int64_t)until.tv_nsec + (int64_t)(1e9 * tick);
        until.tv_sec += (time_t)(nano / 1000000000);
        until.tv_nsec = (long)(nano % 1000000000);
        pthread_cond_timedwait(&l->wake, &l->lock, &until);
        const double since = 1e-9 * (double)(nanoseconds() - atomic_load(&l->beaten));
        if (!l->quit && (since >= l->times.beat || has_news(l)))
            beat(l);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* Signals are for the threads of others. */
static enum tfu_status start_beating(struct tfu_lease *l, struct tfu_error *e)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&l->thread, NULL, beat_main, l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    l->started = error == 0;
    return error ? tfu_error_errno(e, error, "cannot start a thread for the lease of", l->folder)
                 : TFU_OK;
}

/* ---- from outside */

static struct tfu_lease *lease_new(const char *folder, const struct tfu_lease_times *times)
{
    struct tfu_lease *l = calloc(1, sizeof *l);
    if (!l || !(l->folder = strdup(folder))) {
        free(l);
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&l->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&l->lock, NULL);
    l->fd = -1;
    l->times = *times;
    tfu_process_self(&l->content.holder);
    l->content.since = (int64_t)time(NULL);
    return l;
}

/* One try; neither `*taken` nor HELD: others were faster. */
static enum tfu_status try_to_take(struct tfu_lease *l, struct tfu_lease_seen *seen, bool *taken,
                                   struct tfu_error *e)
{
    struct tfu_lease_claim c = {.fd = -1};
    *taken = false;
    const int64_t now = nanoseconds();
    enum tfu_status st = tfu_lease_claim_begin(&c, l->folder, &l->content, e);
    if (st == TFU_OK)
        st = tfu_lease_look_as(seen, l->folder, &l->content.holder, c.time, l->times.stale, e);
    if (st == TFU_OK && seen->state != TFU_LEASE_HELD)
        st = tfu_lease_claim_number(&c, l->folder, seen->token + 1, &l->content, taken, e);
    if (*taken) {
        l->token = seen->token + 1;
        l->fd = c.fd;
        c.fd = -1;
        atomic_store(&l->beaten, now);
    }
    tfu_lease_claim_end(&c);
    return st;
}

enum tfu_status tfu_lease_take_timed(struct tfu_lease **out, struct tfu_lease_seen *by,
                                     const char *folder, const struct tfu_lease_times *times,
                                     struct tfu_error *e)
{
    *out = NULL;
    struct tfu_lease_seen seen = {.state = TFU_LEASE_FREE};
    struct tfu_lease *l = lease_new(folder, times);
    if (!l)
        return tfu_error_memory(e, "taking a lease", sizeof *l);
    bool taken = false;
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && !taken && seen.state != TFU_LEASE_HELD && i < 1000; i++)
        st = try_to_take(l, &seen, &taken, e);
    if (st == TFU_OK && taken)
        st = start_beating(l, e);
    else if (st == TFU_OK && seen.state != TFU_LEASE_HELD)
        st = tfu_error_at(e, TFU_EIO, folder, 0, 0,
                          "no lease can be taken: there is a file .lease.%llu in the way; remove "
                          "the folder's files .lease.* while nobody uses it",
                          (unsigned long long)seen.token + 1);
    if (by)
        *by = seen;
    if (st == TFU_OK && taken)
        *out = l;
    else
        tfu_lease_free(l);
    return st;
}

enum tfu_status tfu_lease_take(struct tfu_lease **out, struct tfu_lease_seen *by,
                               const char *folder, struct tfu_error *e)
{
    return tfu_lease_take_timed(out, by, folder, &usual, e);
}

void tfu_lease_progress(struct tfu_lease *l, int64_t step, int64_t steps)
{
    atomic_store(&l->step, step);
    atomic_store(&l->steps, steps);
}

enum tfu_status tfu_lease_check(struct tfu_lease *l, struct tfu_error *e)
{
    pthread_mutex_lock(&l->lock);
    const enum tfu_status st = check(l, e);
    pthread_mutex_unlock(&l->lock);
    return st;
}

enum tfu_status tfu_lease_check_soon(struct tfu_lease *l, struct tfu_error *e)
{
    return tfu_lease_is_lost(l) || is_late(l) ? tfu_lease_check(l, e) : TFU_OK;
}

bool tfu_lease_is_lost(struct tfu_lease *l)
{
    return atomic_load(&l->lost);
}

uint64_t tfu_lease_token(struct tfu_lease *l)
{
    pthread_mutex_lock(&l->lock);
    const uint64_t token = l->token;
    pthread_mutex_unlock(&l->lock);
    return token;
}

void tfu_lease_free(struct tfu_lease *l)
{
    double time;
    if (!l)
        return;
    if (l->started) {
        pthread_mutex_lock(&l->lock);
        l->quit = true;
        pthread_cond_signal(&l->wake);
        pthread_mutex_unlock(&l->lock);
        pthread_join(l->thread, NULL);
    }
    if (l->fd >= 0 && !atomic_load(&l->lost)) {
        l->content.released = true;
        l->content.step = atomic_load(&l->step);
        l->content.steps = atomic_load(&l->steps);
        tfu_lease_file_write(l->fd, &l->content,
                             &time); /* or it is stale once this process is gone */
    }
    if (l->fd >= 0)
        close(l->fd);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->wake);
    free(l->folder);
    free(l);
}
