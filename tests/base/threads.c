/* SPDX-License-Identifier: MIT
 *
 * Pools of workers: every task once, also when runs lie in each other and when several threads have
 * one pool.
 */
#include "core/base/threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "tests/support/check_main.h"

enum { POOLS = 3, DEPTH_MAX = 8, WORKERS_MAX = 8 };

/* Runs in each other: the pool of each level, outermost first, and its number of tasks. */
struct nest {
    struct tfu_threads *pool[POOLS];
    int level[DEPTH_MAX];
    uint32_t tasks[DEPTH_MAX];
    int depth;
    bool twice;      /* each task runs what is below it twice */
    atomic_int done; /* tasks of the innermost level */
};

/* One run of a level. */
struct level_run {
    struct nest *nest;
    int depth;
    uint32_t outer_worker[POOLS]; /* where it is inside of that pool already */
    bool outer_known[POOLS];
    pthread_t thread;             /* that called it */
    atomic_int busy[WORKERS_MAX]; /* tasks of that worker right now */
    atomic_int runs[64];          /* of each task */
};

static void run_level(struct nest *n, int depth, const struct level_run *outer, uint32_t worker);

static void level_task(void *arg, uint32_t index, uint32_t worker)
{
    struct level_run *r = arg;
    struct nest *n = r->nest;
    const int pool = n->level[r->depth];
    ck_assert_uint_lt(worker, tfu_threads_count(n->pool[pool]));
    ck_assert_int_eq(atomic_fetch_add(&r->busy[worker], 1), 0);
    ck_assert_int_eq(atomic_fetch_add(&r->runs[index], 1), 0);
    if (r->outer_known[pool]) { /* it is inside of that pool already */
        ck_assert_uint_eq(worker, r->outer_worker[pool]);
        ck_assert(pthread_equal(pthread_self(), r->thread));
    }
    if (r->depth + 1 == n->depth)
        atomic_fetch_add(&n->done, 1);
    for (int i = 0; r->depth + 1 < n->depth && i < 1 + n->twice; i++)
        run_level(n, r->depth + 1, r, worker);
    atomic_fetch_sub(&r->busy[worker], 1);
}

static void run_level(struct nest *n, int depth, const struct level_run *outer, uint32_t worker)
{
    struct level_run r = {.nest = n, .depth = depth, .thread = pthread_self()};
    if (outer) {
        memcpy(r.outer_worker, outer->outer_worker, sizeof r.outer_worker);
        memcpy(r.outer_known, outer->outer_known, sizeof r.outer_known);
        r.outer_worker[n->level[outer->depth]] = worker;
        r.outer_known[n->level[outer->depth]] = true;
    }
    tfu_threads_run(n->pool[n->level[depth]], n->tasks[depth], level_task, &r);
    for (uint32_t i = 0; i < n->tasks[depth]; i++)
        ck_assert_int_eq(atomic_load(&r.runs[i]), 1);
}

static int expected(const struct nest *n)
{
    int tasks = 1;
    for (int i = 0; i < n->depth; i++)
        tasks *= (int)n->tasks[i] * (n->twice && i > 0 ? 2 : 1);
    return tasks;
}

static void open_pools(struct nest *n, const uint32_t count[POOLS])
{
    for (int i = 0; i < POOLS; i++)
        ck_assert_int_eq(tfu_threads_new(&n->pool[i], count[i], NULL), TFU_OK);
}

static void close_pools(struct nest *n)
{
    for (int i = 0; i < POOLS; i++)
        tfu_threads_free(n->pool[i]);
}

static void check_nest(const int *level, const uint32_t *tasks, int depth, bool twice)
{
    static const uint32_t counts[][POOLS] = {{3, 2, 4}, {1, 3, 2}, {2, 1, 3}, {4, 4, 1}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct nest n = {.depth = depth, .twice = twice};
        memcpy(n.level, level, (size_t)depth * sizeof *level);
        memcpy(n.tasks, tasks, (size_t)depth * sizeof *tasks);
        open_pools(&n, counts[i]);
        for (int round = 0; round < 3; round++) {
            atomic_store(&n.done, 0);
            run_level(&n, 0, NULL, 0);
            ck_assert_int_eq(atomic_load(&n.done), expected(&n));
        }
        close_pools(&n);
    }
}

#define NEST(twice, levels, ...)                                                                   \
    check_nest((const int[]){__VA_ARGS__}, (const uint32_t[]){5, 3, 3, 2, 3, 2}, levels, twice)

START_TEST(nested_on_two_pools)
{
    NEST(true, 2, 0, 1);
    NEST(true, 2, 1, 0);
    NEST(true, 2, 0, 0);
    NEST(true, 3, 0, 1, 0); /* after the run on 1 the task is still inside 0, also in 1's threads */
    NEST(true, 3, 1, 0, 1);
    NEST(true, 4, 0, 1, 1, 0);
    NEST(true, 4, 0, 1, 0, 1);
}
END_TEST

START_TEST(nested_on_three_pools)
{
    NEST(false, 3, 0, 1, 2);
    NEST(false, 3, 2, 1, 0);
    NEST(true, 4, 0, 1, 2, 0);
    NEST(true, 4, 0, 1, 2, 1);
    NEST(false, 6, 0, 1, 2, 1, 0, 2);
    NEST(false, 6, 2, 0, 1, 2, 0, 1);
}
END_TEST

/* The pool of a task is still its own after a run on another: not one that it may enter. */
struct after {
    struct tfu_threads *own, *other;
    atomic_int tasks;
};

static void count(void *arg, uint32_t index, uint32_t worker)
{
    (void)index;
    (void)worker;
    atomic_fetch_add(&((struct after *)arg)->tasks, 1);
}

static void others_then_own(void *arg, uint32_t index, uint32_t worker)
{
    (void)index;
    (void)worker;
    struct after *a = arg;
    tfu_threads_run(a->other, 1, count, a);
    tfu_threads_run(a->own, 10, count, a);
    tfu_threads_run(a->other, 10, count, a);
    tfu_threads_run(a->own, 10, count, a);
}

START_TEST(inside_its_pool_after_a_run_on_another)
{
    struct after a = {.own = NULL};
    ck_assert_int_eq(tfu_threads_new(&a.own, 3, NULL), TFU_OK);
    ck_assert_int_eq(tfu_threads_new(&a.other, 2, NULL), TFU_OK);
    for (int round = 0; round < 100; round++)
        tfu_threads_run(a.own, 20, others_then_own, &a);
    ck_assert_int_eq(atomic_load(&a.tasks), 100 * 20 * 31);
    tfu_threads_free(a.own);
    tfu_threads_free(a.other);
}
END_TEST

/* ---- several threads of the program's own */

struct outsider {
    pthread_t thread;
    struct nest nest;
};

static void *run_outsider(void *arg)
{
    struct outsider *o = arg;
    for (int round = 0; round < 100; round++)
        run_level(&o->nest, 0, NULL, 0);
    return NULL;
}

START_TEST(one_pool_for_several_threads)
{
    enum { OUTSIDERS = 4 };
    /* two pools in both orders: waiting for each other would never end */
    static const int level[OUTSIDERS][3] = {{0, 1, 0}, {1, 0, 1}, {0, 0, 2}, {2, 1, 0}};
    struct outsider outsider[OUTSIDERS] = {0};
    struct nest pools = {.depth = 0};
    open_pools(&pools, (const uint32_t[]){3, 3, 2});
    for (int i = 0; i < OUTSIDERS; i++) {
        struct nest *n = &outsider[i].nest;
        *n = (struct nest){.depth = 3, .tasks = {5, 4, 3}};
        memcpy(n->pool, pools.pool, sizeof n->pool);
        memcpy(n->level, level[i], sizeof level[i]);
        ck_assert_int_eq(pthread_create(&outsider[i].thread, NULL, run_outsider, &outsider[i]), 0);
    }
    for (int i = 0; i < OUTSIDERS; i++) {
        pthread_join(outsider[i].thread, NULL);
        ck_assert_int_eq(atomic_load(&outsider[i].nest.done), 100 * 5 * 4 * 3);
    }
    close_pools(&pools);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base/threads");
    TCase *t = tcase_create("threads");
    suite_add_tcase(s, t);
    tcase_add_test(t, nested_on_two_pools);
    tcase_add_test(t, nested_on_three_pools);
    tcase_add_test(t, inside_its_pool_after_a_run_on_another);
    tcase_add_test(t, one_pool_for_several_threads);
    return run_suite(s);
}
