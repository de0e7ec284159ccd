/* SPDX-License-Identifier: MIT
 *
 * Every kernel of the cpu backend on every instruction set that this machine has, against the
 * definitions in float64; and the promises that kernels make besides.
 */
#include <math.h>
#include <string.h>

#include "core/trial/tensor.h"
#include "tests/plugins/backend/device.h"
#include "tests/support/layer_cases.h"

static bool is_winograd(const struct tfu_kernel *k)
{
    return strncmp(k->algorithm, "winograd", 8) == 0;
}

/* Largest error relative to the largest magnitude. Winograd's transforms add and subtract numbers
 * that are larger than their result, the more so the more outputs a tile has. */
static double tolerance(const struct tfu_kernel *k)
{
    const double own = tfu_kernel_tolerance(k);
    ck_assert_double_le(own, is_winograd(k) ? 1e-4 : 1e-5);
    return own;
}

/* Is it one for this operation alone? Chains are tested in networks (network.c). */
static bool is_row(const struct tfu_kernel *k, const char *op)
{
    return strcmp(k->op, op) == 0 && !tfu_kernel_then(k)[0];
}

static struct tfu_trial *trial_of(const struct tfu_trial_request *r)
{
    struct tfu_trial *t;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_trial_new(&t, r, &e);
    ck_assert_msg(st == TFU_OK, "%s", e.text);
    return t;
}

/* Both passes of the definition in float64; forward alone without `training`. */
static struct tfu_trial *truth_of(struct tfu_trial_request r)
{
    r.dtype = TFU_F64;
    r.in_place = false;
    struct tfu_trial *t = trial_of(&r);
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st = tfu_trial_define(t, TFU_FORWARD, &e);
    if (st == TFU_OK && r.training)
        st = tfu_trial_define(t, TFU_BACKWARD, &e);
    ck_assert_msg(st == TFU_OK, "%s: %s", r.op, e.text);
    return t;
}

static void run_kernel(struct tfu_trial *t, const struct tfu_kernel *k, const struct device *d,
                       const char *label)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_trial_kernel(t, k, d->dev, &e);
    ck_assert_msg(st == TFU_OK, "%s, %s, %s, direction %u: %s", k->op, label, k->algorithm,
                  k->direction, e.text);
}

/* A float32 trial on which `k` has run, after a forward pass of the truth. */
static struct tfu_trial *tried(const struct tfu_trial_request *r, const struct tfu_trial *truth,
                               const struct tfu_kernel *k, const struct device *d,
                               const char *label)
{
    struct tfu_trial *t = trial_of(r);
    if (k->direction != TFU_FORWARD)
        tfu_trial_adopt(t, truth);
    run_kernel(t, k, d, label);
    return t;
}

/* Does running change what a trial was filled with? */
static bool changes_inputs(const struct tfu_trial_request *r)
{
    return r->in_place || strcmp(r->op, "conv2d") != 0;
}

/* The kernel agrees with the definition. Returns false when it does not take the case. `t` is a
 * trial of the request, used for one kernel after the other: drawing its numbers takes long. */
static bool agrees(const struct tfu_layer_case *c, const struct tfu_trial_request *r,
                   const struct tfu_trial *truth, struct tfu_trial *t, const struct tfu_kernel *k,
                   const struct device *d, const char *isa)
{
    const bool repeats = k->direction == TFU_RECOMPUTE && strcmp(k->op, "conv2d") == 0;
    if (!is_row(k, c->op) || repeats) /* a convolution's is its forward function */
        return false;
    ck_assert_msg(!tfu_trial_supported(truth, k, d->dev), "%s takes float64", k->op);
    if (!tfu_trial_supported(t, k, d->dev))
        return false;
    if (changes_inputs(r))
        tfu_trial_reset(t);
    if (k->direction != TFU_FORWARD)
        tfu_trial_adopt(t, truth);
    run_kernel(t, k, d, c->label);
    const struct tfu_trial_difference diff =
        tfu_trial_compare(t, truth, (enum tfu_direction)k->direction);
    ck_assert_msg(diff.worst.error <= tolerance(k),
                  "%s, %s, %s on %s, direction %u, training %d: element %lld of %s is %.9g, should "
                  "be %.9g (relative error %.3g)",
                  c->op, c->label, k->algorithm, isa, k->direction, r->training,
                  (long long)diff.worst.at, diff.tensor, diff.worst.value, diff.worst.truth,
                  diff.worst.error);
    return true;
}

/* All kernels for a request on all instruction sets; `directions` counts those that took it. */
static void try_all(const struct tfu_layer_case *c, const struct tfu_trial_request *r,
                    const struct tfu_trial *truth, int directions[TFU_RECOMPUTE + 1])
{
    for (int i = 0; i < DEVICE_ISA_COUNT; i++) {
        struct device d;
        if (!device_open(&d, device_isa[i], 2))
            continue;
        struct tfu_trial *t = trial_of(r);
        for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
            const struct tfu_kernel *k = device_kernel(&d, j);
            if (!r->training && k->direction != TFU_FORWARD)
                continue;
            directions[k->direction] += agrees(c, r, truth, t, k, &d, device_isa[i]);
        }
        tfu_trial_free(t);
        device_close(&d);
    }
}

START_TEST(agree_with_the_definition)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    int directions[TFU_RECOMPUTE + 1] = {0};
    const bool slow = c->real && strcmp(c->op, "conv2d") == 0; /* and the same in training */
    for (int training = slow; training < 2; training++) {
        struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, training, 7);
        struct tfu_trial *truth = truth_of(r);
        try_all(c, &r, truth, directions);
        r.in_place = true;
        if (r.layer->keeps & TFU_IN_PLACE)
            try_all(c, &r, truth, directions);
        tfu_trial_free(truth);
    }
    ck_assert_msg(directions[TFU_FORWARD], "nothing takes %s, %s forward", c->op, c->label);
    ck_assert_msg(directions[TFU_BACKWARD] ||
                      (directions[TFU_BACKWARD_DATA] && directions[TFU_BACKWARD_PARAMS]),
                  "nothing takes %s, %s backward", c->op, c->label);
}
END_TEST

/* Shapes of little work whose tiles do not fit Winograd's scratch all at once: large weights for
 * many small images, and a large image. (Some other algorithm would take long for each.) */
static const struct tfu_layer_case many_tiles[] = {
    {"conv2d", "3x3, many images of one pixel", .n_in = 1,
     .in = {{4, {0}, {60, 1, 1, 1152, 1, 1, 1, 1}}}, .attr_count = 5,
     .attr = {{"out", 17, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"pad_h", 1, 0},
              {"pad_w", 1, 0}}},
    {"conv2d", "3x3 with stride 2, many images of three pixels", .n_in = 1,
     .in = {{4, {0}, {30, 1, 3, 1152, 1, 1, 1, 1}}}, .attr_count = 7,
     .attr = {{"out", 17, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"stride_h", 2, 0},
              {"stride_w", 2, 0},
              {"pad_h", 1, 0},
              {"pad_w", 1, 0}}},
    {"conv2d", "3x3, many pixels", .n_in = 1, .in = {{4, {0}, {1, 121, 126, 64, 1, 1, 1, 1}}},
     .attr_count = 4,
     .attr = {{"out", 1, 0}, {"kernel_h", 3, 0}, {"kernel_w", 3, 0}, {"bias", 1, 0}}},
};

START_TEST(winograd_agrees_on_many_tiles)
{
    const struct tfu_layer_case *c = &many_tiles[_i];
    const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 10);
    struct tfu_trial *truth = truth_of(r);
    int tried_kernels = 0;
    for (int i = 0; i < DEVICE_ISA_COUNT; i++) {
        struct device d;
        if (!device_open(&d, device_isa[i], 2))
            continue;
        struct tfu_trial *t = trial_of(&r);
        for (uint32_t j = 0; j < d.ops->kernel_count; j++)
            if (is_winograd(device_kernel(&d, j)))
                tried_kernels += agrees(c, &r, truth, t, device_kernel(&d, j), &d, device_isa[i]);
        tfu_trial_free(t);
        device_close(&d);
    }
    ck_assert_int_ge(tried_kernels, 9);
    tfu_trial_free(truth);
}
END_TEST

/* Outputs so large that they are written past the caches, or would be, did their pixels or groups
 * not end within a line of cache. */
static const struct tfu_layer_case large[] = {
    {"conv2d", "1x1, large output", .n_in = 1, .in = {{4, {0}, {1, 128, 130, 2, 1, 1, 1, 1}}},
     .attr_count = 3, .attr = {{"out", 64, 0}, {"kernel_h", 1, 0}, {"kernel_w", 1, 0}}},
    {"conv2d", "3x3, large output", .n_in = 1, .in = {{4, {0}, {1, 128, 130, 2, 1, 1, 1, 1}}},
     .attr_count = 5,
     .attr = {{"out", 64, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"pad_h", 1, 0},
              {"pad_w", 1, 0}}},
    {"conv2d", "3x3, large input", .n_in = 1, .in = {{4, {0}, {1, 128, 130, 64, 1, 1, 1, 1}}},
     .attr_count = 4,
     .attr = {{"out", 2, 0}, {"kernel_h", 3, 0}, {"kernel_w", 3, 0}, {"bias", 1, 0}}},
    {"conv2d", "3x3 with stride 2, large input", .n_in = 1,
     .in = {{4, {0}, {1, 129, 128, 64, 1, 1, 1, 1}}}, .attr_count = 5,
     .attr = {{"out", 2, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"stride_h", 2, 0},
              {"stride_w", 2, 0}}},
    {"conv2d", "1x1, large output of groups of 24", .n_in = 1,
     .in = {{4, {0}, {1, 150, 150, 2, 1, 1, 1, 1}}}, .attr_count = 4,
     .attr = {{"out", 48, 0}, {"kernel_h", 1, 0}, {"kernel_w", 1, 0}, {"groups", 2, 0}}},
    {"conv2d", "1x1, large output of 70 channels", .n_in = 1,
     .in = {{4, {0}, {1, 128, 130, 2, 1, 1, 1, 1}}}, .attr_count = 3,
     .attr = {{"out", 70, 0}, {"kernel_h", 1, 0}, {"kernel_w", 1, 0}}},
    {"batchnorm", "large", .n_in = 1, .in = {{4, {0}, {1, 128, 130, 64, 1, 1, 1, 1}}}},
};

START_TEST(large_outputs_agree_with_the_definition)
{
    const struct tfu_layer_case *c = &large[_i];
    const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 14);
    struct tfu_trial *truth = truth_of(r);
    int directions[TFU_RECOMPUTE + 1] = {0};
    try_all(c, &r, truth, directions);
    ck_assert_int_gt(directions[TFU_FORWARD], 0);
    tfu_trial_free(truth);
}
END_TEST

/* Gradients that nobody wants have no memory. */
START_TEST(skip_unwanted_gradients)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    if (c->real)
        return;
    struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 8);
    int directions[TFU_RECOMPUTE + 1] = {0};
    for (int i = 0; i < 3; i++) {
        r.skip_in = i == 0 ? 1 : 0;
        r.skip_param = i == 1 ? 1 : i == 2 ? 2 : 0;
        struct tfu_trial *truth = truth_of(r);
        try_all(c, &r, truth, directions);
        tfu_trial_free(truth);
    }
}
END_TEST

static bool same_bits(const struct tfu_tensor *a, const struct tfu_tensor *b)
{
    const size_t bytes = (size_t)tfu_shape_count(&a->shape) * tfu_dtype_size(a->dtype);
    return !a->data || memcmp(a->data, b->data, bytes) == 0;
}

static void check_same_bits(const struct tfu_trial *a, const struct tfu_trial *b, const char *label)
{
    const struct tfu_op_call *x = tfu_trial_call(a), *y = tfu_trial_call(b);
    ck_assert_msg(same_bits(x->out, y->out), "%s, %s: output", x->op, label);
    for (uint32_t i = 0; i < x->n_in; i++)
        ck_assert_msg(same_bits(x->grad_in[i], y->grad_in[i]), "%s, %s: grad in[%u]", x->op, label,
                      i);
    for (uint32_t i = 0; i < x->n_param; i++) {
        ck_assert_msg(same_bits(x->param[i], y->param[i]), "%s, %s: param %u", x->op, label, i);
        ck_assert_msg(same_bits(x->grad_param[i], y->grad_param[i]), "%s, %s: grad param %u", x->op,
                      label, i);
    }
    for (uint32_t i = 0; i < x->n_state; i++)
        ck_assert_msg(same_bits(x->state[i], y->state[i]), "%s, %s: state %u", x->op, label, i);
}

/* A case whose work is cut into many tasks in every kernel that can. */
static const struct tfu_layer_case wide[] = {
    {"conv2d", "wide", .n_in = 1, .in = {{4, {0}, {5, 40, 36, 20, 1, 1, 1, 1}}}, .attr_count = 5,
     .attr = {{"out", 40, 0},
              {"kernel_h", 5, 0},
              {"kernel_w", 5, 0},
              {"pad_h", 2, 0},
              {"pad_w", 2, 0}}},
    {"conv2d", "wide, stride 2, bias, groups", .n_in = 1,
     .in = {{4, {0}, {5, 41, 36, 24, 1, 1, 1, 1}}}, .attr_count = 7,
     .attr = {{"out", 36, 0},
              {"kernel_h", 3, 0},
              {"kernel_w", 3, 0},
              {"stride_h", 2, 0},
              {"stride_w", 2, 0},
              {"groups", 2, 0},
              {"bias", 1, 0}}},
    {"conv2d", "wide, 1x1", .n_in = 1, .in = {{4, {0}, {5, 40, 36, 64, 1, 1, 1, 1}}},
     .attr_count = 3, .attr = {{"out", 256, 0}, {"kernel_h", 1, 0}, {"kernel_w", 1, 0}}},
};

static void check_threads(const struct tfu_layer_case *c, const char *isa)
{
    const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 9);
    struct device one, many;
    if (!device_open(&one, isa, 1))
        return;
    for (uint32_t threads = 2; threads <= 3; threads++) {
        ck_assert(device_open(&many, isa, threads));
        struct tfu_trial *a = trial_of(&r), *b = trial_of(&r);
        for (uint32_t j = 0; j < one.ops->kernel_count; j++) {
            const struct tfu_kernel *k = device_kernel(&one, j);
            if (!tfu_trial_supported(a, k, one.dev))
                continue;
            run_kernel(a, k, &one, c->label);
            run_kernel(b, device_kernel(&many, j), &many, c->label);
            check_same_bits(a, b, c->label);
        }
        tfu_trial_free(a);
        tfu_trial_free(b);
        device_close(&many);
    }
    device_close(&one);
}

START_TEST(same_bits_for_any_number_of_threads)
{
    const int others = (int)TFU_COUNT(wide);
    const struct tfu_layer_case *c = _i < others ? &wide[_i] : &tfu_layer_cases[_i - others];
    if (c->real && strcmp(c->op, "conv2d") == 0) /* `wide` stands for them */
        return;
    for (int i = 0; i < DEVICE_ISA_COUNT; i++)
        check_threads(c, device_isa[i]);
}
END_TEST

/* Is the call refused when this tensor alone is float64? */
static void check_refusal(const struct tfu_kernel *k, void *dev, const struct tfu_op_call *c,
                          const struct tfu_tensor *t)
{
    struct tfu_tensor *one = (struct tfu_tensor *)(uintptr_t)t;
    one->dtype = TFU_F64;
    ck_assert_msg(k->cost(dev, c) < 0, "%s %s takes a float64 tensor", k->op, k->algorithm);
    one->dtype = TFU_F32;
}

/* Types are a tensor's own: a kernel looks at each. */
START_TEST(one_tensor_of_another_type_is_refused)
{
    const struct tfu_layer_case *x = &tfu_layer_cases[_i];
    const struct tfu_trial_request r = tfu_layer_case_request(x, TFU_F32, true, 1);
    struct device d;
    if (x->real)
        return;
    struct tfu_trial *t = trial_of(&r);
    const struct tfu_op_call *c = tfu_trial_sketch(t);
    ck_assert(device_open(&d, "auto", 1));
    for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
        const struct tfu_kernel *k = device_kernel(&d, j);
        if (!tfu_trial_supported(t, k, d.dev))
            continue;
        check_refusal(k, d.dev, c, c->out);
        check_refusal(k, d.dev, c, c->grad_out);
        for (uint32_t i = 0; i < c->n_in; i++)
            check_refusal(k, d.dev, c, c->in[i]);
        for (uint32_t i = 0; i < c->n_param; i++)
            check_refusal(k, d.dev, c, c->param[i]);
    }
    device_close(&d);
    tfu_trial_free(t);
}
END_TEST

/* The host asks for scratch once, for a full batch; the last batch may be smaller. Sizes alone: no
 * numbers are drawn for the larger batches. */
START_TEST(scratch_for_a_batch_is_enough_for_fewer_rows)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F32, true, 1);
    struct tfu_trial *t = trial_of(&r);
    struct tfu_op_call call = *tfu_trial_call(t);
    struct tfu_tensor in[TFU_LAYER_CASE_INPUTS], out = *call.out;
    const struct tfu_tensor *view[TFU_LAYER_CASE_INPUTS];
    for (uint32_t i = 0; i < call.n_in; i++) {
        in[i] = *call.in[i];
        view[i] = &in[i];
    }
    call.in = view;
    call.out = &out;
    call.workspace = NULL;
    struct device d;
    ck_assert(device_open(&d, "auto", 3));
    for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
        const struct tfu_kernel *k = device_kernel(&d, j);
        size_t before = 0;
        for (int64_t rows = 1; rows <= 70 && k->workspace && tfu_trial_supported(t, k, d.dev);
             rows++) {
            for (uint32_t i = 0; i < call.n_in; i++)
                in[i].shape.dim[0] = rows;
            out.shape.dim[0] = rows;
            const size_t bytes = k->workspace(d.dev, &call);
            ck_assert_msg(bytes >= before,
                          "%s, %s, %s, direction %u: %lld rows need %zu bytes, one less %zu", k->op,
                          c->label, k->algorithm, k->direction, (long long)rows, bytes, before);
            before = bytes;
        }
    }
    device_close(&d);
    tfu_trial_free(t);
}
END_TEST

static const struct tfu_layer_case *case_of(const char *op)
{
    for (size_t i = 0; i < tfu_layer_case_count; i++)
        if (strcmp(tfu_layer_cases[i].op, op) == 0 && tfu_layer_cases[i].real)
            return &tfu_layer_cases[i];
    ck_abort_msg("no case of %s", op);
}

START_TEST(dropout_draws_the_mask_of_its_definition)
{
    const struct tfu_trial_request r =
        tfu_layer_case_request(case_of("dropout"), TFU_F32, true, 11);
    struct tfu_trial *truth = truth_of(r);
    const struct tfu_tensor *wanted = tfu_trial_call(truth)->out;
    for (int i = 0; i < DEVICE_ISA_COUNT; i++) {
        struct device d;
        if (!device_open(&d, device_isa[i], 2))
            continue;
        for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
            const struct tfu_kernel *k = device_kernel(&d, j);
            if (!is_row(k, "dropout") || k->direction != TFU_FORWARD)
                continue;
            struct tfu_trial *t = tried(&r, truth, k, &d, "mask");
            const struct tfu_tensor *out = tfu_trial_call(t)->out;
            for (int64_t e = 0; e < tfu_shape_count(&out->shape); e++)
                ck_assert_msg((tfu_tensor_get(out, e) == 0) == (tfu_tensor_get(wanted, e) == 0),
                              "element %lld on %s", (long long)e, device_isa[i]);
            tfu_trial_free(t);
        }
        device_close(&d);
    }
    tfu_trial_free(truth);
}
END_TEST

/* Not-a-number goes through relu and wins in maxpool, whatever the instruction set; trials look
 * for such values as a sign of failure, so the kernel is called directly. */
START_TEST(not_a_number_survives)
{
    const char *const op = _i == 0 ? "relu" : "maxpool";
    const struct tfu_trial_request r = tfu_layer_case_request(case_of(op), TFU_F32, true, 12);
    struct tfu_trial *t = trial_of(&r);
    const struct tfu_op_call *call = tfu_trial_call(t);
    const int64_t C = call->out->shape.dim[3];
    tfu_tensor_put(call->in[0], 5, (double)NAN); /* channel 5 of the first pixel */
    for (int i = 0; i < DEVICE_ISA_COUNT; i++) {
        struct device d;
        if (!device_open(&d, device_isa[i], 2))
            continue;
        for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
            const struct tfu_kernel *k = device_kernel(&d, j);
            if (!is_row(k, op) || k->direction != TFU_FORWARD)
                continue;
            ck_assert_int_eq(k->run(d.dev, call, d.host.base), TFU_OK);
            for (int64_t c = 0; c < C; c++)
                ck_assert_int_eq(isnan(tfu_tensor_get(call->out, c)) != 0, c == 5);
        }
        device_close(&d);
    }
    tfu_trial_free(t);
}
END_TEST

/* A mean that is a thousand times the deviation costs no digits: what counts is the distance. */
START_TEST(batchnorm_far_from_zero)
{
    const struct tfu_trial_request r =
        tfu_layer_case_request(case_of("batchnorm"), TFU_F32, true, 13);
    struct tfu_trial_request r64 = r;
    r64.dtype = TFU_F64;
    struct tfu_trial *truth = trial_of(&r64);
    const struct tfu_tensor *x = tfu_trial_call(truth)->in[0];
    const int64_t count = tfu_shape_count(&x->shape);
    for (int64_t i = 0; i < count; i++)
        tfu_tensor_put(x, i, (double)(float)(tfu_tensor_get(x, i) + 3001.7));
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_trial_define(truth, TFU_FORWARD, &e), TFU_OK);
    ck_assert_int_eq(tfu_trial_define(truth, TFU_BACKWARD, &e), TFU_OK);
    for (int i = 0; i < DEVICE_ISA_COUNT; i++) {
        struct device d;
        if (!device_open(&d, device_isa[i], 2))
            continue;
        struct tfu_trial *t = trial_of(&r);
        for (int64_t j = 0; j < count; j++)
            tfu_tensor_put(tfu_trial_call(t)->in[0], j, tfu_tensor_get(x, j));
        for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
            const struct tfu_kernel *k = device_kernel(&d, j);
            if (!is_row(k, "batchnorm"))
                continue;
            run_kernel(t, k, &d, "far from zero");
            const struct tfu_trial_difference diff =
                tfu_trial_compare(t, truth, (enum tfu_direction)k->direction);
            ck_assert_msg(diff.worst.error <= tolerance(k), "%s on %s: relative error %.3g",
                          diff.tensor, device_isa[i], diff.worst.error);
        }
        tfu_trial_free(t);
        device_close(&d);
    }
    tfu_trial_free(truth);
}
END_TEST

START_TEST(a_single_value_has_no_variance)
{
    const struct tfu_layer_case c = {"batchnorm", "single", .n_in = 1,
                                     .in = {{2, {0}, {1, 7, 1, 1, 1, 1, 1, 1}}}};
    const struct tfu_trial_request r = tfu_layer_case_request(&c, TFU_F32, true, 1);
    struct tfu_trial *t = trial_of(&r);
    struct device d;
    ck_assert(device_open(&d, "auto", 1));
    for (uint32_t j = 0; j < d.ops->kernel_count; j++) {
        const struct tfu_kernel *k = device_kernel(&d, j);
        if (!is_row(k, "batchnorm") || k->direction != TFU_FORWARD)
            continue;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_eq(tfu_trial_kernel(t, k, d.dev, &e), TFU_ESHAPE);
        ck_assert_ptr_nonnull(strstr(e.text, "one value per channel"));
    }
    device_close(&d);
    tfu_trial_free(t);
}
END_TEST

/* Held on to while the tests run: each is a process and opens devices by the dozen, which would
 * load the BLAS anew each time. */
static struct tfu_plugin_file library;

static void hold_library(void)
{
    library = device_library();
}

static void let_library_go(void)
{
    tfu_plugin_close(&library);
}

int main(void)
{
    const int cases = (int)tfu_layer_case_count;
    Suite *s = suite_create("cpu");
    TCase *t = tcase_create("kernels");
    suite_add_tcase(s, t);
    tcase_add_unchecked_fixture(t, hold_library, let_library_go);
    say_quick_cases();
    add_case_tests(t, agree_with_the_definition);
    if (!quick_cases()) {
        tcase_add_loop_test(t, winograd_agrees_on_many_tiles, 0, (int)TFU_COUNT(many_tiles));
        tcase_add_loop_test(t, large_outputs_agree_with_the_definition, 0, (int)TFU_COUNT(large));
    }
    add_case_tests(t, skip_unwanted_gradients);
    add_case_tests(t, same_bits_for_any_number_of_threads);
    if (!quick_cases())
        tcase_add_loop_test(t, same_bits_for_any_number_of_threads, cases,
                            cases + (int)TFU_COUNT(wide));
    add_case_tests(t, scratch_for_a_batch_is_enough_for_fewer_rows);
    tcase_add_loop_test(t, one_tensor_of_another_type_is_refused, 0, cases);
    tcase_add_test(t, dropout_draws_the_mask_of_its_definition);
    tcase_add_loop_test(t, not_a_number_survives, 0, 2);
    tcase_add_test(t, batchnorm_far_from_zero);
    tcase_add_test(t, a_single_value_has_no_variance);
    return run_suite(s);
}
