/* SPDX-License-Identifier: MIT
 *
 * Where images, masks, boxes and points go, against torchvision, PIL and numpy: make_transforms.py
 * makes the same example.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

enum { H = 5, W = 6, C = 2, PAD = 2, HEIGHT = 4, WIDTH = 3, PLACES_Y = 6, PLACES_X = 8 };

static const float boxes[][5] = {
    {0, 0, 5, 6, 0}, {1, 2, 3, 3.5f, 1}, {4, 5, 5, 6, 2}, {0, 1.25f, 0.5f, 4, 3}};
static const float points[][3] = {
    {0, 0, 0}, {2.5f, 3.25f, 1}, {4.75f, 5.5f, 2}, {5, 6, 3}, {1, 4, 4}};

static void make(struct tfu_example_work *w, uint32_t dtype, struct tfu_error *e)
{
    example_begin(w, e);
    struct tfu_tensor *image = example_add(w, TFU_FIELD_IMAGE, dtype, H, W, C);
    for (int i = 0; i < H * W * C; i++) {
        if (dtype == TFU_U8)
            ((uint8_t *)image->data)[i] = (uint8_t)(i + 1);
        else if (dtype == TFU_U16)
            ((uint16_t *)image->data)[i] = (uint16_t)(i + 1);
        else
            ((float *)image->data)[i] = (float)(i + 1);
    }
    uint8_t *mask = example_add(w, TFU_FIELD_MASK, TFU_U8, H, W, 1)->data;
    for (int i = 0; i < H * W; i++)
        mask[i] = (uint8_t)(i % 7);
    memcpy(example_add(w, TFU_FIELD_BOXES, TFU_F32, 4, 5, 1)->data, boxes, sizeof boxes);
    memcpy(example_add(w, TFU_FIELD_POINTS, TFU_F32, 5, 3, 1)->data, points, sizeof points);
}

static void check_numbers(const struct fixture *f, const char *name, const char *of,
                          const struct tfu_tensor *t, double tolerance)
{
    char line[80];
    const int64_t n = tfu_shape_count(&t->shape);
    snprintf(line, sizeof line, "%s_%s", name, of);
    const double *want = fixture_get(f, line, n ? (size_t)n : 1);
    for (int64_t i = 0; i < n; i++)
        ck_assert_msg(fabs(example_number(t, i) - want[i]) <= tolerance,
                      "%s: number %d is %.9g, not %.9g", line, (int)i, example_number(t, i),
                      want[i]);
}

static void check_all(const struct fixture *f, const char *name, const struct tfu_example_work *w,
                      double tolerance)
{
    check_numbers(f, name, "image", example_get(w, TFU_FIELD_IMAGE), tolerance);
    check_numbers(f, name, "mask", example_get(w, TFU_FIELD_MASK), 0);
    check_numbers(f, name, "boxes", example_get(w, TFU_FIELD_BOXES), 1e-6);
    check_numbers(f, name, "points", example_get(w, TFU_FIELD_POINTS), 1e-6);
}

/* ---- crops */

static bool is_crop_at(const struct fixture *f, int top, int left, const struct tfu_tensor *image)
{
    char line[80];
    snprintf(line, sizeof line, "crop_%d_%d_image", top, left);
    const double *want = fixture_get(f, line, HEIGHT * WIDTH * C);
    for (int i = 0; i < HEIGHT * WIDTH * C; i++)
        if (example_number(image, i) != want[i])
            return false;
    return true;
}

static const uint32_t dtypes[] = {TFU_U8, TFU_U16, TFU_F32};

/* Crops of these settings: each is one of torchvision's, with all that belongs to it, and every one
 * is there. */
START_TEST(crops)
{
    const struct setting settings[] = {
        {"size", 2, {HEIGHT, WIDTH}, NULL}, {"padding", 0, {PAD}, NULL}, {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    struct transform t;
    transform_open(&t, "random_crop", settings, H, W, C);
    ck_assert_int_eq(t.pipeline.height, HEIGHT);
    ck_assert_int_eq(t.pipeline.width, WIDTH);
    int seen[PLACES_Y][PLACES_X] = {{0}}, kinds = 0;
    for (uint64_t key = 0; key < 600; key++) {
        struct tfu_example_work w;
        struct tfu_error e;
        char name[80] = "";
        make(&w, dtypes[_i], &e);
        transform_run(&t, &w, CHANCE, key);
        const struct tfu_tensor *image = example_get(&w, TFU_FIELD_IMAGE);
        ck_assert_uint_eq(image->dtype, dtypes[_i]);
        for (int top = 0; top < PLACES_Y; top++)
            for (int left = 0; left < PLACES_X; left++)
                if (is_crop_at(f, top, left, image)) {
                    snprintf(name, sizeof name, "crop_%d_%d", top, left);
                    kinds += seen[top][left]++ == 0;
                }
        ck_assert_msg(name[0], "key %d gives a crop that is none", (int)key);
        check_all(f, name, &w, 0);
        tfu_example_end(&w);
    }
    ck_assert_int_eq(kinds, PLACES_Y * PLACES_X);
    transform_close(&t);
    fixture_close(f);
}
END_TEST

START_TEST(the_middle_without_chance)
{
    const struct setting settings[] = {
        {"size", 2, {HEIGHT, WIDTH}, NULL}, {"padding", 0, {PAD}, NULL}, {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "random_crop", settings, H, W, C);
    make(&w, TFU_U8, &e);
    transform_run(&t, &w, STILL, 0);
    check_all(f, "crop_2_3", &w, 0); /* (9 - 4) / 2, (10 - 3) / 2 */
    tfu_example_end(&w);
    transform_close(&t);
    fixture_close(f);
}
END_TEST

/* ---- flips */

START_TEST(flips)
{
    const int rows = _i / 2, columns = _i % 2;
    const struct setting settings[] = {
        {"vertical", 0, {rows}, NULL}, {"horizontal", 0, {columns}, NULL}, {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    struct transform t;
    char name[80];
    transform_open(&t, "flip", settings, H, W, C);
    for (size_t i = 0; i < TFU_COUNT(dtypes); i++)
        for (uint32_t random = 0; random < 2; random++) {
            struct tfu_example_work w;
            struct tfu_error e;
            snprintf(name, sizeof name, "flip_%d_%d", random ? rows : 0, random ? columns : 0);
            make(&w, dtypes[i], &e);
            transform_run(&t, &w, random, i);
            ck_assert_uint_eq(example_get(&w, TFU_FIELD_IMAGE)->dtype, dtypes[i]);
            check_all(f, name, &w, 0);
            tfu_example_end(&w);
        }
    transform_close(&t);
    fixture_close(f);
}
END_TEST

/* ---- sizes */

static const int sizes[][2] = {{3, 8}, {10, 4}, {2, 2}};

START_TEST(resizes)
{
    const struct setting settings[] = {{"size", 2, {sizes[_i][0], sizes[_i][1]}, NULL},
                                       {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    char name[80];
    int64_t wanted[2] = {7, 7};
    transform_open(&t, "resize", settings, 0, 0, C);
    ck_assert_int_eq(t.pipeline.height, sizes[_i][0]);
    ck_assert_int_eq(t.pipeline.width, sizes[_i][1]);
    ((const struct tfu_transform_ops *)t.choice.plugin->ops)
        ->wanted(t.pipeline.step[0].self, wanted);
    ck_assert_int_eq(wanted[0], sizes[_i][0]);
    ck_assert_int_eq(wanted[1], sizes[_i][1]);
    snprintf(name, sizeof name, "resize_%d_%d", sizes[_i][0], sizes[_i][1]);
    make(&w, TFU_F32, &e);
    transform_run(&t, &w, CHANCE, 0);
    check_all(f, name, &w, 1e-5);
    tfu_example_end(&w);
    transform_close(&t);
    fixture_close(f);
}
END_TEST

static const struct {
    int height, width, side;
    const char *name;
} shorter[] = {
    {375, 500, 256, "short_375_500_256"},
    {500, 333, 224, "short_500_333_224"},
    {7, 7, 3, "short_7_7_3"},
    {1, 50, 4, "short_1_50_4"},
    {101, 300, 33, "short_101_300_33"},
};

/* The sizes that torchvision makes, where they are known before and where they are not. */
START_TEST(the_shorter_side)
{
    const struct setting settings[] = {{"short_side", 0, {shorter[_i].side}, NULL}, {.name = NULL}};
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    const double *want = fixture_get(f, shorter[_i].name, 2);
    for (int known = 0; known < 2; known++) {
        struct transform t;
        struct tfu_example_work w;
        struct tfu_error e;
        transform_open(&t, "resize", settings, known ? shorter[_i].height : 0,
                       known ? shorter[_i].width : 0, 1);
        ck_assert_int_eq(t.pipeline.height, known ? (int64_t)want[0] : 0);
        ck_assert_int_eq(t.pipeline.width, known ? (int64_t)want[1] : 0);
        example_begin(&w, &e);
        struct tfu_tensor *image =
            example_add(&w, TFU_FIELD_IMAGE, TFU_U8, shorter[_i].height, shorter[_i].width, 1);
        memset(image->data, 51, (size_t)tfu_shape_count(&image->shape));
        transform_run(&t, &w, CHANCE, 0);
        ck_assert_int_eq(image->shape.dim[0], (int64_t)want[0]);
        ck_assert_int_eq(image->shape.dim[1], (int64_t)want[1]);
        ck_assert_float_eq_tol(((float *)image->data)[0], 0.2f, 1e-6f);
        tfu_example_end(&w);
        transform_close(&t);
    }
    fixture_close(f);
}
END_TEST

/* A place that is not known stays so, and is not dropped. */
START_TEST(unknown_places)
{
    const struct setting settings[] = {{"size", 2, {2, 2}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "random_crop", settings, 4, 4, 1);
    example_begin(&w, &e);
    memset(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 4, 4, 1)->data, 0, 16);
    float *point = example_add(&w, TFU_FIELD_POINTS, TFU_F32, 2, 3, 1)->data;
    const float at[] = {NAN, NAN, 1, 0, 0, 2};
    memcpy(point, at, sizeof at);
    transform_run(&t, &w, STILL, 0);
    const struct tfu_tensor *p = example_get(&w, TFU_FIELD_POINTS);
    ck_assert_int_eq(p->shape.dim[0], 1); /* the other is outside */
    ck_assert_float_nan(((float *)p->data)[0]);
    ck_assert_float_eq(((float *)p->data)[2], 1);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/moves");
    TCase *t = tcase_create("moves");
    tcase_add_loop_test(t, crops, 0, (int)TFU_COUNT(dtypes));
    tcase_add_test(t, the_middle_without_chance);
    tcase_add_loop_test(t, flips, 0, 4);
    tcase_add_loop_test(t, resizes, 0, (int)TFU_COUNT(sizes));
    tcase_add_loop_test(t, the_shorter_side, 0, (int)TFU_COUNT(shorter));
    tcase_add_test(t, unknown_places);
    suite_add_tcase(s, t);
    return run_suite(s);
}
