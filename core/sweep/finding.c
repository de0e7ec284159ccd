/* SPDX-License-Identifier: MIT */
#include "core/sweep/finding.h"

#include <string.h>

/* of different ones; more are not read */
enum { KINDS_MAX = 100 };

struct tfu_finding {
    struct tfu_finding *next;
    struct tfu_mark mark;
    const char *text, *name; /* of the first case that has it */
    size_t cases;
};

void tfu_case_findings_init(struct tfu_case_findings *f, struct tfu_arena *arena)
{
    *f = (struct tfu_case_findings){.arena = arena};
    f->last = &f->first;
}

static struct tfu_finding *find(const struct tfu_case_findings *f, struct tfu_mark m,
                                const char *text)
{
    struct tfu_finding *x = f->first;
    while (x && (x->mark.line != m.line || x->mark.column != m.column ||
                 strcmp(x->mark.source, m.source) != 0 || strcmp(x->text, text) != 0))
        x = x->next;
    return x;
}

void tfu_case_findings_add(struct tfu_case_findings *f, const struct tfu_diagnostics *found,
                           const char *name)
{
    struct tfu_mark m;
    const char *text;
    for (size_t i = 0; tfu_diagnostics_get(found, i, &m, &text); i++) {
        struct tfu_finding *x = find(f, m, text);
        if (x) {
            x->cases++;
            continue;
        }
        if (f->kinds++ >= KINDS_MAX)
            continue;
        x = tfu_arena_alloc(f->arena, sizeof *x);
        if (x)
            *x = (struct tfu_finding){.mark = {.source = tfu_arena_strdup(f->arena, m.source),
                                               .line = m.line,
                                               .column = m.column},
                                      .text = tfu_arena_strdup(f->arena, text),
                                      .name = tfu_arena_strdup(f->arena, name),
                                      .cases = 1};
        if (!x || !x->mark.source || !x->text || !x->name) {
            f->failed = true;
            return;
        }
        *f->last = x;
        f->last = &x->next;
    }
    f->cases++;
}

void tfu_case_findings_tell(const struct tfu_case_findings *f, size_t cases,
                            struct tfu_diagnostics *d)
{
    for (const struct tfu_finding *x = f->first; x; x = x->next)
        if (x->cases == cases)
            tfu_diagnostics_add(d, x->mark, "%s", x->text);
        else if (x->cases == 1)
            tfu_diagnostics_add(d, x->mark, "%s\n(of the case '%s')", x->text, x->name);
        else
            tfu_diagnostics_add(d, x->mark, "%s\n(of %zu of %zu cases; the first is '%s')", x->text,
                                x->cases, cases, x->name);
}
