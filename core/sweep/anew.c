/* SPDX-License-Identifier: MIT */
#include "core/sweep/anew.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/store/run_folder.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "looking at a sweep", 0);
}

static void set_run(struct tfu_case_status *o, char *run)
{
    free(o->run);
    o->run = run;
}

static bool needs_one_anew(const struct tfu_case_status *status, const struct tfu_sweep *s,
                           size_t index)
{
    for (size_t i = 0; i < s->item[index].need_count; i++)
        if (status[s->item[index].need[i]].anew)
            return true;
    return false;
}

/* Why nobody could train it now. */
static enum tfu_status put_remark(struct tfu_case_status *o, const struct tfu_error *why,
                                  struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "it could not be trained again: %s%s%s", why->source,
                    why->source[0] ? ": " : "", why->text);
    if (text.failed) {
        tfu_text_free(&text);
        return no_memory(e);
    }
    o->remark = text.data;
    return TFU_OK;
}

enum tfu_status tfu_case_check_done(struct tfu_case_status *status, struct tfu_sweep *s,
                                    size_t index, struct tfu_error *e)
{
    struct tfu_case_status *o = &status[index];
    struct tfu_error why = TFU_ERROR_INIT;
    char *run = NULL;
    if (needs_one_anew(status, s, index)) { /* what comes of that is not known yet */
        o->state = TFU_CASE_QUEUED;
        o->anew = true;
        set_run(o, NULL);
        return TFU_OK;
    }
    const enum tfu_status st = tfu_sweep_resolve(s, index, NULL, &run, &why);
    if (st == TFU_ENOMEM)
        return no_memory(e);
    if (st == TFU_ENOTFOUND) /* what it needs was removed, and may come out the same again */
        return TFU_OK;
    if (st != TFU_OK)
        return put_remark(o, &why, e);
    if (strcmp(run, o->run) == 0) {
        free(run);
        return TFU_OK;
    }
    set_run(o, run);
    if (tfu_run_state(run) != TFU_RUN_FINISHED) {
        o->state = TFU_CASE_QUEUED;
        o->anew = true;
    }
    return TFU_OK;
}
