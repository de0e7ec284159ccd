/* SPDX-License-Identifier: MIT */
#include "core/index/alike.h"

#include <stdlib.h>
#include <string.h>

#include "core/index/opened.h"

/* Runs that are being told apart, by one key after the other. */
struct told {
    size_t run, class;
    int64_t value; /* under the key; 0: none, for those of the database begin at 1 */
};

static int by_value(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->run < y->run ? -1 : x->run > y->run;
}

static int by_run(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    return x->run < y->run ? -1 : x->run > y->run;
}

/* Runs of one class whose values differ are of several. */
static void tell_apart(struct told *told, size_t runs, size_t *classes)
{
    bool differ = false;
    for (size_t i = 1; i < runs; i++)
        differ |= told[i].value != told[0].value;
    if (!differ)
        return;
    struct told last = {.run = SIZE_MAX};
    *classes = 0;
    qsort(told, runs, sizeof *told, by_value);
    for (size_t i = 0; i < runs; i++) {
        const struct told now = told[i];
        *classes += i == 0 || now.class != last.class || now.value != last.value;
        told[i].class = *classes - 1;
        last = now;
    }
    qsort(told, runs, sizeof *told, by_run);
}

/* Rows (key, run, value), those of a key together. */
static int read_rows(struct tfu_index *x, sqlite3_stmt *s, struct told *told, size_t *classes)
{
    const size_t runs = x->tally.runs;
    int64_t key = -1;
    int rc;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        const size_t i = tfu_opened_find_row(x, sqlite3_column_int64(s, 1));
        if (sqlite3_column_int64(s, 0) != key) {
            tell_apart(told, runs, classes);
            for (size_t k = 0; k < runs; k++)
                told[k].value = 0;
            key = sqlite3_column_int64(s, 0);
        }
        if (i != SIZE_MAX)
            told[i].value = sqlite3_column_int64(s, 2);
    }
    tell_apart(told, runs, classes);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

enum tfu_status tfu_index_alike(struct tfu_index *x, const char *prefix, struct tfu_arena *arena,
                                const size_t **of, size_t *classes, struct tfu_error *e)
{
    static const char sql[] = "SELECT c.key, c.run, c.value FROM key k JOIN config c ON c.key=k.id"
                              " WHERE substr(k.name, 1, length(?1))=?1 ORDER BY c.key, c.run";
    const size_t runs = x->tally.runs;
    size_t *out = tfu_arena_array(arena, runs + 1, sizeof *out);
    struct told *told = calloc(runs + 1, sizeof *told);
    sqlite3_stmt *s = NULL;
    *of = out;
    *classes = runs > 0;
    if (!out || !told) {
        free(told);
        return tfu_error_memory(e, "asking the index of runs", 0);
    }
    for (size_t i = 0; i < runs; i++)
        told[i].run = i;
    int rc = tfu_database_prepare(&x->database, &s, sql);
    if (rc == SQLITE_OK) {
        tfu_bind_text(s, 1, prefix);
        rc = read_rows(x, s, told, classes);
    }
    sqlite3_finalize(s);
    for (size_t i = 0; i < runs; i++)
        out[i] = told[i].class;
    free(told);
    return rc == SQLITE_OK ? TFU_OK : tfu_database_error(&x->database, rc, e);
}
