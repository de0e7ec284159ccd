/* SPDX-License-Identifier: MIT
 *
 * Core layers: their list, what they declare, and what they refuse in which words.
 */
#include <math.h>
#include <string.h>

#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/layer/about.h"
#include "core/trial/cases.h"
#include "core/trial/declaration.h"
#include "tests/support/check_main.h"

/* ---- the list */

START_TEST(every_name_is_found)
{
    size_t n = 0;
    for (const char *const *name = tfu_layer_names(); *name; name++, n++) {
        const struct tfu_layer_ops *ops = tfu_layer_find(*name);
        ck_assert_ptr_nonnull(ops);
        ck_assert_uint_eq(ops->struct_size, sizeof *ops);
        ck_assert_uint_eq(ops->dtypes, TFU_TAKES_F64);
        ck_assert(n == 0 || strcmp(name[-1], *name) < 0);
        for (uint32_t i = 0; i < ops->attr_count; i++) {
            const struct tfu_attr_info *a = &ops->attrs[i];
            ck_assert_ptr_nonnull(a->help);
            if (!(a->flags & TFU_OPT_REQUIRED))
                ck_assert(a->def >= a->min && a->def <= a->max);
        }
    }
    ck_assert_uint_eq(n, 12);
    ck_assert_ptr_null(tfu_layer_find("conv3d"));
}
END_TEST

START_TEST(every_layer_has_cases)
{
    for (const char *const *name = tfu_layer_names(); *name; name++) {
        int odd = 0, real = 0;
        for (size_t i = 0; i < tfu_layer_case_count; i++)
            if (strcmp(tfu_layer_cases[i].op, *name) == 0)
                tfu_layer_cases[i].real ? real++ : odd++;
        ck_assert_int_gt(odd, 0);
        ck_assert_int_gt(real, 0);
    }
}
END_TEST

/* Does the description of `op` have the parameters that the case declares? */
static void assert_described(const struct tfu_layer_about *about, const struct tfu_layer_case *c)
{
    struct tfu_declaration d;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_declaration_make(&d, c->op, tfu_layer_find(c->op), c->in, c->n_in, c->attr,
                                       c->attr_count, &e) == TFU_OK,
                  "%s: %s", c->op, e.text);
    for (uint32_t i = 0; i < d.param_count; i++)
        ck_assert_msg(strstr(about->parameters, d.param[i].suffix), "%s: %s", c->op,
                      d.param[i].suffix);
}

START_TEST(every_layer_is_described)
{
    for (const char *const *name = tfu_layer_names(); *name; name++) {
        const struct tfu_layer_about *about = tfu_layer_about(*name);
        ck_assert_msg(about, "about.c lacks %s", *name);
        ck_assert_str_eq(about->name, *name);
        for (size_t i = 0; i < tfu_layer_case_count; i++)
            if (strcmp(tfu_layer_cases[i].op, *name) == 0)
                assert_described(about, &tfu_layer_cases[i]);
    }
    ck_assert_ptr_null(tfu_layer_about("conv3d"));
}
END_TEST

/* ---- what infer() says */

static struct tfu_declaration declare(const char *op, const struct tfu_shape *in, uint32_t n_in,
                                      const struct tfu_attr *attr, uint32_t attr_count)
{
    struct tfu_declaration d;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st =
        tfu_declaration_make(&d, op, tfu_layer_find(op), in, n_in, attr, attr_count, &e);
    ck_assert_msg(st == TFU_OK, "%s: %s", op, e.text);
    return d;
}

static void assert_shape(struct tfu_shape is, uint32_t rank, int64_t d0, int64_t d1, int64_t d2,
                         int64_t d3)
{
    const struct tfu_shape should = tfu_shape_make(rank, d0, d1, d2, d3, 1);
    ck_assert(tfu_shape_equal(&is, &should));
}

START_TEST(conv2d_declares)
{
    const struct tfu_shape in = tfu_shape_make(4, 2, 9, 8, 6, 1);
    const struct tfu_attr attr[] = {{"out", 4, 0},      {"kernel_h", 3, 0}, {"kernel_w", 5, 0},
                                    {"stride_h", 2, 0}, {"pad_w", 2, 0},    {"groups", 2, 0},
                                    {"bias", 1, 0}};
    const struct tfu_declaration d = declare("conv2d", &in, 1, attr, TFU_COUNT(attr));
    assert_shape(d.out, 4, 2, 4, 8, 4);
    ck_assert_uint_eq(d.param_count, 2);
    ck_assert_uint_eq(d.state_count, 0);
    ck_assert_str_eq(d.param[0].suffix, "weight");
    ck_assert_uint_eq(d.param[0].role, TFU_ROLE_WEIGHT);
    assert_shape(d.param[0].shape, 4, 4, 3, 3, 5);
    ck_assert_int_eq(d.param[0].fan_in, 3 * 3 * 5);
    ck_assert_int_eq(d.param[0].fan_out, 4 * 3 * 5);
    ck_assert_str_eq(d.param[1].suffix, "bias");
    ck_assert_uint_eq(d.param[1].role, TFU_ROLE_BIAS);
    assert_shape(d.param[1].shape, 1, 4, 1, 1, 1);
}
END_TEST

START_TEST(batchnorm_declares)
{
    const struct tfu_shape in = tfu_shape_make(4, 2, 3, 4, 6, 1);
    const struct tfu_declaration d = declare("batchnorm", &in, 1, NULL, 0);
    static const char *const suffix[] = {"weight", "bias", "running_mean", "running_var"};
    static const uint32_t role[] = {TFU_ROLE_SCALE, TFU_ROLE_SHIFT, TFU_ROLE_RUNNING_MEAN,
                                    TFU_ROLE_RUNNING_VAR};
    ck_assert_uint_eq(d.param_count, 4);
    for (uint32_t i = 0; i < d.param_count; i++) {
        ck_assert_str_eq(d.param[i].suffix, suffix[i]);
        ck_assert_uint_eq(d.param[i].role, role[i]);
        assert_shape(d.param[i].shape, 1, 6, 1, 1, 1);
    }
    ck_assert_uint_eq(d.state_count, 2);
    for (uint32_t i = 0; i < d.state_count; i++) {
        ck_assert_uint_eq(d.state[i].dtype, TFU_F64);
        ck_assert_int_eq(d.state[i].per_row, 0);
        assert_shape(d.state[i].shape, 1, 6, 1, 1, 1);
    }
}
END_TEST

START_TEST(linear_and_maxpool_declare)
{
    const struct tfu_shape in = tfu_shape_make(4, 2, 5, 4, 6, 1);
    const struct tfu_attr out = {"out", 7, 0};
    const struct tfu_declaration linear = declare("linear", &in, 1, &out, 1);
    assert_shape(linear.out, 2, 2, 7, 1, 1);
    assert_shape(linear.param[0].shape, 2, 7, 120, 1, 1);
    ck_assert_int_eq(linear.param[0].fan_in, 120);
    ck_assert_int_eq(linear.param[0].fan_out, 7);
    ck_assert_uint_eq(linear.param_count, 2);
    const struct tfu_attr window[] = {
        {"kernel_h", 3, 0}, {"kernel_w", 2, 0}, {"stride_h", 2, 0}, {"stride_w", 2, 0}};
    const struct tfu_declaration pool = declare("maxpool", &in, 1, window, TFU_COUNT(window));
    assert_shape(pool.out, 4, 2, 2, 2, 6);
    ck_assert_uint_eq(pool.state_count, 1);
    ck_assert_uint_eq(pool.state[0].dtype, TFU_U8);
    ck_assert_int_eq(pool.state[0].per_row, 1);
    assert_shape(pool.state[0].shape, 4, 2, 2, 2, 6);
}
END_TEST

START_TEST(conv2d_counts_multiply_adds)
{
    for (size_t i = 0; i < tfu_layer_case_count; i++) {
        const struct tfu_layer_case *c = &tfu_layer_cases[i];
        if (strcmp(c->label, "ResNeXt, 32 groups") != 0)
            continue;
        const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F64, true, 1);
        struct tfu_trial *t;
        ck_assert_int_eq(tfu_trial_new(&t, &r, NULL), TFU_OK);
        ck_assert_double_eq(r.layer->multiply_adds(tfu_trial_call(t)),
                            14. * 14 * 256 * (256. / 32) * 3 * 3);
        tfu_trial_free(t);
        return;
    }
    ck_abort_msg("the case is gone");
}
END_TEST

/* ---- what infer() refuses */

/* clang-format off */
#define IMAGE(n, h, w, c) {4, {0}, {n, h, w, c, 1, 1, 1, 1}}
#define ROWS(n, c)        {2, {0}, {n, c, 1, 1, 1, 1, 1, 1}}
#define LIST(n)           {1, {0}, {n, 1, 1, 1, 1, 1, 1, 1}}
#define WINDOW(r, s)      {"kernel_h", r, 0}, {"kernel_w", s, 0}
#define STRIDE(h, w)      {"stride_h", h, 0}, {"stride_w", w, 0}
#define PAD(h, w)         {"pad_h", h, 0}, {"pad_w", w, 0}
#define OUT(k)            {"out", k, 0}

static const struct {
    const char *op;
    uint32_t n_in;
    struct tfu_shape in[2];
    struct tfu_attr attr[6];
    enum tfu_status status;
    const char *text;
} refusals[] = {
    {"conv2d", 1, {IMAGE(1, 5, 5, 3)}, {OUT(8), WINDOW(7, 3)}, TFU_ESHAPE,
     "kernel_h 7 is larger than the padded height 5 (input 5x5, pad_h 0); use a larger image, a "
     "smaller kernel or more padding"},
    {"conv2d", 1, {IMAGE(1, 9, 4, 3)}, {OUT(8), WINDOW(7, 7), PAD(1, 1)}, TFU_ESHAPE,
     "kernel_w 7 is larger than the padded width 6 (input 9x4, pad_w 1); use a larger image, a "
     "smaller kernel or more padding"},
    {"conv2d", 1, {ROWS(4, 3)}, {OUT(8), WINDOW(1, 1)}, TFU_ESHAPE,
     "conv2d takes an image N,H,W,C, but its input is 4x3 of rank 2"},
    {"conv2d", 1, {IMAGE(1, 5, 5, 6)}, {OUT(8), WINDOW(1, 1), {"groups", 4, 0}}, TFU_ESHAPE,
     "input channels 6 are not a multiple of groups 4"},
    {"conv2d", 1, {IMAGE(1, 5, 5, 6)}, {OUT(8), WINDOW(1, 1), {"groups", 3, 0}}, TFU_ESHAPE,
     "output channels 8 are not a multiple of groups 3"},
    {"conv2d", 1, {IMAGE(1, 5, 5, 6)}, {WINDOW(1, 1)}, TFU_EINVAL,
     "conv2d needs the attribute 'out' (channels out)"},
    {"conv2d", 1, {IMAGE(1, 5, 5, 6)}, {OUT(8), WINDOW(1, 1), STRIDE(0, 1)}, TFU_EINVAL,
     "stride_h 0 is outside 1..65536"},
    {"conv2d", 1, {IMAGE(1, 5, 5, 6)}, {OUT(8), WINDOW(1, 1), {"dilation", 2, 0}}, TFU_EINVAL,
     "conv2d has no attribute 'dilation'; it has out, kernel_h, kernel_w, stride_h, stride_w, pad_h, "
     "pad_w, groups, bias"},
    {"conv2d", 1, {IMAGE(1, 5, 0, 6)}, {OUT(8), WINDOW(1, 1)}, TFU_ESHAPE,
     "input 1x5x0x6 has a side below 1"},
    {"conv2d", 1, {IMAGE(1, INT64_MAX / 4, 8, 8)}, {OUT(8), WINDOW(1, 1)}, TFU_ESHAPE,
     "input 1x2305843009213693951x8x8 has more elements than memory can address"},
    {"conv2d", 1, {IMAGE(1, 1, 1, 1 << 22)}, {OUT(1 << 22), WINDOW(65535, 65535), PAD(65535, 65535)},
     TFU_ESHAPE, "weight 4194304x4194304x65535x65535 has more elements than memory can address"},
    {"conv2d", 1, {IMAGE(1, 1 << 25, 1 << 25, 1)}, {OUT(1 << 24), WINDOW(1, 1)}, TFU_ESHAPE,
     "output 1x33554432x33554432x16777216 has more elements than memory can address"},
    {"maxpool", 1, {IMAGE(1, 5, 5, 3)}, {WINDOW(3, 3), STRIDE(2, 2), PAD(2, 0)}, TFU_EINVAL,
     "pad_h 2 is more than half of kernel_h 3; use at most 1"},
    {"avgpool", 1, {IMAGE(1, 5, 5, 3)}, {WINDOW(1, 1), STRIDE(2, 2), PAD(0, 1)}, TFU_EINVAL,
     "pad_w 1 is more than half of kernel_w 1; use at most 0"},
    {"maxpool", 1, {IMAGE(1, 2, 2, 3)}, {WINDOW(3, 3), STRIDE(2, 2)}, TFU_ESHAPE,
     "kernel_h 3 is larger than the padded height 2 (input 2x2, pad_h 0); use a larger image, a "
     "smaller kernel or more padding"},
    {"maxpool", 1, {IMAGE(1, 40, 40, 3)}, {WINDOW(16, 17), STRIDE(2, 2)}, TFU_EUNSUPPORTED,
     "kernel 16x17 has 272 pixels, but maxpool keeps a pixel's number in one byte; use at most 256"},
    {"maxpool", 1, {IMAGE(1, 4, 4, 3)}, {WINDOW(2, 2), {"stride_h", 2, 0}}, TFU_EINVAL,
     "maxpool needs the attribute 'stride_w' (step between windows, to the right)"},
    {"maxpool", 1, {IMAGE(1, 4, 4, 3)}, {WINDOW(2, 2), STRIDE(2, 2), {"exclude_pad", 1, 0}}, TFU_EINVAL,
     "maxpool has no attribute 'exclude_pad'; it has kernel_h, kernel_w, stride_h, stride_w, pad_h, "
     "pad_w"},
    {"global_avgpool", 1, {ROWS(4, 3)}, {{0}}, TFU_ESHAPE,
     "global_avgpool takes an image N,H,W,C, but its input is 4x3 of rank 2"},
    {"add", 2, {IMAGE(1, 5, 5, 3), IMAGE(1, 5, 5, 4)}, {{0}}, TFU_ESHAPE,
     "add takes two inputs of the same shape, but they are 1x5x5x3 and 1x5x5x4"},
    {"add", 1, {IMAGE(1, 5, 5, 3)}, {{0}}, TFU_EINVAL, "add takes 2 to 2 inputs, not 1"},
    {"concat", 2, {IMAGE(1, 5, 5, 3), IMAGE(1, 5, 4, 3)}, {{0}}, TFU_ESHAPE,
     "concat joins channels, so everything else must agree, but input 0 is 1x5x5x3 and input 1 is "
     "1x5x4x3"},
    {"concat", 2, {ROWS(2, INT64_MAX / 16), ROWS(2, INT64_MAX / 16)}, {{0}}, TFU_ESHAPE,
     "output 2x1152921504606846974 has more elements than memory can address"},
    {"linear", 1, {LIST(4)}, {OUT(8)}, TFU_ESHAPE,
     "linear takes rows N,C or an image N,H,W,C, but its input is 4 of rank 1"},
    {"linear", 1, {IMAGE(1, 5, 5, 3)}, {OUT(-1)}, TFU_EINVAL, "out -1 is outside 1..16777216"},
    {"dropout", 1, {IMAGE(1, 5, 5, 3)}, {{"rate", 0, 1.5}}, TFU_EINVAL, "rate 1.5 is outside 0..1"},
    {"batchnorm", 1, {LIST(4)}, {{0}}, TFU_ESHAPE,
     "batchnorm takes rows N,C or an image N,H,W,C, but its input is 4 of rank 1"},
    {"batchnorm", 1, {IMAGE(1, 5, 5, 3)}, {{"eps", 0, NAN}}, TFU_EINVAL,
     "eps nan is outside 1e-300..1"},
    {"softmax", 1, {LIST(4)}, {{0}}, TFU_ESHAPE,
     "softmax takes rows N,C or an image N,H,W,C, but its input is 4 of rank 1"},
};
/* clang-format on */

START_TEST(refuses)
{
    uint32_t attr_count = 0;
    while (attr_count < TFU_COUNT(refusals[_i].attr) && refusals[_i].attr[attr_count].name)
        attr_count++;
    struct tfu_declaration d;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st =
        tfu_declaration_make(&d, refusals[_i].op, tfu_layer_find(refusals[_i].op), refusals[_i].in,
                             refusals[_i].n_in, refusals[_i].attr, attr_count, &e);
    ck_assert_str_eq(e.text, refusals[_i].text);
    ck_assert_int_eq(st, refusals[_i].status);
    ck_assert_int_eq(e.status, refusals[_i].status);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("declarations");
    TCase *t = tcase_create("declarations");
    suite_add_tcase(s, t);
    tcase_add_test(t, every_name_is_found);
    tcase_add_test(t, every_layer_has_cases);
    tcase_add_test(t, every_layer_is_described);
    tcase_add_test(t, conv2d_declares);
    tcase_add_test(t, batchnorm_declares);
    tcase_add_test(t, linear_and_maxpool_declare);
    tcase_add_test(t, conv2d_counts_multiply_adds);
    tcase_add_loop_test(t, refuses, 0, (int)TFU_COUNT(refusals));
    return run_suite(s);
}
