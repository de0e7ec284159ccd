/* SPDX-License-Identifier: MIT
 *
 * eval_target.h - the configuration of a network in a state that was found: that of its run, of
 * which nothing is trained, or with the file of weights in place of `init:`.
 */
#ifndef TFU_CORE_RUN_EVAL_TARGET_H
#define TFU_CORE_RUN_EVAL_TARGET_H

#include "core/run/eval_state.h"

/* On failure there is nothing to close; what is wrong in the configuration is in `d`. */
enum tfu_status tfu_eval_target_open(struct tfu_target *out, const struct tfu_eval_state *s,
                                     const struct tfu_target_request *request,
                                     struct tfu_diagnostics *d, struct tfu_error *e);
/* The first override that begins with one of these; NULL: there is none. */
const char *tfu_eval_target_override(const struct tfu_target_request *request, const char *one,
                                     const char *other);

#endif
