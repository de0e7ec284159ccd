/* SPDX-License-Identifier: MIT
 *
 * What kernels keep of parameters that are constant. It is planned with the network, and made by
 * the first inference pass after a parameter was written, of which access.c takes note: there is no
 * other way to write one.
 */
#include "core/base/calling.h"
#include "core/graph/memory.h"
#include "core/graph/state.h"

/* All of it takes at most so many times what the parameters take; where the graph's first nodes
 * leave no room the later ones do without. */
enum { TIMES = 2 };

static size_t parameter_bytes(const struct tfu_network *n)
{
    size_t bytes = 0;
    for (uint32_t p = 0; p < n->graph->param_count; p++)
        bytes +=
            (size_t)tfu_shape_count(&n->graph->param[p].shape) * tfu_dtype_size(n->param_dtype[p]);
    return bytes;
}

static struct tfu_calling calling_of(const struct tfu_network *n, const struct tfu_prepared *p,
                                     const char *function)
{
    return (struct tfu_calling){.kind = "backend",
                                .plugin = n->request.backend->name,
                                .function = function,
                                .where = p->call.node,
                                .kernel = p->choice[0].kernel->algorithm};
}

static size_t packed_bytes(const struct tfu_network *n, const struct tfu_prepared *p)
{
    const struct tfu_kernel *k = p->choice[0].kernel;
    if (!k || !tfu_kernel_packs(k))
        return 0;
    const struct tfu_calling calling = calling_of(n, p, "packed_size");
    const struct tfu_calling *outer = tfu_calling_begin(&calling);
    const size_t bytes = k->packed_size(n->device, &p->call);
    tfu_calling_end(outer);
    return bytes;
}

void tfu_network_plan_packed(struct tfu_network *n)
{
    const struct tfu_units *units = tfu_network_units(n, TFU_PASS_INFERENCE);
    const size_t most = TIMES * parameter_bytes(n);
    if (!n->request.constant || n->request.training)
        return;
    for (uint32_t u = 0; u < units->count; u++) {
        struct tfu_prepared *p = &n->prepared[TFU_PASS_INFERENCE][u];
        if (n->graph->node[units->unit[u].node[0]].training_only)
            continue;
        const size_t bytes = packed_bytes(n, p);
        if (bytes == 0 || bytes > most || tfu_memory_align(bytes) > most - n->packed_size)
            continue;
        p->packs = true;
        p->packed_at = n->packed_size;
        n->packed_size += tfu_memory_align(bytes);
    }
    n->packed_stale = n->packed_size > 0;
}

static enum tfu_status pack_unit(const struct tfu_network *n, const struct tfu_prepared *p,
                                 struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, n->request.log, &said);
    const struct tfu_calling calling = calling_of(n, p, "pack");
    const struct tfu_calling *outer = tfu_calling_begin(&calling);
    const enum tfu_status st =
        p->choice[0].kernel->pack(n->device, &p->call, n->packed + p->packed_at, h);
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, calling.plugin, calling.function, &said);
    return tfu_error_set(e, st, "layer '%s': %s", p->call.node, said.text);
}

enum tfu_status tfu_network_pack(struct tfu_network *n, struct tfu_error *e)
{
    const struct tfu_units *units = tfu_network_units(n, TFU_PASS_INFERENCE);
    enum tfu_status st = TFU_OK;
    for (uint32_t u = 0; u < units->count && st == TFU_OK; u++) {
        const struct tfu_prepared *p = &n->prepared[TFU_PASS_INFERENCE][u];
        if (p->packs)
            st = pack_unit(n, p, e);
    }
    n->packed_stale = st != TFU_OK;
    return st;
}
