/* SPDX-License-Identifier: MIT
 *
 * What transforms draw: noise, holes, orders, and whether they are done at all; where they put
 * boxes and points then.
 */
#include <math.h>
#include <string.h>

#include "plugins/transform/beta.h"
#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"

enum { H = 36, W = 52 };

/* Pixel i of the image is a number of its own, and so is its mask's. */
static void make(struct tfu_example_work *w, int64_t channels, struct tfu_error *e)
{
    example_begin(w, e);
    float *p = example_add(w, TFU_FIELD_IMAGE, TFU_F32, H, W, channels)->data;
    for (int64_t i = 0; i < H * W * channels; i++)
        p[i] = 0.25f + (float)i / (float)(H * W * channels * 2);
    uint8_t *m = example_add(w, TFU_FIELD_MASK, TFU_U8, H, W, 1)->data;
    for (int i = 0; i < H * W; i++)
        m[i] = (uint8_t)(i % 251);
}

static bool is_changed(const struct tfu_example_work *w, const struct tfu_example_work *was)
{
    const struct tfu_tensor *a = example_get(w, TFU_FIELD_IMAGE);
    const struct tfu_tensor *b = example_get(was, TFU_FIELD_IMAGE);
    return a->dtype != b->dtype ||
           memcmp(a->data, b->data,
                  (size_t)tfu_shape_count(&b->shape) * tfu_dtype_size(b->dtype)) != 0;
}

static const char *const chosen[] = {
    "affine",  "block_shuffle", "blur", "brightness", "color_jitter", "contrast", "cutout",
    "elastic", "gamma",         "hue",  "jpeg_noise", "noise",        "rotate",   "saturation"};

/* Of so many examples a third is changed, and in evaluation none: every bit stays. */
START_TEST(probabilities)
{
    enum { COUNT = 600 };
    const struct setting setting[] = {{"p", 0, {1.0 / 3}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work was;
    int changed = 0;
    transform_open(&t, chosen[_i], setting, H, W, 3);
    make(&was, 3, &e);
    for (uint64_t key = 0; key < COUNT; key++) {
        struct tfu_example_work w;
        make(&w, 3, &e);
        transform_run(&t, &w, STILL, key);
        ck_assert(!is_changed(&w, &was));
        ck_assert_uint_eq(example_get(&w, TFU_FIELD_IMAGE)->dtype, TFU_F32);
        transform_run(&t, &w, CHANCE, key);
        changed += is_changed(&w, &was);
        tfu_example_end(&w);
    }
    tfu_example_end(&was);
    transform_close(&t);
    ck_assert_int_ge(changed, COUNT / 3 - 60);
    ck_assert_int_le(changed, COUNT / 3 + 60);
}
END_TEST

/* Mean and deviation, and shares beyond one and two of these; no number is that of another. */
START_TEST(noise)
{
    const struct setting setting[] = {{"deviation", 2, {0.1, 0.1}, NULL}, {.name = NULL}};
    enum { SIDE = 200 };
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work w;
    transform_open(&t, "noise", setting, SIDE, SIDE, 1);
    example_begin(&w, &e);
    float *p = example_add(&w, TFU_FIELD_IMAGE, TFU_F32, SIDE, SIDE, 1)->data;
    for (int i = 0; i < SIDE * SIDE; i++)
        p[i] = 0.5f;
    transform_run(&t, &w, CHANCE, 3);
    double sum = 0, square = 0, together = 0, beyond[2] = {0, 0};
    for (int i = 0; i < SIDE * SIDE; i++) {
        const double x = ((double)p[i] - 0.5) / 0.1;
        sum += x;
        square += x * x;
        beyond[0] += fabs(x) > 1;
        beyond[1] += fabs(x) > 2;
        together += i ? x * ((double)p[i - 1] - 0.5) / 0.1 : 0;
    }
    const double n = SIDE * SIDE;
    ck_assert_double_eq_tol(sum / n, 0, 0.025);
    ck_assert_double_eq_tol(square / n, 1, 0.035);
    ck_assert_double_eq_tol(together / n, 0, 0.025);
    ck_assert_double_eq_tol(beyond[0] / n, 0.3173, 0.012);
    ck_assert_double_eq_tol(beyond[1] / n, 0.0455, 0.006);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

/* A rectangle of the size, cut at the edges, in the colour; all else stays, and the mask. */
START_TEST(holes)
{
    const struct setting setting[] = {
        {"size", 2, {0.5, 0.25}, NULL}, {"fill", 1, {0.125}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work was;
    bool whole = false, cut = false;
    transform_open(&t, "cutout", setting, H, W, 1);
    make(&was, 1, &e);
    const float *before = example_get(&was, TFU_FIELD_IMAGE)->data;
    for (uint64_t key = 0; key < 200; key++) {
        struct tfu_example_work w;
        make(&w, 1, &e);
        transform_run(&t, &w, CHANCE, key);
        const float *p = example_get(&w, TFU_FIELD_IMAGE)->data;
        int rows[2] = {H, 0}, columns[2] = {W, 0}, count = 0;
        for (int i = 0; i < H * W; i++) {
            const int at[2] = {i / W, i % W};
            if (p[i] != 0.125f) {
                ck_assert_float_eq(p[i], before[i]);
                continue;
            }
            count++;
            rows[0] = at[0] < rows[0] ? at[0] : rows[0];
            rows[1] = at[0] >= rows[1] ? at[0] + 1 : rows[1];
            columns[0] = at[1] < columns[0] ? at[1] : columns[0];
            columns[1] = at[1] >= columns[1] ? at[1] + 1 : columns[1];
        }
        ck_assert_int_eq(count, (rows[1] - rows[0]) * (columns[1] - columns[0]));
        ck_assert_int_le(rows[1] - rows[0], H / 2);
        ck_assert_int_le(columns[1] - columns[0], W / 4);
        ck_assert_int_gt(count, 0);
        whole |= count == H / 2 * (W / 4);
        cut |= count < H / 2 * (W / 4);
        ck_assert_mem_eq(example_get(&w, TFU_FIELD_MASK)->data,
                         example_get(&was, TFU_FIELD_MASK)->data, H * W);
        tfu_example_end(&w);
    }
    ck_assert(whole && cut);
    tfu_example_end(&was);
    transform_close(&t);
}
END_TEST

/* Blocks of 8: each comes once, whole, with its mask and with the point in it; what is no whole
 * block stays. */
START_TEST(blocks)
{
    enum { SIDE = 8, ROWS = H / SIDE, COLUMNS = W / SIDE };
    const struct setting setting[] = {{"blocks", 1, {SIDE}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work was;
    transform_open(&t, "block_shuffle", setting, H, W, 1);
    make(&was, 1, &e);
    const float *before = example_get(&was, TFU_FIELD_IMAGE)->data;
    const uint8_t *mask_before = example_get(&was, TFU_FIELD_MASK)->data;
    for (uint64_t key = 0; key < 20; key++) {
        struct tfu_example_work w;
        int seen[H * W] = {0};
        make(&w, 1, &e);
        float *point = example_add(&w, TFU_FIELD_POINTS, TFU_F32, 3, 3, 1)->data;
        const float at[] = {11.5f, 20.5f, 0, 35.5f, 51.5f, 1, NAN, NAN, 2};
        memcpy(point, at, sizeof at);
        transform_run(&t, &w, CHANCE, key);
        const float *p = example_get(&w, TFU_FIELD_IMAGE)->data;
        const uint8_t *mask = example_get(&w, TFU_FIELD_MASK)->data;
        for (int i = 0; i < H * W; i++) {
            const int from = (int)lrintf((p[i] - 0.25f) * H * W * 2);
            ck_assert_float_eq(before[from], p[i]);
            ck_assert_uint_eq(mask[i], mask_before[from]);
            ck_assert_int_eq(seen[from]++, 0);
            if (i / W >= ROWS * SIDE || i % W >= COLUMNS * SIDE)
                ck_assert_int_eq(from, i);
            else /* the same place in its block */
                ck_assert(i / W % SIDE == from / W % SIDE && i % W % SIDE == from % W % SIDE);
        }
        const int to = (int)point[0] * W + (int)point[1];
        ck_assert_float_eq(p[to], before[11 * W + 20]);
        ck_assert_float_eq(point[3], 35.5f);
        ck_assert_float_nan(point[6]);
        tfu_example_end(&w);
    }
    tfu_example_end(&was);
    transform_close(&t);
}
END_TEST

/* In evaluation too, where that is asked for: always in the same order. */
START_TEST(blocks_in_evaluation)
{
    const struct setting setting[] = {{"always", 0, {1}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work was, w, again;
    transform_open(&t, "block_shuffle", setting, H, W, 1);
    make(&was, 1, &e);
    make(&w, 1, &e);
    make(&again, 1, &e);
    transform_run(&t, &w, STILL, 1);
    transform_run(&t, &again, STILL, 2);
    ck_assert(is_changed(&w, &was));
    ck_assert(!is_changed(&w, &again));
    tfu_example_end(&was);
    tfu_example_end(&w);
    tfu_example_end(&again);
    transform_close(&t);
}
END_TEST

/* A box that is turned: the least one around its corners; a point that leaves is dropped. */
START_TEST(turned_boxes)
{
    const struct setting setting[] = {{"degrees", 2, {90, 90}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_error e;
    struct tfu_example_work w;
    transform_open(&t, "rotate", setting, H, W, 1);
    make(&w, 1, &e);
    const float boxes[] = {10, 20, 14, 30, 1, 0, 0, 4, 3, 2};
    const float points[] = {18, 26, 0, 18, 30, 1, 18, 50, 2};
    memcpy(example_add(&w, TFU_FIELD_BOXES, TFU_F32, 2, 5, 1)->data, boxes, sizeof boxes);
    memcpy(example_add(&w, TFU_FIELD_POINTS, TFU_F32, 3, 3, 1)->data, points, sizeof points);
    transform_run(&t, &w, CHANCE, 1);
    /* counter-clockwise about (18, 26): y becomes 18 - (x - 26), x becomes 26 + (y - 18) */
    const float box[] = {14, 18, 24, 22, 1};
    const struct tfu_tensor *b = example_get(&w, TFU_FIELD_BOXES);
    const struct tfu_tensor *p = example_get(&w, TFU_FIELD_POINTS);
    ck_assert_int_eq(b->shape.dim[0], 1);
    for (int i = 0; i < 5; i++)
        ck_assert_float_eq_tol(((const float *)b->data)[i], box[i], 1e-5f);
    ck_assert_int_eq(p->shape.dim[0], 2);
    const float point[] = {18, 26, 0, 14, 26, 1};
    for (int i = 0; i < 6; i++)
        ck_assert_float_eq_tol(((const float *)p->data)[i], point[i], 1e-5f);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

/* Mean 1/2, variance 1 / (4 (2 alpha + 1)); as often below a quarter as above three. */
START_TEST(shares)
{
    static const double alphas[] = {0.01, 0.2, 1, 3, 100};
    enum { COUNT = 40000 };
    const double alpha = alphas[_i];
    struct draw d = {.key = 11};
    double sum = 0, square = 0, low = 0, high = 0;
    for (int i = 0; i < COUNT; i++) {
        const double x = beta_draw(&d, alpha);
        ck_assert(x >= 0 && x <= 1);
        sum += x;
        square += (x - 0.5) * (x - 0.5);
        low += x < 0.25;
        high += x > 0.75;
    }
    const double variance = 1 / (4 * (2 * alpha + 1));
    ck_assert_double_eq_tol(sum / COUNT, 0.5, 5 * sqrt(variance / COUNT));
    ck_assert_double_eq_tol(square / COUNT, variance, 0.03 * variance);
    ck_assert_double_eq_tol(low / COUNT, high / COUNT, 0.015);
    if (alpha == 1) /* uniform */
        ck_assert_double_eq_tol(low / COUNT, 0.25, 0.011);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/draws");
    TCase *t = tcase_create("draws");
    tcase_set_timeout(t, 600);
    tcase_add_loop_test(t, probabilities, 0, (int)TFU_COUNT(chosen));
    tcase_add_test(t, noise);
    tcase_add_test(t, holes);
    tcase_add_test(t, blocks);
    tcase_add_test(t, blocks_in_evaluation);
    tcase_add_test(t, turned_boxes);
    tcase_add_loop_test(t, shares, 0, 5);
    suite_add_tcase(s, t);
    return run_suite(s);
}
