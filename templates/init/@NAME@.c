/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - orthogonal weights (Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear
 * dynamics of learning in deep linear neural networks", ICLR 2014): a weight K,C,R,S is a matrix of
 * K rows and C*R*S columns whose rows, or columns where they are fewer, have length `gain` and
 * stand at right angles. Everything else gets the constant that leaves activations alone.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/init.h>

struct config {
    double gain;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, gain, 1.4142135623730951, 0, 1e6,
                  "length of each row; sqrt(2) goes with ReLU, 1 with linear layers"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)h;
    *self = (void *)(uintptr_t)config; /* stays valid until destroy(): nothing to make */
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Takes out of `v` what lies along the `count` unit vectors before it. */
static void project_out(double *v, const double *unit, int64_t count, int64_t length)
{
    for (int64_t k = 0; k < count; k++) {
        const double *u = unit + k * length;
        const double along = dot(v, u, length);
        for (int64_t i = 0; i < length; i++)
            v[i] -= along * u[i];
    }
}

/* Draws `count` <= `length` unit vectors at right angles, by Gram and Schmidt; what rounding leaves
 * is taken out in a second pass. A draw that hardly leaves the span of the others is drawn again.
 */
static void draw_orthonormal(double *vector, int64_t count, int64_t length, struct tfu_init_host *h)
{
    for (int64_t k = 0; k < count; k++) {
        double *v = vector + k * length;
        double norm;
        do {
            for (int64_t i = 0; i < length; i++)
                v[i] = h->normal(h);
            project_out(v, vector, k, length);
            project_out(v, vector, k, length);
            norm = sqrt(dot(v, v, length));
        } while (norm < 1e-6);
        for (int64_t i = 0; i < length; i++)
            v[i] /= norm;
    }
}

static enum tfu_status fill_weight(const struct config *c, const struct tfu_param *p,
                                   const struct tfu_tensor *dst, struct tfu_init_host *h)
{
    const int64_t rows = dst->shape.dim[0], columns = tfu_shape_count(&dst->shape) / rows;
    const int wide = rows <= columns;
    const int64_t count = wide ? rows : columns, length = wide ? columns : rows;
    double *vector = calloc((size_t)rows * (size_t)columns, sizeof *vector);
    if (!vector)
        return h->fail(h, TFU_ENOMEM, "out of memory for the matrix of '%s', %lld by %lld", p->name,
                       (long long)rows, (long long)columns);
    draw_orthonormal(vector, count, length, h);
    float *w = dst->data;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < columns; k++)
            w[r * columns + k] =
                (float)(c->gain * (wide ? vector[r * length + k] : vector[k * length + r]));
    free(vector);
    h->note(h, "orthogonal, %lld by %lld, gain %.4g", (long long)rows, (long long)columns, c->gain);
    return TFU_OK;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    if (p->role == TFU_ROLE_WEIGHT)
        return fill_weight(self, p, dst, h);
    const float value = p->role == TFU_ROLE_SCALE || p->role == TFU_ROLE_RUNNING_VAR ? 1 : 0;
    const int64_t n = tfu_shape_count(&dst->shape);
    float *w = dst->data;
    for (int64_t i = 0; i < n; i++)
        w[i] = value;
    h->note(h, "constant %g", (double)value);
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
    .name = "@NAME@",
    .version = "0.1",
    .summary = "orthogonal weights",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
