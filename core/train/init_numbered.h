/* SPDX-License-Identifier: MIT
 *
 * init_numbered.h - files whose modules have numbers in place of names: what a torch.nn.Sequential
 * of another network's children is saved as ("4.0.conv1.weight" for "layer1.0.conv1.weight"), as in
 * the files of RadImageNet. Modules without parameters have numbers too, and leave gaps.
 */
#ifndef TFU_CORE_TRAIN_INIT_NUMBERED_H
#define TFU_CORE_TRAIN_INIT_NUMBERED_H

#include "core/graph/graph.h"
#include "core/io/weights.h"

/* Gives the tensors of such a file the network's names: its modules without heads, in their order,
 * are the file's numbers in theirs; a number whose tensors are called otherwise than the module's
 * parameters is passed over. Any other file, and one where a module finds no number, stays as it
 * is. */
enum tfu_status tfu_init_name_numbered(struct tfu_weights *w, const struct tfu_graph *graph,
                                       struct tfu_error *e);

#endif
