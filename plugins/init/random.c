/* SPDX-License-Identifier: MIT
 *
 * Random initialisation, and constants for everything that is not a weight.
 *
 * The scaled schemes draw with deviation gain / sqrt(fan), or uniformly within
 * +- gain * sqrt(3 / fan), which has the same deviation:
 *   he      gain sqrt(2), fan in        He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015
 *   glorot  gain 1, mean of both fans   Glorot and Bengio, "Understanding the difficulty of
 *                                       training deep feedforward neural networks", 2010
 *   lecun   gain 1, fan in              LeCun, Bottou, Orr, Mueller, "Efficient BackProp", 1998
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/init.h>

enum scheme {
    HE_NORMAL,
    HE_UNIFORM,
    GLOROT_NORMAL,
    GLOROT_UNIFORM,
    LECUN_NORMAL,
    LECUN_UNIFORM,
    NORMAL,
    UNIFORM,
    TRUNCATED_NORMAL,
    CONSTANT
};
static const char *const schemes[] = {"he_normal",
                                      "he_uniform",
                                      "glorot_normal",
                                      "glorot_uniform",
                                      "lecun_normal",
                                      "lecun_uniform",
                                      "normal",
                                      "uniform",
                                      "truncated_normal",
                                      "constant",
                                      NULL};

enum fan { FAN_AUTO, FAN_IN, FAN_OUT, FAN_AVERAGE };
static const char *const fans[] = {"auto", "in", "out", "average", NULL};

struct config {
    int32_t scheme, fan, truncated;
    double gain, deviation, bound, value;
    double bias, scale, shift;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, scheme, "he_normal", schemes, "how weights are drawn"),
    TFU_OPT_ENUM(struct config, fan, "auto", fans,
                 "what he, glorot and lecun scale by; auto: in for he and lecun, average for "
                 "glorot"),
    TFU_OPT_FLOAT(struct config, gain, 0, 0, 1e6,
                  "factor of he, glorot and lecun; 0: the scheme's own (he sqrt(2), else 1)"),
    TFU_OPT_BOOL(struct config, truncated, 0,
                 "he, glorot and lecun normal: draw again beyond two deviations, with the "
                 "deviation of what is left as asked for"),
    TFU_OPT_FLOAT(struct config, deviation, 0.01, 0, 1e6,
                  "normal, truncated_normal: standard deviation (before the cut at two of them)"),
    TFU_OPT_FLOAT(struct config, bound, 0.05, 0, 1e6, "uniform: weights lie within +- bound"),
    TFU_OPT_FLOAT(struct config, value, 0, -1e6, 1e6, "constant: the value of weights"),
    TFU_OPT_FLOAT(struct config, bias, 0, -1e6, 1e6, "value of biases"),
    TFU_OPT_FLOAT(struct config, scale, 1, -1e6, 1e6, "value of normalisation scales"),
    TFU_OPT_FLOAT(struct config, shift, 0, -1e6, 1e6, "value of normalisation shifts"),
};

/* The deviation of a standard normal cut at two deviations. */
static const double deviation_cut_at_two = 0.87962566103423978;

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    const struct config *c = config;
    const int can_be_truncated =
        c->scheme == HE_NORMAL || c->scheme == GLOROT_NORMAL || c->scheme == LECUN_NORMAL;
    *self = NULL;
    if (c->truncated && !can_be_truncated)
        return h->fail(h, TFU_EINVAL,
                       "truncated goes with he_normal, glorot_normal and lecun_normal, not with "
                       "%s; use `scheme: truncated_normal` or drop `truncated`",
                       schemes[c->scheme]);
    *self = malloc(sizeof *c);
    if (!*self)
        return h->fail(h, TFU_ENOMEM, "out of memory for the initializer random");
    *(struct config *)*self = *c;
    return TFU_OK;
}

static void fill_constant(const struct tfu_tensor *dst, double value)
{
    float *w = dst->data;
    const int64_t n = tfu_shape_count(&dst->shape);
    for (int64_t i = 0; i < n; i++)
        w[i] = (float)value;
}

static void fill_uniform(const struct tfu_tensor *dst, double bound, struct tfu_init_host *h)
{
    float *w = dst->data;
    const int64_t n = tfu_shape_count(&dst->shape);
    for (int64_t i = 0; i < n; i++)
        w[i] = (float)(bound * (2 * h->uniform(h) - 1));
}

/* Draws beyond `cut` deviations are drawn again. */
static void fill_normal(const struct tfu_tensor *dst, double deviation, double cut,
                        struct tfu_init_host *h)
{
    float *w = dst->data;
    const int64_t n = tfu_shape_count(&dst->shape);
    for (int64_t i = 0; i < n; i++) {
        double draw;
        do
            draw = h->normal(h);
        while (fabs(draw) > cut);
        w[i] = (float)(deviation * draw);
    }
}

/* The fan that a scaled scheme divides by, and its name for the report. */
static double scheme_fan(const struct config *c, const struct tfu_param *p, const char **name)
{
    const int glorot = c->scheme == GLOROT_NORMAL || c->scheme == GLOROT_UNIFORM;
    const int kind = c->fan != FAN_AUTO ? c->fan : glorot ? FAN_AVERAGE : FAN_IN;
    const double in = (double)p->fan_in, out = (double)p->fan_out;
    *name = fans[kind];
    return kind == FAN_IN ? in : kind == FAN_OUT ? out : (in + out) / 2;
}

static enum tfu_status fill_scaled(const struct config *c, const struct tfu_param *p,
                                   const struct tfu_tensor *dst, struct tfu_init_host *h)
{
    const int he = c->scheme == HE_NORMAL || c->scheme == HE_UNIFORM;
    const double gain = c->gain > 0 ? c->gain : he ? sqrt(2) : 1;
    const char *fan_name;
    const double fan = scheme_fan(c, p, &fan_name);
    if (!(fan > 0))
        return h->fail(h, TFU_EINVAL,
                       "parameter '%s' has no fan for %s to scale by; use the scheme normal, "
                       "uniform or constant for it",
                       p->name, schemes[c->scheme]);
    const double deviation = gain / sqrt(fan);
    switch ((enum scheme)c->scheme) {
    case HE_UNIFORM:
    case GLOROT_UNIFORM:
    case LECUN_UNIFORM:
        fill_uniform(dst, sqrt(3) * deviation, h);
        h->note(h, "%s: uniform within %.4g (gain %.4g, fan %s %.6g)", schemes[c->scheme],
                sqrt(3) * deviation, gain, fan_name, fan);
        break;
    default:
        if (c->truncated)
            fill_normal(dst, deviation / deviation_cut_at_two, 2, h);
        else
            fill_normal(dst, deviation, INFINITY, h);
        h->note(h, "%s: %snormal, deviation %.4g (gain %.4g, fan %s %.6g)", schemes[c->scheme],
                c->truncated ? "truncated " : "", deviation, gain, fan_name, fan);
    }
    return TFU_OK;
}

static enum tfu_status fill_weight(const struct config *c, const struct tfu_param *p,
                                   const struct tfu_tensor *dst, struct tfu_init_host *h)
{
    switch ((enum scheme)c->scheme) {
    case NORMAL:
        fill_normal(dst, c->deviation, INFINITY, h);
        h->note(h, "normal, deviation %.4g", c->deviation);
        return TFU_OK;
    case TRUNCATED_NORMAL:
        fill_normal(dst, c->deviation, 2, h);
        h->note(h, "normal, deviation %.4g, cut at %.4g", c->deviation, 2 * c->deviation);
        return TFU_OK;
    case UNIFORM:
        fill_uniform(dst, c->bound, h);
        h->note(h, "uniform within %.4g", c->bound);
        return TFU_OK;
    case CONSTANT:
        fill_constant(dst, c->value);
        h->note(h, "constant %g", c->value);
        return TFU_OK;
    default:
        return fill_scaled(c, p, dst, h);
    }
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    double value = 0;
    switch ((enum tfu_role)p->role) {
    case TFU_ROLE_WEIGHT:
        return fill_weight(c, p, dst, h);
    case TFU_ROLE_BIAS:
        value = c->bias;
        break;
    case TFU_ROLE_SCALE:
        value = c->scale;
        break;
    case TFU_ROLE_SHIFT:
        value = c->shift;
        break;
    case TFU_ROLE_RUNNING_MEAN:
        break;
    case TFU_ROLE_RUNNING_VAR:
        value = 1;
        break;
    }
    fill_constant(dst, value);
    h->note(h, "constant %g", value);
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = free,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "random",
    .version = "1.0",
    .summary = "he, glorot, lecun, normal, uniform, truncated normal or constant weights",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
