/* SPDX-License-Identifier: MIT */
#include "core/trial/declaration.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"

/* The host's side of infer(). */
struct inference {
    struct tfu_infer infer;
    struct tfu_declaration *made;
    struct tfu_error *error;
    bool has_output;
};

static struct inference *inference_of(const struct tfu_infer *h)
{
    return h->host;
}

static const struct tfu_attr *find_attr(const struct tfu_infer *h, const char *name)
{
    const struct tfu_declaration *d = inference_of(h)->made;
    for (uint32_t i = 0; i < d->attr_count; i++)
        if (strcmp(d->attr[i].name, name) == 0)
            return &d->attr[i];
    tfu_error_set(inference_of(h)->error, TFU_EINVAL,
                  "infer() asks for the attribute '%s', which is not in the layer's table", name);
    return NULL;
}

static int64_t attr_int(const struct tfu_infer *h, const char *name)
{
    const struct tfu_attr *a = find_attr(h, name);
    return a ? a->i : 0;
}

static double attr_float(const struct tfu_infer *h, const char *name)
{
    const struct tfu_attr *a = find_attr(h, name);
    return a ? a->f : 0;
}

static void output(struct tfu_infer *h, const struct tfu_shape *shape)
{
    struct inference *i = inference_of(h);
    if (i->has_output)
        tfu_error_set(i->error, TFU_EINVAL, "infer() declares its output twice");
    i->has_output = true;
    i->made->out = *shape;
}

static void param(struct tfu_infer *h, const char *suffix, enum tfu_role role,
                  const struct tfu_shape *shape, int64_t fan_in, int64_t fan_out)
{
    struct inference *i = inference_of(h);
    if (i->made->param_count == TFU_DECLARATION_MAX) {
        tfu_error_set(i->error, TFU_EINVAL, "infer() declares more than %d parameters",
                      TFU_DECLARATION_MAX);
        return;
    }
    struct tfu_declared_param *p = &i->made->param[i->made->param_count++];
    *p = (struct tfu_declared_param){
        .role = role, .shape = *shape, .fan_in = fan_in, .fan_out = fan_out};
    snprintf(p->suffix, sizeof p->suffix, "%s", suffix);
}

static void state(struct tfu_infer *h, uint32_t dtype, const struct tfu_shape *shape, int per_row)
{
    struct inference *i = inference_of(h);
    if (dtype == TFU_BF16 || !tfu_dtype_size(dtype)) {
        tfu_error_set(i->error, TFU_EUNSUPPORTED, "infer() declares a state of %s",
                      dtype == TFU_BF16 ? "bfloat16, which this version does not compute in"
                                        : "a type that there is not");
        return;
    }
    if (i->made->state_count == TFU_DECLARATION_MAX) {
        tfu_error_set(i->error, TFU_EINVAL, "infer() declares more than %d states",
                      TFU_DECLARATION_MAX);
        return;
    }
    i->made->state[i->made->state_count++] = (struct tfu_declared_state){dtype, per_row, *shape};
}

static enum tfu_status fail(struct tfu_infer *h, enum tfu_status st, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(inference_of(h)->error, st, fmt, args);
    va_end(args);
    return st;
}

/* The row that follows row `i` of a table whose stride its author's compiler chose. */
static const struct tfu_attr_info *info_at(const struct tfu_layer_ops *layer, uint32_t i)
{
    return (const void *)((const char *)layer->attrs + (size_t)i * layer->attr_size);
}

/* Gives attribute `info` its value: the one in `given`, or the default. */
static enum tfu_status complete(struct tfu_attr *out, const char *op,
                                const struct tfu_attr_info *info, const struct tfu_attr *given,
                                struct tfu_error *e)
{
    if (!given && (info->flags & TFU_OPT_REQUIRED))
        return tfu_error_set(e, TFU_EINVAL, "%s needs the attribute '%s' (%s)", op, info->name,
                             info->help);
    *out = (struct tfu_attr){.name = info->name};
    if (info->type == TFU_INT) {
        out->i = given ? given->i : (int64_t)info->def;
        if ((double)out->i < info->min || (double)out->i > info->max)
            return tfu_error_set(e, TFU_EINVAL, "%s %" PRId64 " is outside %.17g..%.17g",
                                 info->name, out->i, info->min, info->max);
    } else {
        out->f = given ? given->f : info->def;
        if (!(out->f >= info->min && out->f <= info->max))
            return tfu_error_set(e, TFU_EINVAL, "%s %.17g is outside %.17g..%.17g", info->name,
                                 out->f, info->min, info->max);
    }
    return TFU_OK;
}

static enum tfu_status unknown_attribute(const struct tfu_declaration *d, const char *op,
                                         const char *name, struct tfu_error *e)
{
    const char *known[TFU_DECLARATION_MAX];
    struct tfu_text advice = TFU_TEXT_INIT;
    for (uint32_t i = 0; i < d->attr_count; i++)
        known[i] = d->attr[i].name;
    tfu_text_put_advice(&advice, name, known, d->attr_count);
    tfu_error_set(e, TFU_EINVAL, "%s has no attribute '%s'%s", op, name, tfu_text_get(&advice));
    tfu_text_free(&advice);
    return TFU_EINVAL;
}

static enum tfu_status complete_all(struct tfu_declaration *d, const char *op,
                                    const struct tfu_attr *attr, uint32_t attr_count,
                                    struct tfu_error *e)
{
    const struct tfu_layer_ops *layer = d->layer;
    if (layer->attr_count > TFU_DECLARATION_MAX)
        return tfu_error_set(e, TFU_EINVAL, "%s has %u attributes; at most %d are allowed", op,
                             layer->attr_count, TFU_DECLARATION_MAX);
    for (uint32_t i = 0; i < layer->attr_count; i++) {
        const struct tfu_attr_info *info = info_at(layer, i);
        const struct tfu_attr *given = NULL;
        for (uint32_t j = 0; j < attr_count; j++)
            if (strcmp(attr[j].name, info->name) == 0)
                given = &attr[j];
        const enum tfu_status st = complete(&d->attr[i], op, info, given, e);
        if (st != TFU_OK)
            return st;
        d->attr_count++;
    }
    for (uint32_t j = 0; j < attr_count; j++) {
        uint32_t i = 0;
        while (i < d->attr_count && strcmp(d->attr[i].name, attr[j].name) != 0)
            i++;
        if (i == d->attr_count)
            return unknown_attribute(d, op, attr[j].name, e);
    }
    return TFU_OK;
}

enum tfu_status tfu_declaration_make(struct tfu_declaration *out, const char *op,
                                     const struct tfu_layer_ops *layer, const struct tfu_shape *in,
                                     uint32_t n_in, const struct tfu_attr *attr,
                                     uint32_t attr_count, struct tfu_error *e)
{
    *out = (struct tfu_declaration){.layer = layer};
    struct tfu_error own = TFU_ERROR_INIT;
    if (!e)
        e = &own;
    const struct tfu_shape *inputs[TFU_DECLARATION_MAX];
    if (n_in > TFU_DECLARATION_MAX)
        return tfu_error_set(e, TFU_EINVAL, "%s is given %u inputs; at most %d are tried", op, n_in,
                             TFU_DECLARATION_MAX);
    for (uint32_t k = 0; k < n_in; k++)
        inputs[k] = &in[k];
    if (n_in < layer->min_inputs || n_in > layer->max_inputs)
        return tfu_error_set(e, TFU_EINVAL, "%s takes %u to %u inputs, not %u", op,
                             layer->min_inputs, layer->max_inputs, n_in);
    enum tfu_status st = complete_all(out, op, attr, attr_count, e);
    if (st != TFU_OK)
        return st;
    struct inference i = {.made = out, .error = e};
    i.infer = (struct tfu_infer){.struct_size = sizeof i.infer,
                                 .host = &i,
                                 .node = op,
                                 .attr_int = attr_int,
                                 .attr_float = attr_float,
                                 .output = output,
                                 .param = param,
                                 .state = state,
                                 .fail = fail};
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "layer", .plugin = op, .function = "infer"});
    st = layer->infer(&i.infer, inputs, n_in);
    tfu_calling_end(outer);
    if (st == TFU_OK)
        st = e->status; /* what the callbacks objected to */
    else if (e->status == TFU_OK)
        tfu_error_set(e, st, "infer() of %s failed (%s) without saying why", op,
                      tfu_status_text(st));
    if (st == TFU_OK && !i.has_output)
        st = tfu_error_set(e, TFU_EINVAL, "infer() of %s declares no output", op);
    return st;
}
