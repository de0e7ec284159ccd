/* SPDX-License-Identifier: MIT
 *
 * How far parameters have moved from "a" to "b", over all parameters that are seen: those of a
 * layer, of a stage or of a network.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"

struct movement {
    double count;
    double aa, bb, ab; /* sums of products */
    double dd;         /* of the squared differences: aa + bb - 2 ab would cancel */
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    const enum tfu_status st = tap_want(h, 1);
    if (st != TFU_OK)
        return st;
    *self = calloc(1, sizeof(struct movement));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for the metric movement");
}

static void add(struct movement *m, const double *a, const double *b, int64_t n)
{
    struct movement s = {.count = (double)n};
    for (int64_t i = 0; i < n; i++) {
        const double d = b[i] - a[i];
        s.aa += a[i] * a[i];
        s.bb += b[i] * b[i];
        s.ab += a[i] * b[i];
        s.dd += d * d;
    }
    m->count += s.count;
    m->aa += s.aa;
    m->bb += s.bb;
    m->ab += s.ab;
    m->dd += s.dd;
}

/* "64x3x7x7" */
static void write_shape(const struct tfu_shape *s, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < s->rank && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? "x" : "",
                                 (long long)s->dim[i]);
}

static enum tfu_status check_pair(const struct tfu_tap *a, const struct tfu_tap *b,
                                  struct tfu_metric_host *h)
{
    char shape_a[128], shape_b[128];
    if (tfu_shape_equal(&a->t->shape, &b->t->shape))
        return TFU_OK;
    write_shape(&a->t->shape, shape_a, sizeof shape_a);
    write_shape(&b->t->shape, shape_b, sizeof shape_b);
    return h->fail(h, TFU_ESHAPE,
                   "'%s' is %s in a and '%s' %s in b; how far parameters moved is asked of two "
                   "states of one architecture",
                   a->node, shape_a, b->node, shape_b);
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    const struct tfu_tap *tap[2];
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = tap_find(h, b, i ? "b" : "a", &tap[i]);
    if (st == TFU_OK)
        st = check_pair(tap[0], tap[1], h);
    if (st != TFU_OK)
        return st;
    const int64_t n = tfu_shape_count(&tap[0]->t->shape);
    double *value = calloc((size_t)n + 1, 2 * sizeof *value);
    if (!value)
        return h->fail(h, TFU_ENOMEM, "out of memory for the %lld numbers of '%s'", (long long)n,
                       tap[0]->node);
    st = tap_read(h, tap[0], 0, value);
    if (st == TFU_OK)
        st = tap_read(h, tap[1], 0, value + n);
    if (st == TFU_OK)
        add(self, value, value + n, n);
    free(value);
    return st;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct movement *m = self;
    const double a = sqrt(m->aa), b = sqrt(m->bb);
    if (a > 0)
        h->scalar(h, "movement", sqrt(m->dd) / a);
    else
        h->undefined(h, "movement", m->count > 0 ? "all of a is 0" : "no parameters");
    if (a > 0 && b > 0)
        h->scalar(h, "movement.cosine", fmax(-1, fmin(1, m->ab / a / b)));
    else
        h->undefined(h, "movement.cosine", "%s",
                     m->count > 0 ? (a > 0 ? "all of b is 0" : "all of a is 0") : "no parameters");
    h->scalar(h, "movement.l2", sqrt(m->dd));
    if (m->count > 0)
        h->scalar(h, "movement.rms", sqrt(m->dd / m->count));
    else
        h->undefined(h, "movement.rms", "no parameters");
    h->scalar(h, "movement.numbers", m->count);
    return TFU_OK;
}

static void reset(void *self)
{
    *(struct movement *)self = (struct movement){0};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_PARAMETERS,
    .create = create,
    .destroy = free,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "movement",
    .version = "1.0",
    .summary = "how far parameters moved: L2, relative L2, cosine, RMS",
    .ops_size = sizeof ops,
    .ops = &ops,
};
