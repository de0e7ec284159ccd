/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
    char name[80];
    size_t count;
    double *value;
    struct line *next;
};

struct fixture {
    struct line *first;
};

/* Reads the next line; NULL at the end. */
static struct line *read_line(FILE *file)
{
    struct line *line = calloc(1, sizeof *line);
    ck_assert_ptr_nonnull(line);
    if (fscanf(file, " #%*[^\n]") == EOF ||
        fscanf(file, "%79s %zu", line->name, &line->count) != 2) {
        free(line);
        return NULL;
    }
    line->value = calloc(line->count, sizeof *line->value);
    ck_assert_ptr_nonnull(line->value);
    for (size_t i = 0; i < line->count; i++)
        ck_assert_int_eq(fscanf(file, "%lf", &line->value[i]), 1);
    return line;
}

struct fixture *fixture_open(const char *name)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/%s", top ? top : ".", name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    struct fixture *f = calloc(1, sizeof *f);
    ck_assert_ptr_nonnull(f);
    for (struct line *line; (line = read_line(file));) {
        line->next = f->first;
        f->first = line;
    }
    fclose(file);
    return f;
}

void fixture_close(struct fixture *f)
{
    while (f->first) {
        struct line *line = f->first;
        f->first = line->next;
        free(line->value);
        free(line);
    }
    free(f);
}

const double *fixture_get(const struct fixture *f, const char *name, size_t count)
{
    for (const struct line *line = f->first; line; line = line->next)
        if (strcmp(line->name, name) == 0) {
            ck_assert_uint_eq(line->count, count);
            return line->value;
        }
    ck_abort_msg("the fixture has no line '%s'", name);
    return NULL;
}
