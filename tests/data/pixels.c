/* SPDX-License-Identifier: MIT
 *
 * Pixels: those that are no numbers, those that fit no preprocessing, images without a picture, and
 * images and preparations that splits have or have not in common.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/loader.h"
#include "core/data/range.h"
#include "core/data/twins.h"
#include "core/data/unlike.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

enum { SIDE = 4, COUNT = 20, NUMBERS = COUNT * SIDE * SIDE };

static struct tfu_registry *registry;
static float pixels[NUMBERS];

static void setup(void)
{
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static void fill(double first, double last)
{
    for (int i = 0; i < NUMBERS; i++)
        pixels[i] = (float)(first + (last - first) * (i * 7 % NUMBERS) / (NUMBERS - 1));
}

static struct formula_config with_pixels(void)
{
    struct formula_config c = formula_config(COUNT, SIDE, SIDE, 1);
    c.pixels = pixels;
    return c;
}

/* ---- what is no number */

START_TEST(an_odd_pixel_has_a_place)
{
    static const struct {
        float value;
        const char *text;
    } odd[] = {{NAN, "nan"},
               {-NAN, "nan"},
               {INFINITY, "inf"},
               {-INFINITY, "-inf"},
               {-FLT_MAX, "-3.40282e+38"}};
    fill(0, 1);
    pixels[3 * SIDE * SIDE + 2 * SIDE + 1] = odd[_i].value;
    const struct formula_config c = with_pixels();
    struct tfu_data_split split = formula_split(&c);
    split.name = "valid";
    split.select.normalise.preprocessing = "";
    char want[400];
    snprintf(want, sizeof want,
             "valid data: example 3 of dataset 'formula' has the pixel %s at row 2, column 1, "
             "channel 0; no network can compute with that: mend the image, or leave it out of the "
             "data",
             odd[_i].text);
    static const int64_t size[] = {2, 3};
    for (int resized = 0; resized < 2; resized++) {
        float got[SIDE * SIDE];
        struct tfu_error e = TFU_ERROR_INIT;
        split.select.resize = (struct tfu_int_list){size, resized ? 2 : 0};
        struct tfu_dataset *d = open_dataset(&split, registry);
        ck_assert_int_eq(tfu_dataset_get(d, 2, got, NULL, &e), TFU_OK);
        ck_assert_int_eq(tfu_dataset_get(d, 3, NULL, NULL, &e), TFU_OK);
        ck_assert_int_eq(tfu_dataset_get(d, 3, got, NULL, &e), TFU_EINVAL);
        ck_assert_str_eq(e.text, want);
        struct tfu_dataset_image image;
        ck_assert_int_eq(tfu_dataset_get_images(d, 3, &image, NULL, NULL), TFU_EINVAL);
        ck_assert_ptr_null(image.pixels);
        tfu_dataset_close(d);
    }
}
END_TEST

START_TEST(so_has_one_that_normalising_makes)
{
    static const double small[] = {1e-6};
    fill(0, 1);
    pixels[5] = 1e18f;
    const struct formula_config c = with_pixels();
    struct tfu_data_split split = formula_split(&c);
    split.select.normalise.preprocessing = "";
    split.select.normalise.deviation = (struct tfu_float_list){small, 1};
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_error e = TFU_ERROR_INIT;
    float got[SIDE * SIDE];
    ck_assert_int_eq(tfu_dataset_get(d, 0, got, NULL, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "example 0 of dataset 'formula' has the pixel 1e+24 at row 1, column "
                             "1, channel 0 behind its transforms; no network can compute with "
                             "that: it is too large before them");
    tfu_dataset_close(d);
}
END_TEST

/* ---- ranges */

struct range_case {
    double first, last;
    const char *preprocessing;
    double mean, deviation; /* 0: not given */
    enum tfu_range_verdict verdict;
    const char *part; /* of what is said */
};

static const struct range_case ranges[] = {
    /* nothing to fit */
    {0, 32767, "", 0, 0, TFU_RANGE_FITS, ""},
    {0, 255, "none", 0, 0, TFU_RANGE_FITS, ""},
    {-3, 3, "", 0, 0, TFU_RANGE_FITS, ""},
    /* published ones */
    {0, 1, "torchvision", 0, 0, TFU_RANGE_FITS, ""},
    {0.2, 0.5, "inception", 0, 0, TFU_RANGE_FITS, ""},
    {0, 1, "keras_resnet", 0, 0, TFU_RANGE_FITS, ""},
    {0, 1, "radimagenet", 0, 0, TFU_RANGE_FITS, ""},
    {0, 255, "torchvision", 0, 0, TFU_RANGE_ODD, "divide them by 255 in the files"},
    {0, 255, "keras_resnet", 0, 0, TFU_RANGE_ODD, "divide them by 255 in the files"},
    {0, 1000, "inception", 0, 0, TFU_RANGE_ODD, "divide them by 1023 in the files"},
    {0, 4095, "timm", 0, 0, TFU_RANGE_ABSURD, "divide them by 4095 in the files"},
    {0, 32767, "torchvision", 0, 0, TFU_RANGE_ABSURD, "pixels of 0 to 32767 (mean 16383"},
    {0, 65535, "torchvision", 0, 0, TFU_RANGE_ABSURD, "divide them by 65535"},
    {0, 1e6, "torchvision", 0, 0, TFU_RANGE_ABSURD, "bring them to 0 to 1 in the files"},
    {-1024, 3071, "torchvision", 0, 0, TFU_RANGE_ABSURD, "bring them to 0 to 1 in the files"},
    {-1, 1, "torchvision", 0, 0, TFU_RANGE_ODD, "they look normalised already"},
    {-2.1, 2.6, "torchvision", 0, 0, TFU_RANGE_ODD, "they look normalised already"},
    {0, 1.0 / 255, "torchvision", 0, 0, TFU_RANGE_ODD, "were they divided by 255 twice?"},
    /* numbers of one's own */
    {0, 1, "", 0.5, 0.25, TFU_RANGE_FITS, ""},
    {-1024, 3071, "", 1000, 1100, TFU_RANGE_FITS, ""},
    {-1.024, 3.071, "", 0.04, 0.4, TFU_RANGE_FITS, ""},
    {0, 65535, "", 32767, 19000, TFU_RANGE_FITS, ""},
    {0, 65535, "", 0, 65535, TFU_RANGE_FITS, ""},
    {0, 255, "", 127, 0, TFU_RANGE_FITS, ""},
    {0, 1, "", 0.45, 1.0 / 255, TFU_RANGE_FITS, ""},
    {0, 1, "", 0.5, 1e-5, TFU_RANGE_ABSURD, "where 0 and 1 are meant"},
    {0, 255, "", 0.5, 0.25, TFU_RANGE_ODD, "divide them by 255 in the files"},
    {0, 32767, "", 0.5, 0.25, TFU_RANGE_ABSURD, "divide them by 32767 in the files"},
    {0, 1e6, "", 0, 10, TFU_RANGE_ABSURD, "their own numbers are `normalise: {mean: [5"},
    {-2, 2, "", 0.5, 0.25, TFU_RANGE_ODD, "they look normalised already"},
    {0, 1, "", 127, 74, TFU_RANGE_ODD, "their own numbers are `normalise: {mean: [0.5"},
    {0, 1, "", -400, 600, TFU_RANGE_ODD, "become 0.666667 to 0.668333 by"},
    {0, 1, "", 0, 255, TFU_RANGE_ODD, "become 0 to 0.00392157 by"},
    {0, 2000, "", 0, 65535, TFU_RANGE_FITS, ""}, /* dark, of 16 bits */
};

START_TEST(ranges_are_judged)
{
    const struct range_case *r = &ranges[_i];
    fill(r->first, r->last);
    const struct formula_config c = with_pixels();
    struct tfu_data_split split = formula_split(&c);
    const bool named = r->preprocessing[0] != '\0';
    split.select.normalise.channels = named ? 3 : 0;
    split.select.normalise.preprocessing = r->preprocessing;
    split.select.normalise.mean = (struct tfu_float_list){&r->mean, r->mean != 0};
    split.select.normalise.deviation = (struct tfu_float_list){&r->deviation, r->deviation != 0};
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_range range;
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(tfu_range_take(&range, d, 64, NULL), TFU_OK);
    ck_assert_int_eq(range.images, COUNT);
    ck_assert(range.raw.min == (double)(float)r->first && range.raw.max == (double)(float)r->last);
    ck_assert_double_eq_tol(range.raw.mean, (r->first + r->last) / 2, 1e-5 * (r->last - r->first));
    const enum tfu_range_verdict got = tfu_range_judge(&range, d, &text);
    ck_assert_msg(got == r->verdict && strstr(tfu_text_get(&text), r->part), "case %d: %d, '%s'",
                  _i, (int)got, tfu_text_get(&text));
    ck_assert((got == TFU_RANGE_FITS) == (text.length == 0));
    tfu_text_free(&text);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(images_are_looked_at_from_end_to_end)
{
    fill(0, 1);
    pixels[NUMBERS - SIDE * SIDE] = 9; /* in the last image */
    pixels[0] = -9;
    const struct formula_config c = with_pixels();
    struct tfu_data_split split = formula_split(&c);
    split.select.normalise.preprocessing = "";
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_range range;
    ck_assert_int_eq(tfu_range_take(&range, d, 7, NULL), TFU_OK);
    ck_assert_int_eq(range.images, 7);
    ck_assert(range.raw.min == -9);
    ck_assert_int_eq(tfu_range_take(&range, d, COUNT, NULL), TFU_OK);
    ck_assert(range.raw.max == 9);
    tfu_dataset_close(d);
}
END_TEST

/* ---- constant images */

START_TEST(an_image_is_constant_channel_by_channel)
{
    static const float rgb[] = {1, 2, 3, 1, 2, 3, 1, 2, 3}, almost[] = {1, 2, 3, 1, 2, 3, 1, 2, 4};
    ck_assert(tfu_range_is_constant(rgb, 9, 3));
    ck_assert(!tfu_range_is_constant(almost, 9, 3));
    ck_assert(!tfu_range_is_constant(rgb, 3, 3)); /* one pixel */
    ck_assert(!tfu_range_is_constant(rgb, 9, 1));
}
END_TEST

static void blank(int image, float value)
{
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[image * SIDE * SIDE + i] = value;
}

/* The batch at the end of the next epoch. */
static struct tfu_loader_batch epoch_end(struct tfu_loader *l)
{
    struct tfu_loader_batch b;
    do
        ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK);
    while (b.rows > 0);
    return b;
}

START_TEST(constant_images_are_counted)
{
    fill(0, 1);
    blank(4, 0);
    blank(11, 7);
    const struct formula_config c = with_pixels();
    struct tfu_data_split split = formula_split(&c);
    split.select.normalise.preprocessing = "";
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_range range;
    ck_assert_int_eq(tfu_range_take(&range, d, COUNT, NULL), TFU_OK);
    ck_assert_int_eq(range.constant, 2);
    ck_assert_int_eq(range.first_constant, 4);
    struct tfu_loader *l;
    const struct tfu_loader_request request = {.dataset = d, .batch = 3, .shuffle = true};
    ck_assert_int_eq(tfu_loader_new(&l, &request, NULL), TFU_OK);
    for (int epoch = 0; epoch < 2; epoch++) {
        const struct tfu_loader_batch end = epoch_end(l);
        ck_assert_int_eq(end.constant, 2);
        ck_assert_int_eq(end.first_constant, 4);
    }
    /* an epoch that is not read as a whole says nothing */
    ck_assert_int_eq(tfu_loader_seek(l, 0, 2, NULL), TFU_OK);
    ck_assert_int_eq(epoch_end(l).constant, 0);
    ck_assert_int_eq(epoch_end(l).constant, 2);
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

/* ---- what splits have in common */

START_TEST(twins_are_found)
{
    static float other[NUMBERS];
    fill(0, 1);
    blank(0, 0);
    for (int i = 0; i < NUMBERS; i++)
        other[i] = (float)i + 2;
    const size_t image = SIDE * SIDE;
    memcpy(other, pixels + 5 * image, image * sizeof *other);              /* 0 is 5 */
    memcpy(other + 7 * image, pixels + 19 * image, image * sizeof *other); /* 7 is 19 */
    memcpy(other + 9 * image, pixels, image * sizeof *other);              /* constant */
    const struct formula_config a = with_pixels();
    struct formula_config b = with_pixels();
    b.pixels = other;
    struct tfu_data_split a_split = formula_split(&a), b_split = formula_split(&b);
    a_split.select.normalise.preprocessing = b_split.select.normalise.preprocessing = "";
    static const int64_t size[] = {7, 7};
    b_split.select.resize = (struct tfu_int_list){size, 2}; /* does not matter */
    struct tfu_dataset *x = open_dataset(&a_split, registry), *y = open_dataset(&b_split, registry);
    struct tfu_twins twins;
    ck_assert(tfu_twins_are_cheap(x, y));
    ck_assert_int_eq(tfu_twins_find(&twins, x, y, NULL), TFU_OK);
    ck_assert_int_eq(twins.count, 2);
    ck_assert_int_eq(twins.in_a, 5);
    ck_assert_int_eq(twins.in_b, 0);
    ck_assert_int_eq(tfu_twins_find(&twins, x, x, NULL), TFU_OK);
    ck_assert_int_eq(twins.count, COUNT - 1);
    tfu_dataset_close(x);
    tfu_dataset_close(y);
}
END_TEST

START_TEST(large_data_are_not_searched_for_twins)
{
    const struct formula_config small = formula_config(100, 8, 8, 1),
                                large = formula_config(1000, 512, 512, 1);
    const struct tfu_data_split a = formula_split(&small), b = formula_split(&large);
    struct tfu_dataset *x = open_dataset(&a, registry), *y = open_dataset(&b, registry);
    ck_assert(tfu_twins_are_cheap(x, x));
    ck_assert(!tfu_twins_are_cheap(x, y));
    ck_assert(!tfu_twins_are_cheap(y, x));
    tfu_dataset_close(x);
    tfu_dataset_close(y);
}
END_TEST

START_TEST(examples_of_the_same_files_are_counted)
{
    static const int64_t low[] = {0, 1, 2}, high[] = {2, 3};
    const struct formula_config c = formula_config(50, 2, 2, 1);
    struct tfu_data_split a = formula_split(&c), b = formula_split(&c);
    a.select.classes = (struct tfu_int_list){low, 3};
    b.select.classes = (struct tfu_int_list){high, 2};
    struct tfu_dataset *x = open_dataset(&a, registry), *y = open_dataset(&b, registry);
    ck_assert_int_eq(tfu_unlike_shared(x, y), 5); /* class 2 */
    ck_assert_int_eq(tfu_unlike_shared(y, x), 5);
    ck_assert_int_eq(tfu_unlike_shared(x, x), 15);
    tfu_dataset_close(x);
    tfu_dataset_close(y);
}
END_TEST

#define LIST(type, ...)                                                                            \
    {                                                                                              \
        (const type[]){__VA_ARGS__}, sizeof(const type[]){__VA_ARGS__} / sizeof(type)              \
    }
#define INTS(...)   LIST(int64_t, __VA_ARGS__)
#define FLOATS(...) LIST(double, __VA_ARGS__)

static const struct {
    struct tfu_data_select train, other;
    const char *text;
} unlike[] = {
    {{.limit = 3, .normalise = {.preprocessing = ""}},
     {.limit_seed = 4, .limit_per_class = 1, .normalise = {.preprocessing = "none"}},
     ""},
    {{.normalise = {.channels = 3, .preprocessing = "torchvision"}},
     {.normalise = {.channels = 3, .preprocessing = "timm"}},
     ""},
    {{.normalise = {.preprocessing = "inception"}},
     {.normalise = {.preprocessing = "", .mean = FLOATS(0.5), .deviation = FLOATS(.5, .5, .5)}},
     ""},
    {{.resize = INTS(9, 9), .normalise = {.preprocessing = ""}},
     {.resize = INTS(9, 8), .normalise = {.preprocessing = ""}},
     "resize [9, 8] in place of [9, 9]"},
    {{.classes = INTS(0, 1), .normalise = {.preprocessing = ""}},
     {.normalise = {.preprocessing = "", .channels = 3}},
     "classes none in place of [0, 1], normalise.channels 3 in place of 0"},
    {{.normalise = {.preprocessing = "torchvision"}},
     {.normalise = {.preprocessing = "keras_resnet"}},
     "normalise keras_resnet in place of torchvision"},
    {{.normalise = {.preprocessing = "", .mean = FLOATS(0.5, 0.5, 0.5)}},
     {.normalise = {.preprocessing = "", .mean = FLOATS(0.5, 0.5, 0.4)}},
     "normalise mean [0.5, 0.5, 0.4] in place of mean [0.5, 0.5, 0.5]"},
    {{.normalise = {.preprocessing = ""}},
     {.normalise = {.preprocessing = "", .mean = FLOATS(1, 2, 3, 4, 5, 6)}},
     "normalise mean [1, 2, 3, 4] in place of none"},
};

START_TEST(preparations_are_compared)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_unlike_text(&unlike[_i].train, &unlike[_i].other, &text);
    ck_assert_str_eq(tfu_text_get(&text), unlike[_i].text);
    tfu_text_free(&text);
    tfu_unlike_text(&unlike[_i].other, &unlike[_i].train, &text);
    ck_assert_int_eq(text.length > 0, unlike[_i].text[0] != '\0');
    tfu_text_free(&text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/pixels");
    TCase *t = tcase_create("pixels");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, an_odd_pixel_has_a_place, 0, 5);
    tcase_add_test(t, so_has_one_that_normalising_makes);
    tcase_add_loop_test(t, ranges_are_judged, 0, (int)TFU_COUNT(ranges));
    tcase_add_test(t, images_are_looked_at_from_end_to_end);
    tcase_add_test(t, an_image_is_constant_channel_by_channel);
    tcase_add_test(t, constant_images_are_counted);
    tcase_add_test(t, twins_are_found);
    tcase_add_test(t, large_data_are_not_searched_for_twins);
    tcase_add_test(t, examples_of_the_same_files_are_counted);
    tcase_add_loop_test(t, preparations_are_compared, 0, (int)TFU_COUNT(unlike));
    suite_add_tcase(s, t);
    return run_suite(s);
}
