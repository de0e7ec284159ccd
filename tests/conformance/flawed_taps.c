/* SPDX-License-Identifier: MIT
 *
 * A metric of captured activations: the correlation of the first channels of two sources, with the
 * flaw that -DFLAW= names.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/metric.h>

enum flaw {
    none,
    asks_for_nothing,
    minds_no_refusal,
    reads_float32_alone,
    adds_as_workers_finish,
    divides_by_zero,
    refuses_without_a_word,
    needs_eight_rows,
    skips_what_is_no_number,
    announces_nothing,
    takes_parameters_of_any_shape,
    promises_rows,
    limits_below_zero
};

enum { PIECE = 64, PIECES = 64, SUMS = 6 };

/* rows, a, b, aa, bb, ab */
struct sums {
    double of[SUMS];
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    if (FLAW != asks_for_nothing) {
        enum tfu_status st = h->want_tap(h, "a", "*");
        if (st == TFU_OK)
            st = h->want_tap(h, "b", "*");
        if (st != TFU_OK && FLAW != minds_no_refusal)
            return st;
    }
    *self = calloc(1, sizeof(struct sums));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory");
}

static double read(const struct tfu_tap *tap, int64_t row)
{
    const int64_t at = row * tap->t->shape.dim[1];
    if (tap->t->dtype == TFU_F64 && FLAW != reads_float32_alone)
        return ((const double *)tap->t->data)[at];
    return (double)((const float *)tap->t->data)[at];
}

struct work {
    const struct tfu_batch *batch;
    struct sums piece[PIECES], total;
};

static void add(struct sums *to, const struct sums *from)
{
    for (int i = 0; i < SUMS; i++)
        to->of[i] += from->of[i];
}

static void sum_piece(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    struct work *w = arg;
    const int64_t first = (int64_t)index * PIECE;
    const int64_t end = first + PIECE < w->batch->rows ? first + PIECE : w->batch->rows;
    struct sums s = {{0}};
    for (int64_t r = first; r < end; r++) {
        const double a = read(w->batch->taps[0], r), b = read(w->batch->taps[1], r);
        const double term[SUMS] = {1, a, b, a * a, b * b, a * b};
        if (FLAW == skips_what_is_no_number && !isfinite(a + b))
            continue;
        for (int i = 0; i < SUMS; i++)
            s.of[i] += term[i];
    }
    w->piece[index] = s;
    add(&w->total, &s);
}

static enum tfu_status check(const struct tfu_batch *b, struct tfu_metric_host *h)
{
    for (uint32_t t = 0; t < b->tap_count; t++)
        for (int64_t r = 0; r < b->rows; r++)
            for (int64_t k = 0; k < b->taps[t]->t->shape.dim[1]; k++) {
                const int64_t at = r * b->taps[t]->t->shape.dim[1] + k;
                const double x = b->taps[t]->t->dtype == TFU_F64
                                     ? ((const double *)b->taps[t]->t->data)[at]
                                     : (double)((const float *)b->taps[t]->t->data)[at];
                if (!isfinite(x))
                    return FLAW == refuses_without_a_word
                               ? TFU_ENUMERIC
                               : h->fail(h, TFU_ENUMERIC, "row %d is no number", (int)r);
            }
    return TFU_OK;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    if (FLAW == asks_for_nothing)
        return TFU_OK;
    const enum tfu_status st = FLAW == skips_what_is_no_number ? TFU_OK : check(b, h);
    if (st != TFU_OK)
        return st;
    struct work w = {.batch = b};
    const uint32_t pieces = (uint32_t)((b->rows + PIECE - 1) / PIECE);
    if (pieces > PIECES)
        return h->fail(h, TFU_EUNSUPPORTED, "a batch of %d rows is too large", (int)b->rows);
    h->parallel(h, pieces, sum_piece, &w);
    for (uint32_t i = 0; FLAW != adds_as_workers_finish && i < pieces; i++)
        add(self, &w.piece[i]);
    if (FLAW == adds_as_workers_finish)
        add(self, &w.total);
    return TFU_OK;
}

static int64_t rows_max(const void *config)
{
    (void)config;
    return FLAW == promises_rows ? 5000 : FLAW == limits_below_zero ? -1 : 0;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const double *s = ((const struct sums *)self)->of;
    const double n = s[0];
    const double aa = s[3] - s[1] * s[1] / n, bb = s[4] - s[2] * s[2] / n;
    if (FLAW == needs_eight_rows && n > 1 && n < 8)
        h->scalar(h, "flawed", (double)NAN);
    else if (FLAW != divides_by_zero && !(aa > 1e-12 * s[3] && bb > 1e-12 * s[4]))
        h->undefined(h, "flawed", "a channel is constant");
    else if (FLAW == divides_by_zero && n < 2)
        h->undefined(h, "flawed", "too few rows");
    else
        h->scalar(h, "flawed", (s[5] - s[1] * s[2] / n) / (sqrt(aa) * sqrt(bb)));
    return TFU_OK;
}

static void reset(void *self)
{
    *(struct sums *)self = (struct sums){{0}};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = FLAW == announces_nothing               ? 0
             : FLAW == takes_parameters_of_any_shape ? TFU_NEEDS_PARAMETERS
                                                     : TFU_NEEDS_TAPS,
    .create = create,
    .destroy = free,
    .rows_max = rows_max,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "flawed",       .version = "1.0",
    .summary = "a metric for tests",    .ops_size = sizeof ops, .ops = &ops,
};
