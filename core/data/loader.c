/* SPDX-License-Identifier: MIT */
#include "core/data/loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/data/range.h"

/* One of two batches: while the caller uses one, the reader fills the other. */
struct slot {
    struct tfu_loader_batch batch;
    float *pixels, *labels;
    int64_t *example;
    struct tfu_error error;
    bool full; /* filled, and not yet taken */
};

struct tfu_loader {
    struct tfu_loader_request request;
    int64_t per_epoch; /* batches */
    int64_t image;     /* floats of one */
    int64_t columns;

    pthread_t reader;
    bool reading; /* the thread exists */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool quit;
    struct slot slot[2];
    int next;  /* slot that the caller gets next */
    int taken; /* slot that the caller has, or -1 */

    /* the reader's own */
    int64_t *order;
    int64_t order_epoch;  /* that `order` is for; -1: none */
    int64_t epoch, index; /* of the batch to read next; index == per_epoch: the epoch's end */
    bool whole;           /* the epoch was read from its first batch on */
    int64_t constant, first_constant; /* of it so far */
    int filling;
};

static void make_order(struct tfu_loader *l, int64_t epoch)
{
    if (l->order_epoch == epoch)
        return;
    const int64_t count = tfu_dataset_info(l->request.dataset)->count;
    for (int64_t i = 0; i < count; i++)
        l->order[i] = i;
    if (l->request.shuffle) {
        struct tfu_random r;
        const uint64_t key = tfu_random_key(l->request.seed, "shuffle", "");
        tfu_random_init(&r, tfu_random_subkey(key, (uint64_t)epoch));
        tfu_random_shuffle(&r, l->order, (size_t)count);
    }
    l->order_epoch = epoch;
}

static void count_constant(struct tfu_loader *l, int64_t example, const float *pixels)
{
    const int64_t channels = tfu_dataset_info(l->request.dataset)->channels;
    if (!tfu_range_is_constant(pixels, (size_t)l->image, (size_t)channels))
        return;
    if (l->constant == 0 || example < l->first_constant)
        l->first_constant = example;
    l->constant++;
}

/* Fills a slot with the batch at (epoch, index) and moves on. */
static void read_batch(struct tfu_loader *l, struct slot *s)
{
    const int64_t count = tfu_dataset_info(l->request.dataset)->count;
    s->error = (struct tfu_error)TFU_ERROR_INIT;
    s->batch = (struct tfu_loader_batch){.epoch = l->epoch,
                                         .index = l->index,
                                         .pixels = s->pixels,
                                         .labels = s->labels,
                                         .example = s->example};
    if (l->index == 0) {
        l->whole = true;
        l->constant = 0;
    }
    if (l->index == l->per_epoch) {
        s->batch.constant = l->whole ? l->constant : 0;
        s->batch.first_constant = l->first_constant;
        l->epoch++;
        l->index = 0;
        return;
    }
    make_order(l, l->epoch);
    const int64_t first = l->index * l->request.batch;
    const int64_t rows = first + l->request.batch < count ? l->request.batch : count - first;
    for (int64_t i = 0; i < rows && s->error.status == TFU_OK; i++) {
        s->example[i] = l->order[first + i];
        tfu_dataset_get(l->request.dataset, s->example[i], s->pixels + i * l->image,
                        s->labels + i * l->columns, &s->error);
        count_constant(l, s->example[i], s->pixels + i * l->image);
    }
    s->batch.rows = rows;
    l->index++;
}

static void *reader_main(void *arg)
{
    struct tfu_loader *l = arg;
    pthread_mutex_lock(&l->lock);
    while (!l->quit) {
        struct slot *s = &l->slot[l->filling];
        if (s->full || l->taken == l->filling) {
            pthread_cond_wait(&l->changed, &l->lock);
            continue;
        }
        pthread_mutex_unlock(&l->lock);
        read_batch(l, s);
        pthread_mutex_lock(&l->lock);
        s->full = true;
        l->filling = 1 - l->filling;
        pthread_cond_broadcast(&l->changed);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

static void stop_reader(struct tfu_loader *l)
{
    if (!l->reading)
        return;
    pthread_mutex_lock(&l->lock);
    l->quit = true;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->reader, NULL);
    l->reading = false;
}

static enum tfu_status start_reader(struct tfu_loader *l, struct tfu_error *e)
{
    l->quit = false;
    l->slot[0].full = l->slot[1].full = false;
    l->next = l->filling = 0;
    l->taken = -1;
    const int err = pthread_create(&l->reader, NULL, reader_main, l);
    if (err)
        return tfu_error_set(e, TFU_ENOMEM, "cannot start the thread that reads batches: %s",
                             strerror(err));
    l->reading = true;
    return TFU_OK;
}

static enum tfu_status allocate(struct tfu_loader *l, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(l->request.dataset);
    l->image = info->height * info->width * info->channels;
    l->columns = info->label_columns;
    const size_t rows = (size_t)(l->request.batch < info->count ? l->request.batch : info->count);
    bool complete = (l->order = calloc((size_t)info->count, sizeof *l->order)) != NULL;
    for (int i = 0; i < 2; i++) {
        struct slot *s = &l->slot[i];
        s->pixels = calloc(rows, (size_t)l->image * sizeof *s->pixels);
        s->labels = calloc(rows, (size_t)l->columns * sizeof *s->labels);
        s->example = calloc(rows, sizeof *s->example);
        complete = complete && s->pixels && s->labels && s->example;
    }
    return complete ? TFU_OK : tfu_error_memory(e, "making room for batches", 0);
}

enum tfu_status tfu_loader_new(struct tfu_loader **out, const struct tfu_loader_request *request,
                               struct tfu_error *e)
{
    *out = NULL;
    const int64_t count = tfu_dataset_info(request->dataset)->count;
    if (request->drop_last && count < request->batch)
        return tfu_error_set(e, TFU_EINVAL,
                             "drop_last leaves nothing: the %lld examples do not fill a batch of "
                             "%lld; use a smaller batch",
                             (long long)count, (long long)request->batch);
    struct tfu_loader *l = calloc(1, sizeof *l);
    if (!l)
        return tfu_error_memory(e, "making room for batches", 0);
    l->request = *request;
    l->order_epoch = -1;
    l->per_epoch =
        request->drop_last ? count / request->batch : (count + request->batch - 1) / request->batch;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    enum tfu_status st = allocate(l, e);
    if (st == TFU_OK)
        st = start_reader(l, e);
    if (st != TFU_OK) {
        tfu_loader_free(l);
        return st;
    }
    *out = l;
    return TFU_OK;
}

void tfu_loader_free(struct tfu_loader *l)
{
    if (!l)
        return;
    stop_reader(l);
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    for (int i = 0; i < 2; i++) {
        free(l->slot[i].pixels);
        free(l->slot[i].labels);
        free(l->slot[i].example);
    }
    free(l->order);
    free(l);
}

int64_t tfu_loader_batches_per_epoch(const struct tfu_loader *l)
{
    return l->per_epoch;
}

enum tfu_status tfu_loader_seek(struct tfu_loader *l, int64_t epoch, int64_t index,
                                struct tfu_error *e)
{
    if (epoch < 0 || index < 0 || index > l->per_epoch)
        return tfu_error_set(e, TFU_EINVAL,
                             "there is no batch %lld in epoch %lld: an epoch has %lld",
                             (long long)index, (long long)epoch, (long long)l->per_epoch);
    stop_reader(l);
    l->whole = false;
    l->epoch = epoch;
    l->index = index;
    return start_reader(l, e);
}

enum tfu_status tfu_loader_next(struct tfu_loader *l, struct tfu_loader_batch *out,
                                struct tfu_error *e)
{
    if (!l->reading) {
        *out = (struct tfu_loader_batch){.rows = 0};
        return tfu_error_set(e, TFU_EINVAL, "no batch is read since seeking failed; seek again");
    }
    pthread_mutex_lock(&l->lock);
    l->taken = -1; /* what the caller had is the reader's again */
    pthread_cond_broadcast(&l->changed);
    struct slot *s = &l->slot[l->next];
    while (!s->full)
        pthread_cond_wait(&l->changed, &l->lock);
    s->full = false;
    l->taken = l->next;
    l->next = 1 - l->next;
    pthread_mutex_unlock(&l->lock);
    *out = s->batch;
    if (s->error.status != TFU_OK && e && e->status == TFU_OK)
        *e = s->error;
    return s->error.status;
}
