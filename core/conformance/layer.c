/* SPDX-License-Identifier: MIT
 *
 * Is a layer's definition whole, and are its two passes each other's derivative? The trials watch
 * guards, poison and what is kept; see core/trial/trial.h.
 */
#include <inttypes.h>
#include <string.h>

#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/layer/size.h"
#include "core/trial/declaration.h"
#include "core/trial/gradient_check.h"

enum { MAX_INPUTS = 4, MAX_ATTRS = 16 };

/* Inputs that layers are tried with, all inputs of a layer alike; it may refuse some. */
static const struct tfu_shape shapes[] = {
    {2, {0}, {5, 7, 1, 1, 1, 1, 1, 1}}, {2, {0}, {1, 1, 1, 1, 1, 1, 1, 1}},
    {4, {0}, {3, 5, 4, 6, 1, 1, 1, 1}}, {4, {0}, {2, 8, 8, 3, 1, 1, 1, 1}},
    {4, {0}, {1, 1, 1, 1, 1, 1, 1, 1}},
};

/* Of which no tensor ends between two lines of 64 bytes, whatever the type: where pages are
 * guarded, every element too far shows. */
static const struct tfu_shape lines[] = {
    {2, {0}, {4, 16, 1, 1, 1, 1, 1, 1}},
    {4, {0}, {2, 4, 4, 16, 1, 1, 1, 1}},
    {4, {0}, {1, 4, 4, 16, 1, 1, 1, 1}},
};

/* Few elements lie far apart, and allow for the large steps that differences in float32 need. */
static const struct tfu_shape few_elements[] = {
    {2, {0}, {5, 7, 1, 1, 1, 1, 1, 1}},
    {2, {0}, {1, 1, 1, 1, 1, 1, 1, 1}},
    {4, {0}, {2, 2, 2, 4, 1, 1, 1, 1}},
    {4, {0}, {1, 2, 2, 8, 1, 1, 1, 1}},
};

/* What a trial is asked for: the layer, `n_in` inputs of one shape, and required attributes at a
 * small value within their bounds. */
struct plan {
    struct tfu_shape in[MAX_INPUTS];
    struct tfu_attr attr[MAX_ATTRS];
    struct tfu_trial_request r;
};

static const struct tfu_attr_info *info_at(const struct tfu_layer_ops *l, uint32_t i)
{
    return (const struct tfu_attr_info *)((const char *)l->attrs + (size_t)i * l->attr_size);
}

/* An attribute of this value, whole or not as its type is. */
static struct tfu_attr attr_of(const struct tfu_attr_info *a, double value)
{
    const double limit = 9007199254740992.0; /* 2^53: what the table can say exactly */
    const double near = value > limit ? limit : value < -limit ? -limit : value;
    return (struct tfu_attr){a->name, a->type == TFU_INT ? (int64_t)near : 0, value};
}

static uint32_t at_most(uint32_t inputs)
{
    return inputs < MAX_INPUTS ? inputs : MAX_INPUTS;
}

static void make_plan(const struct tfu_check *c, const struct tfu_shape *shape, uint32_t n_in,
                      struct plan *p)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    *p = (struct plan){.r = {.op = c->plugin->name, .layer = l, .dtype = TFU_F64, .seed = 1}};
    p->r.dtype = l->dtypes & TFU_TAKES_F64 ? TFU_F64 : TFU_F32;
    p->r.in = p->in;
    p->r.attr = p->attr;
    p->r.n_in = n_in;
    for (uint32_t i = 0; i < p->r.n_in; i++)
        p->in[i] = *shape;
    for (uint32_t i = 0; i < l->attr_count && p->r.attr_count < MAX_ATTRS; i++) {
        const struct tfu_attr_info *a = info_at(l, i);
        if (!(a->flags & TFU_OPT_REQUIRED))
            continue;
        const double value = a->min > 2 ? a->min : a->max < 2 ? a->max : 2;
        p->attr[p->r.attr_count++] = attr_of(a, value);
    }
}

typedef enum tfu_status layer_test(struct tfu_trial_request *r, struct tfu_error *e);

/* Runs `test` on each of `count` shapes that the layer takes, with its least and its largest number
 * of inputs; `tried` of them. */
static enum tfu_status on_each_of(const struct tfu_check *c, const struct tfu_shape *list,
                                  size_t count, layer_test *test, int *tried, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    const uint32_t inputs[] = {at_most(l->min_inputs), at_most(l->max_inputs)};
    const size_t numbers = inputs[0] == inputs[1] ? 1 : 2;
    struct tfu_error refusal = TFU_ERROR_INIT;
    *tried = 0;
    for (size_t i = 0; i < numbers * count; i++) {
        const struct tfu_shape *shape = &list[i / numbers];
        struct plan p;
        struct tfu_trial *t;
        struct tfu_error said = TFU_ERROR_INIT;
        char text[TFU_SHAPE_TEXT];
        make_plan(c, shape, inputs[i % numbers], &p);
        if (tfu_trial_new(&t, &p.r, &said) != TFU_OK) {
            refusal = said;
            continue;
        }
        tfu_trial_free(t);
        ++*tried;
        const enum tfu_status st = test(&p.r, e);
        if (st != TFU_OK)
            return tfu_error_prefix(e, "with %u of %s", p.r.n_in, tfu_shape_text(shape, text));
    }
    if (!*tried)
        return tfu_error_set(e, TFU_EINVAL, "it takes none of the shapes that it is tried with: %s",
                             refusal.text);
    return TFU_OK;
}

/* On the usual shapes, of which it must take one. */
static enum tfu_status on_each(struct tfu_check *c, layer_test *test, struct tfu_error *e)
{
    int tried;
    const enum tfu_status st = on_each_of(c, shapes, TFU_COUNT(shapes), test, &tried, e);
    if (st == TFU_OK)
        tfu_check_note(c, "%d shapes and numbers of inputs", tried);
    return st;
}

/* ---- tests */

static enum tfu_status both_passes(const struct tfu_trial_request *r, struct tfu_trial **t,
                                   struct tfu_error *e)
{
    enum tfu_status st = tfu_trial_new(t, r, e);
    if (st == TFU_OK)
        st = tfu_trial_define(*t, TFU_FORWARD, e);
    if (st == TFU_OK && r->training)
        st = tfu_trial_define(*t, TFU_BACKWARD, e);
    return st == TFU_OK ? st : tfu_error_prefix(e, r->training ? "training" : "inference");
}

static enum tfu_status run_watched(struct tfu_trial_request *r, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int training = 0; st == TFU_OK && training < 2; training++)
        for (int nan = 0; st == TFU_OK && nan < 2; nan++) {
            struct tfu_trial *t;
            r->training = training;
            r->guard = nan ? TFU_GUARD_NAN : TFU_GUARD_NUMBERS;
            st = both_passes(r, &t, e);
            tfu_trial_free(t);
        }
    return st;
}

static enum tfu_status watched(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_watched, e);
}

/* In both types that a layer may take, with nothing to touch behind its tensors, then in front. */
static enum tfu_status run_inside(struct tfu_trial_request *r, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < 8; i++) {
        struct tfu_trial *t;
        r->training = i & 1;
        r->guard = i & 2 ? TFU_GUARD_PAGE_BEFORE : TFU_GUARD_PAGE_BEHIND;
        r->dtype = i & 4 ? TFU_F64 : TFU_F32;
        if (!(r->layer->dtypes & (i & 4 ? TFU_TAKES_F64 : TFU_TAKES_F32)))
            continue;
        st = both_passes(r, &t, e);
        tfu_trial_free(t);
    }
    return st;
}

static enum tfu_status inside(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    int tried;
    const enum tfu_status st = on_each_of(c, lines, TFU_COUNT(lines), run_inside, &tried, &said);
    if (!tried)
        return on_each(c, run_inside, e);
    return st == TFU_OK ? st : tfu_error_set(e, st, "%s", said.text);
}

/* Nobody wants one of the gradients, then none of those by inputs. */
static enum tfu_status run_unwanted(struct tfu_trial_request *r, struct tfu_error *e)
{
    static const uint64_t skip[][2] = {{1, 0}, {0, 1}, {0, 2}, {0, 0xff}, {0xff, 0}};
    enum tfu_status st = TFU_OK;
    r->training = true;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(skip); i++) {
        struct tfu_trial *t;
        r->skip_in = skip[i][0];
        r->skip_param = skip[i][1];
        st = both_passes(r, &t, e);
        tfu_trial_free(t);
    }
    return st;
}

static enum tfu_status unwanted(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_unwanted, e);
}

static enum tfu_status run_gradients(struct tfu_trial_request *r, struct tfu_error *e)
{
    struct tfu_gradient_difference d;
    const enum tfu_status st = tfu_gradient_check(r, 200, &d, e);
    const bool is_single = !(r->layer->dtypes & TFU_TAKES_F64);
    if (st == TFU_OK && !(d.worst.error < (is_single ? 2e-3 : 1e-6)))
        return tfu_error_set(e, TFU_ENUMERIC,
                             "element %" PRId64 " of the gradient by %s is %.10g where finite "
                             "differences give %.10g",
                             d.worst.at, d.tensor, d.worst.value, d.worst.truth);
    /* float32 rounds a few of the smallest elements away */
    if (st == TFU_OK && d.off > (is_single ? 2 + d.elements / 20 : 0))
        return tfu_error_set(e, TFU_ENUMERIC,
                             "%" PRId64 " of %" PRId64 " elements are off by more than half a "
                             "percent, the first is element %" PRId64 " of the gradient by %s: "
                             "%.10g where finite differences give %.10g",
                             d.off, d.elements, d.off_first.at, d.off_tensor, d.off_first.value,
                             d.off_first.truth);
    return st;
}

static enum tfu_status gradients(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    int tried;
    if (l->dtypes & TFU_TAKES_F64)
        return on_each(c, run_gradients, e);
    const enum tfu_status st =
        on_each_of(c, few_elements, TFU_COUNT(few_elements), run_gradients, &tried, e);
    if (st == TFU_OK)
        tfu_check_note(c, "%d shapes and numbers of inputs, in float32", tried);
    return st;
}

static enum tfu_status compare(const struct tfu_trial *t, const struct tfu_trial *truth,
                               double tolerance, const char *what, struct tfu_error *e)
{
    for (int direction = TFU_FORWARD; direction <= TFU_BACKWARD; direction++) {
        const struct tfu_trial_difference d =
            tfu_trial_compare(t, truth, (enum tfu_direction)direction);
        if (!(d.worst.error <= tolerance))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "element %" PRId64 " of %s is %.9g %s and %.9g otherwise",
                                 d.worst.at, d.tensor, d.worst.value, what, d.worst.truth);
    }
    return TFU_OK;
}

static enum tfu_status run_single(struct tfu_trial_request *r, struct tfu_error *e)
{
    struct tfu_trial *truth = NULL, *t = NULL;
    r->training = true;
    enum tfu_status st = both_passes(r, &truth, e);
    r->dtype = TFU_F32;
    if (st == TFU_OK)
        st = both_passes(r, &t, e);
    if (st == TFU_OK)
        st = compare(t, truth, 1e-5, "in float32", e);
    tfu_trial_free(t);
    tfu_trial_free(truth);
    return st;
}

static enum tfu_status single(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    if (l->dtypes != (TFU_TAKES_F32 | TFU_TAKES_F64))
        return tfu_check_skip(c, "it takes one type of numbers alone");
    return on_each(c, run_single, e);
}

static enum tfu_status run_in_place(struct tfu_trial_request *r, struct tfu_error *e)
{
    struct tfu_trial *truth = NULL, *t = NULL;
    r->training = true;
    enum tfu_status st = both_passes(r, &truth, e);
    r->in_place = true;
    if (st == TFU_OK)
        st = both_passes(r, &t, e);
    if (st == TFU_OK)
        st = compare(t, truth, 0, "in place", e);
    tfu_trial_free(t);
    tfu_trial_free(truth);
    return st;
}

static enum tfu_status in_place(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    if (!(l->keeps & TFU_IN_PLACE))
        return tfu_check_skip(c, "it does not say that it can");
    return on_each(c, run_in_place, e);
}

/* Tasks in another order, and on other workers. */
static enum tfu_status run_scattered(struct tfu_trial_request *r, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int training = 0; st == TFU_OK && training < 2; training++) {
        struct tfu_trial *truth = NULL, *t = NULL;
        r->training = training;
        r->workers = 0;
        st = both_passes(r, &truth, e);
        r->workers = 3;
        if (st == TFU_OK)
            st = both_passes(r, &t, e);
        if (st == TFU_OK && !tfu_trial_same_bits(t, truth))
            st =
                tfu_error_set(e, TFU_EINVAL,
                              "other bits in %s when parallel() runs the last task first; cut work "
                              "by shapes alone and add in the order of the index",
                              training ? "training" : "inference");
        tfu_trial_free(t);
        tfu_trial_free(truth);
    }
    return st;
}

static enum tfu_status scattered(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_scattered, e);
}

/* ---- fewer rows */

/* Copies the first elements of a tensor, as many as the other has. */
static void copy_front(const struct tfu_tensor *to, const struct tfu_tensor *from)
{
    memcpy(to->data, from->data, (size_t)tfu_shape_count(&to->shape) * tfu_dtype_size(to->dtype));
}

static enum tfu_status run_fewer(struct tfu_trial_request *r, struct tfu_error *e)
{
    struct tfu_trial *all = NULL, *few = NULL;
    struct tfu_shape in[MAX_INPUTS];
    struct tfu_trial_request fewer = *r;
    enum tfu_status st = both_passes(r, &all, e);
    memcpy(in, r->in, r->n_in * sizeof *in);
    for (uint32_t i = 0; i < r->n_in; i++)
        in[i].dim[0] = (in[i].dim[0] + 1) / 2;
    fewer.in = in;
    if (st == TFU_OK)
        st = tfu_trial_new(&few, &fewer, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_op_call *a = tfu_trial_call(all), *b = tfu_trial_call(few);
    for (uint32_t i = 0; i < r->n_in; i++)
        copy_front(b->in[i], a->in[i]);
    for (uint32_t i = 0; i < b->n_param; i++)
        copy_front(b->param[i], a->param[i]);
    st = tfu_trial_define(few, TFU_FORWARD, e);
    if (st != TFU_OK)
        return tfu_error_prefix(e, "half of the rows");
    for (int64_t i = 0; i < tfu_shape_count(&b->out->shape); i++)
        if (tfu_tensor_get(b->out, i) != tfu_tensor_get(a->out, i))
            return tfu_error_set(e, TFU_EINVAL,
                                 "element %" PRId64 " of the output is %.9g in a batch of %" PRId64
                                 " and %.9g in one of %" PRId64,
                                 i, tfu_tensor_get(b->out, i), in[0].dim[0],
                                 tfu_tensor_get(a->out, i), r->in[0].dim[0]);
    tfu_trial_free(few);
    tfu_trial_free(all);
    return TFU_OK;
}

static enum tfu_status fewer_rows(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_fewer, e);
}

/* ---- shapes */

/* Every size is 1 or more. */
static bool is_known(const struct tfu_shape *s)
{
    for (uint32_t i = 0; i < s->rank; i++)
        if (s->dim[i] < 1)
            return false;
    return true;
}

/* A size that is not known, in any place of all inputs. Where it shows in the output, the graph
 * refuses it. */
static enum tfu_status run_unknown(struct tfu_trial_request *r, struct tfu_error *e)
{
    for (uint32_t place = 0; place < r->in[0].rank; place++)
        for (int64_t size = -1; size <= 0; size++) {
            struct tfu_declaration d;
            struct tfu_error said = TFU_ERROR_INIT;
            struct tfu_shape in[MAX_INPUTS];
            char text[TFU_SHAPE_TEXT];
            for (uint32_t i = 0; i < r->n_in; i++) {
                in[i] = r->in[i];
                in[i].dim[place] = size;
            }
            const enum tfu_status st = tfu_declaration_make(&d, r->op, r->layer, in, r->n_in,
                                                            r->attr, r->attr_count, &said);
            if (st == TFU_OK && is_known(&d.out))
                return tfu_error_set(e, TFU_EINVAL, "an input of %s makes an output of known size",
                                     tfu_shape_text(in, text));
            if (tfu_check_manners(st, &said, "infer", e) != TFU_OK)
                return e->status;
        }
    return TFU_OK;
}

static enum tfu_status unknown(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_unknown, e);
}

/* Parameters, and states that are not per row, do not know the batch; everything else has it in
 * front. */
static enum tfu_status run_batches(struct tfu_trial_request *r, struct tfu_error *e)
{
    struct tfu_declaration a, b;
    struct tfu_shape in[MAX_INPUTS];
    memcpy(in, r->in, r->n_in * sizeof *in);
    for (uint32_t i = 0; i < r->n_in; i++)
        in[i].dim[0] += 2;
    enum tfu_status st =
        tfu_declaration_make(&a, r->op, r->layer, r->in, r->n_in, r->attr, r->attr_count, e);
    if (st == TFU_OK)
        st = tfu_declaration_make(&b, r->op, r->layer, in, r->n_in, r->attr, r->attr_count, e);
    if (st != TFU_OK)
        return st;
    a.out.dim[0] += 2;
    if (r->in[0].dim[0] + 2 != a.out.dim[0] || !tfu_shape_equal(&a.out, &b.out))
        return tfu_error_set(e, TFU_ESHAPE,
                             "the output's first size is not the batch, or others "
                             "change with it");
    if (a.param_count != b.param_count || a.state_count != b.state_count)
        return tfu_error_set(e, TFU_ESHAPE, "a batch of %" PRId64 " has other parameters or states",
                             in[0].dim[0]);
    for (uint32_t i = 0; i < a.param_count; i++)
        if (!tfu_shape_equal(&a.param[i].shape, &b.param[i].shape))
            return tfu_error_set(e, TFU_ESHAPE, "the shape of '%s' changes with the batch",
                                 a.param[i].suffix);
    for (uint32_t i = 0; i < a.state_count; i++) {
        a.state[i].shape.dim[0] += a.state[i].per_row ? 2 : 0;
        if (!tfu_shape_equal(&a.state[i].shape, &b.state[i].shape))
            return tfu_error_set(e, TFU_ESHAPE, "state %u is %sper row, and its shape is not", i,
                                 a.state[i].per_row ? "" : "not ");
    }
    return TFU_OK;
}

static enum tfu_status batches(struct tfu_check *c, struct tfu_error *e)
{
    return on_each(c, run_batches, e);
}

/* ---- attributes */

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_layer_ops *l = c->plugin->ops;
    int tried = 0, refused = 0;
    for (uint32_t i = 0; i < l->attr_count; i++)
        for (int largest = 0; largest < 2; largest++)
            for (size_t s = 0; s < TFU_COUNT(shapes); s++) {
                const struct tfu_attr_info *a = info_at(l, i);
                const double value = largest ? a->max : a->min;
                struct plan p;
                struct tfu_declaration d;
                struct tfu_error said = TFU_ERROR_INIT;
                make_plan(c, &shapes[s], at_most(l->min_inputs), &p);
                uint32_t k = 0;
                while (k < p.r.attr_count && strcmp(p.attr[k].name, a->name) != 0)
                    k++;
                if (k == MAX_ATTRS)
                    continue;
                p.attr[k] = attr_of(a, value);
                if (k == p.r.attr_count)
                    p.r.attr_count++;
                const enum tfu_status st = tfu_declaration_make(&d, p.r.op, l, p.in, p.r.n_in,
                                                                p.attr, p.r.attr_count, &said);
                tried++;
                refused += st != TFU_OK;
                if (tfu_check_manners(st, &said, "infer", e) != TFU_OK)
                    return tfu_error_prefix(e, "%s: %g", a->name, value);
            }
    if (!tried)
        return tfu_check_skip(c, "it has no attributes");
    tfu_check_note(c, "%d calls, %d of them refused in words", tried, refused);
    return TFU_OK;
}

/* ---- a life */

static void add_tensors(struct tfu_life *l, const struct tfu_tensor *const *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        tfu_life_add_tensor(l, t[i]);
}

/* Both passes on one shape; nothing where the layer refuses it. */
static enum tfu_status live_on(const struct tfu_trial_request *r, struct tfu_life *l,
                               struct tfu_error *e)
{
    struct tfu_error refusal = TFU_ERROR_INIT;
    struct tfu_trial *t;
    if (tfu_trial_new(&t, r, &refusal) != TFU_OK)
        return TFU_OK;
    tfu_hooks_forbid(true);
    enum tfu_status st = tfu_trial_define(t, TFU_FORWARD, e);
    if (st == TFU_OK && r->training)
        st = tfu_trial_define(t, TFU_BACKWARD, e);
    tfu_hooks_forbid(false);
    const struct tfu_op_call *c = tfu_trial_call(t);
    tfu_life_add_tensor(l, c->out);
    add_tensors(l, c->param, c->n_param);
    if (r->training) {
        add_tensors(l, c->state, c->n_state);
        add_tensors(l, c->grad_in, c->n_in);
        add_tensors(l, c->grad_param, c->n_param);
    }
    tfu_trial_free(t);
    return st;
}

enum tfu_status tfu_check_live_layer(const struct tfu_check *c, struct tfu_life *l,
                                     struct tfu_error *e)
{
    const struct tfu_layer_ops *ops = c->plugin->ops;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < 4 * TFU_COUNT(shapes); i++) {
        struct plan p;
        make_plan(c, &shapes[i / 4], at_most(i & 2 ? ops->max_inputs : ops->min_inputs), &p);
        p.r.training = i & 1;
        p.r.paints = tfu_hooks_filled() >= 0;
        p.r.painted = (unsigned char)tfu_hooks_filled();
        st = live_on(&p.r, l, e);
    }
    return st;
}

const struct tfu_check_test tfu_check_layer[] = {
    {"sizes below 1 are refused in words, or show in the output", unknown},
    {"shapes follow the batch where they should, and only there", batches},
    {"every element is written, nothing else, and only what is kept is read", watched},
    {"not an element outside of its tensors is read or written", inside},
    {"unwanted gradients are left alone", unwanted},
    {"backward() agrees with finite differences", gradients},
    {"float32 agrees with float64", single},
    {"in place gives the same bits", in_place},
    {"any number of workers gives the same bits", scattered},
    {"in inference a row does not depend on the others", fewer_rows},
    {"each attribute at its bounds is taken, or refused in words", bounds},
    {NULL, NULL},
};
