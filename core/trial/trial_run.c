/* SPDX-License-Identifier: MIT
 *
 * trial_run.c - one run of a trial, and the checks around it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/graph/graph.h"
#include "core/trial/trial.h"
#include "core/trial/trial_items.h"

/* ---- what a direction may do with a tensor */

enum use {
    IGNORED,  /* nobody's concern */
    READ,     /* there to read, not to change */
    HIDDEN,   /* not to be relied on: poisoned while the run lasts */
    WRITTEN,  /* poisoned before, numbers after */
    REPLACED, /* there to read; numbers after */
};

static enum use use_forward(const struct tfu_trial *t, const struct tfu_trial_item *i)
{
    switch (i->group) {
    case TFU_TRIAL_IN:
        return t->in_place && i->index == 0 ? REPLACED : READ;
    case TFU_TRIAL_PARAM:
        return t->call.training && !tfu_role_trained(i->role) ? REPLACED : READ;
    case TFU_TRIAL_OUT:
        return i->aliased ? IGNORED : WRITTEN;
    case TFU_TRIAL_STATE:
        return t->call.training ? WRITTEN : IGNORED;
    default:
        return IGNORED;
    }
}

static enum use use_backward(const struct tfu_trial *t, const struct tfu_trial_item *i,
                             enum tfu_direction direction)
{
    const uint32_t keeps = t->declared.layer->keeps;
    switch (i->group) {
    case TFU_TRIAL_IN: /* in place it holds the output by now */
        return keeps & (t->in_place && i->index == 0 ? TFU_KEEPS_OUTPUT : TFU_KEEPS_INPUT) ? READ
                                                                                           : HIDDEN;
    case TFU_TRIAL_OUT:
        return i->aliased ? IGNORED : keeps & TFU_KEEPS_OUTPUT ? READ : HIDDEN;
    case TFU_TRIAL_GRAD_OUT:
        return t->in_place ? REPLACED : READ;
    case TFU_TRIAL_GRAD_IN:
        return i->aliased ? IGNORED : direction == TFU_BACKWARD_PARAMS ? READ : WRITTEN;
    case TFU_TRIAL_GRAD_PARAM:
        return direction == TFU_BACKWARD_DATA ? READ : WRITTEN;
    default:
        return READ;
    }
}

static enum use use_again(const struct tfu_trial_item *i)
{
    switch (i->group) {
    case TFU_TRIAL_IN:
    case TFU_TRIAL_PARAM:
    case TFU_TRIAL_STATE:
        return READ;
    case TFU_TRIAL_OUT:
        return WRITTEN;
    default:
        return IGNORED;
    }
}

static enum use use_of(const struct tfu_trial *t, const struct tfu_trial_item *i,
                       enum tfu_direction direction)
{
    if (!i->memory.data)
        return IGNORED;
    if (direction == TFU_RECOMPUTE)
        return use_again(i);
    return direction == TFU_FORWARD ? use_forward(t, i) : use_backward(t, i, direction);
}

static void prepare(struct tfu_trial *t, enum tfu_direction direction)
{
    for (uint32_t k = 0; k < t->count; k++) {
        struct tfu_trial_item *i = &t->item[k];
        const enum use use = use_of(t, i, direction);
        if (use == READ || use == HIDDEN)
            memcpy(i->saved, i->memory.data, i->memory.bytes);
        if (use == WRITTEN || use == HIDDEN)
            tfu_trial_poison(&i->memory, tfu_trial_is_float(&t->tensor[k]));
    }
}

/* Not only until the first complaint: hidden tensors come back whatever happened. */
static void unhide(struct tfu_trial *t, enum tfu_direction direction)
{
    for (uint32_t k = 0; k < t->count; k++) {
        struct tfu_trial_item *i = &t->item[k];
        if (use_of(t, i, direction) == HIDDEN)
            memcpy(i->memory.data, i->saved, i->memory.bytes);
    }
}

static enum tfu_status check_numbers(const struct tfu_tensor *view, const struct tfu_trial_item *i,
                                     struct tfu_error *e)
{
    for (int64_t k = 0; tfu_trial_is_float(view) && k < tfu_shape_count(&view->shape); k++)
        if (isnan(tfu_tensor_get(view, k)))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "element %" PRId64 " of %s is not a number: it was not written, "
                                 "or was computed from memory that holds nothing",
                                 k, i->name);
    return TFU_OK;
}

static enum tfu_status check_after(const struct tfu_trial *t, enum tfu_direction direction,
                                   struct tfu_error *e)
{
    for (uint32_t k = 0; k < t->count; k++) {
        const struct tfu_trial_item *i = &t->item[k];
        const enum use use = use_of(t, i, direction);
        if (i->memory.data && !tfu_guarded_intact(&i->memory))
            return tfu_error_set(e, TFU_EINVAL, "memory before or behind %s was written", i->name);
        if (use == READ && memcmp(i->saved, i->memory.data, i->memory.bytes) != 0)
            return tfu_error_set(e, TFU_EINVAL,
                                 "%s was changed, but is not for this direction to write", i->name);
        if (use == WRITTEN || use == REPLACED) {
            const enum tfu_status st = check_numbers(&t->tensor[k], i, e);
            if (st != TFU_OK)
                return st;
        }
    }
    return TFU_OK;
}

/* ---- runs */

/* What runs: a kernel of an open device, or the definition when it is NULL. */
struct runner {
    const struct tfu_kernel *kernel;
    void *dev;
    enum tfu_direction direction;
    const void *packed; /* what the kernel's pack() has made; NULL: nothing */
};

static size_t workspace_size(const struct tfu_trial *t, const struct runner *r)
{
    if (r->kernel)
        return r->kernel->workspace ? r->kernel->workspace(r->dev, &t->sketch) : 0;
    const struct tfu_layer_ops *layer = t->declared.layer;
    return layer->workspace ? layer->workspace(&t->sketch) : 0;
}

static enum tfu_status call_runner(const struct tfu_trial *t, const struct runner *r,
                                   const struct tfu_guarded *workspace, struct tfu_error *e)
{
    struct tfu_op_call c = t->call;
    c.workspace = workspace->bytes ? workspace->data : NULL;
    c.workspace_size = workspace->bytes;
    c.packed = r->packed;
    if (r->direction == TFU_FORWARD || r->direction == TFU_RECOMPUTE)
        c.grad_out = NULL, c.grad_in = c.grad_param = NULL;
    struct tfu_host_call host;
    struct tfu_host *h = tfu_host_call_init(&host, NULL, e);
    if (t->threads)
        tfu_host_call_share(&host, t->threads);
    else if (t->workers > 1)
        tfu_host_call_scatter(&host, t->workers);
    const struct tfu_layer_ops *layer = t->declared.layer;
    const struct tfu_calling calling = {
        .kind = r->kernel ? "backend" : "layer",
        .plugin = r->kernel ? "" : t->op,
        .function = r->kernel                     ? "run"
                    : r->direction == TFU_FORWARD ? "forward"
                                                  : "backward",
        .where = r->kernel ? t->op : NULL,
        .kernel = r->kernel ? r->kernel->algorithm : NULL,
    };
    const struct tfu_calling *outer = tfu_calling_begin(&calling);
    if (t->paints)
        tfu_stack_paint(t->painted);
    const enum tfu_status st = r->kernel                     ? r->kernel->run(r->dev, &c, h)
                               : r->direction == TFU_FORWARD ? layer->forward(&c, h)
                                                             : layer->backward(&c, h);
    tfu_calling_end(outer);
    return tfu_host_check(st, r->kernel ? r->kernel->algorithm : t->op, calling.function, e);
}

static enum tfu_status run(struct tfu_trial *t, const struct runner *r, struct tfu_error *e)
{
    struct tfu_guarded workspace;
    enum tfu_status st = tfu_guarded_new(&workspace, workspace_size(t, r), sizeof(double), t->guard,
                                         "the workspace", e);
    if (st != TFU_OK)
        return st;
    tfu_trial_poison(&workspace, false);
    if (t->paints)
        memset(workspace.data, t->painted, workspace.bytes);
    prepare(t, r->direction);
    st = call_runner(t, r, &workspace, e);
    if (st == TFU_OK)
        st = check_after(t, r->direction, e);
    if (st == TFU_OK && !tfu_guarded_intact(&workspace))
        st = tfu_error_set(e, TFU_EINVAL,
                           "memory before or behind the workspace of %zu bytes was written",
                           workspace.bytes);
    unhide(t, r->direction);
    tfu_guarded_free(&workspace);
    return st;
}

enum tfu_status tfu_trial_define(struct tfu_trial *t, enum tfu_direction direction,
                                 struct tfu_error *e)
{
    const uint32_t taken = t->declared.layer->dtypes;
    const bool is_f32 = t->call.out->dtype == TFU_F32;
    if (!(taken & (is_f32 ? TFU_TAKES_F32 : TFU_TAKES_F64)))
        return tfu_error_set(e, TFU_EUNSUPPORTED, "the definition of %s does not take %s", t->op,
                             is_f32 ? "float32" : "float64");
    return run(t, &(struct runner){.direction = direction}, e);
}

bool tfu_trial_supported(const struct tfu_trial *t, const struct tfu_kernel *k, void *dev)
{
    return strcmp(k->op, t->op) == 0 && !tfu_kernel_then(k)[0] &&
           !(t->in_place && k->direction == TFU_RECOMPUTE) &&
           (!k->cost || k->cost(dev, &t->sketch) >= 0);
}

enum tfu_status tfu_trial_kernel(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                                 struct tfu_error *e)
{
    return run(t, &(struct runner){k, dev, (enum tfu_direction)k->direction, NULL}, e);
}

/* ---- what a kernel keeps of its parameters */

/* The call with the data of its parameters alone, as pack() may get it. */
static enum tfu_status call_pack(const struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                                 const struct tfu_guarded *packed, struct tfu_error *e)
{
    struct tfu_op_call c = t->sketch;
    c.param = t->call.param;
    struct tfu_host_call host;
    struct tfu_host *h = tfu_host_call_init(&host, NULL, e);
    const struct tfu_calling *outer =
        tfu_calling_begin(&(struct tfu_calling){.kind = "backend",
                                                .plugin = "",
                                                .function = "pack",
                                                .where = t->op,
                                                .kernel = k->algorithm});
    const enum tfu_status st = k->pack(dev, &c, packed->data, h);
    tfu_calling_end(outer);
    return tfu_host_check(st, k->algorithm, "pack", e);
}

/* Has a parameter changed since its bytes were saved? */
static enum tfu_status check_params(const struct tfu_trial *t, struct tfu_error *e)
{
    for (uint32_t k = 0; k < t->count; k++) {
        const struct tfu_trial_item *i = &t->item[k];
        if (i->group == TFU_TRIAL_PARAM && memcmp(i->saved, i->memory.data, i->memory.bytes) != 0)
            return tfu_error_set(e, TFU_EINVAL, "pack() changed %s", i->name);
    }
    return TFU_OK;
}

enum tfu_status tfu_trial_pack(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                               struct tfu_guarded *packed, struct tfu_error *e)
{
    const size_t bytes = k->packed_size(dev, &t->sketch);
    enum tfu_status st =
        tfu_guarded_new(packed, bytes, sizeof(float), t->guard, "what pack() makes", e);
    if (st != TFU_OK || bytes == 0)
        return st;
    tfu_trial_poison(packed, true);
    for (uint32_t i = 0; i < t->count; i++)
        if (t->item[i].group == TFU_TRIAL_PARAM)
            memcpy(t->item[i].saved, t->item[i].memory.data, t->item[i].memory.bytes);
    st = call_pack(t, k, dev, packed, e);
    if (st == TFU_OK)
        st = check_params(t, e);
    if (st == TFU_OK && !tfu_guarded_intact(packed))
        st = tfu_error_set(e, TFU_EINVAL,
                           "memory before or behind the %zu bytes of packed_size() was written",
                           bytes);
    return st;
}

enum tfu_status tfu_trial_kernel_packed(struct tfu_trial *t, const struct tfu_kernel *k, void *dev,
                                        const struct tfu_guarded *packed, struct tfu_error *e)
{
    unsigned char *before = malloc(packed->bytes + 1);
    if (!before)
        return tfu_error_memory(e, "running a kernel", packed->bytes);
    memcpy(before, packed->data, packed->bytes);
    const struct runner r = {k, dev, (enum tfu_direction)k->direction, packed->data};
    enum tfu_status st = run(t, &r, e);
    if (st == TFU_OK &&
        (memcmp(before, packed->data, packed->bytes) != 0 || !tfu_guarded_intact(packed)))
        st = tfu_error_set(e, TFU_EINVAL, "run() changed what pack() had made");
    free(before);
    return st;
}
