/* SPDX-License-Identifier: MIT
 *
 * weights_opened.h - a file of weights that is open, and the names of its tensors. Private to
 * weights_open.c, weights_names.c and weights_sha256.c.
 */
#ifndef TFU_CORE_IO_WEIGHTS_OPENED_H
#define TFU_CORE_IO_WEIGHTS_OPENED_H

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/io/mapped_file.h"
#include "core/io/weights.h"
#include "core/io/weights_reader.h"

/* A tensor and its number with the reader. */
struct tfu_weights_entry {
    struct tfu_weights_tensor tensor;
    size_t place;
};

struct tfu_weights {
    char *path;
    struct tfu_mapped_file file;
    struct tfu_weights_reader reader; /* ops is NULL: not open */
    struct tfu_weights_entry *entry;  /* sorted by name */
    size_t count;
    struct tfu_arena names; /* of tensors that were renamed */
    struct tfu_text unwrapped;
    struct tfu_text warning;
    struct tfu_digests *digests;       /* may be NULL */
    char sha256[TFU_HASH_HEX];         /* "": not read yet */
    const struct tfu_weights_own *own; /* NULL: it is no checkpoint of the caller's */
};

/* Takes off what frameworks put before every name. */
void tfu_weights_unwrap(struct tfu_weights *w);
/* Only the tensors with the prefix stay, without it; *found: there are some. TFU_ENOTFOUND: none.
 */
enum tfu_status tfu_weights_strip(struct tfu_weights *w, const char *prefix, bool *found,
                                  struct tfu_error *e);
/* By their names, of which no two are the same. */
enum tfu_status tfu_weights_sort(struct tfu_weights *w, struct tfu_error *e);

#endif
