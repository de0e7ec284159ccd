/* SPDX-License-Identifier: MIT
 *
 * example.h - the host's side of one example on its way into a batch: its fields, their memory, and
 * what is lent to the plugins that make and change it.
 */
#ifndef TFU_CORE_DATA_EXAMPLE_H
#define TFU_CORE_DATA_EXAMPLE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/log.h"

#include <transfuse/example.h>

struct tfu_image_files;
struct tfu_image_seen_file;

/* A field, with what the plugin sees of it. */
struct tfu_example_slot {
    struct tfu_field field;
    struct tfu_tensor tensor;
};

/* What a transform has said with note(). [any thread] */
struct tfu_example_notes {
    struct tfu_log *log; /* NULL: nobody reads it */
    const char *of;      /* the transform */
    atomic_size_t count;
};

enum { TFU_EXAMPLE_FIELDS = 16 };

/* Asks a dataset's get() which file it would read, and has it read none: read_image() fails. */
struct tfu_example_probe {
    uint32_t asked;                         /* how often it asked for one */
    const struct tfu_image_seen_file *seen; /* what is known of that; NULL: nothing */
};

/* Lives on the stack of the thread that works on it; does not move. */
struct tfu_example_work {
    struct tfu_example_host host; /* lent to plugins */
    struct tfu_example example;   /* likewise */
    struct tfu_example_slot slot[TFU_EXAMPLE_FIELDS];
    struct tfu_field *field[TFU_EXAMPLE_FIELDS];
    struct tfu_image_files *files;   /* NULL: no files are read */
    struct tfu_example_probe *probe; /* NULL: it is read */
    bool adds;                       /* fields may be added: it is with its dataset */
    struct tfu_error *error;         /* where fail() writes */
    struct tfu_example_notes *notes; /* NULL: note() does nothing */
    struct tfu_example_block *blocks;
};

/* An example without fields. `files` and `e` must outlive it. */
void tfu_example_begin(struct tfu_example_work *w, struct tfu_image_files *files,
                       struct tfu_error *e);
/* Frees all memory of the example. */
void tfu_example_end(struct tfu_example_work *w);

/* A field of this kind with memory that is not set; NULL after a failure. */
struct tfu_tensor *tfu_example_add(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                                   const struct tfu_shape *shape);

/* The same with memory of the caller's, which outlives the example. */
struct tfu_tensor *tfu_example_append(struct tfu_example_work *w, uint32_t kind, uint32_t dtype,
                                      const struct tfu_shape *shape, void *data);

/* Do the fields' tensors look as their kinds say? Else TFU_EINVAL. */
enum tfu_status tfu_example_check(const struct tfu_example_work *w, struct tfu_error *e);

/* An image's numbers as floats from 0 to 1. `out` has room for all. */
void tfu_example_copy_floats(const struct tfu_tensor *image, float *out);

#endif
