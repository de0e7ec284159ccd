/* SPDX-License-Identifier: MIT
 *
 * Runs the machine over a pickle, opcode by opcode.
 */
#include "core/io/pickle_machine.h"

static enum tfu_status step(struct tfu_pickle_machine *m)
{
    if (m->position == m->source->size)
        return tfu_error_at(m->e, TFU_ECORRUPT, m->source->path, 0, 0,
                            "%s ends at byte %zu before its STOP; the file is cut off",
                            m->source->part, m->position);
    m->opcode = m->position++;
    const struct tfu_pickle_opcode *opcode = &m->opcodes[m->bytes[m->opcode]];
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
    struct tfu_pickle_machine m = {.source = source,
                                   .arena = arena,
                                   .e = e,
                                   .bytes = source->bytes,
                                   .opcodes = tfu_pickle_opcodes};
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
