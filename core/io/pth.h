/* SPDX-License-Identifier: MIT
 *
 * pth.h - what PyTorch's two formats have in common: a pickled object whose tensors are views of
 * storages that are kept beside it. Private to pth_*.c.
 *
 * Source: torch/serialization.py and torch/_utils.py of PyTorch 1.13 and 2.x.
 */
#ifndef TFU_CORE_IO_PTH_H
#define TFU_CORE_IO_PTH_H

#include "core/io/pickle.h"
#include "core/io/weights_reader.h"

/* A storage as a persistent identity describes it. */
struct tfu_pth_storage {
    const char *key;
    enum tfu_stored_type type;         /* U8: bytes of any type */
    const struct tfu_pth_other *other; /* a type that is not read; NULL: it is */
    bool part;                         /* of another storage, as before PyTorch 0.4 */
    size_t size;                       /* of a number */
    int64_t count;                     /* numbers */
};

/* A type of numbers that is told, not read. */
struct tfu_pth_other {
    const char *name; /* "C64" */
    size_t size;
    const char *problem;
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
    struct tfu_reader_dictionary *dictionary;
    size_t dictionaries;
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
/* All tensors of the object, or of the one of its dictionaries that `dictionary` names ("a.b": one
 * in another; NULL: none is named). Of the keys state_dict, model, model_state_dict,
 * state_dict_ema, model_ema, net and module the first whose value is a dictionary with tensors is
 * taken, again and again; names of tensors in dictionaries that are left are joined with dots. A
 * tensor alone is called "tensor", those of a list have their numbers. */
enum tfu_status tfu_pth_collect(struct tfu_pth *p, const struct tfu_pickle *pickle,
                                const struct tfu_pth_finder *finder, const char *dictionary,
                                struct tfu_error *e);

/* Lists the dictionaries of tensors under `root`; `bytes`: of the pickle, which bounds the search.
 */
enum tfu_status tfu_pth_dictionaries_list(struct tfu_pth *p, const struct tfu_pickle_value *root,
                                          size_t bytes, struct tfu_error *e);
/* TFU_ENOTFOUND, naming those that there are. */
enum tfu_status tfu_pth_dictionaries_find(const struct tfu_pth *p,
                                          const struct tfu_pickle_value *root, const char *path,
                                          const struct tfu_pickle_value **out, struct tfu_error *e);

/* "an object of 'torch.nn.modules.linear.Linear'", or NULL: it is no object that is a model. */
const char *tfu_pth_model_class(const struct tfu_pickle_value *v);
/* Is it a class with its source, as a model before 1.6 has beside its storages? */
bool tfu_pth_is_module(const struct tfu_pickle_value *persistent);
/* Is it an array of NumPy? */
bool tfu_pth_is_array(const struct tfu_pickle_value *v);
/* What was called to make an object, or what is named, as far as it has a name; else "". */
const char *tfu_pth_name(const struct tfu_pickle_value *v);
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
bool tfu_pth_dictionary_at(const void *self, size_t i, struct tfu_reader_dictionary *out);

#endif
