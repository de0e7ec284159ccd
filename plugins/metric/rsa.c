/* SPDX-License-Identifier: MIT
 *
 * Representational similarity analysis (Kriegeskorte, Mur and Bandettini 2008): how far each row is
 * from each other one, in "a" and in "b", and the correlation of the two lists of distances.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"
#include "rank.h"
#include "rows.h"

enum dissimilarity { PEARSON, SPEARMAN, COSINE, EUCLIDEAN };
static const char *const dissimilarities[] = {"pearson", "spearman", "cosine", "euclidean", NULL};

enum comparison { BY_RANK, BY_VALUE };
static const char *const comparisons[] = {"spearman", "pearson", NULL};

struct config {
    int32_t dissimilarity;
    int32_t compare;
    int64_t rows_max;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, dissimilarity, "pearson", dissimilarities,
                 "how far two rows are: 1 - correlation over channels (of numbers or of ranks), 1 "
                 "- cosine, or the Euclidean distance"),
    TFU_OPT_ENUM(struct config, compare, "spearman", comparisons,
                 "the correlation of the distances in a with those in b"),
    ROWS_OPTION(struct config, 2000),
};

struct rsa {
    const struct config *config;
    struct rows side[2];
};

static void reset(void *self)
{
    struct rsa *m = self;
    rows_free(&m->side[0]);
    rows_free(&m->side[1]);
}

static void destroy(void *self)
{
    if (self)
        reset(self);
    free(self);
}

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    const enum tfu_status st = pair_new(self, sizeof(struct rsa), "rsa", h);
    if (st == TFU_OK)
        ((struct rsa *)*self)->config = config;
    return st;
}

static int64_t rows_max(const void *config)
{
    return ((const struct config *)config)->rows_max;
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct rsa *m = self;
    return rows_append_pair(m->side, b, m->config->rows_max, h);
}

/* ---- distances */

static int64_t pairs_of(int64_t rows)
{
    return rows * (rows - 1) / 2;
}

/* The rows of a side as patterns whose product, or distance, is what is asked for. */
struct patterns {
    const struct config *config;
    int64_t count, columns;
    double *value;
    double *square; /* of each row, which is 1 or, of ranks, a whole number; 0: it has no pattern */
    double *distance; /* of i < j, row after row */
};

static void center(double *row, int64_t n, double *largest)
{
    double sum = 0;
    *largest = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += row[i];
        *largest = fmax(*largest, fabs(row[i]));
    }
    for (int64_t i = 0; i < n; i++)
        row[i] -= sum / (double)n;
}

/* The square of the row's pattern, 0 when it has none. */
static double make_pattern(const struct patterns *p, double *row, struct rank_item *room)
{
    double largest = 0;
    switch ((enum dissimilarity)p->config->dissimilarity) {
    case EUCLIDEAN:
        return 1;
    case SPEARMAN: /* ranks as whole numbers: equal distances, of which there are many, stay so */
        rank_values(row, (size_t)p->columns, room);
        for (int64_t i = 0; i < p->columns; i++)
            row[i] = 2 * row[i] - (double)(p->columns + 1);
        return rows_product(row, row, p->columns);
    case PEARSON:
        center(row, p->columns, &largest);
        break;
    case COSINE:
        break;
    }
    return rows_normalize(row, p->columns, largest);
}

static double distance(const struct patterns *p, int64_t i, int64_t j)
{
    const double *a = p->value + i * p->columns, *b = p->value + j * p->columns;
    if (p->config->dissimilarity == EUCLIDEAN)
        return sqrt(rows_distance(a, b, p->columns));
    const double product = rows_product(a, b, p->columns);
    return p->config->dissimilarity == SPEARMAN ? 1 - product / sqrt(p->square[i] * p->square[j])
                                                : 1 - product;
}

/* Where the distance of i < j is. */
static int64_t place_of(const struct patterns *p, int64_t i, int64_t j)
{
    return i * (2 * p->count - i - 1) / 2 + j - i - 1;
}

static void measure_group(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct patterns *p = arg;
    const int64_t first = (int64_t)index * ROWS_GROUP;
    const int64_t end = first + ROWS_GROUP < p->count ? first + ROWS_GROUP : p->count;
    for (int64_t j = first + 1; j < p->count; j++)
        for (int64_t i = first; i < end && i < j; i++)
            p->distance[place_of(p, i, j)] = distance(p, i, j);
}

static void patterns_free(struct patterns *p)
{
    free(p->value);
    free(p->square);
    free(p->distance);
}

static enum tfu_status patterns_make(struct patterns *p, const struct config *config,
                                     const struct rows *rows, struct tfu_metric_host *h)
{
    struct rank_item *room = calloc((size_t)rows->columns, sizeof *room);
    *p = (struct patterns){
        .config = config,
        .count = rows->count,
        .columns = rows->columns,
        .value = rows_copy(rows),
        .square = calloc((size_t)rows->count, sizeof(double)),
        .distance = calloc((size_t)pairs_of(rows->count), sizeof(double)),
    };
    const int complete = room && p->value && p->square && p->distance;
    for (int64_t i = 0; complete && i < p->count; i++)
        p->square[i] = make_pattern(p, p->value + i * p->columns, room);
    free(room);
    return complete ? TFU_OK
                    : h->fail(h, TFU_ENOMEM, "out of memory for the distances of %lld rows",
                              (long long)rows->count);
}

/* Drops the rows that have no pattern in one of the sides. */
static void keep_common(struct patterns side[2])
{
    int64_t kept = 0;
    for (int64_t i = 0; i < side[0].count; i++) {
        if (!(side[0].square[i] > 0 && side[1].square[i] > 0))
            continue;
        for (int k = 0; k < 2; k++) {
            const int64_t n = side[k].columns;
            memmove(side[k].value + kept * n, side[k].value + i * n, (size_t)n * sizeof(double));
            side[k].square[kept] = side[k].square[i];
        }
        kept++;
    }
    side[0].count = side[1].count = kept;
}

/* ---- the result */

/* Are all distances the same, but for rounding? */
static int all_equal(const struct rsa *m, const double *distance, size_t pairs)
{
    double least = distance[0], most = distance[0];
    for (size_t i = 1; i < pairs; i++) {
        least = fmin(least, distance[i]);
        most = fmax(most, distance[i]);
    }
    return most - least <= 1e-12 * (m->config->dissimilarity == EUCLIDEAN ? most : 1);
}

static enum tfu_status compare(const struct rsa *m, const struct patterns side[2],
                               struct tfu_metric_host *h)
{
    const size_t pairs = (size_t)pairs_of(side[0].count);
    double *a = side[0].distance, *b = side[1].distance;
    if (all_equal(m, a, pairs) || all_equal(m, b, pairs)) {
        h->undefined(h, "rsa", "all rows of %s are equally far from each other",
                     all_equal(m, a, pairs) ? "a" : "b");
        return TFU_OK;
    }
    if (m->config->compare == BY_RANK) {
        struct rank_item *room = calloc(pairs, sizeof *room);
        if (!room)
            return h->fail(h, TFU_ENOMEM, "out of memory to rank %llu distances",
                           (unsigned long long)pairs);
        rank_values(a, pairs, room);
        rank_values(b, pairs, room);
        free(room);
    }
    h->scalar(h, "rsa", rank_correlation(a, b, pairs));
    return TFU_OK;
}

static enum tfu_status report(const struct rsa *m, struct patterns side[2],
                              struct tfu_metric_host *h)
{
    const int64_t all = side[0].count;
    keep_common(side);
    const int64_t kept = side[0].count;
    h->scalar(h, "rsa.rows", (double)kept);
    h->scalar(h, "rsa.left_out", (double)(all - kept));
    if (kept < 3) {
        h->undefined(h, "rsa",
                     "%lld of %lld rows differ between channels in both, and 3 are needed; "
                     "`dissimilarity: euclidean` takes all",
                     (long long)kept, (long long)all);
        return TFU_OK;
    }
    for (int k = 0; k < 2; k++)
        h->parallel(h, rows_groups(kept), measure_group, &side[k]);
    return compare(m, side, h);
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct rsa *m = self;
    if (m->side[0].count < 3) {
        h->undefined(h, "rsa", "%lld rows, and 3 are needed", (long long)m->side[0].count);
        return TFU_OK;
    }
    struct patterns side[2] = {{.count = 0}, {.count = 0}};
    enum tfu_status st = TFU_OK;
    for (int k = 0; st == TFU_OK && k < 2; k++)
        st = patterns_make(&side[k], m->config, &m->side[k], h);
    if (st == TFU_OK)
        st = report(m, side, h);
    patterns_free(&side[0]);
    patterns_free(&side[1]);
    return st;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_TAPS,
    .create = create,
    .destroy = destroy,
    .rows_max = rows_max,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "rsa",
    .version = "1.0",
    .summary = "representational similarity analysis: do the same rows lie near each other?",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
