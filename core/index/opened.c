/* SPDX-License-Identifier: MIT */
#include "core/index/opened.h"

#include <stdlib.h>
#include <string.h>

static const char *copy(struct tfu_index *x, sqlite3_stmt *s, int at, bool *ok)
{
    const char *text = tfu_column_text(s, at);
    const char *own = text ? tfu_arena_strdup(&x->arena, text) : NULL;
    *ok &= !text || own;
    return own;
}

static enum tfu_index_state state_of(const char *name)
{
    for (enum tfu_index_state i = TFU_INDEX_DONE; name && i < TFU_INDEX_STATES; i++)
        if (strcmp(name, tfu_index_state_name(i)) == 0)
            return i;
    return TFU_INDEX_DAMAGED;
}

static bool take(struct tfu_index *x, sqlite3_stmt *s, struct tfu_index_run *r)
{
    bool ok = true;
    *r = (struct tfu_index_run){.row = sqlite3_column_int64(s, 0),
                                .path = copy(x, s, 1, &ok),
                                .name = copy(x, s, 2, &ok),
                                .id = copy(x, s, 3, &ok),
                                .state = state_of(tfu_column_text(s, 4)),
                                .problem = copy(x, s, 5, &ok),
                                .started = tfu_column_whole(s, 6),
                                .updated = tfu_column_whole(s, 7),
                                .host = copy(x, s, 8, &ok),
                                .step = tfu_column_whole(s, 9),
                                .steps = tfu_column_whole(s, 10),
                                .seconds = tfu_column_number(s, 11),
                                .seed = copy(x, s, 12, &ok),
                                .arch = copy(x, s, 13, &ok),
                                .init = copy(x, s, 14, &ok),
                                .best = copy(x, s, 15, &ok),
                                .best_value = tfu_column_number(s, 16),
                                .best_step = tfu_column_whole(s, 17),
                                .owner = copy(x, s, 18, &ok),
                                .owner_since = tfu_column_whole(s, 19)};
    return ok && r->path && r->name && r->id;
}

static void count_in(struct tfu_index_tally *t, const struct tfu_index_run *r)
{
    t->runs++;
    t->states[r->state]++;
    t->problems += r->problem != NULL;
}

static int by_row(const void *a, const void *b)
{
    const int64_t x = ((const struct tfu_opened_row *)a)->row;
    const int64_t y = ((const struct tfu_opened_row *)b)->row;
    return (x > y) - (x < y);
}

static int sort_rows(struct tfu_index *x)
{
    free(x->by_row);
    x->by_row = calloc(x->tally.runs + 1, sizeof *x->by_row);
    if (!x->by_row)
        return SQLITE_NOMEM;
    for (size_t i = 0; i < x->tally.runs; i++)
        x->by_row[i] = (struct tfu_opened_row){x->run[i].row, i};
    qsort(x->by_row, x->tally.runs, sizeof *x->by_row, by_row);
    return SQLITE_OK;
}

size_t tfu_opened_find_row(const struct tfu_index *x, int64_t row)
{
    const struct tfu_opened_row key = {row, 0};
    const struct tfu_opened_row *found =
        bsearch(&key, x->by_row, x->tally.runs, sizeof key, by_row);
    return found ? found->place : SIZE_MAX;
}

int tfu_opened_load(struct tfu_index *x)
{
    static const char sql[] =
        "SELECT row, path, name, id, state, problem, started, updated, host, step, steps, seconds,"
        " seed, arch, init, best, best_value, best_step, owner, owner_since FROM run ORDER BY path";
    sqlite3_stmt *s = NULL;
    size_t room = 0;
    int rc = tfu_database_prepare(&x->database, &s, sql);
    x->tally.runs = x->tally.problems = 0;
    memset(x->tally.states, 0, sizeof x->tally.states);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        if (x->tally.runs == room) {
            room = room ? 2 * room : 256;
            struct tfu_index_run *more = reallocarray(x->run, room, sizeof *more);
            if (!more) {
                rc = SQLITE_NOMEM;
                break;
            }
            x->run = more;
        }
        struct tfu_index_run *r = &x->run[x->tally.runs];
        rc = take(x, s, r) ? SQLITE_OK : SQLITE_NOMEM;
        if (rc == SQLITE_OK)
            count_in(&x->tally, r);
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? sort_rows(x) : rc;
}
