/* SPDX-License-Identifier: MIT
 *
 * shelf.h - the checkpoints of one run, in <run>/checkpoints:
 *
 *   step-<n>.safetensors      where a killed run goes on; the newest few are kept
 *   interrupted.safetensors   likewise, written when a signal ends a session between those
 *   best.safetensors          the network at the best evaluation; without optimizer slots
 *   final.safetensors         the network at the end; likewise
 */
#ifndef TFU_CORE_TRAIN_SHELF_H
#define TFU_CORE_TRAIN_SHELF_H

#include "core/base/log.h"
#include "core/train/checkpoint.h"

enum tfu_shelf_place { TFU_SHELF_STEP, TFU_SHELF_INTERRUPTED, TFU_SHELF_BEST, TFU_SHELF_FINAL };

/* Path of a checkpoint of the run folder `run`, to be freed; NULL when out of memory. `step` is for
 * TFU_SHELF_STEP only. */
char *tfu_shelf_path(const char *run, enum tfu_shelf_place place, int64_t step);
/* Creates <run>/checkpoints. */
enum tfu_status tfu_shelf_create(const char *run, struct tfu_error *e);

/* The steps of which there are checkpoints, ascending; to be freed. None without the folder. */
enum tfu_status tfu_shelf_steps(const char *run, int64_t **step, size_t *count,
                                struct tfu_error *e);

/* After a step checkpoint: keeps the newest `keep` of them. */
enum tfu_status tfu_shelf_tidy(const char *run, int64_t keep, struct tfu_error *e);
/* Removes the one that an interrupted session left, once there is a newer one of a step. */
enum tfu_status tfu_shelf_drop_interrupted(const char *run, struct tfu_error *e);

/* Opens the newest checkpoint to resume from. A damaged one is renamed to <name>.damaged, named in
 * a warning, and the one before is taken. Likewise, but left where it is, one that knows of more
 * lines of metrics.csv than there are; TFU_ECORRUPT when that is true of all. `*out` is NULL, with
 * TFU_OK, when there is none. */
enum tfu_status tfu_shelf_newest(struct tfu_checkpoint **out, const char *run, struct tfu_log *log,
                                 struct tfu_error *e);

#endif
