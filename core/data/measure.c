/* SPDX-License-Identifier: MIT */
#include "core/data/measure.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/base/threads.h"
#include "core/config/measured.h"
#include "core/config/measured_numbers.h"
#include "core/data/channel_moments.h"
#include "core/data/dataset.h"
#include "core/data/measure_cache.h"

/* Images of one task, and of one pass through the pool, whose moments are then added. */
enum { PER_TASK = 4, PER_PASS = 256 };
static const double smallest = 1e-6; /* deviation that `normalise` takes */

struct pass {
    const struct tfu_dataset *dataset;
    int64_t first, end;
    struct tfu_channel_moments image[PER_PASS];
    pthread_mutex_t lock; /* of the error, which is that of the first image that has one */
    int64_t failed;
    struct tfu_error error;
};

static void fail(struct pass *p, int64_t image, const struct tfu_error *e)
{
    pthread_mutex_lock(&p->lock);
    if (p->error.status == TFU_OK || image < p->failed) {
        p->error = *e;
        p->failed = image;
    }
    pthread_mutex_unlock(&p->lock);
}

static void task(void *arg, uint32_t index, uint32_t worker)
{
    struct pass *p = arg;
    const struct tfu_dataset_info *info = tfu_dataset_info(p->dataset);
    const int64_t pixels = info->height * info->width, first = p->first + (int64_t)index * PER_TASK;
    float *image = malloc((size_t)(pixels * info->channels) * sizeof *image);
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = image ? TFU_OK : tfu_error_memory(&e, "measuring images", 0);
    (void)worker;
    for (int64_t i = first; i < first + PER_TASK && i < p->end; i++) {
        if (st == TFU_OK)
            st = tfu_dataset_get(p->dataset, i, image, NULL, &e);
        if (st != TFU_OK) {
            fail(p, i, &e);
            break;
        }
        tfu_channel_moments_take(&p->image[i - p->first], image, pixels, info->channels);
    }
    free(image);
}

static enum tfu_status add_all(struct tfu_channel_moments *sum, const struct tfu_dataset *d,
                               struct tfu_threads *threads, struct tfu_error *e)
{
    const int64_t count = tfu_dataset_info(d)->count;
    struct pass *p = calloc(1, sizeof *p);
    if (!p)
        return tfu_error_memory(e, "measuring images", 0);
    p->dataset = d;
    pthread_mutex_init(&p->lock, NULL);
    for (; p->error.status == TFU_OK && p->first < count; p->first = p->end) {
        p->end = p->first + PER_PASS < count ? p->first + PER_PASS : count;
        tfu_threads_run(threads, (uint32_t)((p->end - p->first + PER_TASK - 1) / PER_TASK), task,
                        p);
        for (int64_t i = p->first; i < p->end; i++)
            tfu_channel_moments_add(sum, &p->image[i - p->first]);
    }
    pthread_mutex_destroy(&p->lock);
    const enum tfu_status st = p->error.status;
    if (st != TFU_OK && e)
        *e = p->error;
    free(p);
    return st;
}

static enum tfu_status read_all(struct tfu_measured *out, const struct tfu_dataset *d,
                                uint32_t threads, struct tfu_error *e)
{
    struct tfu_channel_moments sum = {.mean = {0}};
    struct tfu_threads *pool = NULL;
    enum tfu_status st = tfu_threads_new(&pool, threads, e);
    if (st == TFU_OK)
        st = add_all(&sum, d, pool, e);
    tfu_threads_free(pool);
    for (size_t c = 0; st == TFU_OK && c < out->channels; c++) {
        tfu_channel_moments_numbers(&sum, out->images, c, &out->mean[c], &out->deviation[c]);
        if (out->deviation[c] < smallest)
            st =
                tfu_error_set(e, TFU_EINVAL,
                              "channel %zu of the training images hardly differs from %g, by which "
                              "nothing can be divided",
                              c, out->mean[c]);
    }
    return st;
}

static void say(const struct tfu_measured *m, bool is_known, struct tfu_log *log)
{
    struct tfu_text mean = TFU_TEXT_INIT, deviation = TFU_TEXT_INIT;
    for (size_t c = 0; c < m->channels; c++) {
        tfu_text_printf(&mean, "%s%.6g", c ? ", " : "", m->mean[c]);
        tfu_text_printf(&deviation, "%s%.6g", c ? ", " : "", m->deviation[c]);
    }
    tfu_log_write(log, TFU_LOG_INFO,
                  "train data: the numbers of %lld images are `normalise: {mean: [%s], deviation: "
                  "[%s]}`%s",
                  (long long)m->images, tfu_text_get(&mean), tfu_text_get(&deviation),
                  is_known ? ", as they were measured before" : "");
    tfu_text_free(&mean);
    tfu_text_free(&deviation);
}

static enum tfu_status measure(struct tfu_measured *out, const struct tfu_dataset *d,
                               uint32_t threads, struct tfu_log *log, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    struct tfu_text contents = TFU_TEXT_INIT;
    *out = (struct tfu_measured){.images = info->count, .channels = (size_t)info->channels};
    if (info->channels > TFU_MOMENTS_CHANNELS)
        return tfu_error_set(e, TFU_EINVAL,
                             "it is for images of up to %d channels; these have %lld",
                             TFU_MOMENTS_CHANNELS, (long long)info->channels);
    enum tfu_status st = tfu_dataset_put_contents(d, &contents, e);
    const bool is_known = st == TFU_OK && tfu_measure_cache_find(tfu_text_get(&contents), out);
    if (st == TFU_OK && !is_known) {
        st = read_all(out, d, threads, e);
        if (st == TFU_OK)
            tfu_measure_cache_add(tfu_text_get(&contents), out, log);
    }
    if (st == TFU_OK)
        say(out, is_known, log);
    tfu_text_free(&contents);
    return st;
}

enum tfu_status tfu_measure_numbers(struct tfu_measured *out, const struct tfu_config *c,
                                    struct tfu_registry *registry, struct tfu_log *log,
                                    struct tfu_error *e)
{
    const struct tfu_experiment *x = tfu_config_experiment(c);
    struct tfu_data_split split = x->train_data;
    struct tfu_dataset *d = NULL;
    /* as far as the step, and nothing is kept of it, which a training would keep otherwise */
    split.transform_count = tfu_measured_place(&split);
    split.cache.kind = TFU_DATA_CACHE_NONE;
    enum tfu_status st = tfu_dataset_open(&d, &split, registry, NULL, e);
    if (st == TFU_OK)
        st = measure(out, d, (uint32_t)x->threads, log, e);
    tfu_dataset_close(d);
    if (st != TFU_OK)
        tfu_error_prefix(e, "`normalise: {from: data}` of the train data");
    return st;
}

enum tfu_status tfu_measure(struct tfu_config *c, struct tfu_registry *registry,
                            struct tfu_log *log, struct tfu_error *e)
{
    struct tfu_measured m;
    if (!tfu_measured_is_wanted(c))
        return TFU_OK;
    const enum tfu_status st = tfu_measure_numbers(&m, c, registry, log, e);
    return st == TFU_OK ? tfu_measured_set(c, m.channels, m.mean, m.deviation, e) : st;
}
