/* SPDX-License-Identifier: MIT
 *
 * weights.h - a file of named tensors, whatever its format: safetensors (one file, or an index of
 * several), PyTorch's .pth (zip and the format before 1.6), npz, npy. The format is known by the
 * file's first bytes, never by its name.
 *
 * What people wrap around the tensors is taken off and reported: a dictionary {"state_dict": ...},
 * prefixes such as "module." that every name has. What the caller's own checkpoints hold beside
 * weights is left out. A tensor of a kind that is not read is listed, with its problem, and keeps
 * nobody from the others.
 */
#ifndef TFU_CORE_IO_WEIGHTS_H
#define TFU_CORE_IO_WEIGHTS_H

#include <stdbool.h>

#include "core/base/digests.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/stored.h"

struct tfu_weights_tensor {
    const char *name;        /* after unwrapping */
    const char *stored_name; /* in the file */
    enum tfu_stored_type type;
    size_t rank; /* 0: a scalar */
    const int64_t *dim;
    int64_t count;       /* numbers */
    const char *problem; /* NULL: none; else why its numbers cannot be read */
    const char *kind;    /* "F32"; with a problem, what it is: "C64", "sparse" */
    bool beside;         /* with a problem: no numbers but a text, a date, Python's objects */
};

/* How a checkpoint of the caller's is known, which has the network's own names and orders, and what
 * of it are no weights. */
struct tfu_weights_own {
    const char *const *note; /* a file that has all of these notes is one */
    size_t note_count;
    const char *slots; /* the prefix of the optimizer's slots: "optim." */
};

struct tfu_weights_request {
    const char *path;
    /* Only tensors whose stored name begins with it count, and it is taken off; "" or NULL: known
     * wrappers are taken off. It is an error when no name has it. */
    const char *strip;
    /* Lower- or upper-case hex, whole or its first 8 digits at least, that the file's SHA-256 has
     * to begin with; "" or NULL: the one that the file's name carries, as in resnet50-0676ba61.pth.
     */
    const char *sha256;
    /* The dictionary of a PyTorch file whose tensors count: "state_dict_ema", or "a.b" for one in
     * another. "" or NULL: the first of the usual ones. */
    const char *dictionary;
    const struct tfu_weights_own
        *own;                    /* must outlive the file; NULL: no checkpoint is the caller's */
    struct tfu_digests *digests; /* known ones, which must outlive the file; may be NULL */
};

struct tfu_weights;

/* The note of a file that was converted from one of ours: the order in which its linear layers
 * flatten images is that of the network, as its architecture says. */
#define TFU_WEIGHTS_FLATTEN_NOTE "linear.order"

/* Checks all of the file but the numbers. Allocates no more than the file's own size warrants.
 * TFU_ECORRUPT: damaged, or not what it claims; TFU_EUNSUPPORTED: something that is refused on
 * purpose, by its name. */
enum tfu_status tfu_weights_open(struct tfu_weights **out,
                                 const struct tfu_weights_request *request, struct tfu_error *e);
void tfu_weights_close(struct tfu_weights *w);

/* Sorted by name, by bytes. */
size_t tfu_weights_count(const struct tfu_weights *w);
const struct tfu_weights_tensor *tfu_weights_get(const struct tfu_weights *w, size_t i);
/* Index, or SIZE_MAX. */
size_t tfu_weights_find(const struct tfu_weights *w, const char *name);

/* All numbers of tensor `i`, in C order. [any thread] */
enum tfu_status tfu_weights_read_float(const struct tfu_weights *w, size_t i, float *to,
                                       struct tfu_error *e);
enum tfu_status tfu_weights_read_double(const struct tfu_weights *w, size_t i, double *to,
                                        struct tfu_error *e);
/* The same as they are stored, little-endian: count times the type's size. All three refuse a
 * tensor that has a problem. */
enum tfu_status tfu_weights_read_raw(const struct tfu_weights *w, size_t i, void *to,
                                     struct tfu_error *e);

/* Is a tensor of this name PyTorch's count of the batches that a running mean has seen? Nothing has
 * a use for it. */
bool tfu_weights_is_counter(const char *name);

/* Tensors "<from[i]>.rest" are "<to[i]>.rest" from now on, which is said among what was taken off.
 * TFU_ECORRUPT: two would have one name. */
enum tfu_status tfu_weights_rename_modules(struct tfu_weights *w, const char *const *from,
                                           const char *const *to, size_t count,
                                           struct tfu_error *e);

/* A text that the file carries beside the tensors (the metadata of safetensors), or NULL. */
const char *tfu_weights_note(const struct tfu_weights *w, const char *key);
/* The i-th of those texts that are about the weights, in the order of the file; false: there are
 * not as many. Of own checkpoints only "format" and "preprocessing.*" are: the rest is about
 * the run, and false for any other file. */
bool tfu_weights_note_at(const struct tfu_weights *w, size_t i, const char **key,
                         const char **value);
/* "safetensors", "PyTorch zip", ... */
const char *tfu_weights_format(const struct tfu_weights *w);
/* What is not an error but has to be said, such as a name that could be a digest and is not; "":
 * nothing. */
const char *tfu_weights_warning(const struct tfu_weights *w);
/* Is it an own checkpoint, or was it converted from one, with the network's own names and orders?
 */
bool tfu_weights_is_own(const struct tfu_weights *w);
/* The i-th dictionary of tensors that could be asked for, how many it has, and whether those listed
 * are its; false: there are not as many. */
bool tfu_weights_dictionary_at(const struct tfu_weights *w, size_t i, const char **path,
                               size_t *tensors, bool *taken);
/* What was taken off: "dictionary 'state_dict', prefix 'module.'"; "" when nothing was. */
const char *tfu_weights_unwrapped(const struct tfu_weights *w);
/* SHA-256 of the file (of an index: of the index and its files in order), in hex. Read on demand:
 * the first call reads the whole file unless it was checked at opening, or is known. [one thread]
 */
enum tfu_status tfu_weights_sha256(struct tfu_weights *w, char hex[TFU_HASH_HEX],
                                   struct tfu_error *e);

/* The same of the file at `path`, with an index's files behind it, without a look at its tensors'
 * names: what a run's identity needs of its sources. */
enum tfu_status tfu_weights_file_sha256(const char *path, char hex[TFU_HASH_HEX],
                                        struct tfu_error *e);

#endif
