/* SPDX-License-Identifier: MIT */
#include "core/report/class_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/report/cases_key.h"
#include "core/train/checkpoint.h"
#include "core/train/shelf.h"

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

/* As its last checkpoint has them; "" where none is there that says it. NULL when memory ran out.
 */
static const char *names_of_checkpoint(struct tfu_report_builder *b, const char *run, size_t count)
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
    const char *out =
        classes && count_lines(classes) == count ? tfu_arena_strdup(arena, classes) : "";
    free(classes);
    return out;
}

/* A line a class; "": they are not known. NULL when memory ran out. */
static const char *names_of(struct tfu_report_builder *b, size_t item,
                            const struct tfu_index_column *names,
                            const struct tfu_index_column *classes)
{
    const struct tfu_report_case *c = &b->cases->item[item];
    const size_t count = strtoull(tfu_report_cases_key_text(classes, c->row), NULL, 10);
    const char *own =
        names_of_list(&b->out->arena, tfu_report_cases_key_text(names, c->row), count);
    return own && !own[0] ? names_of_checkpoint(b, c->path, count) : own;
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
    if (!b->class_names &&
        !(b->class_names = tfu_arena_array(&b->out->arena, c->count + 1, sizeof *b->class_names)))
        return no_memory(e);
    for (size_t i = 0; i < c->count; i++) {
        if ((chosen && !chosen[i]) || !c->item[i].done)
            continue;
        size_t n;
        if (!b->class_names[i] && !(b->class_names[i] = names_of(b, i, names, classes)))
            return no_memory(e);
        const char *own = line_at(b->class_names[i], k, &n);
        if (!own || (name && (n != length || memcmp(own, name, n) != 0)))
            return TFU_OK;
        name = own;
        length = n;
    }
    if (name && !(*out = tfu_arena_strndup(&b->out->arena, name, length)))
        return no_memory(e);
    return TFU_OK;
}
