/* SPDX-License-Identifier: MIT
 *
 * init_file.h - a file that parameters come from, with what became of each of them.
 */
#ifndef TFU_CORE_TRAIN_INIT_FILE_H
#define TFU_CORE_TRAIN_INIT_FILE_H

#include "core/base/digests.h"
#include "core/base/log.h"
#include "core/io/preprocessing.h"
#include "core/io/weights.h"

/* What became of a parameter that was to come from a file. */
enum tfu_init_fate {
    TFU_INIT_NOT_TAKEN,
    TFU_INIT_LOADED,
    TFU_INIT_HEAD, /* `head: reinit` */
    TFU_INIT_MISSING,
    TFU_INIT_MISSING_ALLOWED,
    TFU_INIT_MISMATCHED,
    TFU_INIT_MISMATCHED_ALLOWED
};

/* A file as one rule reads it. */
struct tfu_init_file {
    struct tfu_init_file *next;
    struct tfu_weights *weights;
    char *path;
    size_t rule;
    enum tfu_init_fate *fate; /* per parameter: what its first take() came to */
    char **adapted;           /* per parameter: how it was adapted; NULL: not at all */
    bool *unsure;             /* per parameter: the order in which it flattens is not known */
    uint32_t param_count;
};

/* What a load is compared with, where its warnings go, and what is known of its files. */
struct tfu_init_images {
    const struct tfu_preprocessing *preprocessing; /* NULL: unknown */
    struct tfu_log *log;                           /* may be NULL */
    struct tfu_digests *digests;                   /* of the files, as far as known; may be NULL */
};

#endif
