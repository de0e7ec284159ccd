/* SPDX-License-Identifier: MIT
 *
 * Does every kernel compute what the layer's definition says, on every case of core/layer/cases.h,
 * with the same bits for any number of threads? The trials watch guards, poison and scratch.
 */
#include <inttypes.h>
#include <string.h>

#include "core/conformance/backend_device.h"
#include "core/conformance/hooks.h"
#include "core/conformance/life.h"
#include "core/plugin/kernel.h"
#include "core/trial/cases.h"

#include <transfuse/backend.h>

/* Largest error of float64, relative to the largest magnitude; that of float32 is the kernel's. */
static const double tolerance_double = 1e-12;

/* ---- the table */

static enum tfu_status opens(struct tfu_check *c, struct tfu_error *e)
{
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct tfu_check_device a, b;
        enum tfu_status st = tfu_check_device_open(c, c->config, threads, &a, e);
        if (st == TFU_OK) /* two at a time */
            st = tfu_check_device_open(c, c->config, 1, &b, e);
        if (st != TFU_OK)
            return st;
        tfu_check_device_close(&a);
        tfu_check_device_close(&b);
    }
    return TFU_OK;
}

static enum tfu_status check_kernel(const struct tfu_backend_ops *b, uint32_t i,
                                    struct tfu_error *e)
{
    const struct tfu_kernel *k = tfu_kernel_at(b, i);
    if (!k->op || !k->algorithm || !k->algorithm[0] || !k->run)
        return tfu_error_set(e, TFU_EINVAL, "kernel %u has no %s", i,
                             !k->op    ? "op"
                             : !k->run ? "run()"
                                       : "algorithm");
    if (k->direction > TFU_RECOMPUTE)
        return tfu_error_set(e, TFU_EINVAL, "kernel %u (%s, %s) has the direction %u", i, k->op,
                             k->algorithm, k->direction);
    if (TFU_HAS(k, struct tfu_kernel, pack) && !k->packed_size != !k->pack)
        return tfu_error_set(e, TFU_EINVAL,
                             "kernel %u (%s, %s) has one of packed_size() and pack(), which are "
                             "of use together",
                             i, k->op, k->algorithm);
    for (uint32_t j = 0; j < i; j++) {
        const struct tfu_kernel *other = tfu_kernel_at(b, j);
        if (other->direction == k->direction && strcmp(other->op, k->op) == 0 &&
            strcmp(other->algorithm, k->algorithm) == 0 &&
            strcmp(tfu_kernel_then(other), tfu_kernel_then(k)) == 0)
            return tfu_error_set(e, TFU_EINVAL, "kernels %u and %u are both %s, %s, direction %u",
                                 j, i, k->op, k->algorithm, k->direction);
    }
    return TFU_OK;
}

static enum tfu_status table(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_backend_ops *b = c->plugin->ops;
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < b->kernel_count; i++)
        st = check_kernel(b, i, e);
    tfu_check_note(c, "%u kernels", b->kernel_count);
    return st;
}

/* ---- kernels against definitions */

/* Both passes of the definition in float64; forward alone without `training`. */
static enum tfu_status make_truth(struct tfu_trial_request r, struct tfu_trial **out,
                                  struct tfu_error *e)
{
    r.dtype = TFU_F64;
    r.in_place = false;
    enum tfu_status st = tfu_trial_new(out, &r, e);
    if (st == TFU_OK)
        st = tfu_trial_define(*out, TFU_FORWARD, e);
    if (st == TFU_OK && r.training)
        st = tfu_trial_define(*out, TFU_BACKWARD, e);
    return st;
}

static enum tfu_status say_where(const struct tfu_layer_case *c, const struct tfu_kernel *k,
                                 const struct tfu_trial_request *r, struct tfu_error *e)
{
    return tfu_error_prefix(e, "%s/%s, algorithm %s, case '%s', %s%s", k->op,
                            tfu_direction_name(k->direction), k->algorithm, c->label,
                            r->training ? "training" : "inference",
                            r->in_place ? ", in place" : "");
}

/* One kernel on one case; nothing when it does not take it. `t` is a trial of the request, used for
 * one kernel after the other: drawing its numbers takes long. */
static enum tfu_status try_kernel(const struct tfu_layer_case *c, const struct tfu_trial_request *r,
                                  const struct tfu_trial *truth, struct tfu_trial *t,
                                  const struct tfu_kernel *k, const struct tfu_check_device *d,
                                  int *tried, struct tfu_error *e)
{
    if (strcmp(k->op, c->op) != 0 || (!r->training && k->direction != TFU_FORWARD))
        return TFU_OK;
    enum tfu_status st = TFU_OK;
    if (tfu_trial_supported(t, k, d->dev)) {
        ++*tried;
        if (r->in_place ||
            strcmp(k->op, "conv2d") != 0) /* running changes what it was filled with */
            tfu_trial_reset(t);
        if (k->direction != TFU_FORWARD)
            tfu_trial_adopt(t, truth);
        st = tfu_trial_kernel(t, k, d->dev, e);
        if (st == TFU_OK && d->bends_numbers)
            st = tfu_error_set(e, TFU_EINVAL,
                               "a task of parallel() leaves other rounding, traps or treatment of "
                               "the smallest numbers behind");
        const struct tfu_trial_difference diff =
            tfu_trial_compare(t, truth, (enum tfu_direction)k->direction);
        if (st == TFU_OK && !(diff.worst.error <=
                              (r->dtype == TFU_F64 ? tolerance_double : tfu_kernel_tolerance(k))))
            st = tfu_error_set(e, TFU_ENUMERIC,
                               "element %" PRId64 " of %s is %.9g, by definition %.9g (relative "
                               "error %.3g)",
                               diff.worst.at, diff.tensor, diff.worst.value, diff.worst.truth,
                               diff.worst.error);
        if (st != TFU_OK)
            say_where(c, k, r, e);
    }
    return st;
}

static enum tfu_status try_all(const struct tfu_layer_case *c, const struct tfu_trial_request *r,
                               const struct tfu_trial *truth, const struct tfu_check_device *d,
                               int *tried, struct tfu_error *e)
{
    struct tfu_trial *t;
    enum tfu_status st = tfu_trial_new(&t, r, e);
    if (st != TFU_OK)
        return st;
    for (uint32_t i = 0; st == TFU_OK && i < d->ops->kernel_count; i++)
        st = try_kernel(c, r, truth, t, tfu_kernel_at(d->ops, i), d, tried, e);
    tfu_trial_free(t);
    return st;
}

/* A variant of a case: in place, or with gradients that nobody wants. */
struct variant {
    bool in_place;
    uint64_t skip_in, skip_param;
    enum tfu_guard guard;
};

static enum tfu_status try_case(const struct tfu_layer_case *c, const struct variant *v,
                                const struct tfu_check_device *d, int *tried, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int training = 0; st == TFU_OK && training < 2; training++) {
        struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, training, 7);
        struct tfu_trial *truth;
        r.skip_in = v->skip_in;
        r.skip_param = v->skip_param;
        r.guard = v->guard;
        if (v->in_place && !(r.layer->keeps & TFU_IN_PLACE))
            return TFU_OK;
        st = make_truth(r, &truth, e);
        r.in_place = v->in_place;
        for (uint32_t dtype = TFU_F32; st == TFU_OK && dtype <= TFU_F64; dtype++) {
            r.dtype = dtype;
            if (d->ops->dtypes & (dtype == TFU_F32 ? TFU_TAKES_F32 : TFU_TAKES_F64))
                st = try_all(c, &r, truth, d, tried, e);
        }
        tfu_trial_free(truth);
    }
    return st;
}

/* All cases that are `real` or not, in one variant. */
static enum tfu_status try_cases(struct tfu_check *c, bool real, const struct variant *v,
                                 struct tfu_error *e)
{
    struct tfu_check_device d;
    int tried = 0;
    if (tfu_check_no_kernels(c))
        return TFU_OK;
    enum tfu_status st = tfu_check_device_open(c, c->config, 2, &d, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_layer_case_count; i++)
        if (tfu_layer_cases[i].real == real && tfu_check_has_kernel(d.ops, tfu_layer_cases[i].op))
            st = try_case(&tfu_layer_cases[i], v, &d, &tried, e);
    if (st != TFU_OK)
        return st;
    tfu_check_device_close(&d);
    tfu_check_note(c, "%d runs", tried);
    return tried || v->in_place
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "its kernels take none of the cases");
}

static enum tfu_status odd(struct tfu_check *c, struct tfu_error *e)
{
    return try_cases(c, false, &(struct variant){.in_place = false}, e);
}

static enum tfu_status real(struct tfu_check *c, struct tfu_error *e)
{
    return try_cases(c, true, &(struct variant){.in_place = false}, e);
}

static enum tfu_status in_place(struct tfu_check *c, struct tfu_error *e)
{
    return try_cases(c, false, &(struct variant){.in_place = true}, e);
}

static enum tfu_status unwanted(struct tfu_check *c, struct tfu_error *e)
{
    static const struct variant variants[] = {
        {.skip_in = 1}, {.skip_param = 1}, {.skip_param = 2}, {.skip_param = 0xff}};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(variants); i++)
        st = try_cases(c, false, &variants[i], e);
    return st;
}

/* ---- memory with nothing beside it */

/* Cases of which no tensor ends between two lines of 64 bytes. */
static const struct tfu_layer_case lines[] = {
    {"conv2d", "3x3 of 16", .n_in = 1, .in = {{4, {0}, {2, 9, 8, 16, 1, 1, 1, 1}}}, .attr_count = 5,
     .attr = {{"out", 32, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"pad_h", 1, 0},
              {"pad_w", 1, 0}}},
    {"conv2d", "1x1 of 32", .n_in = 1, .in = {{4, {0}, {2, 7, 5, 32, 1, 1, 1, 1}}}, .attr_count = 3,
     .attr = {{"out", 16, 0}, {"kernel_h", 1, 0}, {"kernel_w", 1, 0}}},
    {"conv2d", "5x5 of 16, stride 2", .n_in = 1, .in = {{4, {0}, {1, 13, 11, 16, 1, 1, 1, 1}}},
     .attr_count = 7,
     .attr = {{"out", 48, 0},
              {"kernel_h", 5, 0},
              {"kernel_w", 5, 0},
              {"stride_h", 2, 0},
              {"stride_w", 2, 0},
              {"pad_h", 2, 0},
              {"pad_w", 2, 0}}},
    {"linear", "64 to 32", .n_in = 1, .in = {{2, {0}, {5, 64, 1, 1, 1, 1, 1, 1}}}, .attr_count = 1,
     .attr = {{"out", 32, 0}}},
    {"relu", "16 channels", .n_in = 1, .in = {{4, {0}, {3, 5, 4, 16, 1, 1, 1, 1}}}},
    {"batchnorm", "16 channels", .n_in = 1, .in = {{4, {0}, {3, 5, 4, 16, 1, 1, 1, 1}}}},
    {"maxpool", "16 channels", .n_in = 1, .in = {{4, {0}, {2, 9, 7, 16, 1, 1, 1, 1}}},
     .attr_count = 4,
     .attr = {{"kernel_h", 3, 0}, {"kernel_w", 3, 0}, {"stride_h", 2, 0}, {"stride_w", 2, 0}}},
    {"avgpool", "16 channels", .n_in = 1, .in = {{4, {0}, {2, 9, 7, 16, 1, 1, 1, 1}}},
     .attr_count = 4,
     .attr = {{"kernel_h", 2, 0}, {"kernel_w", 2, 0}, {"stride_h", 2, 0}, {"stride_w", 2, 0}}},
    {"global_avgpool", "16 channels", .n_in = 1, .in = {{4, {0}, {2, 9, 7, 16, 1, 1, 1, 1}}}},
    {"add", "16 channels", .n_in = 2,
     .in = {{4, {0}, {2, 5, 3, 16, 1, 1, 1, 1}}, {4, {0}, {2, 5, 3, 16, 1, 1, 1, 1}}}},
    {"concat", "16 and 32 channels", .n_in = 2,
     .in = {{4, {0}, {2, 5, 3, 16, 1, 1, 1, 1}}, {4, {0}, {2, 5, 3, 32, 1, 1, 1, 1}}}},
    {"dropout", "16 channels", .n_in = 1, .in = {{2, {0}, {6, 16, 1, 1, 1, 1, 1, 1}}},
     .attr_count = 1, .attr = {{"rate", 0, 0.5}}},
};

static enum tfu_status tight(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_device d;
    int tried = 0;
    if (tfu_check_no_kernels(c))
        return TFU_OK;
    enum tfu_status st = tfu_check_device_open(c, c->config, 2, &d, e);
    for (int guard = TFU_GUARD_PAGE_BEHIND; st == TFU_OK && guard <= TFU_GUARD_PAGE_BEFORE; guard++)
        for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(lines); i++)
            if (tfu_check_has_kernel(d.ops, lines[i].op))
                st = try_case(&lines[i], &(struct variant){.guard = (enum tfu_guard)guard}, &d,
                              &tried, e);
    if (st != TFU_OK)
        return st;
    tfu_check_device_close(&d);
    tfu_check_note(c, "%d runs", tried);
    return TFU_OK;
}

/* ---- threads */

/* Cases that are cut into many tasks. */
static const struct tfu_layer_case wide[] = {
    {"conv2d", "wide", .n_in = 1, .in = {{4, {0}, {3, 40, 36, 20, 1, 1, 1, 1}}}, .attr_count = 5,
     .attr = {{"out", 40, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"pad_h", 1, 0},
              {"pad_w", 1, 0}}},
    {"linear", "wide", .n_in = 1, .in = {{2, {0}, {70, 300, 1, 1, 1, 1, 1, 1}}}, .attr_count = 1,
     .attr = {{"out", 200, 0}}},
    {"relu", "wide", .n_in = 1, .in = {{4, {0}, {5, 40, 36, 20, 1, 1, 1, 1}}}},
    {"batchnorm", "wide", .n_in = 1, .in = {{4, {0}, {5, 40, 36, 20, 1, 1, 1, 1}}}},
};

/* Each kernel that takes the case, on two devices that differ in threads. */
static enum tfu_status compare_devices(const struct tfu_layer_case *c,
                                       const struct tfu_check_device *one,
                                       const struct tfu_check_device *many, struct tfu_error *e)
{
    struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 9);
    struct tfu_trial *truth, *a, *b;
    if (!(one->ops->dtypes & TFU_TAKES_F32))
        r.dtype = TFU_F64;
    enum tfu_status st = make_truth(r, &truth, e);
    if (st == TFU_OK)
        st = tfu_trial_new(&a, &r, e);
    r.guard = TFU_GUARD_NAN; /* what is read beyond a tensor gives other bits then */
    if (st == TFU_OK)
        st = tfu_trial_new(&b, &r, e);
    for (uint32_t i = 0; st == TFU_OK && i < one->ops->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(one->ops, i);
        if (!tfu_trial_supported(a, k, one->dev))
            continue;
        tfu_trial_reset(a);
        tfu_trial_reset(b);
        if (k->direction != TFU_FORWARD) {
            tfu_trial_adopt(a, truth);
            tfu_trial_adopt(b, truth);
        }
        st = tfu_trial_kernel(a, k, one->dev, e);
        if (st == TFU_OK)
            st = tfu_trial_kernel(b, k, many->dev, e);
        if (st == TFU_OK && !tfu_trial_same_bits(a, b))
            st = tfu_error_set(e, TFU_EINVAL,
                               "1 and %u threads give different bits; cut work by shapes alone and "
                               "add in the order of the index",
                               many->host.threads);
        if (st != TFU_OK)
            say_where(c, k, &r, e);
    }
    if (st == TFU_OK) {
        tfu_trial_free(a);
        tfu_trial_free(b);
        tfu_trial_free(truth);
    }
    return st;
}

static enum tfu_status threads(struct tfu_check *c, struct tfu_error *e)
{
    struct tfu_check_device one, many;
    if (tfu_check_no_kernels(c))
        return TFU_OK;
    enum tfu_status st = tfu_check_device_open(c, c->config, 1, &one, e);
    for (uint32_t n = 2; st == TFU_OK && n <= 3; n++) {
        st = tfu_check_device_open(c, c->config, n, &many, e);
        for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(wide); i++)
            st = compare_devices(&wide[i], &one, &many, e);
        for (size_t i = 0; st == TFU_OK && i < tfu_layer_case_count; i++)
            if (!tfu_layer_cases[i].real)
                st = compare_devices(&tfu_layer_cases[i], &one, &many, e);
        if (st == TFU_OK)
            tfu_check_device_close(&many);
    }
    if (st == TFU_OK)
        tfu_check_device_close(&one);
    return st;
}

static enum tfu_status attempt(const struct tfu_check *c, const void *config,
                               struct tfu_error *said)
{
    struct tfu_check_device d;
    const enum tfu_status st = tfu_check_device_open(c, config, 2, &d, said);
    if (st == TFU_OK)
        tfu_check_device_close(&d);
    return st;
}

static enum tfu_status bounds(struct tfu_check *c, struct tfu_error *e)
{
    return tfu_check_bounds(c, attempt, "open", e);
}

/* ---- a life */

/* Each kernel that takes the case twice: what it allocates in its first run may be kept for the
 * next. */
static enum tfu_status live_case(const struct tfu_layer_case *c, const struct tfu_check_device *d,
                                 struct tfu_life *l, struct tfu_error *e)
{
    struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 9);
    struct tfu_trial *truth, *t = NULL;
    r.dtype = d->ops->dtypes & TFU_TAKES_F32 ? TFU_F32 : TFU_F64;
    r.paints = tfu_hooks_filled() >= 0;
    r.painted = (unsigned char)tfu_hooks_filled();
    enum tfu_status st = make_truth(r, &truth, e);
    if (st == TFU_OK)
        st = tfu_trial_new(&t, &r, e);
    for (uint32_t i = 0; st == TFU_OK && i < d->ops->kernel_count; i++) {
        const struct tfu_kernel *k = tfu_kernel_at(d->ops, i);
        if (!tfu_trial_supported(t, k, d->dev))
            continue;
        for (int again = 0; st == TFU_OK && again < 2; again++) {
            tfu_trial_reset(t);
            if (k->direction != TFU_FORWARD)
                tfu_trial_adopt(t, truth);
            tfu_hooks_forbid(again);
            st = tfu_trial_kernel(t, k, d->dev, e);
            tfu_hooks_forbid(false);
        }
        const struct tfu_op_call *x = tfu_trial_call(t);
        tfu_life_add_tensor(l, x->out);
        for (uint32_t p = 0; k->direction != TFU_FORWARD && p < x->n_param; p++)
            tfu_life_add_tensor(l, x->grad_param[p]);
        for (uint32_t p = 0; k->direction != TFU_FORWARD && p < x->n_in; p++)
            tfu_life_add_tensor(l, x->grad_in[p]);
    }
    tfu_trial_free(t);
    tfu_trial_free(truth);
    return st;
}

enum tfu_status tfu_check_live_backend(const struct tfu_check *c, struct tfu_life *l,
                                       struct tfu_error *e)
{
    struct tfu_check_device d;
    enum tfu_status st = tfu_check_device_open(c, c->config, 1, &d, e);
    if (st != TFU_OK)
        return st;
    if (d.ops->alloc) {
        void *data = NULL;
        st = d.ops->alloc(d.dev, 1000, &data, d.host.base);
        if (st == TFU_OK)
            d.ops->free(d.dev, data);
    }
    for (size_t i = 0; st == TFU_OK && d.ops->place == TFU_HOST && i < TFU_COUNT(lines); i++)
        if (tfu_check_has_kernel(d.ops, lines[i].op))
            st = live_case(&lines[i], &d, l, e);
    tfu_check_device_close(&d);
    return st;
}

const struct tfu_check_test tfu_check_backend[] = {
    {"opens, twice at a time, with 1, 2 and 3 threads", opens},
    {"its memory is aligned and keeps what is put there", tfu_check_device_memory},
    {"a network computes what its layers define", tfu_check_device_network},
    {"the table of kernels is whole", table},
    {"kernels agree with the definitions on odd shapes", odd},
    {"kernels agree with the definitions on shapes of real networks", real},
    {"not an element outside of its tensors is read or written", tight},
    {"in place kernels agree too", in_place},
    {"unwanted gradients are left alone", unwanted},
    {"1, 2 and 3 threads give the same bits", threads},
    {"what is kept of constant parameters gives the same bits", tfu_check_packed},
    {"each option at its bounds opens, or is refused in words", bounds},
    {NULL, NULL},
};
