/* SPDX-License-Identifier: MIT */
#include "core/run/eval_target.h"

#include <stdlib.h>
#include <string.h>

#include "core/study/subject.h"

static bool begins_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

const char *tfu_eval_target_override(const struct tfu_target_request *target, const char *one,
                                     const char *other)
{
    for (size_t i = 0; i < target->override_count; i++)
        if (begins_with(target->override[i], one) || begins_with(target->override[i], other))
            return target->override[i];
    return NULL;
}

/* Other rules than the one that reads the file would be scored under its name. */
static enum tfu_status check_rules(const struct tfu_eval_state *s,
                                   const struct tfu_target_request *r, struct tfu_error *e)
{
    const char *other = tfu_eval_target_override(r, "init=", "init.+");
    if (!other)
        return TFU_OK;
    return tfu_error_at(e, TFU_EINVAL, "checkpoint", 0, 0,
                        "%s is read in place of `init:`, and '%s' would take its place; say with "
                        "init.0.KEY=VALUE how the file is read, or leave out one of both",
                        s->wanted, other);
}

/* Ours go before the caller's, who may add to what they say. */
enum tfu_status tfu_eval_target_open(struct tfu_target *out, const struct tfu_eval_state *s,
                                     const struct tfu_target_request *request,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum { OURS = 2 };
    struct tfu_target_request target = *request;
    const enum tfu_status checked = s->is_weights ? check_rules(s, request, e) : TFU_OK;
    if (checked != TFU_OK)
        return checked;
    const size_t given = target.override_count;
    const char **override = calloc(given + OURS, sizeof *override);
    if (!override)
        return tfu_error_memory(e, "opening a run", 0);
    size_t n = 0;
    if (target.folder)
        override[n++] = TFU_SUBJECT_NO_TRAINING;
    if (s->is_weights)
        override[n++] = tfu_text_get(&s->override);
    if (given)
        memcpy(override + n, target.override, given * sizeof *override);
    target.override = override;
    target.override_count = n + given;
    const enum tfu_status st = tfu_target_open(out, &target, d, e);
    free(override);
    return st;
}
