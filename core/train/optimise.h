/* SPDX-License-Identifier: MIT
 *
 * optimise.h - runs an update rule over all trained parameters of a network, and owns its slots.
 */
#ifndef TFU_CORE_TRAIN_OPTIMISE_H
#define TFU_CORE_TRAIN_OPTIMISE_H

#include "core/config/experiment.h"
#include "core/graph/network.h"

#include <transfuse/optim.h>

struct tfu_optimiser;

enum tfu_status tfu_optimiser_new(struct tfu_optimiser **out, struct tfu_network *network,
                                  const struct tfu_plugin_choice *choice,
                                  struct tfu_registry *registry, struct tfu_threads *threads,
                                  struct tfu_error *e);
void tfu_optimiser_free(struct tfu_optimiser *o);

/* One update with the gradients in the network. `t` counts from 1. When clip_norm > 0, gradients
 * are scaled down so that their global norm is at most that; the norm before is in `*norm` (may be
 * NULL). A gradient that is not finite is TFU_ENUMERIC and names the parameter; nothing is updated
 * then. The gradients are used up. */
enum tfu_status tfu_optimiser_step(struct tfu_optimiser *o, int64_t t, double lr_scale,
                                   double clip_norm, double *norm, struct tfu_error *e);

/* The rule's own learning rate (its option "lr"), or NaN. */
double tfu_optimiser_lr(const struct tfu_optimiser *o);
/* Slots, for checkpoints: tensors named "<slot>.<parameter>". */
size_t tfu_optimiser_slot_count(const struct tfu_optimiser *o);
struct tfu_tensor tfu_optimiser_slot(const struct tfu_optimiser *o, size_t i, const char **name);
size_t tfu_optimiser_bytes(const struct tfu_optimiser *o);

#endif
