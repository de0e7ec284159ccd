/* SPDX-License-Identifier: MIT */
#include "core/report/tuned.h"

#include <stdlib.h>

#include "core/config/hint.h"

/* Numbers at an end of what was tried: beyond it there may be a better one. */
static const char *at_end(const struct tfu_report_axis *a, const char *value)
{
    const double x = strtod(value, NULL);
    bool less = false, more = false;
    for (size_t v = 0; v < a->count; v++) {
        if (!tfu_hint_is_number(a->value[v]))
            return "";
        const double y = strtod(a->value[v], NULL);
        less = less || y < x;
        more = more || y > x;
    }
    if (less == more)
        return "";
    return less ? ", the largest that was tried" : ", the smallest that was tried";
}

static enum tfu_status put_choice(const struct tfu_report_cases *c,
                                  const struct tfu_report_axes *by,
                                  const struct tfu_report_group *group, struct tfu_text *notes,
                                  struct tfu_error *e)
{
    const struct tfu_sweep_tune *tune = c->sweep->tune;
    const struct tfu_report_axis *axis = &c->axis[tune->axis];
    const size_t item = c->sweep->support + group->item[0];
    const char *value = NULL;
    struct tfu_error why = {.status = TFU_OK};
    const enum tfu_status st = tfu_sweep_chosen(c->sweep, item, &value, &why);
    if (st == TFU_ENOTFOUND) /* the numbers that wait for it are holes, which say so */
        return TFU_OK;
    if (st != TFU_OK) {
        *e = why;
        return st;
    }
    const char *name = tfu_report_group_name(c, by, group, false);
    if (!name)
        return tfu_error_memory(e, "making a report", 0);
    tfu_text_printf(notes, "%s: %s=%s was chosen by %s/%s%s\n", name[0] ? name : "all", axis->name,
                    value, tune->split, tune->metric, at_end(axis, value));
    return TFU_OK;
}

enum tfu_status tfu_report_tuned(const struct tfu_report_cases *c, const bool *chosen,
                                 struct tfu_text *notes, struct tfu_error *e)
{
    if (!c->sweep || !c->sweep->tune)
        return TFU_OK;
    const struct tfu_sweep_tune *tune = c->sweep->tune;
    struct tfu_report_axes by = {
        .item = tfu_arena_array(c->arena, tune->for_each_count + 1, sizeof(size_t)),
        .count = tune->for_each_count};
    if (!by.item)
        return tfu_error_memory(e, "making a report", 0);
    for (size_t i = 0; i < by.count; i++)
        by.item[i] = tune->for_each[i];
    struct tfu_report_group *group;
    size_t groups;
    enum tfu_status st = tfu_report_group(c, chosen, &by, &group, &groups, NULL, e);
    for (size_t g = 0; st == TFU_OK && g < groups; g++)
        st = put_choice(c, &by, &group[g], notes, e);
    return st;
}
