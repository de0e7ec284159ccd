/* SPDX-License-Identifier: MIT
 *
 * Batches are numbered from where the loader began or was sought to, ends of epochs among them, and
 * number i belongs in slot i % slots. Workers take the numbers in their order and fill the slots at
 * the same time; the caller takes them in their order again. What is in a batch depends on its
 * epoch and index alone, so it does not matter which worker fills it, and when.
 */
#include "core/data/loader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/threads.h"
#include "core/data/balance.h"
#include "core/data/loader_mix.h"
#include "core/data/order.h"
#include "core/data/range.h"

struct slot {
    struct tfu_loader_batch batch;
    float *pixels, *labels;
    int64_t *example;
    struct tfu_loader_mix mix;
    int64_t constant, first_constant; /* images of this batch */
    double seconds;                   /* that it took to fill */
    struct tfu_error error;
    bool full; /* filled, and not yet taken by the caller */
};

struct tfu_loader {
    struct tfu_loader_request request;
    int64_t per_epoch; /* batches */
    int64_t image;     /* floats of one */
    int64_t columns;
    uint64_t key; /* of all that is random in examples */

    pthread_t *worker;
    uint32_t started;  /* of request.workers; 0: seeking failed */
    bool is_auto;      /* their number changes: */
    uint32_t most;     /* workers that there may be */
    struct slot *slot; /* most + 1, of which the first `slots` have memory */
    int64_t slots;     /* one more than workers: the caller has one */

    /* Who has the turn takes the next batch, and nobody else looks at these. */
    pthread_mutex_t turn;
    struct tfu_order order;
    int64_t epoch, index; /* of that batch; index == per_epoch: the epoch's end */
    int64_t taken;        /* its number */

    /* Also the slots' `full`. A worker may have the turn while it locks this, not the reverse. */
    pthread_mutex_t lock;
    pthread_cond_t filled, freed;
    atomic_bool quit;   /* changes under the lock */
    int64_t given_back; /* batches that the caller is done with */

    /* the caller's own */
    int64_t next;                     /* number of the batch that it gets next */
    bool whole;                       /* the epoch was read from its first batch on */
    int64_t constant, first_constant; /* of it so far */
    struct tfu_balance balance;
    int64_t at[2];         /* epoch and index of the batch that it has */
    double seconds, given; /* to read it, and when it got it; 0: it has none */
};

/* ---- workers */

static void count_constant(const struct tfu_loader *l, struct slot *s, int64_t row)
{
    const int64_t channels = tfu_dataset_info(l->request.dataset)->channels;
    if (!tfu_range_is_constant(s->pixels + row * l->image, (size_t)l->image, (size_t)channels))
        return;
    if (s->constant == 0 || s->example[row] < s->first_constant)
        s->first_constant = s->example[row];
    s->constant++;
}

/* Says what batch a slot is to have: the one at (epoch, index), and moves on. */
static void begin_batch(struct tfu_loader *l, struct slot *s)
{
    s->error = (struct tfu_error)TFU_ERROR_INIT;
    s->constant = s->first_constant = 0;
    s->batch = (struct tfu_loader_batch){.epoch = l->epoch,
                                         .index = l->index,
                                         .pixels = s->pixels,
                                         .labels = s->labels,
                                         .example = s->example,
                                         .share = s->mix.share,
                                         .other_labels = s->mix.labels};
    if (l->index == l->per_epoch) {
        l->epoch++;
        l->index = 0;
        return;
    }
    const int64_t first = l->index * l->request.batch, left = l->order.count - first;
    s->batch.rows = l->request.batch < left ? l->request.batch : left;
    tfu_order_take(&l->order, l->epoch, first, s->batch.rows, s->example);
    l->index++;
}

/* Waits until the slot of the next batch is nobody's; false: the workers are to end. */
static bool wait_for_slot(struct tfu_loader *l)
{
    pthread_mutex_lock(&l->lock);
    while (!l->quit && l->taken == l->given_back + l->slots)
        pthread_cond_wait(&l->freed, &l->lock);
    pthread_mutex_unlock(&l->lock);
    return !l->quit;
}

/* The slot of the next batch; NULL: the workers are to end. */
static struct slot *take_slot(struct tfu_loader *l)
{
    struct slot *s = NULL;
    pthread_mutex_lock(&l->turn);
    if (wait_for_slot(l)) {
        s = &l->slot[l->taken++ % l->slots];
        begin_batch(l, s);
    }
    pthread_mutex_unlock(&l->turn);
    return s;
}

uint64_t tfu_loader_key(uint64_t seed)
{
    return tfu_random_key(seed, "example", "");
}

uint64_t tfu_loader_example_key(const struct tfu_dataset *d, uint64_t key, int64_t epoch,
                                int64_t index)
{
    const int64_t source = tfu_dataset_source_index(d, index);
    return tfu_random_subkey(tfu_random_subkey(key, (uint64_t)epoch), (uint64_t)source);
}

static uint64_t example_key(const struct tfu_loader *l, int64_t epoch, int64_t example)
{
    return tfu_loader_example_key(l->request.dataset, l->key, epoch, example);
}

static enum tfu_status read_example(const struct tfu_loader *l, struct slot *s, int64_t row)
{
    const struct tfu_dataset *d = l->request.dataset;
    const int64_t example = s->example[row];
    float *pixels = s->pixels + row * l->image, *labels = s->labels + row * l->columns;
    if (!l->request.random)
        return tfu_dataset_get(d, example, pixels, labels, &s->error);
    return tfu_dataset_draw(d, example, example_key(l, s->batch.epoch, example), pixels, labels,
                            &s->error);
}

static void mix(const struct tfu_loader *l, struct slot *s)
{
    const struct tfu_loader_rows rows = {.pixels = s->pixels,
                                         .labels = s->labels,
                                         .count = s->batch.rows,
                                         .image = l->image,
                                         .columns = l->columns};
    const uint64_t epoch = tfu_random_subkey(l->key, (uint64_t)s->batch.epoch);
    tfu_loader_mix_begin(&s->mix, &rows, tfu_random_subkey(~epoch, (uint64_t)s->batch.index));
    for (int64_t i = 0; i < s->batch.rows; i++)
        if (tfu_loader_mix_row(&s->mix, &rows, i, l->request.dataset,
                               example_key(l, s->batch.epoch, s->example[i]), &s->error) != TFU_OK)
            return;
}

static void fill_slot(struct tfu_loader *l, struct slot *s)
{
    const double begin = tfu_clock_seconds();
    int64_t done = 0;
    for (; done < s->batch.rows && !l->quit; done++) {
        if (read_example(l, s, done) != TFU_OK)
            break;
        count_constant(l, s, done);
    }
    if (s->mix.share && done == s->batch.rows)
        mix(l, s);
    s->seconds = tfu_clock_seconds() - begin;
    pthread_mutex_lock(&l->lock);
    s->full = true;
    pthread_cond_signal(&l->filled);
    pthread_mutex_unlock(&l->lock);
}

static void *worker_main(void *arg)
{
    struct tfu_loader *l = arg;
    for (struct slot *s; (s = take_slot(l)) != NULL;)
        fill_slot(l, s);
    return NULL;
}

static void stop_workers(struct tfu_loader *l)
{
    pthread_mutex_lock(&l->lock);
    l->quit = true;
    pthread_cond_signal(&l->freed); /* who has the turn; the others see it when they get it */
    pthread_mutex_unlock(&l->lock);
    for (; l->started > 0; l->started--)
        pthread_join(l->worker[l->started - 1], NULL);
}

static enum tfu_status start_workers(struct tfu_loader *l, struct tfu_error *e)
{
    l->quit = false;
    l->taken = l->given_back = l->next = 0;
    for (int64_t i = 0; i < l->slots; i++)
        l->slot[i].full = false;
    for (; l->started < l->request.workers; l->started++) {
        const int err = pthread_create(&l->worker[l->started], NULL, worker_main, l);
        if (err) {
            tfu_error_set(
                e, TFU_ENOMEM,
                "cannot start thread %u of %u for reading batches: %s; ask for fewer with "
                "`data.workers` or `threads`",
                l->started + 1, l->request.workers, strerror(err));
            stop_workers(l);
            return TFU_ENOMEM;
        }
    }
    return TFU_OK;
}

/* ---- making and freeing */

uint32_t tfu_loader_workers(int64_t configured)
{
    return configured > 0 ? (uint32_t)configured : TFU_LOADER_AUTO;
}

/* The most that there may be. */
static uint32_t worker_count(const struct tfu_loader_request *r)
{
    if (r->workers != TFU_LOADER_AUTO)
        return r->workers > 0 ? r->workers : 1;
    const uint32_t available = tfu_threads_available();
    return available < TFU_LOADER_WORKERS ? available : TFU_LOADER_WORKERS;
}

static void free_slot(struct slot *s)
{
    free(s->pixels);
    free(s->labels);
    free(s->example);
    tfu_loader_mix_free(&s->mix);
    *s = (struct slot){.pixels = NULL};
}

/* Rows of a batch that there is room for: not more than there are examples. */
static size_t rows_of(const struct tfu_loader_request *r)
{
    const int64_t count = tfu_dataset_info(r->dataset)->count;
    return (size_t)(r->batch < count ? r->batch : count);
}

static bool mixes(const struct tfu_loader_request *r)
{
    return r->random && tfu_dataset_mixes(r->dataset);
}

size_t tfu_loader_bytes(const struct tfu_loader_request *r)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(r->dataset);
    const size_t image = (size_t)(info->height * info->width * info->channels);
    const size_t row = (image + (size_t)info->label_columns) * sizeof(float) + sizeof(int64_t);
    const size_t order = r->shuffle ? (size_t)info->count * sizeof(int64_t) : 0;
    const size_t reading = worker_count(r) * tfu_dataset_reading_bytes(r->dataset);
    const size_t mixing =
        mixes(r) ? tfu_loader_mix_bytes(rows_of(r), image, (size_t)info->label_columns) : 0;
    return (worker_count(r) + 1) * (rows_of(r) * row + mixing) + reading + order;
}

/* Memory for the slots of so many workers; those that have some keep it. */
static enum tfu_status make_slots(struct tfu_loader *l, uint32_t workers, struct tfu_error *e)
{
    const size_t rows = rows_of(&l->request);
    for (; l->slots <= (int64_t)workers; l->slots++) {
        struct slot *s = &l->slot[l->slots];
        s->pixels = calloc(rows, (size_t)l->image * sizeof *s->pixels);
        s->labels = calloc(rows, (size_t)l->columns * sizeof *s->labels);
        s->example = calloc(rows, sizeof *s->example);
        bool complete = s->pixels && s->labels && s->example;
        if (complete && mixes(&l->request))
            complete = tfu_loader_mix_init(&s->mix, rows, (size_t)l->image, (size_t)l->columns);
        if (!complete) {
            free_slot(s);
            return tfu_error_memory(e, "making room for batches", 0);
        }
    }
    return TFU_OK;
}

static enum tfu_status allocate(struct tfu_loader *l, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(l->request.dataset);
    l->image = info->height * info->width * info->channels;
    l->columns = info->label_columns;
    l->worker = calloc(l->most, sizeof *l->worker);
    l->slot = calloc(l->most + 1, sizeof *l->slot);
    enum tfu_status st = l->worker && l->slot ? make_slots(l, l->request.workers, e)
                                              : tfu_error_memory(e, "making room for batches", 0);
    return st == TFU_OK
               ? tfu_order_init(&l->order, info->count, l->request.shuffle, l->request.seed, e)
               : st;
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
    l->key = tfu_loader_key(request->seed);
    l->most = worker_count(request);
    l->is_auto = request->workers == TFU_LOADER_AUTO;
    l->request.workers = request->workers == TFU_LOADER_AUTO ? 1 : l->most;
    l->per_epoch =
        request->drop_last ? count / request->batch : (count + request->batch - 1) / request->batch;
    pthread_mutex_init(&l->turn, NULL);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->filled, NULL);
    pthread_cond_init(&l->freed, NULL);
    enum tfu_status st = allocate(l, e);
    if (st == TFU_OK)
        st = start_workers(l, e);
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
    stop_workers(l);
    pthread_cond_destroy(&l->freed);
    pthread_cond_destroy(&l->filled);
    pthread_mutex_destroy(&l->lock);
    pthread_mutex_destroy(&l->turn);
    for (int64_t i = 0; i < l->slots; i++)
        free_slot(&l->slot[i]);
    tfu_order_free(&l->order);
    free(l->slot);
    free(l->worker);
    free(l);
}

/* ---- use */

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
    stop_workers(l);
    l->whole = false;
    l->given = 0;
    l->epoch = epoch;
    l->index = index;
    return start_workers(l, e);
}

/* Adds up an epoch's constant images, batch by batch; its end gets them. */
static void add_constant(struct tfu_loader *l, const struct slot *s, struct tfu_loader_batch *out)
{
    if (out->index == 0) {
        l->whole = true;
        l->constant = l->first_constant = 0;
    }
    if (s->constant > 0) {
        if (l->constant == 0 || s->first_constant < l->first_constant)
            l->first_constant = s->first_constant;
        l->constant += s->constant;
    }
    if (out->index == l->per_epoch && l->whole) {
        out->constant = l->constant;
        out->first_constant = l->first_constant;
    }
}

/* Those that are of no worker. */
static void drop_slots(struct tfu_loader *l)
{
    while (l->slots > (int64_t)l->request.workers + 1)
        free_slot(&l->slot[--l->slots]);
}

/* Goes on behind the batch that the caller had, with another number of workers. Batches that were
 * read ahead are read once more. */
static enum tfu_status change_workers(struct tfu_loader *l, uint32_t workers, struct tfu_error *e)
{
    const bool ends = l->at[1] == l->per_epoch;
    if (workers == l->request.workers)
        return TFU_OK;
    stop_workers(l);
    /* without memory for more it stays as it is */
    if (make_slots(l, workers, NULL) == TFU_OK)
        l->request.workers = workers;
    drop_slots(l);
    const int64_t epoch = ends ? l->at[0] + 1 : l->at[0], index = ends ? 0 : l->at[1] + 1;
    l->epoch = epoch;
    l->index = index;
    if (start_workers(l, NULL) == TFU_OK)
        return TFU_OK;
    l->request.workers = 1; /* the system has no more threads */
    drop_slots(l);
    l->epoch = epoch; /* those that did start have taken batches */
    l->index = index;
    return start_workers(l, e);
}

/* The caller is done with its batch. */
static enum tfu_status balance(struct tfu_loader *l, double reading, struct tfu_error *e)
{
    if (l->most == 1 || !l->is_auto || l->given <= 0)
        return TFU_OK;
    tfu_balance_add(&l->balance, reading, tfu_clock_seconds() - l->given);
    return tfu_balance_is_due(&l->balance)
               ? change_workers(l, tfu_balance_workers(&l->balance, l->most), e)
               : TFU_OK;
}

enum tfu_status tfu_loader_next(struct tfu_loader *l, struct tfu_loader_batch *out,
                                struct tfu_error *e)
{
    if (l->started == 0) {
        *out = (struct tfu_loader_batch){.rows = 0};
        return tfu_error_set(e, TFU_EINVAL, "no batch is read since seeking failed; seek again");
    }
    const enum tfu_status st = balance(l, l->seconds, e);
    if (st != TFU_OK) {
        *out = (struct tfu_loader_batch){.rows = 0};
        return st;
    }
    struct slot *s = &l->slot[l->next % l->slots];
    pthread_mutex_lock(&l->lock);
    l->given_back = l->next; /* what the caller had is a worker's again */
    pthread_cond_signal(&l->freed);
    while (!s->full)
        pthread_cond_wait(&l->filled, &l->lock);
    s->full = false;
    l->next++;
    pthread_mutex_unlock(&l->lock);
    *out = s->batch;
    l->at[0] = out->epoch;
    l->at[1] = out->index;
    l->seconds = s->seconds;
    l->given = out->rows > 0 ? tfu_clock_seconds() : 0; /* what an epoch's end takes says nothing */
    add_constant(l, s, out);
    if (s->error.status != TFU_OK && e && e->status == TFU_OK)
        *e = s->error;
    return s->error.status;
}
