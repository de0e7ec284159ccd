/* SPDX-License-Identifier: MIT */
#include "map_sums.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

int64_t map_sums_channels(const struct map_sums *m, int side)
{
    return m->shape[side].dim[3];
}

static enum tfu_status no_memory(struct tfu_metric_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the frequencies of maps");
}

/* ---- life */

void map_sums_reset(struct map_sums *m)
{
    frequencies_free(&m->frequencies);
    hermitian_free(&m->scatter);
    free(m->energy);
    *m = (struct map_sums){.size = m->size, .memory = m->memory};
}

static enum tfu_status allocate(struct map_sums *m, struct tfu_metric_host *h)
{
    const struct tfu_shape *a = &m->shape[0], *b = &m->shape[1];
    const int64_t height[] = {a->dim[1], b->dim[1]}, width[] = {a->dim[2], b->dim[2]};
    const int64_t columns = a->dim[3] + b->dim[3];
    if (!frequencies_make(&m->frequencies, height, width, m->size))
        return no_memory(h);
    const double mebibytes = hermitian_bytes(m->frequencies.count, columns) / 1048576;
    if (mebibytes > (double)m->memory)
        return h->fail(h, TFU_ENOMEM,
                       "the covariances of %lld and %lld channels at %lld x %lld frequencies take "
                       "%.0f MiB, and memory is %lld; set size to compare lower frequencies alone, "
                       "or memory to more",
                       (long long)a->dim[3], (long long)b->dim[3], (long long)m->frequencies.y.kept,
                       (long long)m->frequencies.x.kept, mebibytes, (long long)m->memory);
    m->energy = calloc((size_t)columns, sizeof *m->energy);
    if (!m->energy || !hermitian_make(&m->scatter, m->frequencies.count, columns))
        return no_memory(h);
    return TFU_OK;
}

/* Room for maps like those, the first ones. */
static enum tfu_status prepare(struct map_sums *m, const struct tfu_shape *a,
                               const struct tfu_shape *b, struct tfu_metric_host *h)
{
    map_sums_reset(m);
    m->shape[0] = *a;
    m->shape[1] = *b;
    const enum tfu_status st = allocate(m, h);
    if (st != TFU_OK)
        map_sums_reset(m);
    return st;
}

static bool same_maps(const struct tfu_shape *x, const struct tfu_shape *y)
{
    return x->dim[1] == y->dim[1] && x->dim[2] == y->dim[2] && x->dim[3] == y->dim[3];
}

/* ---- batches */

/* Images on their way into the block. */
struct transform {
    const struct map_sums *m;
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

const struct tfu_metric_host quiet_host = {.struct_size = sizeof quiet_host, .fail = keep_quiet};

/* Image `row` of a tap. */
static struct tfu_tensor image_of(const struct tfu_tensor *maps, int64_t row)
{
    struct tfu_tensor image = *maps;
    image.shape.dim[0] = 1;
    const size_t size = maps->dtype == TFU_F64 ? sizeof(double) : sizeof(float);
    image.data = (char *)maps->data + (size_t)(row * tfu_shape_count(&image.shape)) * size;
    return image;
}

static void transform_task(void *arg, uint32_t index, uint32_t worker)
{
    struct transform *t = arg;
    const struct map_sums *m = t->m;
    const int64_t columns = m->scatter.columns;
    double *map = t->scratch + worker * t->scratch_size;
    double *to = hermitian_row(&m->scatter, m->scatter.in_block + index);
    double *energy = t->energy + index * columns;
    memset(energy, 0, (size_t)columns * sizeof *energy);
    for (int side = 0; side < 2; side++) {
        const int64_t n = map_sums_channels(m, side), offset = side ? map_sums_channels(m, 0) : 0;
        const struct tfu_tensor image = image_of(t->tap[side]->t, t->first + index);
        const struct tfu_tap tap = {.struct_size = sizeof tap, .t = &image};
        const int64_t count = tfu_shape_count(&image.shape);
        struct tfu_metric_host h = quiet_host;
        if (tap_read(&h, &tap, 0, map) != TFU_OK) {
            t->refused[index] = true;
            return;
        }
        for (int64_t i = 0; i < count; i += n)
            for (int64_t c = 0; c < n; c++)
                energy[offset + c] += map[i + c] * map[i + c];
        frequencies_transform(&m->frequencies, side, n, map, map + count, to + offset,
                              hermitian_stride(&m->scatter), columns);
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
        const struct tfu_tensor image = image_of(t->tap[side]->t, t->first + row);
        struct tfu_tap tap = *t->tap[side];
        tap.t = &image;
        st = tap_read(h, &tap, t->m->rows + row, t->scratch);
    }
    return st;
}

static enum tfu_status take(struct map_sums *m, struct transform *t, int64_t rows,
                            struct tfu_metric_host *h)
{
    const int64_t columns = m->scatter.columns;
    for (t->first = 0; t->first < rows; t->first += t->rows) {
        const int64_t room = HERMITIAN_BLOCK - m->scatter.in_block, rest = rows - t->first;
        t->rows = rest < room ? rest : room;
        h->parallel(h, (uint32_t)t->rows, transform_task, t);
        for (int64_t r = 0; r < t->rows; r++) {
            if (t->refused[r])
                return refuse(t, h);
            for (int64_t c = 0; c < columns; c++)
                m->energy[c] += t->energy[r * columns + c];
        }
        hermitian_add(&m->scatter, t->rows, h);
        m->rows += t->rows;
    }
    return TFU_OK;
}

static enum tfu_status check_shapes(struct map_sums *m, const struct tfu_batch *b,
                                    const struct tfu_tap *const tap[2], struct tfu_metric_host *h)
{
    for (int i = 0; i < 2; i++) {
        const struct tfu_shape *s = &tap[i]->t->shape;
        if (s->rank != 4 || s->dim[0] != b->rows || tfu_shape_count(s) < b->rows)
            return h->fail(h, TFU_ESHAPE, "'%s' is not the maps (N,H,W,C) of %lld images",
                           tap[i]->node, (long long)b->rows);
        if (m->shape[i].rank && !same_maps(s, &m->shape[i]))
            return h->fail(h, TFU_ESHAPE, "maps of '%s' of another size follow those before",
                           tap[i]->node);
    }
    return m->shape[0].rank ? TFU_OK : prepare(m, &tap[0]->t->shape, &tap[1]->t->shape, h);
}

enum tfu_status map_sums_update(struct map_sums *m, const struct tfu_batch *b,
                                struct tfu_metric_host *h)
{
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
        snprintf(m->node[side], sizeof m->node[side], "%s", t.tap[side]->node);
        const int64_t size = tfu_shape_count(&m->shape[side]) / m->shape[side].dim[0] +
                             frequencies_scratch(&m->frequencies, side, map_sums_channels(m, side));
        t.scratch_size = size > t.scratch_size ? size : t.scratch_size;
    }
    t.scratch = malloc((size_t)h->threads * (size_t)t.scratch_size * sizeof *t.scratch);
    t.energy = malloc((size_t)(HERMITIAN_BLOCK * m->scatter.columns) * sizeof *t.energy);
    st = t.scratch && t.energy ? take(m, &t, b->rows, h) : no_memory(h);
    free(t.scratch);
    free(t.energy);
    return st;
}

/* ---- results */

void map_sums_flush(struct map_sums *m, struct tfu_metric_host *h)
{
    hermitian_flush(&m->scatter, h);
}

/* Beside the energy of the whole map what a frequency has from rounding alone is nothing: the
 * columns that count are chosen by a mean as large as that. */
static void set_floor(const struct map_sums *m, struct moments *out)
{
    const int64_t split = map_sums_channels(m, 0);
    const int64_t area[] = {m->shape[0].dim[1] * m->shape[0].dim[2],
                            m->shape[1].dim[1] * m->shape[1].dim[2]};
    for (int64_t c = 0; c < m->scatter.columns; c++) {
        const int side = c >= split;
        double *to = out->mean + (side ? c + split : c);
        to[0] = sqrt(m->energy[c] * (double)area[side] / (double)m->rows);
        to[map_sums_channels(m, side)] = to[0];
    }
}

void map_sums_moments(const struct map_sums *m, int64_t frequency, struct moments *out)
{
    hermitian_moments(&m->scatter, frequency, map_sums_channels(m, 0), out);
    set_floor(m, out);
}
