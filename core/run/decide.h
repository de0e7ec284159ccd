/* SPDX-License-Identifier: MIT
 *
 * decide.h - what becomes of a request to run: what there is of the run in its folder decides.
 */
#ifndef TFU_CORE_RUN_DECIDE_H
#define TFU_CORE_RUN_DECIDE_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

enum tfu_decision {
    TFU_DECISION_TRAIN, /* begin, or go on */
    TFU_DECISION_TAKE,  /* it is finished: the run is taken as it is */
    TFU_DECISION_BEGUN, /* refused: it was begun, and nobody said `resume` or `force` */
    TFU_DECISION_BUSY   /* refused, as before, and another process is at it */
};

struct tfu_decide_request {
    const char *folder; /* of the run; need not exist */
    bool resume;        /* go on with a begun run */
    bool force;         /* whatever there is, as if there were nothing */
};

/* `identity` is what the configuration and its data say, and becomes that of the folder where the
 * two agree (tfu_identity_settle()). `holder` gets who has the folder of a run that is BUSY, else
 * "". */
enum tfu_status tfu_decide(enum tfu_decision *out, const struct tfu_decide_request *request,
                           struct tfu_text *identity, char *holder, size_t holder_size,
                           struct tfu_error *e);

#endif
