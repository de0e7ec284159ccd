/* SPDX-License-Identifier: MIT
 *
 * The initializer gabor: its filters against scikit-image's (make_gabor.py), which layer gets them,
 * how many, and with what norm.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <transfuse/init.h>

#include "tests/support/check_main.h"
#include "tests/support/setting.h"

#define CBR "{plugin: cbr_tiny}"

/* ---- scikit-image's filters, without a network around them */

static enum tfu_status no_inner(struct tfu_init_host *h, const struct tfu_inner *inner,
                                const struct tfu_param *p, const struct tfu_tensor *dst)
{
    (void)h, (void)inner, (void)p;
    for (int64_t i = 0; i < tfu_shape_count(&dst->shape); i++)
        ((float *)dst->data)[i] = NAN;
    return TFU_OK;
}

static void no_note(struct tfu_init_host *h, const char *fmt, ...)
{
    (void)h, (void)fmt;
}

/* All orientations of one frequency, over two input channels of a square kernel. */
static void fill_alone(const char *options, int64_t orientations, int64_t kernel, float *w)
{
    char init[512];
    struct tfu_init_host host = {
        .struct_size = sizeof host, .fill_inner = no_inner, .note = no_note};
    const struct tfu_param param = {.struct_size = sizeof param,
                                    .role = TFU_ROLE_WEIGHT,
                                    .name = "conv.weight",
                                    .op = "conv2d",
                                    .stage = "conv"};
    const struct tfu_tensor dst = {.struct_size = sizeof dst,
                                   .dtype = TFU_F32,
                                   .place = TFU_HOST,
                                   .shape = tfu_shape_make(4, orientations, 2, kernel, kernel, 1),
                                   .data = w};
    snprintf(init, sizeof init, "[{plugin: gabor, gain: none, %s}]", options);
    struct setting s = setting_open(CBR, init);
    const struct tfu_plugin_choice *c = &tfu_config_experiment(s.config)->init[0].choice;
    const struct tfu_init_ops *ops = c->plugin->ops;
    void *self = NULL;
    ck_assert_int_eq(ops->create(&self, c->config, &host), TFU_OK);
    ck_assert_int_eq(ops->fill(self, &param, &dst, &host), TFU_OK);
    ops->destroy(self);
    setting_close(&s);
}

START_TEST(scikit_image)
{
    enum { MAX_FILTERS = 16, MAX_KERNEL = 15 };
    static float w[MAX_FILTERS * 2 * MAX_KERNEL * MAX_KERNEL];
    char path[4096], options[256], part[16];
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, sizeof path, "%s/tests/plugins/init/gabor.fixture", top ? top : ".");
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "cannot open %s", path);
    int kernel, count, index, cases = 0;
    double frequency, sigma_x, sigma_y, offset, stds;
    while (fscanf(f, " case %d %d %d %lf %lf %lf %lf %lf %15s", &kernel, &count, &index, &frequency,
                  &sigma_x, &sigma_y, &offset, &stds, part) == 9) {
        ck_assert(kernel <= MAX_KERNEL && count <= MAX_FILTERS);
        snprintf(options, sizeof options,
                 "orientations: %d, frequencies: [%g], sigma_x: %g, sigma_y: %g, offset: %g, "
                 "stds: %g, part: %s",
                 count, frequency, sigma_x, sigma_y, offset, stds, part);
        fill_alone(options, count, kernel, w);
        const int size = kernel * kernel;
        const float *one = w + 2 * size * index;
        double largest = 0;
        for (int i = 0; i < size; i++) {
            double want;
            ck_assert_int_eq(fscanf(f, "%lf", &want), 1);
            largest = fmax(largest, fabs(want));
            for (int channel = 0; channel < 2; channel++)
                if (!(fabs((double)one[channel * size + i] - want) <= 1e-6))
                    ck_abort_msg("%s, number %d: %g should be %g", options, i,
                                 (double)one[channel * size + i], want);
        }
        ck_assert_double_gt(largest, 1e-3);
        cases++;
    }
    ck_assert(feof(f));
    ck_assert_int_eq(cases, 13);
    fclose(f);
}
END_TEST

/* ---- which filters the channels get */

/* block1.conv.weight is 32 x 3 x 5 x 5. */
enum { CHANNELS = 32, EACH = 3 * 25 };

static double norm_of(const float *w, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)w[i] * (double)w[i];
    return sqrt(sum);
}

static struct setting gabor(const char *options)
{
    char init[512];
    snprintf(init, sizeof init, "[{plugin: gabor%s%s}]", options[0] ? ", " : "", options);
    return setting_filled(CBR, init);
}

static void check_filter(const struct setting *s, int channel, const struct setting *of, int filter)
{
    size_t n;
    const float *w = setting_get(s, "block1.conv.weight", &n),
                *want = setting_get(of, "block1.conv.weight", &n);
    ck_assert_msg(memcmp(w + channel * EACH, want + filter * EACH, EACH * sizeof *w) == 0,
                  "channel %d is not filter %d", channel, filter);
}

START_TEST(fewer_channels_than_filters)
{
    /* 64 filters for 32 channels: every other one, of all four frequencies */
    struct setting s = gabor("gain: none");
    static const char *const frequency[] = {"0.08", "0.16", "0.25", "0.32"};
    for (int f = 0; f < 4; f++) {
        char options[80];
        snprintf(options, sizeof options, "gain: none, orientations: 16, frequencies: [%s]",
                 frequency[f]);
        struct setting one = gabor(options);
        for (int k = 0; k < 8; k++)
            check_filter(&s, 8 * f + k, &one, 2 * k);
        setting_close(&one);
    }
    setting_close(&s);
}
END_TEST

START_TEST(more_channels_than_filters)
{
    enum { FILTERS = 12 };
    struct setting s = gabor("gain: none, orientations: 6, frequencies: [0.1, 0.2]"),
                   rest = setting_filled(CBR, "[{plugin: random}]");
    struct setting one = gabor("gain: none, orientations: 6, frequencies: [0.2]");
    for (int k = 0; k < 6; k++)
        check_filter(&s, 6 + k, &one, k);
    for (int k = FILTERS; k < CHANNELS; k++)
        check_filter(&s, k, &rest, k);
    ck_assert_ptr_nonnull(
        strstr(tfu_text_get(&s.report),
               "random: he_normal: normal, deviation 0.1633 (gain 1.414, fan in "
               "75); 12 of 32 filters are Gabor's: 6 orientations, 2 frequencies, "
               "norm "));
    setting_close(&one);
    setting_close(&rest);
    setting_close(&s);
}
END_TEST

static bool not_first(const struct tfu_graph *g, uint32_t param)
{
    return strcmp(g->param[param].name, "block1.conv.weight") != 0;
}

/* Everything else is the inner initializer's. */
START_TEST(the_rest)
{
    struct setting s = gabor("rest: {plugin: random, scheme: lecun_uniform, bias: 3}"),
                   rest = setting_filled(CBR, "[{plugin: random, scheme: lecun_uniform, bias: 3}]");
    size_t n;
    setting_same(&s, &rest, not_first);
    const float *w = setting_get(&s, "block1.conv.weight", &n),
                *other = setting_get(&rest, "block1.conv.weight", &n);
    ck_assert(memcmp(w, other, n * sizeof *w) != 0);
    setting_close(&rest);
    setting_close(&s);
}
END_TEST

/* ---- norms */

START_TEST(gain_rest)
{
    struct setting s = gabor("orientations: 4, frequencies: [0.1, 0.2]"),
                   rest = setting_filled(CBR, "[{plugin: random}]");
    struct setting own = gabor("orientations: 4, frequencies: [0.1, 0.2], gain: none");
    size_t n;
    const float *w = setting_get(&s, "block1.conv.weight", &n),
                *random = setting_get(&rest, "block1.conv.weight", &n),
                *plain = setting_get(&own, "block1.conv.weight", &n);
    const double scale = norm_of(random, 8 * EACH) / norm_of(plain, 8 * EACH);
    for (int i = 0; i < 8 * EACH; i++)
        ck_assert_double_le(fabs((double)w[i] - scale * (double)plain[i]), 1e-7);
    ck_assert_double_le(fabs(norm_of(w, n) / norm_of(random, n) - 1), 1e-6);
    setting_close(&own);
    setting_close(&rest);
    setting_close(&s);
}
END_TEST

START_TEST(gain_source)
{
    struct setting source = setting_source(CBR, "source");
    size_t n;
    const double want = norm_of(setting_get(&source, "block1.conv.weight", &n), CHANNELS * EACH);
    struct setting s = gabor("gain: source, source: '%s/source'");
    ck_assert_double_le(
        fabs(norm_of(setting_get(&s, "block1.conv.weight", &n), CHANNELS * EACH) / want - 1), 1e-6);
    setting_close(&s);
    /* eight of 32 channels get a quarter of the squared norm */
    s = gabor("gain: source, source: '%s/source', orientations: 4, frequencies: [0.1, 0.2]");
    ck_assert_double_le(
        fabs(norm_of(setting_get(&s, "block1.conv.weight", &n), 8 * EACH) / (want / 2) - 1), 1e-6);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

START_TEST(gain_source_lacks_it)
{
    const float one = 1;
    struct tfu_error e = TFU_ERROR_INIT;
    setting_save_tensor("other", "conv1.weight", 1, (const int64_t[]){1}, &one);
    struct setting s = setting_open(CBR, "[{plugin: gabor, gain: source, source: '%s/other'}]");
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_ENOTFOUND);
    ck_assert_msg(strstr(e.text, "has no tensor 'block1.conv.weight' to take the norm of") != NULL,
                  "%s", e.text);
    setting_close(&s);
}
END_TEST

/* ---- the layer */

START_TEST(named_layer)
{
    struct setting s = gabor("layer: block2.conv.weight"),
                   rest = setting_filled(CBR, "[{plugin: random}]");
    for (uint32_t p = 0; p < s.graph->param_count; p++) {
        size_t n;
        const char *name = s.graph->param[p].name;
        const float *w = setting_get(&s, name, &n), *other = setting_get(&rest, name, &n);
        const bool same = memcmp(w, other, n * sizeof *w) == 0;
        ck_assert_msg(same == (strcmp(name, "block2.conv.weight") != 0), "%s", name);
    }
    setting_close(&rest);
    setting_close(&s);
}
END_TEST

static const struct {
    const char *options, *words;
} refused[] = {
    {"layer: nope", "'nope' matches no parameter of the network; there are 'block1.conv.weight', "},
    {"layer: block1.conv.wieght",
     "'block1.conv.wieght' matches no parameter of the network; did you mean "
     "'block1.conv.weight'?"},
    {"layer: 'block1.*'", "layer: 'block1.*' is a pattern; it is the name of one weight"},
    {"layer: fc.weight", "'fc.weight' is not the weight of a conv2d, which Gabor filters are for"},
    {"layer: block1.bn.weight", "'block1.bn.weight' is not the weight of a conv2d"},
    {"gain: source", "gain: source needs `source: FILE`"},
    {"source: x", "source is for gain: source, but gain is rest; remove one"},
};

START_TEST(bad_options)
{
    char init[512];
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(init, sizeof init, "[{plugin: gabor, %s}]", refused[_i].options);
    struct setting s = setting_open(CBR, init);
    ck_assert_int_eq(setting_try(&s, 1, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, refused[_i].words) != NULL, "%s", e.text);
    setting_close(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gabor");
    TCase *t = tcase_create("gabor");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, scikit_image);
    tcase_add_test(t, fewer_channels_than_filters);
    tcase_add_test(t, more_channels_than_filters);
    tcase_add_test(t, the_rest);
    tcase_add_test(t, gain_rest);
    tcase_add_test(t, gain_source);
    tcase_add_test(t, gain_source_lacks_it);
    tcase_add_test(t, named_layer);
    tcase_add_loop_test(t, bad_options, 0, (int)TFU_COUNT(refused));
    suite_add_tcase(s, t);
    return run_suite(s);
}
