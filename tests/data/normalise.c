/* SPDX-License-Identifier: MIT
 *
 * What images go through last: gray ones repeated, channels turned round, mean and deviation.
 */
#include "core/data/normalise.h"

#include <math.h>
#include <string.h>

#include "tests/support/check_main.h"

#define FLOATS(...)                                                                                \
    {                                                                                              \
        .item = (const double[]){__VA_ARGS__},                                                     \
        .count = sizeof((const double[]){__VA_ARGS__}) / sizeof(double)                            \
    }

/* Two pixels through a configuration. */
static void run(const struct tfu_data_select *s, int64_t from, float image[8])
{
    struct tfu_normalise n;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_normalise_init(&n, s, from, &e) == TFU_OK, "%s", e.text);
    for (int64_t i = 2 * n.channels; i < 8; i++)
        image[i] = NAN;
    tfu_normalise_run(&n, 2, image);
    for (int64_t i = 2 * n.channels; i < 8; i++)
        ck_assert_float_nan(image[i]);
}

static void check(const float *got, const double *want, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_double_eq_tol((double)got[i], want[i], 1e-6);
}

START_TEST(nothing_is_asked)
{
    const struct tfu_data_select s = {.normalise = {.preprocessing = ""}};
    float image[8] = {0.25f, 0.5f, 1, 0, 0.125f, 0.75f};
    run(&s, 3, image);
    check(image, (const double[]){0.25, 0.5, 1, 0, 0.125, 0.75}, 6);
}
END_TEST

START_TEST(one_number_is_for_all_channels)
{
    const struct tfu_data_select s = {
        .normalise = {.preprocessing = "", .mean = FLOATS(0.5), .deviation = FLOATS(0.25)}};
    float image[8] = {0.25f, 0.5f, 1, 0, 0.125f, 0.75f};
    run(&s, 3, image);
    check(image, (const double[]){-1, 0, 2, -2, -1.5, 1}, 6);
}
END_TEST

START_TEST(each_channel_has_its_own)
{
    const struct tfu_data_select s = {.normalise = {.preprocessing = "",
                                                    .mean = FLOATS(0, 0.5, 1),
                                                    .deviation = FLOATS(1, 2, 4)}};
    float image[8] = {0.25f, 0.5f, 1, 0, 0.125f, 0.75f};
    run(&s, 3, image);
    check(image, (const double[]){0.25, 0, 0, 0, -0.1875, -0.0625}, 6);
}
END_TEST

START_TEST(a_gray_image_is_repeated)
{
    const struct tfu_data_select s = {.normalise = {.channels = 3, .preprocessing = ""}};
    float image[8] = {0.25f, 0.5f};
    run(&s, 1, image);
    check(image, (const double[]){0.25, 0.25, 0.25, 0.5, 0.5, 0.5}, 6);
}
END_TEST

START_TEST(as_torchvision_does)
{
    const struct tfu_data_select s = {.normalise = {.channels = 3, .preprocessing = "torchvision"}};
    float image[8] = {0, 1};
    run(&s, 1, image);
    check(image,
          (const double[]){-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225, 0.515 / 0.229,
                           0.544 / 0.224, 0.594 / 0.225},
          6);
}
END_TEST

/* Keras: 255 x minus the mean of blue, green, red, in this order. */
START_TEST(as_keras_does)
{
    const struct tfu_data_select s = {.normalise = {.preprocessing = "keras_resnet"}};
    float image[8] = {1, 0, 0, 0, 0, 1};
    run(&s, 3, image);
    for (int i = 0; i < 6; i++)
        image[i] /= 255;
    check(image,
          (const double[]){-103.939 / 255, -116.779 / 255, (255 - 123.68) / 255,
                           (255 - 103.939) / 255, -116.779 / 255, -123.68 / 255},
          6);
}
END_TEST

/* What weights that are trained on it are told. */
START_TEST(is_remembered)
{
    struct tfu_normalise n;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_preprocessing torchvision;
    const struct tfu_data_select s = {.normalise = {.preprocessing = "",
                                                    .mean = FLOATS(0.485, 0.456, 0.406),
                                                    .deviation = FLOATS(0.229, 0.224, 0.225)}};
    ck_assert_int_eq(tfu_normalise_init(&n, &s, 3, &e), TFU_OK);
    ck_assert(tfu_preprocessing_named("torchvision", &torchvision));
    ck_assert(tfu_preprocessing_equal(&n.preprocessing, &torchvision));
    const struct tfu_data_select none = {.normalise = {.preprocessing = ""}};
    ck_assert_int_eq(tfu_normalise_init(&n, &none, 1, &e), TFU_OK);
    ck_assert_str_eq(n.preprocessing.order, "gray");
    ck_assert(!tfu_preprocessing_equal(&n.preprocessing, &torchvision));
    ck_assert_int_eq(tfu_normalise_init(&n, &none, 9, &e), TFU_OK);
    ck_assert_uint_eq(n.preprocessing.channels, 0);
}
END_TEST

static const struct {
    struct tfu_data_select select;
    int64_t from;
    const char *text;
} refusals[] = {
    {{.normalise = {.preprocessing = "", .mean = FLOATS(1, 2)}},
     3,
     "mean has 2 numbers, but the images have 3 channels; give one number, or one for each"},
    {{.normalise = {.preprocessing = "", .deviation = FLOATS(1, 2, 3)}},
     1,
     "deviation has 3 numbers, but the images have 1 channels; give one number, or one for each"},
    {{.normalise = {.preprocessing = "", .mean = FLOATS(1)}},
     5,
     "mean and deviation are for images of up to 4 channels; these have 5"},
    {{.normalise = {.preprocessing = "", .channels = 3}},
     4,
     "channels: 3, but the images have 4; only a gray image can be repeated"},
    {{.normalise = {.preprocessing = "torchvision"}},
     1,
     "preprocessing torchvision is for 3 channels, but the images have 1; set `normalise: "
     "{channels: 3}` to repeat the gray one"},
    {{.normalise = {.preprocessing = "torchvison"}},
     3,
     "there is no preprocessing 'torchvison'; did you mean 'torchvision'?"},
};

START_TEST(is_refused)
{
    struct tfu_normalise n;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_normalise_init(&n, &refusals[_i].select, refusals[_i].from, &e),
                     TFU_EINVAL);
    ck_assert_str_eq(e.text, refusals[_i].text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("normalise");
    TCase *t = tcase_create("normalise");
    tcase_add_test(t, nothing_is_asked);
    tcase_add_test(t, one_number_is_for_all_channels);
    tcase_add_test(t, each_channel_has_its_own);
    tcase_add_test(t, a_gray_image_is_repeated);
    tcase_add_test(t, as_torchvision_does);
    tcase_add_test(t, as_keras_does);
    tcase_add_test(t, is_remembered);
    tcase_add_loop_test(t, is_refused, 0, (int)TFU_COUNT(refusals));
    suite_add_tcase(s, t);
    return run_suite(s);
}
