/* SPDX-License-Identifier: MIT */
#include "core/cli/sweep_hold.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/launch/shell_text.h"

/* It was not evaluated up to a rung. */
static void put_unscored(struct tfu_text *out, const struct tfu_sweep *s, size_t rung)
{
    const struct tfu_sweep_halving *h = s->halving;
    tfu_text_printf(out,
                    ", which came to rung %zu (step %lld) and has no %s/%s there: let "
                    "early_stop.halving.first be no less than the step of its first evaluation "
                    "(train.evaluate), or take it out by `exclude`",
                    rung + 1, (long long)h->rung[rung], h->split, h->metric);
}

void tfu_sweep_hold_put(struct tfu_text *out, const struct tfu_sweep *s,
                        const struct tfu_case_status *status, size_t index)
{
    tfu_text_puts(out, s->item[index].name);
    if (status[index].unscored != SIZE_MAX) {
        put_unscored(out, s, status[index].unscored);
        return;
    }
    while (status[index].state != TFU_CASE_FAILED && status[index].waits_for_failed) {
        index = status[index].waits_for;
        tfu_text_printf(out, ", which needs %s", s->item[index].name);
    }
    if (status[index].state != TFU_CASE_FAILED)
        return;
    tfu_text_puts(out, ", which failed: have it tried again by `transfuse sweep retry ");
    tfu_shell_put_word(out, s->file);
    tfu_text_printf(out, " --only %s`, or take it out by `exclude`", s->item[index].key);
}

static size_t tell(const struct tfu_sweep *s, const struct tfu_case_status *status)
{
    size_t told = 0;
    size_t *waiting = calloc(s->count + 1, sizeof *waiting);
    for (size_t i = 0; waiting && i < s->count; i++)
        if (status[i].state == TFU_CASE_PAUSED && status[i].waits_for_failed)
            waiting[status[i].waits_for]++;
    for (size_t i = 0; waiting && i < s->count; i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        if (waiting[i] == 0)
            continue;
        tfu_sweep_hold_put(&text, s, status, i);
        fprintf(stderr, "transfuse: %zu case%s at a rung wait%s for %s\n", waiting[i],
                waiting[i] == 1 ? "" : "s", waiting[i] == 1 ? "s" : "", tfu_text_get(&text));
        tfu_text_free(&text);
        told++;
    }
    free(waiting);
    return told;
}

size_t tfu_sweep_hold_tell(const struct tfu_sweep *s, const bool *chosen)
{
    size_t told = 0;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    if (status && tfu_sweep_look(s, status, NULL) == TFU_OK) {
        for (size_t i = 0; i < s->count; i++)
            if (chosen && !chosen[i] && status[i].state == TFU_CASE_PAUSED)
                status[i].waits_for_failed = false;
        told = tell(s, status);
    }
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    return told;
}
