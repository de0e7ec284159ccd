/* SPDX-License-Identifier: MIT */
#include "core/report/notes.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

enum {
    NAMES_MAX = 3,    /* numbers that a note names */
    LOOKED_BACK = 256 /* notes among which the same is looked for */
};

/* "NAME: what is said", of several names: "NAME; NAME: ...", the first of them and how many. */
struct said {
    const char *what;
    struct tfu_text names;
    size_t count;
};

static bool put_said(struct tfu_arena *arena, struct said *s, const char **note)
{
    if (s->count > NAMES_MAX)
        tfu_text_printf(&s->names, " and %zu more (%zu numbers)", s->count - NAMES_MAX, s->count);
    if (!s->names.failed)
        *note = tfu_arena_printf(arena, "%s%s", tfu_text_get(&s->names), s->what);
    const bool ok = !s->names.failed && *note;
    tfu_text_free(&s->names);
    return ok;
}

bool tfu_report_notes(struct tfu_arena *arena, const char *text, const char *const **out,
                      size_t *notes)
{
    size_t lines = 0, count = 0;
    bool ok = true;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    const char **note = tfu_arena_array(arena, lines + 1, sizeof *note);
    struct said *said = calloc(lines + 1, sizeof *said);
    for (const char *p = text; note && said && ok && *p;) {
        const size_t n = strcspn(p, "\n");
        const char *line = tfu_arena_strndup(arena, p, n);
        p += n + (p[n] == '\n');
        if (!(ok = line != NULL))
            break;
        const char *what = strstr(line, ": ");
        what = what ? what : line;
        const size_t from = count > LOOKED_BACK ? count - LOOKED_BACK : 0;
        size_t i = from;
        while (i < count && (what == line || strcmp(said[i].what, what) != 0))
            i++;
        if (i == count)
            said[count++] = (struct said){.what = what, .names = TFU_TEXT_INIT};
        if (said[i].count++ < NAMES_MAX)
            tfu_text_printf(&said[i].names, "%s%.*s", said[i].count > 1 ? "; " : "",
                            (int)(what - line), line);
    }
    for (size_t i = 0; said && i < count; i++)
        ok &= put_said(arena, &said[i], &note[i]);
    ok &= note && said;
    free(said);
    *out = note;
    *notes = count;
    return ok;
}
