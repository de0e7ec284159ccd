/* SPDX-License-Identifier: MIT
 *
 * What images go through last: gray ones repeated, channels turned round, mean and deviation;
 * against torchvision, Keras' formula and the definition.
 */
#include <math.h>
#include <string.h>

#include "core/io/preprocessing.h"
#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"

#define NUMBERS(...) sizeof((const double[]){__VA_ARGS__}) / sizeof(double), {__VA_ARGS__}, NULL

/* A row of pixels through the transform, in an image whose size is not known before. */
static void run(const struct setting *s, int64_t pixels, int64_t from, const float *in, float *out)
{
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "normalise", s, 0, 0, from);
    example_begin(&w, &e);
    struct tfu_tensor *image = example_add(&w, TFU_FIELD_IMAGE, TFU_F32, 1, pixels, from);
    memcpy(image->data, in, (size_t)(pixels * from) * sizeof *in);
    transform_run(&t, &w, CHANCE, 0);
    ck_assert_int_eq(image->shape.dim[2], t.pipeline.channels);
    memcpy(out, image->data, (size_t)(pixels * image->shape.dim[2]) * sizeof *out);
    tfu_example_end(&w);
    transform_close(&t);
}

static void check(const float *got, const double *want, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_double_eq_tol((double)got[i], want[i], 1e-6);
}

static const float two_pixels[] = {0.25f, 0.5f, 1, 0, 0.125f, 0.75f};

START_TEST(nothing_is_asked)
{
    float out[6];
    run(NULL, 2, 3, two_pixels, out);
    ck_assert_mem_eq(out, two_pixels, sizeof out);
}
END_TEST

START_TEST(one_number_is_for_all_channels)
{
    const struct setting s[] = {
        {"mean", NUMBERS(0.5)}, {"deviation", NUMBERS(0.25)}, {.name = NULL}};
    float out[6];
    run(s, 2, 3, two_pixels, out);
    check(out, (const double[]){-1, 0, 2, -2, -1.5, 1}, 6);
}
END_TEST

START_TEST(each_channel_has_its_own)
{
    const struct setting s[] = {
        {"mean", NUMBERS(0, 0.5, 1)}, {"deviation", NUMBERS(1, 2, 4)}, {.name = NULL}};
    float out[6];
    run(s, 2, 3, two_pixels, out);
    check(out, (const double[]){0.25, 0, 0, 0, -0.1875, -0.0625}, 6);
}
END_TEST

START_TEST(a_gray_image_is_repeated)
{
    const struct setting s[] = {{"channels", 0, {3}, NULL}, {.name = NULL}};
    float out[6];
    run(s, 2, 1, two_pixels, out);
    check(out, (const double[]){0.25, 0.25, 0.25, 0.5, 0.5, 0.5}, 6);
}
END_TEST

static const struct setting torchvision[] = {{"preprocessing", 0, {0}, "torchvision"},
                                             {.name = NULL}};

START_TEST(as_torchvision_does)
{
    const struct setting own[] = {
        {"mean", NUMBERS(0.1, 0.2, 0.7)}, {"deviation", NUMBERS(0.5, 2, 0.01)}, {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    float in[36], out[36];
    for (size_t i = 0; i < 36; i++)
        in[i] = (float)formula(stream("normalise"), i);
    for (int named = 0; named < 2; named++) {
        run(named ? torchvision : own, 12, 3, in, out);
        const double *want = fixture_get(f, named ? "normalise_torchvision" : "normalise_own", 36);
        for (size_t i = 0; i < 36; i++)
            ck_assert_double_eq_tol((double)out[i], want[i], 1e-6 * (1 + fabs(want[i])));
    }
    fixture_close(f);
}
END_TEST

/* Every bit is that of the quotient in double, rounded once. */
START_TEST(to_the_last_bit)
{
    const struct setting s[] = {{"mean", NUMBERS(0.485, 0.456, 0.406)},
                                {"deviation", NUMBERS(0.229, 0.224, 0.225)},
                                {.name = NULL}};
    enum { N = 3000 };
    float in[N], out[N], named[N];
    for (size_t i = 0; i < N; i++)
        in[i] = (float)(formula(stream("bits"), i) * 4 - 2);
    run(s, N / 3, 3, in, out);
    run(torchvision, N / 3, 3, in, named);
    for (size_t i = 0; i < N; i++)
        ck_assert_float_eq(out[i],
                           (float)(((double)in[i] - s[0].number[i % 3]) / s[1].number[i % 3]));
    ck_assert_mem_eq(out, named, sizeof out);
}
END_TEST

/* Keras: 255 x minus the mean of blue, green, red, in this order. */
START_TEST(as_keras_does)
{
    const struct setting s[] = {{"preprocessing", 0, {0}, "keras_resnet"}, {.name = NULL}};
    float out[6];
    run(s, 2, 3, (const float[]){1, 0, 0, 0, 0, 1}, out);
    for (int i = 0; i < 6; i++)
        out[i] /= 255;
    check(out,
          (const double[]){-103.939 / 255, -116.779 / 255, (255 - 123.68) / 255,
                           (255 - 103.939) / 255, -116.779 / 255, -123.68 / 255},
          6);
}
END_TEST

/* RadImageNet: (x - 127.5) * 2 / 255 of blue, green, red. torchxrayvision: (2 x - 1) * 1024 of
 * gray. */
START_TEST(as_weights_of_x_rays_want)
{
    const struct setting rad[] = {{"preprocessing", 0, {0}, "radimagenet"}, {.name = NULL}};
    const struct setting xrv[] = {{"preprocessing", 0, {0}, "torchxrayvision"}, {.name = NULL}};
    float out[3];
    run(rad, 1, 3, (const float[]){1, 0.5f, 0}, out);
    check(out, (const double[]){-1, 0, 1}, 3);
    run(xrv, 3, 1, (const float[]){0, 0.75f, 1}, out);
    check(out, (const double[]){-1024, 512, 1024}, 3);
}
END_TEST

/* Gray and coloured images in one dataset. */
START_TEST(gray_images_among_others)
{
    const struct setting s[] = {
        {"channels", 0, {3}, NULL}, {"preprocessing", 0, {0}, "torchvision"}, {.name = NULL}};
    struct transform t;
    transform_open(&t, "normalise", s, 0, 0, 0);
    ck_assert_int_eq(t.pipeline.channels, 3);
    for (int64_t from = 1; from <= 4; from++) {
        struct tfu_example_work w;
        struct tfu_error e;
        example_begin(&w, &e);
        struct tfu_tensor *image = example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 2, 2, from);
        memset(image->data, 255, (size_t)(4 * from));
        const enum tfu_status st = tfu_pipeline_run(&t.pipeline, &w, false, 0, &e);
        if (from % 2) {
            ck_assert_int_eq(st, TFU_OK);
            check(image->data, (const double[]){0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225}, 3);
        } else {
            ck_assert_int_eq(st, TFU_EINVAL);
            ck_assert_ptr_nonnull(strstr(e.text, "only a gray image can be repeated"));
        }
        tfu_example_end(&w);
    }
    transform_close(&t);
}
END_TEST

/* What weights that are trained on it are told. */
START_TEST(is_told)
{
    struct transform t;
    transform_open(&t, "normalise", torchvision, 0, 0, 3);
    const struct tfu_normalisation *n = transform_normalisation(&t);
    ck_assert_uint_eq(n->channels, 3);
    ck_assert_double_eq(n->mean[1], 0.456);
    ck_assert_double_eq(n->deviation[2], 0.225);
    ck_assert_str_eq(n->order, "rgb");
    ck_assert_str_eq(n->published, "torchvision");
    transform_close(&t);
    transform_open(&t, "normalise", NULL, 0, 0, 1);
    n = transform_normalisation(&t);
    ck_assert_str_eq(n->order, "gray");
    ck_assert_ptr_null(n->published);
    ck_assert_double_eq(n->mean[0], 0);
    ck_assert_double_eq(n->deviation[0], 1);
    transform_close(&t);
    transform_open(&t, "normalise", NULL, 0, 0, 9);
    ck_assert_ptr_null(transform_normalisation(&t));
    transform_close(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/normalise");
    TCase *t = tcase_create("normalise");
    tcase_add_test(t, nothing_is_asked);
    tcase_add_test(t, one_number_is_for_all_channels);
    tcase_add_test(t, each_channel_has_its_own);
    tcase_add_test(t, a_gray_image_is_repeated);
    tcase_add_test(t, as_torchvision_does);
    tcase_add_test(t, to_the_last_bit);
    tcase_add_test(t, as_keras_does);
    tcase_add_test(t, as_weights_of_x_rays_want);
    tcase_add_test(t, gray_images_among_others);
    tcase_add_test(t, is_told);
    suite_add_tcase(s, t);
    return run_suite(s);
}
