/* SPDX-License-Identifier: MIT
 *
 * What each opcode does.
 */
#include <string.h>

#include "core/io/pickle_machine.h"

/* ---- the stack and what is around the program */

static enum tfu_status run_mark(struct tfu_pickle_machine *m)
{
    if (m->mark_count == m->mark_capacity) {
        const size_t capacity = m->mark_capacity ? 2 * m->mark_capacity : 16;
        size_t *mark = tfu_arena_array(m->arena, capacity, sizeof *mark);
        if (!mark)
            return tfu_pickle_memory(m);
        if (m->mark_count)
            memcpy(mark, m->mark, m->mark_count * sizeof *mark);
        m->mark = mark;
        m->mark_capacity = capacity;
    }
    m->mark[m->mark_count++] = m->stack.count;
    return TFU_OK;
}

static enum tfu_status run_stop(struct tfu_pickle_machine *m)
{
    if (m->mark_count || m->stack.count != 1)
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "%zu values and %zu marks are on the stack instead of 1 value; "
                                 "the file is damaged",
                                 m->stack.count, m->mark_count);
    m->stopped = true;
    return TFU_OK;
}

static enum tfu_status run_proto(struct tfu_pickle_machine *m)
{
    uint64_t protocol;
    const enum tfu_status st = tfu_pickle_take_number(m, 1, &protocol);
    if (st == TFU_OK && protocol > 5)
        return tfu_pickle_refuse(m, TFU_EUNSUPPORTED,
                                 "protocol %d is not known; write the file with protocol 2",
                                 (int)protocol);
    return st;
}

static enum tfu_status run_frame(struct tfu_pickle_machine *m)
{
    uint64_t size;
    return tfu_pickle_take_number(m, 8, &size);
}

static enum tfu_status run_pop_mark(struct tfu_pickle_machine *m)
{
    struct tfu_pickle_value **item;
    size_t count;
    return tfu_pickle_pop_mark(m, &item, &count);
}

/* A value, or the mark where there is none above it. */
static enum tfu_status run_pop(struct tfu_pickle_machine *m)
{
    if (m->mark_count && tfu_pickle_height(m) == 0)
        return run_pop_mark(m);
    const enum tfu_status st = tfu_pickle_need(m, 1);
    if (st == TFU_OK)
        tfu_pickle_pop(m);
    return st;
}

static enum tfu_status run_dup(struct tfu_pickle_machine *m)
{
    const enum tfu_status st = tfu_pickle_need(m, 1);
    return st == TFU_OK ? tfu_pickle_push(m, tfu_pickle_top(m)) : st;
}

/* ---- the memo */

static enum tfu_status put(struct tfu_pickle_machine *m, uint64_t index)
{
    enum tfu_status st = tfu_pickle_need(m, 1);
    if (st == TFU_OK && index > m->opcode) /* each takes a byte or more */
        return tfu_pickle_refuse(m, TFU_ECORRUPT,
                                 "memo %llu is more than the bytes so far can have filled; the "
                                 "file is damaged",
                                 (unsigned long long)index);
    while (st == TFU_OK && m->memo.count <= index)
        st = tfu_pickle_append(m, &m->memo, NULL);
    if (st == TFU_OK)
        m->memo.item[index] = tfu_pickle_top(m);
    return st;
}

static enum tfu_status get(struct tfu_pickle_machine *m, uint64_t index)
{
    if (index >= m->memo.count || !m->memo.item[index])
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "memo %llu holds nothing; the file is damaged",
                                 (unsigned long long)index);
    return tfu_pickle_push(m, m->memo.item[index]);
}

/* Takes the memo's index, a number of `width` bytes, and does `what` with it. */
static enum tfu_status with_index(struct tfu_pickle_machine *m, size_t width,
                                  enum tfu_status (*what)(struct tfu_pickle_machine *m,
                                                          uint64_t index))
{
    uint64_t index;
    const enum tfu_status st = tfu_pickle_take_number(m, width, &index);
    return st == TFU_OK ? what(m, index) : st;
}

static enum tfu_status run_binput(struct tfu_pickle_machine *m)
{
    return with_index(m, 1, put);
}

static enum tfu_status run_long_binput(struct tfu_pickle_machine *m)
{
    return with_index(m, 4, put);
}

static enum tfu_status run_memoize(struct tfu_pickle_machine *m)
{
    return put(m, m->memo.count);
}

static enum tfu_status run_binget(struct tfu_pickle_machine *m)
{
    return with_index(m, 1, get);
}

static enum tfu_status run_long_binget(struct tfu_pickle_machine *m)
{
    return with_index(m, 4, get);
}

/* ---- values without contents */

static enum tfu_status run_none(struct tfu_pickle_machine *m)
{
    return tfu_pickle_push(m, m->none);
}

static enum tfu_status run_newtrue(struct tfu_pickle_machine *m)
{
    return tfu_pickle_push(m, m->truth[true]);
}

static enum tfu_status run_newfalse(struct tfu_pickle_machine *m)
{
    return tfu_pickle_push(m, m->truth[false]);
}

static enum tfu_status push_empty(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind)
{
    return tfu_pickle_push(m, tfu_pickle_new_value(m, kind));
}

/* ---- numbers */

static enum tfu_status push_integer(struct tfu_pickle_machine *m, int64_t integer)
{
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, TFU_PICKLE_INT);
    if (v)
        v->integer = integer;
    return tfu_pickle_push(m, v);
}

/* In two's complement. */
static int64_t signed_of(uint64_t bits, size_t width)
{
    if (width == 0)
        return 0;
    const int unused = (int)(64 - 8 * width);
    return (int64_t)(bits << unused) >> unused;
}

static enum tfu_status run_binint(struct tfu_pickle_machine *m)
{
    uint64_t bits;
    const enum tfu_status st = tfu_pickle_take_number(m, 4, &bits);
    return st == TFU_OK ? push_integer(m, signed_of(bits, 4)) : st;
}

static enum tfu_status run_binint1(struct tfu_pickle_machine *m)
{
    uint64_t bits;
    const enum tfu_status st = tfu_pickle_take_number(m, 1, &bits);
    return st == TFU_OK ? push_integer(m, (int64_t)bits) : st;
}

static enum tfu_status run_binint2(struct tfu_pickle_machine *m)
{
    uint64_t bits;
    const enum tfu_status st = tfu_pickle_take_number(m, 2, &bits);
    return st == TFU_OK ? push_integer(m, (int64_t)bits) : st;
}

/* `width`: of the number that says the length. */
static enum tfu_status push_long(struct tfu_pickle_machine *m, size_t width)
{
    uint64_t length, bits;
    enum tfu_status st = tfu_pickle_take_number(m, width, &length);
    if (st == TFU_OK && length > sizeof bits) {
        const uint8_t *unused;
        st = tfu_pickle_take(m, length, &unused);
        return st == TFU_OK ? push_empty(m, TFU_PICKLE_BIG) : st;
    }
    if (st == TFU_OK)
        st = tfu_pickle_take_number(m, (size_t)length, &bits);
    return st == TFU_OK ? push_integer(m, signed_of(bits, (size_t)length)) : st;
}

static enum tfu_status run_long1(struct tfu_pickle_machine *m)
{
    return push_long(m, 1);
}

static enum tfu_status run_long4(struct tfu_pickle_machine *m)
{
    return push_long(m, 4);
}

static enum tfu_status run_binfloat(struct tfu_pickle_machine *m)
{
    uint64_t bits; /* big-endian in the file */
    const enum tfu_status st = tfu_pickle_take_number(m, sizeof bits, &bits);
    if (st != TFU_OK)
        return st;
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, TFU_PICKLE_FLOAT);
    bits = __builtin_bswap64(bits);
    if (v)
        memcpy(&v->number, &bits, sizeof bits);
    return tfu_pickle_push(m, v);
}

/* ---- texts */

/* `width`: of the number that says the length. */
static enum tfu_status push_text(struct tfu_pickle_machine *m, size_t width,
                                 enum tfu_pickle_kind kind)
{
    uint64_t length;
    const uint8_t *bytes;
    enum tfu_status st = tfu_pickle_take_number(m, width, &length);
    if (st == TFU_OK)
        st = tfu_pickle_take(m, length, &bytes);
    if (st != TFU_OK)
        return st;
    struct tfu_pickle_value *v = tfu_pickle_new_value(m, kind);
    const char *text = tfu_arena_strndup(m->arena, (const char *)bytes, (size_t)length);
    if (!v || !text)
        return tfu_pickle_memory(m);
    v->text = text;
    v->count = (size_t)length;
    return tfu_pickle_push(m, v);
}

static enum tfu_status run_short_string(struct tfu_pickle_machine *m)
{
    return push_text(m, 1, TFU_PICKLE_STRING);
}

static enum tfu_status run_string(struct tfu_pickle_machine *m)
{
    return push_text(m, 4, TFU_PICKLE_STRING);
}

static enum tfu_status run_string8(struct tfu_pickle_machine *m)
{
    return push_text(m, 8, TFU_PICKLE_STRING);
}

static enum tfu_status run_short_bytes(struct tfu_pickle_machine *m)
{
    return push_text(m, 1, TFU_PICKLE_BYTES);
}

static enum tfu_status run_bytes(struct tfu_pickle_machine *m)
{
    return push_text(m, 4, TFU_PICKLE_BYTES);
}

static enum tfu_status run_bytes8(struct tfu_pickle_machine *m)
{
    return push_text(m, 8, TFU_PICKLE_BYTES);
}

static enum tfu_status run_bytearray(struct tfu_pickle_machine *m)
{
    return push_text(m, 8, TFU_PICKLE_BYTES);
}

/* ---- containers */

static enum tfu_status run_empty_list(struct tfu_pickle_machine *m)
{
    return push_empty(m, TFU_PICKLE_LIST);
}

static enum tfu_status run_empty_dict(struct tfu_pickle_machine *m)
{
    return push_empty(m, TFU_PICKLE_DICT);
}

static enum tfu_status run_empty_set(struct tfu_pickle_machine *m)
{
    return push_empty(m, TFU_PICKLE_SET);
}

static enum tfu_status run_empty_tuple(struct tfu_pickle_machine *m)
{
    return tfu_pickle_push(m, m->empty_tuple);
}

/* Of what is above the mark. */
static enum tfu_status push_items(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind)
{
    struct tfu_pickle_value **item;
    size_t count;
    const enum tfu_status st = tfu_pickle_pop_mark(m, &item, &count);
    if (st == TFU_OK && kind == TFU_PICKLE_DICT && count % 2)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "a key has no value; the file is damaged");
    return st == TFU_OK ? tfu_pickle_push(m, tfu_pickle_new_items(m, kind, item, count)) : st;
}

static enum tfu_status run_tuple(struct tfu_pickle_machine *m)
{
    return push_items(m, TFU_PICKLE_TUPLE);
}

static enum tfu_status run_list(struct tfu_pickle_machine *m)
{
    return push_items(m, TFU_PICKLE_LIST);
}

static enum tfu_status run_dict(struct tfu_pickle_machine *m)
{
    return push_items(m, TFU_PICKLE_DICT);
}

static enum tfu_status run_frozenset(struct tfu_pickle_machine *m)
{
    return push_items(m, TFU_PICKLE_SET);
}

static enum tfu_status push_tuple(struct tfu_pickle_machine *m, size_t count)
{
    const enum tfu_status st = tfu_pickle_need(m, count);
    if (st != TFU_OK)
        return st;
    m->stack.count -= count;
    return tfu_pickle_push(
        m, tfu_pickle_new_items(m, TFU_PICKLE_TUPLE, m->stack.item + m->stack.count, count));
}

static enum tfu_status run_tuple1(struct tfu_pickle_machine *m)
{
    return push_tuple(m, 1);
}

static enum tfu_status run_tuple2(struct tfu_pickle_machine *m)
{
    return push_tuple(m, 2);
}

static enum tfu_status run_tuple3(struct tfu_pickle_machine *m)
{
    return push_tuple(m, 3);
}

/* An object that is given items: of a dictionary it becomes one, as most are that are derived from
 * it; any other items are as opaque as itself. */
static void open_object(struct tfu_pickle_value *v, enum tfu_pickle_kind kind)
{
    if (kind == TFU_PICKLE_DICT)
        *v = (struct tfu_pickle_value){.kind = TFU_PICKLE_DICT};
}

/* Appends to the container of `kind` that is under the items. */
static enum tfu_status extend_top(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind,
                                  struct tfu_pickle_value *const *item, size_t count)
{
    const enum tfu_status st = tfu_pickle_need(m, 1);
    if (st != TFU_OK)
        return st;
    if (tfu_pickle_top(m)->kind == TFU_PICKLE_OBJECT)
        open_object(tfu_pickle_top(m), kind);
    if (tfu_pickle_top(m)->kind == TFU_PICKLE_OBJECT)
        return TFU_OK;
    if (tfu_pickle_top(m)->kind != kind)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "it adds to %s; the file is damaged",
                                 tfu_pickle_kind_text(tfu_pickle_top(m)->kind));
    if (kind == TFU_PICKLE_DICT && count % 2)
        return tfu_pickle_refuse(m, TFU_ECORRUPT, "a key has no value; the file is damaged");
    return tfu_pickle_extend(m, tfu_pickle_top(m), item, count);
}

/* The number of items is the opcode's own, or what is above the mark. */
static enum tfu_status extend_by(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind,
                                 size_t count)
{
    const enum tfu_status st = tfu_pickle_need(m, count);
    if (st != TFU_OK)
        return st;
    m->stack.count -= count;
    return extend_top(m, kind, m->stack.item + m->stack.count, count);
}

static enum tfu_status extend_by_mark(struct tfu_pickle_machine *m, enum tfu_pickle_kind kind)
{
    struct tfu_pickle_value **item;
    size_t count;
    const enum tfu_status st = tfu_pickle_pop_mark(m, &item, &count);
    return st == TFU_OK ? extend_top(m, kind, item, count) : st;
}

static enum tfu_status run_append(struct tfu_pickle_machine *m)
{
    return extend_by(m, TFU_PICKLE_LIST, 1);
}

static enum tfu_status run_appends(struct tfu_pickle_machine *m)
{
    return extend_by_mark(m, TFU_PICKLE_LIST);
}

static enum tfu_status run_setitem(struct tfu_pickle_machine *m)
{
    return extend_by(m, TFU_PICKLE_DICT, 2);
}

static enum tfu_status run_setitems(struct tfu_pickle_machine *m)
{
    return extend_by_mark(m, TFU_PICKLE_DICT);
}

static enum tfu_status run_additems(struct tfu_pickle_machine *m)
{
    return extend_by_mark(m, TFU_PICKLE_SET);
}

const struct tfu_pickle_opcode tfu_pickle_opcodes[256] = {
    ['('] = {"MARK", run_mark},
    [')'] = {"EMPTY_TUPLE", run_empty_tuple},
    ['.'] = {"STOP", run_stop},
    ['0'] = {"POP", run_pop},
    ['1'] = {"POP_MARK", run_pop_mark},
    ['2'] = {"DUP", run_dup},
    ['B'] = {"BINBYTES", run_bytes},
    ['C'] = {"SHORT_BINBYTES", run_short_bytes},
    ['F'] = {"FLOAT", NULL},
    ['G'] = {"BINFLOAT", run_binfloat},
    ['I'] = {"INT", NULL},
    ['J'] = {"BININT", run_binint},
    ['K'] = {"BININT1", run_binint1},
    ['L'] = {"LONG", NULL},
    ['M'] = {"BININT2", run_binint2},
    ['N'] = {"NONE", run_none},
    ['P'] = {"PERSID", NULL},
    ['Q'] = {"BINPERSID", tfu_pickle_run_binpersid},
    ['R'] = {"REDUCE", tfu_pickle_run_reduce},
    ['S'] = {"STRING", NULL},
    ['T'] = {"BINSTRING", run_string},
    ['U'] = {"SHORT_BINSTRING", run_short_string},
    ['V'] = {"UNICODE", NULL},
    ['X'] = {"BINUNICODE", run_string},
    [']'] = {"EMPTY_LIST", run_empty_list},
    ['a'] = {"APPEND", run_append},
    ['b'] = {"BUILD", tfu_pickle_run_build},
    ['c'] = {"GLOBAL", tfu_pickle_run_global},
    ['d'] = {"DICT", run_dict},
    ['e'] = {"APPENDS", run_appends},
    ['g'] = {"GET", NULL},
    ['h'] = {"BINGET", run_binget},
    ['i'] = {"INST", NULL},
    ['j'] = {"LONG_BINGET", run_long_binget},
    ['l'] = {"LIST", run_list},
    ['o'] = {"OBJ", NULL},
    ['p'] = {"PUT", NULL},
    ['q'] = {"BINPUT", run_binput},
    ['r'] = {"LONG_BINPUT", run_long_binput},
    ['s'] = {"SETITEM", run_setitem},
    ['t'] = {"TUPLE", run_tuple},
    ['u'] = {"SETITEMS", run_setitems},
    ['}'] = {"EMPTY_DICT", run_empty_dict},
    [0x80] = {"PROTO", run_proto},
    [0x81] = {"NEWOBJ", tfu_pickle_run_newobj},
    [0x82] = {"EXT1", NULL},
    [0x83] = {"EXT2", NULL},
    [0x84] = {"EXT4", NULL},
    [0x85] = {"TUPLE1", run_tuple1},
    [0x86] = {"TUPLE2", run_tuple2},
    [0x87] = {"TUPLE3", run_tuple3},
    [0x88] = {"NEWTRUE", run_newtrue},
    [0x89] = {"NEWFALSE", run_newfalse},
    [0x8a] = {"LONG1", run_long1},
    [0x8b] = {"LONG4", run_long4},
    [0x8c] = {"SHORT_BINUNICODE", run_short_string},
    [0x8d] = {"BINUNICODE8", run_string8},
    [0x8e] = {"BINBYTES8", run_bytes8},
    [0x8f] = {"EMPTY_SET", run_empty_set},
    [0x90] = {"ADDITEMS", run_additems},
    [0x91] = {"FROZENSET", run_frozenset},
    [0x92] = {"NEWOBJ_EX", tfu_pickle_run_newobj_ex},
    [0x93] = {"STACK_GLOBAL", tfu_pickle_run_stack_global},
    [0x94] = {"MEMOIZE", run_memoize},
    [0x95] = {"FRAME", run_frame},
    [0x96] = {"BYTEARRAY8", run_bytearray},
    [0x97] = {"NEXT_BUFFER", NULL},
    [0x98] = {"READONLY_BUFFER", NULL},
};
