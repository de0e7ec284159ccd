/* SPDX-License-Identifier: MIT
 *
 * loader.h - a dataset as batches, in an order that depends on (seed, epoch) alone. The next
 * batches are read by threads of their own while the current one is in use; how many there are
 * changes nothing that a caller sees.
 */
#ifndef TFU_CORE_DATA_LOADER_H
#define TFU_CORE_DATA_LOADER_H

#include "core/data/dataset.h"

struct tfu_loader;

/* As many workers as it takes, found out while batches are taken. */
#define TFU_LOADER_AUTO UINT32_MAX
enum { TFU_LOADER_WORKERS = 64 }; /* the most that there are then */

/* For `data.workers`, whose 0 is TFU_LOADER_AUTO. */
uint32_t tfu_loader_workers(int64_t configured);

struct tfu_loader_request {
    const struct tfu_dataset *dataset; /* must outlive the loader */
    int64_t batch;
    bool shuffle; /* else in index order */
    uint64_t seed;
    bool random;      /* examples as they are trained on, others in each epoch; else evaluated */
    bool drop_last;   /* leave out the last batch of an epoch when it is not full */
    uint32_t workers; /* threads that read; each has a batch to fill. 0: one; TFU_LOADER_AUTO */
};

struct tfu_loader_batch {
    int64_t rows;           /* 0: the epoch is over; the next call begins the following one */
    int64_t epoch, index;   /* of this batch in its epoch */
    const float *pixels;    /* rows x H x W x C */
    const float *labels;    /* rows x label_columns */
    const int64_t *example; /* rows: index in the dataset (as tfu_dataset_get() counts) */
    /* Where a transform mixes images: the share of each row's loss that goes by its `labels`, the
     * rest by these, rows x label_columns. NULL: none is mixed. */
    const double *share;
    const float *other_labels;
    /* At the end of an epoch that was read from its first batch on: images without a picture in
     * them, and one of these. */
    int64_t constant, first_constant;
};

/* What is random in example `index` in that epoch goes by this alone, wherever in the epoch it
 * comes. `key` is that of the training's seed. */
uint64_t tfu_loader_key(uint64_t seed);
uint64_t tfu_loader_example_key(const struct tfu_dataset *d, uint64_t key, int64_t epoch,
                                int64_t index);

enum tfu_status tfu_loader_new(struct tfu_loader **out, const struct tfu_loader_request *request,
                               struct tfu_error *e);
void tfu_loader_free(struct tfu_loader *l);
int64_t tfu_loader_batches_per_epoch(const struct tfu_loader *l);
/* What its batches and their order take: one batch a worker, and the caller's; with the example
 * that each worker reads. TFU_LOADER_AUTO: at most. */
size_t tfu_loader_bytes(const struct tfu_loader_request *request);
/* The next batch is number `index` of `epoch`: where a resumed run goes on. */
enum tfu_status tfu_loader_seek(struct tfu_loader *l, int64_t epoch, int64_t index,
                                struct tfu_error *e);
/* An example that cannot be read is an error of its batch, in its turn: the batches before it come
 * first, and those behind it come after. What `out` points to is valid until the next call. [one
 * thread] */
enum tfu_status tfu_loader_next(struct tfu_loader *l, struct tfu_loader_batch *out,
                                struct tfu_error *e);

#endif
