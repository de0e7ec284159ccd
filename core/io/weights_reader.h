/* SPDX-License-Identifier: MIT
 *
 * weights_reader.h - what a format gives to weights_open.c. Private to this folder.
 */
#ifndef TFU_CORE_IO_WEIGHTS_READER_H
#define TFU_CORE_IO_WEIGHTS_READER_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/stored.h"
#include "core/io/zip_file.h"

/* A tensor as a format's reader lists it. */
struct tfu_reader_tensor {
    const char *name; /* as stored; lives as long as the reader */
    enum tfu_stored_type type;
    size_t rank;
    const int64_t *dim;
    const char
        *problem;     /* NULL: none; else why its numbers cannot be read: "complex numbers ..." */
    const char *kind; /* what it is then: "C64"; the type means nothing */
    bool beside;      /* no numbers at all, but something that stands beside them: a text */
};

/* A part of a file that is to be read, where it has parts. */
struct tfu_reader_dictionary {
    const char *path; /* "state_dict_ema" */
    size_t tensors;   /* in it, whatever the depth */
    bool taken;
};

/* A file opened by one of the formats. */
struct tfu_weights_reader {
    const struct tfu_weights_reader_ops *ops;
    void *self;
};

struct tfu_weights_reader_ops {
    const char *format; /* "PyTorch zip" */
    void (*close)(void *self);
    size_t (*count)(const void *self);
    struct tfu_reader_tensor (*get)(const void *self, size_t i);
    /* All numbers of tensor `i` in C order, little-endian, as they are stored: count times the
     * type's size bytes into `to`. [any thread] */
    enum tfu_status (*read)(const void *self, size_t i, void *to, struct tfu_error *e);
    /* The same in place, or NULL where it has to be read. [any thread] */
    const void *(*borrow)(const void *self, size_t i);
    /* Can tensor `i` be read by parts without reading all of it? NULL: no. */
    bool (*in_pieces)(const void *self, size_t i);
    /* `n` of the bytes that read() gives, from byte `at` on. */
    enum tfu_status (*read_piece)(const void *self, size_t i, size_t at, void *to, size_t n,
                                  struct tfu_error *e);
    const char *(*note)(const void *self, const char *key); /* NULL: the format has no notes */
    /* "dictionary 'state_dict'": what the reader itself took off; "" when nothing. NULL: never
     * anything. */
    const char *(*unwrapped)(const void *self);
    /* The i-th note in the order of the file; false: there are not as many. NULL as `note`. */
    bool (*note_at)(const void *self, size_t i, const char **key, const char **value);
    /* The i-th dictionary of tensors that could be read by its name; false: there are not as many.
     * NULL: the format has none. */
    bool (*dictionary_at)(const void *self, size_t i, struct tfu_reader_dictionary *out);
    /* The i-th of the other files that belong to this one; NULL: there are not as many. NULL:
     * there are none. */
    const struct tfu_mapped_file *(*file_at)(const void *self, size_t i);
};

/* Each takes a whole file that is mapped at `bytes` and outlives the reader; `path` is for
 * messages, and copied. */
enum tfu_status tfu_safetensors_reader_open(struct tfu_weights_reader *out, const char *path,
                                            const void *bytes, size_t size, struct tfu_error *e);
/* `dictionary`: the one whose tensors count, or NULL for the usual ones. */
enum tfu_status tfu_pth_zip_open(struct tfu_weights_reader *out, const char *path,
                                 const void *bytes, size_t size, const char *dictionary,
                                 struct tfu_error *e);
enum tfu_status tfu_pth_legacy_open(struct tfu_weights_reader *out, const char *path,
                                    const void *bytes, size_t size, const char *dictionary,
                                    struct tfu_error *e);
enum tfu_status tfu_npy_open(struct tfu_weights_reader *out, const char *path, const void *bytes,
                             size_t size, struct tfu_error *e);
/* An archive that is open already and becomes the reader's, also when this fails. */
enum tfu_status tfu_npz_open(struct tfu_weights_reader *out, struct tfu_zip_file *zip,
                             struct tfu_error *e);

/* The one of them whose format the first bytes show. A dictionary is refused where the format has
 * none. */
enum tfu_status tfu_weights_reader_open(struct tfu_weights_reader *out, const char *path,
                                        const void *bytes, size_t size, const char *dictionary,
                                        struct tfu_error *e);

/* An index of several files, each of which is opened by `open`. */
enum tfu_status tfu_weights_index_open(struct tfu_weights_reader *out, const char *path,
                                       const void *bytes, size_t size, const char *dictionary,
                                       enum tfu_status (*open)(struct tfu_weights_reader *out,
                                                               const char *path, const void *bytes,
                                                               size_t size, const char *dictionary,
                                                               struct tfu_error *e),
                                       struct tfu_error *e);

struct tfu_weights;
/* What reads tensor `i`, and the reader's own number of it. */
const struct tfu_weights_reader *tfu_weights_reader_of(const struct tfu_weights *w, size_t i,
                                                       size_t *place);
/* TFU_EUNSUPPORTED: it has a problem. */
enum tfu_status tfu_weights_check(const struct tfu_weights *w, size_t i, struct tfu_error *e);

/* Does torch.save() as it was before 1.6 begin a file so, with whatever protocol of pickle? */
bool tfu_pth_legacy_begins(const void *bytes, size_t size, size_t *length);

#endif
