/* SPDX-License-Identifier: MIT */
#include "core/sweep/axis_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"
#include "core/config/hint.h"

/* What a name says. */
static struct tfu_case_axis_value read_name(const char *name, bool text)
{
    struct tfu_case_axis_value v = {.name = name, .number = NAN};
    if (text || !tfu_hint_is_number(name))
        return v;
    v.number = strtod(name, NULL);
    errno = 0;
    v.whole = strtoll(name, NULL, 10);
    v.is_whole = tfu_hint_is_integer(name) && errno == 0;
    return v;
}

static bool is_same_number(const struct tfu_case_axis_value *a, const struct tfu_case_axis_value *b)
{
    return a->is_whole && b->is_whole ? a->whole == b->whole : a->number == b->number;
}

/* ---- the table: a value that is a number by that, others by their names */

static uint64_t hash(const struct tfu_case_axis_value *v)
{
    if (isnan(v->number))
        return tfu_fnv1a(TFU_FNV1A_BEGIN, v->name, strlen(v->name));
    const double number = v->number == 0 ? 0 : v->number; /* -0 as well */
    return tfu_fnv1a(TFU_FNV1A_BEGIN, &number, sizeof number);
}

/* The low bits of the hash of a double are good only after they were mixed with the high ones. */
static size_t slot_of(const struct tfu_case_axis *a, const struct tfu_case_axis_value *v)
{
    const uint64_t h = hash(v);
    return (size_t)(h ^ (h >> 32)) & (a->slots - 1);
}

static void put(struct tfu_case_axis *a, size_t index)
{
    size_t i = slot_of(a, &a->value[index]);
    while (a->slot[i])
        i = (i + 1) & (a->slots - 1);
    a->slot[i] = index + 1;
}

void tfu_case_axis_index(struct tfu_load *l, struct tfu_case_axis *a)
{
    a->slots = 16;
    while (a->slots < 2 * a->room)
        a->slots *= 2;
    a->slot = tfu_load_array(l, a->slots, sizeof *a->slot);
    if (!a->slot)
        a->slots = 0;
    for (size_t i = 0; a->slot && i < a->count; i++)
        put(a, i);
}

/* The one of this name among those that `v` is kept with; else, with `number`, the first that is
 * the same number. */
static size_t find(const struct tfu_case_axis *a, const struct tfu_case_axis_value *v, bool number)
{
    size_t same = SIZE_MAX;
    for (size_t i = a->slots ? slot_of(a, v) : 0; a->slots && a->slot[i];
         i = (i + 1) & (a->slots - 1)) {
        const size_t k = a->slot[i] - 1;
        if (strcmp(a->value[k].name, v->name) == 0)
            return k;
        if (number && same == SIZE_MAX && is_same_number(&a->value[k], v))
            same = k;
    }
    return same;
}

size_t tfu_case_axis_find_text(const struct tfu_case_axis *a, const char *name)
{
    const struct tfu_case_axis_value text = read_name(name, true), plain = read_name(name, false);
    const size_t k = find(a, &text, false);
    return k != SIZE_MAX ? k : find(a, &plain, false);
}

size_t tfu_case_axis_find(const struct tfu_case_axis *a, const char *name)
{
    const struct tfu_case_axis_value plain = read_name(name, false);
    const size_t k = tfu_case_axis_find_text(a, name);
    return k != SIZE_MAX || isnan(plain.number) ? k : find(a, &plain, true);
}

void tfu_case_axis_put_advice(const struct tfu_case_axis *a, const char *name, struct tfu_text *out)
{
    const char *names[64];
    size_t count = 0;
    while (count < a->count && count < TFU_COUNT(names)) {
        names[count] = a->value[count].name;
        count++;
    }
    tfu_text_put_advice(out, name, names, count);
}

/* ---- one more */

void tfu_case_axis_set_key(struct tfu_case_axis *a, const char *name)
{
    a->section = name;
    a->key = tfu_assignment_key(name);
}

static bool grow(struct tfu_load *l, struct tfu_case_axis *a)
{
    const size_t room = a->room ? 2 * a->room : 8;
    struct tfu_case_axis_value *more = tfu_load_array(l, room, sizeof *more);
    if (!more)
        return false;
    if (a->count)
        memcpy(more, a->value, a->count * sizeof *more);
    a->value = more;
    a->room = room;
    tfu_case_axis_index(l, a);
    return a->slots > 0;
}

size_t tfu_case_axis_add(struct tfu_load *l, struct tfu_case_axis *a, const char *name,
                         struct tfu_mark m, const struct tfu_node *node)
{
    if ((a->count == a->room || !a->slots) && !grow(l, a))
        return SIZE_MAX;
    struct tfu_case_axis_value *v = &a->value[a->count];
    *v = read_name(name, node->kind == TFU_NODE_SCALAR && node->quoted && node->text == name);
    v->mark = m;
    if (a->key)
        tfu_assignments_add(l, &v->set, node->kind == TFU_NODE_MAPPING ? a->section : a->key, m,
                            node);
    else
        tfu_assignments_add_all(l, &v->set, node, NULL);
    put(a, a->count);
    return a->count++;
}

struct tfu_node *tfu_case_axis_number(struct tfu_load *l, struct tfu_mark m, const char *text)
{
    struct tfu_node *n = tfu_node_new(l, TFU_NODE_SCALAR, m);
    if (n)
        n->text = text;
    return n;
}
