/* SPDX-License-Identifier: MIT
 *
 * core/train/initialise.h and the initializer random: distributions, streams, rules, and
 * initializers that misbehave.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/init.h>

#include "core/train/initialise.h"
#include "tests/support/check_main.h"
#include "tests/support/model.h"

enum { MAX_RULES = 4 };

/* A CBR-Tiny and rules to fill it by. */
struct setting {
    struct model model;
    struct tfu_init_rule rule[MAX_RULES];
    size_t rule_count;
    struct tfu_text report;
    uint64_t seed;
};

static struct setting begin(void)
{
    struct setting s = {.seed = 1, .report = TFU_TEXT_INIT};
    s.model = model_open(&(struct model_request){.arch = "cbr_tiny",
                                                 .backend = "reference",
                                                 .input = tfu_shape_make(4, 1, 16, 16, 3, 1),
                                                 .outputs = 5,
                                                 .threads = 2});
    return s;
}

static void end(struct setting *s)
{
    for (size_t i = 0; i < s->rule_count; i++)
        choice_free(&s->rule[i].choice);
    tfu_text_free(&s->report);
    model_close(&s->model);
}

/* `match` and `stage`: one each, or NULL. */
static void add_rule(struct setting *s, const char *options, const char *const *match,
                     const char *const *stage)
{
    struct tfu_init_rule *rule = &s->rule[s->rule_count++];
    rule->choice = choose(s->model.registry, TFU_KIND_INIT, "random", options);
    rule->choice.mark = (struct tfu_mark){"test.yaml", (int)s->rule_count, 5};
    rule->match = (struct tfu_string_list){match, match ? 1 : 0};
    rule->stages = (struct tfu_string_list){stage, stage ? 1 : 0};
}

static enum tfu_status try_run(struct setting *s, struct tfu_threads *threads, struct tfu_error *e)
{
    const struct tfu_initialise_request request = {.network = s->model.network,
                                                   .rule = s->rule,
                                                   .rule_count = s->rule_count,
                                                   .registry = s->model.registry,
                                                   .seed = s->seed,
                                                   .threads = threads};
    return tfu_initialise(&request, &s->report, e);
}

static void run(struct setting *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    try_run(s, s->model.threads, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

static const float *weights(const struct setting *s, const char *param, size_t *n)
{
    const uint32_t p = model_param(&s->model, param);
    *n = model_count(&s->model, p);
    return model_weights(&s->model, p);
}

/* ---- distributions; block3.conv.weight is 128 x 64 x 5 x 5 */

enum { FAN_IN = 64 * 25, FAN_OUT = 128 * 25, FAN_AVERAGE = (FAN_IN + FAN_OUT) / 2 };

/* Fourth moment over squared variance, and the largest value in deviations. A normal that is cut at
 * two deviations keeps 0.8796 of them. */
enum shape { NORMAL, UNIFORM, TRUNCATED };
static const struct {
    double kurtosis, largest;
} shapes[] = {{3, 8}, {1.8, 1.7320508075688772}, {2.3656, 2 / 0.8796}};

static const struct {
    const char *options;
    enum shape shape;
    double gain, fan;
} schemes[] = {
    {"scheme=he_normal", NORMAL, M_SQRT2, FAN_IN},
    {"scheme=he_uniform", UNIFORM, M_SQRT2, FAN_IN},
    {"scheme=he_normal fan=out", NORMAL, M_SQRT2, FAN_OUT},
    {"scheme=he_normal gain=1", NORMAL, 1, FAN_IN},
    {"scheme=he_normal truncated=1", TRUNCATED, M_SQRT2, FAN_IN},
    {"scheme=glorot_normal", NORMAL, 1, FAN_AVERAGE},
    {"scheme=glorot_uniform", UNIFORM, 1, FAN_AVERAGE},
    {"scheme=glorot_uniform fan=in", UNIFORM, 1, FAN_IN},
    {"scheme=lecun_normal", NORMAL, 1, FAN_IN},
    {"scheme=lecun_uniform", UNIFORM, 1, FAN_IN},
    {"scheme=lecun_normal truncated=1", TRUNCATED, 1, FAN_IN},
    {"scheme=normal deviation=0.25", NORMAL, 0.25, 1},
    {"scheme=uniform bound=3", UNIFORM, 1.7320508075688772, 1},
    {"scheme=truncated_normal deviation=2", TRUNCATED, 2 * 0.8796, 1},
};

START_TEST(distribution)
{
    struct setting s = begin();
    size_t n;
    add_rule(&s, schemes[_i].options, NULL, NULL);
    run(&s);
    const float *w = weights(&s, "block3.conv.weight", &n);
    double sum = 0, square = 0, fourth = 0, largest = 0;
    for (size_t i = 0; i < n; i++) {
        const double v = (double)w[i];
        sum += v;
        square += v * v;
        fourth += v * v * v * v;
        largest = fmax(largest, fabs(v));
    }
    const double count = (double)n, deviation = schemes[_i].gain / sqrt(schemes[_i].fan);
    const double kurtosis = fourth / count / (square / count * square / count);
    /* five standard errors of a normal's mean and deviation; the others have less */
    ck_assert_double_le(fabs(sum / count), 5 * deviation / sqrt(count));
    ck_assert_double_le(fabs(sqrt(square / count) / deviation - 1), 5 / sqrt(2 * count));
    const double limit = shapes[schemes[_i].shape].largest * deviation;
    ck_assert_double_le(fabs(kurtosis - shapes[schemes[_i].shape].kurtosis), 0.06);
    ck_assert_double_le(largest, limit * 1.0001);
    if (schemes[_i].shape != NORMAL)
        ck_assert_double_ge(largest, 0.99 * limit);
    end(&s);
}
END_TEST

static void check_constant(const struct setting *s, const char *param, float want)
{
    size_t n;
    const float *w = weights(s, param, &n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(w[i] == want, "%s: element %zu is %g", param, i, (double)w[i]);
}

START_TEST(roles)
{
    struct setting s = begin();
    add_rule(&s, "", NULL, NULL);
    run(&s);
    check_constant(&s, "fc.bias", 0);
    check_constant(&s, "block2.bn.weight", 1);
    check_constant(&s, "block2.bn.bias", 0);
    check_constant(&s, "block2.bn.running_mean", 0);
    check_constant(&s, "block2.bn.running_var", 1);
    add_rule(&s, "scheme=constant value=0.5 bias=2 scale=3 shift=4", NULL, NULL);
    run(&s);
    check_constant(&s, "block1.conv.weight", 0.5f);
    check_constant(&s, "fc.bias", 2);
    check_constant(&s, "block2.bn.weight", 3);
    check_constant(&s, "block2.bn.bias", 4);
    check_constant(&s, "block2.bn.running_mean", 0);
    check_constant(&s, "block2.bn.running_var", 1);
    end(&s);
}
END_TEST

/* ---- streams */

static float *copy(const struct setting *s, const char *param, size_t *n)
{
    const float *w = weights(s, param, n);
    float *c = malloc(*n * sizeof *c);
    ck_assert_ptr_nonnull(c);
    return memcpy(c, w, *n * sizeof *c);
}

static bool same(const struct setting *s, const char *param, const float *want)
{
    size_t n;
    const float *w = weights(s, param, &n);
    return memcmp(w, want, n * sizeof *w) == 0;
}

START_TEST(streams)
{
    static const char *const pattern = "block1.*";
    struct setting s = begin();
    size_t n;
    add_rule(&s, "", NULL, NULL);
    run(&s);
    float *fc = copy(&s, "fc.weight", &n), *conv = copy(&s, "block1.conv.weight", &n);
    /* the same without threads, and with another rule for another parameter */
    ck_assert_int_eq(try_run(&s, NULL, NULL), TFU_OK);
    ck_assert(same(&s, "fc.weight", fc) && same(&s, "block1.conv.weight", conv));
    add_rule(&s, "scheme=glorot_uniform", &pattern, NULL);
    run(&s);
    ck_assert(same(&s, "fc.weight", fc) && !same(&s, "block1.conv.weight", conv));
    s.seed = 2;
    run(&s);
    ck_assert(!same(&s, "fc.weight", fc));
    free(conv);
    free(fc);
    end(&s);
}
END_TEST

/* ---- rules */

START_TEST(later_rules_win)
{
    static const char *const fc = "fc.*", *const stage = "block2", *const bias = "*.bias";
    struct setting s = begin();
    add_rule(&s, "scheme=constant value=1", NULL, NULL);
    add_rule(&s, "scheme=constant value=2", &fc, &stage); /* both are meant */
    add_rule(&s, "bias=7 shift=8", &bias, NULL);
    run(&s);
    check_constant(&s, "block1.conv.weight", 1);
    check_constant(&s, "block2.conv.weight", 2);
    check_constant(&s, "fc.weight", 2);
    check_constant(&s, "fc.bias", 7);
    check_constant(&s, "block2.bn.bias", 8);
    const char *report = tfu_text_get(&s.report);
    ck_assert_ptr_nonnull(strstr(report, "block1.conv.weight      32x3x5x5     init.0 random  "
                                         "constant 1\n"));
    ck_assert_ptr_nonnull(strstr(report, "fc.bias                 5            init.2 random  "
                                         "constant 7\n"));
    end(&s);
}
END_TEST

START_TEST(report_of_random)
{
    struct setting s = begin();
    add_rule(&s, "scheme=constant", NULL, NULL);
    add_rule(&s, "", NULL, NULL);
    run(&s);
    const char *report = tfu_text_get(&s.report);
    ck_assert_msg(strstr(report, "he_normal: normal, deviation 0.03536 (gain 1.414, fan in 1600)"),
                  "%s", report);
    ck_assert_msg(strstr(report, "init.0 random fills nothing: later rules are for all of its "
                                 "parameters\n"),
                  "%s", report);
    end(&s);
}
END_TEST

static const struct {
    const char *match, *stage, *words;
} bad_rules[] = {
    {"fc.wieght", NULL,
     "'fc.wieght' matches no parameter of the network; did you mean 'fc.weight'?"},
    {"layer1.*", NULL,
     "'layer1.*' matches no parameter of the network; there are "
     "'block1.conv.weight', "},
    {NULL, "blok2", "'blok2' is no stage with parameters; did you mean 'block2'?"},
    {NULL, "layer", "there are 'block1', 'block2', 'block3', 'block4', 'fc'"},
};

START_TEST(bad_rule)
{
    struct setting s = begin();
    struct tfu_error e = TFU_ERROR_INIT;
    add_rule(&s, "", NULL, NULL);
    add_rule(&s, "", bad_rules[_i].match ? &bad_rules[_i].match : NULL,
             bad_rules[_i].stage ? &bad_rules[_i].stage : NULL);
    ck_assert_int_eq(try_run(&s, NULL, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, bad_rules[_i].words) != NULL, "%s", e.text);
    ck_assert_str_eq(e.source, "test.yaml");
    ck_assert_int_eq(e.line, 2);
    end(&s);
}
END_TEST

START_TEST(nothing_for_a_parameter)
{
    static const char *const weights_only = "*.weight";
    struct setting s = begin();
    struct tfu_error e = TFU_ERROR_INIT;
    add_rule(&s, "", &weights_only, NULL);
    ck_assert_int_eq(try_run(&s, NULL, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(
        strstr(e.text, "no rule of `init` is for parameter 'block1.bn.bias' (and others)"));
    end(&s);
}
END_TEST

START_TEST(truncated_where_it_means_nothing)
{
    struct setting s = begin();
    struct tfu_error e = TFU_ERROR_INIT;
    add_rule(&s, "scheme=uniform truncated=1", NULL, NULL);
    ck_assert_int_eq(try_run(&s, NULL, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "initializer 'random': truncated goes with he_normal"));
    ck_assert_int_eq(e.line, 1);
    end(&s);
}
END_TEST

/* ---- initializers that misbehave */

static enum tfu_status odd_create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)h;
    *self = (void *)(uintptr_t)config;
    return TFU_OK;
}

static enum tfu_status early_create(void **self, const void *config, struct tfu_init_host *h)
{
    h->uniform(h);
    return odd_create(self, config, h);
}

static void odd_destroy(void *self)
{
    (void)self;
}

/* Zeros, but for the element `skipped`. */
static enum tfu_status fill_but(const struct tfu_tensor *dst, int64_t skipped)
{
    float *w = dst->data;
    for (int64_t i = 0; i < tfu_shape_count(&dst->shape); i++)
        if (i != skipped)
            w[i] = 0;
    return TFU_OK;
}

static enum tfu_status forgets(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                               struct tfu_init_host *h)
{
    (void)self;
    (void)h;
    return fill_but(dst, p->role == TFU_ROLE_BIAS ? 3 : -1);
}

static enum tfu_status divides(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                               struct tfu_init_host *h)
{
    (void)self;
    (void)h;
    fill_but(dst, -1);
    if (p->role == TFU_ROLE_BIAS)
        ((float *)dst->data)[2] = INFINITY;
    return TFU_OK;
}

static enum tfu_status silent(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                              struct tfu_init_host *h)
{
    (void)self;
    (void)dst;
    (void)h;
    return p->role == TFU_ROLE_BIAS ? TFU_EINVAL : fill_but(dst, -1);
}

static enum tfu_status sourced(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                               struct tfu_init_host *h)
{
    (void)self;
    if (p->role == TFU_ROLE_BIAS)
        h->source(h, "resnet50.safetensors", p->name);
    return fill_but(dst, -1);
}

static const struct {
    enum tfu_status (*create)(void **, const void *, struct tfu_init_host *);
    enum tfu_status (*fill)(void *, const struct tfu_param *, const struct tfu_tensor *,
                            struct tfu_init_host *);
    enum tfu_status status;
    const char *words;
} odd[] = {
    {odd_create, forgets, TFU_EINVAL,
     "initializer 'odd', parameter 'fc.bias': left element 3 of 5 unwritten"},
    {odd_create, divides, TFU_ENUMERIC,
     "initializer 'odd', parameter 'fc.bias': wrote inf to element 2"},
    {odd_create, silent, TFU_EINVAL, "failed in fill() (unacceptable value) without saying why"},
    {odd_create, sourced, TFU_EIO, "cannot open 'resnet50.safetensors'"},
    {early_create, forgets, TFU_EINVAL, "uniform() is for a parameter; call it in fill() only"},
};

START_TEST(odd_initializer)
{
    const struct tfu_init_ops ops = {.struct_size = sizeof ops,
                                     .create = odd[_i].create,
                                     .destroy = odd_destroy,
                                     .fill = odd[_i].fill};
    const struct tfu_plugin plugin = {TFU_PLUGIN_HEADER(TFU_KIND_INIT), .name = "odd",
                                      .ops_size = sizeof ops, .ops = &ops};
    struct setting s = begin();
    struct tfu_error e = TFU_ERROR_INIT;
    s.rule[s.rule_count++].choice = (struct tfu_plugin_choice){.name = "odd", .plugin = &plugin};
    ck_assert_int_eq(try_run(&s, s.model.threads, &e), odd[_i].status);
    ck_assert_msg(strstr(e.text, odd[_i].words) != NULL, "%s", e.text);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("initialise");
    TCase *t = tcase_create("random");
    tcase_add_loop_test(t, distribution, 0, (int)TFU_COUNT(schemes));
    tcase_add_test(t, roles);
    tcase_add_test(t, streams);
    suite_add_tcase(s, t);
    t = tcase_create("rules");
    tcase_add_test(t, later_rules_win);
    tcase_add_test(t, report_of_random);
    tcase_add_loop_test(t, bad_rule, 0, (int)TFU_COUNT(bad_rules));
    tcase_add_test(t, nothing_for_a_parameter);
    tcase_add_test(t, truncated_where_it_means_nothing);
    suite_add_tcase(s, t);
    t = tcase_create("odd");
    tcase_add_loop_test(t, odd_initializer, 0, (int)TFU_COUNT(odd));
    suite_add_tcase(s, t);
    return run_suite(s);
}
