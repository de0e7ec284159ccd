/* SPDX-License-Identifier: MIT
 *
 * Resizing against PIL: make_resize.py has the same list of sizes.
 */
#include "core/data/resize.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"

struct size {
    int64_t height, width, new_height, new_width, channels;
};

static const struct size sizes[] = {
    {28, 28, 32, 32, 1}, {28, 28, 14, 14, 1}, {28, 28, 28, 28, 1}, {33, 17, 8, 40, 3},
    {1, 1, 5, 5, 2},     {5, 7, 1, 1, 3},     {200, 300, 7, 5, 1}, {300, 2, 3, 2, 1},
    {9, 9, 9, 4, 2},     {9, 9, 4, 9, 2},     {2, 3, 3, 2, 4},     {1, 50, 10, 3, 1},
    {64, 64, 13, 63, 1},
};

/* All of it NaN, with one more at the end that stays. */
static float *poisoned(size_t n)
{
    float *p = malloc((n + 1) * sizeof *p);
    ck_assert_ptr_nonnull(p);
    for (size_t i = 0; i <= n; i++)
        p[i] = NAN;
    return p;
}

static void check_size(const struct fixture *fixture, const struct size *s, bool cubic)
{
    char name[80], line[160];
    snprintf(name, sizeof name, "%dx%dx%d", (int)s->height, (int)s->width, (int)s->channels);
    snprintf(line, sizeof line, "%s_to_%dx%d%s", name, (int)s->new_height, (int)s->new_width,
             cubic ? "_bicubic" : "");
    const size_t in_count = (size_t)(s->height * s->width * s->channels);
    const size_t out_count = (size_t)(s->new_height * s->new_width * s->channels);
    const double *want = fixture_get(fixture, line, out_count);

    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_resize *r = NULL;
    const enum tfu_status st =
        cubic
            ? tfu_resize_new_bicubic(&r, s->height, s->width, s->new_height, s->new_width,
                                     s->channels, false, &e)
            : tfu_resize_new(&r, s->height, s->width, s->new_height, s->new_width, s->channels, &e);
    ck_assert_int_eq(st, TFU_OK);
    const size_t scratch_count = tfu_resize_scratch(r) / sizeof(float);
    float *in = poisoned(in_count), *out = poisoned(out_count), *scratch = poisoned(scratch_count);
    for (size_t i = 0; i < in_count; i++)
        in[i] = (float)(formula(stream(name), i) * 2 - 1);
    tfu_resize_run(r, TFU_F32, in, scratch, out);
    for (size_t i = 0; i < out_count; i++)
        ck_assert_msg(fabs((double)out[i] - want[i]) <= 1e-5, "%s: number %zu is %.9g, not %.9g",
                      line, i, (double)out[i], want[i]);
    ck_assert_float_nan(out[out_count]);
    ck_assert_float_nan(scratch[scratch_count]);
    free(in);
    free(out);
    free(scratch);
    tfu_resize_free(r);
}

START_TEST(as_pil_does)
{
    struct fixture *fixture = fixture_open("data/resize.fixture");
    for (size_t i = 0; i < TFU_COUNT(sizes); i++)
        for (int cubic = 0; cubic < 2; cubic++)
            check_size(fixture, &sizes[i], cubic);
    fixture_close(fixture);
}
END_TEST

/* ---- the definition, one number after the other */

/* Output `i` of `out` along a direction of `in` numbers, `step` apart. */
static float resized(const float *x, int64_t step, int64_t in, int64_t out, int64_t i)
{
    const double scale = (double)in / (double)out, support = scale > 1 ? scale : 1;
    const double centre = ((double)i + 0.5) * scale;
    const int64_t low = (int64_t)(centre - support + 0.5), high = (int64_t)(centre + support + 0.5);
    const int64_t first = low < 0 ? 0 : low, end = high > in ? in : high;
    double sum = 0, total = 0;
    for (int64_t k = first; k < end; k++)
        sum += fmax(0, 1 - fabs(((double)k + 0.5 - centre) / support));
    for (int64_t k = first; k < end; k++)
        total += (double)(float)(fmax(0, 1 - fabs(((double)k + 0.5 - centre) / support)) / sum) *
                 (double)x[k * step];
    return (float)total;
}

static void define(const struct size *s, const float *in, float *out)
{
    const int64_t c = s->channels, row = s->new_width * c;
    float *middle = malloc((size_t)(s->height * row) * sizeof *middle);
    ck_assert_ptr_nonnull(middle);
    for (int64_t h = 0; h < s->height; h++)
        for (int64_t i = 0; i < row; i++)
            middle[h * row + i] =
                resized(in + h * s->width * c + i % c, c, s->width, s->new_width, i / c);
    for (int64_t h = 0; h < s->new_height; h++)
        for (int64_t i = 0; i < row; i++)
            out[h * row + i] = resized(middle + i, row, s->height, s->new_height, h);
    free(middle);
}

/* Numbers of a type, and the floats that they stand for. */
static void fill(uint32_t dtype, size_t n, void *numbers, float *floats)
{
    uint8_t *bytes = numbers;
    uint16_t *words = numbers;
    for (size_t i = 0; i < n; i++) {
        const uint16_t x = (uint16_t)(i * 40503 + i / 7);
        if (dtype == TFU_U8)
            floats[i] = (float)(bytes[i] = (uint8_t)x) / 255.0f;
        else if (dtype == TFU_U16)
            floats[i] = (float)(words[i] = x) / 65535.0f;
        else
            floats[i] = ((float *)numbers)[i] = (float)x / 3 - 7;
    }
}

START_TEST(the_bits_of_the_definition)
{
    static const struct size more[] = {{61, 47, 17, 33, 3}, {8, 9, 70, 11, 1}, {40, 31, 41, 8, 4}};
    const uint32_t dtypes[] = {TFU_F32, TFU_U8, TFU_U16};
    for (size_t i = 0; i < TFU_COUNT(sizes) + TFU_COUNT(more); i++) {
        const struct size *s = i < TFU_COUNT(sizes) ? &sizes[i] : &more[i - TFU_COUNT(sizes)];
        const size_t n = (size_t)(s->height * s->width * s->channels);
        const size_t m = (size_t)(s->new_height * s->new_width * s->channels);
        float *numbers = poisoned(n), *floats = poisoned(n), *got = poisoned(m),
              *want = poisoned(m);
        struct tfu_resize *r = NULL;
        ck_assert_int_eq(
            tfu_resize_new(&r, s->height, s->width, s->new_height, s->new_width, s->channels, NULL),
            TFU_OK);
        void *scratch = malloc(tfu_resize_scratch(r));
        for (size_t k = 0; k < TFU_COUNT(dtypes); k++) {
            fill(dtypes[k], n, numbers, floats);
            tfu_resize_run(r, dtypes[k], numbers, scratch, got);
            define(s, floats, want);
            ck_assert_mem_eq(got, want, m * sizeof *got);
        }
        tfu_resize_free(r);
        free(scratch);
        free(numbers);
        free(floats);
        free(got);
        free(want);
    }
}
END_TEST

START_TEST(constant_images_stay_constant)
{
    for (int64_t from = 1; from <= 40; from += 3)
        for (int64_t to = 1; to <= 40; to += 2) {
            float in[40], out[40];
            struct tfu_resize *r = NULL;
            for (int i = 0; i < 40; i++)
                in[i] = 0.75f;
            ck_assert_int_eq(tfu_resize_new(&r, from, 1, to, 1, 1, NULL), TFU_OK);
            void *scratch = malloc(tfu_resize_scratch(r));
            tfu_resize_run(r, TFU_F32, in, scratch, out);
            free(scratch);
            for (int64_t i = 0; i < to; i++)
                ck_assert_float_eq_tol(out[i], 0.75f, 1e-6f);
            tfu_resize_free(r);
        }
}
END_TEST

START_TEST(a_dataset_that_is_resized)
{
    static const int64_t size[] = {4, 9};
    struct tfu_registry *registry = open_registry();
    struct formula_config c = formula_config(6, 5, 3, 2);
    c.broken = 4;
    struct tfu_data_split split = formula_split(&c);
    split.select.resize = (struct tfu_int_list){size, 2};
    struct tfu_dataset *d = open_dataset(&split, registry);
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_int_eq(info->height, 4);
    ck_assert_int_eq(info->width, 9);
    ck_assert_int_eq(info->channels, 2);
    float in[5 * 3 * 2], want[4 * 9 * 2], got[4 * 9 * 2], label = -1;
    for (int64_t p = 0; p < 30; p++)
        in[p] = formula_pixel(3, p);
    struct tfu_resize *r = NULL;
    ck_assert_int_eq(tfu_resize_new(&r, 5, 3, 4, 9, 2, NULL), TFU_OK);
    void *scratch = malloc(tfu_resize_scratch(r));
    tfu_resize_run(r, TFU_F32, in, scratch, want);
    free(scratch);
    tfu_resize_free(r);
    ck_assert_int_eq(tfu_dataset_get(d, 3, got, &label, NULL), TFU_OK);
    ck_assert_mem_eq(got, want, sizeof want);
    ck_assert_float_eq(label, 3);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_dataset_get(d, 4, got, &label, &e), TFU_EIO);
    ck_assert_str_eq(e.text, "example 4 of dataset 'formula': the disk is gone");
    tfu_dataset_close(d);
    tfu_registry_free(registry);
}
END_TEST

START_TEST(the_same_size_leaves_every_bit)
{
    static const int64_t size[] = {6, 5};
    struct tfu_registry *registry = open_registry();
    const struct formula_config c = formula_config(2, 6, 5, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.resize = (struct tfu_int_list){size, 2};
    struct tfu_dataset *d = open_dataset(&split, registry);
    float got[30];
    ck_assert_int_eq(tfu_dataset_get(d, 1, got, NULL, NULL), TFU_OK);
    for (int64_t p = 0; p < 30; p++)
        ck_assert_float_eq(got[p], formula_pixel(1, p));
    tfu_dataset_close(d);
    tfu_registry_free(registry);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/resize");
    TCase *t = tcase_create("resize");
    tcase_add_test(t, as_pil_does);
    tcase_add_test(t, the_bits_of_the_definition);
    tcase_add_test(t, constant_images_stay_constant);
    tcase_add_test(t, a_dataset_that_is_resized);
    tcase_add_test(t, the_same_size_leaves_every_bit);
    suite_add_tcase(s, t);
    return run_suite(s);
}
