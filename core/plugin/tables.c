/* SPDX-License-Identifier: MIT */
#include "core/plugin/tables.h"

#include <ctype.h>
#include <string.h>

#include "core/plugin/kernel.h"
#include "core/plugin/sizes.h"

#include <transfuse/backend.h>
#include <transfuse/optim.h>
#include <transfuse/transform.h>

bool tfu_table_is_name(const char *name)
{
    if (!name || !name[0])
        return false;
    for (const char *c = name; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

/* Can rows of `size` bytes, which had `least` in ABI 2.0, be walked? */
static bool is_table(const void *rows, uint32_t size, size_t least)
{
    return rows && size >= least && size % _Alignof(double) == 0;
}

static enum tfu_status check_dtypes(uint32_t dtypes, struct tfu_error *e)
{
    if (dtypes & (TFU_TAKES_F32 | TFU_TAKES_F64))
        return TFU_OK;
    return tfu_error_set(e, TFU_EABI,
                         "its .dtypes names no type of number; set TFU_TAKES_F32, TFU_TAKES_F64 or "
                         "both");
}

/* ---- backends */

static enum tfu_status check_kernel(const struct tfu_backend_ops *b, uint32_t i,
                                    struct tfu_error *e)
{
    const struct tfu_kernel *k = tfu_kernel_at(b, i);
    if (k->struct_size < TFU_KERNEL_2_0 || k->struct_size > b->kernel_size)
        return tfu_error_set(e, TFU_EABI,
                             "its kernel number %u says that it has %u bytes, in a row of %u and "
                             "where ABI 2.0 has %u; set .struct_size to sizeof(struct tfu_kernel)",
                             i, k->struct_size, b->kernel_size, (unsigned)TFU_KERNEL_2_0);
    if (!k->op || !k->algorithm || !k->run || k->direction > TFU_RECOMPUTE)
        return tfu_error_set(e, TFU_EABI,
                             "its kernel number %u lacks .op, .algorithm or .run, or has no "
                             "known direction (%u)",
                             i, k->direction);
    return TFU_OK;
}

enum tfu_status tfu_table_check_backend(const void *ops, struct tfu_error *e)
{
    const struct tfu_backend_ops *b = ops;
    enum tfu_status st = check_dtypes(b->dtypes, e);
    if (st == TFU_OK && b->kernel_count && !is_table(b->kernels, b->kernel_size, TFU_KERNEL_2_0))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u kernels in rows of %u bytes, where ABI 2.0 has %u; set "
                             ".kernels, .kernel_count and .kernel_size",
                             b->kernel_count, b->kernel_size, (unsigned)TFU_KERNEL_2_0);
    for (uint32_t i = 0; st == TFU_OK && i < b->kernel_count; i++)
        st = check_kernel(b, i, e);
    return st;
}

/* ---- layers */

static const struct tfu_attr_info *attr_at(const struct tfu_layer_ops *l, uint32_t i)
{
    return (const struct tfu_attr_info *)((const char *)l->attrs + (size_t)i * l->attr_size);
}

static enum tfu_status check_attr(const struct tfu_layer_ops *l, uint32_t i, struct tfu_error *e)
{
    const struct tfu_attr_info *a = attr_at(l, i);
    if (!tfu_table_is_name(a->name) || !a->help || !a->help[0])
        return tfu_error_set(e, TFU_EABI,
                             "its attribute number %u ('%s') has no help text, or a name that is "
                             "not made of [a-z0-9_]",
                             i, a->name ? a->name : "");
    if (a->type != TFU_INT && a->type != TFU_FLOAT)
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' is neither TFU_INT nor TFU_FLOAT",
                             a->name);
    if (!(a->min <= a->max) ||
        (!(a->flags & TFU_OPT_REQUIRED) && !(a->def >= a->min && a->def <= a->max)))
        return tfu_error_set(e, TFU_EABI, "its attribute '%s' has the default %g outside %g to %g",
                             a->name, a->def, a->min, a->max);
    for (uint32_t k = 0; k < i; k++)
        if (strcmp(attr_at(l, k)->name, a->name) == 0)
            return tfu_error_set(e, TFU_EABI, "its attribute '%s' is in its table twice", a->name);
    return TFU_OK;
}

enum tfu_status tfu_table_check_layer(const void *ops, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = ops;
    enum tfu_status st = check_dtypes(l->dtypes, e);
    if (st != TFU_OK)
        return st;
    if (l->attr_count && !is_table(l->attrs, l->attr_size, TFU_ATTR_INFO_2_0))
        return tfu_error_set(e, TFU_EABI,
                             "it claims %u attributes in rows of %u bytes, where ABI 2.0 has %u; "
                             "set .attrs, .attr_count and .attr_size",
                             l->attr_count, l->attr_size, (unsigned)TFU_ATTR_INFO_2_0);
    if (l->min_inputs < 1 || l->max_inputs < l->min_inputs)
        return tfu_error_set(e, TFU_EABI, "it takes %u to %u inputs; a layer takes at least one",
                             l->min_inputs, l->max_inputs);
    for (uint32_t i = 0; st == TFU_OK && i < l->attr_count; i++)
        st = check_attr(l, i, e);
    return st;
}

bool tfu_table_layer_attribute(const void *ops, uint32_t index, struct tfu_option *out)
{
    const struct tfu_layer_ops *l = ops;
    if (index >= l->attr_count)
        return false;
    const struct tfu_attr_info *a = attr_at(l, index);
    struct tfu_option o = {.name = a->name, .help = a->help ? a->help : "", .flags = a->flags};
    if (a->type == TFU_INT) {
        o.type = TFU_INT;
        o.idef = (int64_t)a->def;
        o.imin = a->min < -0x1p62 ? INT64_MIN : (int64_t)a->min;
        o.imax = a->max > 0x1p62 ? INT64_MAX : (int64_t)a->max;
    } else {
        o.type = TFU_FLOAT;
        o.fdef = a->def;
        o.fmin = a->min;
        o.fmax = a->max;
    }
    *out = o;
    return true;
}

/* ---- optimizers */

enum tfu_status tfu_table_check_optim(const void *ops, struct tfu_error *e)
{
    const struct tfu_optim_ops *o = ops;
    if (o->slot_count > 8 || (o->slot_count && !o->slot_names))
        return tfu_error_set(e, TFU_EABI, "it claims %u slots; there can be 8, with names",
                             o->slot_count);
    for (uint32_t i = 0; i < o->slot_count; i++)
        if (!tfu_table_is_name(o->slot_names[i]))
            return tfu_error_set(e, TFU_EABI, "its slot %u has no name made of [a-z0-9_]", i);
    return TFU_OK;
}

/* ---- transforms */

enum tfu_status tfu_table_check_transform(const void *ops, struct tfu_error *e)
{
    const struct tfu_transform_ops *t = ops;
    const uint32_t known =
        TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC | TFU_TRANSFORM_LABELS | TFU_TRANSFORM_MIXES;
    if (t->flags & ~known)
        return tfu_error_set(
            e, TFU_EABI, "its .flags 0x%x have bits that are no TFU_TRANSFORM_*; leave out 0x%x",
            t->flags, t->flags & ~known);
    const bool mixes = TFU_HAS(t, struct tfu_transform_ops, mix) && t->mix;
    if (mixes != ((t->flags & TFU_TRANSFORM_MIXES) != 0))
        return tfu_error_set(e, TFU_EABI, "it has %s mix(), and .flags %s TFU_TRANSFORM_MIXES",
                             mixes ? "a" : "no", mixes ? "without" : "with");
    return TFU_OK;
}
