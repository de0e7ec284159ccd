/* SPDX-License-Identifier: MIT
 *
 * transfuse/dataset.h - random access to examples. The host selects, transforms, shuffles and
 * batches.
 */
#ifndef TFU_DATASET_H
#define TFU_DATASET_H

#include <transfuse/example.h>
#include <transfuse/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a dataset is as a whole. */
struct tfu_dataset_info {
    uint32_t struct_size;
    /* What labels() gives of an example: TFU_FIELD_CLASS (one column, a class index),
     * TFU_FIELD_LABELS or TFU_FIELD_NUMBERS (columns); 0: there are no labels. */
    uint32_t target;
    int64_t count;                  /* examples; at least one */
    int64_t label_columns;          /* 1 for TFU_FIELD_CLASS, 0 without labels */
    int64_t classes;                /* class indices are 0..classes-1; 0 unless TFU_FIELD_CLASS */
    const char *const *class_names; /* `classes` (or `label_columns`) names, or NULL */
    /* Of every image. 0: they differ, or it is not known before they are read. Where all images
     * went through the host's add_image(), 0 lets the host say what it saw. */
    int64_t height, width, channels;
    /* A digest in hex of all that the examples are made of; it decides which run a configuration
     * belongs to. NULL: the host takes one of what went through add_file(), add_image() and
     * add_bytes(). */
    const char *fingerprint;
    /* Bytes that it keeps while it is open, of what grows with the examples: for the plan of a
     * run's memory. 0: it does not say. */
    int64_t memory;
    /* What else a table says of its examples, as words: "sex", "age", "view". Numbers are measured
     * apart for each value of one, and a split may follow it. NULL: nothing. */
    const char *const *attribute_names;
    int64_t attributes; /* how many */
    /* What is good to know of the files, a sentence each: how many rows were left out and why, how
     * often a label is uncertain. They go into the run's log, and `transfuse data check` prints
     * them. NULL: nothing. */
    const char *const *notes;
    int64_t note_count;
};

/* What the host lends to open() and labels(). [one thread] */
struct tfu_dataset_host {
    uint32_t struct_size;
    uint32_t reserved;
    void *host; /* the host's own; do not touch */

    /* After a failure of add_file() or add_image() it may be called once: what it says, as the line
     * of a table that names the file, is put in front of the host's reason. */
    enum tfu_status (*fail)(struct tfu_dataset_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);
    /* Adds a line to the run's log. */
    void (*warn)(struct tfu_dataset_host *h, const char *fmt, ...) TFU_PRINTF(2, 3);

    /* Each takes something into the fingerprint, in the order of the calls; only in open(). A
     * file counts by its contents, not by its name or place. add_image() also looks at the header:
     * it refuses what no reader knows, and remembers size and channels; `channels` is what
     * read_image() will be asked for. */
    enum tfu_status (*add_file)(struct tfu_dataset_host *h, const char *path);
    enum tfu_status (*add_image)(struct tfu_dataset_host *h, const char *path, int64_t channels);
    enum tfu_status (*add_bytes)(struct tfu_dataset_host *h, const void *bytes, size_t size);

    /* The MD5 of a file in hex, to compare with one that was published. The host remembers it while
     * the file stays as it is, as it does for add_file(). Not TFU_OK: it cannot be computed; that
     * alone is no failure, and fail() has not been called. */
    enum tfu_status (*md5)(struct tfu_dataset_host *h, const char *path, char hex[33]);
};

struct tfu_dataset_ops {
    uint32_t struct_size;
    uint32_t reserved;

    /* Opens the files and checks them as a whole: what does not fit together is found here, not in
     * the middle of a run. `config` stays valid until close(). */
    enum tfu_status (*open)(void **self, const void *config, struct tfu_dataset_host *h);
    void (*close)(void *self);

    /* Lives until close(). [any thread] */
    const struct tfu_dataset_info *(*info)(const void *self);

    /* The labels of examples first..first+count-1, `label_columns` numbers each; one that is not
     * known is NaN. NULL where there are none. */
    enum tfu_status (*labels)(const void *self, int64_t first, int64_t count, float *labels,
                              struct tfu_dataset_host *h);

    /* Adds the fields of example `index` of 0..count-1 through the host: exactly one image, and
     * what belongs to it (mask, boxes, points). Labels are not its to give. The same index always
     * gives the same example. [any thread] */
    enum tfu_status (*get)(const void *self, int64_t index, struct tfu_example_host *h);

    /* What an example is called, for messages and predictions: a file's name. Lives until close().
     * NULL: examples have no names. [any thread] */
    const char *(*name)(const void *self, int64_t index);

    /* Whom an example is of, a patient's number for instance: examples of one group are alike, so
     * no two splits share one. Equal words are one group. Lives until close(). NULL, or returns
     * NULL: the example is a group of its own. [any thread] */
    const char *(*group)(const void *self, int64_t index);
    /* The example's value of attribute `which` of the info's names; "": it is not known. Lives
     * until close(). NULL where there are no attributes. [any thread] */
    const char *(*attribute)(const void *self, int64_t index, int64_t which);
};

#ifdef __cplusplus
}
#endif
#endif
