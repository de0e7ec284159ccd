/* SPDX-License-Identifier: MIT
 *
 * Gradients of whole networks by finite differences in float64, and kept values.
 */
#include <math.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/sketches.h"

enum { ROWS = 3, STEP = 7 };

/* The loss whose gradient by the output is what the network was given. */
static double loss(struct tfu_network *n)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_forward(n, ROWS, true, STEP, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    const struct tfu_tensor out = output_of(n), by_out = output_grad_of(n);
    double sum = 0;
    for (int64_t i = 0; i < tfu_shape_count(&out.shape); i++)
        sum += tensor_get(&out, i) * tensor_get(&by_out, i);
    return sum;
}

static double slope(struct tfu_network *n, const struct tfu_tensor *x, int64_t i)
{
    const double h = 1e-5, before = tensor_get(x, i);
    tensor_set(x, i, before + h);
    const double above = loss(n);
    tensor_set(x, i, before - h);
    const double below = loss(n);
    tensor_set(x, i, before);
    return (above - below) / (2 * h);
}

/* `gradient` is that of x: up to 50 of its numbers, spread over it. */
static void check_gradient(struct tfu_network *n, const char *name, const struct tfu_tensor *x,
                           const struct tfu_tensor *gradient)
{
    const int64_t count = tfu_shape_count(&x->shape), stride = 1 + count / 50;
    ck_assert_ptr_nonnull(gradient->data);
    double largest = 0;
    for (int64_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(tensor_get(gradient, i)));
    /* a bias before batch norm has the gradient 0, and an error of rounding alone */
    const double scale = fmax(largest, 1e-3);
    for (int64_t i = 0; i < count; i += stride) {
        const double expected = slope(n, x, i), got = tensor_get(gradient, i);
        if (!(fabs(got - expected) <= 1e-6 * scale))
            ck_abort_msg("%s, number %d: %.12g should be %.12g", name, (int)i, got, expected);
    }
}

START_TEST(finite_differences)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *n = network_open((struct tfu_network_request){
        .graph = g, .training = true, .keep = &g->input, .keep_count = 1});
    network_fill(n, (uint64_t)_i);
    network_step(n, ROWS, STEP);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor x = param_of(n, p), gradient = param_grad_of(n, p);
        if (!tfu_role_trained(g->param[p].role))
            ck_assert_ptr_null(gradient.data);
        else
            check_gradient(n, g->param[p].name, &x, &gradient);
    }
    const struct tfu_tensor x = value_of(n, g->input);
    const struct tfu_tensor gradient = input_grad_of(n);
    check_gradient(n, "image", &x, &gradient);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* ---- kept values */

static struct tfu_network *open_keeping_all(const struct tfu_graph *g, bool training)
{
    uint32_t keep[64];
    ck_assert_uint_le(g->value_count, 64);
    for (uint32_t v = 0; v < g->value_count; v++)
        keep[v] = v;
    return network_open((struct tfu_network_request){
        .graph = g, .training = training, .keep = keep, .keep_count = g->value_count});
}

/* What a kept value must be, computed from the kept inputs, for the operations that are simple. */
static bool expected_value(const struct tfu_network *n, const struct tfu_graph_node *node,
                           int64_t i, double *expected)
{
    const struct tfu_tensor a = value_of(n, node->in[0]);
    if (strcmp(node->op, "relu") == 0) {
        *expected = fmax(tensor_get(&a, i), 0);
        return true;
    }
    if (strcmp(node->op, "add") == 0) {
        const struct tfu_tensor b = value_of(n, node->in[1]);
        *expected = tensor_get(&a, i) + tensor_get(&b, i);
        return true;
    }
    if (strcmp(node->op, "concat") == 0) {
        int64_t all = 0;
        for (uint32_t k = 0; k < node->in_count; k++)
            all += value_of(n, node->in[k]).shape.dim[3];
        int64_t channel = i % all;
        for (uint32_t k = 0; k < node->in_count; k++) {
            const struct tfu_tensor part = value_of(n, node->in[k]);
            const int64_t C = part.shape.dim[3];
            if (channel < C) {
                *expected = tensor_get(&part, i / all * C + channel);
                return true;
            }
            channel -= C;
        }
    }
    return false;
}

START_TEST(kept_values)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *all = open_keeping_all(g, true);
    struct tfu_network *none = network_open((struct tfu_network_request){
        .graph = g, .training = true, .keep = &g->input, .keep_count = 1});
    network_fill(all, 1);
    network_fill(none, 1);
    network_step(all, ROWS, STEP);
    network_step(none, ROWS, STEP);
    int compared = 0;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_tensor out = value_of(all, g->node[i].out);
        ck_assert_ptr_nonnull(out.data);
        double expected;
        for (int64_t k = 0; k < tfu_shape_count(&out.shape); k++)
            if (expected_value(all, &g->node[i], k, &expected)) {
                compared++;
                if (tensor_get(&out, k) != expected)
                    ck_abort_msg("%s", g->node[i].name);
            }
        if (g->node[i].out != g->output)
            ck_assert_ptr_null(value_of(none, g->node[i].out).data);
    }
    ck_assert_int_gt(compared, 100);
    /* keeping changes no bit of any result */
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor a = param_grad_of(all, p), b = param_grad_of(none, p);
        if (a.data)
            ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    }
    const struct tfu_tensor a = input_grad_of(all), b = input_grad_of(none);
    ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    tfu_network_free(all);
    tfu_network_free(none);
    tfu_graph_free(g);
}
END_TEST

/* ---- gradients of kept values */

/* What comes behind the value: it is used three times, and once by what may run in place. */
static tfu_value behind(struct tfu_builder *b, tfu_value v)
{
    b->stage(b, "behind");
    const tfu_value left = tfu_relu(b, "left", v);
    const tfu_value right =
        tfu_conv2d(b, "right", v, (struct tfu_conv2d_attrs){.out = 4, .kernel = 3, .pad = 1});
    return tfu_global_avgpool(b, "mean", tfu_add(b, "sum", tfu_add(b, "both", left, right), v));
}

static void sketch_behind(struct tfu_builder *b)
{
    b->features(b, behind(b, b->input(b, "image")), "fc");
}

static void sketch_whole(struct tfu_builder *b)
{
    const tfu_value image = b->input(b, "image");
    b->stage(b, "before");
    const tfu_value v =
        tfu_conv2d(b, "conv", image, (struct tfu_conv2d_attrs){.out = 4, .kernel = 3, .pad = 1});
    b->features(b,
                behind(b, tfu_batchnorm(b, "value", v, (struct tfu_batchnorm_attrs){.eps = 1e-5})),
                "fc");
}

/* A network that begins with the value says what its gradient is: parameters are filled by their
 * names, so they are the same. */
START_TEST(kept_gradients)
{
    struct tfu_graph *g = draw(sketch_whole, image(ROWS, 8, 6, 3), NULL);
    struct tfu_graph *rest = draw(sketch_behind, image(ROWS, 8, 6, 4), NULL);
    const uint32_t value = value_called(g, "value");
    struct tfu_network *whole = network_open((struct tfu_network_request){
        .graph = g, .training = true, .keep = &value, .keep_count = 1});
    struct tfu_network *part = network_open((struct tfu_network_request){
        .graph = rest, .training = true, .keep = &rest->input, .keep_count = 1});
    network_fill(whole, 1);
    network_fill(part, 1);
    network_step(whole, ROWS, STEP);
    const struct tfu_tensor v = value_of(whole, value);
    const struct tfu_tensor x = value_of(part, rest->input);
    const struct tfu_tensor gradient = value_grad_of(whole, value);
    ck_assert_uint_eq(tensor_bytes(&v), tensor_bytes(&x));
    memcpy(x.data, v.data, tensor_bytes(&v));
    check_gradient(part, "value", &x, &gradient);
    ck_assert_ptr_null(value_grad_of(whole, value_called(g, "conv")).data);
    ck_assert_ptr_null(input_grad_of(whole).data);
    tfu_network_free(whole);
    tfu_network_free(part);
    tfu_graph_free(g);
    tfu_graph_free(rest);
}
END_TEST

/* The same values in a network that cannot train. */
START_TEST(inference_network)
{
    struct tfu_graph *g = draw(sketches[_i].draw, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *trains = open_keeping_all(g, true);
    struct tfu_network *keeps = open_keeping_all(g, false);
    struct tfu_network *plain = network_open((struct tfu_network_request){.graph = g});
    struct tfu_network *all[] = {trains, keeps, plain};
    for (int k = 0; k < 3; k++) {
        network_fill(all[k], 3);
        ck_assert_int_eq(tfu_network_forward(all[k], ROWS, false, 0, NULL), TFU_OK);
        const struct tfu_tensor a = output_of(all[k]), b = output_of(trains);
        ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    }
    for (uint32_t v = 0; v < g->value_count; v++) {
        const struct tfu_tensor a = value_of(trains, v), b = value_of(keeps, v);
        ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    }
    ck_assert_ptr_null(output_grad_of(plain).data);
    ck_assert_ptr_null(input_grad_of(keeps).data);
    ck_assert_ptr_null(param_grad_of(plain, 0).data);
    ck_assert_uint_eq(tfu_network_memory(plain).gradients, 0);
    ck_assert_uint_lt(tfu_network_memory(plain).activations,
                      tfu_network_memory(trains).activations);
    for (int k = 0; k < 3; k++)
        tfu_network_free(all[k]);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gradients");
    TCase *t = tcase_create("gradients");
    tcase_add_loop_test(t, finite_differences, 0, SKETCHES);
    tcase_add_loop_test(t, kept_values, 0, SKETCHES);
    tcase_add_loop_test(t, inference_network, 0, SKETCHES);
    tcase_add_test(t, kept_gradients);
    suite_add_tcase(s, t);
    return run_suite(s);
}
