/* SPDX-License-Identifier: MIT
 *
 * transfuse/dataset.h - random access to examples. The host selects, resizes, shuffles and batches.
 */
#ifndef TFU_DATASET_H
#define TFU_DATASET_H

#include <transfuse/option.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tfu_dataset_info {
    uint32_t struct_size;
    uint32_t label_columns;          /* 1 for a class index */
    int64_t count;                   /* examples */
    int64_t height, width, channels; /* of every example */
    int64_t classes; /* class indices are 0..classes-1; 0: columns are not class indices */
    const char *const *class_names; /* `classes` (or `label_columns`) names, or NULL */
    const char *fingerprint;        /* hex digest of the bytes behind it; goes in the run record */
};

struct tfu_dataset_ops {
    uint32_t struct_size;
    uint32_t reserved;

    /* Opens the files and checks them as a whole: sizes that disagree are found here, not in the
     * middle of a run. `config` stays valid until close(). */
    enum tfu_status (*open)(void **self, const void *config, struct tfu_host *h);
    void (*close)(void *self);

    /* Fills `out`; what it points to lives until close(). [any thread] */
    enum tfu_status (*info)(const void *self, struct tfu_dataset_info *out);

    /* Example `index` of 0..count-1: pixels H,W,C (integers of 8 bits as 0..1; none may be NaN or
     * infinite), label_columns labels; an unknown label is NaN. Either pointer may be NULL: not
     * wanted. The same index always gives the same numbers. [any thread] */
    enum tfu_status (*get)(const void *self, int64_t index, float *pixels, float *labels,
                           struct tfu_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
