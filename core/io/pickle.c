/* SPDX-License-Identifier: MIT */
#include "core/io/pickle.h"

#include <string.h>

#include "core/io/pickle_machine.h"

static enum tfu_status step(struct tfu_pickle_machine *m)
{
    if (m->position == m->source->size)
        return tfu_error_at(m->e, TFU_ECORRUPT, m->source->path, 0, 0,
                            "%s ends at byte %zu before its STOP; the file is cut off",
                            m->source->part, m->position);
    m->opcode = m->position++;
    const struct tfu_pickle_opcode *opcode = &tfu_pickle_opcodes[m->bytes[m->opcode]];
    if (opcode->run)
        return opcode->run(m);
    if (opcode->name)
        return tfu_pickle_refuse(m, TFU_EUNSUPPORTED,
                                 "files of weights do not use this opcode; load the file in Python "
                                 "and save only `model.state_dict()` with torch.save, or convert "
                                 "it to safetensors");
    return tfu_pickle_refuse(m, TFU_ECORRUPT, "0x%02x is none; the file is damaged",
                             m->bytes[m->opcode]);
}

static enum tfu_status begin(struct tfu_pickle_machine *m)
{
    struct tfu_pickle_value *v = tfu_arena_array(m->arena, 4, sizeof *v);
    if (!v)
        return tfu_pickle_memory(m);
    v[0] = (struct tfu_pickle_value){.kind = TFU_PICKLE_NONE};
    v[1] = (struct tfu_pickle_value){.kind = TFU_PICKLE_BOOL, .truth = false};
    v[2] = (struct tfu_pickle_value){.kind = TFU_PICKLE_BOOL, .truth = true};
    v[3] = (struct tfu_pickle_value){.kind = TFU_PICKLE_TUPLE};
    m->none = &v[0];
    m->truth[false] = &v[1];
    m->truth[true] = &v[2];
    m->empty_tuple = &v[3];
    return TFU_OK;
}

enum tfu_status tfu_pickle_read(struct tfu_pickle *out, const struct tfu_pickle_source *source,
                                struct tfu_arena *arena, struct tfu_error *e)
{
    struct tfu_pickle_machine m = {
        .source = source, .arena = arena, .e = e, .bytes = source->bytes};
    enum tfu_status st = begin(&m);
    while (st == TFU_OK && !m.stopped)
        st = step(&m);
    if (st != TFU_OK)
        return st;
    *out = (struct tfu_pickle){.root = m.stack.item[m.stack.count - 1],
                               .persistent = m.persistent.item,
                               .persistent_count = m.persistent.count,
                               .used = m.position};
    return TFU_OK;
}

const char *tfu_pickle_kind_text(enum tfu_pickle_kind kind)
{
    static const char *const text[] = {
        [TFU_PICKLE_NONE] = "None",
        [TFU_PICKLE_BOOL] = "a bool",
        [TFU_PICKLE_INT] = "an integer",
        [TFU_PICKLE_FLOAT] = "a number",
        [TFU_PICKLE_STRING] = "a string",
        [TFU_PICKLE_BYTES] = "bytes",
        [TFU_PICKLE_TUPLE] = "a tuple",
        [TFU_PICKLE_LIST] = "a list",
        [TFU_PICKLE_SET] = "a set",
        [TFU_PICKLE_DICT] = "a dictionary",
        [TFU_PICKLE_BIG] = "an integer of more than 64 bits",
        [TFU_PICKLE_GLOBAL] = "a name",
        [TFU_PICKLE_PERSISTENT] = "a storage",
        [TFU_PICKLE_OBJECT] = "an object",
    };
    return text[kind];
}

bool tfu_pickle_is_string(const struct tfu_pickle_value *v, const char *text)
{
    return v->kind == TFU_PICKLE_STRING && v->count == strlen(text) && strcmp(v->text, text) == 0;
}

bool tfu_pickle_is_printable(const struct tfu_pickle_value *v)
{
    if (v->kind != TFU_PICKLE_STRING)
        return false;
    for (size_t i = 0; i < v->count; i++)
        if ((unsigned char)v->text[i] < ' ' || v->text[i] == 127)
            return false;
    return true;
}

const struct tfu_pickle_value *tfu_pickle_get(const struct tfu_pickle_value *dict, const char *key)
{
    if (dict->kind != TFU_PICKLE_DICT)
        return NULL;
    for (size_t i = dict->count; i > 0; i -= 2)
        if (tfu_pickle_is_string(dict->item[i - 2], key))
            return dict->item[i - 1];
    return NULL;
}
