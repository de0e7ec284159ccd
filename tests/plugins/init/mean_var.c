/* SPDX-License-Identifier: MIT
 *
 * The initializer mean_var: moments against the source's, numbers that are the source's own, and
 * what becomes of normalisation layers.
 */
#include <math.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/setting.h"

#define CBR        "{plugin: cbr_tiny}"
#define TWO_BLOCKS "{plugin: cbr_tiny, truncate: block2}"

/* ---- moments of large tensors, over a hundred seeds */

enum { CHANNELS = 64, EACH = 32 * 25 };

static const struct {
    const char *options;
    bool normal, by_channel;
} samplings[] = {{"sampling: normal", true, false},
                 {"sampling: normal, per: channel", true, true},
                 {"sampling: bootstrap", false, false},
                 {"sampling: bootstrap, per: channel", false, true}};

/* Standard errors of a sample's mean and variance around the true ones. */
static void check_moments(const struct sample *got, const struct sample *want, size_t n,
                          bool normal, const char *what, uint64_t seed)
{
    const double count = (double)n, square = want->variance * want->variance;
    const double of_mean = sqrt(want->variance / count);
    const double of_variance =
        normal ? want->variance * sqrt(2 / (count - 1)) : sqrt((want->fourth - square) / count);
    if (!(fabs(got->mean - want->mean) <= 4 * of_mean))
        ck_abort_msg("%s, seed %d: mean %g, the source's %g", what, (int)seed, got->mean,
                     want->mean);
    if (!(fabs(got->variance - want->variance) <= 4 * of_variance))
        ck_abort_msg("%s, seed %d: variance %g, the source's %g", what, (int)seed, got->variance,
                     want->variance);
}

/* block2.conv.weight has 51200 numbers. */
START_TEST(moments)
{
    char init[256];
    struct setting source = setting_source(TWO_BLOCKS, "source");
    size_t n, m;
    snprintf(init, sizeof init,
             "[{plugin: random, scheme: constant}, {plugin: mean_var, source: '%%s/source', %s, "
             "match: [block2.conv.weight]}]",
             samplings[_i].options);
    const float *from = setting_get(&source, "block2.conv.weight", &n);
    const struct sample want = sample_of(from, n);
    struct setting s = setting_open(TWO_BLOCKS, init);
    double shift[CHANNELS] = {0};
    for (s.seed = 1; s.seed <= 100; s.seed++) {
        setting_run(&s, 1);
        const float *w = setting_get(&s, "block2.conv.weight", &m);
        ck_assert_uint_eq(n, m);
        const struct sample got = sample_of(w, n);
        if (!samplings[_i].by_channel)
            check_moments(&got, &want, n, samplings[_i].normal, samplings[_i].options, s.seed);
        for (int c = 0; c < CHANNELS; c++)
            shift[c] += sample_of(w + c * EACH, EACH).mean / 100;
    }
    /* all seeds together: 80000 numbers a channel, whose mean follows the source's channel or does
     * not */
    double apart = 0;
    for (int c = 0; c < CHANNELS; c++) {
        const struct sample own = sample_of(from + c * EACH, EACH);
        const double mean = samplings[_i].by_channel ? own.mean : want.mean;
        const double variance = samplings[_i].by_channel ? own.variance : want.variance;
        ck_assert_double_le(fabs(shift[c] - mean), 4 * sqrt(variance / (100.0 * EACH)));
        apart = fmax(apart, fabs(own.mean - want.mean));
    }
    ck_assert_double_gt(apart, 10 * sqrt(want.variance / (100.0 * EACH)));
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* ---- the source's own numbers */

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static float *sorted(const float *w, size_t n)
{
    float *copy = malloc(n * sizeof *copy);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, w, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, ascending);
    return copy;
}

static void check_shuffled(const float *w, const float *from, size_t n)
{
    float *got = sorted(w, n), *want = sorted(from, n);
    ck_assert(memcmp(got, want, n * sizeof *got) == 0);
    free(want);
    free(got);
}

START_TEST(shuffle_keeps_the_numbers)
{
    struct setting source = setting_source(CBR, "source");
    struct setting s = setting_filled(
        CBR, "[{plugin: mean_var, source: '%s/source', sampling: shuffle, batchnorm: mean_var}]");
    size_t n;
    for (uint32_t p = 0; p < s.graph->param_count; p++) {
        const char *name = s.graph->param[p].name;
        const float *w = setting_get(&s, name, &n), *from = setting_get(&source, name, &n);
        check_shuffled(w, from, n);
        ck_assert_msg(memcmp(w, from, n * sizeof *w) != 0, "'%s' is not shuffled", name);
    }
    setting_close(&s);
    s = setting_filled(
        CBR, "[{plugin: mean_var, source: '%s/source', sampling: shuffle, per: channel}]");
    const float *w = setting_get(&s, "block2.conv.weight", &n),
                *from = setting_get(&source, "block2.conv.weight", &n);
    for (int c = 0; c < CHANNELS; c++)
        check_shuffled(w + c * EACH, from + c * EACH, EACH);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* Every place of five can get every number of five: all 120 permutations come up, about equally. */
START_TEST(shuffle_is_fair)
{
    enum { RUNS = 2400 };
    const float five[5] = {0, 1, 2, 3, 4};
    int count[5][5] = {{0}};
    setting_save_tensor("five", "fc.bias", 1, (const int64_t[]){5}, five);
    struct setting s =
        setting_open("{plugin: cbr_tiny, truncate: block1}",
                     "[{plugin: random, scheme: constant}, {plugin: mean_var, sampling: shuffle, "
                     "source: '%s/five', match: [fc.bias]}]");
    size_t n;
    for (s.seed = 0; s.seed < RUNS; s.seed++) {
        setting_run(&s, 1);
        for (int i = 0; i < 5; i++)
            count[i][(int)setting_get(&s, "fc.bias", &n)[i]]++;
    }
    /* binomial: 480 expected, deviation 19.6 */
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 5; k++)
            ck_assert_int_lt(abs(count[i][k] - RUNS / 5), 80);
    setting_close(&s);
}
END_TEST

START_TEST(bootstrap_draws_the_numbers)
{
    struct setting source = setting_source(CBR, "source");
    struct setting s = setting_filled(
        CBR, "[{plugin: mean_var, source: '%s/source', sampling: bootstrap, batchnorm: mean_var}]");
    for (uint32_t p = 0; p < s.graph->param_count; p++) {
        size_t n, repeated = 0;
        const char *name = s.graph->param[p].name;
        const float *w = setting_get(&s, name, &n), *v = setting_get(&source, name, &n);
        float *got = sorted(w, n), *from = sorted(v, n);
        for (size_t i = 0, k = 0; i < n; i++) {
            while (k < n && from[k] < got[i])
                k++;
            ck_assert_msg(k < n && from[k] == got[i], "'%s' has %g of its own", name,
                          (double)got[i]);
            repeated += i > 0 && got[i] == got[i - 1];
        }
        /* with replacement: about 37 % of the draws repeat one */
        if (n > 1000)
            ck_assert_uint_gt(repeated, n / 3);
        free(from);
        free(got);
    }
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* ---- normalisation */

static void check_constant(const struct setting *s, const char *param, float want)
{
    size_t n;
    const float *w = setting_get(s, param, &n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(w[i] == want, "%s: element %zu is %g", param, i, (double)w[i]);
}

START_TEST(normalisation_identity)
{
    struct setting source = setting_source(CBR, "source");
    struct setting s = setting_filled(CBR, "[{plugin: mean_var, source: '%s/source'}]");
    check_constant(&s, "block3.bn.weight", 1);
    check_constant(&s, "block3.bn.bias", 0);
    check_constant(&s, "block3.bn.running_mean", 0);
    check_constant(&s, "block3.bn.running_var", 1);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

static bool is_normalisation(const struct tfu_graph *g, uint32_t param)
{
    return strstr(g->param[param].name, ".bn.") != NULL;
}

START_TEST(normalisation_copy)
{
    struct setting source = setting_source(CBR, "source");
    struct setting s =
        setting_filled(CBR, "[{plugin: mean_var, source: '%s/source', batchnorm: copy}]");
    size_t n;
    setting_same(&s, &source, is_normalisation);
    const float *w = setting_get(&s, "fc.weight", &n),
                *from = setting_get(&source, "fc.weight", &n);
    ck_assert(memcmp(w, from, n * sizeof *w) != 0);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* Over 100 seeds, 25600 numbers of block4: the source's mean and variance, running variances of
 * which none is 0 or less. Their log-normal has a fourth moment of its own. */
START_TEST(normalisation_mean_var)
{
    static const char *const name[] = {"block4.bn.weight", "block4.bn.bias",
                                       "block4.bn.running_mean", "block4.bn.running_var"};
    enum { SEEDS = 100, EACH_SEED = 256 };
    static float all[4][SEEDS * EACH_SEED];
    struct setting source = setting_source("{plugin: cbr_tiny}", "source");
    struct setting s = setting_open(
        CBR, "[{plugin: random, scheme: constant}, {plugin: mean_var, source: '%s/source', "
             "batchnorm: mean_var, match: ['block4.bn.*']}]");
    size_t n;
    for (s.seed = 0; s.seed < SEEDS; s.seed++) {
        setting_run(&s, 1);
        for (int i = 0; i < 4; i++)
            memcpy(all[i] + s.seed * EACH_SEED, setting_get(&s, name[i], &n),
                   EACH_SEED * sizeof(float));
    }
    for (int i = 0; i < 4; i++) {
        const struct sample got = sample_of(all[i], SEEDS * EACH_SEED);
        const float *from = setting_get(&source, name[i], &n);
        struct sample want = sample_of(from, n);
        if (i == 3) {
            const double s2 = log1p(want.variance / (want.mean * want.mean)), w = exp(s2);
            want.fourth =
                want.variance * want.variance * (w * w * w * w + 2 * w * w * w + 3 * w * w - 3);
            for (size_t k = 0; k < SEEDS * EACH_SEED; k++)
                ck_assert_float_gt(all[i][k], 0);
        }
        check_moments(&got, &want, SEEDS * EACH_SEED, i != 3, name[i], 0);
    }
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* Variances that are mostly tiny with one huge among them: a normal would give half of them below
 * 0. */
START_TEST(variances_stay_above_0)
{
    static const char *const samplings_of_variances[] = {"normal", "shuffle", "bootstrap"};
    struct setting source = setting_source(CBR, "source");
    char init[200];
    size_t n;
    float *w = setting_get(&source, "block4.bn.running_var", &n);
    for (size_t i = 0; i < n; i++)
        w[i] = i == 17 ? 1e4f : 1e-6f;
    setting_save(&source, "source");
    snprintf(init, sizeof init,
             "[{plugin: mean_var, source: '%%s/source', batchnorm: mean_var, sampling: %s}]",
             samplings_of_variances[_i]);
    struct setting s = setting_filled(CBR, init);
    const float *got = setting_get(&s, "block4.bn.running_var", &n);
    for (size_t i = 0; i < n; i++)
        ck_assert_float_gt(got[i], 0);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* A damaged source: variances of 0 or less come out of no sampling. */
START_TEST(negative_variances_are_refused)
{
    static const char *const options[] = {"sampling: normal", "sampling: shuffle",
                                          "sampling: bootstrap", "batchnorm: copy"};
    struct setting source = setting_source(CBR, "source");
    struct tfu_error e = TFU_ERROR_INIT;
    char init[200];
    size_t n;
    float *w = setting_get(&source, "block4.bn.running_var", &n);
    for (size_t i = 0; i < n; i++)
        w[i] = i == 17 ? -0.5f : 0.25f;
    setting_save(&source, "source");
    snprintf(init, sizeof init, "[{plugin: mean_var, source: '%%s/source', %s%s}]",
             _i < 3 ? "batchnorm: mean_var, " : "", options[_i]);
    struct setting s = setting_open(CBR, init);
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_ECORRUPT);
    ck_assert_msg(strstr(e.text, "the running variances 'block4.bn.running_var' of") &&
                      strstr(e.text, "have -0.5 among them; variances are not below 0"),
                  "%s", e.text);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* ---- odd sources */

START_TEST(variance_0)
{
    struct setting source = setting_source(CBR, "source");
    size_t n;
    float *w = setting_get(&source, "block2.conv.weight", &n);
    for (size_t i = 0; i < n; i++)
        w[i] = 0.375f;
    w = setting_get(&source, "block2.bn.running_var", &n);
    for (size_t i = 0; i < n; i++)
        w[i] = 0.375f;
    setting_save(&source, "source");
    struct setting s =
        setting_filled(CBR, "[{plugin: mean_var, source: '%s/source', batchnorm: mean_var}]");
    check_constant(&s, "block2.conv.weight", 0.375f);
    check_constant(&s, "block2.bn.running_var", 0.375f);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

/* Statistics of another shape; of one number, or of none. */
START_TEST(any_shape)
{
    enum { N = 3000 };
    static float w[N];
    const float one = -2.5f;
    size_t n;
    for (int i = 0; i < N; i++)
        w[i] = (float)(i % 7) - 3;
    const struct sample want = sample_of(w, N);
    setting_save_tensor("flat", "block2.conv.weight", 1, (const int64_t[]){N}, w);
    setting_save_tensor("one", "block2.conv.weight", 0, NULL, &one);
    struct setting s = setting_filled(
        CBR, "[{plugin: random}, {plugin: mean_var, any_shape: true, source: '%s/flat', "
             "match: [block2.conv.weight]}]");
    const float *got = setting_get(&s, "block2.conv.weight", &n);
    const struct sample of = sample_of(got, n);
    check_moments(&of, &want, n, true, "any shape", 1);
    setting_close(&s);
    s = setting_filled(CBR, "[{plugin: random}, {plugin: mean_var, any_shape: true, "
                            "source: '%s/one', match: [block2.conv.weight]}]");
    check_constant(&s, "block2.conv.weight", one);
    setting_close(&s);
    setting_save_tensor("none", "block2.conv.weight", 1, (const int64_t[]){0}, &one);
    s = setting_open(CBR, "[{plugin: random}, {plugin: mean_var, any_shape: true, "
                          "source: '%s/none', match: [block2.conv.weight]}]");
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, "has no tensor 'block2.conv.weight' with numbers in it") != NULL,
                  "%s", e.text);
    setting_close(&s);
}
END_TEST

static const struct {
    const char *options, *words;
} refused[] = {
    {"any_shape: true, sampling: shuffle", "any_shape goes with neither sampling: shuffle nor per"},
    {"any_shape: true, per: channel", "any_shape goes with neither sampling: shuffle nor per"},
    {"any_shape: true, batchnorm: copy", "any_shape does not go with batchnorm: copy"},
};

START_TEST(options_that_contradict)
{
    char init[200];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(init, sizeof init, "[{plugin: mean_var, source: none, %s}]", refused[_i].options);
    struct setting s = setting_open(CBR, init);
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, refused[_i].words) != NULL, "%s", e.text);
    ck_assert_int_eq(e.line, 3);
    setting_close(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mean_var");
    TCase *t = tcase_create("moments");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_loop_test(t, moments, 0, (int)TFU_COUNT(samplings));
    suite_add_tcase(s, t);
    t = tcase_create("numbers");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, shuffle_keeps_the_numbers);
    tcase_add_test(t, shuffle_is_fair);
    tcase_add_test(t, bootstrap_draws_the_numbers);
    suite_add_tcase(s, t);
    t = tcase_create("normalisation");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, normalisation_identity);
    tcase_add_test(t, normalisation_copy);
    tcase_add_test(t, normalisation_mean_var);
    tcase_add_loop_test(t, variances_stay_above_0, 0, 3);
    tcase_add_loop_test(t, negative_variances_are_refused, 0, 4);
    suite_add_tcase(s, t);
    t = tcase_create("odd sources");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, variance_0);
    tcase_add_test(t, any_shape);
    tcase_add_loop_test(t, options_that_contradict, 0, (int)TFU_COUNT(refused));
    suite_add_tcase(s, t);
    return run_suite(s);
}
