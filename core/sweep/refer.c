/* SPDX-License-Identifier: MIT */
#include "core/sweep/refer.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/hint.h"

static const struct {
    const char *word;
    enum tfu_refer_kind kind;
} states[] = {{"final", TFU_REFER_FINAL}, {"best", TFU_REFER_BEST}, {"initial", TFU_REFER_INITIAL}};

const char *tfu_refer_word(enum tfu_refer_kind kind)
{
    for (size_t i = 0; i < TFU_COUNT(states); i++)
        if (states[i].kind == kind)
            return states[i].word;
    return "";
}

static size_t find(const char *const *name, size_t count, const char *s, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(name[i]) == length && memcmp(name[i], s, length) == 0)
            return i;
    return SIZE_MAX;
}

static void refuse_name(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_mark m,
                        const char *s, size_t length, bool run)
{
    struct tfu_text advice = TFU_TEXT_INIT;
    char *word = tfu_load_printf(l, "%.*s", (int)length, s);
    if (!word)
        return;
    tfu_text_put_advice(&advice, word, run ? names->run : names->axis,
                        run ? names->runs : names->axes);
    if (run)
        tfu_diagnostics_add(l->diagnostics, m, "${%s...}: `runs` has no '%s'%s", word, word,
                            tfu_text_get(&advice));
    else
        tfu_diagnostics_add(l->diagnostics, m, "${%s}: no axis is called '%s'%s", word, word,
                            tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

/* "NAME@300" */
static bool read_step(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_mark m,
                      const char *s, size_t length, const char *at, struct tfu_reference *out)
{
    char digits[20];
    const size_t n = length - (size_t)(at + 1 - s);
    out->index = find(names->run, names->runs, s, (size_t)(at - s));
    if (out->index == SIZE_MAX) {
        refuse_name(l, names, m, s, (size_t)(at - s), true);
        return false;
    }
    snprintf(digits, sizeof digits, "%.*s", (int)n, at + 1);
    out->kind = TFU_REFER_STEP;
    out->step = n < sizeof digits && strspn(digits, "0123456789") == n ? atoll(digits) : 0;
    if (out->step < 1)
        tfu_diagnostics_add(l->diagnostics, m,
                            "${%.*s}: behind @ stands the number of a step, as in ${%.*s@300}",
                            (int)length, s, (int)(at - s), s);
    return out->step >= 1;
}

/* What stands between the braces. */
static bool read_name(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_mark m,
                      const char *s, size_t length, struct tfu_reference *out)
{
    const char *at = memchr(s, '@', length), *dot = NULL;
    if (at)
        return read_step(l, names, m, s, length, at, out);
    out->kind = TFU_REFER_AXIS;
    out->index = find(names->axis, names->axes, s, length);
    if (out->index != SIZE_MAX)
        return true;
    for (size_t i = 0; i < length; i++)
        dot = s[i] == '.' ? s + i : dot;
    if (!dot) {
        const bool run = find(names->run, names->runs, s, length) != SIZE_MAX;
        if (run)
            tfu_diagnostics_add(l->diagnostics, m,
                                "${%.*s}: which of its states? write ${%.*s.final}, .best or "
                                "@STEP",
                                (int)length, s, (int)length, s);
        else
            refuse_name(l, names, m, s, length, false);
        return false;
    }
    out->index = find(names->run, names->runs, s, (size_t)(dot - s));
    if (out->index == SIZE_MAX) {
        refuse_name(l, names, m, s, (size_t)(dot - s), true);
        return false;
    }
    const size_t n = length - (size_t)(dot + 1 - s);
    for (size_t i = 0; i < TFU_COUNT(states); i++)
        if (strlen(states[i].word) == n && memcmp(states[i].word, dot + 1, n) == 0) {
            out->kind = states[i].kind;
            return true;
        }
    tfu_diagnostics_add(l->diagnostics, m,
                        "${%.*s}: a run has no '%.*s'; it has final, best, initial, and @STEP",
                        (int)length, s, (int)n, dot + 1);
    return false;
}

bool tfu_refer_next(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_mark m,
                    const char *text, struct tfu_reference *out)
{
    for (const char *s = strstr(text, "${"); s; s = strstr(s, "${")) {
        *out = (struct tfu_reference){.begin = s};
        if (s > text && s[-1] == '$') {
            *out = (struct tfu_reference){.begin = s - 1, .end = s + 2};
            return true;
        }
        const size_t length = strcspn(s + 2, "}");
        if (!s[2 + length]) {
            tfu_diagnostics_add(l->diagnostics, m,
                                "'%s': a ${ without its }; write $${ where none is meant", text);
            return false;
        }
        out->end = s + 2 + length + 1;
        if (read_name(l, names, m, s + 2, length, out))
            return true;
        s = out->end;
    }
    return false;
}

void tfu_refer_scan(struct tfu_load *l, const struct tfu_refer_names *names,
                    const struct tfu_node *n,
                    void (*seen)(void *arg, const struct tfu_reference *r,
                                 const struct tfu_node *scalar),
                    void *arg)
{
    if (n->kind != TFU_NODE_SCALAR) {
        for (const struct tfu_node *child = n->first; child; child = child->next)
            tfu_refer_scan(l, names, child, seen, arg);
        return;
    }
    struct tfu_reference r;
    for (const char *s = n->text; tfu_refer_next(l, names, n->mark, s, &r); s = r.end) {
        const bool whole = r.begin == n->text && !*r.end;
        if (r.kind > TFU_REFER_AXIS && !whole)
            tfu_diagnostics_add(l->diagnostics, n->mark,
                                "'%s': a state of a run is all of a value, with nothing before or "
                                "behind it",
                                n->text);
        else
            seen(arg, &r, n);
    }
}

static void substitute(struct tfu_load *l, const struct tfu_refer_names *names, struct tfu_node *n,
                       const char *(*value)(void *arg, struct tfu_load *l,
                                            const struct tfu_reference *r,
                                            const struct tfu_node *scalar),
                       void *arg)
{
    struct tfu_reference r;
    struct tfu_text out = TFU_TEXT_INIT;
    const char *s = n->text;
    bool whole = false;
    while (tfu_refer_next(l, names, n->mark, s, &r)) {
        const char *text = r.kind == TFU_REFER_NOTHING ? "${" : value(arg, l, &r, n);
        if (!text) {
            tfu_text_free(&out);
            return;
        }
        whole = r.begin == n->text && !*r.end;
        tfu_text_append(&out, s, (size_t)(r.begin - s));
        tfu_text_puts(&out, text);
        s = r.end;
    }
    if (s == n->text)
        return;
    tfu_text_puts(&out, s);
    const char *copy = tfu_load_printf(l, "%s", tfu_text_get(&out));
    l->out_of_memory |= out.failed;
    tfu_text_free(&out);
    if (copy)
        n->text = copy;
    /* "${seed}" has to be in quotes in some places, and is a number all the same */
    if (whole)
        n->quoted = false;
}

void tfu_refer_substitute(struct tfu_load *l, const struct tfu_refer_names *names,
                          struct tfu_node *n,
                          const char *(*value)(void *arg, struct tfu_load *l,
                                               const struct tfu_reference *r,
                                               const struct tfu_node *scalar),
                          void *arg)
{
    if (n->kind == TFU_NODE_SCALAR) {
        if (strstr(n->text, "${"))
            substitute(l, names, n, value, arg);
        return;
    }
    for (struct tfu_node *child = n->first; child && !l->out_of_memory; child = child->next)
        tfu_refer_substitute(l, names, child, value, arg);
}
