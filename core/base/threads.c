/* SPDX-License-Identifier: MIT */
#include "core/base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"

/* How long a worker looks for the next job before it sleeps: a training step has hundreds of jobs
 * that follow each other within microseconds. */
enum { SPINS = 4000 };

struct worker {
    struct tfu_threads *pool;
    pthread_t thread;
    uint32_t index;
};

struct tfu_threads {
    uint32_t count;
    struct worker *worker; /* count - 1 of them: the caller is worker 0 */
    uint32_t started;

    pthread_mutex_t lock;
    pthread_cond_t wake, done;
    atomic_uint generation; /* goes up with every job */
    bool quit;

    atomic_bool busy; /* a thread runs its tasks here: what is below is its job */
    void (*task)(void *arg, uint32_t index, uint32_t worker);
    void *arg;
    uint32_t tasks;
    const struct tfu_calling *calling; /* what the caller is in: its tasks are the plugin's */
    const struct frame *outer;         /* the runs that the caller is inside of */
    atomic_uint next;                  /* first task that nobody has taken */
    atomic_uint working;               /* workers that have not finished this job */
};

/* A run that a thread does tasks of, and the one that this one was called in: a task's own run on
 * a pool further out must not wait for that pool's workers, the task's own thread among them. */
struct frame {
    const struct tfu_threads *pool;
    uint32_t worker;
    const struct frame *outer;
};
static _Thread_local const struct frame *inside;

static const struct frame *find_frame(const struct tfu_threads *t)
{
    const struct frame *f = inside;
    while (f && f->pool != t)
        f = f->outer;
    return f;
}

static void run_tasks(struct tfu_threads *t, uint32_t worker)
{
    const struct frame *before = inside;
    inside = &(struct frame){.pool = t, .worker = worker, .outer = t->outer};
    for (;;) {
        const uint32_t i = atomic_fetch_add(&t->next, 1);
        if (i >= t->tasks)
            break;
        t->task(t->arg, i, worker);
    }
    inside = before;
}

/* In this thread alone, one after the other. */
static void run_here(const struct tfu_threads *t, uint32_t worker, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct frame *before = inside;
    inside = &(struct frame){.pool = t, .worker = worker, .outer = before};
    for (uint32_t i = 0; i < tasks; i++)
        task(arg, i, worker);
    inside = before;
}

static inline void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* A stack for signal handlers, so that a thread whose own is full can still be reported. */
static void lend_stack(unsigned char *memory, size_t size)
{
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE))
        sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = size}, NULL);
}

static void *worker_main(void *arg)
{
    unsigned char spare[32 * 1024]; /* signal frames have all vector and matrix registers */
    lend_stack(spare, sizeof spare);
    const struct worker *w = arg;
    struct tfu_threads *t = w->pool;
    unsigned seen = 0;
    for (;;) {
        for (int i = 0; i < SPINS && atomic_load(&t->generation) == seen; i++)
            pause_briefly();
        pthread_mutex_lock(&t->lock);
        while (atomic_load(&t->generation) == seen)
            pthread_cond_wait(&t->wake, &t->lock);
        seen = atomic_load(&t->generation);
        const bool quit = t->quit;
        pthread_mutex_unlock(&t->lock);
        if (quit)
            return NULL;
        tfu_calling_begin(t->calling);
        run_tasks(t, w->index);
        tfu_calling_end(NULL);
        if (atomic_fetch_sub(&t->working, 1) == 1) {
            pthread_mutex_lock(&t->lock);
            pthread_cond_signal(&t->done);
            pthread_mutex_unlock(&t->lock);
        }
    }
}

/* Processors that the control group's quota allows (cgroup v2, then v1), or 0: no limit. */
static uint32_t quota_processors(void)
{
    double quota = 0, period = 0;
    char word[32] = "";
    FILE *f = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (f) {
        if (fscanf(f, "%31s %lf", word, &period) == 2 && strcmp(word, "max") != 0)
            quota = strtod(word, NULL);
        fclose(f);
    } else {
        FILE *q = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r");
        FILE *p = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r");
        if (!q || !p || fscanf(q, "%lf", &quota) != 1 || fscanf(p, "%lf", &period) != 1)
            quota = 0;
        if (q)
            fclose(q);
        if (p)
            fclose(p);
    }
    if (quota <= 0 || period <= 0 || quota / period > 1e6)
        return 0;
    const double n = quota / period;
    return (uint32_t)n + (n > (double)(uint32_t)n);
}

uint32_t tfu_threads_available(void)
{
    uint32_t n = 1;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        n = (uint32_t)CPU_COUNT(&set);
    const uint32_t quota = quota_processors();
    return quota && quota < n ? quota : n;
}

enum tfu_status tfu_threads_new(struct tfu_threads **out, uint32_t count, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_threads *t = calloc(1, sizeof *t);
    if (!t)
        return tfu_error_memory(e, "starting threads", 0);
    t->count = count ? count : tfu_threads_available();
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->wake, NULL);
    pthread_cond_init(&t->done, NULL);
    t->worker = calloc(t->count, sizeof *t->worker);
    if (!t->worker) {
        tfu_threads_free(t);
        return tfu_error_memory(e, "starting threads", 0);
    }
    for (; t->started + 1 < t->count; t->started++) {
        struct worker *w = &t->worker[t->started];
        *w = (struct worker){.pool = t, .index = t->started + 1};
        const int err = pthread_create(&w->thread, NULL, worker_main, w);
        if (err) {
            tfu_error_set(e, TFU_ENOMEM,
                          "cannot start thread %u of %u: %s; ask for fewer with `threads:`",
                          t->started + 2, t->count, strerror(err));
            tfu_threads_free(t);
            return TFU_ENOMEM;
        }
    }
    *out = t;
    return TFU_OK;
}

void tfu_threads_free(struct tfu_threads *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->quit = true;
    atomic_fetch_add(&t->generation, 1);
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->lock);
    for (uint32_t i = 0; i < t->started; i++)
        pthread_join(t->worker[i].thread, NULL);
    pthread_cond_destroy(&t->done);
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    free(t->worker);
    free(t);
}

uint32_t tfu_threads_count(const struct tfu_threads *t)
{
    return t->count;
}

/* All workers together; the pool is the caller's alone. */
static void run_together(struct tfu_threads *t, uint32_t tasks,
                         void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    t->task = task;
    t->arg = arg;
    t->tasks = tasks;
    t->calling = tfu_calling_now();
    t->outer = inside;
    atomic_store(&t->next, 0);
    atomic_store(&t->working, t->count - 1);
    pthread_mutex_lock(&t->lock);
    atomic_fetch_add(&t->generation, 1);
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->lock);
    run_tasks(t, 0);
    for (int i = 0; i < SPINS && atomic_load(&t->working) != 0; i++)
        pause_briefly();
    pthread_mutex_lock(&t->lock);
    while (atomic_load(&t->working) != 0)
        pthread_cond_wait(&t->done, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void tfu_threads_run(struct tfu_threads *t, uint32_t tasks,
                     void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct frame *f = find_frame(t);
    /* Waiting for another thread's run could be for ever: its tasks may want a pool that this
     * thread is inside of. */
    if (f || t->count == 1 || tasks < 2 || atomic_exchange(&t->busy, true)) {
        run_here(t, f ? f->worker : 0, tasks, task, arg);
        return;
    }
    run_together(t, tasks, task, arg);
    atomic_store(&t->busy, false);
}
