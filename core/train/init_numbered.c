/* SPDX-License-Identifier: MIT */
#include "core/train/init_numbered.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* Parameters or tensors with the same first part of their names. */
struct module {
    const char *name; /* of one of them; the first `length` bytes are the module's */
    size_t length;
    uint64_t number; /* of a file's */
    size_t members;
};

struct modules {
    struct module *item;
    size_t count;
};

static const char *inner_name(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot ? dot + 1 : name;
}

static bool is_of(const struct module *m, const char *name)
{
    return strncmp(m->name, name, m->length) == 0 && name[m->length] == '.';
}

/* "12." and something behind it. */
static bool read_number(const char *name, uint64_t *number)
{
    const size_t digits = strspn(name, "0123456789");
    *number = strtoull(name, NULL, 10);
    return digits > 0 && digits < 10 && name[digits] == '.' && name[digits + 1];
}

static bool is_numbered(const struct tfu_weights *w)
{
    uint64_t number;
    for (size_t i = 0; i < tfu_weights_count(w); i++)
        if (!read_number(tfu_weights_get(w, i)->name, &number))
            return false;
    return tfu_weights_count(w) > 0;
}

static void add_member(struct modules *m, const char *name)
{
    for (size_t i = 0; i < m->count; i++)
        if (is_of(&m->item[i], name)) {
            m->item[i].members++;
            return;
        }
    struct module *added = &m->item[m->count++];
    *added = (struct module){.name = name, .length = strcspn(name, "."), .members = 1};
    read_number(name, &added->number);
}

static int by_number(const void *left, const void *right)
{
    const struct module *a = left, *b = right;
    return a->number < b->number ? -1 : a->number > b->number;
}

static enum tfu_status list_numbers(const struct tfu_weights *w, struct modules *out,
                                    struct tfu_error *e)
{
    out->item = calloc(tfu_weights_count(w), sizeof *out->item);
    if (!out->item)
        return tfu_error_memory(e, "naming the tensors of a file", 0);
    for (size_t i = 0; i < tfu_weights_count(w); i++)
        if (!tfu_weights_is_counter(tfu_weights_get(w, i)->name))
            add_member(out, tfu_weights_get(w, i)->name);
    qsort(out->item, out->count, sizeof *out->item, by_number);
    return TFU_OK;
}

static enum tfu_status list_modules(const struct tfu_graph *g, struct modules *out,
                                    struct tfu_error *e)
{
    out->item = calloc((size_t)g->param_count + 1, sizeof *out->item);
    if (!out->item)
        return tfu_error_memory(e, "naming the tensors of a file", 0);
    for (uint32_t p = 0; p < g->param_count; p++)
        if (!g->node[g->param[p].node].is_head)
            add_member(out, g->param[p].name);
    return TFU_OK;
}

/* Are the tensors of a number called as the parameters of the module are? */
static bool fits(const struct tfu_graph *g, const struct module *module,
                 const struct tfu_weights *w, const struct module *number)
{
    if (module->members != number->members)
        return false;
    for (size_t i = 0; i < tfu_weights_count(w); i++) {
        const char *name = tfu_weights_get(w, i)->name;
        if (!is_of(number, name) || tfu_weights_is_counter(name))
            continue;
        bool found = false;
        for (uint32_t p = 0; p < g->param_count && !found; p++)
            found = is_of(module, g->param[p].name) &&
                    strcmp(inner_name(g->param[p].name), inner_name(name)) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* The number that each module has; false: one finds none. */
static bool align(const struct tfu_graph *g, const struct modules *modules,
                  const struct tfu_weights *w, const struct modules *numbers,
                  const struct module **number_of)
{
    size_t next = 0;
    for (size_t m = 0; m < modules->count; m++) {
        while (next < numbers->count && !fits(g, &modules->item[m], w, &numbers->item[next]))
            next++;
        if (next == numbers->count)
            return false;
        number_of[m] = &numbers->item[next++];
    }
    return modules->count > 0;
}

static char *first_part(const struct module *m)
{
    return strndup(m->name, m->length);
}

static enum tfu_status rename_all(struct tfu_weights *w, const struct modules *modules,
                                  const struct module *const *number_of, struct tfu_error *e)
{
    char **from = calloc(2 * modules->count, sizeof *from);
    char **to = from ? from + modules->count : NULL;
    bool complete = from != NULL;
    for (size_t m = 0; complete && m < modules->count; m++) {
        from[m] = first_part(number_of[m]);
        to[m] = first_part(&modules->item[m]);
        complete = from[m] && to[m];
    }
    const enum tfu_status st =
        complete ? tfu_weights_rename_modules(w, (const char *const *)from, (const char *const *)to,
                                              modules->count, e)
                 : tfu_error_memory(e, "naming the tensors of a file", 0);
    for (size_t i = 0; from && i < 2 * modules->count; i++)
        free(from[i]);
    free(from);
    return st;
}

/* Networks may have such names of their own. */
static bool has_numbers(const struct tfu_graph *g)
{
    uint64_t number;
    for (uint32_t p = 0; p < g->param_count; p++)
        if (read_number(g->param[p].name, &number))
            return true;
    return false;
}

enum tfu_status tfu_init_name_numbered(struct tfu_weights *w, const struct tfu_graph *graph,
                                       struct tfu_error *e)
{
    struct modules modules = {.count = 0}, numbers = {.count = 0};
    const struct module **number_of = NULL;
    if (!is_numbered(w) || has_numbers(graph))
        return TFU_OK;
    enum tfu_status st = list_modules(graph, &modules, e);
    if (st == TFU_OK)
        st = list_numbers(w, &numbers, e);
    if (st == TFU_OK) {
        number_of = calloc(modules.count + 1, sizeof *number_of);
        if (!number_of)
            st = tfu_error_memory(e, "naming the tensors of a file", 0);
    }
    if (st == TFU_OK && align(graph, &modules, w, &numbers, number_of))
        st = rename_all(w, &modules, number_of, e);
    free(number_of);
    free(modules.item);
    free(numbers.item);
    return st;
}
