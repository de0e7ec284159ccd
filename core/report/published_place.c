/* SPDX-License-Identifier: MIT
 *
 * Which of the numbers of a table the entries belong to.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/path.h"
#include "core/report/published.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "reading published numbers", 0);
}

/* ---- places */

/* The name of the group's value on the axis `key`; NULL: it is none of its axes. */
static const char *value_on(const struct tfu_published_cells *c, const struct tfu_report_axes *by,
                            const struct tfu_report_group *g, const char *key)
{
    for (size_t i = 0; i < by->count; i++) {
        const struct tfu_report_axis *a = &c->cases->axis[by->item[i]];
        if (strcmp(a->name, key) == 0)
            return g->value[i] == TFU_REPORT_NONE ? "" : a->value[g->value[i]];
    }
    return NULL;
}

static bool fits(const struct tfu_published_cells *c, const struct tfu_node *n,
                 const struct tfu_report_group *row, const struct tfu_report_group *column)
{
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (tfu_published_is_option(k->key))
            continue;
        const char *value = value_on(c, &c->ask->rows, row, k->key);
        if (!value)
            value = value_on(c, &c->ask->columns, column, k->key);
        if (!value || !k->text || !tfu_report_same_value(value, k->text))
            return false;
    }
    return true;
}

/* Puts the entry where it belongs; the line of the one that is there already, 0: none is. */
static int place_entry(const struct tfu_published_cells *c, const struct tfu_published_entry *x,
                       const struct tfu_published_entry **of, bool *placed)
{
    const size_t values = c->ask->values;
    for (size_t i = 0; i < c->rows * c->columns; i++) {
        if (!fits(c, x->node, &c->row[i / c->columns], &c->column[i % c->columns]))
            continue;
        for (size_t v = 0; v < values; v++) {
            const struct tfu_published_entry **at = &of[i * values + v];
            if (x->value[0] ? strcmp(x->value, c->ask->value[v].text) != 0 : v > 0)
                continue;
            *placed = true;
            if (*at)
                return (*at)->node->mark.line;
            *at = x;
        }
    }
    return 0;
}

enum tfu_status tfu_published_place(const struct tfu_published_cells *c,
                                    const struct tfu_published_entry ***of, const bool **placed,
                                    struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_published *p = c->ask->published;
    struct tfu_arena *arena = c->cases->arena;
    bool *has_place = tfu_arena_array(arena, p->count + 1, sizeof *has_place);
    *of = tfu_arena_array(arena, c->rows * c->columns * c->ask->values + 1, sizeof **of);
    *placed = has_place;
    if (!*of || !has_place)
        return no_memory(e);
    for (size_t i = 0; i < p->count; i++) {
        const int line = place_entry(c, &p->entry[i], *of, &has_place[i]);
        if (line)
            tfu_diagnostics_add(d, p->entry[i].node->mark,
                                "tables.%s.numbers.%zu: the entry of line %d is of the same cell "
                                "of the table '%s'; leave one of them out",
                                p->table, i, line, c->ask->name);
    }
    return TFU_OK;
}

/* ---- what is said of them */

/* "published.yaml:9, start=randm: no place in this table; did you mean 'random'?" A file of numbers
 * may have more than a study, which is no error. */
static void note_unplaced(const struct tfu_report_cases *c, const struct tfu_published_entry *x,
                          struct tfu_text *out)
{
    const struct tfu_node *n = x->node;
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_printf(out, "%s:%d", tfu_path_last(n->mark.source), n->mark.line);
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (tfu_published_is_option(k->key) || !k->text)
            continue;
        tfu_text_printf(out, " %s=%s", k->key, k->text);
        for (size_t a = 0; a < c->axes; a++) {
            bool known = strcmp(c->axis[a].name, k->key) != 0;
            for (size_t v = 0; v < c->axis[a].count && !known; v++)
                known = tfu_report_same_value(c->axis[a].value[v], k->text);
            if (!known)
                tfu_text_put_advice(&advice, k->text, c->axis[a].value, c->axis[a].count);
        }
    }
    if (x->value[0])
        tfu_text_printf(out, " %s", x->value);
    tfu_text_printf(out, ": this published number has no place in the table%s\n",
                    tfu_text_get(&advice));
    out->failed |= advice.failed;
    tfu_text_free(&advice);
}

/* "0.964 ± 0.0005" */
static const char *text_of(struct tfu_arena *arena, double scale,
                           const struct tfu_published_entry *x)
{
    return x->spread < 0 ? tfu_arena_printf(arena, "%.10g", x->number * scale)
                         : tfu_arena_printf(arena, "%.10g \xC2\xB1 %.10g", x->number * scale,
                                            x->spread * scale);
}

/* Where single entries are from, each once. */
static void put_sources(const struct tfu_published *p, const bool *placed, struct tfu_text *notes)
{
    enum { MOST = 8 };
    const char *of[MOST];
    size_t count = 0;
    for (size_t i = 0; i < p->count && count < MOST; i++) {
        size_t k = 0;
        while (k < count && strcmp(of[k], p->entry[i].source) != 0)
            k++;
        if (placed[i] && p->entry[i].source[0] && k == count)
            of[count++] = p->entry[i].source;
    }
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(notes, "%s%s%s", i ? ", " : "published numbers, some from: ", of[i],
                        i + 1 == count ? "\n" : "");
}

static void put_notes(const struct tfu_published_cells *c, const bool *placed,
                      struct tfu_text *notes)
{
    const struct tfu_published *p = c->ask->published;
    bool is_read = false, recalled = false;
    tfu_text_printf(notes, "published: %s, of %s\n", p->table,
                    p->source[0] ? p->source : tfu_path_last(p->file));
    put_sources(p, placed, notes);
    for (size_t i = 0; i < p->count; i++) {
        is_read |= placed[i] && p->entry[i].how == TFU_PUBLISHED_READ;
        recalled |= placed[i] && p->entry[i].how == TFU_PUBLISHED_RECALLED;
    }
    if (recalled)
        tfu_text_puts(notes, is_read ? "some published numbers are recalled, not read at their "
                                       "source: they are marked\n"
                                     : "the published numbers are recalled, not read at their "
                                       "source\n");
    for (size_t i = 0; i < p->count; i++)
        if (!placed[i])
            note_unplaced(c->cases, &p->entry[i], notes);
}

enum tfu_status tfu_published_put(const struct tfu_published_cells *c,
                                  struct tfu_report_number *number, struct tfu_text *notes,
                                  struct tfu_error *e)
{
    const struct tfu_published *p = c->ask->published;
    const struct tfu_published_entry **of;
    const bool *placed;
    struct tfu_diagnostics *said = NULL; /* when the section was read */
    enum tfu_status st = tfu_diagnostics_new(&said, e);
    if (st == TFU_OK)
        st = tfu_published_place(c, &of, &placed, said, e);
    tfu_diagnostics_free(said);
    for (size_t i = 0; st == TFU_OK && i < c->rows * c->columns * c->ask->values; i++) {
        if (!of[i])
            continue;
        number[i].published = text_of(c->cases->arena, p->scale, of[i]);
        number[i].recalled = of[i]->how == TFU_PUBLISHED_RECALLED;
        if (!number[i].published)
            st = no_memory(e);
    }
    if (st == TFU_OK)
        put_notes(c, placed, notes);
    return st;
}
