/* SPDX-License-Identifier: MIT
 *
 * predictions.h - what a network says of each example, as CSV: index, name, group, labels, scores,
 * and logits on request; of a map a line for each position, with its number. A file that exists is
 * not touched without `force`; a new one is there whole or not at all.
 */
#ifndef TFU_CORE_RUN_PREDICTIONS_H
#define TFU_CORE_RUN_PREDICTIONS_H

#include <stdbool.h>

#include "core/data/dataset.h"
#include "core/io/atomic_file.h"
#include "core/io/csv.h"

#include <transfuse/metric.h>

struct tfu_predictions {
    struct tfu_csv csv; /* file NULL: closed */
    struct tfu_atomic_file file;
    char *path; /* without links */
    const struct tfu_dataset *data;
    int64_t outputs, label_columns;
    int64_t positions; /* rows that an example has: more than 1 are numbered */
    bool logits, force;
    bool named;   /* the dataset has names for its examples: set when the file is opened, as ... */
    bool grouped; /* ... whether it knows their groups */
    bool stream;  /* a pipe or a device: written as it comes */
};

/* Would something be overwritten? A file of that name that is neither a device nor a folder. */
bool tfu_predictions_exist(const char *path);

/* Begins a file with the rest of `p` filled in, and writes its head. `class_names` may be NULL. */
enum tfu_status tfu_predictions_open(struct tfu_predictions *p, const char *path,
                                     const char *const *class_names, struct tfu_error *e);
/* A line an example, or one for each position of its map; numbers of float32 in digits that give
 * them back. */
enum tfu_status tfu_predictions_add(struct tfu_predictions *p, const struct tfu_batch *batch,
                                    const int64_t *example, struct tfu_error *e);
/* Puts the file in its place; after a failure `st` removes it. Returns the first failure. */
enum tfu_status tfu_predictions_close(struct tfu_predictions *p, enum tfu_status st,
                                      struct tfu_error *e);

#endif
