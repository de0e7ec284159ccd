/* SPDX-License-Identifier: MIT
 *
 * The metric dft_cca: against numpy (make_maps.py), what must not change it, and how it refuses.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"

/* Maps of one side: images x height x width x channels. */
struct maps {
    int64_t images, height, width, channels;
    double *value;
};

struct pair {
    struct maps a, b;
};

static const struct {
    const char *name;
    int64_t images, a[3], b[3];
} cases[] = {
    {"equal", 50, {5, 5, 3}, {5, 5, 4}},     {"even", 50, {6, 4, 3}, {6, 4, 2}},
    {"to_odd", 60, {8, 8, 3}, {5, 5, 4}},    {"to_even", 60, {8, 8, 3}, {4, 4, 4}},
    {"oblong", 64, {7, 7, 2}, {4, 6, 5}},    {"one_pixel", 40, {1, 1, 3}, {6, 6, 2}},
    {"both_ways", 90, {4, 9, 2}, {9, 3, 3}}, {"dead", 40, {4, 4, 4}, {4, 4, 3}},
};

static int64_t image_size(const struct maps *m)
{
    return m->height * m->width * m->channels;
}

static double *at(const struct maps *m, int64_t n, int64_t y, int64_t x)
{
    return m->value + n * image_size(m) + (y * m->width + x) * m->channels;
}

static double named(const char *name, const char *what, int64_t i)
{
    char full[64];
    snprintf(full, sizeof full, "%s.%s", name, what);
    return formula(stream(full), (uint64_t)i);
}

static struct maps drawn(const char *name, const char *what, int64_t images, const int64_t size[3],
                         double more)
{
    struct maps m = {images, size[0], size[1], size[2], NULL};
    const int64_t count = images * image_size(&m);
    m.value = calloc((size_t)count, sizeof *m.value);
    ck_assert_ptr_nonnull(m.value);
    for (int64_t i = 0; i < count; i++)
        m.value[i] = named(name, what, i) + more;
    return m;
}

/* Positions that both have: b += a mix. */
static void mix(const char *name, const struct maps *a, const struct maps *b)
{
    for (int64_t n = 0; n < a->images; n++)
        for (int64_t y = 0; y < a->height && y < b->height; y++)
            for (int64_t x = 0; x < a->width && x < b->width; x++)
                for (int64_t i = 0; i < a->channels; i++)
                    for (int64_t j = 0; j < b->channels; j++)
                        at(b, n, y, x)[j] +=
                            at(a, n, y, x)[i] * (named(name, "mix", i * b->channels + j) - 0.5);
}

/* One channel without any variance, one that is the same at all positions of an image. */
static void kill_channels(const struct maps *a)
{
    for (int64_t n = 0; n < a->images; n++)
        for (int64_t y = 0; y < a->height; y++)
            for (int64_t x = 0; x < a->width; x++) {
                at(a, n, y, x)[1] = 0.7;
                at(a, n, y, x)[2] = at(a, n, 0, 0)[2];
            }
}

static struct pair make(const char *name)
{
    size_t i = 0;
    while (strcmp(cases[i].name, name) != 0)
        i++;
    struct pair p = {drawn(name, "a", cases[i].images, cases[i].a, 2),
                     drawn(name, "b", cases[i].images, cases[i].b, 0)};
    mix(name, &p.a, &p.b);
    if (strcmp(name, "dead") == 0)
        kill_channels(&p.a);
    return p;
}

static void free_pair(const struct pair *p)
{
    free(p->a.value);
    free(p->b.value);
}

static struct tfu_tensor maps_of(const struct maps *m, int64_t first, int64_t rows)
{
    return (struct tfu_tensor){
        .struct_size = sizeof(struct tfu_tensor),
        .dtype = TFU_F64,
        .shape = tfu_shape_make(4, rows, m->height, m->width, m->channels, 1),
        .data = m->value + first * image_size(m),
    };
}

static enum tfu_status feed(struct tapped *t, const struct pair *p, int64_t first, int64_t end,
                            int64_t batch, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int64_t r = first; st == TFU_OK && r < end; r += batch) {
        const int64_t rows = end - r < batch ? end - r : batch;
        const struct tfu_tensor x = maps_of(&p->a, r, rows), y = maps_of(&p->b, r, rows);
        const struct tfu_activations one = {
            .rows = rows, .node = {"block1", "block2"}, .t = {&x, &y}};
        st = tfu_scorer_look(t->scorer, &one, e);
    }
    return st;
}

static struct tapped opened(const char *options)
{
    return tapped_open("dft_cca", options, TFU_TASK_CLASSIFICATION, 1);
}

static struct tapped fed(const struct pair *p, const char *options, int64_t batch)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tapped t = opened(options);
    feed(&t, p, 0, p->a.images, batch, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return t;
}

static double compared(const struct pair *p, const char *options, int64_t batch, const char *key)
{
    struct tapped t = fed(p, options, batch);
    const double value = tapped_value(&t, key);
    tapped_close(&t);
    return value;
}

/* ---- values */

START_TEST(is_the_cca_at_each_frequency)
{
    struct fixture *f = fixture_open("plugins/metric/maps.fixture");
    const char *name = cases[_i].name;
    struct pair p = make(name);
    struct tapped t = fed(&p, "", 7);
    const double *want = fixture_get(f, name, 3);
    ck_assert_double_eq_tol(tapped_value(&t, "dft_cca"), want[0], 1e-10);
    ck_assert_double_eq_tol(tapped_value(&t, "dft_cca.power"), want[1], 1e-10);
    ck_assert_double_eq(tapped_value(&t, "dft_cca.coefficients"), want[2]);
    char key[64];
    snprintf(key, sizeof key, "%s.frequency", name);
    const int64_t height = p.a.height < p.b.height ? p.a.height : p.b.height;
    const int64_t width = p.a.width < p.b.width ? p.a.width : p.b.width;
    ck_assert_double_eq(tapped_value(&t, "dft_cca.height"), (double)height);
    ck_assert_double_eq(tapped_value(&t, "dft_cca.width"), (double)width);
    const double *each = fixture_get(f, key, (size_t)(height * width));
    for (int64_t i = 0; i < height * width; i++) {
        snprintf(key, sizeof key, "dft_cca.frequency.%lld", (long long)i);
        ck_assert_double_eq_tol(tapped_value(&t, key), each[i], 1e-10);
    }
    tapped_close(&t);
    free_pair(&p);
    fixture_close(f);
}
END_TEST

/* At size=1 it is CCA of the means of the maps. */
START_TEST(lowest_frequency_is_cca_of_means)
{
    struct pair p = make("to_odd");
    struct table mean[2] = {table_new(p.a.images, p.a.channels),
                            table_new(p.b.images, p.b.channels)};
    const struct maps *maps[] = {&p.a, &p.b};
    for (int side = 0; side < 2; side++)
        for (int64_t n = 0; n < p.a.images; n++)
            for (int64_t y = 0; y < maps[side]->height; y++)
                for (int64_t x = 0; x < maps[side]->width; x++)
                    for (int64_t c = 0; c < maps[side]->channels; c++)
                        mean[side].value[n * maps[side]->channels + c] +=
                            at(maps[side], n, y, x)[c];
    ck_assert_double_eq_tol(compared(&p, "size=1", 60, "dft_cca"),
                            tapped_compare("svcca", "", &mean[0], &mean[1], "svcca"), 1e-10);
    table_free(&mean[0]);
    table_free(&mean[1]);
    free_pair(&p);
}
END_TEST

/* ---- invariance */

START_TEST(bits_do_not_depend_on_batches)
{
    struct pair p = make("oblong");
    const double whole = compared(&p, "", 64, "dft_cca");
    ck_assert(compared(&p, "", 1, "dft_cca") == whole);
    ck_assert(compared(&p, "", 45, "dft_cca") == whole);
    free_pair(&p);
}
END_TEST

/* The same maps, the channels mixed by an invertible matrix: here, sums of neighbours. */
START_TEST(channels_may_be_mixed_and_maps_turned)
{
    struct pair p = make("equal");
    const double before = compared(&p, "", 50, "dft_cca");
    for (int64_t i = 0; i < p.a.images * image_size(&p.a); i += p.a.channels) {
        double *c = p.a.value + i;
        c[0] = 4 * c[0] - c[1] + 9;
        c[1] = 0.001 * (c[1] + c[2]);
        c[2] = c[2] - c[0];
    }
    ck_assert_double_eq_tol(compared(&p, "", 50, "dft_cca"), before, 1e-10);
    /* a shift round the edge of both turns phases alone */
    const struct maps *maps[] = {&p.a, &p.b};
    for (int side = 0; side < 2; side++)
        for (int64_t n = 0; n < p.a.images; n++) {
            const size_t line = (size_t)(maps[side]->width * maps[side]->channels);
            double *image = at(maps[side], n, 0, 0), first[64];
            ck_assert_uint_le(line, TFU_COUNT(first));
            memcpy(first, image, line * sizeof *first);
            memmove(image, image + line, (size_t)(maps[side]->height - 1) * line * sizeof *first);
            memcpy(at(maps[side], n, maps[side]->height - 1, 0), first, line * sizeof *first);
        }
    ck_assert_double_eq_tol(compared(&p, "", 50, "dft_cca"), before, 1e-10);
    free_pair(&p);
}
END_TEST

START_TEST(maps_and_themselves_are_one)
{
    struct pair p = make("even");
    const struct pair same = {p.a, p.a};
    ck_assert_double_eq_tol(compared(&same, "", 50, "dft_cca"), 1, 1e-12);
    ck_assert_double_eq_tol(compared(&same, "", 50, "dft_cca.power"), 1, 1e-12);
    free_pair(&p);
}
END_TEST

/* ---- what is not defined, and what is refused */

/* Maps that are constant over their positions vary at the lowest frequency alone. */
START_TEST(frequencies_without_variance_are_undefined)
{
    struct pair p = make("even");
    for (int64_t n = 0; n < p.a.images; n++)
        for (int64_t y = 0; y < p.a.height; y++)
            for (int64_t x = 0; x < p.a.width; x++)
                for (int64_t c = 0; c < p.a.channels; c++)
                    at(&p.a, n, y, x)[c] = at(&p.a, n, 0, 0)[c];
    struct tapped t = fed(&p, "", 50);
    ck_assert_double_eq(tapped_value(&t, "dft_cca.coefficients"), 2);
    ck_assert_double_eq_tol(tapped_value(&t, "dft_cca"), tapped_value(&t, "dft_cca.frequency.0"),
                            1e-15);
    ck_assert_double_nan(tapped_value(&t, "dft_cca.frequency.1"));
    ck_assert_str_eq(tapped_note(&t, "dft_cca.frequency.1"), "nothing varies on one of the sides");
    tapped_close(&t);
    memset(p.a.value, 0, (size_t)(p.a.images * image_size(&p.a)) * sizeof *p.a.value);
    t = fed(&p, "", 50);
    ck_assert_double_nan(tapped_value(&t, "dft_cca"));
    ck_assert_double_eq(tapped_value(&t, "dft_cca.coefficients"), 0);
    tapped_close(&t);
    free_pair(&p);
}
END_TEST

static void check_refused(struct tapped *t, const struct tfu_error *e, const char *part)
{
    ck_assert_int_ne(e->status, TFU_OK);
    ck_assert_msg(strstr(e->text, part), "%s", e->text);
    tapped_close(t);
}

START_TEST(refuses_in_words)
{
    struct pair p = make("equal");
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_score *score;
    size_t count;

    struct tapped t = opened("");
    feed(&t, &p, 0, 4, 4, &e);
    tfu_scorer_finish(t.scorer, &score, &count, &e);
    check_refused(&t, &e, "4 images for the 4 channels of 'block2'");

    e = (struct tfu_error)TFU_ERROR_INIT;
    t = opened("");
    at(&p.a, 11, 2, 0)[1] = (double)NAN; /* column (2 * 5 + 0) * 3 + 1 */
    feed(&t, &p, 0, 50, 8, &e);
    check_refused(&t, &e, "'block1' of a has nan in row 11, column 31");

    e = (struct tfu_error)TFU_ERROR_INIT;
    t = opened("memory=1");
    const int64_t size[] = {100, 100, 3};
    const struct pair large = {drawn("large", "a", 1, size, 0), drawn("large", "b", 1, size, 0)};
    feed(&t, &large, 0, 1, 1, &e);
    check_refused(&t, &e, "set size to compare lower frequencies alone");
    free_pair(&large);
    free_pair(&p);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("maps");
    tcase_add_loop_test(tests, is_the_cca_at_each_frequency, 0, (int)TFU_COUNT(cases));
    tcase_add_test(tests, lowest_frequency_is_cca_of_means);
    tcase_add_test(tests, bits_do_not_depend_on_batches);
    tcase_add_test(tests, channels_may_be_mixed_and_maps_turned);
    tcase_add_test(tests, maps_and_themselves_are_one);
    tcase_add_test(tests, frequencies_without_variance_are_undefined);
    tcase_add_test(tests, refuses_in_words);
    Suite *suite = suite_create("dft_cca");
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
