/* SPDX-License-Identifier: MIT */
#include "core/trial/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/graph/graph.h"
#include "core/layer/size.h"
#include "core/trial/trial_items.h"

/* ---- making one */

static void name_item(struct tfu_trial_item *i, const struct tfu_declaration *d)
{
    switch (i->group) {
    case TFU_TRIAL_IN:
        snprintf(i->name, sizeof i->name, "in[%u]", i->index);
        break;
    case TFU_TRIAL_OUT:
        snprintf(i->name, sizeof i->name, "out");
        break;
    case TFU_TRIAL_PARAM:
        snprintf(i->name, sizeof i->name, "%s", d->param[i->index].suffix);
        break;
    case TFU_TRIAL_STATE:
        snprintf(i->name, sizeof i->name, "state[%u]", i->index);
        break;
    case TFU_TRIAL_GRAD_OUT:
        snprintf(i->name, sizeof i->name, "grad_out");
        break;
    case TFU_TRIAL_GRAD_IN:
        snprintf(i->name, sizeof i->name, "grad_in[%u]", i->index);
        break;
    case TFU_TRIAL_GRAD_PARAM:
        snprintf(i->name, sizeof i->name, "grad_%s", d->param[i->index].suffix);
        break;
    }
}

/* The next tensor of the call, without memory. */
static struct tfu_trial_item *append(struct tfu_trial *t, enum tfu_trial_group group,
                                     uint32_t index, uint32_t dtype, struct tfu_shape shape)
{
    t->tensor[t->count] = (struct tfu_tensor){
        .struct_size = sizeof *t->tensor, .dtype = dtype, .place = TFU_HOST, .shape = shape};
    t->view[t->count] = &t->tensor[t->count];
    struct tfu_trial_item *i = &t->item[t->count++];
    *i = (struct tfu_trial_item){.group = group, .index = index};
    if (group == TFU_TRIAL_PARAM || group == TFU_TRIAL_GRAD_PARAM)
        i->role = t->declared.param[index].role;
    name_item(i, &t->declared);
    return i;
}

/* Memory for the item just appended. */
static enum tfu_status give_memory(struct tfu_trial *t, struct tfu_error *e)
{
    struct tfu_trial_item *i = &t->item[t->count - 1];
    struct tfu_tensor *view = &t->tensor[t->count - 1];
    int64_t bytes = (int64_t)tfu_dtype_size(view->dtype);
    for (uint32_t d = 0; d < view->shape.rank; d++)
        if (view->shape.dim[d] < 1 || __builtin_mul_overflow(bytes, view->shape.dim[d], &bytes)) {
            char text[TFU_SHAPE_TEXT];
            return tfu_error_set(e, TFU_ESHAPE, "%s of %s has the impossible shape %s", i->name,
                                 t->op, tfu_shape_text(&view->shape, text));
        }
    enum tfu_status st = tfu_guarded_new(&i->memory, (size_t)bytes, tfu_dtype_size(view->dtype),
                                         t->guard, i->name, e);
    if (st != TFU_OK)
        return st;
    view->data = i->memory.data;
    i->saved = malloc((size_t)bytes);
    return i->saved ? TFU_OK : tfu_error_memory(e, "preparing a trial", (size_t)bytes);
}

/* The item just appended lies in the memory of `with`. */
static void share_memory(struct tfu_trial *t, const struct tfu_tensor *with)
{
    t->item[t->count - 1].aliased = true;
    t->tensor[t->count - 1].data = with->data;
}

/* Bit `i` of a mask that only speaks of the first 64. */
static bool is_set(uint64_t mask, uint32_t i)
{
    return i < 64 && (mask >> i & 1);
}

static bool wanted_param(const struct tfu_trial_request *r, const struct tfu_declaration *d,
                         uint32_t p)
{
    return tfu_role_trained(d->param[p].role) && !is_set(r->skip_param, p);
}

/* All tensors, in the order in which the call's arrays point at them. */
static enum tfu_status append_all(struct tfu_trial *t, const struct tfu_trial_request *r,
                                  struct tfu_error *e)
{
    const struct tfu_declaration *d = &t->declared;
    struct tfu_op_call *c = &t->call;
    enum tfu_status st = TFU_OK;
    c->in = t->view + t->count;
    for (uint32_t i = 0; i < r->n_in && st == TFU_OK; i++) {
        append(t, TFU_TRIAL_IN, i, r->dtype, r->in[i]);
        st = give_memory(t, e);
    }
    c->param = t->view + t->count;
    for (uint32_t i = 0; i < d->param_count && st == TFU_OK; i++) {
        append(t, TFU_TRIAL_PARAM, i, r->dtype, d->param[i].shape);
        st = give_memory(t, e);
    }
    c->state = t->view + t->count;
    for (uint32_t i = 0; i < d->state_count && st == TFU_OK; i++) {
        const uint32_t dtype = d->state[i].dtype == TFU_F32 ? r->dtype : d->state[i].dtype;
        append(t, TFU_TRIAL_STATE, i, dtype, d->state[i].shape);
        if (r->training) /* as in a network: nobody reads it otherwise */
            st = give_memory(t, e);
    }
    c->out = t->tensor + t->count;
    append(t, TFU_TRIAL_OUT, 0, r->dtype, d->out);
    if (r->in_place)
        share_memory(t, c->in[0]);
    else if (st == TFU_OK)
        st = give_memory(t, e);
    c->grad_out = t->tensor + t->count;
    append(t, TFU_TRIAL_GRAD_OUT, 0, r->dtype, d->out);
    if (st == TFU_OK)
        st = give_memory(t, e);
    c->grad_in = t->view + t->count;
    for (uint32_t i = 0; i < r->n_in && st == TFU_OK; i++) {
        append(t, TFU_TRIAL_GRAD_IN, i, r->dtype, r->in[i]);
        if (is_set(r->skip_in, i))
            continue;
        if (r->in_place && i == 0)
            share_memory(t, c->grad_out);
        else
            st = give_memory(t, e);
    }
    c->grad_param = t->view + t->count;
    for (uint32_t i = 0; i < d->param_count && st == TFU_OK; i++) {
        append(t, TFU_TRIAL_GRAD_PARAM, i, r->dtype, d->param[i].shape);
        if (wanted_param(r, d, i))
            st = give_memory(t, e);
    }
    return st;
}

/* The call's twin whose tensors have no data. */
static void make_sketch(struct tfu_trial *t)
{
    const struct tfu_op_call *c = &t->call;
    for (uint32_t i = 0; i < t->count; i++) {
        t->sketch_tensor[i] = t->tensor[i];
        t->sketch_tensor[i].data = NULL;
        t->sketch_view[i] = &t->sketch_tensor[i];
    }
    t->sketch = *c;
    t->sketch.in = t->sketch_view + (c->in - t->view);
    t->sketch.out = t->sketch_tensor + (c->out - t->tensor);
    t->sketch.param = t->sketch_view + (c->param - t->view);
    t->sketch.state = t->sketch_view + (c->state - t->view);
    t->sketch.grad_out = t->sketch_tensor + (c->grad_out - t->tensor);
    t->sketch.grad_in = t->sketch_view + (c->grad_in - t->view);
    t->sketch.grad_param = t->sketch_view + (c->grad_param - t->view);
}

static enum tfu_status check_request(const struct tfu_trial *t, const struct tfu_trial_request *r,
                                     struct tfu_error *e)
{
    if (r->dtype != TFU_F32 && r->dtype != TFU_F64)
        return tfu_error_set(e, TFU_EINVAL, "a trial is of float32 or float64, not dtype %u",
                             r->dtype);
    if (r->in_place &&
        (!(r->layer->keeps & TFU_IN_PLACE) || !tfu_shape_equal(&t->declared.out, &r->in[0])))
        return tfu_error_set(e, TFU_EINVAL, "%s cannot run in place", t->op);
    return TFU_OK;
}

enum tfu_status tfu_trial_new(struct tfu_trial **out, const struct tfu_trial_request *r,
                              struct tfu_error *e)
{
    *out = NULL;
    struct tfu_trial *t = calloc(1, sizeof *t);
    if (!t)
        return tfu_error_memory(e, "preparing a trial", sizeof *t);
    snprintf(t->op, sizeof t->op, "%s", r->op);
    t->seed = r->seed;
    t->in_place = r->in_place;
    t->guard = r->guard;
    t->threads = r->threads;
    t->workers = r->workers;
    t->paints = r->paints;
    t->painted = r->painted;
    enum tfu_status st = tfu_declaration_make(&t->declared, r->op, r->layer, r->in, r->n_in,
                                              r->attr, r->attr_count, e);
    if (st == TFU_OK)
        st = check_request(t, r, e);
    if (st != TFU_OK)
        goto failed;
    const size_t most =
        2 * (size_t)r->n_in + 2 * t->declared.param_count + t->declared.state_count + 2;
    t->tensor = calloc(most, sizeof *t->tensor);
    t->sketch_tensor = calloc(most, sizeof *t->sketch_tensor);
    t->view = calloc(most, sizeof *t->view);
    t->sketch_view = calloc(most, sizeof *t->sketch_view);
    t->item = calloc(most, sizeof *t->item);
    if (!t->tensor || !t->sketch_tensor || !t->view || !t->sketch_view || !t->item) {
        st = tfu_error_memory(e, "preparing a trial", most * sizeof *t->item);
        goto failed;
    }
    for (uint32_t i = 0; i < t->declared.attr_count; i++)
        t->attr[i] = &t->declared.attr[i];
    t->call = (struct tfu_op_call){
        .struct_size = sizeof t->call,
        .training = r->training,
        .op = t->op,
        .node = t->op,
        .attrs = t->attr,
        .n_attrs = t->declared.attr_count,
        .n_in = r->n_in,
        .n_param = t->declared.param_count,
        .n_state = t->declared.state_count,
        .random_key = tfu_random_key(r->seed, "trial", "layer"),
    };
    st = append_all(t, r, e);
    if (st != TFU_OK)
        goto failed;
    make_sketch(t);
    tfu_trial_reset(t);
    *out = t;
    return TFU_OK;
failed:
    tfu_trial_free(t);
    return st;
}

void tfu_trial_free(struct tfu_trial *t)
{
    if (!t)
        return;
    for (uint32_t i = 0; i < t->count; i++) {
        tfu_guarded_free(&t->item[i].memory);
        free(t->item[i].saved);
    }
    free(t->item);
    free(t->tensor);
    free(t->sketch_tensor);
    free(t->view);
    free(t->sketch_view);
    free(t);
}

const struct tfu_op_call *tfu_trial_call(const struct tfu_trial *t)
{
    return &t->call;
}

const struct tfu_op_call *tfu_trial_sketch(const struct tfu_trial *t)
{
    return &t->sketch;
}

const struct tfu_tensor *tfu_trial_find(const struct tfu_trial *t, const char *name)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (strcmp(t->item[i].name, name) == 0)
            return &t->tensor[i];
    return NULL;
}

const char *tfu_trial_name(const struct tfu_trial *t, const struct tfu_tensor *view)
{
    return t->item[view - t->tensor].name;
}

/* ---- numbers */

/* float32 and float64 trials get the same numbers */
static void put_rounded(const struct tfu_tensor *t, int64_t i, double value)
{
    tfu_tensor_put(t, i, (double)(float)value);
}

static void fill_normal(const struct tfu_tensor *t, struct tfu_random *r)
{
    for (int64_t i = 0; i < tfu_shape_count(&t->shape); i++)
        put_rounded(t, i, tfu_random_normal(r));
}

static void fill_variance(const struct tfu_tensor *t, struct tfu_random *r)
{
    for (int64_t i = 0; i < tfu_shape_count(&t->shape); i++)
        put_rounded(t, i, 0.5 + tfu_random_uniform(r));
}

static void fill_grid(const struct tfu_tensor *t, struct tfu_random *r)
{
    const int64_t n = tfu_shape_count(&t->shape);
    for (int64_t i = 0; i < n; i++)
        put_rounded(t, i, sqrt(12) * (((double)i + 0.25) / (double)n - 0.5));
    for (int64_t i = n; i > 1; i--) { /* Fisher-Yates */
        const int64_t j = (int64_t)tfu_random_below(r, (uint64_t)i);
        const double last = tfu_tensor_get(t, i - 1);
        tfu_tensor_put(t, i - 1, tfu_tensor_get(t, j));
        tfu_tensor_put(t, j, last);
    }
}

void tfu_trial_reset(struct tfu_trial *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        struct tfu_trial_item *item = &t->item[i];
        struct tfu_random r;
        tfu_random_init(&r, tfu_random_key(t->seed, "trial", item->name));
        if (item->group == TFU_TRIAL_IN)
            fill_grid(&t->tensor[i], &r);
        else if (item->group == TFU_TRIAL_PARAM && item->role == TFU_ROLE_RUNNING_VAR)
            fill_variance(&t->tensor[i], &r);
        else if (item->group == TFU_TRIAL_PARAM || item->group == TFU_TRIAL_GRAD_OUT)
            fill_normal(&t->tensor[i], &r);
        else if (item->memory.data)
            tfu_trial_poison(&item->memory, tfu_trial_is_float(&t->tensor[i]));
    }
}

/* ---- two of them */

/* Does forward() leave this behind? */
static bool left_by_forward(const struct tfu_trial *t, const struct tfu_trial_item *i)
{
    switch (i->group) {
    case TFU_TRIAL_OUT:
        return true;
    case TFU_TRIAL_PARAM:
        return !tfu_role_trained(i->role);
    case TFU_TRIAL_STATE:
        return t->call.training;
    default:
        return false;
    }
}

void tfu_trial_adopt(struct tfu_trial *t, const struct tfu_trial *from)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (left_by_forward(t, &t->item[i]))
            for (int64_t k = 0; k < tfu_shape_count(&t->tensor[i].shape); k++)
                tfu_tensor_put(&t->tensor[i], k, tfu_tensor_get(&from->tensor[i], k));
}

static bool written_in(const struct tfu_trial *t, uint32_t i, enum tfu_direction direction)
{
    if (direction == TFU_FORWARD)
        return left_by_forward(t, &t->item[i]);
    if (!t->tensor[i].data)
        return false;
    if (direction == TFU_RECOMPUTE)
        return t->item[i].group == TFU_TRIAL_OUT;
    return (t->item[i].group == TFU_TRIAL_GRAD_IN && direction != TFU_BACKWARD_PARAMS) ||
           (t->item[i].group == TFU_TRIAL_GRAD_PARAM && direction != TFU_BACKWARD_DATA);
}

struct tfu_trial_difference tfu_trial_compare(const struct tfu_trial *t,
                                              const struct tfu_trial *truth,
                                              enum tfu_direction direction)
{
    struct tfu_trial_difference worst = {.worst = {.error = -1}};
    for (uint32_t i = 0; i < t->count; i++) {
        if (!written_in(t, i, direction) || !truth->tensor[i].data)
            continue;
        const struct tfu_difference d = tfu_tensor_compare(&t->tensor[i], &truth->tensor[i]);
        if (d.error > worst.worst.error)
            worst = (struct tfu_trial_difference){t->item[i].name, d};
    }
    return worst;
}

static bool same_tensors(const struct tfu_tensor *const *a, const struct tfu_tensor *const *b,
                         uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (a[i]->data &&
            memcmp(a[i]->data, b[i]->data,
                   (size_t)tfu_shape_count(&a[i]->shape) * tfu_dtype_size(a[i]->dtype)) != 0)
            return false;
    return true;
}

bool tfu_trial_same_bits(const struct tfu_trial *a, const struct tfu_trial *b)
{
    const struct tfu_op_call *x = &a->call, *y = &b->call;
    return same_tensors(&x->out, &y->out, 1) && same_tensors(x->param, y->param, x->n_param) &&
           same_tensors(x->state, y->state, x->n_state) &&
           same_tensors(x->grad_in, y->grad_in, x->n_in) &&
           same_tensors(x->grad_param, y->grad_param, x->n_param);
}
