/* SPDX-License-Identifier: MIT
 *
 * Trials: do they notice what a kernel does wrong? The kernels below compute relu, each with one
 * fault.
 */
#include <math.h>
#include <string.h>

#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/trial/gradient_check.h"
#include "core/trial/trial.h"
#include "tests/support/check_main.h"

#undef fail /* an old macro of Check's, where we call the host's function of that name */

static int64_t count(const struct tfu_op_call *c)
{
    return tfu_shape_count(&c->out->shape);
}

static enum tfu_status right_forward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)h;
    const float *x = c->in[0]->data;
    for (int64_t i = 0; i < count(c); i++)
        ((float *)c->out->data)[i] = x[i] < 0 ? 0 : x[i];
    return TFU_OK;
}

static enum tfu_status leaves_the_last(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)h;
    const float *x = c->in[0]->data;
    for (int64_t i = 0; i < count(c) - 1; i++)
        ((float *)c->out->data)[i] = x[i] < 0 ? 0 : x[i];
    return TFU_OK;
}

static enum tfu_status writes_behind(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    ((float *)c->out->data)[count(c)] = 0;
    return right_forward(dev, c, h);
}

static enum tfu_status writes_before(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    ((float *)c->out->data)[-1] = 0;
    return right_forward(dev, c, h);
}

static enum tfu_status reads_behind(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    right_forward(dev, c, h);
    ((float *)c->out->data)[0] += 0 * ((float *)c->in[0]->data)[count(c)];
    return TFU_OK;
}

/* What it writes behind `out` is what it finds behind its input. */
static enum tfu_status runs_on(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)h;
    for (int64_t i = 0; i < count(c) + 2; i++) {
        const float x = ((float *)c->in[0]->data)[i];
        ((float *)c->out->data)[i] = x <= 0 ? 0 : x;
    }
    return TFU_OK;
}

static enum tfu_status changes_its_input(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    right_forward(dev, c, h);
    ((float *)c->in[0]->data)[0] += 1;
    return TFU_OK;
}

static size_t eight_bytes(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    return c->in[0]->data ? 0 : 8; /* tensors have no data here */
}

static enum tfu_status overruns_workspace(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    memset(c->workspace, 0, c->workspace_size + 1);
    return right_forward(dev, c, h);
}

static enum tfu_status uses_stale_workspace(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    right_forward(dev, c, h);
    ((float *)c->out->data)[0] += (float)*(const unsigned char *)c->workspace;
    return TFU_OK;
}

static enum tfu_status fails(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    return h->fail(h, TFU_EUNSUPPORTED, "no relu of %u inputs today", c->n_in);
}

static enum tfu_status fails_silently(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)c, (void)h;
    return TFU_ENOMEM;
}

static enum tfu_status right_backward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)h;
    for (int64_t i = 0; i < count(c); i++)
        ((float *)c->grad_in[0]->data)[i] =
            ((float *)c->out->data)[i] <= 0 ? 0 : ((float *)c->grad_out->data)[i];
    return TFU_OK;
}

static enum tfu_status adds_to_gradient(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev, (void)h;
    for (int64_t i = 0; i < count(c); i++)
        ((float *)c->grad_in[0]->data)[i] += ((float *)c->grad_out->data)[i];
    return TFU_OK;
}

static enum tfu_status reads_what_is_not_kept(void *dev, const struct tfu_op_call *c,
                                              struct tfu_host *h)
{
    (void)dev, (void)h;
    for (int64_t i = 0; i < count(c); i++)
        ((float *)c->grad_in[0]->data)[i] =
            ((float *)c->in[0]->data)[i] * ((float *)c->grad_out->data)[i];
    return TFU_OK;
}

#define NOT_A_NUMBER                                                                               \
    " is not a number: it was not written, or was computed from memory that holds nothing"

static const struct {
    uint32_t direction;
    enum tfu_status (*run)(void *, const struct tfu_op_call *, struct tfu_host *);
    enum tfu_status status;
    const char *text;
    enum tfu_guard guard;
} kernels[] = {
    {TFU_FORWARD, right_forward, TFU_OK, "", TFU_GUARD_NUMBERS},
    {TFU_FORWARD, leaves_the_last, TFU_ENUMERIC, "element 29 of out" NOT_A_NUMBER,
     TFU_GUARD_NUMBERS},
    {TFU_FORWARD, writes_behind, TFU_EINVAL, "memory before or behind out was written",
     TFU_GUARD_NUMBERS},
    {TFU_FORWARD, writes_before, TFU_EINVAL, "memory before or behind out was written",
     TFU_GUARD_NUMBERS},
    {TFU_FORWARD, reads_behind, TFU_ENUMERIC, "element 0 of out" NOT_A_NUMBER, TFU_GUARD_NAN},
    {TFU_FORWARD, runs_on, TFU_EINVAL, "memory before or behind out was written",
     TFU_GUARD_NUMBERS},
    {TFU_FORWARD, runs_on, TFU_EINVAL, "memory before or behind out was written",
     TFU_GUARD_PAGE_BEHIND},
    {TFU_FORWARD, changes_its_input, TFU_EINVAL,
     "in[0] was changed, but is not for this direction to write", TFU_GUARD_NUMBERS},
    {TFU_FORWARD, overruns_workspace, TFU_EINVAL,
     "memory before or behind the workspace of 8 bytes was written", TFU_GUARD_NUMBERS},
    {TFU_FORWARD, fails, TFU_EUNSUPPORTED, "no relu of 1 inputs today", TFU_GUARD_NUMBERS},
    {TFU_FORWARD, fails_silently, TFU_ENOMEM,
     "plugin 'test' failed in run() (out of memory) without saying why; its author should call "
     "fail()",
     TFU_GUARD_NUMBERS},
    {TFU_BACKWARD, right_backward, TFU_OK, "", TFU_GUARD_NUMBERS},
    {TFU_BACKWARD_DATA, right_backward, TFU_OK, "", TFU_GUARD_NUMBERS},
    {TFU_BACKWARD_PARAMS, right_backward, TFU_EINVAL,
     "grad_in[0] was changed, but is not for this direction to write", TFU_GUARD_NUMBERS},
    {TFU_BACKWARD, adds_to_gradient, TFU_ENUMERIC, "element 0 of grad_in[0]" NOT_A_NUMBER,
     TFU_GUARD_NUMBERS},
    {TFU_BACKWARD, reads_what_is_not_kept, TFU_ENUMERIC, "element 0 of grad_in[0]" NOT_A_NUMBER,
     TFU_GUARD_NUMBERS},
};

static struct tfu_trial *guarded_relu(uint32_t dtype, enum tfu_guard guard)
{
    static const struct tfu_shape in = {2, {0}, {5, 6, 1, 1, 1, 1, 1, 1}};
    const struct tfu_trial_request r = {.op = "relu",
                                        .layer = tfu_layer_find("relu"),
                                        .in = &in,
                                        .n_in = 1,
                                        .dtype = dtype,
                                        .training = true,
                                        .guard = guard};
    struct tfu_trial *t;
    ck_assert_int_eq(tfu_trial_new(&t, &r, NULL), TFU_OK);
    return t;
}

static struct tfu_trial *trial_of_relu(uint32_t dtype)
{
    return guarded_relu(dtype, TFU_GUARD_NUMBERS);
}

static struct tfu_kernel kernel_of(uint32_t direction,
                                   enum tfu_status (*run)(void *, const struct tfu_op_call *,
                                                          struct tfu_host *))
{
    return (struct tfu_kernel){.struct_size = sizeof(struct tfu_kernel),
                               .direction = direction,
                               .op = "relu",
                               .algorithm = "test",
                               .workspace = eight_bytes,
                               .run = run};
}

START_TEST(kernel_is_judged)
{
    struct tfu_trial *truth = trial_of_relu(TFU_F64);
    struct tfu_trial *t = guarded_relu(TFU_F32, kernels[_i].guard);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_trial_define(truth, TFU_FORWARD, &e), TFU_OK);
    ck_assert_int_eq(tfu_trial_define(truth, TFU_BACKWARD, &e), TFU_OK);
    const enum tfu_direction direction = (enum tfu_direction)kernels[_i].direction;
    if (direction != TFU_FORWARD)
        tfu_trial_adopt(t, truth);
    const struct tfu_kernel k = kernel_of(kernels[_i].direction, kernels[_i].run);
    ck_assert(tfu_trial_supported(t, &k, NULL));
    const enum tfu_status st = tfu_trial_kernel(t, &k, NULL, &e);
    ck_assert_str_eq(e.text, kernels[_i].text);
    ck_assert_int_eq(st, kernels[_i].status);
    if (st == TFU_OK)
        ck_assert_double_lt(tfu_trial_compare(t, truth, direction).worst.error, 1e-7);
    tfu_trial_free(truth);
    tfu_trial_free(t);
}
END_TEST

START_TEST(comparison_finds_the_element)
{
    struct tfu_trial *truth = trial_of_relu(TFU_F64), *t = trial_of_relu(TFU_F32);
    const struct tfu_kernel k = kernel_of(TFU_FORWARD, uses_stale_workspace);
    ck_assert_int_eq(tfu_trial_define(truth, TFU_FORWARD, NULL), TFU_OK);
    ck_assert_int_eq(tfu_trial_kernel(t, &k, NULL, NULL), TFU_OK);
    const struct tfu_trial_difference d = tfu_trial_compare(t, truth, TFU_FORWARD);
    ck_assert_str_eq(d.tensor, "out");
    ck_assert_int_eq(d.worst.at, 0);
    ck_assert_double_gt(d.worst.error, 50);
    tfu_trial_free(truth);
    tfu_trial_free(t);
}
END_TEST

START_TEST(definition_takes_its_dtype_alone)
{
    struct tfu_trial *t = trial_of_relu(TFU_F32);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_trial_define(t, TFU_FORWARD, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "the definition of relu does not take float32");
    tfu_trial_free(t);
}
END_TEST

/* ---- a layer whose backward() is wrong */

static enum tfu_status square_infer(struct tfu_infer *h, const struct tfu_shape *const *in,
                                    uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    return TFU_OK;
}

static enum tfu_status square_forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double *x = c->in[0]->data;
    for (int64_t i = 0; i < count(c); i++)
        ((double *)c->out->data)[i] = x[i] * x[i];
    return TFU_OK;
}

static enum tfu_status wrong_by_a_millionth(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const double *x = c->in[0]->data, *g = c->grad_out->data;
    for (int64_t i = 0; i < count(c); i++)
        ((double *)c->grad_in[0]->data)[i] = 2.000004 * x[i] * g[i];
    return TFU_OK;
}

START_TEST(gradient_check_finds_a_wrong_gradient)
{
    static const struct tfu_layer_ops square = {.struct_size = sizeof square,
                                                .dtypes = TFU_TAKES_F64,
                                                .keeps = TFU_KEEPS_INPUT,
                                                .min_inputs = 1,
                                                .max_inputs = 1,
                                                .infer = square_infer,
                                                .forward = square_forward,
                                                .backward = wrong_by_a_millionth};
    static const struct tfu_shape in = {2, {0}, {5, 6, 1, 1, 1, 1, 1, 1}};
    const struct tfu_trial_request r = {.op = "square", .layer = &square, .in = &in, .n_in = 1};
    struct tfu_gradient_difference d;
    ck_assert_int_eq(tfu_gradient_check(&r, 0, &d, NULL), TFU_OK);
    ck_assert_int_eq(d.elements, 30);
    ck_assert_str_eq(d.tensor, "in[0]");
    ck_assert_double_gt(d.worst.error, 1.9e-6);
    ck_assert_double_lt(d.worst.error, 2.1e-6);
}
END_TEST

/* ---- types of states */

static enum tfu_status infer_state_of(struct tfu_infer *h, const struct tfu_shape *in,
                                      uint32_t dtype)
{
    h->output(h, in);
    h->state(h, dtype, in, 1);
    return TFU_OK;
}

static enum tfu_status infer_short(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    return infer_state_of(h, in[0], TFU_U16);
}

static enum tfu_status infer_half(struct tfu_infer *h, const struct tfu_shape *const *in,
                                  uint32_t n_in)
{
    (void)n_in;
    return infer_state_of(h, in[0], TFU_BF16);
}

static enum tfu_status infer_other(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    return infer_state_of(h, in[0], 99);
}

static enum tfu_status square_and_count(const struct tfu_op_call *c, struct tfu_host *h)
{
    for (int64_t i = 0; i < count(c); i++)
        ((uint16_t *)c->state[0]->data)[i] = (uint16_t)(40000 + i);
    return square_forward(c, h);
}

START_TEST(states_of_other_types)
{
    struct tfu_layer_ops ops = {.struct_size = sizeof ops,
                                .dtypes = TFU_TAKES_F64,
                                .min_inputs = 1,
                                .max_inputs = 1,
                                .infer = infer_short,
                                .forward = square_and_count};
    static const struct tfu_shape in = {2, {0}, {5, 6, 1, 1, 1, 1, 1, 1}};
    const struct tfu_trial_request r = {
        .op = "square", .layer = &ops, .in = &in, .n_in = 1, .dtype = TFU_F64, .training = true};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_trial *t;
    ck_assert_int_eq(tfu_trial_new(&t, &r, &e), TFU_OK);
    ck_assert_int_eq(tfu_trial_define(t, TFU_FORWARD, &e), TFU_OK);
    const struct tfu_tensor *s = tfu_trial_call(t)->state[0];
    ck_assert_double_eq(tfu_tensor_get(s, 29), 40029);
    tfu_tensor_put(s, 29, 65535);
    ck_assert_double_eq(tfu_tensor_get(s, 29), 65535);
    ck_assert_double_eq(tfu_tensor_get(s, 28), 40028);
    tfu_trial_free(t);

    ops.infer = infer_half;
    ck_assert_int_eq(tfu_trial_new(&t, &r, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "infer() declares a state of bfloat16, which this version does not "
                             "compute in");
    e = (struct tfu_error)TFU_ERROR_INIT;
    ops.infer = infer_other;
    ck_assert_int_eq(tfu_trial_new(&t, &r, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "infer() declares a state of a type that there is not");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trial");
    TCase *t = tcase_create("trial");
    suite_add_tcase(s, t);
    tcase_add_loop_test(t, kernel_is_judged, 0, (int)TFU_COUNT(kernels));
    tcase_add_test(t, comparison_finds_the_element);
    tcase_add_test(t, definition_takes_its_dtype_alone);
    tcase_add_test(t, gradient_check_finds_a_wrong_gradient);
    tcase_add_test(t, states_of_other_types);
    return run_suite(s);
}
