/* SPDX-License-Identifier: MIT
 *
 * What must not change a network's numbers: frozen neighbours, inference between steps, the room
 * for a larger batch, the type of number, a layer that takes the other type.
 */
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "tests/graph/gauge.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/sketches.h"

static void check_same(const struct tfu_tensor *a, const struct tfu_tensor *b, const char *name)
{
    ck_assert(a->data && b->data);
    ck_assert_uint_eq(tensor_bytes(a), tensor_bytes(b));
    if (memcmp(a->data, b->data, tensor_bytes(a)) != 0)
        ck_abort_msg("%s differs", name);
}

/* Gradients and parameters (running statistics move) of two networks on one graph. */
static void check_same_step(const struct tfu_network *a, const struct tfu_network *b)
{
    const struct tfu_graph *g = tfu_network_graph(a);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor x = param_of(a, p), y = param_of(b, p);
        check_same(&x, &y, g->param[p].name);
        const struct tfu_tensor s = param_grad_of(a, p), t = param_grad_of(b, p);
        if (s.data && t.data)
            check_same(&s, &t, g->param[p].name);
    }
}

/* ---- frozen parameters */

enum freezing { FREEZE_ODD, FREEZE_FIRST_STAGE, FREEZE_LAST_STAGES, FREEZE_ALL, FREEZINGS };

static bool is_frozen(const struct tfu_graph *g, enum freezing how, uint32_t p)
{
    const uint32_t stage = g->node[g->param[p].node].stage;
    switch (how) {
    case FREEZE_ODD:
        return p % 2;
    case FREEZE_FIRST_STAGE:
        return stage == 0;
    case FREEZE_LAST_STAGES:
        return stage > 0;
    default:
        return true;
    }
}

START_TEST(frozen_parameters)
{
    struct tfu_graph *g = draw(sketches[_i / FREEZINGS].draw, image(3, 8, 6, 3), NULL);
    bool frozen[64];
    ck_assert_uint_le(g->param_count, 64);
    for (uint32_t p = 0; p < g->param_count; p++)
        frozen[p] = is_frozen(g, (enum freezing)(_i % FREEZINGS), p);
    struct tfu_network *whole =
        network_open((struct tfu_network_request){.graph = g, .training = true});
    struct tfu_network *part =
        network_open((struct tfu_network_request){.graph = g, .training = true, .frozen = frozen});
    bool wanted[64];
    memcpy(wanted, frozen, sizeof wanted);
    memset(frozen, 1, sizeof frozen); /* the network has its own copy */
    network_fill(whole, 5);
    network_fill(part, 5);
    for (uint64_t step = 1; step < 3; step++) {
        network_step(whole, 3, step);
        network_step(part, 3, step);
        check_same_step(whole, part);
    }
    for (uint32_t p = 0; p < g->param_count; p++)
        ck_assert((param_grad_of(part, p).data != NULL) ==
                  (tfu_role_trained(g->param[p].role) && !wanted[p]));
    ck_assert_uint_le(tfu_network_memory(part).activations, tfu_network_memory(whole).activations);
    tfu_network_free(whole);
    tfu_network_free(part);
    tfu_graph_free(g);
}
END_TEST

/* With everything frozen the input's gradient is still there for who wants it. */
START_TEST(input_gradient_of_a_frozen_network)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(3, 8, 6, 3), NULL);
    bool frozen[64];
    memset(frozen, 1, sizeof frozen);
    struct tfu_network_request request = {
        .graph = g, .training = true, .keep = &g->input, .keep_count = 1};
    struct tfu_network *whole = network_open(request);
    request.frozen = frozen;
    struct tfu_network *part = network_open(request);
    network_fill(whole, 5);
    network_fill(part, 5);
    network_step(whole, 3, 1);
    network_step(part, 3, 1);
    const struct tfu_tensor a = input_grad_of(whole), b = input_grad_of(part);
    check_same(&a, &b, "gradient of the input");
    tfu_network_free(whole);
    tfu_network_free(part);
    tfu_graph_free(g);
}
END_TEST

/* ---- passes between passes */

START_TEST(inference_between_steps)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(4, 8, 6, 3), NULL);
    const struct tfu_network_request request = {.graph = g, .training = true, .seed = 3};
    struct tfu_network *with = network_open(request), *without = network_open(request);
    network_fill(with, 1);
    network_fill(without, 1);
    for (uint64_t step = 1; step < 4; step++) {
        network_fill_batch(with, 100);
        ck_assert_int_eq(tfu_network_forward(with, 1 + (int64_t)step % 4, false, 9, NULL), TFU_OK);
        network_fill_batch(with, step);
        network_fill_batch(without, step);
        network_step(with, 4 - (int64_t)step, step);
        network_step(without, 4 - (int64_t)step, step);
        check_same_step(with, without);
    }
    tfu_network_free(with);
    tfu_network_free(without);
    tfu_graph_free(g);
}
END_TEST

/* The first `rows` of two tensors. */
static void check_same_rows(const struct tfu_tensor *a, const struct tfu_tensor *b, int64_t rows)
{
    const size_t row = tensor_bytes(a) / (size_t)a->shape.dim[0];
    ck_assert_mem_eq(a->data, b->data, row * (size_t)rows);
}

static void poison_rows(const struct tfu_tensor *t, int64_t first)
{
    const int64_t count = tfu_shape_count(&t->shape);
    for (int64_t i = count / t->shape.dim[0] * first; i < count; i++)
        tensor_set(t, i, (double)NAN);
}

/* A batch with empty rows gives the bits of a network that is built for fewer. */
START_TEST(fewer_rows)
{
    struct tfu_graph *large = draw(sketches[_i].draw, image(5, 8, 6, 3), NULL);
    struct tfu_graph *small = draw(sketches[_i].draw, image(2, 8, 6, 3), NULL);
    for (uint32_t dtype = TFU_F32; dtype <= TFU_F64; dtype++) {
        struct tfu_network_request request = {.graph = large,
                                              .training = true,
                                              .dtype = dtype,
                                              .keep = &large->input,
                                              .keep_count = 1};
        struct tfu_network *a = network_open(request);
        request.graph = small;
        struct tfu_network *b = network_open(request);
        network_fill(a, 2);
        network_fill(b, 2);
        network_step(a, 5, 1); /* leaves something in every row */
        network_fill(a, 2);
        const struct tfu_tensor in = value_of(a, large->input);
        const struct tfu_tensor by_out = output_grad_of(a);
        poison_rows(&in, 2);
        poison_rows(&by_out, 2);
        network_step(a, 2, 8);
        network_step(b, 2, 8);
        check_same_step(a, b);
        const struct tfu_tensor x = input_grad_of(a), y = input_grad_of(b);
        check_same_rows(&x, &y, 2);
        ck_assert_int_eq(tfu_network_forward(a, 2, false, 0, NULL), TFU_OK);
        ck_assert_int_eq(tfu_network_forward(b, 2, false, 0, NULL), TFU_OK);
        const struct tfu_tensor s = output_of(a), t = output_of(b);
        check_same_rows(&s, &t, 2);
        tfu_network_free(a);
        tfu_network_free(b);
    }
    tfu_graph_free(large);
    tfu_graph_free(small);
}
END_TEST

/* Dropout's streams: of the seed and the step, in training alone. */
START_TEST(dropout_streams)
{
    struct tfu_graph *g = draw(sketch_dense, image(3, 8, 6, 3), NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true, .seed = 1});
    struct tfu_network *other =
        network_open((struct tfu_network_request){.graph = g, .training = true, .seed = 2});
    network_fill(n, 1);
    network_fill(other, 1);
    const struct tfu_tensor out = output_of(n), out_other = output_of(other);
    double first[9];
    ck_assert_uint_eq(tensor_bytes(&out), sizeof first);
    const struct {
        struct tfu_network *network;
        const struct tfu_tensor *out;
        bool training;
        uint64_t step;
        bool same;
    } runs[] = {
        {n, &out, true, 1, true}, {n, &out, true, 2, false},           {n, &out, false, 1, false},
        {n, &out, true, 1, true}, {other, &out_other, true, 1, false},
    };
    for (size_t i = 0; i < TFU_COUNT(runs); i++) {
        ck_assert_int_eq(
            tfu_network_forward(runs[i].network, 3, runs[i].training, runs[i].step, NULL), TFU_OK);
        if (i == 0)
            memcpy(first, out.data, sizeof first);
        ck_assert((memcmp(first, runs[i].out->data, sizeof first) == 0) == runs[i].same);
    }
    tfu_network_free(n);
    tfu_network_free(other);
    tfu_graph_free(g);
}
END_TEST

/* ---- types of number */

static void check_near(const struct tfu_tensor *a, const struct tfu_tensor *b, double tolerance,
                       const char *name)
{
    double largest = 1e-3;
    for (int64_t i = 0; i < tfu_shape_count(&b->shape); i++)
        largest = fmax(largest, fabs(tensor_get(b, i)));
    for (int64_t i = 0; i < tfu_shape_count(&b->shape); i++)
        if (!(fabs(tensor_get(a, i) - tensor_get(b, i)) <= tolerance * largest))
            ck_abort_msg("%s, number %d: %.9g, and %.9g in float64", name, (int)i, tensor_get(a, i),
                         tensor_get(b, i));
}

static void check_near_step(const struct tfu_network *a, const struct tfu_network *b,
                            double tolerance)
{
    const struct tfu_graph *g = tfu_network_graph(a);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor x = param_of(a, p), y = param_of(b, p);
        check_near(&x, &y, tolerance, g->param[p].name);
        const struct tfu_tensor s = param_grad_of(a, p), t = param_grad_of(b, p);
        if (s.data)
            check_near(&s, &t, tolerance, g->param[p].name);
    }
    const struct tfu_tensor s = output_of(a), t = output_of(b);
    check_near(&s, &t, tolerance, "output");
    const struct tfu_tensor x = input_grad_of(a), y = input_grad_of(b);
    check_near(&x, &y, tolerance, "gradient of the input");
}

static void check_types_agree(sketch *s, double tolerance)
{
    struct tfu_graph *g = draw(s, image(3, 8, 6, 3), fake_registry());
    struct tfu_network_request request = {
        .graph = g, .training = true, .dtype = TFU_F32, .keep = &g->input, .keep_count = 1};
    struct tfu_network *narrow = network_open(request);
    request.dtype = TFU_F64;
    struct tfu_network *wide = network_open(request);
    network_fill(narrow, 4);
    network_fill(wide, 4);
    for (uint64_t step = 1; step < 3; step++) {
        network_step(narrow, 3, step);
        network_step(wide, 3, step);
        check_near_step(narrow, wide, tolerance);
    }
    tfu_network_free(narrow);
    tfu_network_free(wide);
    tfu_graph_free(g);
}

START_TEST(float32_agrees_with_float64)
{
    check_types_agree(sketches[_i].draw, 1e-5);
}
END_TEST

/* ---- layer plugins */

START_TEST(layer_plugins)
{
    check_types_agree(_i == 0   ? sketch_gauge_f32
                      : _i == 1 ? sketch_gauge_f64
                                : sketch_gauge_both,
                      1e-5);
}
END_TEST

/* ---- a type for each value and parameter */

static void draw_types(uint32_t *dtype, uint32_t count, uint64_t seed, const char *what)
{
    struct tfu_random random;
    tfu_random_init(&random, tfu_random_key(seed, "types", what));
    for (uint32_t i = 0; i < count; i++)
        dtype[i] = tfu_random_below(&random, 2) ? TFU_F32 : TFU_F64;
}

static void check_mixed_types(sketch *s, uint64_t seed)
{
    struct tfu_graph *g = draw(s, image(3, 8, 6, 3), fake_registry());
    uint32_t value_dtype[64], param_dtype[64];
    ck_assert(g->value_count <= 64 && g->param_count <= 64);
    draw_types(value_dtype, g->value_count, seed, "values");
    draw_types(param_dtype, g->param_count, seed, "parameters");
    struct tfu_network_request request = {
        .graph = g, .training = true, .dtype = TFU_F64, .keep = &g->input, .keep_count = 1};
    struct tfu_network *wide = network_open(request);
    request.value_dtype = value_dtype;
    request.param_dtype = param_dtype;
    struct tfu_network *mixed = network_open(request);
    for (uint32_t p = 0; p < g->param_count; p++)
        ck_assert_uint_eq(param_of(mixed, p).dtype, param_dtype[p]);
    network_fill(mixed, 4);
    network_fill(wide, 4);
    for (uint64_t step = 1; step < 3; step++) {
        network_step(mixed, 3, step);
        network_step(wide, 3, step);
        check_near_step(mixed, wide, 1e-5);
    }
    tfu_network_free(mixed);
    tfu_network_free(wide);
    tfu_graph_free(g);
}

enum { DRAWS = 6 };

START_TEST(any_types_agree_with_float64)
{
    check_mixed_types(sketches[_i / DRAWS].draw, (uint64_t)(_i % DRAWS));
}
END_TEST

START_TEST(layer_plugins_take_any_types)
{
    check_mixed_types(_i % 3 == 0   ? sketch_gauge_f32
                      : _i % 3 == 1 ? sketch_gauge_f64
                                    : sketch_gauge_both,
                      (uint64_t)_i);
}
END_TEST

/* A backend is asked for each type: here for that of the last parameter alone. */
START_TEST(types_that_the_backend_does_not_take)
{
    struct tfu_graph *g = draw(sketch_chain, image(3, 8, 6, 3), NULL);
    struct tfu_backend_ops ops = *(const struct tfu_backend_ops *)plain_backend.ops;
    struct tfu_plugin narrow = plain_backend;
    ops.dtypes = TFU_TAKES_F32;
    narrow.ops = &ops;
    uint32_t param_dtype[64];
    for (uint32_t p = 0; p < g->param_count; p++)
        param_dtype[p] = p + 1 == g->param_count ? TFU_F64 : TFU_F32;
    struct tfu_network_request request = {
        .graph = g, .backend = &narrow, .dtype = TFU_F32, .param_dtype = param_dtype};
    network_defaults(&request);
    struct tfu_network *n = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_new(&n, &request, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "backend 'plain' does not take float64");
    e = (struct tfu_error)TFU_ERROR_INIT;
    request.param_dtype = NULL;
    request.dtype = TFU_BF16;
    request.backend = &plain_backend;
    ck_assert_int_eq(tfu_network_new(&n, &request, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "backend 'plain' does not take bfloat16");
    tfu_graph_free(g);
}
END_TEST

/* A float64 parameter keeps its digits when a float32 layer has read it. */
START_TEST(parameters_are_not_rounded)
{
    struct tfu_graph *g = draw(sketch_gauge_f32, image(3, 8, 6, 3), fake_registry());
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true});
    network_fill(n, 4);
    const struct tfu_tensor weight = param_of(n, param_called(g, "gauge.weight"));
    const struct tfu_tensor mean = param_of(n, param_called(g, "gauge.running_mean"));
    for (int64_t c = 0; c < 3; c++) {
        tensor_set(&weight, c, 0.1 + (double)c);
        tensor_set(&mean, c, 0.25);
    }
    network_step(n, 3, 1);
    for (int64_t c = 0; c < 3; c++) {
        ck_assert_double_eq(tensor_get(&weight, c), 0.1 + (double)c);
        ck_assert_double_eq(tensor_get(&mean, c), 1.25);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* ---- a pass that fails */

START_TEST(failing_pass)
{
    struct tfu_graph *g = draw(sketch_gauge_both, image(3, 8, 6, 3), fake_registry());
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true});
    network_fill(n, 4);
    const struct tfu_tensor in = value_of(n, g->input);
    tensor_set(&in, 0, GAUGE_FAILS);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_forward(n, 3, true, 1, &e), TFU_ENUMERIC);
    ck_assert_str_eq(e.text, "layer 'gauge': the first number is 1000");
    tensor_set(&in, 0, GAUGE_FAILS_SILENTLY);
    struct tfu_error silent = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_forward(n, 3, false, 1, &silent), TFU_EIO);
    ck_assert_str_eq(silent.text, "layer 'gauge': plugin 'gauge_both' failed in forward() (input "
                                  "or output failed) without saying why; its author should call "
                                  "fail()");
    tensor_set(&in, 0, GAUGE_FAILS_BACKWARD);
    struct tfu_error late = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_forward(n, 3, true, 1, &late), TFU_OK);
    ck_assert_int_eq(tfu_network_backward(n, &late), TFU_ENUMERIC);
    ck_assert_str_eq(late.text, "layer 'gauge': the first number was 3000");
    /* and the next step is as good as any */
    tensor_set(&in, 0, 1);
    network_step(n, 3, 1);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("network");
    TCase *t = tcase_create("network");
    tcase_add_loop_test(t, frozen_parameters, 0, SKETCHES * FREEZINGS);
    tcase_add_loop_test(t, input_gradient_of_a_frozen_network, 0, SKETCHES);
    tcase_add_loop_test(t, inference_between_steps, 0, SKETCHES);
    tcase_add_loop_test(t, fewer_rows, 0, SKETCHES);
    tcase_add_test(t, dropout_streams);
    tcase_add_loop_test(t, float32_agrees_with_float64, 0, SKETCHES);
    suite_add_tcase(s, t);
    t = tcase_create("plugins");
    tcase_add_loop_test(t, layer_plugins, 0, 3);
    tcase_add_test(t, parameters_are_not_rounded);
    tcase_add_loop_test(t, any_types_agree_with_float64, 0, SKETCHES * DRAWS);
    tcase_add_loop_test(t, layer_plugins_take_any_types, 0, 9);
    tcase_add_test(t, types_that_the_backend_does_not_take);
    tcase_add_test(t, failing_pass);
    suite_add_tcase(s, t);
    return run_suite(s);
}
