/* SPDX-License-Identifier: MIT */
#include "core/analysis/case_names.h"

#include <string.h>

#include "core/analysis/select_cases.h"
#include "core/sweep/choose.h"

/* The first case among the networks; TFU_NO_CASE: there is none. */
static size_t first_case(const struct tfu_selected *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->one[i].item != TFU_NO_CASE)
            return all->one[i].item;
    return TFU_NO_CASE;
}

bool *tfu_case_names_differ(struct tfu_load *l, const struct tfu_sweep *s,
                            const struct tfu_selected *all)
{
    bool *differ = tfu_load_array(l, s->axis_count + 1, sizeof *differ);
    const size_t first = first_case(all);
    for (size_t i = 0; differ && i < all->count; i++)
        for (size_t a = 0; a < s->axis_count && all->one[i].item != TFU_NO_CASE; a++)
            differ[a] |=
                strcmp(tfu_case_value(s, all->one[i].item, a), tfu_case_value(s, first, a)) != 0;
    return differ;
}

static const char *keep(struct tfu_load *l, struct tfu_text *text)
{
    const char *copy = tfu_load_printf(l, "%s", tfu_text_get(text));
    l->out_of_memory |= text->failed;
    tfu_text_free(text);
    return copy ? copy : "";
}

const char *tfu_case_name(struct tfu_load *l, const struct tfu_sweep *s, const bool *differ,
                          size_t item)
{
    struct tfu_text text = TFU_TEXT_INIT;
    const char *run = tfu_sweep_run_name(s, item);
    if (run)
        tfu_text_puts(&text, run);
    for (size_t a = 0; a < s->axis_count; a++)
        if (differ[a] && s->item[item].value[a])
            tfu_text_printf(&text, "%s%s=%s", text.length ? " " : "", s->axis[a].name,
                            s->item[item].value[a]);
    return keep(l, &text);
}

/* By the axes that do not differ within. */
static const char *name_side(struct tfu_load *l, const struct tfu_sweep *s, const bool *differ,
                             const struct tfu_selected *side)
{
    bool *within = tfu_case_names_differ(l, s, side);
    for (size_t a = 0; within && a < s->axis_count; a++)
        within[a] = differ[a] && !within[a];
    return within ? tfu_case_name(l, s, within, side->one[0].item) : "";
}

/* The state that all have; "": they differ in it, or none was asked for. */
static const char *state_of(const struct tfu_selected *side)
{
    const char *state = side->one[0].state;
    for (size_t i = 0; state && i < side->count; i++)
        if (!side->one[i].state || strcmp(side->one[i].state, state) != 0)
            state = NULL;
    return state ? state : "";
}

const char *tfu_case_names_of_pair(struct tfu_load *l, const struct tfu_sweep *s,
                                   const bool *differ, const struct tfu_selected *a,
                                   const struct tfu_selected *b)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (!tfu_selected_are_cases(a) || !tfu_selected_are_cases(b))
        return "";
    const char *of_a = name_side(l, s, differ, a), *of_b = name_side(l, s, differ, b);
    const char *state_a = state_of(a), *state_b = state_of(b);
    const bool same = strcmp(of_a, of_b) == 0, states = same && strcmp(state_a, state_b) != 0;
    if (!same && (!*of_a || !*of_b))
        return "";
    tfu_text_puts(&text, of_a);
    if (states)
        tfu_text_printf(&text, "%s%s ~ %s", *of_a && *state_a ? " " : "", state_a, state_b);
    else if (!same)
        tfu_text_printf(&text, " ~ %s", of_b);
    return keep(l, &text);
}
