/* SPDX-License-Identifier: MIT
 *
 * The parts of a figure: labels, axes, images.
 */
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/result/axis.h"
#include "core/result/image.h"
#include "core/result/label.h"
#include "core/result/viridis.h"
#include "tests/support/check_main.h"

/* ---- labels */

static void check_clean(const char *from, size_t most, const char *want)
{
    struct tfu_text got = TFU_TEXT_INIT;
    tfu_label_clean(&got, from, most);
    ck_assert_str_eq(tfu_text_get(&got), want);
    ck_assert_uint_eq(tfu_label_length(want), tfu_label_length(tfu_text_get(&got)));
    tfu_text_free(&got);
}

START_TEST(clean)
{
    check_clean("", 5, "");
    check_clean("plain", 5, "plain");
    check_clean("a\tb\nc\x01"
                "d",
                9, "a b c d");
    check_clean("\xff\xc3", 9, "??");
    check_clean("\xc2\x85 \xe2\x80\xa8", 9, "   "); /* NEL, LINE SEPARATOR */
    check_clean("abcdefgh", 5, "ab…gh");
    check_clean("日本語日本語日本語", 4, "日本…語");
    check_clean("abc", 1, "…");
    check_clean("abc", 0, "");
    ck_assert_uint_eq(tfu_label_length("日本\xff"), 3);
}
END_TEST

START_TEST(quote)
{
    struct tfu_text got = TFU_TEXT_INIT;
    tfu_label_quote(&got, "it's 5% \\n `id` \"q\"");
    ck_assert_str_eq(tfu_text_get(&got), "'it'.quote.'s 5% \\n `id` \"q\"'");
    tfu_text_free(&got);
    tfu_label_quote(&got, "'; x");
    ck_assert_str_eq(tfu_text_get(&got), "''.quote.'; x'");
    tfu_text_free(&got);
    tfu_label_quote_tic(&got, "5% %d'");
    ck_assert_str_eq(tfu_text_get(&got), "'5%% %%d'.quote.''");
    tfu_text_free(&got);
}
END_TEST

START_TEST(wrap)
{
    static const char *const want[] = {"one two", "three", "fourteenl", "etters é"};
    const char *s = "one two three  fourteenletters é";
    for (size_t i = 0; i < TFU_COUNT(want); i++) {
        const char *next;
        const size_t n = tfu_label_wrap(s, 9, &next);
        ck_assert_uint_eq(n, strlen(want[i]));
        ck_assert_mem_eq(s, want[i], n);
        s = next;
    }
    ck_assert_int_eq(*s, '\0');
}
END_TEST

/* ---- axes */

static struct tfu_axis_range range(double low, double high)
{
    struct tfu_axis_range r = {0, 0, false};
    tfu_axis_see(&r, high);
    tfu_axis_see(&r, NAN);
    tfu_axis_see(&r, INFINITY);
    tfu_axis_see(&r, low);
    return r;
}

static const struct {
    double low, high;
    size_t wanted;
    const char *labels; /* with blanks between */
    double from, to;
} axes[] = {
    {0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0", 0, 1},
    {0.02, 0.97, 5, "0.0 0.2 0.4 0.6 0.8 1.0", 0, 1},
    {-3, 7, 5, "-4 -2 0 2 4 6 8", -4, 8},
    {0, 1e-3, 5, "0.0000 0.0002 0.0004 0.0006 0.0008 0.0010", 0, 1e-3},
    {0, 3e-7, 3, "0 1e-07 2e-07 3e-07", 0, 3e-7},
    {0, 150000, 3, "0 50k 100k 150k", 0, 150000},
    {0, 3600000, 4, "0 1M 2M 3M 4M", 0, 4e6},
    {5, 5, 5, "4.7 4.8 4.9 5.0 5.1 5.2 5.3", 4.7, 5.3},
    {0, 0, 5, "-0.6 -0.4 -0.2 0.0 0.2 0.4 0.6", -0.6, 0.6},
    {-1.7e308, 1.7e308, 2, "-1e+300 0 1e+300", -1e300, 1e300},
};

START_TEST(linear)
{
    struct tfu_axis a;
    tfu_axis_linear(&a, range(axes[_i].low, axes[_i].high), axes[_i].wanted, false);
    struct tfu_text got = TFU_TEXT_INIT;
    for (size_t i = 0; i < a.tics; i++)
        tfu_text_printf(&got, "%s%s", i ? " " : "", a.label[i]);
    ck_assert_str_eq(tfu_text_get(&got), axes[_i].labels);
    ck_assert_double_eq_tol(a.low, axes[_i].from, 1e-9 * (axes[_i].to - axes[_i].from));
    ck_assert_double_eq_tol(a.high, axes[_i].to, 1e-9 * (axes[_i].to - axes[_i].from));
    tfu_text_free(&got);
}
END_TEST

START_TEST(axis_edges)
{
    struct tfu_axis a;
    tfu_axis_linear(&a, (struct tfu_axis_range){0, 0, false}, 5, false);
    ck_assert(a.low == 0 && a.high == 1); /* nothing seen */
    tfu_axis_linear(&a, range(0.13, 0.87), 5, true);
    ck_assert(a.low == 0.13 && a.high == 0.87);
    ck_assert(a.tics == 4 && strcmp(a.label[0], "0.2") == 0);
    tfu_axis_log(&a, range(1, 20000));
    ck_assert_uint_eq(a.tics, 5);
    ck_assert_str_eq(a.label[4], "10000");
    tfu_axis_log(&a, range(3, 60));
    ck_assert_uint_eq(a.tics, 4); /* 5 10 20 50 */
    tfu_axis_log(&a, range(7, 7));
    ck_assert(a.low < 7 && a.high > 7 && a.tics >= 2);
    tfu_axis_log(&a, range(2230720, 5977856)); /* 5M would stand alone */
    ck_assert_uint_eq(a.tics, 4);
    ck_assert_str_eq(a.label[0], "3M");
    ck_assert_str_eq(a.label[3], "6M");
    ck_assert(a.low < 2230720 && a.high > 5977856);
    tfu_axis_log(&a, range(-1, 5)); /* not of this axis */
    ck_assert(a.low == 1 && a.high == 10);
}
END_TEST

/* ---- images */

static const unsigned char *at(const struct tfu_image *i, int64_t y, int64_t x)
{
    return i->pixel + (y * i->width + x) * 3;
}

static void check_pixel(const struct tfu_image *i, int64_t y, int64_t x, int r, int g, int b)
{
    const unsigned char *p = at(i, y, x);
    ck_assert_msg(p[0] == r && p[1] == g && p[2] == b, "%d,%d is %d %d %d", (int)y, (int)x, p[0],
                  p[1], p[2]);
}

START_TEST(numbers)
{
    struct tfu_image i;
    ck_assert_int_eq(tfu_image_new(&i, 1, 3, NULL), TFU_OK);
    check_pixel(&i, 0, 0, 255, 255, 255);
    tfu_image_from_numbers(&i, (const float[]){-1, 0, 2}, 1, -1, 1);
    check_pixel(&i, 0, 0, 0, 0, 0);
    check_pixel(&i, 0, 1, 128, 128, 128);
    check_pixel(&i, 0, 2, 255, 255, 255);
    tfu_image_from_numbers(&i, (const float[]){0, 1, 0.2f, 1, 1, 1, NAN, 0, 0}, 3, 0, 1);
    check_pixel(&i, 0, 0, 0, 255, 51);
    check_pixel(&i, 0, 2, 0, 0, 0);
    tfu_image_from_numbers(&i, (const float[]){0, 1, 0, 0, 1, 1}, 2, 0, 1); /* the mean */
    check_pixel(&i, 0, 0, 128, 128, 128);
    check_pixel(&i, 0, 2, 255, 255, 255);
    tfu_image_from_numbers(&i, (const float[]){4, 4, 4}, 1, 4, 4);
    check_pixel(&i, 0, 1, 128, 128, 128);
    tfu_image_free(&i);
}
END_TEST

START_TEST(overlay)
{
    struct tfu_image i;
    ck_assert_int_eq(tfu_image_new(&i, 1, 3, NULL), TFU_OK);
    tfu_image_from_numbers(&i, (const float[]){1, 0, 0, 1, 1, 1, 0, 0, 0}, 3, 0, 1);
    tfu_image_overlay(&i, (const float[]){0, 1, NAN}, 0.5);
    check_pixel(&i, 0, 0, 72, 39, 80);    /* luma 76.2 and the darkest colour */
    check_pixel(&i, 0, 1, 254, 243, 146); /* white and the brightest */
    check_pixel(&i, 0, 2, 34, 1, 42);
    tfu_image_free(&i);
    /* the lightness grows all the way: it is a scale in gray, too */
    double before = -1;
    for (int k = 0; k <= 100; k++) {
        double c[3];
        tfu_viridis_colour(k / 100.0, c);
        const double luma = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
        ck_assert(luma > before);
        before = luma;
    }
}
END_TEST

START_TEST(grid)
{
    struct tfu_image tile[3], g;
    for (int k = 0; k < 3; k++) {
        const float x[] = {(float)k, 2};
        ck_assert_int_eq(tfu_image_new(&tile[k], 1, 2, NULL), TFU_OK);
        tfu_image_from_numbers(&tile[k], x, 1, 0, 2);
    }
    ck_assert_int_eq(tfu_image_grid(&g, tile, 3, 2, 3, 1, NULL), TFU_OK);
    ck_assert_int_eq(g.height, 9);
    ck_assert_int_eq(g.width, 15);
    check_pixel(&g, 0, 0, 0xa6, 0xc4, 0xe8);
    check_pixel(&g, 1, 1, 0, 0, 0);
    check_pixel(&g, 3, 3, 0, 0, 0);
    check_pixel(&g, 1, 4, 255, 255, 255);
    check_pixel(&g, 4, 4, 0xa6, 0xc4, 0xe8);
    check_pixel(&g, 1, 8, 128, 128, 128);
    check_pixel(&g, 5, 1, 255, 255, 255);
    check_pixel(&g, 5, 8, 0xa6, 0xc4, 0xe8); /* there is no fourth */

    /* what is written is what libpng reads */
    char path[] = "/tmp/transfuse-image-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(tfu_image_write(&g, path, NULL), TFU_OK);
    png_image png = {.version = PNG_IMAGE_VERSION};
    ck_assert(png_image_begin_read_from_file(&png, path));
    ck_assert_uint_eq(png.width, 15);
    ck_assert_uint_eq(png.height, 9);
    png.format = PNG_FORMAT_RGB;
    unsigned char read[15 * 9 * 3];
    ck_assert(png_image_finish_read(&png, NULL, read, 0, NULL));
    ck_assert_mem_eq(read, g.pixel, sizeof read);
    unlink(path);
    for (int k = 0; k < 3; k++)
        tfu_image_free(&tile[k]);
    tfu_image_free(&g);
}
END_TEST

START_TEST(image_errors)
{
    struct tfu_image i;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_image_new(&i, 0, 5, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "an image of 0 x 5 pixels cannot be drawn; each side is 1 to 16384");
    ck_assert_ptr_null(i.pixel);
    ck_assert_int_eq(tfu_image_new(&i, 16385, 5, NULL), TFU_EINVAL);
    ck_assert_int_eq(tfu_image_new(&i, 2, 2, NULL), TFU_OK);
    ck_assert_int_eq(tfu_image_write(&i, "/no/such/folder/a.png", NULL), TFU_EIO);
    tfu_image_free(&i);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("parts");
    TCase *t = tcase_create("parts");
    tcase_add_test(t, clean);
    tcase_add_test(t, quote);
    tcase_add_test(t, wrap);
    tcase_add_loop_test(t, linear, 0, (int)TFU_COUNT(axes));
    tcase_add_test(t, axis_edges);
    tcase_add_test(t, numbers);
    tcase_add_test(t, overlay);
    tcase_add_test(t, grid);
    tcase_add_test(t, image_errors);
    suite_add_tcase(s, t);
    return run_suite(s);
}
