/* SPDX-License-Identifier: MIT
 *
 * image_pack.h - pieces of bytes by number, in two files of a folder that several processes may add
 * to at once: "<name>.pack" has the pieces, "<name>.index" says which are whole. A process that is
 * killed at any moment leaves what others can read.
 */
#ifndef TFU_CORE_DATA_IMAGE_PACK_H
#define TFU_CORE_DATA_IMAGE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_image_pack;

enum tfu_image_pack_added {
    TFU_IMAGE_PACK_ADDED,
    TFU_IMAGE_PACK_FULL,  /* the folder's packs would be larger than they may be */
    TFU_IMAGE_PACK_FAILED /* `e` says why; nothing is added from now on */
};

/* Pieces 0..count-1. `name` begins with `prefix`. Packs of that prefix have `bytes` at most
 * together, or each that adds at the same moment goes beyond by a piece. Where one more piece has
 * no room, those that nobody has open are removed, the ones used longest ago first; opening removes
 * none. */
enum tfu_status tfu_image_pack_open(struct tfu_image_pack **out, const char *folder,
                                    const char *prefix, const char *name, int64_t count,
                                    uint64_t bytes, struct tfu_error *e);
void tfu_image_pack_close(struct tfu_image_pack *p);

/* Bytes of piece `i`; 0: it is not there. [any thread] */
size_t tfu_image_pack_size(struct tfu_image_pack *p, int64_t i);
/* Piece `i` into memory of that size; false: it is damaged, and as if it were not there from now
 * on. [any thread] */
bool tfu_image_pack_read(struct tfu_image_pack *p, int64_t i, void *bytes, size_t size);
/* As if piece `i` were not there. [any thread] */
void tfu_image_pack_forget(struct tfu_image_pack *p, int64_t i);
/* [any thread] */
enum tfu_image_pack_added tfu_image_pack_add(struct tfu_image_pack *p, int64_t i, const void *bytes,
                                             size_t size, struct tfu_error *e);

#endif
