/* SPDX-License-Identifier: MIT
 *
 * room.h - has the disk room for the checkpoints of a run? Asked before the first step, as a night
 * of training is lost where the last one does not fit.
 */
#ifndef TFU_CORE_TRAIN_ROOM_H
#define TFU_CORE_TRAIN_ROOM_H

#include "core/train/session.h"

/* A warning to the session's log, where the file system of the folder `run` has not as much room as
 * the checkpoints that are still to come may take at once. `anew`: there are none yet. */
enum tfu_status tfu_room_warn(const char *run, const struct tfu_session *s, bool anew,
                              struct tfu_error *e);

#endif
