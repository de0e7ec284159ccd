/* SPDX-License-Identifier: MIT
 *
 * Does a transform do the same with the same key, whenever and in whatever thread, and something
 * else with another?
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/conformance/transform_tests.h"

enum { KEYS = 32, THREADS = 4, TRUTHS = 8 };

/* Runs it on `scene` and compares with `truth`. */
static enum tfu_status compare(const struct tfu_check_transform *t,
                               const struct tfu_check_scene *scene, uint32_t random, uint64_t key,
                               const struct tfu_check_example *truth, bool *same,
                               struct tfu_error *e)
{
    struct tfu_check_example x;
    const enum tfu_status st = tfu_check_transform_run(t, scene, random, key, TFU_GUARD_NAN, &x, e);
    if (st != TFU_OK)
        return st;
    *same = tfu_check_example_same(truth, &x, TFU_CHECK_ALL_FIELDS);
    tfu_check_example_end(&x);
    return TFU_OK;
}

/* The same key once more, after others, by another instance. */
static enum tfu_status same_key(const struct tfu_check_transform *t,
                                const struct tfu_check_scene *s, struct tfu_error *e)
{
    struct tfu_check_transform again;
    struct tfu_error said;
    bool refused, same = true;
    enum tfu_status st = tfu_check_transform_open(t->check, t->check->config, s->height, s->width,
                                                  s->channels, &again, &refused, &said, e);
    if (st == TFU_OK && refused)
        st = tfu_error_set(e, TFU_EINVAL, "it is refused the second time: %s", said.text);
    for (uint64_t i = 0; st == TFU_OK && i < 4; i++) {
        struct tfu_check_example truth;
        st = tfu_check_transform_run(t, s, 1, tfu_check_key(i), TFU_GUARD_NUMBERS, &truth, e);
        if (st == TFU_OK)
            st = compare(t, s, 1, tfu_check_key(i + 1), &truth, &same, e); /* another in between */
        if (st == TFU_OK)
            st = compare(t, s, 1, tfu_check_key(i), &truth, &same, e);
        if (st == TFU_OK && !same)
            st = tfu_error_set(e, TFU_EINVAL,
                               "the same example and key give other bits after other examples");
        if (st == TFU_OK)
            st = compare(&again, s, 1, tfu_check_key(i), &truth, &same, e);
        if (st == TFU_OK && !same)
            st = tfu_error_set(e, TFU_EINVAL,
                               "the same example and key give other bits in another instance");
        tfu_check_example_end(&truth);
    }
    if (st == TFU_OK)
        tfu_check_transform_close(&again);
    return st;
}

enum tfu_status tfu_check_transform_repeats(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_transform_each(c, same_key, e);
}

static enum tfu_status only_if_random(const struct tfu_check_transform *t,
                                      const struct tfu_check_scene *s, struct tfu_error *e)
{
    const bool random = t->ops->flags & TFU_TRANSFORM_RANDOM;
    struct tfu_check_example still, chance;
    bool same = true;
    enum tfu_status st = tfu_check_transform_run(t, s, 0, 0, TFU_GUARD_NUMBERS, &still, e);
    if (st == TFU_OK)
        st = tfu_check_transform_run(t, s, 1, tfu_check_key(0), TFU_GUARD_NUMBERS, &chance, e);
    for (uint64_t i = 1; st == TFU_OK && i < 5; i++) {
        st = compare(t, s, 0, tfu_check_key(i), &still, &same, e);
        if (st == TFU_OK && !same)
            return tfu_error_set(e, TFU_EINVAL,
                                 "where nothing is to be random (`random` is 0), another key gives "
                                 "another result");
        if (st == TFU_OK && !random)
            st = compare(t, s, 1, tfu_check_key(i), &still, &same, e);
        if (st == TFU_OK && !same)
            return tfu_error_set(e, TFU_EINVAL,
                                 "another key gives another result, and its flags are without "
                                 "TFU_TRANSFORM_RANDOM");
    }
    if (st != TFU_OK)
        return st;
    tfu_check_example_end(&still);
    tfu_check_example_end(&chance);
    return TFU_OK;
}

enum tfu_status tfu_check_transform_chance(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_transform_each(c, only_if_random, e);
}

/* Does it differ for any of some keys, on any image? */
static enum tfu_status differs(struct tfu_check *c, bool *found, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = TFU_CHECK_SIZES; st == TFU_OK && !*found && i-- > 0;)
        for (size_t k = 0; st == TFU_OK && !*found && k < TFU_CHECK_CHANNELS; k++) {
            const struct tfu_check_scene s = {.height = tfu_check_sizes[i][0],
                                              .width = tfu_check_sizes[i][1],
                                              .channels = tfu_check_channels[k],
                                              .dtype = TFU_U8};
            struct tfu_check_transform t;
            struct tfu_check_example first;
            struct tfu_error said;
            bool refused, same = true;
            st = tfu_check_transform_open(c, c->config, s.height, s.width, s.channels, &t, &refused,
                                          &said, e);
            if (st != TFU_OK || refused)
                continue;
            st = tfu_check_transform_run(&t, &s, 1, tfu_check_key(0), TFU_GUARD_NUMBERS, &first, e);
            for (uint64_t key = 1; st == TFU_OK && same && key < KEYS; key++)
                st = compare(&t, &s, 1, tfu_check_key(key), &first, &same, e);
            *found = !same;
            tfu_check_example_end(&first);
            tfu_check_transform_close(&t);
        }
    return st;
}

enum tfu_status tfu_check_transform_key(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_transform_ops *ops = c->plugin->ops;
    bool found = false;
    if (!(ops->flags & TFU_TRANSFORM_RANDOM))
        return tfu_check_skip(c, "it is not random");
    if (ops->flags & TFU_TRANSFORM_MIXES)
        return tfu_check_skip(c, "it does nothing to an example alone");
    const enum tfu_status st = differs(c, &found, e);
    if (st == TFU_OK && !found)
        return tfu_error_set(e, TFU_EINVAL,
                             "%d keys give the same result, and its flags have "
                             "TFU_TRANSFORM_RANDOM; does it draw from the host's key?",
                             KEYS);
    return st;
}

/* ---- several threads on one instance */

struct worker {
    const struct tfu_check_transform *t;
    const struct tfu_check_scene *scene;
    const struct tfu_check_example *truth; /* TRUTHS of them */
    uint64_t offset;
    struct tfu_error error;
};

static void *run_all(void *arg)
{
    struct worker *w = arg;
    const uint64_t rounds = tfu_check_is_large(w->scene->height) ? 2 : 8;
    enum tfu_status st = TFU_OK;
    for (uint64_t k = 0; st == TFU_OK && k < rounds * TRUTHS; k++) {
        const uint64_t i = (k * 3 + w->offset) % TRUTHS;
        bool same = true;
        st = compare(w->t, w->scene, 1, tfu_check_key(i), &w->truth[i], &same, &w->error);
        if (st == TFU_OK && !same)
            st = tfu_error_set(&w->error, TFU_EINVAL,
                               "the same key gives other bits when several threads run at once");
    }
    return NULL;
}

static enum tfu_status start(struct worker *w, struct tfu_error *e)
{
    pthread_t id[THREADS];
    int started = 0;
    enum tfu_status st = TFU_OK;
    while (started < THREADS && pthread_create(&id[started], NULL, run_all, &w[started]) == 0)
        started++;
    for (int k = 0; k < started; k++) {
        pthread_join(id[k], NULL);
        if (w[k].error.status != TFU_OK)
            st = tfu_error_set(e, w[k].error.status, "%s", w[k].error.text);
    }
    return started == THREADS ? st : tfu_error_set(e, TFU_EIO, "cannot start threads");
}

static enum tfu_status at_once(const struct tfu_check_transform *t, const struct tfu_check_scene *s,
                               struct tfu_error *e)
{
    struct worker worker[THREADS];
    struct tfu_check_example *truth = calloc(TRUTHS, sizeof *truth);
    enum tfu_status st = truth ? TFU_OK : tfu_error_memory(e, "checking a plugin", 0);
    for (uint64_t i = 0; st == TFU_OK && i < TRUTHS; i++)
        st = tfu_check_transform_run(t, s, 1, tfu_check_key(i), TFU_GUARD_NUMBERS, &truth[i], e);
    for (uint64_t k = 0; k < THREADS; k++)
        worker[k] = (struct worker){.t = t, .scene = s, .truth = truth, .offset = 2 * k};
    if (st == TFU_OK)
        st = start(worker, e);
    for (uint64_t i = 0; st == TFU_OK && i < TRUTHS; i++)
        tfu_check_example_end(&truth[i]);
    free(truth);
    return st;
}

/* Two sizes are enough, and one type. */
static enum tfu_status in_threads(const struct tfu_check_transform *t,
                                  const struct tfu_check_scene *s, struct tfu_error *e)
{
    return s->height >= 40 && s->dtype == TFU_U8 ? at_once(t, s, e) : TFU_OK;
}

enum tfu_status tfu_check_transform_threads(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_transform_each(c, in_threads, e);
}
