/* SPDX-License-Identifier: MIT
 *
 * launch_look.h - a sweep at work looks: at what others have, at how far its own are.
 */
#ifndef TFU_CORE_LAUNCH_LAUNCH_LOOK_H
#define TFU_CORE_LAUNCH_LAUNCH_LOOK_H

#include "core/launch/launch_work.h"

/* Needs that are left out and done: those that need them may begin. */
enum tfu_status tfu_launch_look_at_left_out(struct tfu_launch_work *l, struct tfu_error *e);
/* Again at cases that another process had, and at those that wait at a rung. */
enum tfu_status tfu_launch_look_around(struct tfu_launch_work *l, struct tfu_error *e);
/* Back at what is done: is it there still? What is not is to be done again; true: there is such. */
bool tfu_launch_look_back(struct tfu_launch_work *l);
/* At what runs here; the caller is told. One that makes no step is ended, where that is wanted. */
enum tfu_status tfu_launch_look_at_slots(struct tfu_launch_work *l, struct tfu_error *e);

#endif
