/* SPDX-License-Identifier: MIT
 *
 * Shapes have the area that geometry gives them, and pictures the same bits on every machine: the
 * digests were the same with gcc 12 and clang 14 at -O0, -O2, and -O3 -march=native.
 */
#include <math.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/synth/cxr.h"
#include "core/synth/fundus.h"
#include "core/synth/natural.h"
#include "core/synth/shape.h"
#include "tests/support/check_main.h"

enum { SIDE = 200 };

static struct tfu_plane plane, spare;

static void setup(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_plane_new(&plane, SIDE, &e), TFU_OK);
    ck_assert_int_eq(tfu_plane_new(&spare, SIDE, &e), TFU_OK);
}

static void teardown(void)
{
    tfu_plane_free(&plane);
    tfu_plane_free(&spare);
}

/* In squares of places. */
static double area(const struct tfu_plane *p)
{
    double sum = 0;
    for (size_t i = 0; i < tfu_plane_count(p); i++)
        sum += (double)p->v[i];
    return sum * 4 / (p->side * p->side);
}

START_TEST(areas_of_ellipses)
{
    static const float radius[][2] = {{0.5f, 0.5f}, {0.6f, 0.2f}, {0.03f, 0.02f}, {0.004f, 0.004f}};
    for (size_t i = 0; i < TFU_COUNT(radius); i++) {
        tfu_plane_fill(&plane, 0);
        tfu_draw_ellipse(&plane, &(struct tfu_ellipse){.x = 0.1f,
                                                       .y = -0.05f,
                                                       .radius_x = radius[i][0],
                                                       .radius_y = radius[i][1],
                                                       .angle = 0.1f,
                                                       .value = 1});
        const double want = 3.14159265 * (double)radius[i][0] * (double)radius[i][1];
        /* what is smaller than a pixel lies in few of them */
        const double off = fabs(area(&plane) - want) / want;
        ck_assert_msg(off < (i < 2 ? 0.02 : 0.15), "%g: off by %g", want, off);
    }
}
END_TEST

START_TEST(areas_of_polygons_and_lines)
{
    const struct tfu_point triangle[] = {{-0.8f, 0.7f}, {0.9f, 0.7f}, {0.1f, -0.6f}};
    tfu_draw_polygon(&plane, triangle, 3, 1);
    ck_assert_double_eq_tol(area(&plane), 1.7 * 1.3 / 2, 0.005);
    tfu_plane_fill(&plane, 0);
    struct tfu_path path = {.count = 0};
    tfu_path_add(&path, -0.6f, -0.3f, 0.1f);
    tfu_path_add(&path, 0.6f, 0.6f, 0.1f);
    tfu_draw_path(&plane, &path, 0, 1);
    ck_assert_double_eq_tol(area(&plane), 1.5 * 0.1 + 3.14159265 * 0.05 * 0.05, 0.005);
}
END_TEST

START_TEST(what_leaves_the_plane)
{
    const struct tfu_point beyond[] = {{-3, -3}, {3, -3}, {3, 3}, {-3, 3}};
    tfu_draw_polygon(&plane, beyond, 4, 1);
    ck_assert_double_eq_tol(area(&plane), 4, 1e-3);
    tfu_draw_ellipse(
        &plane, &(struct tfu_ellipse){.x = 5, .y = 5, .radius_x = 1, .radius_y = 1, .value = 1});
    struct tfu_path path = {.count = 0};
    tfu_path_add(&path, -4, 0, 0.1f);
    tfu_path_add(&path, -2, 9, 0.1f);
    tfu_draw_path(&plane, &path, 0, 1);
    ck_assert_double_eq_tol(area(&plane), 4, 1e-3);
}
END_TEST

START_TEST(blur_keeps_what_is_there)
{
    tfu_draw_ellipse(&plane, &(struct tfu_ellipse){.radius_x = 0.2f, .radius_y = 0.2f, .value = 1});
    const double before = area(&plane);
    tfu_plane_blur(&plane, 0.05f, &spare);
    ck_assert_double_eq_tol(area(&plane), before, 1e-3);
    double moment = 0; /* a variance of sigma^2 in each direction is added */
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const double place = (double)tfu_plane_place(&plane, x);
            moment += place * place * (double)plane.v[y * SIDE + x];
        }
    moment *= 4.0 / (SIDE * SIDE);
    ck_assert_double_eq_tol(moment / before, 0.2 * 0.2 / 4 + 0.05 * 0.05, 0.0012);
}
END_TEST

START_TEST(sine_is_near)
{
    for (double t = -2; t < 2; t += 0.01) {
        ck_assert_double_eq_tol(tfu_synth_sin(t), sin(t * 6.283185307179586), 0.0012);
        ck_assert_double_eq_tol(tfu_synth_cos(t), cos(t * 6.283185307179586), 0.0012);
    }
}
END_TEST

/* ---- pictures */

static void check_digest(struct tfu_picture *p, const char *name, const char *want)
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    tfu_hash_bytes(p->pixel, (size_t)p->side * (size_t)p->side * (size_t)p->channels, digest);
    tfu_hash_to_hex(digest, hex);
    hex[16] = '\0';
    ck_assert_msg(strcmp(hex, want) == 0, "%s: its pixels have the digest %s, not %s", name, hex,
                  want);
    tfu_picture_free(p);
}

START_TEST(same_bits_everywhere)
{
    struct tfu_picture p;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_fundus_request eye = {.side = 96, .patient = 1, .image = 2, .grade = 4};
    ck_assert_int_eq(tfu_fundus_draw(&eye, &p, &e), TFU_OK);
    check_digest(&p, "fundus", "9851d646872d4862");
    eye.side = 400;
    eye.left = true;
    ck_assert_int_eq(tfu_fundus_draw(&eye, &p, &e), TFU_OK);
    check_digest(&p, "large fundus", "4ac313af3771d5bc");
    struct tfu_cxr_request chest = {.side = 96, .patient = 1, .study = 2, .image = 3};
    for (int f = 0; f < TFU_FINDINGS; f++)
        chest.truth.severity[f] = 0.7f;
    chest.truth.devices = true;
    ck_assert_int_eq(tfu_cxr_draw(&chest, &p, &e), TFU_OK);
    check_digest(&p, "frontal", "db229032c2ea0a5e");
    chest.truth.view = TFU_SYNTH_LATERAL;
    ck_assert_int_eq(tfu_cxr_draw(&chest, &p, &e), TFU_OK);
    check_digest(&p, "lateral", "94d4f1fd8472b358");
    struct tfu_natural_request natural = {.side = 64, .class = 15, .image = 4};
    natural.confounder = TFU_CONFOUNDER_NOISE;
    ck_assert_int_eq(tfu_natural_draw(&natural, &p, &e), TFU_OK);
    check_digest(&p, "natural", "4bc53e212016f1b4");
}
END_TEST

START_TEST(sizes_are_the_same_picture)
{
    /* means over the halves of a picture do not depend on its size */
    struct tfu_picture small, large;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_fundus_request eye = {.side = 64, .patient = 5, .image = 6, .grade = 2};
    ck_assert_int_eq(tfu_fundus_draw(&eye, &small, &e), TFU_OK);
    eye.side = 256;
    ck_assert_int_eq(tfu_fundus_draw(&eye, &large, &e), TFU_OK);
    for (int part = 0; part < 4; part++) {
        double mean[2] = {0};
        const struct tfu_picture *p[] = {&small, &large};
        for (int k = 0; k < 2; k++) {
            const int half = p[k]->side / 2;
            for (int y = 0; y < half; y++)
                for (int x = 0; x < half; x++)
                    mean[k] += p[k]->pixel[(((size_t)(part / 2 * half + y) * (size_t)p[k]->side) +
                                            (size_t)(part % 2 * half + x)) *
                                           3] /
                               (double)(half * half);
        }
        ck_assert_double_eq_tol(mean[0], mean[1], 2);
    }
    tfu_picture_free(&small);
    tfu_picture_free(&large);
}
END_TEST

START_TEST(every_size_is_drawn)
{
    static const int sides[] = {TFU_SYNTH_SIDE_MIN, 28, 63, 255, 385};
    struct tfu_picture p;
    struct tfu_error e = TFU_ERROR_INIT;
    for (size_t i = 0; i < TFU_COUNT(sides); i++)
        for (int what = TFU_CONFOUNDER_NONE; what <= TFU_CONFOUNDER_LOW_PASS; what++) {
            const enum tfu_confounder c = (enum tfu_confounder)what;
            struct tfu_cxr_request chest = {.side = sides[i], .image = i, .confounder = c};
            ck_assert_int_eq(tfu_cxr_draw(&chest, &p, &e), TFU_OK);
            ck_assert_int_eq(p.side, sides[i]);
            ck_assert_int_eq(p.channels, 1);
            tfu_picture_free(&p);
        }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("synth/drawing");
    TCase *shapes = tcase_create("shapes");
    tcase_add_checked_fixture(shapes, setup, teardown);
    tcase_add_test(shapes, areas_of_ellipses);
    tcase_add_test(shapes, areas_of_polygons_and_lines);
    tcase_add_test(shapes, what_leaves_the_plane);
    tcase_add_test(shapes, blur_keeps_what_is_there);
    tcase_add_test(shapes, sine_is_near);
    suite_add_tcase(s, shapes);
    TCase *pictures = tcase_create("pictures");
    tcase_add_test(pictures, same_bits_everywhere);
    tcase_add_test(pictures, sizes_are_the_same_picture);
    tcase_add_test(pictures, every_size_is_drawn);
    suite_add_tcase(s, pictures);
    return run_suite(s);
}
