/* SPDX-License-Identifier: MIT */
#include "core/run/decide.h"

#include "core/store/identity.h"
#include "core/store/run_folder.h"

enum tfu_status tfu_decide(enum tfu_decision *out, const struct tfu_decide_request *request,
                           struct tfu_text *identity, char *holder, size_t holder_size,
                           struct tfu_error *e)
{
    const enum tfu_run_state state =
        request->force ? TFU_RUN_ABSENT : tfu_run_state(request->folder);
    *out = TFU_DECISION_TRAIN;
    holder[0] = '\0';
    if (state == TFU_RUN_ABSENT)
        return TFU_OK;
    const enum tfu_status st = tfu_identity_settle(request->folder, identity, e);
    if (st != TFU_OK)
        return st;
    if (state == TFU_RUN_FINISHED)
        *out = TFU_DECISION_TAKE;
    else if (!request->resume)
        *out = tfu_run_folder_in_use(request->folder, holder, holder_size) ? TFU_DECISION_BUSY
                                                                           : TFU_DECISION_BEGUN;
    return TFU_OK;
}
