/* SPDX-License-Identifier: MIT
 *
 * versus.h - metrics of two networks during a training: at each evaluation the network under
 * training is compared with its own beginning, or with a state of another run.
 *
 * The other side's activations are captured once, of the same images each time. The numbers are
 * those that `transfuse compare` gives of the two states, which is the same code.
 */
#ifndef TFU_CORE_RUN_VERSUS_H
#define TFU_CORE_RUN_VERSUS_H

#include "core/config/diagnostic.h"
#include "core/train/session.h"

/* Opens what the configuration of an opened session compares with, and leaves it to the session.
 * What is not there is no error before it is needed. */
enum tfu_status tfu_run_versus_open(struct tfu_session *s, struct tfu_error *e);
/* After tfu_session_build(): networks, images and nodes. TFU_EINVAL with the place in the
 * configuration: a run or a state that is not there, other images, a key of early stopping that
 * will not be reported. */
enum tfu_status tfu_run_versus_build(struct tfu_session *s, struct tfu_error *e);

/* Looks for the same runs and states, without their images; what is not there goes into `d`. */
enum tfu_status tfu_run_versus_check(const struct tfu_experiment *x, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e);

#endif
