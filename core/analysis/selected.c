/* SPDX-License-Identifier: MIT */
#include "core/analysis/selected.h"

#include <stdarg.h>
#include <string.h>

void tfu_selected_refuse(struct tfu_load *l, struct tfu_selected *out, struct tfu_mark m,
                         const char *fmt, ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    tfu_diagnostics_add(l->diagnostics, m, "%s", tfu_text_get(&text));
    l->out_of_memory |= text.failed;
    out->refused = true;
    tfu_text_free(&text);
}

void tfu_selected_misfit(struct tfu_load *l, const struct tfu_select_scope *s,
                         struct tfu_selected *out, struct tfu_mark m, const char *fmt, ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    l->out_of_memory |= text.failed;
    if (out->narrowed)
        *s->nothing = tfu_load_printf(
            l, "%s; a profile or the command line took values of axes away", tfu_text_get(&text));
    else
        tfu_diagnostics_add(l->diagnostics, m, "%s", tfu_text_get(&text));
    out->refused = true;
    tfu_text_free(&text);
}

static const char *copy_text(struct tfu_load *l, const char *text)
{
    return text ? tfu_load_printf(l, "%s", text) : NULL;
}

static bool make_room(struct tfu_load *l, struct tfu_selected *out, size_t more)
{
    if (out->room >= out->count + more)
        return true;
    const size_t room = 2 * (out->count + more);
    struct tfu_selected_one *one = tfu_load_array(l, room, sizeof *one);
    if (!one)
        return false;
    if (out->count)
        memcpy(one, out->one, out->count * sizeof *one);
    out->one = one;
    out->room = room;
    return true;
}

void tfu_selected_add(struct tfu_load *l, struct tfu_selected *out,
                      const struct tfu_selected_one *one)
{
    const struct tfu_selected_one copy = {.spec = copy_text(l, one->spec),
                                          .run = copy_text(l, one->run),
                                          .item = one->item,
                                          .state = copy_text(l, one->state),
                                          .label = copy_text(l, one->label),
                                          .why = copy_text(l, one->why)};
    if (!l->out_of_memory && make_room(l, out, 1))
        out->one[out->count++] = copy;
}

void tfu_selected_add_all(struct tfu_load *l, struct tfu_selected *out,
                          const struct tfu_selected *more)
{
    out->narrowed |= more->narrowed;
    if (!more->count || !make_room(l, out, more->count))
        return;
    memcpy(out->one + out->count, more->one, more->count * sizeof *more->one);
    out->count += more->count;
}

bool tfu_selected_are_cases(const struct tfu_selected *s)
{
    bool cases = s->count > 0;
    for (size_t i = 0; i < s->count; i++)
        cases &= s->one[i].item != TFU_NO_CASE;
    return cases;
}

bool tfu_selected_have_case(const struct tfu_selected *s)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++)
        any |= s->one[i].item != TFU_NO_CASE;
    return any;
}

bool tfu_selected_is_hole(const char *spec)
{
    return strncmp(spec, TFU_SELECTED_HOLE, sizeof TFU_SELECTED_HOLE - 1) == 0;
}

static bool is_state(const char *s)
{
    return strcmp(s, "best") == 0 || strcmp(s, "final") == 0 || strcmp(s, "initial") == 0 ||
           (s[0] && s[strspn(s, "0123456789")] == '\0');
}

bool tfu_selected_check_state(struct tfu_load *l, struct tfu_selected *out, const char *path,
                              struct tfu_mark m, const char *state)
{
    if (is_state(state))
        return true;
    tfu_selected_refuse(l, out, m,
                        "%s: '%s' is no state of a run; it is best, final, initial, or the number "
                        "of a step with a checkpoint",
                        path, state);
    return false;
}

const char *tfu_select_scope_words(struct tfu_load *l, const struct tfu_select_scope *s)
{
    const char *words = "";
    if (s->axis != TFU_NO_CASE)
        words = tfu_load_printf(l, " (for_each: those with %s: %s)", s->sweep->axis[s->axis].name,
                                s->axis_value);
    else if (s->value)
        words = tfu_load_printf(l, " (for_each: those with %s: %s)", s->key, s->value);
    return words ? words : "";
}
