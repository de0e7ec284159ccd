/* SPDX-License-Identifier: MIT */
#include "core/launch/recount.h"

#include <stdlib.h>

#include "core/sweep/needs.h"
#include "core/sweep/state.h"

static enum tfu_slot_state slot_of(enum tfu_case_state state)
{
    static const enum tfu_slot_state slot[] = {
        [TFU_CASE_WAITING] = TFU_SLOT_WAITING,   [TFU_CASE_QUEUED] = TFU_SLOT_READY,
        [TFU_CASE_RUNNING] = TFU_SLOT_ELSEWHERE, [TFU_CASE_PAUSED] = TFU_SLOT_PAUSED,
        [TFU_CASE_INTERRUPTED] = TFU_SLOT_LEFT,  [TFU_CASE_FAILED] = TFU_SLOT_FAILED,
        [TFU_CASE_STOPPED] = TFU_SLOT_STOPPED,   [TFU_CASE_DONE] = TFU_SLOT_DONE,
    };
    return slot[state];
}

enum tfu_status tfu_launch_recount(const struct tfu_launch_request *request,
                                   struct tfu_launch_result *result, struct tfu_error *e)
{
    struct tfu_sweep *s = request->sweep;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    bool *meant = calloc(s->count + 1, sizeof *meant);
    enum tfu_status st = status && meant ? TFU_OK : tfu_error_memory(e, "looking at a sweep", 0);
    *result = (struct tfu_launch_result){.interrupted = result->interrupted};
    if (st == TFU_OK)
        st = tfu_sweep_look_for_runs(s, status, e);
    if (st == TFU_OK && !(request->alone && request->chosen))
        tfu_sweep_add_needs(s, request->chosen, meant);
    for (size_t i = 0; st == TFU_OK && i < s->count; i++)
        if (meant[i] || (request->alone && request->chosen && request->chosen[i])) {
            result->count_of[slot_of(status[i].state)]++;
            result->count++;
        }
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    free(meant);
    return st;
}
