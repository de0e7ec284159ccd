/* SPDX-License-Identifier: MIT
 *
 * CCA of the maps of convolutions, whole: by the discrete Fourier transform, under which channels
 * at other frequencies do not correlate when images may be shifted, so that CCA of all positions
 * of all channels falls into one of the channels at each frequency (Raghu, Gilmer, Yosinski,
 * Sohl-Dickstein, "SVCCA", 2017, section 4). The maps may have different sizes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cca.h"
#include "frequencies.h"
#include "hermitian.h"
#include "lapack.h"
#include "tap.h"

struct config {
    int64_t size, memory;
    double tolerance;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, size, 0, 0, 65536,
                "frequencies of maps of so many pixels a side; 0: as many as both have"),
    TFU_OPT_INT(struct config, memory, 4096, 1, 1 << 30,
                "MiB that the covariances of all frequencies may take"),
    TFU_OPT_FLOAT(struct config, tolerance, 1e-10, 0, 0.1,
                  "a direction with less than this share of the largest variance counts as none"),
};

struct dft_cca {
    const struct config *config;
    struct tfu_shape shape[2]; /* of the first batch; rank 0: none yet */
    char node[2][128];         /* for messages */
    struct frequencies frequencies;
    struct hermitian sums;
    double *energy; /* columns: sum of squares over rows and positions */
    int64_t rows;
};

static int64_t channels(const struct dft_cca *m, int side)
{
    return m->shape[side].dim[3];
}

static enum tfu_status no_memory(struct tfu_metric_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the correlations of maps");
}

/* ---- life */

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const enum tfu_status st = tap_want(h, 1);
    if (st != TFU_OK)
        return st;
    struct dft_cca *m = calloc(1, sizeof *m);
    if (!m)
        return no_memory(h);
    lapack_begin();
    m->config = config;
    *self = m;
    return TFU_OK;
}

static void reset(void *self)
{
    struct dft_cca *m = self;
    const struct config *config = m->config;
    frequencies_free(&m->frequencies);
    hermitian_free(&m->sums);
    free(m->energy);
    *m = (struct dft_cca){.config = config};
}

static void destroy(void *self)
{
    reset(self);
    free(self);
}

/* Room for the maps of `shape`, those of the first batch. */
static enum tfu_status prepare(struct dft_cca *m, const struct tfu_shape shape[2],
                               struct tfu_metric_host *h)
{
    const int64_t height[] = {shape[0].dim[1], shape[1].dim[1]};
    const int64_t width[] = {shape[0].dim[2], shape[1].dim[2]};
    const int64_t columns = shape[0].dim[3] + shape[1].dim[3];
    memcpy(m->shape, shape, sizeof m->shape);
    if (!frequencies_make(&m->frequencies, height, width, m->config->size))
        return no_memory(h);
    const double bytes = hermitian_bytes(m->frequencies.count, columns);
    if (bytes > (double)m->config->memory * 1048576)
        return h->fail(h, TFU_ENOMEM,
                       "the covariances of %lld and %lld channels at %lld x %lld frequencies take "
                       "%.0f MiB, and memory is %lld; set size to compare lower frequencies alone, "
                       "or memory to more",
                       (long long)shape[0].dim[3], (long long)shape[1].dim[3],
                       (long long)m->frequencies.y.kept, (long long)m->frequencies.x.kept,
                       bytes / 1048576, (long long)m->config->memory);
    m->energy = calloc((size_t)columns, sizeof *m->energy);
    if (!m->energy || !hermitian_make(&m->sums, m->frequencies.count, columns))
        return no_memory(h);
    return TFU_OK;
}

static bool same_maps(const struct tfu_shape *x, const struct tfu_shape *y)
{
    return x->dim[1] == y->dim[1] && x->dim[2] == y->dim[2] && x->dim[3] == y->dim[3];
}

/* ---- batches */

/* Images on their way into the block. */
struct transform {
    const struct dft_cca *m;
    const struct tfu_tap *tap[2];
    int64_t first, rows; /* of the batch */
    double *scratch;     /* of each worker */
    int64_t scratch_size;
    double *energy; /* HERMITIAN_BLOCK x columns */
    bool refused[HERMITIAN_BLOCK];
};

/* Workers say nothing: the thread that called says it after them. */
static enum tfu_status keep_quiet(struct tfu_metric_host *h, enum tfu_status st, const char *fmt,
                                  ...)
{
    (void)h;
    (void)fmt;
    return st;
}

static const struct tfu_metric_host quiet = {.struct_size = sizeof quiet, .fail = keep_quiet};

static struct tfu_tap image_of(const struct tfu_tap *tap, int64_t row)
{
    struct tfu_tap image = *tap;
    image.t.shape.dim[0] = 1;
    image.t.data =
        (char *)tap->t.data + (size_t)(row * tfu_shape_count(&image.t.shape)) *
                                  (tap->t.dtype == TFU_F64 ? sizeof(double) : sizeof(float));
    return image;
}

static void transform_task(void *arg, uint32_t index, uint32_t worker)
{
    struct transform *t = arg;
    const struct dft_cca *m = t->m;
    const int64_t columns = m->sums.columns;
    double *map = t->scratch + worker * t->scratch_size;
    double *to = hermitian_row(&m->sums, m->sums.in_block + index);
    double *energy = t->energy + index * columns;
    memset(energy, 0, (size_t)columns * sizeof *energy);
    for (int side = 0; side < 2; side++) {
        const int64_t n = channels(m, side), offset = side ? channels(m, 0) : 0;
        const struct tfu_tap image = image_of(t->tap[side], t->first + index);
        const int64_t count = tfu_shape_count(&image.t.shape);
        struct tfu_metric_host h = quiet;
        if (tap_read(&h, &image, 0, map) != TFU_OK) {
            t->refused[index] = true;
            return;
        }
        for (int64_t i = 0; i < count; i += n)
            for (int64_t c = 0; c < n; c++)
                energy[offset + c] += map[i + c] * map[i + c];
        frequencies_transform(&m->frequencies, side, n, map, map + count, to + offset,
                              hermitian_stride(&m->sums), columns);
    }
}

/* The first image that a worker refused, in words. */
static enum tfu_status refuse(const struct transform *t, struct tfu_metric_host *h)
{
    int64_t row = 0;
    while (!t->refused[row])
        row++;
    enum tfu_status st = TFU_OK;
    for (int side = 0; st == TFU_OK && side < 2; side++) {
        const struct tfu_tap image = image_of(t->tap[side], t->first + row);
        st = tap_read(h, &image, t->m->rows + row, t->scratch);
    }
    return st;
}

static enum tfu_status take(struct dft_cca *m, struct transform *t, int64_t rows,
                            struct tfu_metric_host *h)
{
    const int64_t columns = m->sums.columns;
    for (t->first = 0; t->first < rows; t->first += t->rows) {
        const int64_t room = HERMITIAN_BLOCK - m->sums.in_block, rest = rows - t->first;
        t->rows = rest < room ? rest : room;
        h->parallel(h, (uint32_t)t->rows, transform_task, t);
        for (int64_t r = 0; r < t->rows; r++) {
            if (t->refused[r])
                return refuse(t, h);
            for (int64_t c = 0; c < columns; c++)
                m->energy[c] += t->energy[r * columns + c];
        }
        hermitian_add(&m->sums, t->rows, h);
        m->rows += t->rows;
    }
    return TFU_OK;
}

static enum tfu_status check_shapes(struct dft_cca *m, const struct tfu_batch *b,
                                    const struct tfu_tap *const tap[2], struct tfu_metric_host *h)
{
    for (int i = 0; i < 2; i++) {
        const struct tfu_shape *s = &tap[i]->t.shape;
        if (s->rank != 4 || s->dim[0] != b->rows || tfu_shape_count(s) < b->rows)
            return h->fail(h, TFU_ESHAPE, "'%s' is not the maps (N,H,W,C) of %lld images",
                           tap[i]->node, (long long)b->rows);
        if (m->shape[i].rank && !same_maps(s, &m->shape[i]))
            return h->fail(h, TFU_ESHAPE, "maps of '%s' of another size follow those before",
                           tap[i]->node);
        snprintf(m->node[i], sizeof m->node[i], "%s", tap[i]->node);
    }
    if (m->shape[0].rank)
        return TFU_OK;
    const enum tfu_status st =
        prepare(m, (struct tfu_shape[]){tap[0]->t.shape, tap[1]->t.shape}, h);
    if (st != TFU_OK)
        reset(m);
    return st;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct dft_cca *m = self;
    struct transform t = {.m = m};
    enum tfu_status st = tap_find(h, b, "a", &t.tap[0]);
    if (st == TFU_OK)
        st = tap_find(h, b, "b", &t.tap[1]);
    if (st != TFU_OK || b->rows == 0)
        return st;
    st = check_shapes(m, b, t.tap, h);
    if (st != TFU_OK)
        return st;
    for (int side = 0; side < 2; side++) {
        const int64_t size = tfu_shape_count(&m->shape[side]) / m->shape[side].dim[0] +
                             frequencies_scratch(&m->frequencies, side, channels(m, side));
        t.scratch_size = size > t.scratch_size ? size : t.scratch_size;
    }
    t.scratch = malloc((size_t)h->threads * (size_t)t.scratch_size * sizeof *t.scratch);
    t.energy = malloc((size_t)(HERMITIAN_BLOCK * m->sums.columns) * sizeof *t.energy);
    st = t.scratch && t.energy ? take(m, &t, b->rows, h) : no_memory(h);
    free(t.scratch);
    free(t.energy);
    return st;
}

static enum tfu_status merge(void *self, const void *other, struct tfu_metric_host *h)
{
    struct dft_cca *m = self;
    const struct dft_cca *o = other;
    enum tfu_status st = TFU_OK;
    if (o->rows == 0)
        return TFU_OK;
    if (m->rows == 0)
        st = prepare(m, o->shape, h);
    else if (!same_maps(&m->shape[0], &o->shape[0]) || !same_maps(&m->shape[1], &o->shape[1]))
        st = h->fail(h, TFU_ESHAPE, "parts with maps of other sizes cannot be merged");
    if (st != TFU_OK)
        return st;
    memcpy(m->node, o->node, sizeof m->node);
    for (int64_t c = 0; c < m->sums.columns; c++)
        m->energy[c] += o->energy[c];
    m->rows += o->rows;
    return hermitian_merge(&m->sums, &o->sums, h) ? TFU_OK : no_memory(h);
}

/* ---- results */

struct result {
    enum tfu_status status;
    int64_t count, forced; /* coefficients; those that are 1 whatever the activations */
    double sum;            /* of the coefficients */
    double power;          /* geometric mean of the variances of both sides */
};

struct solving {
    const struct dft_cca *m;
    struct result *result; /* of each frequency */
};

/* Beside the energy of the whole map what a frequency has from rounding alone is nothing: the
 * columns that count are chosen by a mean as large as that. */
static void set_floor(const struct dft_cca *m, struct moments *out)
{
    const int64_t split = channels(m, 0);
    const int64_t area[] = {m->shape[0].dim[1] * m->shape[0].dim[2],
                            m->shape[1].dim[1] * m->shape[1].dim[2]};
    for (int64_t c = 0; c < m->sums.columns; c++) {
        const int side = c >= split;
        double *to = out->mean + (side ? c + split : c);
        to[0] = sqrt(m->energy[c] * (double)area[side] / (double)m->rows);
        to[channels(m, side)] = to[0];
    }
}

static double trace(const struct moments *x, int side)
{
    const int64_t n = x->columns[0] + x->columns[1], first = side ? x->columns[0] : 0;
    double sum = 0;
    for (int64_t i = first; i < first + x->columns[side]; i++)
        sum += x->scatter[i * n + i];
    return sum;
}

/* All singular values come twice. */
static void read_coefficients(const struct cca *c, int64_t rows, struct result *r)
{
    const int64_t forced = (c->side[0].rank + c->side[1].rank) / 2 - (rows - 1);
    r->count = c->count / 2;
    r->forced = forced > 0 ? forced : 0;
    for (int64_t i = 0; i < r->count; i++)
        r->sum += fmin(1, c->correlation[2 * i]);
}

static void solve_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct solving *s = arg;
    const struct dft_cca *m = s->m;
    const size_t n = 2 * (size_t)m->sums.columns;
    const struct whitening_request request = {.kind = WHITEN_ALL,
                                              .tolerance = m->config->tolerance};
    struct moments x = {.mean = malloc(n * sizeof(double)),
                        .scatter = malloc(n * n * sizeof(double))};
    struct cca c = {.count = 0};
    struct tfu_metric_host h = quiet;
    struct result *r = &s->result[index];
    (void)worker;
    *r = (struct result){.status = TFU_ENOMEM};
    if (x.mean && x.scatter) {
        hermitian_moments(&m->sums, index, channels(m, 0), &x);
        set_floor(m, &x);
        r->power = sqrt(trace(&x, 0)) * sqrt(trace(&x, 1));
        r->status = cca_solve(&c, &x, &request, false, &h);
        if (r->status == TFU_OK)
            read_coefficients(&c, m->rows, r);
        cca_free(&c);
    }
    moments_free(&x);
}

static enum tfu_status check_rows(const struct dft_cca *m, struct tfu_metric_host *h)
{
    if (m->rows == 0)
        return h->fail(h, TFU_EINVAL, "there are no activations to compare");
    for (int i = 0; i < 2; i++)
        if (m->rows <= channels(m, i))
            return h->fail(h, TFU_EINVAL,
                           "%lld images for the %lld channels of '%s': at each frequency an image "
                           "is one row, and with no more rows than channels every correlation is "
                           "1 and means nothing; take more images",
                           (long long)m->rows, (long long)channels(m, i), m->node[i]);
    return TFU_OK;
}

static enum tfu_status solve(struct solving *s, struct tfu_metric_host *h)
{
    const int64_t count = s->m->frequencies.count;
    h->parallel(h, (uint32_t)count, solve_task, s);
    for (int64_t k = 0; k < count; k++)
        if (s->result[k].status == TFU_ENOMEM)
            return no_memory(h);
        else if (s->result[k].status != TFU_OK)
            return h->fail(h, s->result[k].status,
                           "the decomposition at frequency slot %lld, %lld did not converge",
                           (long long)s->m->frequencies.at[k].y,
                           (long long)s->m->frequencies.at[k].x);
    return TFU_OK;
}

static void report_slot(int64_t slot, const struct result *r, struct tfu_metric_host *h)
{
    char key[64];
    snprintf(key, sizeof key, "dft_cca.frequency.%lld", (long long)slot);
    if (r->count > 0)
        h->scalar(h, key, r->sum / (double)r->count);
    else
        h->undefined(h, key, "nothing varies at this frequency");
}

static void report_frequencies(const struct solving *s, const struct result **slot,
                               struct tfu_metric_host *h)
{
    const struct frequencies *f = &s->m->frequencies;
    for (int64_t k = 0; k < f->count; k++) {
        slot[f->at[k].y * f->x.kept + f->at[k].x] = &s->result[k];
        slot[f->at[k].twin] = &s->result[k];
    }
    for (int64_t i = 0; i < f->y.kept * f->x.kept; i++)
        report_slot(i, slot[i], h);
}

static void report(const struct solving *s, struct tfu_metric_host *h)
{
    const struct dft_cca *m = s->m;
    const struct frequencies *f = &m->frequencies;
    double sum = 0, count = 0, powered = 0, power = 0, forced = 0;
    for (int64_t k = 0; k < f->count; k++) {
        const struct result *r = &s->result[k];
        const double weight = (double)f->at[k].weight;
        if (r->count == 0)
            continue;
        sum += weight * r->sum;
        count += weight * (double)r->count;
        powered += weight * r->power * (r->sum / (double)r->count);
        power += weight * r->power;
        forced += weight * (double)r->forced;
    }
    if (count > 0) {
        h->scalar(h, "dft_cca", sum / count);
        h->scalar(h, "dft_cca.power", powered / power);
    } else {
        h->undefined(h, "dft_cca", "the images have no variable channel at a common frequency");
        h->undefined(h, "dft_cca.power",
                     "the images have no variable channel at a common frequency");
    }
    h->scalar(h, "dft_cca.coefficients", count);
    h->scalar(h, "dft_cca.forced", forced);
    h->scalar(h, "dft_cca.rows", (double)m->rows);
    h->scalar(h, "dft_cca.columns_a", (double)channels(m, 0));
    h->scalar(h, "dft_cca.columns_b", (double)channels(m, 1));
    h->scalar(h, "dft_cca.height", (double)f->y.kept);
    h->scalar(h, "dft_cca.width", (double)f->x.kept);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    struct dft_cca *m = self;
    const struct frequencies *f = &m->frequencies;
    enum tfu_status st = check_rows(m, h);
    if (st != TFU_OK)
        return st;
    hermitian_flush(&m->sums, h);
    struct solving s = {m, calloc((size_t)f->count, sizeof *s.result)};
    const struct result **slot = calloc((size_t)(f->y.kept * f->x.kept), sizeof *slot);
    st = s.result && slot ? solve(&s, h) : no_memory(h);
    if (st == TFU_OK) {
        report(&s, h);
        report_frequencies(&s, slot, h);
    }
    free(s.result);
    free(slot);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS | TFU_NEEDS_MAPS,
    .create = create,
    .destroy = destroy,
    .update = update,
    .merge = merge,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "dft_cca",
    .version = "1.0",
    .summary = "canonical correlations of the maps of convolutions at each spatial frequency",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
