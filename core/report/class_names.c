/* SPDX-License-Identifier: MIT */
#include "core/report/class_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/index/alike.h"
#include "core/report/cases_key.h"
#include "core/train/checkpoint.h"
#include "core/train/shelf.h"

struct tfu_class_names {
    const char **of;      /* of each case that was asked: a line a class; NULL: not asked yet */
    const size_t *data;   /* by the place of a run in the index: which data it was trained on */
    const char **of_data; /* likewise a line a class, of data that were asked */
    size_t *tries;        /* so many checkpoints were opened for them */
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "naming classes", 0);
}

/* "a\nb" of "[a, b]", which are to be `count`: a name with a comma in it is not told apart from two
 * there, and then none is known. NULL when memory ran out. */
static const char *names_of_list(struct tfu_arena *arena, const char *list, size_t count)
{
    const size_t n = strlen(list);
    char *lines = n > 2 && list[0] == '[' ? tfu_arena_strndup(arena, list + 1, n - 2) : NULL;
    size_t found = 1, to = 0;
    if (!lines)
        return n > 2 && list[0] == '[' ? NULL : "";
    for (const char *p = lines; *p; p++) {
        const bool ends = p[0] == ',' && p[1] == ' ';
        found += ends;
        lines[to++] = ends ? '\n' : *p;
        p += ends;
    }
    lines[to] = '\0';
    return found == count ? lines : "";
}

static size_t count_lines(const char *text)
{
    size_t lines = *text != '\0';
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* As the last checkpoint of the run has them; "" where none is there that says it. NULL when memory
 * ran out. */
static const char *names_of_checkpoint(struct tfu_report_builder *b, const char *run)
{
    struct tfu_arena *arena = &b->out->arena;
    struct tfu_error e = TFU_ERROR_INIT;
    char *classes = NULL;
    const char *folder = tfu_arena_printf(arena, "%s/%s", b->out->store, run);
    char *path = folder ? tfu_shelf_path(folder, TFU_SHELF_FINAL, 0) : NULL;
    if (!path)
        return NULL;
    const enum tfu_status st = tfu_checkpoint_read_classes(&classes, path, &e);
    free(path);
    if (st == TFU_ENOMEM)
        return NULL;
    const char *out = tfu_arena_strdup(arena, classes ? classes : "");
    free(classes);
    return out;
}

/* As the data call them that the run was trained on: what one of the first runs on these data has
 * in its checkpoint holds for all. "": none says it. NULL when memory ran out. */
static const char *names_of_data(struct tfu_report_builder *b, size_t item)
{
    enum { TRIES = 8 };
    struct tfu_class_names *n = b->class_names;
    const struct tfu_report_cases *c = b->cases;
    const size_t data = n->data[c->item[item].row];
    for (size_t i = 0;
         i < c->count && !(n->of_data[data] && n->of_data[data][0]) && n->tries[data] < TRIES;
         i++) {
        if (!c->item[i].done || n->data[c->item[i].row] != data)
            continue;
        n->tries[data]++;
        if (!(n->of_data[data] = names_of_checkpoint(b, c->item[i].path)))
            return NULL;
    }
    return n->of_data[data];
}

/* A line a class; "": they are not known. NULL when memory ran out. */
static const char *names_of(struct tfu_report_builder *b, size_t item,
                            const struct tfu_index_column *names,
                            const struct tfu_index_column *classes)
{
    const size_t row = b->cases->item[item].row;
    const size_t count = strtoull(tfu_report_cases_key_text(classes, row), NULL, 10);
    const char *own = names_of_list(&b->out->arena, tfu_report_cases_key_text(names, row), count);
    if (own && !own[0])
        own = names_of_data(b, item);
    return !own || count_lines(own) == count ? own : "";
}

/* Line `k`, and its length; NULL: there are not as many. */
static const char *line_at(const char *lines, int64_t k, size_t *length)
{
    while (*lines && k > 0) {
        lines += strcspn(lines, "\n");
        lines += *lines == '\n';
        k--;
    }
    *length = strcspn(lines, "\n");
    return *length ? lines : NULL;
}

/* What is known of the cases so far. */
static enum tfu_status open_names(struct tfu_report_builder *b, struct tfu_class_names **out,
                                  struct tfu_error *e)
{
    struct tfu_arena *arena = &b->out->arena;
    struct tfu_class_names *n = b->class_names;
    size_t data;
    *out = n;
    if (n)
        return TFU_OK;
    if (!(n = tfu_arena_alloc(arena, sizeof *n)))
        return no_memory(e);
    const enum tfu_status st = tfu_index_alike(b->cases->index, "data.", arena, &n->data, &data, e);
    if (st != TFU_OK)
        return st;
    n->of = tfu_arena_array(arena, b->cases->count + 1, sizeof *n->of);
    n->of_data = tfu_arena_array(arena, data + 1, sizeof *n->of_data);
    n->tries = tfu_arena_array(arena, data + 1, sizeof *n->tries);
    b->class_names = *out = n;
    return n->of && n->of_data && n->tries ? TFU_OK : no_memory(e);
}

enum tfu_status tfu_report_class_name(struct tfu_report_builder *b, const bool *chosen, int64_t k,
                                      const char **out, struct tfu_error *e)
{
    const struct tfu_report_cases *c = b->cases;
    const char *name = NULL;
    size_t length = 0;
    *out = NULL;
    if (!c->index)
        return TFU_OK;
    const struct tfu_index_column *names = tfu_report_cases_key(c, "task.class_names");
    const struct tfu_index_column *classes = tfu_report_cases_key(c, "task.classes");
    struct tfu_class_names *known;
    enum tfu_status st = open_names(b, &known, e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < c->count; i++) {
        if ((chosen && !chosen[i]) || !c->item[i].done)
            continue;
        size_t n;
        if (!known->of[i] && !(known->of[i] = names_of(b, i, names, classes)))
            return no_memory(e);
        const char *own = line_at(known->of[i], k, &n);
        if (!own || (name && (n != length || memcmp(own, name, n) != 0)))
            return TFU_OK;
        name = own;
        length = n;
    }
    if (name && !(*out = tfu_arena_strndup(&b->out->arena, name, length)))
        return no_memory(e);
    return TFU_OK;
}
