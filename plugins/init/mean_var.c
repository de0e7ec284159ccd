/* SPDX-License-Identifier: MIT
 *
 * The statistics of a source network without its features. Raghu et al., "Transfusion", NeurIPS
 * 2019, section 5: each weight tensor is drawn i.i.d. from a normal with the mean and the variance
 * of the source's tensor; of normalisation layers the paper resets all (identity), and compares
 * with drawing theirs too (mean_var) and copying them (copy). The other ways to sample are those of
 * Matsoukas et al., CVPR 2022: a permutation of the source's numbers, and draws from them with
 * replacement.
 */
#include <stdlib.h>

#include <transfuse/init.h>

#include "source.h"

enum sampling { NORMAL, SHUFFLE, BOOTSTRAP };
static const char *const samplings[] = {"normal", "shuffle", "bootstrap", NULL};
enum per { TENSOR, CHANNEL };
static const char *const pers[] = {"tensor", "channel", NULL};
enum batchnorm { IDENTITY, MEAN_VAR, COPY };
static const char *const batchnorms[] = {"identity", "mean_var", "copy", NULL};

struct config {
    const char *source;
    int32_t sampling, per, batchnorm, any_shape;
    const struct tfu_inner *rest;
};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, source, "", TFU_OPT_REQUIRED,
                 "file of weights: safetensors, PyTorch's .pth, npz"),
    TFU_OPT_ENUM(
        struct config, sampling, "normal", samplings,
        "normal: of the same mean and variance; shuffle: the same numbers in random order; "
        "bootstrap: drawn from them with replacement"),
    TFU_OPT_ENUM(struct config, per, "tensor", pers,
                 "what has its own statistics: a whole tensor, or each output channel of a weight"),
    TFU_OPT_ENUM(
        struct config, batchnorm, "identity", batchnorms,
        "identity: scale 1, shift 0, running mean 0 and variance 1; mean_var: sampled like "
        "weights; copy: the source's"),
    TFU_OPT_BOOL(struct config, any_shape, 0,
                 "take the statistics of a tensor of another shape too, as slimmed networks need"),
    TFU_OPT_INNER(struct config, rest, "random", 0, "fills what the source does not have"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    const struct config *c = config;
    *self = (void *)config; /* stays valid until destroy() */
    if (c->any_shape && (c->sampling == SHUFFLE || c->per == CHANNEL))
        return h->fail(h, TFU_EINVAL,
                       "any_shape goes with neither sampling: shuffle nor per: channel, which need "
                       "tensors of the same shape; drop one of them");
    if (c->any_shape && c->batchnorm == COPY)
        return h->fail(
            h, TFU_EINVAL,
            "any_shape does not go with batchnorm: copy, which needs tensors of the same "
            "shape; drop one of them");
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static int is_normalisation(uint32_t role)
{
    return role == TFU_ROLE_SCALE || role == TFU_ROLE_SHIFT || role == TFU_ROLE_RUNNING_MEAN ||
           role == TFU_ROLE_RUNNING_VAR;
}

static void fill_identity(const struct tfu_param *p, const struct tfu_tensor *dst,
                          struct tfu_init_host *h)
{
    const float value = p->role == TFU_ROLE_SCALE || p->role == TFU_ROLE_RUNNING_VAR ? 1 : 0;
    const int64_t n = tfu_shape_count(&dst->shape);
    for (int64_t i = 0; i < n; i++)
        ((float *)dst->data)[i] = value;
    h->note(h, "identity: constant %g", (double)value);
}

/* Numbers with these moments that are never negative: log-normal ones. A normal would make some
 * negative, and cutting those away would move the mean. */
static void draw_variances(float *to, int64_t n, struct moments m, struct tfu_init_host *h)
{
    const double s2 = log1p(m.variance / (m.mean * m.mean));
    const double mu = log(m.mean) - s2 / 2;
    for (int64_t i = 0; i < n; i++)
        to[i] = (float)exp(mu + sqrt(s2) * h->normal(h));
}

static void draw_normal(float *to, int64_t n, struct moments m, struct tfu_init_host *h)
{
    const double deviation = sqrt(m.variance);
    for (int64_t i = 0; i < n; i++)
        to[i] = (float)(m.mean + deviation * h->normal(h));
}

static int64_t draw_index(int64_t n, struct tfu_init_host *h)
{
    return (int64_t)(h->uniform(h) * (double)n);
}

/* Fisher and Yates. */
static void shuffle(float *to, const float *from, int64_t n, struct tfu_init_host *h)
{
    memcpy(to, from, (size_t)n * sizeof *to);
    for (int64_t i = n - 1; i > 0; i--) {
        const int64_t k = draw_index(i + 1, h);
        const float w = to[i];
        to[i] = to[k];
        to[k] = w;
    }
}

/* `n` numbers out of the `count` of the source. */
static enum tfu_status sample(const struct config *c, const struct tfu_param *p, float *to,
                              int64_t n, const float *from, int64_t count, struct tfu_init_host *h)
{
    const struct moments m = moments_of(from, count);
    switch ((enum sampling)c->sampling) {
    case SHUFFLE:
        shuffle(to, from, n, h);
        return TFU_OK;
    case BOOTSTRAP:
        for (int64_t i = 0; i < n; i++)
            to[i] = from[draw_index(count, h)];
        return TFU_OK;
    case NORMAL:
        break;
    }
    if (p->role != TFU_ROLE_RUNNING_VAR) {
        draw_normal(to, n, m, h);
        return TFU_OK;
    }
    if (!(m.mean > 0))
        return h->fail(h, TFU_ECORRUPT,
                       "the running variances '%s' of '%s' have the mean %g; variances are above 0",
                       p->name, c->source, m.mean);
    draw_variances(to, n, m, h);
    return TFU_OK;
}

/* Negative ones would come out of every way to sample but one, and make the network's numbers NaN.
 */
static enum tfu_status check_variances(const struct config *c, const struct tfu_param *p,
                                       const struct tfu_tensor *t, struct tfu_init_host *h)
{
    const int64_t count = tfu_shape_count(&t->shape);
    const float *from = t->data;
    for (int64_t i = 0; p->role == TFU_ROLE_RUNNING_VAR && i < count; i++)
        if (!(from[i] >= 0))
            return h->fail(h, TFU_ECORRUPT,
                           "the running variances '%s' of '%s' have %g among them; variances are "
                           "not below 0",
                           p->name, c->source, (double)from[i]);
    return TFU_OK;
}

static enum tfu_status sample_all(const struct config *c, const struct tfu_param *p,
                                  const struct tfu_tensor *dst, const struct tfu_tensor *t,
                                  struct tfu_init_host *h)
{
    const int64_t n = tfu_shape_count(&dst->shape), count = tfu_shape_count(&t->shape);
    /* a vector has one number a channel: there are no statistics to be had of it */
    const int by_channel = c->per == CHANNEL && dst->shape.rank > 1;
    const int64_t groups = by_channel ? dst->shape.dim[0] : 1;
    const struct moments m = moments_of(t->data, count);
    if (count == 0)
        return h->fail(h, TFU_EINVAL, "'%s' has no tensor '%s' with numbers in it", c->source,
                       p->name);
    enum tfu_status st = TFU_OK;
    for (int64_t g = 0; st == TFU_OK && g < groups; g++)
        st = sample(c, p, (float *)dst->data + g * (n / groups), n / groups,
                    (const float *)t->data + g * (count / groups), count / groups, h);
    h->note(h, "%s%s of %s: mean %.4g, deviation %.4g%s", samplings[c->sampling],
            by_channel ? " by output channel" : "", file_name(c->source), m.mean, sqrt(m.variance),
            p->role == TFU_ROLE_RUNNING_VAR && c->sampling == NORMAL ? ", log-normal" : "");
    return st;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    const int normalisation = is_normalisation(p->role);
    if (normalisation && c->batchnorm == IDENTITY) {
        fill_identity(p, dst, h);
        return TFU_OK;
    }
    const struct tfu_tensor *t =
        h->take(h, c->source, p, TFU_TAKE_STATISTICS | (c->any_shape ? TFU_TAKE_ANY_SHAPE : 0u));
    if (!t)
        return h->fill_inner(h, c->rest, p, dst);
    const enum tfu_status st = check_variances(c, p, t, h);
    if (st != TFU_OK)
        return st;
    if (!normalisation || c->batchnorm != COPY)
        return sample_all(c, p, dst, t, h);
    copy_tensor(dst, t, "copied", c->source, h);
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "mean_var",
    .version = "1.0",
    .summary = "random weights with the mean and variance of a source network's tensors",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
