/* SPDX-License-Identifier: MIT */
#include "covariance.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lapack.h"
#include "tap.h"

enum {
    BLOCK = 512,    /* rows */
    COPY_ROWS = 64, /* rows that one thread copies at a time */
    TILE_MIN = 64,  /* columns of a tile, the unit of work of one thread */
    TILE_MAX = 512
};

/* ---- life */

void covariance_free(struct covariance *c)
{
    free(c->shift);
    free(c->sum);
    free(c->product);
    free(c->block);
    *c = (struct covariance){.rows = 0};
}

void covariance_reset(struct covariance *c)
{
    covariance_free(c);
}

static int64_t width(const struct covariance *c)
{
    return c->columns[0] + c->columns[1];
}

/* From a row of the block to the next: rows whose distance is a multiple of the size of a page fall
 * into the same few lines of the cache. */
static int64_t pitch(int64_t n)
{
    return n % 64 ? n : n + 8;
}

static enum tfu_status allocate(struct covariance *c, int64_t a, int64_t b,
                                struct tfu_metric_host *h)
{
    const size_t n = (size_t)(a + b);
    covariance_free(c);
    c->columns[0] = a;
    c->columns[1] = b;
    c->shift = calloc(n + 1, sizeof *c->shift);
    c->sum = calloc(n + 1, sizeof *c->sum);
    c->product = calloc(n * n + 1, sizeof *c->product);
    c->block = calloc((size_t)pitch(a + b) * BLOCK + 1, sizeof *c->block);
    if (c->shift && c->sum && c->product && c->block)
        return TFU_OK;
    covariance_free(c);
    return h->fail(h, TFU_ENOMEM, "out of memory for the covariance of %lld columns",
                   (long long)(a + b));
}

/* ---- sums */

/* Sums a block of rows, in place: it is used up. */
struct summing {
    int64_t n, pitch, rows;
    double *block, *sum, *product;
    const double *shift;
    int64_t tile, tiles; /* columns of a tile; tiles in a row */
};

/* A quarter of the columns: ten tiles in the upper triangle. Of the shape alone, so that bits do
 * not depend on the number of threads; large tiles spend less on packing. */
static int64_t tile_size(int64_t n)
{
    const int64_t quarter = (n / 4 + TILE_MIN - 1) / TILE_MIN * TILE_MIN;
    return quarter < TILE_MIN ? TILE_MIN : quarter > TILE_MAX ? TILE_MAX : quarter;
}

/* Columns of one tile: the shift is taken off, and the rest summed. */
static void shift_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct summing *s = arg;
    (void)worker;
    const int64_t first = (int64_t)index * s->tile;
    const int64_t last = first + s->tile < s->n ? first + s->tile : s->n;
    for (int64_t r = 0; r < s->rows; r++) {
        double *row = s->block + r * s->pitch;
        for (int64_t i = first; i < last; i++) {
            row[i] -= s->shift[i];
            s->sum[i] += row[i];
        }
    }
}

/* Tile number `index` of the upper triangle, counted row by row. */
static void product_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct summing *s = arg;
    (void)worker;
    int64_t i = 0, j = index;
    while (j >= s->tiles - i) {
        j -= s->tiles - i;
        i++;
    }
    j += i;
    const int64_t row = i * s->tile, column = j * s->tile;
    const int64_t height = row + s->tile < s->n ? s->tile : s->n - row;
    const int64_t breadth = column + s->tile < s->n ? s->tile : s->n - column;
    double *to = s->product + row * s->n + column;
    if (i == j)
        multiply_symmetric(height, s->rows, s->block + row, s->pitch, to, s->n);
    else
        multiply_transposed(height, breadth, s->rows, s->block + row, s->pitch, s->block + column,
                            s->pitch, to, s->n);
}

static void sum_block(struct summing *s, struct tfu_metric_host *h)
{
    s->tile = tile_size(s->n);
    s->tiles = (s->n + s->tile - 1) / s->tile;
    h->parallel(h, (uint32_t)s->tiles, shift_task, s);
    h->parallel(h, (uint32_t)(s->tiles * (s->tiles + 1) / 2), product_task, s);
}

/* The provisional mean: that of the rows in the first block. */
static void choose_shift(const struct covariance *c, double *shift)
{
    const int64_t n = width(c);
    for (int64_t r = 0; r < c->in_block; r++)
        for (int64_t i = 0; i < n; i++)
            shift[i] += c->block[r * pitch(n) + i];
    for (int64_t i = 0; i < n; i++)
        shift[i] /= (double)c->in_block;
}

static void flush(struct covariance *c, struct tfu_metric_host *h)
{
    struct summing s = {width(c),   pitch(width(c)), c->in_block, c->block, c->sum,
                        c->product, c->shift,        0,           0};
    if (c->rows == c->in_block)
        choose_shift(c, c->shift);
    sum_block(&s, h);
    c->in_block = 0;
}

/* Rows on their way into the block. */
struct copying {
    const struct tfu_tap *tap[2];
    int64_t columns[2];
    int64_t first, rows; /* of the batch */
    double *to;
    bool bad[BLOCK / COPY_ROWS];
};

static void copy_row(double *to, const struct tfu_tap *t, int64_t row, int64_t n)
{
    const float *from = (const float *)t->t->data + row * n;
    if (t->t->dtype == TFU_F64)
        memcpy(to, (const double *)t->t->data + row * n, (size_t)n * sizeof *to);
    else
        for (int64_t i = 0; i < n; i++)
            to[i] = (double)from[i];
}

/* Are all finite, and at most about TAP_LARGEST? Scaled until what is larger overflows, times 0,
 * they are 0 then; several sums at once, or each would wait for the one before. */
static bool all_good(const double *x, int64_t n)
{
    const double scale = DBL_MAX / TAP_LARGEST;
    double lane[8] = {0};
    int64_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 8; k++)
            lane[k] += 0 * (x[i + k] * scale);
    for (; i < n; i++)
        lane[0] += 0 * (x[i] * scale);
    double sum = 0;
    for (int k = 0; k < 8; k++)
        sum += lane[k];
    return sum == 0;
}

static void copy_task(void *arg, uint32_t index, uint32_t worker)
{
    struct copying *c = arg;
    const int64_t n = c->columns[0] + c->columns[1];
    const int64_t begin = (int64_t)index * COPY_ROWS;
    const int64_t end = begin + COPY_ROWS < c->rows ? begin + COPY_ROWS : c->rows;
    (void)worker;
    for (int64_t r = begin; r < end; r++) {
        double *row = c->to + r * pitch(n);
        copy_row(row, c->tap[0], c->first + r, c->columns[0]);
        if (c->tap[1])
            copy_row(row + c->columns[0], c->tap[1], c->first + r, c->columns[1]);
        if (!all_good(row, n))
            c->bad[index] = true;
    }
}

/* As many rows of a batch as fit into the block, from `first` on; returns how many. */
static int64_t fill_block(struct covariance *c, struct copying *job, int64_t first, int64_t total,
                          struct tfu_metric_host *h)
{
    const int64_t room = BLOCK - c->in_block;
    job->first = first;
    job->rows = total - first < room ? total - first : room;
    job->to = c->block + c->in_block * pitch(width(c));
    h->parallel(h, (uint32_t)((job->rows + COPY_ROWS - 1) / COPY_ROWS), copy_task, job);
    c->in_block += job->rows;
    c->rows += job->rows;
    return job->rows;
}

static enum tfu_status check_columns(struct covariance *c, const int64_t columns[2],
                                     struct tfu_metric_host *h)
{
    if (!c->product)
        return allocate(c, columns[0], columns[1], h);
    if (columns[0] == c->columns[0] && columns[1] == c->columns[1])
        return TFU_OK;
    return h->fail(h, TFU_ESHAPE,
                   "activations of %lld and %lld columns follow others of %lld and %lld",
                   (long long)columns[0], (long long)columns[1], (long long)c->columns[0],
                   (long long)c->columns[1]);
}

enum tfu_status covariance_update(struct covariance *c, const struct tfu_batch *b,
                                  struct tfu_metric_host *h)
{
    struct copying job = {.columns = {0, 0}};
    const int64_t before = c->rows;
    enum tfu_status st = tap_matrix(h, b, "a", &job.tap[0]);
    if (st == TFU_OK && b->tap_count > 1)
        st = tap_matrix(h, b, "b", &job.tap[1]);
    if (st != TFU_OK)
        return st;
    for (int i = 0; i < 2 && job.tap[i]; i++)
        job.columns[i] = job.tap[i]->t->shape.dim[1];
    if (b->rows == 0)
        return TFU_OK;
    st = check_columns(c, job.columns, h);
    for (int64_t done = 0; st == TFU_OK && done < b->rows;) {
        done += fill_block(c, &job, done, b->rows, h);
        for (size_t i = 0; i < TFU_COUNT(job.bad); i++)
            for (int k = 0; job.bad[i] && st == TFU_OK && k < 2 && job.tap[k]; k++)
                st = tap_check(h, job.tap[k], before);
        if (st == TFU_OK && c->in_block == BLOCK)
            flush(c, h);
    }
    return st;
}

/* ---- moments */

/* The sums with what is still in the block, around the shift. The rows are left where they are. */
static enum tfu_status sum_all(const struct covariance *c, double *shift, double *sum,
                               double *product, struct tfu_metric_host *h)
{
    const size_t n = (size_t)width(c), rest = (size_t)c->in_block;
    memcpy(shift, c->shift, n * sizeof *shift);
    memcpy(sum, c->sum, n * sizeof *sum);
    memcpy(product, c->product, n * n * sizeof *product);
    if (rest == 0)
        return TFU_OK;
    const size_t size = (size_t)pitch(width(c)) * rest * sizeof(double);
    double *block = malloc(size);
    if (!block)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld rows", (long long)rest);
    memcpy(block, c->block, size);
    if (c->rows == c->in_block)
        choose_shift(c, shift);
    struct summing s = {width(c), pitch(width(c)), c->in_block, block, sum, product, shift, 0, 0};
    sum_block(&s, h);
    free(block);
    return TFU_OK;
}

enum tfu_status covariance_moments(const struct covariance *c, struct moments *out,
                                   struct tfu_metric_host *h)
{
    const int64_t n = width(c);
    const size_t size = (size_t)n;
    *out = (struct moments){.rows = c->rows, .columns = {c->columns[0], c->columns[1]}};
    out->mean = calloc(size + 1, sizeof *out->mean);
    out->scatter = calloc(size * size + 1, sizeof *out->scatter);
    double *sum = calloc(size + 1, sizeof *sum);
    enum tfu_status st = out->mean && out->scatter && sum
                             ? TFU_OK
                             : h->fail(h, TFU_ENOMEM,
                                       "out of memory for the covariance of %lld "
                                       "columns",
                                       (long long)n);
    if (st == TFU_OK && c->product)
        st = sum_all(c, out->mean, sum, out->scatter, h);
    for (int64_t i = 0; st == TFU_OK && i < n; i++)
        for (int64_t j = i; j < n; j++) {
            double *s = &out->scatter[i * n + j];
            *s -= sum[i] * sum[j] / (double)c->rows;
            out->scatter[j * n + i] = *s;
        }
    for (int64_t i = 0; st == TFU_OK && i < n; i++)
        out->mean[i] += sum[i] / (double)c->rows;
    free(sum);
    if (st != TFU_OK)
        moments_free(out);
    return st;
}

void moments_free(struct moments *m)
{
    free(m->mean);
    free(m->scatter);
    *m = (struct moments){.rows = 0};
}

void moments_part(const struct moments *m, int row_side, int column_side, double *to)
{
    const int64_t n = m->columns[0] + m->columns[1];
    const int64_t rows = m->columns[row_side], columns = m->columns[column_side];
    const double *from =
        m->scatter + (row_side ? m->columns[0] : 0) * n + (column_side ? m->columns[0] : 0);
    for (int64_t i = 0; i < rows; i++)
        memcpy(to + i * columns, from + i * n, (size_t)columns * sizeof *to);
}
