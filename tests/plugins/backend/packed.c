/* SPDX-License-Identifier: MIT
 *
 * Whole networks whose convolutions keep their weights packed: the bits of those that pack them for
 * each batch, before and after the weights change.
 */
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "tests/support/check_main.h"
#include "tests/support/layer_cases.h"
#include "tests/support/model.h"
#include "tests/support/network_memory.h"

enum { OUTPUTS = 5, ROWS = 2 };

static void fill(struct tfu_network *n, struct tfu_region region, const char *name, double centre,
                 double width)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    const struct tfu_shape *shape =
        region.kind == TFU_REGION_PARAM ? &g->param[region.index].shape : &g->value[g->input].shape;
    struct tfu_random r;
    float *to = tfu_network_draft(n, region);
    tfu_random_init(&r, tfu_random_key(1, "test", name));
    for (int64_t i = 0; i < tfu_shape_count(shape); i++)
        to[i] = (float)(centre + width * (2 * tfu_random_uniform(&r) - 1));
    ck_assert_int_eq(tfu_network_commit(n, region, NULL), TFU_OK);
}

/* Parameters that keep the size of the numbers. */
static void fill_params(struct tfu_network *n, double factor)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    for (uint32_t i = 0; i < g->param_count; i++) {
        const struct tfu_graph_param *p = &g->param[i];
        const bool scales = p->role == TFU_ROLE_SCALE || p->role == TFU_ROLE_RUNNING_VAR;
        const double width = p->role == TFU_ROLE_WEIGHT ? 2.4 / sqrt((double)p->fan_in) : 0.4;
        fill(n, tfu_region_param(i), p->name, scales ? 0.9 : 0, factor * width);
    }
}

/* Runs both, which have the same parameters. */
static void check_same(struct model *packed, struct model *plain, int64_t rows)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_forward(packed->network, rows, false, 0, &e);
    tfu_network_forward(plain->network, rows, false, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    const struct tfu_tensor a = output_of(packed->network), b = output_of(plain->network);
    const float *y = a.data;
    for (int64_t i = 0; i < rows * OUTPUTS; i++)
        ck_assert(isfinite(y[i]) && y[i] != y[(i + 1) % (rows * OUTPUTS)]);
    ck_assert_mem_eq(a.data, b.data, (size_t)(rows * OUTPUTS) * sizeof(float));
}

static const struct network_case {
    const char *arch;
    int64_t side;
    const char *conv2d; /* NULL: the backend's choice */
    bool keeps;         /* on any processor */
} cases[] = {
    {"resnet50", 224, NULL, true},
    {"inception_v3", 203, NULL, true},
    {"cbr_small", 96, NULL, false},
    {"cbr_tiny", 40, "direct", true},
    {"cbr_tiny", 40, "im2col", true},
    {"cbr_tiny", 40, "fft16, any", false},
    {"resnet50", 64, "winograd2, any", true},
    {"resnet50", 64, "winograd4, any", true},
    {"resnet50", 64, "winograd6, any", true},
    {"resnet50", 64, "winograd7, any", true},
    {"resnet50", 64, "gemm, im2col", true},
};
enum { NATIVE = 2 }; /* the first ones, of the sizes that are used */

START_TEST(packed_weights_have_the_same_bits)
{
    struct model_request r = {.arch = cases[_i].arch,
                              .input =
                                  tfu_shape_make(4, ROWS, cases[_i].side, cases[_i].side, 3, 1),
                              .backend = "cpu",
                              .outputs = OUTPUTS,
                              .threads = 2,
                              .conv2d = cases[_i].conv2d};
    struct model plain = model_open(&r);
    r.constant = true;
    r.threads = 1;
    struct model packed = model_open(&r);
    const struct tfu_network_memory a = tfu_network_memory(packed.network);
    ck_assert(a.packed > 0 || !cases[_i].keeps);
    ck_assert_uint_le(a.packed, 2 * a.parameters);
    ck_assert_uint_eq(tfu_network_memory(plain.network).packed, 0);
    const struct tfu_region image = tfu_region_value(packed.graph->input, 0);
    fill(packed.network, image, "image", 0, 1);
    fill(plain.network, image, "image", 0, 1);
    for (int i = 0; i < 2; i++) { /* once more after a change */
        fill_params(packed.network, 1 - 0.1 * i);
        fill_params(plain.network, 1 - 0.1 * i);
        for (int64_t rows = ROWS; rows > 0; rows--)
            check_same(&packed, &plain, rows);
    }
    model_close(&packed);
    model_close(&plain);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("packed");
    TCase *t = tcase_create("packed");
    tcase_set_timeout(t, 300);
    say_quick_cases();
    tcase_add_loop_test(t, packed_weights_have_the_same_bits, quick_cases() ? NATIVE : 0,
                        (int)TFU_COUNT(cases));
    suite_add_tcase(s, t);
    return run_suite(s);
}
