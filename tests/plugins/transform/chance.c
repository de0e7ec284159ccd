/* SPDX-License-Identifier: MIT
 *
 * What is drawn is distributed as it says. The keys are fixed, so that nothing here fails by
 * chance: bounds are such that one in a million of other keys would fail.
 */
#include <math.h>
#include <string.h>

#include "plugins/transform/draw.h"
#include "tests/plugins/transform/trying.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"

enum { H = 7, W = 9, HEIGHT = 2, WIDTH = 3, TOPS = H - HEIGHT + 1, LEFTS = W - WIDTH + 1 };

/* Every place is as likely as the others. */
START_TEST(places_of_crops)
{
    enum { DRAWS = 8400 };
    const struct setting settings[] = {{"size", 2, {HEIGHT, WIDTH}, NULL}, {.name = NULL}};
    struct transform t;
    transform_open(&t, "random_crop", settings, H, W, 1);
    int count[TOPS * LEFTS] = {0};
    for (uint64_t key = 0; key < DRAWS; key++) {
        struct tfu_example_work w;
        struct tfu_error e;
        example_begin(&w, &e);
        uint8_t *pixel = example_add(&w, TFU_FIELD_IMAGE, TFU_U8, H, W, 1)->data;
        for (int i = 0; i < H * W; i++)
            pixel[i] = (uint8_t)i;
        transform_run(&t, &w, CHANCE, key);
        const int first = *(uint8_t *)example_get(&w, TFU_FIELD_IMAGE)->data;
        count[first / W * LEFTS + first % W]++;
        tfu_example_end(&w);
    }
    double chi = 0;
    const double expected = (double)DRAWS / (TOPS * LEFTS);
    for (int i = 0; i < TOPS * LEFTS; i++)
        chi += (count[i] - expected) * (count[i] - expected) / expected;
    ck_assert_double_lt(chi, 99.2); /* 41 degrees of freedom, 1 - 1e-6 */
    transform_close(&t);
}
END_TEST

/* Left and right, top and bottom, each on its own. */
START_TEST(probabilities_of_flips)
{
    enum { DRAWS = 10000 };
    static const double of[][2] = {{0.5, 0.5}, {0.5, 0}, {0.1, 0.75}, {1, 0.3}};
    const double horizontal = of[_i][0], vertical = of[_i][1];
    const struct setting settings[] = {
        {"horizontal", 0, {horizontal}, NULL}, {"vertical", 0, {vertical}, NULL}, {.name = NULL}};
    struct transform t;
    int count[4] = {0};
    transform_open(&t, "flip", settings, 2, 2, 1);
    for (uint64_t key = 0; key < DRAWS; key++) {
        struct tfu_example_work w;
        struct tfu_error e;
        static const uint8_t pixel[] = {0, 1, 2, 3};
        example_begin(&w, &e);
        memcpy(example_add(&w, TFU_FIELD_IMAGE, TFU_U8, 2, 2, 1)->data, pixel, 4);
        transform_run(&t, &w, CHANCE, key);
        count[*(uint8_t *)example_get(&w, TFU_FIELD_IMAGE)->data]++;
        tfu_example_end(&w);
    }
    double chi = 0;
    for (int i = 0; i < 4; i++) {
        const double p = (i % 2 ? horizontal : 1 - horizontal) * (i / 2 ? vertical : 1 - vertical);
        const double expected = p * DRAWS;
        if (p <= 0)
            ck_assert_int_eq(count[i], 0);
        else
            chi += (count[i] - expected) * (count[i] - expected) / expected;
    }
    ck_assert_double_lt(chi, 30.7); /* 3 degrees of freedom, 1 - 1e-6 */
    transform_close(&t);
}
END_TEST

/* A remainder of 64 bits would give the first third of such a range twice as often. */
START_TEST(large_ranges)
{
    enum { DRAWS = 30000 };
    const int64_t third = INT64_C(1) << 61, range = 3 * third;
    int count[3] = {0}, above = 0;
    for (uint64_t key = 0; key < DRAWS; key++) {
        struct draw d = {.key = key};
        const int64_t x = draw_below(&d, range);
        ck_assert(x >= 0 && x < range);
        count[x / third]++;
        above += d.counter > 1;
    }
    double chi = 0;
    for (int i = 0; i < 3; i++)
        chi += (count[i] - DRAWS / 3.0) * (count[i] - DRAWS / 3.0) / (DRAWS / 3.0);
    ck_assert_double_lt(chi, 27.6);     /* 2 degrees of freedom, 1 - 1e-6 */
    ck_assert_int_gt(above, DRAWS / 5); /* a quarter is drawn again */
    struct draw d = {.key = 1};
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(draw_below(&d, 1), 0);
}
END_TEST

/* ---- pieces that are resized */

enum { IMAGE_H = 50, IMAGE_W = 40 };

/* An example with a box around each row of pixels and each column, whose class is its number. */
static void make_strips(struct tfu_example_work *w, struct tfu_error *e)
{
    example_begin(w, e);
    memset(example_add(w, TFU_FIELD_IMAGE, TFU_U8, IMAGE_H, IMAGE_W, 1)->data, 0,
           IMAGE_H * IMAGE_W);
    float *box = example_add(w, TFU_FIELD_BOXES, TFU_F32, IMAGE_H + IMAGE_W, 5, 1)->data;
    for (int i = 0; i < IMAGE_H + IMAGE_W; i++) {
        const bool row = i < IMAGE_H;
        const float at = (float)(row ? i : i - IMAGE_H);
        const float strip[] = {row ? at : 0, row ? 0 : at, row ? at + 1 : IMAGE_H,
                               row ? IMAGE_W : at + 1, (float)i};
        memcpy(box + 5 * (size_t)i, strip, sizeof strip);
    }
}

/* Top, left, height and width of the piece: the first row and column that are left, and how many
 * are. */
static void read_piece(const struct tfu_example_work *w, int piece[4])
{
    const struct tfu_tensor *t = example_get(w, TFU_FIELD_BOXES);
    memset(piece, 0, 4 * sizeof *piece);
    for (int64_t i = 0; i < t->shape.dim[0]; i++) {
        const int number = (int)((const float *)t->data)[5 * i + 4], axis = number >= IMAGE_H;
        if (piece[2 + axis]++ == 0)
            piece[axis] = axis ? number - IMAGE_H : number;
    }
}

static const struct {
    double low, high;
    const char *name;
} shares[] = {{0.08, 1, "pieces_8"}, {0.3, 0.5, "pieces_30"}};

/* Means and deviations are those of torchvision's RandomResizedCrop. */
START_TEST(resized_pieces)
{
    enum { DRAWS = 4000, COLUMNS = 4 };
    const struct setting settings[] = {{"size", 2, {16, 16}, NULL},
                                       {"scale", 2, {shares[_i].low, shares[_i].high}, NULL},
                                       {.name = NULL}};
    struct transform t;
    struct fixture *f = fixture_open("plugins/transform/transforms.fixture");
    const double *want = fixture_get(f, shares[_i].name, 2 * COLUMNS);
    double sum[COLUMNS] = {0}, square[COLUMNS] = {0};
    transform_open(&t, "random_crop", settings, IMAGE_H, IMAGE_W, 1);
    for (uint64_t key = 0; key < DRAWS; key++) {
        struct tfu_example_work w;
        struct tfu_error e;
        int p[4];
        make_strips(&w, &e);
        transform_run(&t, &w, CHANCE, key);
        read_piece(&w, p);
        const double column[COLUMNS] = {
            (double)(p[2] * p[3]) / (IMAGE_H * IMAGE_W), log((double)p[3] / p[2]),
            (p[0] + 0.5) / (IMAGE_H - p[2] + 1), (p[1] + 0.5) / (IMAGE_W - p[3] + 1)};
        for (int i = 0; i < COLUMNS; i++) {
            sum[i] += column[i];
            square[i] += column[i] * column[i];
        }
        tfu_example_end(&w);
    }
    for (int i = 0; i < COLUMNS; i++) {
        const double mean = sum[i] / DRAWS, deviation = sqrt(square[i] / DRAWS - mean * mean);
        ck_assert_double_eq_tol(mean, want[2 * i], 4.9 * want[2 * i + 1] / sqrt(DRAWS));
        ck_assert_double_eq_tol(deviation, want[2 * i + 1], 0.05 * want[2 * i + 1]);
    }
    transform_close(&t);
    fixture_close(f);
}
END_TEST

/* Without chance: the largest piece in the middle that has the ratio of `size`. */
START_TEST(resized_without_chance)
{
    const struct setting settings[] = {
        {"size", 2, {16, 16}, NULL}, {"scale", 2, {0.08, 1}, NULL}, {.name = NULL}};
    struct transform t;
    struct tfu_example_work w;
    struct tfu_error e;
    transform_open(&t, "random_crop", settings, 0, 0, 1);
    int p[4];
    make_strips(&w, &e);
    transform_run(&t, &w, STILL, 0);
    read_piece(&w, p);
    const int want[] = {5, 0, 40, 40};
    ck_assert_mem_eq(p, want, sizeof want);
    tfu_example_end(&w);
    transform_close(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/chance");
    TCase *t = tcase_create("chance");
    tcase_add_test(t, places_of_crops);
    tcase_add_loop_test(t, probabilities_of_flips, 0, 4);
    tcase_add_test(t, large_ranges);
    tcase_add_loop_test(t, resized_pieces, 0, (int)TFU_COUNT(shares));
    tcase_add_test(t, resized_without_chance);
    suite_add_tcase(s, t);
    return run_suite(s);
}
