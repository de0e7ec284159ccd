/* SPDX-License-Identifier: MIT */
#include "core/plugin/contents_check.h"

#include <transfuse/backend.h>
#include <transfuse/optim.h>

enum { MAX_SLOTS = 8 };

static enum tfu_status check_dtypes(uint32_t dtypes, struct tfu_error *e)
{
    if (dtypes & (TFU_TAKES_F32 | TFU_TAKES_F64))
        return TFU_OK;
    return tfu_error_set(e, TFU_EABI,
                         "its .dtypes names no type of number; set TFU_TAKES_F32, TFU_TAKES_F64 or "
                         "both");
}

static enum tfu_status check_kernel(const struct tfu_kernel *k, uint32_t row, struct tfu_error *e)
{
    if (!k->op || !k->op[0] || !k->algorithm || !k->algorithm[0] || !k->run)
        return tfu_error_set(e, TFU_EABI,
                             "row %u of its kernels is not complete; set .op, .algorithm and .run",
                             row);
    if (k->direction > TFU_BACKWARD_PARAMS)
        return tfu_error_set(e, TFU_EABI,
                             "its kernel '%s' of %s has the unknown direction %u; take one of enum "
                             "tfu_direction",
                             k->algorithm, k->op, k->direction);
    return TFU_OK;
}

static enum tfu_status check_backend(const struct tfu_backend_ops *b, struct tfu_error *e)
{
    if (b->kernel_count && (!b->kernels || b->kernel_size < sizeof(struct tfu_kernel)))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u kernels in rows of %u bytes; set .kernels, "
                             ".kernel_count and .kernel_size",
                             b->kernel_count, b->kernel_size);
    enum tfu_status st = check_dtypes(b->dtypes, e);
    for (uint32_t i = 0; st == TFU_OK && i < b->kernel_count; i++)
        st = check_kernel((const void *)((const char *)b->kernels + (size_t)i * b->kernel_size), i,
                          e);
    return st;
}

static enum tfu_status check_attribute(const struct tfu_attr_info *a, uint32_t row,
                                       struct tfu_error *e)
{
    if (!a->name || !a->name[0] || !a->help || !a->help[0])
        return tfu_error_set(e, TFU_EABI,
                             "row %u of its attributes is not complete; set .name and .help", row);
    if (a->type != TFU_INT && a->type != TFU_FLOAT)
        return tfu_error_set(
            e, TFU_EABI, "its attribute '%s' has the type %u; TFU_INT and TFU_FLOAT are allowed",
            a->name, a->type);
    if (!(a->min <= a->max))
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' has a least value above its largest",
                             a->name);
    if (!(a->flags & TFU_OPT_REQUIRED) && !(a->def >= a->min && a->def <= a->max))
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' has a default outside its own bounds",
                             a->name);
    return TFU_OK;
}

static enum tfu_status check_layer(const struct tfu_layer_ops *l, struct tfu_error *e)
{
    enum tfu_status st = check_dtypes(l->dtypes, e);
    if (st != TFU_OK)
        return st;
    if (l->attr_count && (!l->attrs || l->attr_size < sizeof(struct tfu_attr_info)))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u attributes in rows of %u bytes; set .attrs, "
                             ".attr_count and .attr_size",
                             l->attr_count, l->attr_size);
    if (l->min_inputs < 1 || l->max_inputs < l->min_inputs)
        return tfu_error_set(e, TFU_EABI,
                             "it takes %u to %u inputs; let .min_inputs be at least 1 and "
                             ".max_inputs at least that",
                             l->min_inputs, l->max_inputs);
    for (uint32_t i = 0; st == TFU_OK && i < l->attr_count; i++)
        st = check_attribute((const void *)((const char *)l->attrs + (size_t)i * l->attr_size), i,
                             e);
    return st;
}

static enum tfu_status check_optim(const struct tfu_optim_ops *o, struct tfu_error *e)
{
    if (o->slot_count > MAX_SLOTS || (o->slot_count && !o->slot_names))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u slots; there can be %d, each with a name in .slot_names",
                             o->slot_count, MAX_SLOTS);
    for (uint32_t i = 0; i < o->slot_count; i++)
        if (!o->slot_names[i] || !o->slot_names[i][0])
            return tfu_error_set(e, TFU_EABI, "its slot %u has no name; set .slot_names[%u]", i, i);
    return TFU_OK;
}

enum tfu_status tfu_plugin_contents_check(const struct tfu_plugin *p, struct tfu_error *e)
{
    switch ((enum tfu_kind)p->kind) {
    case TFU_KIND_BACKEND:
        return check_backend(p->ops, e);
    case TFU_KIND_LAYER:
        return check_layer(p->ops, e);
    case TFU_KIND_OPTIM:
        return check_optim(p->ops, e);
    case TFU_KIND_ARCH:
    case TFU_KIND_INIT:
    case TFU_KIND_METRIC:
    case TFU_KIND_DATASET:
        break;
    }
    return TFU_OK;
}
