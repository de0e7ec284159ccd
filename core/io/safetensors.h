/* SPDX-License-Identifier: MIT
 *
 * safetensors.h - reads and writes safetensors files: a JSON header with names, types, shapes and
 * offsets, then the numbers, little-endian and in C order. The rules are those of the reference
 * implementation (huggingface/safetensors, src/tensor.rs); duplicate names, which it lets pass,
 * are refused. NaN and infinity are numbers here.
 */
#ifndef TFU_CORE_IO_SAFETENSORS_H
#define TFU_CORE_IO_SAFETENSORS_H

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/atomic_file.h"
#include "core/io/stored.h"

/* Of the reference implementation. */
enum { TFU_SAFETENSORS_HEADER_MAX = 100000000 };

struct tfu_safetensors_tensor {
    const char *name;
    enum tfu_stored_type dtype;
    size_t rank; /* 0: a scalar */
    const int64_t *dim;
    const void *data;  /* not aligned in files of others: memcpy out of it */
    size_t bytes;      /* ignored by the writer, which takes it from dtype and dims */
    const char *other; /* reader: the name of a type that is not read, where dtype is none; NULL */
};

struct tfu_safetensors_note {
    const char *key, *value;
};

struct tfu_safetensors;
struct tfu_file_state;

/* Maps the file and checks all of it but the numbers. Each refusal names the file and the tensor.
 */
enum tfu_status tfu_safetensors_open(struct tfu_safetensors **out, const char *path,
                                     struct tfu_error *e);
/* The same over `n` bytes in memory, which must outlive the result; `name` is for messages. */
enum tfu_status tfu_safetensors_parse(struct tfu_safetensors **out, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e);
void tfu_safetensors_close(struct tfu_safetensors *f);

/* The file's when it was opened; of no file where the bytes were in memory. */
const struct tfu_file_state *tfu_safetensors_state(const struct tfu_safetensors *f);

/* Sorted by name. */
size_t tfu_safetensors_count(const struct tfu_safetensors *f);
const struct tfu_safetensors_tensor *tfu_safetensors_get(const struct tfu_safetensors *f, size_t i);
/* NULL: there is none. */
const struct tfu_safetensors_tensor *tfu_safetensors_find(const struct tfu_safetensors *f,
                                                          const char *name);
/* A value of `__metadata__`, or NULL. */
const char *tfu_safetensors_note(const struct tfu_safetensors *f, const char *key);
/* The i-th of them in the order of the file; false: there are not as many. */
bool tfu_safetensors_note_at(const struct tfu_safetensors *f, size_t i, const char **key,
                             const char **value);

/* Of the names and the bytes of tensors in the order given, behind `n` bytes of something else. */
enum tfu_status tfu_safetensors_digest(const void *before, size_t n,
                                       const struct tfu_safetensors_tensor *tensor, size_t count,
                                       char hex[TFU_HASH_HEX], struct tfu_error *e);

/* Writes a whole file in place of `path`, or leaves what was there. Tensors go in by size of
 * element (largest first), then name; `note` becomes `__metadata__`, in the order given, and is
 * left out when there is none. The same input gives the same bytes. */
enum tfu_status tfu_safetensors_write(const char *path, const struct tfu_safetensors_tensor *tensor,
                                      size_t count, const struct tfu_safetensors_note *note,
                                      size_t note_count, struct tfu_error *e);
/* Likewise, if `guard` (may be NULL) allows it once all is written. */
enum tfu_status tfu_safetensors_write_guarded(const char *path,
                                              const struct tfu_safetensors_tensor *tensor,
                                              size_t count, const struct tfu_safetensors_note *note,
                                              size_t note_count,
                                              const struct tfu_atomic_guard *guard,
                                              struct tfu_error *e);

#endif
