/* SPDX-License-Identifier: MIT */
#include "core/io/weights_stats.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/weights_walk.h"

/* One pass over the numbers of a tensor. */
struct pass {
    struct tfu_weights_stats *stats;
    struct tfu_numbers_sums sums;
    int64_t seen;
    size_t bins;
    int64_t *histogram;
    double *piece; /* room for TFU_WEIGHTS_PIECE */
};

/* use() gets the numbers piece by piece, as stored and as doubles. */
static enum tfu_status walk_numbers(struct pass *p, struct tfu_weights_walk *walk,
                                    enum tfu_stored_type type,
                                    void (*use)(struct pass *p, enum tfu_stored_type type,
                                                const void *raw, const double *x, size_t n),
                                    struct tfu_error *e)
{
    const void *raw;
    size_t n;
    tfu_weights_walk_rewind(walk);
    for (;;) {
        const enum tfu_status st = tfu_weights_walk_next(walk, &raw, &n, e);
        if (st != TFU_OK || n == 0)
            return st;
        tfu_stored_to_double(type, raw, n, p->piece);
        use(p, type, raw, p->piece, n);
    }
}

static bool is_below(struct tfu_whole a, struct tfu_whole b)
{
    if (a.negative != b.negative)
        return a.negative;
    return a.negative ? a.magnitude > b.magnitude : a.magnitude < b.magnitude;
}

static void pass_first(struct pass *p, enum tfu_stored_type type, const void *raw, const double *x,
                       size_t n)
{
    struct tfu_weights_stats *s = p->stats;
    const unsigned char *at = raw;
    tfu_numbers_add(&p->sums, x, n);
    for (size_t i = 0; s->exact && i < n; i++, at += tfu_stored_type_size(type)) {
        struct tfu_whole v;
        v.magnitude = tfu_stored_magnitude(type, at, &v.negative);
        if (p->seen++ == 0)
            s->least = s->most = v;
        if (is_below(v, s->least))
            s->least = v;
        if (is_below(s->most, v))
            s->most = v;
    }
}

static void pass_second(struct pass *p, enum tfu_stored_type type, const void *raw, const double *x,
                        size_t n)
{
    (void)type;
    (void)raw;
    tfu_numbers_add_again(&p->sums, x, n);
}

static void pass_histogram(struct pass *p, enum tfu_stored_type type, const void *raw,
                           const double *x, size_t n)
{
    (void)type;
    (void)raw;
    tfu_numbers_histogram_add(x, n, p->stats->numbers.min, p->stats->numbers.max, p->bins,
                              p->histogram);
}

static enum tfu_status describe(struct pass *p, struct tfu_weights_walk *walk,
                                enum tfu_stored_type type, struct tfu_error *e)
{
    tfu_numbers_begin(&p->sums);
    enum tfu_status st = walk_numbers(p, walk, type, pass_first, e);
    tfu_numbers_turn(&p->sums);
    if (st == TFU_OK)
        st = walk_numbers(p, walk, type, pass_second, e);
    p->stats->numbers = tfu_numbers_end(&p->sums);
    p->stats->exact = p->stats->exact && p->seen > 0;
    if (st != TFU_OK || p->bins == 0)
        return st;
    memset(p->histogram, 0, p->bins * sizeof *p->histogram);
    return walk_numbers(p, walk, type, pass_histogram, e);
}

enum tfu_status tfu_weights_stats(struct tfu_weights_stats *out, const struct tfu_weights *w,
                                  size_t i, size_t bins, int64_t *histogram, struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = tfu_weights_get(w, i);
    struct tfu_weights_walk walk;
    *out = (struct tfu_weights_stats){.exact = tfu_stored_is_integer(t->type)};
    struct pass p = {.stats = out, .bins = bins, .histogram = histogram};
    p.piece = malloc(TFU_WEIGHTS_PIECE * sizeof *p.piece);
    if (!p.piece)
        return tfu_error_memory(e, "reading the numbers", TFU_WEIGHTS_PIECE * sizeof *p.piece);
    enum tfu_status st = tfu_weights_walk_begin(&walk, w, i, e);
    if (st == TFU_OK) {
        st = describe(&p, &walk, t->type, e);
        tfu_weights_walk_end(&walk);
    }
    free(p.piece);
    return st;
}
