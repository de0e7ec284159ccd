/* SPDX-License-Identifier: MIT */
#include "core/base/log_tally.h"

#include <stdlib.h>
#include <string.h>

static void pass_on(void *arg, enum tfu_log_level level, const char *line)
{
    if (level != TFU_LOG_NOTE)
        tfu_log_write(arg, level, "%s", line);
}

void tfu_log_keep_notes(struct tfu_log *own, struct tfu_log *to)
{
    tfu_log_init(own, pass_on, to); /* without a file it keeps them itself */
}

static void add(struct tfu_log_tally *t, const char *note)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->item[i].note, note) == 0) {
            t->item[i].runs++;
            return;
        }
    if (t->count == t->room) {
        const size_t room = t->room ? 2 * t->room : 16;
        struct tfu_tallied *more = reallocarray(t->item, room, sizeof *more);
        if (!more) {
            t->failed = true;
            return;
        }
        t->item = more;
        t->room = room;
    }
    char *copy = strdup(note);
    if (copy)
        t->item[t->count++] = (struct tfu_tallied){copy, 1};
    t->failed |= !copy;
}

void tfu_log_tally_add(struct tfu_log_tally *t, const struct tfu_log *log)
{
    const char *end = log->early.data ? log->early.data + log->early.length : NULL;
    t->failed |= log->early.failed;
    for (const char *line = log->early.data; line && line < end; line += strlen(line) + 1)
        if (*line == 'n')
            add(t, line + 1);
}

enum tfu_status tfu_log_tally_write(struct tfu_log_tally *t, struct tfu_log *log,
                                    struct tfu_error *e)
{
    const bool failed = t->failed;
    for (size_t i = 0; i < t->count; i++) {
        if (t->item[i].runs == 1)
            tfu_log_write(log, TFU_LOG_NOTE, "%s", t->item[i].note);
        else
            tfu_log_write(log, TFU_LOG_NOTE, "%s (so of %zu runs)", t->item[i].note,
                          t->item[i].runs);
        free(t->item[i].note);
    }
    free(t->item);
    *t = (struct tfu_log_tally){.count = 0};
    return failed ? tfu_error_memory(e, "counting notes", 0) : TFU_OK;
}
