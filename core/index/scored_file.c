/* SPDX-License-Identifier: MIT */
#include "core/index/scored_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/csv_reader.h"

enum { COLUMNS_MAX = 20000 };

struct reading {
    struct tfu_scored_file *file;
    struct tfu_csv_reader csv;
    int index, name, group, position;
    int *label, *score; /* columns */
    size_t columns, room;
};

void tfu_scored_file_free(struct tfu_scored_file *f)
{
    free(f->example);
    f->example = NULL;
    tfu_arena_free(&f->arena);
}

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "reading predictions", 0);
}

/* ---- the head */

/* "label" or "label.odd", "score.odd": the names behind `what`. */
static bool take_names(struct reading *r, const char *what, int **column, const char ***name,
                       size_t *count)
{
    struct tfu_arena *arena = &r->file->arena;
    const size_t n = strlen(what);
    *column = tfu_arena_array(arena, r->csv.count + 1, sizeof **column);
    *name = tfu_arena_array(arena, r->csv.count + 1, sizeof **name);
    *count = 0;
    for (size_t i = 0; *column && *name && i < r->csv.count; i++) {
        const char *field = r->csv.field[i];
        if (strncmp(field, what, n) != 0 || (field[n] && field[n] != '.'))
            continue;
        (*column)[*count] = (int)i;
        (*name)[*count] = tfu_arena_strdup(arena, field[n] ? field + n + 1 : "");
        if (!(*name)[(*count)++])
            return false;
    }
    return *column && *name;
}

static enum tfu_status read_head(struct reading *r, struct tfu_error *e)
{
    struct tfu_scored_file *f = r->file;
    bool more;
    const enum tfu_status st = tfu_csv_reader_next(&r->csv, &more, e);
    if (st != TFU_OK)
        return st;
    r->columns = r->csv.count;
    r->index = more ? tfu_csv_reader_column(&r->csv, "index") : -1;
    r->name = more ? tfu_csv_reader_column(&r->csv, "name") : -1;
    r->group = more ? tfu_csv_reader_column(&r->csv, "group") : -1;
    r->position = more ? tfu_csv_reader_column(&r->csv, "position") : -1;
    if (more && (!take_names(r, "label", &r->label, &f->label, &f->labels) ||
                 !take_names(r, "score", &r->score, &f->output, &f->outputs)))
        return no_memory(e);
    if (!more || r->index < 0 || f->labels == 0 || f->outputs == 0 || r->columns > COLUMNS_MAX)
        return tfu_error_at(e, TFU_ECORRUPT, f->path, 1, 1,
                            "this is no file of predictions: its head has no columns index, label "
                            "and score");
    return TFU_OK;
}

/* ---- the lines */

static bool number(const char *text, double *out)
{
    char *end;
    *out = text[0] ? strtod(text, &end) : NAN;
    return !text[0] || !*end;
}

static bool whole(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return end != text && !*end && errno == 0 && *out >= 0;
}

static enum tfu_status numbers(struct reading *r, const int *column, size_t count,
                               const double **out, struct tfu_error *e)
{
    double *v = tfu_arena_array(&r->file->arena, count + 1, sizeof *v);
    if (!v)
        return no_memory(e);
    for (size_t i = 0; i < count; i++)
        if (!number(r->csv.field[column[i]], &v[i]))
            return tfu_error_at(e, TFU_ECORRUPT, r->file->path, (int)r->csv.line, 1,
                                "'%.40s' is no number", r->csv.field[column[i]]);
    *out = v;
    return TFU_OK;
}

static enum tfu_status read_line(struct reading *r, struct tfu_error *e)
{
    struct tfu_scored_file *f = r->file;
    struct tfu_scored_example x = {.position = 0};
    if (r->csv.count != r->columns)
        return tfu_error_at(e, TFU_ECORRUPT, f->path, (int)r->csv.line, 1,
                            "%zu fields where the head has %zu", r->csv.count, r->columns);
    if (!whole(r->csv.field[r->index], &x.index) ||
        (r->position >= 0 && !whole(r->csv.field[r->position], &x.position)))
        return tfu_error_at(e, TFU_ECORRUPT, f->path, (int)r->csv.line, 1,
                            "'%.40s' is no number of an example", r->csv.field[r->index]);
    if (r->name >= 0 && !(x.name = tfu_arena_strdup(&f->arena, r->csv.field[r->name])))
        return no_memory(e);
    if (r->group >= 0 && !(x.group = tfu_arena_strdup(&f->arena, r->csv.field[r->group])))
        return no_memory(e);
    enum tfu_status st = numbers(r, r->label, f->labels, &x.label, e);
    if (st == TFU_OK)
        st = numbers(r, r->score, f->outputs, &x.score, e);
    if (st == TFU_OK && f->count == r->room) {
        r->room = r->room ? 2 * r->room : 1024;
        struct tfu_scored_example *more = reallocarray(f->example, r->room, sizeof *more);
        if (!more)
            return no_memory(e);
        f->example = more;
    }
    if (st == TFU_OK)
        f->example[f->count++] = x;
    return st;
}

static int by_index(const void *a, const void *b)
{
    const struct tfu_scored_example *x = a, *y = b;
    if (x->index != y->index)
        return (x->index > y->index) - (x->index < y->index);
    return (x->position > y->position) - (x->position < y->position);
}

static enum tfu_status sort(struct tfu_scored_file *f, struct tfu_error *e)
{
    if (f->count)
        qsort(f->example, f->count, sizeof *f->example, by_index);
    for (size_t i = 1; i < f->count; i++)
        if (by_index(&f->example[i - 1], &f->example[i]) == 0)
            return tfu_error_at(e, TFU_ECORRUPT, f->path, 0, 0, "example %lld is there twice",
                                (long long)f->example[i].index);
    return TFU_OK;
}

enum tfu_status tfu_scored_file_read(struct tfu_scored_file *out, const char *path,
                                     struct tfu_error *e)
{
    struct reading r = {.file = out, .csv = {.path = path, .finished = true}};
    struct stat info;
    *out = (struct tfu_scored_file){.count = 0};
    tfu_arena_init(&out->arena, 0);
    out->path = tfu_arena_strdup(&out->arena, path);
    if (!out->path)
        return no_memory(e);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return tfu_error_at(e, TFU_EINVAL, path, 0, 0, "this is no file of predictions");
    r.csv.file = fopen(path, "re");
    if (!r.csv.file && errno == ENOENT)
        return tfu_error_set(e, TFU_ENOTFOUND, "there is no file '%s'", path);
    if (!r.csv.file)
        return tfu_error_errno(e, errno, "cannot read", path);
    enum tfu_status st = read_head(&r, e);
    bool more = true;
    while (st == TFU_OK && more) {
        st = tfu_csv_reader_next(&r.csv, &more, e);
        if (st == TFU_OK && more)
            st = read_line(&r, e);
    }
    tfu_csv_reader_free(&r.csv);
    fclose(r.csv.file);
    return st == TFU_OK ? sort(out, e) : st;
}
