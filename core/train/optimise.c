/* SPDX-License-Identifier: MIT */
#include "core/train/optimise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/base/tasks.h"

/* Elements of a piece: a few cache pages of each slot. Fixed, so that bits depend on nothing else.
 */
enum { PIECE = 65536, MAX_SLOTS = 8 };

/* What one task works on: a contiguous part of one trained parameter. */
struct piece {
    uint32_t param; /* in the graph */
    size_t offset, n;
    float *w, *g;
    float *slot[MAX_SLOTS];
    double square; /* sum of the gradient's squares */
};

struct tfu_optimiser {
    struct tfu_network *network;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    const struct tfu_plugin *plugin;
    const struct tfu_optim_ops *ops;
    const void *config;
    struct tfu_arena arena; /* names, tensors, pieces */
    float *slots;           /* all of them: slot after slot, parameter after parameter */
    size_t slots_bytes;
    struct tfu_tensor *tensor; /* one a slot and parameter */
    const char **name;
    size_t tensor_count;
    struct piece *piece;
    uint32_t piece_count;
    /* the step in progress */
    int64_t t;
    double lr_scale;
    float gradient_scale;
};

void tfu_optimiser_free(struct tfu_optimiser *o)
{
    if (!o)
        return;
    tfu_registry_release(o->registry, o->plugin);
    free(o->slots);
    tfu_arena_free(&o->arena);
    free(o);
}

/* Parameters that are updated: those that have a gradient. */
struct extent {
    size_t params, elements, pieces;
};

static struct extent measure(const struct tfu_network *n)
{
    const struct tfu_graph *graph = tfu_network_graph(n);
    struct extent x = {0, 0, 0};
    for (uint32_t p = 0; p < graph->param_count; p++) {
        const struct tfu_tensor g = tfu_network_grad(n, p);
        if (!g.data)
            continue;
        const size_t count = (size_t)tfu_shape_count(&g.shape);
        x.params++;
        x.elements += count;
        x.pieces += (count + PIECE - 1) / PIECE;
    }
    return x;
}

/* Cuts parameter `p`, whose elements start at `start` of each slot, into pieces. */
static void cut(struct tfu_optimiser *o, uint32_t p, size_t start, size_t elements)
{
    const struct tfu_tensor w = tfu_network_param(o->network, p);
    const struct tfu_tensor g = tfu_network_grad(o->network, p);
    const size_t count = (size_t)tfu_shape_count(&w.shape);
    for (size_t offset = 0; offset < count; offset += PIECE) {
        struct piece *piece = &o->piece[o->piece_count++];
        piece->param = p;
        piece->offset = offset;
        piece->n = count - offset < PIECE ? count - offset : PIECE;
        piece->w = (float *)w.data + offset;
        piece->g = (float *)g.data + offset;
        for (uint32_t s = 0; s < o->ops->slot_count; s++)
            piece->slot[s] = o->slots + s * elements + start + offset;
    }
}

/* Describes slot `s` of parameter `p`; false when memory ran out. */
static bool add_tensor(struct tfu_optimiser *o, uint32_t s, uint32_t p, size_t start,
                       size_t elements)
{
    const struct tfu_graph_param *param = &tfu_network_graph(o->network)->param[p];
    const size_t i = o->tensor_count++;
    o->name[i] = tfu_arena_printf(&o->arena, "%s.%s", o->ops->slot_names[s], param->name);
    o->tensor[i] = (struct tfu_tensor){.struct_size = sizeof o->tensor[i],
                                       .dtype = TFU_F32,
                                       .place = TFU_HOST,
                                       .shape = param->shape,
                                       .data = o->slots + s * elements + start};
    return o->name[i] != NULL;
}

static bool describe_slots(struct tfu_optimiser *o, uint32_t s, size_t elements)
{
    const struct tfu_graph *graph = tfu_network_graph(o->network);
    size_t start = 0;
    for (uint32_t p = 0; p < graph->param_count; p++) {
        const struct tfu_tensor g = tfu_network_grad(o->network, p);
        if (!g.data)
            continue;
        if (!add_tensor(o, s, p, start, elements))
            return false;
        start += (size_t)tfu_shape_count(&g.shape);
    }
    return true;
}

/* Memory of slots and pieces, and both filled in. */
static enum tfu_status lay_out(struct tfu_optimiser *o, struct tfu_error *e)
{
    const struct tfu_graph *graph = tfu_network_graph(o->network);
    const struct extent x = measure(o->network);
    const size_t slots = o->ops->slot_count;
    if (x.pieces > UINT32_MAX || (slots && x.elements > SIZE_MAX / sizeof(float) / slots))
        return tfu_error_memory(e, "making the optimizer's slots", 0);
    o->slots_bytes = slots * x.elements * sizeof(float);
    o->slots = calloc(o->slots_bytes ? o->slots_bytes : 1, 1);
    o->piece = tfu_arena_array(&o->arena, x.pieces, sizeof *o->piece);
    o->tensor = tfu_arena_array(&o->arena, slots * x.params, sizeof *o->tensor);
    o->name = tfu_arena_array(&o->arena, slots * x.params, sizeof *o->name);
    if (!o->slots || !o->piece || !o->tensor || !o->name)
        return tfu_error_memory(e, "making the optimizer's slots", o->slots_bytes);
    size_t start = 0;
    for (uint32_t p = 0; p < graph->param_count; p++) {
        const struct tfu_tensor g = tfu_network_grad(o->network, p);
        if (!g.data)
            continue;
        cut(o, p, start, x.elements);
        start += (size_t)tfu_shape_count(&g.shape);
    }
    for (uint32_t s = 0; s < slots; s++)
        if (!describe_slots(o, s, x.elements))
            return tfu_error_memory(e, "naming the optimizer's slots", 0);
    return TFU_OK;
}

enum tfu_status tfu_optimiser_new(struct tfu_optimiser **out, struct tfu_network *network,
                                  const struct tfu_plugin_choice *choice,
                                  struct tfu_registry *registry, struct tfu_threads *threads,
                                  struct tfu_error *e)
{
    *out = NULL;
    const struct tfu_optim_ops *ops = choice->plugin->ops;
    if (ops->slot_count > MAX_SLOTS)
        return tfu_error_set(e, TFU_EABI, "optimizer '%s' asks for %u slots; %d is the most",
                             choice->name, ops->slot_count, MAX_SLOTS);
    if (tfu_network_param(network, 0).dtype != TFU_F32)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "an optimizer updates float32 weights, and the network's are float64");
    struct tfu_optimiser *o = calloc(1, sizeof *o);
    if (!o)
        return tfu_error_memory(e, "making the optimizer", sizeof *o);
    o->network = network;
    o->registry = registry;
    o->threads = threads;
    o->plugin = choice->plugin;
    o->ops = ops;
    o->config = choice->config;
    tfu_arena_init(&o->arena, 0);
    tfu_registry_hold(registry, choice->plugin);
    const enum tfu_status st = lay_out(o, e);
    if (st != TFU_OK)
        tfu_optimiser_free(o);
    else
        *out = o;
    return st;
}

static enum tfu_status square_piece(void *arg, uint32_t index, struct tfu_error *e)
{
    struct tfu_optimiser *o = arg;
    struct piece *p = &o->piece[index];
    double sum = 0;
    for (size_t i = 0; i < p->n; i++)
        sum += (double)p->g[i] * (double)p->g[i];
    p->square = sum;
    /* squares of finite floats add up to a finite double, whatever their size */
    if (isfinite(sum))
        return TFU_OK;
    return tfu_error_set(e, TFU_ENUMERIC,
                         "the gradient of '%s' is not finite: the training has diverged; lower "
                         "the learning rate or set `clip_norm`",
                         tfu_network_graph(o->network)->param[p->param].name);
}

static enum tfu_status step_piece(void *arg, uint32_t index, struct tfu_error *e)
{
    struct tfu_optimiser *o = arg;
    const struct piece *p = &o->piece[index];
    if (o->gradient_scale < 1)
        for (size_t i = 0; i < p->n; i++)
            p->g[i] *= o->gradient_scale;
    const struct tfu_graph_param *of = &tfu_network_graph(o->network)->param[p->param];
    const struct tfu_optim_step step = {
        .struct_size = sizeof step,
        .role = of->role,
        .n = p->n,
        .w = p->w,
        .g = p->g,
        .slot = p->slot,
        .lr_scale = o->lr_scale,
        .t = o->t,
        .name = of->name,
        .offset = p->offset,
        .total = (uint64_t)tfu_shape_count(&of->shape),
    };
    struct tfu_host_call call;
    struct tfu_host *host = tfu_host_call_init(&call, NULL, e);
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "optim", .plugin = o->plugin->name, .function = "step", .where = of->name});
    const enum tfu_status st = o->ops->step(o->config, &step, host);
    tfu_calling_end(outer);
    return tfu_host_check(st, o->plugin->name, "step", e);
}

enum tfu_status tfu_optimiser_step(struct tfu_optimiser *o, int64_t t, double lr_scale,
                                   double clip_norm, double *norm, struct tfu_error *e)
{
    const enum tfu_status st = tfu_tasks_run(o->threads, o->piece_count, square_piece, o, e);
    if (st != TFU_OK)
        return st;
    double sum = 0;
    for (uint32_t i = 0; i < o->piece_count; i++)
        sum += o->piece[i].square;
    const double length = sqrt(sum);
    if (norm)
        *norm = length;
    o->t = t;
    o->lr_scale = lr_scale;
    o->gradient_scale = clip_norm > 0 && length > clip_norm ? (float)(clip_norm / length) : 1;
    return tfu_tasks_run(o->threads, o->piece_count, step_piece, o, e);
}

double tfu_optimiser_lr(const struct tfu_optimiser *o)
{
    const char *row = (const char *)o->plugin->options;
    for (uint32_t i = 0; i < o->plugin->option_count; i++, row += o->plugin->option_size) {
        const struct tfu_option *option = (const struct tfu_option *)(const void *)row;
        if (option->type == TFU_FLOAT && strcmp(option->name, "lr") == 0)
            return *(const double *)(const void *)((const char *)o->config + option->offset);
    }
    return NAN;
}

size_t tfu_optimiser_slot_count(const struct tfu_optimiser *o)
{
    return o->tensor_count;
}

struct tfu_tensor tfu_optimiser_slot(const struct tfu_optimiser *o, size_t i, const char **name)
{
    if (name)
        *name = o->name[i];
    return o->tensor[i];
}

size_t tfu_optimiser_bytes(const struct tfu_optimiser *o)
{
    return o->slots_bytes;
}
