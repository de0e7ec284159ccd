/* SPDX-License-Identifier: MIT
 *
 * versus_other.h - the run that a metric compares the network under training with: opened, or why
 * it cannot be, and what its state holds.
 */
#ifndef TFU_CORE_RUN_VERSUS_OTHER_H
#define TFU_CORE_RUN_VERSUS_OTHER_H

#include "core/base/hash.h"
#include "core/config/experiment.h"
#include "core/study/subject.h"

struct tfu_versus_other {
    struct tfu_subject *subject; /* NULL: `against` names no run, or it could not be opened: */
    struct tfu_error error;      /* with the place in the configuration */
    char digest[TFU_HASH_HEX];   /* of the state; "": not known */
};

/* Fails for lack of memory alone. */
enum tfu_status tfu_versus_other_open(struct tfu_versus_other *o, const struct tfu_versus *w,
                                      const struct tfu_context *c, struct tfu_error *e);
void tfu_versus_other_close(struct tfu_versus_other *o);

#endif
