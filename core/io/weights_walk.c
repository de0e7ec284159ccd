/* SPDX-License-Identifier: MIT */
#include "core/io/weights_walk.h"

#include <stdlib.h>

#include "core/io/weights_reader.h"

enum tfu_status tfu_weights_walk_begin(struct tfu_weights_walk *walk, const struct tfu_weights *w,
                                       size_t i, struct tfu_error *e)
{
    size_t place;
    const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
    const struct tfu_weights_reader *r = tfu_weights_reader_of(w, i, &place);
    const size_t size = tfu_stored_type_size(t->type);
    *walk = (struct tfu_weights_walk){.weights = w, .tensor = i};
    enum tfu_status st = tfu_weights_check(w, i, e);
    if (st != TFU_OK)
        return st;
    walk->bytes = r->ops->borrow ? r->ops->borrow(r->self, place) : NULL;
    if (walk->bytes)
        return TFU_OK;
    const bool pieces = r->ops->in_pieces && r->ops->in_pieces(r->self, place);
    const size_t bytes = (pieces ? TFU_WEIGHTS_PIECE : (size_t)t->count) * size;
    walk->owned = malloc(bytes + 1);
    if (!walk->owned)
        return tfu_error_memory(e, "reading a tensor", bytes);
    if (pieces)
        return TFU_OK;
    st = r->ops->read(r->self, place, walk->owned, e);
    if (st == TFU_OK)
        walk->bytes = walk->owned;
    else
        tfu_weights_walk_end(walk);
    return st;
}

enum tfu_status tfu_weights_walk_next(struct tfu_weights_walk *walk, const void **raw,
                                      size_t *count, struct tfu_error *e)
{
    size_t place;
    const struct tfu_weights_tensor *t = tfu_weights_get(walk->weights, walk->tensor);
    const struct tfu_weights_reader *r = tfu_weights_reader_of(walk->weights, walk->tensor, &place);
    const size_t size = tfu_stored_type_size(t->type), at = (size_t)walk->done * size;
    const int64_t left = t->count - walk->done;
    *count = left < TFU_WEIGHTS_PIECE ? (size_t)left : TFU_WEIGHTS_PIECE;
    *raw = walk->owned;
    walk->done += (int64_t)*count;
    if (*count == 0)
        return TFU_OK;
    if (walk->bytes)
        *raw = walk->bytes + at;
    else
        return r->ops->read_piece(r->self, place, at, walk->owned, *count * size, e);
    return TFU_OK;
}

void tfu_weights_walk_rewind(struct tfu_weights_walk *walk)
{
    walk->done = 0;
}

void tfu_weights_walk_end(struct tfu_weights_walk *walk)
{
    free(walk->owned);
    walk->owned = NULL;
}
