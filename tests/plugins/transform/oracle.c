/* SPDX-License-Identifier: MIT
 *
 * What transforms make of a photograph, against Pillow, torchvision, OpenCV and scipy:
 * make_oracle.py has the same numbers.
 */
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"

#define LIST(...) sizeof((const double[]){__VA_ARGS__}) / sizeof(double), {__VA_ARGS__}, NULL
#define SAME(x)   2, {x, x}, NULL
#define NUMBER(x) 0, {x}, NULL
#define CHOICE(x) 0, {0}, x

/* `mean` and `most`: how far numbers of 0 to 255 may be from those of the other program, which are
 * whole: on average, and each. */
static const struct {
    const char *name, *plugin, *from; /* from NULL: crop */
    struct setting setting[8];
    double mean, most;
} cases[] = {
    {"resize_bilinear_down", "resize", NULL, {{"size", LIST(31, 23)}}, 0.4, 1},
    {"resize_bilinear_up", "resize", NULL, {{"size", LIST(55, 81)}}, 0.4, 1},
    {"resize_bilinear_small", "resize", NULL, {{"size", LIST(9, 12)}}, 0.4, 1},
    {"resize_bicubic_down",
     "resize",
     NULL,
     {{"size", LIST(31, 23)}, {"filter", CHOICE("bicubic")}},
     0.4,
     1},
    {"resize_bicubic_up",
     "resize",
     NULL,
     {{"size", LIST(55, 81)}, {"filter", CHOICE("bicubic")}},
     0.4,
     1},
    {"resize_bicubic_small",
     "resize",
     NULL,
     {{"size", LIST(9, 12)}, {"filter", CHOICE("bicubic")}},
     0.4,
     1},
    {"resize_pad",
     "resize",
     NULL,
     {{"size", LIST(40, 40)}, {"pad", NUMBER(1)}, {"fill", LIST(0.2, 0.4, 0.8)}},
     0.4,
     1},
    {"centre_crop", "centre_crop", NULL, {{"size", LIST(33, 41)}}, 0, 0},
    {"centre_crop_pad", "centre_crop", NULL, {{"size", LIST(55, 41)}, {"pad", NUMBER(1)}}, 0, 0},
    {"rotate", "rotate", NULL, {{"degrees", SAME(25)}}, 0.01, 1},
    {"rotate_nearest",
     "rotate",
     NULL,
     {{"degrees", SAME(-100)}, {"filter", CHOICE("nearest")}, {"fill", LIST(0.2, 0.4, 0.8)}},
     0.01,
     1},
    {"rotate_right_angle", "rotate", NULL, {{"degrees", SAME(180)}}, 0, 0},
    {"affine",
     "affine",
     NULL,
     {{"degrees", SAME(20)},
      {"scale", SAME(1.3)},
      {"shift_y", SAME(0.125)},
      {"shift_x", SAME(-0.125)},
      {"shear_y", SAME(-5)},
      {"shear_x", SAME(10)}},
     0.01,
     1},
    {"affine_smaller",
     "affine",
     NULL,
     {{"degrees", SAME(-5)},
      {"scale", SAME(0.7)},
      {"shift_y", SAME(0)},
      {"shift_x", SAME(0)},
      {"shear_y", SAME(20)}},
     0.01,
     1},
    {"elastic", "elastic", NULL, {{"cells", NUMBER(3)}, {"displacement", NUMBER(0.07)}}, 0.01, 1},
    {"brightness", "brightness", NULL, {{"factor", SAME(1.4)}}, 0.01, 1},
    {"contrast_less", "contrast", NULL, {{"factor", SAME(0.6)}}, 0.05, 1},
    {"contrast_more", "contrast", NULL, {{"factor", SAME(1.7)}}, 0.05, 1},
    {"saturation_less", "saturation", NULL, {{"factor", SAME(0.3)}}, 0.05, 1},
    {"saturation_more", "saturation", NULL, {{"factor", SAME(2)}}, 0.05, 1},
    {"hue", "hue", NULL, {{"turns", SAME(0.1)}}, 0.01, 1},
    {"hue_back", "hue", NULL, {{"turns", SAME(-0.45)}}, 0.01, 1},
    {"gamma", "gamma", NULL, {{"gamma", SAME(0.6)}}, 0.01, 1},
    {"gray", "gray", NULL, {{"channels", NUMBER(3)}}, 0.05, 1},
    {"gray_pil", "gray", NULL, {{.name = NULL}}, 0.05, 1},
    {"blur", "blur", NULL, {{"sigma", SAME(1.5)}}, 0.01, 1},
    {"blur", "low_pass", NULL, {{"sigma", NUMBER(1.5)}}, 0.01, 1},
    {"equalise", "equalise", NULL, {{.name = NULL}}, 0, 0},
    {"posterise", "posterise", NULL, {{"bits", NUMBER(3)}}, 0, 0},
    {"clahe_each", "clahe", NULL, {{"by", CHOICE("each")}}, 0.5, 1},
    {"clahe_other",
     "clahe",
     "clahe_crop",
     {{"by", CHOICE("each")}, {"tiles", LIST(3, 5)}, {"limit", NUMBER(3)}},
     0.5,
     1},
    {"clahe_value", "clahe", NULL, {{.name = NULL}}, 0.5, 1},
    {"jpeg_20", "jpeg_noise", NULL, {{"quality", SAME(20)}}, 0, 0},
    {"jpeg_75", "jpeg_noise", NULL, {{"quality", SAME(75)}}, 0, 0},
    {"graham", "graham", "whole", {{"sigma", NUMBER(0.1)}}, 0.3, 2},
};

struct picture {
    int64_t height, width, channels;
    uint8_t *pixel;
};

static struct picture read_picture(const char *name)
{
    char path[512];
    png_image png = {.version = PNG_IMAGE_VERSION};
    snprintf(path, sizeof path, "%s/tests/plugins/transform/pictures/%s.png", getenv("TOP_SRCDIR"),
             name);
    ck_assert_msg(png_image_begin_read_from_file(&png, path), "%s: %s", path, png.message);
    const bool gray = !(png.format & PNG_FORMAT_FLAG_COLOR);
    png.format = gray ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    const struct picture p = {png.height, png.width, gray ? 1 : 3, malloc(PNG_IMAGE_SIZE(png))};
    ck_assert_ptr_nonnull(p.pixel);
    ck_assert_msg(png_image_finish_read(&png, NULL, p.pixel, 0, NULL), "%s: %s", path, png.message);
    return p;
}

/* As whole numbers, as the other program rounds its own. */
static double level_of(const struct tfu_tensor *t, int64_t at)
{
    const double x = example_number(t, at) * (t->dtype == TFU_U8 ? 1 : 255);
    return floor(fmin(fmax(x, 0), 255) + 0.5);
}

START_TEST(a_photograph)
{
    struct picture from = read_picture(cases[_i].from ? cases[_i].from : "crop");
    struct picture want = read_picture(cases[_i].name);
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, cases[_i].plugin, cases[_i].setting, from.height, from.width, from.channels);
    example_begin(&w, &e);
    struct tfu_tensor *image =
        example_add(&w, TFU_FIELD_IMAGE, TFU_U8, from.height, from.width, from.channels);
    memcpy(image->data, from.pixel, (size_t)tfu_shape_count(&image->shape));
    transform_run(&t, &w, CHANCE, 7);
    ck_assert_int_eq(image->shape.dim[0], want.height);
    ck_assert_int_eq(image->shape.dim[1], want.width);
    ck_assert_int_eq(image->shape.dim[2], want.channels);
    double sum = 0, most = 0;
    const int64_t count = tfu_shape_count(&image->shape);
    for (int64_t i = 0; i < count; i++) {
        const double off = fabs(level_of(image, i) - (double)want.pixel[i]);
        sum += off;
        most = fmax(most, off);
    }
    if (getenv("SHOW"))
        printf("# %-24s mean %.4f most %g\n", cases[_i].name, sum / (double)count, most);
    ck_assert_msg(sum / (double)count <= cases[_i].mean && most <= cases[_i].most,
                  "%s: %.4f of 255 off on average, and %g at most", cases[_i].name,
                  sum / (double)count, most);
    tfu_example_end(&w);
    transform_close(&t);
    free(from.pixel);
    free(want.pixel);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/oracle");
    TCase *t = tcase_create("oracle");
    tcase_add_loop_test(t, a_photograph, 0, (int)TFU_COUNT(cases));
    suite_add_tcase(s, t);
    return run_suite(s);
}
