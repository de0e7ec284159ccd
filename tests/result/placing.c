/* SPDX-License-Identifier: MIT
 *
 * What a figure finds out before it is drawn: fronts, quartiles, looks, and where names go.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/result/boxes.h"
#include "core/result/ends.h"
#include "core/result/figure_axes.h"
#include "core/result/front.h"
#include "core/result/look.h"
#include "core/result/pdf_date.h"
#include "core/result/pdf_packed.h"
#include "core/result/spots.h"
#include "tests/support/check_main.h"

static void check_front(const struct tfu_figure_point *point, size_t count,
                        struct tfu_front_goal goal, const char *want)
{
    size_t place[8];
    char got[64] = "";
    const size_t n = tfu_front_find(point, count, goal, place);
    for (size_t i = 0; i < n; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%zu ", place[i]);
    ck_assert_str_eq(got, want);
}

START_TEST(front)
{
    static const struct tfu_figure_point p[] = {{3, 5, 0, 0}, {1, 2, 0, 0}, {2, 2, 0, 0},
                                                {3, 5, 0, 0}, {4, 4, 0, 0}, {NAN, 9, 0, 0},
                                                {0, 1, 0, 0}, {2, 3, 0, 0}};
    check_front(p, 8, (struct tfu_front_goal){.more_y = true}, "6 1 7 0 ");
    check_front(p, 8, (struct tfu_front_goal){.more_x = true, .more_y = true}, "0 4 ");
    check_front(p, 8, (struct tfu_front_goal){.more_x = false}, "6 ");
    check_front(p, 8, (struct tfu_front_goal){.more_x = true}, "6 2 4 ");
    check_front(p, 0, (struct tfu_front_goal){.more_x = true}, "");
}
END_TEST

/* quantile(x, c(.25, .5, .75)) of R 4.2 */
START_TEST(quartiles)
{
    static const struct tfu_figure_point p[] = {{2, 7, 0, 0}, {0, 4, 0, 0},   {2, 1, 0, 0},
                                                {2, 3, 0, 0}, {0, NAN, 0, 0}, {2, 9, 0, 0},
                                                {2, 3, 0, 0}, {2, 10, 0, 0}};
    const struct tfu_figure_series s = {.point = p, .count = 8};
    struct tfu_figure_point box[8];
    double spare[8];
    ck_assert_uint_eq(tfu_boxes_find(&s, box, spare), 2);
    ck_assert_uint_eq(tfu_boxes_count(&s), 2);
    ck_assert(box[0].x == 0 && box[0].y == 4 && box[0].low == 4 && box[0].high == 4);
    ck_assert(box[1].x == 2 && box[1].y == 5 && box[1].low == 3 && box[1].high == 8.5);
}
END_TEST

/* Relative luminance of "#rrggbb", as WCAG 2.1 defines it. */
static double luminance(const char *colour)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (size_t i = 0; i < 3; i++) {
        const char two[] = {colour[1 + 2 * i], colour[2 + 2 * i], '\0'};
        const double c = (double)strtoul(two, NULL, 16) / 255;
        sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

START_TEST(looks)
{
    static const char *const known[] = {"random", "pretrained", "Mean Var"};
    ck_assert_uint_eq(tfu_look_number(known, 3, "Mean Var"), 3);
    ck_assert_uint_eq(tfu_look_number(known, 3, "other"), 0);
    const struct tfu_figure_series plain = {.label = ""}, named = {.label = "", .look = 3};
    ck_assert_str_eq(tfu_look_of(&plain, 2).colour, tfu_look_of(&named, 0).colour);
    ck_assert_int_eq(tfu_look_of(&plain, 2).marker, tfu_look_of(&named, 5).marker);
    const struct tfu_figure_series marked = {.label = "", .look = 3, .mark = 1};
    ck_assert_str_eq(tfu_look_of(&marked, 0).colour, tfu_look_of(&named, 0).colour);
    ck_assert_int_eq(tfu_look_of(&marked, 0).marker, tfu_look_of(&plain, 0).marker);
    /* names are read on white, and a print without colours has marks */
    for (size_t i = 0; i < 12; i++) {
        const struct tfu_series_look a = tfu_look_of(&plain, i);
        ck_assert_msg(1.05 / (luminance(a.ink) + 0.05) >= 4.5, "%s on white", a.ink);
        for (size_t k = 0; k < i; k++) {
            const struct tfu_series_look b = tfu_look_of(&plain, k);
            ck_assert(strcmp(a.colour, b.colour) != 0 && a.marker != b.marker);
        }
    }
}
END_TEST

START_TEST(ends)
{
    struct tfu_end e[] = {{0, 9, 50, 0}, {1, 9, 20, 0}, {2, 9, 52, 0}, {3, 9, 51, 0}};
    ck_assert(tfu_ends_spread(e, 4, 10, 0, 100, 12));
    static const size_t order[] = {1, 0, 3, 2};
    static const double middle[] = {20, 41, 51, 61};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(e[i].series, order[i]);
        ck_assert_double_eq_tol(e[i].middle, middle[i], 1e-9);
    }
    ck_assert(!tfu_ends_spread(e, 4, 10, 0, 100, 8)); /* too far */
    /* within the plot: pushed from its edges */
    struct tfu_end low[] = {{0, 9, 99, 0}, {1, 9, 100, 0}};
    ck_assert(tfu_ends_spread(low, 2, 10, 0, 100, 12));
    ck_assert(low[0].middle == 90 && low[1].middle == 100);
    struct tfu_end three[] = {{0, 9, 5, 0}, {1, 9, 6, 0}, {2, 9, 7, 0}};
    ck_assert(!tfu_ends_spread(three, 3, 10, 0, 15, 100)); /* there is no room */
    ck_assert(!tfu_ends_spread(three, TFU_ENDS_MOST + 1, 10, 0, 15, 100));
}
END_TEST

/* No two names lie on each other, none on a point, none outside. */
START_TEST(spots)
{
    struct tfu_spot s[40];
    const struct tfu_spot_area area = {0, 200, 0, 200, 15};
    for (size_t i = 0; i < 40; i++)
        s[i] = (struct tfu_spot){
            .x = (double)(i * 73 % 200), .y = (double)(i * 31 % 200), .width = i % 2 ? 60 : 0};
    tfu_spots_place(s, 40, area);
    size_t placed = 0;
    for (size_t i = 0; i < 40; i++) {
        if (!s[i].placed)
            continue;
        placed++;
        ck_assert(s[i].width > 0 && s[i].left >= 0 && s[i].left + s[i].width <= 200);
        ck_assert(s[i].middle >= 7.5 && s[i].middle <= 192.5);
        for (size_t k = 0; k < 40; k++) {
            ck_assert(s[k].x <= s[i].left || s[k].x >= s[i].left + s[i].width ||
                      fabs(s[k].y - s[i].middle) >= 7.5);
            ck_assert(k == i || !s[k].placed || s[k].left >= s[i].left + s[i].width ||
                      s[i].left >= s[k].left + s[k].width || fabs(s[k].middle - s[i].middle) >= 15);
        }
    }
    ck_assert_uint_ge(placed, 8);
    struct tfu_spot alone = {.x = 100, .y = 100, .width = 60};
    tfu_spots_place(&alone, 1, area);
    ck_assert(alone.placed && !alone.far && alone.left > 100 && alone.middle == 100);
}
END_TEST

START_TEST(pdf_date)
{
    static const char text[] = "%PDF\n/CreationDate (D:20261130103513Z)\n/CreationDate (D:2026";
    static const char want[] = "%PDF\n/CreationDate (D:19700101000000Z)\n/CreationDate (D:2026";
    char path[] = "/tmp/transfuse-pdf-XXXXXX", got[sizeof want + 1] = "";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, sizeof text - 1), sizeof text - 1);
    ck_assert_int_eq(tfu_pdf_fix_date(path, NULL), TFU_OK);
    close(fd);
    FILE *again = fopen(path, "rb");
    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(fread(got, 1, sizeof got, again), sizeof want - 1);
    ck_assert_str_eq(got, want);
    fclose(again);
    unlink(path);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_ne(tfu_pdf_fix_date(path, &e), TFU_OK);
    ck_assert_ptr_nonnull(strstr(e.text, path));
}
END_TEST

/* A copy of a file of tests/result/pdf with its date set, as bytes. */
static size_t fixed_pdf(const char *name, char *bytes, size_t room)
{
    char from[4096], path[] = "/tmp/transfuse-pdf-XXXXXX";
    const char *folder = getenv("TOP_SRCDIR");
    snprintf(from, sizeof from, "%s/tests/result/pdf/%s", folder ? folder : ".", name);
    FILE *in = fopen(from, "rb");
    ck_assert_msg(in != NULL, "cannot open %s", from);
    size_t n = fread(bytes, 1, room, in);
    fclose(in);
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    close(fd);
    ck_assert_int_eq(tfu_pdf_fix_date(path, NULL), TFU_OK);
    FILE *out = fopen(path, "rb");
    ck_assert_ptr_nonnull(out);
    n = fread(bytes, 1, room, out);
    fclose(out);
    unlink(path);
    return n;
}

/* Of cairo 1.18, made a second apart. The last line but one is the place of the table of places. */
START_TEST(packed_date)
{
    char one[4096], two[4096];
    const size_t n = fixed_pdf("first.pdf", one, sizeof one);
    ck_assert_uint_gt(n, 1000);
    ck_assert_uint_eq(fixed_pdf("second.pdf", two, sizeof two), n);
    ck_assert_mem_eq(one, two, n);
    const char *at = memmem(one, n, "startxref\n", 10);
    ck_assert_ptr_nonnull(at);
    const long place = strtol(at + 10, NULL, 10);
    ck_assert(place > 0 && (size_t)place + 40 < n);
    ck_assert_mem_eq(one + place, "13 0 obj\n<< /Type /XRef\n", 24);
}
END_TEST

/* Of every file that is cut short nothing becomes worse, and nothing is read behind its end. */
START_TEST(packed_cut)
{
    char bytes[4096];
    const size_t n = fixed_pdf("first.pdf", bytes, sizeof bytes);
    for (size_t size = 0; size < n; size++) {
        char *part = malloc(size + 1); /* so that a checker of memory knows its end */
        ck_assert_ptr_nonnull(part);
        memcpy(part, bytes, size);
        struct tfu_text out = TFU_TEXT_INIT;
        (void)tfu_pdf_pack_date(&out, part, size, "/CreationDate (D:", "19700101000000");
        tfu_text_free(&out);
        free(part);
    }
}
END_TEST

/* Panels of the same quantity have one range; a band that reaches too far is cut, which is known.
 */
START_TEST(ranges)
{
    const struct tfu_figure_point low[] = {{0, 0.8, NAN, NAN}, {1, 0.9, NAN, NAN}};
    const struct tfu_figure_point high[] = {{0, 0.9, 0.85, 0.95}, {1, 1.0, 0.9, 1.04}};
    struct tfu_figure_point far[] = {{0, 0.9, -5, 5}, {1, 1.0, 0.9, 1.04}};
    const struct tfu_figure_series a = {.point = low, .count = 2};
    struct tfu_figure_series b = {.point = high, .count = 2, .band = true};
    const struct tfu_figure_panel panel[] = {{.series = &a, .series_count = 1},
                                             {.series = &b, .series_count = 1}};
    struct tfu_figure f = {.kind = TFU_FIGURE_LINES, .panel = panel, .panel_count = 2};
    struct tfu_figure_axes first, second;
    tfu_figure_axes_find(&first, &f, &panel[0], 300);
    tfu_figure_axes_find(&second, &f, &panel[1], 300);
    ck_assert(first.y.low < second.y.low && first.y.high < second.y.high);
    f.same_y = true;
    tfu_figure_axes_find(&first, &f, &panel[0], 300);
    tfu_figure_axes_find(&second, &f, &panel[1], 300);
    ck_assert(first.y.low <= 0.8 && first.y.high >= 1.04);
    ck_assert(first.y.low == second.y.low && first.y.high == second.y.high);
    ck_assert(!tfu_figure_cuts_intervals(&f));
    b.point = far;
    tfu_figure_axes_find(&second, &f, &panel[1], 300);
    ck_assert(second.y.low > 0 && second.y.high < 2);
    ck_assert(tfu_figure_cuts_intervals(&f));
}
END_TEST

/* An axis ends where it is said to, the other end has its room; one of powers of ten shows nothing
 * that is not above 0. */
START_TEST(axis_ends)
{
    const struct tfu_figure_point point[] = {
        {0, 0.2, 0.1, 0.3}, {1, 0.9, -1, 1.5}, {2, 20, 10, 30}, {3, -5, -6, -4}};
    const struct tfu_figure_series s = {.point = point, .count = 4};
    struct tfu_figure_panel panel = {.series = &s, .series_count = 1};
    const struct tfu_figure f = {.kind = TFU_FIGURE_LINES, .panel = &panel, .panel_count = 1};
    struct tfu_figure_axes axes;
    panel.y = (struct tfu_figure_ends){true, true, 0.25, 1};
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.low == 0.25 && axes.y.high == 1);
    ck_assert(!tfu_figure_shows(&panel, 0.2) && tfu_figure_shows(&panel, 0.25));
    ck_assert(tfu_figure_shows(&panel, 1) && !tfu_figure_shows(&panel, 20));
    ck_assert(tfu_figure_cuts_intervals(&f));
    panel.y = (struct tfu_figure_ends){.has_low = true, .low = 0};
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.low == 0 && axes.y.high > 30 && axes.y.high < 40);
    panel.y = (struct tfu_figure_ends){.has_low = true, .low = 50}; /* beyond all */
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.low == 50 && axes.y.high > 50);
    panel.y = (struct tfu_figure_ends){.has_high = true, .high = -50};
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.low < -50 && axes.y.high == -50);

    panel.y = (struct tfu_figure_ends){.has_low = false};
    panel.log_y = true;
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.log && axes.y.low > 0.05 && axes.y.low < 0.1);
    ck_assert(axes.y.high > 30 && axes.y.high < 60);
    ck_assert(tfu_figure_shows(&panel, 0.2) && !tfu_figure_shows(&panel, -5));
    ck_assert(!tfu_figure_shows(&panel, 0));
    ck_assert(fabs(tfu_figure_share_y(&axes, sqrt(axes.y.low * axes.y.high)) - 0.5) < 1e-12);
    ck_assert(tfu_figure_share_y(&axes, -5) < 0);
    panel.y = (struct tfu_figure_ends){true, true, 0.1, 1000};
    tfu_figure_axes_find(&axes, &f, &panel, 300);
    ck_assert(axes.y.low == 0.1 && axes.y.high == 1000);
    ck_assert(axes.y.tics >= 5 && axes.y.tic[0] == 0.1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("placing");
    TCase *t = tcase_create("placing");
    tcase_add_test(t, front);
    tcase_add_test(t, quartiles);
    tcase_add_test(t, looks);
    tcase_add_test(t, ends);
    tcase_add_test(t, spots);
    tcase_add_test(t, ranges);
    tcase_add_test(t, axis_ends);
    tcase_add_test(t, pdf_date);
    tcase_add_test(t, packed_date);
    tcase_add_test(t, packed_cut);
    suite_add_tcase(s, t);
    return run_suite(s);
}
