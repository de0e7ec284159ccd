/* SPDX-License-Identifier: MIT
 *
 * What kernels keep of parameters that are constant: for inference alone, once, and anew after each
 * change, however it comes. Each run of the fake backend compares what it gets with its parameters.
 */
#include <string.h>

#include "tests/graph/fake_backend.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"

const struct tfu_plugin *const fake_layers[] = {NULL};

/* Two convolutions of 3 x 3 x 3 x 3 weights, and others' parameters. */
static void two_convolutions(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 3, .kernel = 3});
    x = tfu_conv2d(b, "conv2", x, (struct tfu_conv2d_attrs){.out = 3, .kernel = 2});
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

enum { WEIGHTS = 3 * 3 * 3 * 3, WEIGHTS2 = 3 * 3 * 2 * 2, LINEAR = 3 * 3 + 3 };

static struct tfu_graph *graph;

static void setup(void)
{
    fake = (struct fake){.speaks = true, .seen_workspace = SIZE_MAX};
    for (int i = 0; i < ROWS; i++)
        fake.price[i] = -1;
    fake.price[FAST] = fake.price[WHOLE] = 1;
    fake.packed[FAST] = 100;
    graph = draw(two_convolutions, image(2, 4, 4, 3), NULL);
}

static void teardown(void)
{
    tfu_graph_free(graph);
    ck_assert_int_eq(fake.opened, fake.closed);
    ck_assert_int_eq(fake.allocated, fake.freed);
}

static struct tfu_network *open_with(bool training, bool constant)
{
    return network_open((struct tfu_network_request){.graph = graph,
                                                     .backend = &fake_backend,
                                                     .dtype = TFU_F32,
                                                     .training = training,
                                                     .constant = constant});
}

static void pass(struct tfu_network *n, int64_t rows)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_network_forward(n, rows, false, 0, &e) == TFU_OK, "%s", e.text);
}

/* Other numbers than before, in every parameter. */
static void change_all(struct tfu_network *n, float to)
{
    for (uint32_t p = 0; p < graph->param_count; p++) {
        float *w = tfu_network_draft(n, tfu_region_param(p));
        for (int64_t i = 0; i < tfu_shape_count(&graph->param[p].shape); i++)
            w[i] = to;
        ck_assert_int_eq(tfu_network_commit(n, tfu_region_param(p), NULL), TFU_OK);
    }
}

static void check_counts(int packs, int packed_runs, int runs)
{
    ck_assert_int_eq(fake.packs[FAST], packs);
    ck_assert_int_eq(fake.packed_runs[FAST], packed_runs);
    ck_assert_int_eq(fake.runs[FAST], runs);
}

START_TEST(packed_once)
{
    struct tfu_network *n = open_with(false, true);
    check_counts(0, 0, 0);
    change_all(n, 1);
    pass(n, 2);
    check_counts(2, 2, 2);
    pass(n, 1);
    pass(n, 2);
    check_counts(2, 6, 6);
    ck_assert_int_eq(fake.packs[SLOW], 0);
    tfu_network_free(n);
}
END_TEST

START_TEST(packed_anew_after_a_change)
{
    struct tfu_network *n = open_with(false, true), *other = open_with(false, false);
    change_all(n, 1);
    change_all(other, 2);
    pass(n, 2);
    const struct tfu_region weight = tfu_region_param(param_called(graph, "conv2.weight"));
    float numbers[WEIGHTS] = {3};
    double doubles[WEIGHTS] = {4};
    ck_assert_int_eq(tfu_network_put(n, weight, numbers, NULL), TFU_OK);
    pass(n, 2);
    ck_assert_int_eq(fake.packs[FAST], 4);
    ck_assert_int_eq(tfu_network_put_double(n, weight, doubles, NULL), TFU_OK);
    pass(n, 2);
    ck_assert_int_eq(fake.packs[FAST], 6);
    ck_assert_int_eq(tfu_network_copy_params(n, other, NULL), TFU_OK);
    pass(n, 2);
    ck_assert_int_eq(fake.packs[FAST], 8);
    /* where the place is the memory itself, before it is committed too */
    tfu_network_draft(n, weight)[0] = 5;
    pass(n, 2);
    ck_assert_int_eq(fake.packs[FAST], 10);
    /* looking changes nothing, and neither do images */
    const float *seen;
    ck_assert_int_eq(tfu_network_look(n, weight, &seen, NULL), TFU_OK);
    ck_assert_int_eq(tfu_network_put_input(n, 1, numbers, NULL), TFU_OK);
    pass(n, 2);
    ck_assert_int_eq(fake.packs[FAST], 10);
    tfu_network_free(n);
    tfu_network_free(other);
}
END_TEST

START_TEST(not_otherwise)
{
    struct tfu_network *n = open_with(false, false);
    change_all(n, 1);
    pass(n, 2);
    check_counts(0, 0, 2);
    ck_assert_uint_eq(tfu_network_memory(n).packed, 0);
    tfu_network_free(n);
    /* weights that are trained are never constant, whatever is said */
    n = open_with(true, true);
    network_fill(n, 1);
    network_step(n, 2, 1);
    pass(n, 2);
    check_counts(0, 0, 6);
    ck_assert_uint_eq(tfu_network_memory(n).packed, 0);
    tfu_network_free(n);
    /* a kernel for which it does not pay */
    fake.packed[FAST] = 0;
    n = open_with(false, true);
    change_all(n, 1);
    pass(n, 2);
    check_counts(0, 0, 8);
    tfu_network_free(n);
}
END_TEST

START_TEST(memory)
{
    const size_t parameters = (WEIGHTS + WEIGHTS2 + LINEAR) * sizeof(float);
    struct tfu_network *n = open_with(false, true);
    const struct tfu_network_memory m = tfu_network_memory(n);
    ck_assert_uint_eq(m.packed, 2 * 128);
    ck_assert_uint_eq(m.total, m.parameters + m.activations + m.workspace + m.packed);
    tfu_network_free(n);
    struct tfu_network_memory planned;
    struct tfu_network_request r = {
        .graph = graph, .backend = &fake_backend, .dtype = TFU_F32, .constant = true};
    network_defaults(&r);
    ck_assert_int_eq(tfu_network_plan(&planned, &r, NULL), TFU_OK);
    ck_assert_uint_eq(planned.packed, m.packed);
    ck_assert_uint_eq(planned.total, m.total);
    /* twice what the parameters take: there is room for one, and not for the second */
    fake.packed[FAST] = parameters;
    ck_assert_uint_lt(2 * parameters, 2 * ((parameters + 63) / 64 * 64));
    n = open_with(false, true);
    ck_assert_uint_eq(tfu_network_memory(n).packed, (parameters + 63) / 64 * 64);
    change_all(n, 1);
    pass(n, 2);
    check_counts(1, 1, 2);
    tfu_network_free(n);
    fake.packed[FAST] = SIZE_MAX;
    n = open_with(false, true);
    ck_assert_uint_eq(tfu_network_memory(n).packed, 0);
    tfu_network_free(n);
}
END_TEST

START_TEST(failing)
{
    struct tfu_network *n = open_with(false, true);
    struct tfu_error e = TFU_ERROR_INIT, silent = TFU_ERROR_INIT;
    change_all(n, 1);
    fake.pack_fails = TFU_ENUMERIC;
    ck_assert_int_eq(tfu_network_forward(n, 2, false, 0, &e), TFU_ENUMERIC);
    ck_assert_str_eq(e.text, "layer 'conv1': row 1 has no mind to");
    fake.speaks = false;
    ck_assert_int_eq(tfu_network_forward(n, 2, false, 0, &silent), TFU_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(silent.text, "failed in pack()"));
    check_counts(2, 0, 0);
    fake.pack_fails = TFU_OK;
    pass(n, 2);
    check_counts(4, 2, 2);
    tfu_network_free(n);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("packed");
    TCase *t = tcase_create("packed");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, packed_once);
    tcase_add_test(t, packed_anew_after_a_change);
    tcase_add_test(t, not_otherwise);
    tcase_add_test(t, memory);
    tcase_add_test(t, failing);
    suite_add_tcase(s, t);
    return run_suite(s);
}
