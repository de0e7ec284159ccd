/* SPDX-License-Identifier: MIT
 *
 * The numbers of a network through its accessors: the memory itself where that is float32 of the
 * host, else copies. Memory of a device is device.test.
 */
#include <stdlib.h>
#include <string.h>

#include "core/graph/access.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/sketches.h"

enum { BATCH = 3, PIXELS = 8 * 6 * 3 };

static struct tfu_graph *residual(void)
{
    return draw(sketch_residual, image(BATCH, 8, 6, 3), NULL);
}

static size_t count_of(const struct tfu_graph *g, uint32_t param)
{
    return (size_t)tfu_shape_count(&g->param[param].shape);
}

START_TEST(float32_is_not_copied)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = residual();
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .dtype = TFU_F32, .training = true});
    network_fill(n, 1);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const float *seen;
        ck_assert_int_eq(tfu_network_look(n, tfu_region_param(p), &seen, &e), TFU_OK);
        ck_assert_ptr_eq(seen, param_of(n, p).data);
        ck_assert_ptr_eq(tfu_network_draft(n, tfu_region_param(p)), seen);
    }
    ck_assert_ptr_eq(tfu_network_draft(n, tfu_region_output_grad(g, 1)), output_grad_of(n).data);
    ck_assert_uint_eq(tfu_network_dtype(n, tfu_region_param(0)), TFU_F32);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

START_TEST(rows_are_the_first)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = residual();
    float pixels[BATCH * PIXELS], back[BATCH * PIXELS];
    for (int i = 0; i < BATCH * PIXELS; i++)
        pixels[i] = (float)i;
    for (uint32_t dtype = TFU_F32; dtype <= TFU_F64; dtype++) {
        struct tfu_network *n =
            network_open((struct tfu_network_request){.graph = g, .dtype = dtype});
        ck_assert_int_eq(tfu_network_put_input(n, BATCH, pixels, &e), TFU_OK);
        for (int i = 0; i < PIXELS; i++)
            back[i] = -1;
        ck_assert_int_eq(tfu_network_put_input(n, 1, back, &e), TFU_OK);
        ck_assert_int_eq(tfu_network_read(n, tfu_region_value(g->input, 0), back, &e), TFU_OK);
        for (int i = 0; i < BATCH * PIXELS; i++)
            ck_assert(back[i] == (i < PIXELS ? -1 : pixels[i]));
        memset(back, 0, sizeof back);
        ck_assert_int_eq(tfu_network_read(n, tfu_region_value(g->input, 2), back, &e), TFU_OK);
        ck_assert(back[2 * PIXELS - 1] == pixels[2 * PIXELS - 1] && back[2 * PIXELS] == 0);
        tfu_network_free(n);
    }
    tfu_graph_free(g);
}
END_TEST

START_TEST(float64_is_converted)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = residual();
    struct tfu_network *n = network_open((struct tfu_network_request){.graph = g});
    network_fill(n, 1);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_region region = tfu_region_param(p);
        const size_t count = count_of(g, p);
        double *own = param_of(n, p).data, *read = malloc(count * sizeof *read);
        const float *seen;
        own[0] = 1.0 / 3;
        ck_assert_uint_eq(tfu_network_dtype(n, region), TFU_F64);
        ck_assert_int_eq(tfu_network_look(n, region, &seen, &e), TFU_OK);
        ck_assert_int_eq(tfu_network_read_double(n, region, read, &e), TFU_OK);
        ck_assert_mem_eq(read, own, count * sizeof *read);
        for (size_t i = 0; i < count; i++)
            ck_assert(seen[i] == (float)own[i]);
        float *draft = tfu_network_draft(n, region);
        ck_assert_ptr_eq(draft, seen);
        draft[count - 1] = 0.1f;
        ck_assert_int_eq(tfu_network_commit(n, region, &e), TFU_OK);
        ck_assert(own[count - 1] == (double)0.1f);
        ck_assert_int_eq(tfu_network_put_double(n, region, read, &e), TFU_OK);
        ck_assert_mem_eq(read, own, count * sizeof *read);
        free(read);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

START_TEST(double_of_float32)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = residual();
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .dtype = TFU_F32});
    const struct tfu_region region = tfu_region_output(g, 1);
    const double there[] = {1.0 / 3, -0.0, 1e300};
    double back[3];
    ck_assert_int_eq(tfu_network_put_double(n, region, there, &e), TFU_OK);
    ck_assert_int_eq(tfu_network_read_double(n, region, back, &e), TFU_OK);
    for (int i = 0; i < 3; i++)
        ck_assert(back[i] == (double)(float)there[i]);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

START_TEST(parameters_are_copied_whole)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = residual();
    for (uint32_t dtype = TFU_F32; dtype <= TFU_F64; dtype++) {
        const struct tfu_network_request request = {.graph = g, .dtype = dtype};
        struct tfu_network *a = network_open(request), *b = network_open(request);
        network_fill(a, 1);
        network_fill(b, 2);
        ck_assert_int_eq(tfu_network_copy_params(b, a, &e), TFU_OK);
        for (uint32_t p = 0; p < g->param_count; p++)
            ck_assert_mem_eq(param_of(a, p).data, param_of(b, p).data,
                             count_of(g, p) * tfu_dtype_size(dtype));
        tfu_network_free(a);
        tfu_network_free(b);
    }
    tfu_graph_free(g);
}
END_TEST

START_TEST(what_a_network_has)
{
    struct tfu_graph *g = residual();
    bool *frozen = calloc(g->param_count, sizeof *frozen);
    frozen[0] = true;
    struct tfu_network *trains =
        network_open((struct tfu_network_request){.graph = g, .training = true, .frozen = frozen});
    struct tfu_network *infers = network_open((struct tfu_network_request){.graph = g});
    for (uint32_t p = 0; p < g->param_count; p++) {
        const bool trained = p > 0 && tfu_role_trained(g->param[p].role);
        ck_assert(tfu_network_has(trains, tfu_region_param(p)));
        ck_assert_int_eq(tfu_network_has(trains, tfu_region_param_grad(p)), trained);
        ck_assert_int_eq(tfu_network_draft(trains, tfu_region_param_grad(p)) != NULL, trained);
        ck_assert(!tfu_network_has(infers, tfu_region_param_grad(p)));
    }
    ck_assert(tfu_network_has(trains, tfu_region_output_grad(g, 0)));
    ck_assert(!tfu_network_has(infers, tfu_region_output_grad(g, 0)));
    ck_assert(!tfu_network_has(trains, tfu_region_value_grad(g->input, 0)));
    ck_assert_ptr_null(tfu_network_draft(trains, tfu_region_value(g->node[0].out, 0)));
    free(frozen);
    tfu_network_free(trains);
    tfu_network_free(infers);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("access");
    TCase *t = tcase_create("access");
    tcase_add_test(t, float32_is_not_copied);
    tcase_add_test(t, rows_are_the_first);
    tcase_add_test(t, float64_is_converted);
    tcase_add_test(t, double_of_float32);
    tcase_add_test(t, parameters_are_copied_whole);
    tcase_add_test(t, what_a_network_has);
    suite_add_tcase(s, t);
    return run_suite(s);
}
