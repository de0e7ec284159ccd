/* SPDX-License-Identifier: MIT */
#include "core/io/pickle_machine.h"

#include <stdio.h>
#include <string.h>

enum tfu_status tfu_pickle_refuse(const struct tfu_pickle_machine *m, enum tfu_status st,
                                  const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *name = m->opcodes[m->bytes[m->opcode]].name;
    return tfu_error_at(m->e, st, m->source->path, 0, 0, "%s, byte %zu, %s: %s", m->source->part,
                        m->opcode, name ? name : "no opcode", text);
}

enum tfu_status tfu_pickle_memory(const struct tfu_pickle_machine *m)
{
    return tfu_error_memory(m->e, "reading a pickle", 0);
}

enum tfu_status tfu_pickle_append(struct tfu_pickle_machine *m, struct tfu_pickle_array *a,
                                  struct tfu_pickle_value *v)
{
    if (a->count == a->capacity) {
        const size_t capacity = a->capacity ? 2 * a->capacity : 16;
        struct tfu_pickle_value **item = tfu_arena_array(m->arena, capacity, sizeof *item);
        if (!item)
            return tfu_pickle_memory(m);
        if (a->count)
            memcpy(item, a->item, a->count * sizeof *item);
        a->item = item;
        a->capacity = capacity;
    }
    a->item[a->count++] = v;
    return TFU_OK;
}

enum tfu_status tfu_pickle_push(struct tfu_pickle_machine *m, struct tfu_pickle_value *v)
{
    return v ? tfu_pickle_append(m, &m->stack, v) : tfu_pickle_memory(m);
}

enum tfu_status tfu_pickle_take(struct tfu_pickle_machine *m, uint64_t n, const uint8_t **out)
{
    const size_t left = m->source->size - m->position;
    if (n > left)
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "its argument has %llu bytes where only %zu are left; the file is "
                                 "damaged",
                                 (unsigned long long)n, left);
    *out = m->bytes + m->position;
    m->position += (size_t)n;
    return TFU_OK;
}

/* A little-endian number of 1 to 8 bytes. */
enum tfu_status tfu_pickle_take_number(struct tfu_pickle_machine *m, size_t width, uint64_t *out)
{
    const uint8_t *at = NULL;
    const enum tfu_status st = tfu_pickle_take(m, width, &at);
    *out = 0;
    for (size_t i = width; st == TFU_OK && i > 0; i--)
        *out = *out << 8 | at[i - 1];
    return st;
}

struct tfu_pickle_value *tfu_pickle_new_value(struct tfu_pickle_machine *m,
                                              enum tfu_pickle_kind kind)
{
    struct tfu_pickle_value *v = tfu_arena_alloc(m->arena, sizeof *v);
    if (v)
        v->kind = kind;
    return v;
}

/* Only what was put there since the last mark can be taken. */
size_t tfu_pickle_height(const struct tfu_pickle_machine *m)
{
    return m->stack.count - (m->mark_count ? m->mark[m->mark_count - 1] : 0);
}

enum tfu_status tfu_pickle_need(const struct tfu_pickle_machine *m, size_t count)
{
    if (tfu_pickle_height(m) >= count)
        return TFU_OK;
    return tfu_pickle_refuse(m, TFU_ECORRUPT,
                             "it needs %zu on a stack of %zu values; the file is damaged", count,
                             tfu_pickle_height(m));
}

struct tfu_pickle_value *tfu_pickle_top(const struct tfu_pickle_machine *m)
{
    return m->stack.item[m->stack.count - 1];
}

struct tfu_pickle_value *tfu_pickle_pop(struct tfu_pickle_machine *m)
{
    return m->stack.item[--m->stack.count];
}

/* The values above the last mark, which goes; good until the next push. */
enum tfu_status tfu_pickle_pop_mark(struct tfu_pickle_machine *m, struct tfu_pickle_value ***item,
                                    size_t *count)
{
    if (!m->mark_count)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "there is no MARK; the file is damaged");
    *count = tfu_pickle_height(m);
    m->stack.count = m->mark[--m->mark_count];
    *item = m->stack.item ? m->stack.item + m->stack.count : NULL;
    return TFU_OK;
}

/* A value that holds `count` others; they may be the top of the stack. */
struct tfu_pickle_value *tfu_pickle_new_items(struct tfu_pickle_machine *m,
                                              enum tfu_pickle_kind kind,
                                              struct tfu_pickle_value *const *item, size_t count)
{
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, kind);
    struct tfu_pickle_value **copy = tfu_arena_array(m->arena, count, sizeof *copy);
    if (!v || !copy || count > UINT32_MAX)
        return NULL;
    if (count)
        memcpy(copy, item, count * sizeof *copy);
    v->item = copy;
    v->count = count;
    v->capacity = (uint32_t)count;
    return v;
}

/* Puts `count` items at the end of the container `v`. */
enum tfu_status tfu_pickle_extend(struct tfu_pickle_machine *m, struct tfu_pickle_value *v,
                                  struct tfu_pickle_value *const *item, size_t count)
{
    if (count > v->capacity - v->count) {
        const size_t wanted = v->count + count, capacity = wanted < 4 ? 4 : 2 * wanted;
        struct tfu_pickle_value **grown = NULL;
        if (capacity <= UINT32_MAX)
            grown = tfu_arena_array(m->arena, capacity, sizeof *grown);
        if (!grown)
            return tfu_pickle_memory(m);
        if (v->count)
            memcpy(grown, v->item, v->count * sizeof *grown);
        v->item = grown;
        v->capacity = (uint32_t)capacity;
    }
    if (count)
        memcpy(v->item + v->count, item, count * sizeof *item);
    v->count += count;
    return TFU_OK;
}
