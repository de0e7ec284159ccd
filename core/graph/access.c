/* SPDX-License-Identifier: MIT
 *
 * Two steps, of which each may be none: from the backend's memory to the host's (`raw`), and from
 * the network's type to float32 (`single`).
 */
#include "core/graph/access.h"

#include <assert.h>
#include <string.h>

#include "core/graph/number.h"
#include "core/graph/state.h"
#include "core/graph/transfer.h"

/* ---- where a region is */

struct place {
    bool exists;
    unsigned char *memory; /* the backend's */
    unsigned char *raw;
    float *single;
    size_t count, bytes; /* numbers, and bytes of them in the network's type */
    uint32_t dtype;
};

static const struct tfu_shape *shape_of(const struct tfu_network *n, struct tfu_region region)
{
    return region.kind <= TFU_REGION_PARAM_GRAD ? &n->graph->param[region.index].shape
                                                : &n->graph->value[region.index].shape;
}

bool tfu_network_has(const struct tfu_network *n, struct tfu_region region)
{
    const uint32_t i = region.index;
    switch (region.kind) {
    case TFU_REGION_PARAM:
        return true;
    case TFU_REGION_PARAM_GRAD:
        return n->request.training && tfu_role_trained(n->graph->param[i].role) &&
               !(n->request.frozen && n->request.frozen[i]);
    case TFU_REGION_VALUE:
        return n->pinned[i];
    case TFU_REGION_VALUE_GRAD:
        return n->grad_pinned[i] &&
               (n->wants_grad[i] || tfu_graph_end(n->graph, i) != TFU_GRAPH_NONE);
    }
    return false;
}

uint32_t tfu_network_dtype(const struct tfu_network *n, struct tfu_region region)
{
    return region.kind <= TFU_REGION_PARAM_GRAD ? n->param_dtype[region.index]
                                                : n->value_dtype[region.index];
}

static size_t offset_of(const struct tfu_network *n, struct tfu_region region)
{
    switch (region.kind) {
    case TFU_REGION_PARAM:
    case TFU_REGION_PARAM_GRAD:
        return n->param_offset[region.index];
    case TFU_REGION_VALUE:
        return n->pinned_offset[region.index];
    case TFU_REGION_VALUE_GRAD:
        return n->grad_offset[region.index];
    }
    return 0;
}

static struct place find(const struct tfu_network *n, struct tfu_region region)
{
    static const enum tfu_block_kind kind[] = {
        [TFU_REGION_PARAM] = TFU_BLOCK_PARAMS,
        [TFU_REGION_PARAM_GRAD] = TFU_BLOCK_GRADS,
        [TFU_REGION_VALUE] = TFU_BLOCK_BATCH,
        [TFU_REGION_VALUE_GRAD] = TFU_BLOCK_BATCH,
    };
    if (!tfu_network_has(n, region))
        return (struct place){.exists = false};
    const struct tfu_shape *shape = shape_of(n, region);
    const struct tfu_block *block = &n->block[kind[region.kind]];
    const size_t offset = offset_of(n, region);
    struct place p = {.exists = true,
                      .memory = block->memory + offset,
                      .raw = block->raw + offset,
                      .count = (size_t)tfu_shape_count(shape),
                      .dtype = tfu_network_dtype(n, region)};
    if (region.rows) {
        assert(region.rows > 0 && region.rows <= shape->dim[0]);
        p.count = p.count / (size_t)shape->dim[0] * (size_t)region.rows;
    }
    p.bytes = p.count * tfu_dtype_size(p.dtype);
    p.single = (float *)(void *)(p.dtype == TFU_F32 ? p.raw : block->single + 2 * offset);
    return p;
}

struct tfu_tensor tfu_network_tensor(const struct tfu_network *n, struct tfu_region region)
{
    return (struct tfu_tensor){.struct_size = sizeof(struct tfu_tensor),
                               .dtype = tfu_network_dtype(n, region),
                               .place = n->backend->place,
                               .shape = *shape_of(n, region),
                               .data = find(n, region).memory};
}

/* ---- what becomes of it */

/* Whoever asks for the place of a parameter to fill it has perhaps filled it; whoever commits has.
 */
static void note_write(struct tfu_network *n, struct tfu_region region)
{
    if (region.kind == TFU_REGION_PARAM && n->packed_size > 0)
        atomic_store_explicit(&n->packed_stale, true, memory_order_relaxed);
}

/* ---- the first step: between memories */

static enum tfu_status download(const struct tfu_network *n, const struct place *p,
                                struct tfu_error *e)
{
    return p->raw == p->memory ? TFU_OK : tfu_network_download(n, p->raw, p->memory, p->bytes, e);
}

static enum tfu_status upload(const struct tfu_network *n, const struct place *p,
                              struct tfu_error *e)
{
    return p->raw == p->memory ? TFU_OK : tfu_network_upload(n, p->memory, p->raw, p->bytes, e);
}

/* ---- the second: between types */

static void to_double(double *out, const struct place *p)
{
    tfu_number_conversion(p->dtype, TFU_F64)(out, p->raw, p->count, false);
}

static void from_double(const struct place *p, const double *from)
{
    tfu_number_conversion(TFU_F64, p->dtype)(p->raw, from, p->count, false);
}

static void raw_to_single(const struct place *p)
{
    if (p->dtype != TFU_F32)
        tfu_number_conversion(p->dtype, TFU_F32)(p->single, p->raw, p->count, false);
}

static void single_to_raw(const struct place *p)
{
    if (p->dtype != TFU_F32)
        tfu_number_conversion(TFU_F32, p->dtype)(p->raw, p->single, p->count, false);
}

/* ---- both */

enum tfu_status tfu_network_look(const struct tfu_network *n, struct tfu_region region,
                                 const float **out, struct tfu_error *e)
{
    const struct place p = find(n, region);
    assert(p.exists);
    *out = p.single;
    const enum tfu_status st = download(n, &p, e);
    if (st == TFU_OK)
        raw_to_single(&p);
    return st;
}

float *tfu_network_draft(struct tfu_network *n, struct tfu_region region)
{
    const struct place p = find(n, region);
    note_write(n, region);
    return p.exists ? p.single : NULL;
}

enum tfu_status tfu_network_commit(struct tfu_network *n, struct tfu_region region,
                                   struct tfu_error *e)
{
    const struct place p = find(n, region);
    assert(p.exists);
    note_write(n, region);
    single_to_raw(&p);
    return upload(n, &p, e);
}

enum tfu_status tfu_network_read(const struct tfu_network *n, struct tfu_region region, float *out,
                                 struct tfu_error *e)
{
    const float *from;
    const enum tfu_status st = tfu_network_look(n, region, &from, e);
    if (st == TFU_OK)
        memcpy(out, from, find(n, region).count * sizeof *out);
    return st;
}

enum tfu_status tfu_network_put(struct tfu_network *n, struct tfu_region region, const float *from,
                                struct tfu_error *e)
{
    memcpy(tfu_network_draft(n, region), from, find(n, region).count * sizeof *from);
    return tfu_network_commit(n, region, e);
}

enum tfu_status tfu_network_read_double(const struct tfu_network *n, struct tfu_region region,
                                        double *out, struct tfu_error *e)
{
    const struct place p = find(n, region);
    assert(p.exists);
    const enum tfu_status st = download(n, &p, e);
    if (st == TFU_OK)
        to_double(out, &p);
    return st;
}

enum tfu_status tfu_network_put_double(struct tfu_network *n, struct tfu_region region,
                                       const double *from, struct tfu_error *e)
{
    const struct place p = find(n, region);
    assert(p.exists);
    note_write(n, region);
    from_double(&p, from);
    return upload(n, &p, e);
}

enum tfu_status tfu_network_put_input(struct tfu_network *n, int64_t rows, const float *pixels,
                                      struct tfu_error *e)
{
    return tfu_network_put(n, tfu_region_value(n->graph->input, rows), pixels, e);
}

/* In the network's own type: nothing is lost. */
enum tfu_status tfu_network_copy_params(struct tfu_network *n, const struct tfu_network *from,
                                        struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < n->graph->param_count; i++) {
        const struct place source = find(from, tfu_region_param(i));
        const struct place to = find(n, tfu_region_param(i));
        assert(source.dtype == to.dtype && source.bytes == to.bytes);
        note_write(n, tfu_region_param(i));
        st = download(from, &source, e);
        if (st != TFU_OK)
            return st;
        memcpy(to.raw, source.raw, to.bytes);
        st = upload(n, &to, e);
    }
    return st;
}
