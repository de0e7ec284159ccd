/* SPDX-License-Identifier: MIT
 *
 * pth.h - what PyTorch's two formats have in common: a pickled object whose tensors are views of
 * storages that are kept beside it. Private to pth_*.c.
 *
 * Source: torch/serialization.py and torch/_utils.py of PyTorch 1.13 and 2.x.
 */
#ifndef TFU_CORE_PTH_H
#define TFU_CORE_PTH_H

#include "core/io/pickle.h"
#include "core/io/weights_reader.h"

/* A storage as a persistent identity describes it. */
struct tfu_pth_storage {
    const char *key;
    enum tfu_stored_type type; /* U8: bytes of any type */
    int64_t count;             /* numbers */
};

struct tfu_pth_tensor {
    struct tfu_reader_tensor shown;
    const int64_t *stride; /* in numbers; reaches no number outside of the storage */
    int64_t offset, count;
    bool contiguous;
    size_t storage; /* the format's own index of it */
    uint64_t storage_bytes;
};

/* What each of the formats begins its own object with. */
struct tfu_pth {
    struct tfu_arena arena;
    const char *path;
    struct tfu_pth_tensor *tensor; /* sorted by name, each name once */
    size_t count, capacity;
    const char *unwrapped;
};

/* How a format finds a storage: its index and its bytes in the file. */
struct tfu_pth_finder {
    enum tfu_status (*find)(const void *self, const char *key, size_t *index, uint64_t *bytes,
                            struct tfu_error *e);
    const void *self;
};

enum tfu_status tfu_pth_begin(struct tfu_pth *p, const char *path, struct tfu_error *e);
void tfu_pth_end(struct tfu_pth *p);

/* Reads a pickle with the names that PyTorch's files may use; `part` says which one it is. */
enum tfu_status tfu_pth_unpickle(const struct tfu_pth *p, struct tfu_pickle *out, const char *part,
                                 const void *bytes, size_t size, struct tfu_arena *arena,
                                 struct tfu_error *e);
enum tfu_status tfu_pth_storage_read(const struct tfu_pth *p, struct tfu_pth_storage *out,
                                     const struct tfu_pickle_value *persistent,
                                     struct tfu_error *e);
/* All tensors of the object. Of the keys state_dict, model, model_state_dict, state_dict_ema,
 * model_ema, net and module the first whose value is a dictionary with tensors is taken, again and
 * again; names of tensors in dictionaries that are left are joined with dots. A tensor alone is
 * called "tensor", those of a list have their numbers. */
enum tfu_status tfu_pth_collect(struct tfu_pth *p, const struct tfu_pickle *pickle,
                                const struct tfu_pth_finder *finder, struct tfu_error *e);

bool tfu_pth_is_tensor(const struct tfu_pickle_value *v);
/* `v` is a tensor; `name` is copied. */
enum tfu_status tfu_pth_tensor_read(const struct tfu_pth *p, struct tfu_pth_tensor *out,
                                    struct tfu_arena *arena, const char *name,
                                    const struct tfu_pickle_value *v,
                                    const struct tfu_pth_finder *finder, struct tfu_error *e);
size_t tfu_pth_tensor_bytes(const struct tfu_pth_tensor *t);
/* All numbers in C order out of the bytes of the storage. */
void tfu_pth_tensor_gather(const struct tfu_pth_tensor *t, const void *storage, void *to);

/* For the formats' tables of functions. */
size_t tfu_pth_count(const void *self);
struct tfu_reader_tensor tfu_pth_get(const void *self, size_t i);
const char *tfu_pth_unwrapped(const void *self);

#endif
