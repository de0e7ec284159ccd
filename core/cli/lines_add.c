/* SPDX-License-Identifier: MIT
 *
 * Which line a comparison belongs to, and what it is called.
 */
#include <stdlib.h>
#include <string.h>

#include "core/cli/lines.h"

static void free_member(struct tfu_member *m)
{
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; m->node[i] && k < m->node_count[i]; k++)
            free(m->node[i][k]);
        free(m->node[i]);
        free(m->label[i]);
    }
    tfu_comparison_free(&m->comparison);
}

void tfu_lines_free(struct tfu_lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < l->line[i].member_count; k++)
            free_member(&l->line[i].member[k]);
        free(l->line[i].member);
        free(l->line[i].key);
        free(l->line[i].name);
    }
    free(l->line);
    *l = (struct tfu_lines){.line = NULL};
}

static bool copy_side(struct tfu_member *m, int i, const struct tfu_side *s)
{
    m->label[i] = strdup(s->subject->label);
    m->node[i] = calloc(s->node_count + 1, sizeof *m->node[i]);
    bool ok = m->label[i] && m->node[i];
    m->node_count[i] = ok ? s->node_count : 0;
    for (size_t k = 0; ok && k < s->node_count; k++)
        ok = (m->node[i][k] = strdup(s->node[k].name));
    return ok;
}

/* What a line is called that would have the name of another: "noise (2)". */
static char *free_name(const struct tfu_lines *l, const char *name)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, name);
    for (size_t i = 0, n = 2; i < l->count && !text.failed; i++)
        if (strcmp(l->line[i].name, tfu_text_get(&text)) == 0) {
            tfu_text_free(&text);
            tfu_text_printf(&text, "%s (%zu)", name, n++);
            i = (size_t)-1; /* from the first again */
        }
    if (text.failed)
        tfu_text_free(&text);
    return text.data;
}

/* What a line is. */
struct kind {
    const char *key;
    bool baseline, noise, single;
};

/* The line that `like` describes: one that is there, or a new one. */
static struct tfu_curve *find_line(struct tfu_lines *l, const struct kind *like)
{
    for (size_t i = 0; i < l->count; i++)
        if (!like->single && l->line[i].baseline == like->baseline &&
            strcmp(l->line[i].key, like->key) == 0)
            return &l->line[i];
    struct tfu_curve *more = realloc(l->line, (l->count + 1) * sizeof *more);
    if (!more)
        return NULL;
    l->line = more;
    struct tfu_curve *line = &l->line[l->count];
    *line = (struct tfu_curve){.key = strdup(like->key),
                               .name = free_name(l, like->key),
                               .baseline = like->baseline,
                               .noise = like->noise,
                               .single = like->single};
    if (line->key && line->name) {
        l->count++;
        return line;
    }
    free(line->key);
    free(line->name);
    return NULL;
}

static struct tfu_member *add_member(struct tfu_curve *line)
{
    struct tfu_member *more = realloc(line->member, (line->member_count + 1) * sizeof *more);
    if (!more)
        return NULL;
    line->member = more;
    line->member[line->member_count] = (struct tfu_member){.node_count = {0, 0}};
    return &line->member[line->member_count++];
}

void tfu_member_pair_name(const struct tfu_member *m, size_t pair, struct tfu_text *out)
{
    const struct tfu_compare_pair *p = &m->comparison.pair[pair];
    const char *a = m->node[0][p->a], *b = m->node[1][p->b];
    tfu_text_puts(out, a);
    if (strcmp(a, b) != 0)
        tfu_text_printf(out, " ~ %s", b);
}

static void list_pairs(const struct tfu_member *m, struct tfu_text *out)
{
    for (size_t p = 0; p < m->comparison.pair_count; p++) {
        tfu_text_puts(out, p ? ", " : "");
        tfu_member_pair_name(m, p, out);
    }
}

/* Rows of a table, and places in a figure, are named once for all lines. */
static enum tfu_status check_same(const struct tfu_lines *l, const struct tfu_member *m,
                                  struct tfu_error *e)
{
    const struct tfu_member *first = &l->line[0].member[0];
    struct tfu_text have = TFU_TEXT_INIT, want = TFU_TEXT_INIT;
    list_pairs(m, &have);
    list_pairs(first, &want);
    enum tfu_status st = TFU_OK;
    if (have.failed || want.failed)
        st = tfu_error_memory(e, "comparing", 0);
    else if (strcmp(tfu_text_get(&have), tfu_text_get(&want)) != 0)
        st = tfu_error_set(e, TFU_EINVAL,
                           "'%s' and '%s' have the nodes %s to compare, but '%s' and '%s' have "
                           "%s: all lines of a figure are over the same ones; choose `nodes` that "
                           "all networks have, or compare in several figures",
                           m->label[0], m->label[1], tfu_text_get(&have), first->label[0],
                           first->label[1], tfu_text_get(&want));
    tfu_text_free(&have);
    tfu_text_free(&want);
    return st;
}

static enum tfu_status take(struct tfu_lines *l, const struct kind *like, const struct tfu_side *a,
                            const struct tfu_side *b, struct tfu_comparison *r, struct tfu_error *e)
{
    struct tfu_curve *line = find_line(l, like);
    struct tfu_member *m = line ? add_member(line) : NULL;
    if (!m) {
        tfu_comparison_free(r);
        return tfu_error_memory(e, "comparing", 0);
    }
    m->comparison = *r;
    *r = (struct tfu_comparison){.pair = NULL};
    if (!copy_side(m, 0, a) || !copy_side(m, 1, b))
        return tfu_error_memory(e, "comparing", 0);
    return check_same(l, m, e);
}

enum tfu_status tfu_lines_take(struct tfu_lines *l, const struct tfu_side *side,
                               struct tfu_comparison *r, struct tfu_error *e)
{
    const struct kind like = {.key = side->subject->label, .single = true};
    return take(l, &like, side, side, r, e);
}

enum tfu_status tfu_lines_add(struct tfu_lines *l, const char *name, bool baseline,
                              const struct tfu_comparing *c, const struct tfu_side *a,
                              const struct tfu_side *b, bool noise, struct tfu_error *e)
{
    struct tfu_comparison r;
    const struct kind like = {.key = name, .baseline = baseline, .noise = noise};
    const enum tfu_status st = tfu_sides_compare(&r, c, a, b, l->matrix, noise, e);
    return st == TFU_OK ? take(l, &like, a, b, &r, e) : tfu_error_prefix(e, "%s", name);
}
