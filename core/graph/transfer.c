/* SPDX-License-Identifier: MIT */
#include "core/graph/transfer.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"

static bool is_device(const struct tfu_network *n)
{
    return n->backend->place != TFU_HOST;
}

static void *allocate(size_t bytes, struct tfu_error *e)
{
    void *data = NULL;
    if (posix_memalign(&data, TFU_MEMORY_ALIGN, bytes + TFU_MEMORY_ALIGN) != 0) {
        tfu_error_memory(e, "the host's copy of a network's memory", bytes);
        return NULL;
    }
    memset(data, 0xff, bytes); /* as numbers none, so that who forgets to look sees it */
    return data;
}

/* Bytes of the largest gradient that is added to another. */
static size_t largest_share(const struct tfu_network *n)
{
    size_t largest = 0;
    for (uint32_t i = 0; n->request.training && i < n->graph->node_count; i++)
        for (uint32_t k = 0; k < n->graph->node[i].in_count; k++) {
            const struct tfu_shape *shape = &n->graph->value[n->graph->node[i].in[k]].shape;
            const size_t bytes = (size_t)tfu_shape_count(shape) *
                                 tfu_dtype_size(n->value_dtype[n->graph->node[i].in[k]]);
            if (n->plan[1].use[n->first_use[i] + k].added && bytes > largest)
                largest = bytes;
        }
    return largest;
}

enum tfu_status tfu_network_open_access(struct tfu_network *n, bool converts, struct tfu_error *e)
{
    for (int i = 0; i < 2 && is_device(n) && !tfu_backend_adds(n->backend); i++)
        if (!(n->share[i] = allocate(largest_share(n), e)))
            return TFU_ENOMEM;
    for (int b = 0; b < TFU_BLOCK_COUNT; b++) {
        struct tfu_block *block = &n->block[b];
        block->raw = is_device(n) ? allocate(block->bytes, e) : block->memory;
        /* twice as much, whichever type: a region at byte i has its float32 at byte 2 i */
        block->single = converts ? allocate(2 * block->bytes, e) : NULL;
        if (!block->raw || (converts && !block->single))
            return TFU_ENOMEM;
    }
    return TFU_OK;
}

void tfu_network_close_access(struct tfu_network *n)
{
    free(n->share[0]);
    free(n->share[1]);
    for (int b = 0; b < TFU_BLOCK_COUNT; b++) {
        if (n->block[b].raw != n->block[b].memory)
            free(n->block[b].raw);
        free(n->block[b].single);
    }
}

enum tfu_status tfu_network_backend_status(const struct tfu_network *n, enum tfu_status st,
                                           const char *function, struct tfu_error *said,
                                           struct tfu_error *e)
{
    const char *name = n->request.backend->name;
    if (st == TFU_OK)
        return st;
    tfu_host_check(st, name, function, said);
    return tfu_error_set(e, st, "backend '%s': %s", name, said->text);
}

enum tfu_status tfu_network_download(const struct tfu_network *n, void *host, const void *device,
                                     size_t bytes, struct tfu_error *e)
{
    struct tfu_host_call call;
    struct tfu_error said = TFU_ERROR_INIT;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "backend", .plugin = n->request.backend->name, .function = "download"});
    const enum tfu_status st = n->backend->download(
        n->device, host, device, bytes, tfu_host_call_init(&call, n->request.log, &said));
    tfu_calling_end(outer);
    return tfu_network_backend_status(n, st, "download", &said, e);
}

enum tfu_status tfu_network_upload(const struct tfu_network *n, void *device, const void *host,
                                   size_t bytes, struct tfu_error *e)
{
    struct tfu_host_call call;
    struct tfu_error said = TFU_ERROR_INIT;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "backend", .plugin = n->request.backend->name, .function = "upload"});
    const enum tfu_status st = n->backend->upload(n->device, device, host, bytes,
                                                  tfu_host_call_init(&call, n->request.log, &said));
    tfu_calling_end(outer);
    return tfu_network_backend_status(n, st, "upload", &said, e);
}
