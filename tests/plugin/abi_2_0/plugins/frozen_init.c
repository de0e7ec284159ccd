/* SPDX-License-Identifier: MIT
 *
 * An initializer: weights are orthogonal (Saxe, McClelland, Ganguli, "Exact solutions to the
 * nonlinear dynamics of learning in deep linear neural networks", ICLR 2014). A weight K,C,R,S is
 * read as a matrix of K rows; its rows, or its columns when those are fewer, are orthogonal and of
 * length `gain`. Everything else gets a constant.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/init.h>

struct config {
    double gain, bias;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, gain, 1, 0, 1e6, "length of the rows, or columns"),
    TFU_OPT_FLOAT(struct config, bias, 0, -1e6, 1e6, "value of biases"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    *self = malloc(sizeof(struct config));
    if (!*self)
        return h->fail(h, TFU_ENOMEM, "out of memory for the initializer frozen_init");
    *(struct config *)*self = *(const struct config *)config;
    return TFU_OK;
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Takes the directions of the first `count` vectors out of `v`. Twice, for what rounding left. */
static void remove_directions(const double *vector, int64_t count, double *v, int64_t n)
{
    for (int pass = 0; pass < 2; pass++)
        for (int64_t k = 0; k < count; k++) {
            const double along = dot(vector + k * n, v, n);
            for (int64_t i = 0; i < n; i++)
                v[i] -= along * vector[k * n + i];
        }
}

/* `count` orthogonal vectors of length 1, of `n` >= `count` numbers each. */
static void draw_vectors(double *vector, int64_t count, int64_t n, struct tfu_init_host *h)
{
    for (int64_t k = 0; k < count; k++) {
        double *v = vector + k * n, length = 0;
        while (length < 1e-6) { /* a draw that the others span is drawn again */
            for (int64_t i = 0; i < n; i++)
                v[i] = h->normal(h);
            remove_directions(vector, k, v, n);
            length = sqrt(dot(v, v, n));
        }
        for (int64_t i = 0; i < n; i++)
            v[i] /= length;
    }
}

static enum tfu_status fill_weight(const struct config *c, const struct tfu_param *p,
                                   const struct tfu_tensor *dst, struct tfu_init_host *h)
{
    const int64_t rows = dst->shape.dim[0], columns = tfu_shape_count(&dst->shape) / rows;
    const int wide = columns >= rows;
    const int64_t count = wide ? rows : columns, n = wide ? columns : rows;
    float *w = dst->data;
    double *vector = malloc((size_t)(rows * columns) * sizeof *vector);
    if (!vector)
        return h->fail(h, TFU_ENOMEM, "out of memory for the parameter '%s'", p->name);
    draw_vectors(vector, count, n, h);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < columns; k++)
            w[r * columns + k] = (float)(c->gain * (wide ? vector[r * n + k] : vector[k * n + r]));
    free(vector);
    h->note(h, "orthogonal %s of length %g", wide ? "rows" : "columns", c->gain);
    return TFU_OK;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    if (p->role == TFU_ROLE_WEIGHT)
        return fill_weight(c, p, dst, h);
    const int one = p->role == TFU_ROLE_SCALE || p->role == TFU_ROLE_RUNNING_VAR;
    const double value = p->role == TFU_ROLE_BIAS ? c->bias : one;
    float *w = dst->data;
    for (int64_t i = 0; i < tfu_shape_count(&dst->shape); i++)
        w[i] = (float)value;
    h->note(h, "constant %g", value);
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops, .create = create, .destroy = free, .fill = fill};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "frozen_init",
    .version = "0.1",
    .summary = "orthogonal weights",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
