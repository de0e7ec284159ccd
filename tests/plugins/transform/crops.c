/* SPDX-License-Identifier: MIT
 *
 * What is found in images and cropped to: a lit circle, what is within dark borders.
 */
#include <math.h>
#include <string.h>

#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"

/* A fundus: a disc that is darker towards its edge, with a vessel, on a noisy black ground. */
struct scene {
    int64_t height, width;
    double y, x, radius, dark; /* dark: share of the light that is left at the edge */
    double noise;
    int square; /* a square instead of a circle */
};

static double light_at(const struct scene *s, int64_t row, int64_t column)
{
    const double y = (double)row + 0.5 - s->y, x = (double)column + 0.5 - s->x;
    const double distance = (s->square ? fmax(fabs(y), fabs(x)) : sqrt(y * y + x * x)) / s->radius;
    const size_t i = (size_t)(row * s->width + column);
    const double noise = s->noise * formula(stream("ground"), i);
    const double vessel = fabs(x - 0.3 * y) < 0.02 * s->radius ? 0.4 : 1;
    return distance > 1 ? noise : 0.75 * vessel * (1 - (1 - s->dark) * distance * distance) + noise;
}

static void paint(struct tfu_example_work *w, const struct scene *s, struct tfu_error *e)
{
    example_begin(w, e);
    uint8_t *p = example_add(w, TFU_FIELD_IMAGE, TFU_U8, s->height, s->width, 3)->data;
    for (int64_t i = 0; i < s->height * s->width; i++)
        for (int c = 0; c < 3; c++) {
            const double x = light_at(s, i / s->width, i % s->width) * (c ? 0.5 : 1);
            p[3 * i + c] = (uint8_t)(255 * fmin(x, 1) + 0.5);
        }
    const float middle[] = {(float)s->y, (float)s->x, 0};
    memcpy(example_add(w, TFU_FIELD_POINTS, TFU_F32, 1, 3, 1)->data, middle, sizeof middle);
}

static const struct scene circles[] = {
    {200, 300, 100, 150, 90, 0.5, 0.04, 0},  /* all of it in the frame */
    {200, 300, 100, 140, 125, 0.4, 0.04, 0}, /* cut above and below, as most cameras do */
    {240, 240, 131, 104, 101, 0.3, 0.08, 0}, /* off the middle, vignetted, noisy */
    {300, 200, 120, 90, 55, 0.6, 0.02, 0},   /* small */
    {180, 200, 95, 100, 118, 0.5, 0.03, 0},  /* little more than its corners is dark */
};

/* The square around the circle, within two pixels; the middle moves with it. */
START_TEST(a_circle)
{
    const struct scene *s = &circles[_i];
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "fundus_crop", NULL, 0, 0, 3);
    paint(&w, s, &e);
    transform_run(&t, &w, STILL, 0);
    const struct tfu_tensor *image = example_get(&w, TFU_FIELD_IMAGE);
    ck_assert_uint_eq(t.pipeline.step[0].notes->count, 0);
    ck_assert_double_eq_tol((double)image->shape.dim[0], 2 * s->radius, 2.01);
    ck_assert_int_eq(image->shape.dim[0], image->shape.dim[1]);
    const float *point = example_get(&w, TFU_FIELD_POINTS)->data;
    ck_assert_double_eq_tol((double)point[0], s->radius, 2.01);
    ck_assert_double_eq_tol((double)point[1], s->radius, 2.01);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

/* Not square: what the frame has of it. */
START_TEST(a_circle_that_ends_at_the_frame)
{
    const struct setting setting[] = {{"square", 0, {0}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "fundus_crop", setting, 0, 0, 3);
    paint(&w, &circles[1], &e);
    transform_run(&t, &w, STILL, 0);
    const struct tfu_tensor *image = example_get(&w, TFU_FIELD_IMAGE);
    ck_assert_int_eq(image->shape.dim[0], 200);
    ck_assert_double_eq_tol((double)image->shape.dim[1], 250, 2.01);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

static const struct scene others[] = {
    {100, 120, 50, 60, 0.1, 1, 0.1, 0},   /* dark, but for noise */
    {100, 120, 50, 60, 500, 1, 0.02, 0},  /* lit to the corners */
    {200, 240, 100, 120, 80, 1, 0.02, 1}, /* a square */
    {200, 240, 100, 120, 20, 1, 0.02, 0}, /* too small to be a fundus */
    {1, 1, 0.5, 0.5, 1, 1, 0, 0},         {2, 300, 1, 150, 100, 1, 0, 0},
};

/* The whole frame, every bit of it, and that is said once and counted. */
START_TEST(no_circle)
{
    const struct scene *s = &others[_i];
    struct transform t;
    struct tfu_log log;
    tfu_log_init(&log, NULL, NULL);
    transform_open(&t, "fundus_crop", NULL, 0, 0, 3);
    t.pipeline.step[0].notes->log = &log;
    for (unsigned times = 1; times < 4; times++) {
        struct tfu_example_work w, before;
        struct tfu_error e;
        paint(&w, s, &e);
        paint(&before, s, &e);
        transform_run(&t, &w, STILL, 0);
        const struct tfu_tensor *image = example_get(&w, TFU_FIELD_IMAGE);
        const struct tfu_tensor *was = example_get(&before, TFU_FIELD_IMAGE);
        ck_assert_uint_eq(t.pipeline.step[0].notes->count, times);
        ck_assert_uint_eq(log.warnings, 1);
        ck_assert(tfu_shape_equal(&image->shape, &was->shape));
        ck_assert_mem_eq(image->data, was->data, (size_t)tfu_shape_count(&was->shape));
        tfu_example_end(&w);
        tfu_example_end(&before);
    }
    ck_assert_ptr_nonnull(strstr(tfu_text_get(&log.early), "no fundus is found in an image of"));
    transform_close(&t);
    ck_assert_uint_eq(log.warnings, 2); /* how many they were */
    const char *line = tfu_text_get(&log.early);
    ck_assert_ptr_nonnull(strstr(line + strlen(line) + 1, "happened 3 times in all"));
    tfu_log_destroy(&log);
}
END_TEST

START_TEST(borders)
{
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "border_crop", NULL, 0, 0, 1);
    example_begin(&w, &e);
    float *p = example_add(&w, TFU_FIELD_IMAGE, TFU_F32, 40, 50, 1)->data;
    for (int i = 0; i < 40 * 50; i++) {
        const int y = i / 50, x = i % 50;
        p[i] = y >= 7 && y < 31 && x >= 4 && x < 50 ? 0.5f : 0.03f;
    }
    memset(example_add(&w, TFU_FIELD_MASK, TFU_U8, 40, 50, 1)->data, 1, 2000);
    const float box[] = {0, 10, 9, 60, 1};
    memcpy(example_add(&w, TFU_FIELD_BOXES, TFU_F32, 1, 5, 1)->data, box, sizeof box);
    transform_run(&t, &w, STILL, 0);
    const struct tfu_tensor *image = example_get(&w, TFU_FIELD_IMAGE);
    ck_assert_int_eq(image->shape.dim[0], 24);
    ck_assert_int_eq(image->shape.dim[1], 46);
    for (int64_t i = 0; i < 24 * 46; i++)
        ck_assert_float_eq(((const float *)image->data)[i], 0.5f);
    ck_assert_int_eq(example_get(&w, TFU_FIELD_MASK)->shape.dim[1], 46);
    const float cut[] = {0, 6, 2, 46, 1};
    ck_assert_mem_eq(example_get(&w, TFU_FIELD_BOXES)->data, cut, sizeof cut);
    tfu_example_end(&w);
    example_begin(&w, &e);
    memset(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 40, 50, 1)->data, 5, 2000);
    transform_run(&t, &w, STILL, 0);
    ck_assert_int_eq(example_get(&w, TFU_FIELD_IMAGE)->shape.dim[0], 40);
    ck_assert_uint_eq(t.pipeline.step[0].notes->count, 1);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/crops");
    TCase *t = tcase_create("crops");
    tcase_add_loop_test(t, a_circle, 0, (int)TFU_COUNT(circles));
    tcase_add_test(t, a_circle_that_ends_at_the_frame);
    tcase_add_loop_test(t, no_circle, 0, (int)TFU_COUNT(others));
    tcase_add_test(t, borders);
    suite_add_tcase(s, t);
    return run_suite(s);
}
