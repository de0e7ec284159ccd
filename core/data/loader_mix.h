/* SPDX-License-Identifier: MIT
 *
 * loader_mix.h - inside the loader: each row of a batch gets a partner, whose image is mixed into
 * its own, and whose labels take a share of its loss. Who it is depends on a key of the batch
 * alone.
 */
#ifndef TFU_CORE_DATA_LOADER_MIX_H
#define TFU_CORE_DATA_LOADER_MIX_H

#include "core/data/dataset.h"

/* A batch that is read. */
struct tfu_loader_rows {
    float *pixels, *labels;
    int64_t count, image, columns; /* rows, floats of an image, labels of a row */
};

struct tfu_loader_mix {
    double *share;    /* of each row; NULL: nothing is mixed */
    float *labels;    /* of each row's partner */
    float *pixels;    /* of the rows before any is mixed */
    int64_t *partner; /* each row is that of one */
};

/* Room for so many rows; false: there is no memory, and it is to be freed all the same. */
bool tfu_loader_mix_init(struct tfu_loader_mix *m, size_t rows, size_t image, size_t columns);
void tfu_loader_mix_free(struct tfu_loader_mix *m);
size_t tfu_loader_mix_bytes(size_t rows, size_t image, size_t columns);

/* Chooses partners: any order of the rows is as likely as any other, so that one may be its own. */
void tfu_loader_mix_begin(struct tfu_loader_mix *m, const struct tfu_loader_rows *rows,
                          uint64_t key);
/* Mixes one row by the key of its example. */
enum tfu_status tfu_loader_mix_row(struct tfu_loader_mix *m, const struct tfu_loader_rows *rows,
                                   int64_t row, const struct tfu_dataset *d, uint64_t key,
                                   struct tfu_error *e);

#endif
