/* SPDX-License-Identifier: MIT
 *
 * Images that look alike: the hash, and the search for pairs against that of all with all.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/audit/alike.h"
#include "core/base/random.h"
#include "tests/support/check_main.h"

/* ---- the hash */

enum { HEIGHT = 120, WIDTH = 90 };

/* Smooth blobs; `seed` says where they are. */
static void paint(uint64_t seed, int64_t height, int64_t width, double gain, double offset,
                  float *out)
{
    struct tfu_random r;
    double at[6][3];
    tfu_random_init(&r, tfu_random_key(seed, "blobs", ""));
    for (size_t b = 0; b < 6; b++)
        for (size_t k = 0; k < 3; k++)
            at[b][k] = tfu_random_uniform(&r);
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++) {
            double v = 0;
            for (size_t b = 0; b < 6; b++) {
                const double dy = ((double)y + 0.5) / (double)height - at[b][0];
                const double dx = ((double)x + 0.5) / (double)width - at[b][1];
                v += at[b][2] * exp(-(dy * dy + dx * dx) / 0.02);
            }
            out[y * width + x] = (float)(gain * v + offset);
        }
}

static struct tfu_perceptual_hash hash_of(uint64_t seed, int64_t height, int64_t width, double gain,
                                          double offset)
{
    float *pixels = malloc((size_t)(height * width) * sizeof *pixels);
    struct tfu_perceptual_hash h;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_ptr_nonnull(pixels);
    paint(seed, height, width, gain, offset, pixels);
    ck_assert_int_eq(tfu_perceptual_take(&h, pixels, height, width, 1, &e), TFU_OK);
    free(pixels);
    return h;
}

START_TEST(a_hash_is_of_the_look)
{
    const struct tfu_perceptual_hash a = hash_of(1, HEIGHT, WIDTH, 1, 0);
    const struct tfu_perceptual_hash brighter = hash_of(1, HEIGHT, WIDTH, 0.7, 0.2);
    const struct tfu_perceptual_hash larger = hash_of(1, 2 * HEIGHT, 2 * WIDTH, 1, 0);
    const struct tfu_perceptual_hash other = hash_of(2, HEIGHT, WIDTH, 1, 0);
    ck_assert_int_eq(tfu_perceptual_distance(&a, &a), 0);
    ck_assert_int_le(tfu_perceptual_distance(&a, &brighter), 4);
    ck_assert_int_le(tfu_perceptual_distance(&a, &larger), 8);
    ck_assert_int_ge(tfu_perceptual_distance(&a, &other), 60);
}
END_TEST

/* Coloured images are hashed by their luma. */
START_TEST(a_hash_is_of_gray)
{
    float gray[HEIGHT * WIDTH];
    static float colour[HEIGHT * WIDTH * 3];
    struct tfu_perceptual_hash a, b;
    struct tfu_error e = TFU_ERROR_INIT;
    paint(5, HEIGHT, WIDTH, 1, 0, gray);
    for (size_t i = 0; i < HEIGHT * WIDTH; i++)
        for (size_t c = 0; c < 3; c++)
            colour[3 * i + c] = gray[i];
    ck_assert_int_eq(tfu_perceptual_take(&a, gray, HEIGHT, WIDTH, 1, &e), TFU_OK);
    ck_assert_int_eq(tfu_perceptual_take(&b, colour, HEIGHT, WIDTH, 3, &e), TFU_OK);
    ck_assert_int_le(tfu_perceptual_distance(&a, &b), 2);
}
END_TEST

/* ---- pairs */

enum { SPLITS = 3, EACH = 150, BITS = 12 };

static struct tfu_look looks[SPLITS][EACH];
static struct tfu_looks splits[SPLITS];

static void flip_bits(struct tfu_perceptual_hash *h, struct tfu_random *r, uint64_t bits)
{
    for (uint64_t i = 0; i < bits; i++) {
        const uint64_t at = tfu_random_below(r, TFU_PERCEPTUAL_BITS);
        h->word[at / 64] ^= UINT64_C(1) << at % 64;
    }
}

/* Every third image is a copy of an earlier one, of any split, with a few bits changed, or none. */
static void fill_splits(void)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(7, "alike", ""));
    memset(looks, 0, sizeof looks);
    for (uint32_t n = 0; n < SPLITS * EACH; n++) {
        struct tfu_look *l = &looks[n % SPLITS][n / SPLITS];
        l->height = l->width = 8;
        l->channels = 1;
        l->content[0] = n + 1;
        for (size_t k = 0; k < TFU_PERCEPTUAL_WORDS; k++)
            l->hash.word[k] =
                (uint64_t)tfu_random_below(&r, UINT32_MAX) << 32 | tfu_random_below(&r, UINT32_MAX);
        if (n < 3 || n % 3 != 1)
            continue;
        const uint64_t from = tfu_random_below(&r, n);
        *l = looks[from % SPLITS][from / SPLITS];
        const uint64_t bits = tfu_random_below(&r, 24);
        if (bits == 0)
            continue;
        l->content[0] = n + 1;
        flip_bits(&l->hash, &r, bits);
    }
    for (size_t s = 0; s < SPLITS; s++)
        splits[s] = (struct tfu_looks){.image = looks[s], .count = EACH};
}

static bool is_same(const struct tfu_look *a, const struct tfu_look *b)
{
    return memcmp(a->content, b->content, sizeof a->content) == 0;
}

/* Has an earlier image these pixels? */
static bool is_copy(size_t split, int64_t image)
{
    for (size_t s = 0; s <= split; s++)
        for (int64_t i = 0; i < (s < split ? EACH : image); i++)
            if (is_same(&looks[s][i], &looks[split][image]))
                return true;
    return false;
}

static void count_plainly(struct tfu_alike *out)
{
    *out = (struct tfu_alike){.same = 0};
    for (size_t s = 0; s < SPLITS; s++)
        for (int64_t i = 0; i < EACH; i++) {
            out->same += is_copy(s, i);
            for (size_t t = s; t < SPLITS; t++)
                for (int64_t j = t == s ? i + 1 : 0; j < EACH; j++) {
                    if (is_copy(s, i) || is_copy(t, j) || is_same(&looks[s][i], &looks[t][j]) ||
                        tfu_perceptual_distance(&looks[s][i].hash, &looks[t][j].hash) > BITS)
                        continue;
                    out->near++;
                    out->near_across += s != t;
                }
        }
}

START_TEST(pairs_are_those_of_all_with_all)
{
    struct tfu_alike a, plain;
    struct tfu_error e = TFU_ERROR_INIT;
    fill_splits();
    count_plainly(&plain);
    ck_assert_int_gt(plain.near, 20);
    ck_assert_int_gt(plain.same, 2);
    ck_assert_int_eq(tfu_alike_find(&a, splits, SPLITS, BITS, 1000, &e), TFU_OK);
    ck_assert(a.complete);
    ck_assert_int_eq(a.same, plain.same);
    ck_assert_int_eq(a.near, plain.near);
    ck_assert_int_eq(a.near_across, plain.near_across);
    ck_assert_uint_eq(a.pairs, (size_t)(a.same + a.near));
    for (size_t i = 1; i < a.pairs; i++)
        ck_assert_int_le(a.pair[i - 1].distance, a.pair[i].distance);
    tfu_alike_free(&a);
}
END_TEST

START_TEST(the_nearest_pairs_are_kept)
{
    struct tfu_alike all, few, none;
    struct tfu_error e = TFU_ERROR_INIT;
    fill_splits();
    ck_assert_int_eq(tfu_alike_find(&all, splits, SPLITS, BITS, 1000, &e), TFU_OK);
    ck_assert_int_eq(tfu_alike_find(&few, splits, SPLITS, BITS, 7, &e), TFU_OK);
    ck_assert_int_eq(tfu_alike_find(&none, splits, SPLITS, 0, 0, &e), TFU_OK);
    ck_assert_uint_eq(few.pairs, 7);
    ck_assert_int_eq(few.near, all.near);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_int_eq(few.pair[i].image[0], all.pair[i].image[0]);
        ck_assert_int_eq(few.pair[i].image[1], all.pair[i].image[1]);
        ck_assert_int_eq(few.pair[i].distance, all.pair[i].distance);
    }
    ck_assert_int_eq(none.near, 0);
    ck_assert_int_eq(none.same, all.same);
    tfu_alike_free(&all);
    tfu_alike_free(&few);
    tfu_alike_free(&none);
}
END_TEST

/* What could not be read, and what has no picture in it, is like nothing. */
START_TEST(images_without_a_picture_are_left_out)
{
    static char problem[] = "damaged";
    struct tfu_alike a;
    struct tfu_error e = TFU_ERROR_INIT;
    memset(looks, 0, sizeof looks);
    for (int64_t i = 0; i < 4; i++) {
        looks[0][i].height = looks[0][i].width = 8;
        looks[0][i].constant = i < 2;
        looks[0][i].problem = i < 2 ? NULL : problem;
    }
    splits[0] = (struct tfu_looks){.image = looks[0], .count = 4};
    ck_assert_int_eq(tfu_alike_find(&a, splits, 1, BITS, 10, &e), TFU_OK);
    ck_assert_int_eq(a.same + a.near, 0);
    tfu_alike_free(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("alike");
    TCase *t = tcase_create("alike");
    tcase_add_test(t, a_hash_is_of_the_look);
    tcase_add_test(t, a_hash_is_of_gray);
    tcase_add_test(t, pairs_are_those_of_all_with_all);
    tcase_add_test(t, the_nearest_pairs_are_kept);
    tcase_add_test(t, images_without_a_picture_are_left_out);
    suite_add_tcase(s, t);
    return run_suite(s);
}
