/* SPDX-License-Identifier: MIT
 *
 * tensor_list.h - the numbers of a training by their names in a checkpoint, as views; and what a
 * file has of them.
 */
#ifndef TFU_CORE_TRAIN_TENSOR_LIST_H
#define TFU_CORE_TRAIN_TENSOR_LIST_H

#include "core/base/arena.h"
#include "core/graph/network.h"
#include "core/io/safetensors.h"
#include "core/train/optimise.h"

/* What the names of the optimizer's slots begin with. */
#define TFU_TENSOR_LIST_SLOTS "optim."

struct tfu_tensor_list {
    struct tfu_arena arena;
    struct tfu_safetensors_tensor
        *tensor; /* `data` is the network's place or the optimiser's own */
    size_t count;
    size_t slots; /* of them, at the end, are the optimiser's */
};

/* `optimiser` may be NULL. Views of the numbers of now: valid as long as both live. */
enum tfu_status tfu_tensor_list_make(struct tfu_tensor_list *out, const struct tfu_network *network,
                                     const struct tfu_optimiser *optimiser, struct tfu_error *e);
void tfu_tensor_list_free(struct tfu_tensor_list *l);

/* Fails with a table of the differences unless the file has every tensor of the list in its type
 * and shape, and no other; slots in the file ("optim.*") are fine when the list has none. */
enum tfu_status tfu_tensor_list_match(const struct tfu_tensor_list *l,
                                      const struct tfu_safetensors *file, const char *path,
                                      struct tfu_error *e);
/* After a match, of a list in the order in which it was made: copies the file's numbers into the
 * network and the optimiser that it is of. */
enum tfu_status tfu_tensor_list_load(const struct tfu_tensor_list *l,
                                     const struct tfu_safetensors *file,
                                     struct tfu_network *network, struct tfu_error *e);

#endif
