/* SPDX-License-Identifier: MIT */
#include "core/bench/data.h"

#include "core/base/clock.h"
#include "core/base/threads.h"
#include "core/data/loader.h"

static struct tfu_loader_request loader_request(const struct tfu_bench_data_request *r,
                                                uint32_t workers)
{
    return (struct tfu_loader_request){.dataset = r->dataset,
                                       .batch = r->batch,
                                       .shuffle = true,
                                       .random = true,
                                       .seed = r->seed,
                                       .workers = workers};
}

/* The next batch that has rows. */
static enum tfu_status next(struct tfu_loader *l, int64_t *rows, struct tfu_error *e)
{
    struct tfu_loader_batch batch;
    enum tfu_status st;
    do
        st = tfu_loader_next(l, &batch, e);
    while (st == TFU_OK && batch.rows == 0);
    *rows = batch.rows;
    return st;
}

/* Images a second of `steps` batches, after those that were begun together. */
static enum tfu_status time_workers(const struct tfu_bench_data_request *r, uint32_t workers,
                                    double *rate, struct tfu_error *e)
{
    const struct tfu_loader_request request = loader_request(r, workers);
    const int64_t warm = (int64_t)workers + 1;
    /* what was read ahead at the beginning weighs little against what is timed */
    const int64_t timed = r->steps > 4 * warm ? r->steps : 4 * warm;
    struct tfu_loader *l;
    int64_t images = 0, rows;
    double begin = tfu_clock_seconds();
    enum tfu_status st = tfu_loader_new(&l, &request, e);
    for (int64_t i = 0; st == TFU_OK && i < warm + timed; i++) {
        st = next(l, &rows, e);
        images += i < warm ? 0 : rows;
        begin = i < warm ? tfu_clock_seconds() : begin;
    }
    const double seconds = tfu_clock_seconds() - begin;
    *rate = seconds > 0 ? (double)images / seconds : 0;
    tfu_loader_free(l);
    return st;
}

/* An epoch, by which a cache is filled. */
static enum tfu_status time_epoch(const struct tfu_bench_data_request *r, double *rate,
                                  struct tfu_error *e)
{
    const struct tfu_loader_request request = loader_request(r, r->workers);
    const double begin = tfu_clock_seconds();
    struct tfu_loader *l;
    struct tfu_loader_batch batch = {.rows = 1};
    enum tfu_status st = tfu_loader_new(&l, &request, e);
    while (st == TFU_OK && batch.rows > 0)
        st = tfu_loader_next(l, &batch, e);
    *rate = (double)tfu_dataset_info(r->dataset)->count / (tfu_clock_seconds() - begin);
    tfu_loader_free(l);
    return st;
}

enum tfu_status tfu_bench_data(struct tfu_bench_data *out,
                               const struct tfu_bench_data_request *request, struct tfu_error *e)
{
    struct tfu_bench_data_request r = *request;
    const struct tfu_dataset_info *info = tfu_dataset_info(r.dataset);
    r.workers = r.workers ? r.workers : tfu_threads_available();
    r.workers = r.workers < TFU_BENCH_WORKERS ? r.workers : TFU_BENCH_WORKERS;
    *out = (struct tfu_bench_data){.batch = r.batch < info->count ? r.batch : info->count,
                                   .height = info->height,
                                   .width = info->width,
                                   .channels = info->channels};
    enum tfu_status st = TFU_OK;
    if (tfu_dataset_is_cached(r.dataset))
        st = time_epoch(&r, &out->cold, e);
    for (; st == TFU_OK && out->workers < r.workers; out->workers++)
        st = time_workers(&r, out->workers + 1, &out->rate[out->workers], e);
    return st;
}

void tfu_bench_put_data(struct tfu_text *out, const struct tfu_bench_data *d)
{
    tfu_text_printf(out, "examples of %lld x %lld x %lld in batches of %lld\n",
                    (long long)d->height, (long long)d->width, (long long)d->channels,
                    (long long)d->batch);
    if (d->cold > 0)
        tfu_text_printf(out, "first epoch, which fills the cache: %.1f images/s\n", d->cold);
    tfu_text_puts(out, "workers    images/s\n");
    for (uint32_t i = 0; i < d->workers; i++)
        tfu_text_printf(out, "%7u %11.1f\n", i + 1, d->rate[i]);
}

json_t *tfu_bench_data_json(const struct tfu_bench_data *d)
{
    json_t *rates = json_array();
    for (uint32_t i = 0; rates && i < d->workers; i++)
        if (json_array_append_new(rates, json_real(d->rate[i])) != 0) {
            json_decref(rates);
            rates = NULL;
        }
    return json_pack("{s:I, s:[I, I, I], s:f, s:o}", "batch", (json_int_t)d->batch, "image",
                     (json_int_t)d->height, (json_int_t)d->width, (json_int_t)d->channels,
                     "images_per_second_cold", d->cold, "images_per_second", rates);
}
