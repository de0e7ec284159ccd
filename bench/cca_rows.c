/* SPDX-License-Identifier: MIT
 *
 * What CCA gives for data that have nothing to do with each other, against rows, channels and rank:
 * measured with the metric svcca on independent Gaussian data, beside Wachter's expectation. Prints
 * the tables of docs/analysis.md and writes the figure FOLDER/cca-rows. `make cca-rows`.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/base/wachter.h"
#include "core/config/choice.h"
#include "core/config/diagnostic.h"
#include "core/plugin/registry.h"
#include "core/result/figure.h"
#include "core/train/score.h"

enum { DRAWS = 5 };

struct bench {
    struct tfu_registry *registry;
    struct tfu_diagnostics *diagnostics;
    struct tfu_threads *threads;
    struct tfu_chosen *metric;
    struct tfu_scorer *scorer;
};

static enum tfu_status open_bench(struct bench *b, struct tfu_error *e)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    enum tfu_status st = tfu_registry_new(&b->registry, path ? path : TFU_PLUGIN_FOLDER, e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&b->diagnostics, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&b->threads, 0, e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&b->metric, TFU_KIND_METRIC, "svcca", NULL, 0, b->registry,
                            b->diagnostics, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_scorer_request request = {
        .metric = tfu_chosen_get(b->metric),
        .metric_count = 1,
        .task = TFU_TASK_CLASSIFICATION,
        .registry = b->registry,
        .captures = true,
        .threads = b->threads,
    };
    return tfu_scorer_new(&b->scorer, &request, e);
}

static void close_bench(struct bench *b)
{
    tfu_scorer_free(b->scorer);
    tfu_chosen_free(b->metric);
    tfu_threads_free(b->threads);
    tfu_diagnostics_free(b->diagnostics);
    tfu_registry_free(b->registry);
}

/* ---- data */

/* One side: rows x columns of Gaussian numbers. */
struct side {
    int64_t columns;
    int64_t rank; /* 0: all columns; else they are mixtures of so many */
    bool decays;  /* column k is mixed with weight 1 / k: a spectrum as of natural images */
};

static struct tfu_random stream(const char *name, uint64_t draw)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_subkey(tfu_random_key(1, "cca rows", name), draw));
    return r;
}

/* z (rows x from) times a Gaussian matrix, from x to, whose row k is divided by k where it decays.
 */
static void mix(float *out, const float *z, int64_t rows, int64_t from, int64_t to, bool decays,
                struct tfu_random *r, double *matrix)
{
    for (int64_t k = 0; k < from; k++)
        for (int64_t j = 0; j < to; j++)
            matrix[k * to + j] = tfu_random_normal(r) / (decays ? (double)(k + 1) : 1);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < to; j++) {
            double sum = 0;
            for (int64_t k = 0; k < from; k++)
                sum += (double)z[i * from + k] * matrix[k * to + j];
            out[i * to + j] = (float)sum;
        }
}

static float *make_side(const struct side *s, int64_t rows, const char *name, uint64_t draw)
{
    const int64_t from = s->rank ? s->rank : s->columns;
    struct tfu_random r = stream(name, draw);
    float *z = calloc((size_t)(rows * from), sizeof *z);
    for (int64_t i = 0; z && i < rows * from; i++)
        z[i] = (float)tfu_random_normal(&r);
    if (!z || (!s->rank && !s->decays))
        return z;
    float *mixed = calloc((size_t)(rows * s->columns), sizeof *mixed);
    double *matrix = calloc((size_t)(from * s->columns), sizeof *matrix);
    if (mixed && matrix)
        mix(mixed, z, rows, from, s->columns, s->decays, &r, matrix);
    free(matrix);
    free(z);
    return mixed;
}

static struct tfu_tensor as_tensor(float *data, int64_t rows, int64_t columns)
{
    return (struct tfu_tensor){.struct_size = sizeof(struct tfu_tensor),
                               .dtype = TFU_F32,
                               .place = TFU_HOST,
                               .shape = tfu_shape_make(2, rows, columns, 1, 1, 1),
                               .data = data};
}

static enum tfu_status correlate(struct bench *b, const struct side *x, const struct side *y,
                                 int64_t rows, uint64_t draw, double *mean, struct tfu_error *e)
{
    float *left = make_side(x, rows, "left", draw), *right = make_side(y, rows, "right", draw);
    enum tfu_status st = left && right ? TFU_OK : tfu_error_memory(e, "making data", 0);
    const struct tfu_tensor t[] = {as_tensor(left, rows, x->columns),
                                   as_tensor(right, rows, y->columns)};
    const struct tfu_activations batch = {
        .rows = rows, .node = {"left", "right"}, .t = {&t[0], &t[1]}};
    const struct tfu_score *score;
    size_t count = 0;
    tfu_scorer_reset(b->scorer);
    if (st == TFU_OK)
        st = tfu_scorer_look(b->scorer, &batch, e);
    if (st == TFU_OK)
        st = tfu_scorer_finish(b->scorer, &score, &count, e);
    *mean = NAN;
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        if (strcmp(score[i].key, "svcca") == 0)
            *mean = score[i].value;
    free(left);
    free(right);
    return st;
}

/* The mean of the coefficients with its standard deviation over the draws, and what it is expected
 * to be. */
struct measured {
    double mean, sd, expected;
};

static enum tfu_status measure(struct bench *b, const struct side *x, const struct side *y,
                               int64_t rows, struct measured *out, struct tfu_error *e)
{
    double value[DRAWS];
    for (uint64_t i = 0; i < DRAWS; i++) {
        const enum tfu_status st = correlate(b, x, y, rows, i, &value[i], e);
        if (st != TFU_OK)
            return st;
    }
    const struct tfu_mean m = tfu_mean(value, DRAWS);
    *out = (struct measured){
        m.mean.value, m.sd.value,
        tfu_wachter_mean(x->rank ? x->rank : x->columns, y->rank ? y->rank : y->columns, rows - 1)};
    return TFU_OK;
}

static struct tfu_figure_point point_of(double x, const struct measured *m)
{
    return (struct tfu_figure_point){x, m->mean, m->mean - m->sd, m->mean + m->sd};
}

/* ---- the three questions */

enum { RATIOS = 9, SIZES = 3, WIDTHS = 7, RANKS = 5, CURVE = 64 };
static const double ratio[RATIOS] = {1.25, 1.5, 2, 3, 5, 10, 20, 50, 100};
static const int64_t size[SIZES] = {16, 64, 256};
static const int64_t width[WIDTHS] = {16, 32, 64, 128, 256, 512, 1024};
static const int64_t rank[RANKS] = {4, 8, 16, 32, 64};
enum { WIDTH_ROWS = 2560, RANK_ROWS = 640, COLUMNS = 64 };

struct results {
    struct tfu_figure_point rows[SIZES][RATIOS], rows_curve[CURVE];
    struct tfu_figure_point width[WIDTHS], width_curve[WIDTHS];
    struct tfu_figure_point rank[RANKS], rank_curve[RANKS];
};

static enum tfu_status by_rows(struct bench *b, struct results *r, struct tfu_error *e)
{
    puts("| rows / channels | expected | 16 channels | 64 channels | 256 channels |\n"
         "| ---: | ---: | ---: | ---: | ---: |");
    for (int i = 0; i < RATIOS; i++) {
        for (int k = 0; k < SIZES; k++) {
            const struct side s = {.columns = size[k]};
            struct measured m;
            const enum tfu_status st =
                measure(b, &s, &s, (int64_t)(ratio[i] * (double)size[k]), &m, e);
            if (st != TFU_OK)
                return st;
            if (k == 0)
                printf("| %g | %.3f |", ratio[i],
                       tfu_wachter_mean(4000, 4000, (int64_t)(ratio[i] * 4000)));
            printf(" %.3f ± %.3f |", m.mean, m.sd);
            r->rows[k][i] = point_of(ratio[i], &m);
        }
        putchar('\n');
    }
    for (int i = 0; i < CURVE; i++) {
        const double x = 1.25 * pow(100 / 1.25, (double)i / (CURVE - 1));
        r->rows_curve[i] = (struct tfu_figure_point){
            x, tfu_wachter_mean(4000, 4000, (int64_t)(x * 4000)), NAN, NAN};
    }
    return TFU_OK;
}

static enum tfu_status by_width(struct bench *b, struct results *r, struct tfu_error *e)
{
    printf("\n| channels of the second side | expected | %d channels, %d rows |\n"
           "| ---: | ---: | ---: |\n",
           COLUMNS, WIDTH_ROWS);
    for (int i = 0; i < WIDTHS; i++) {
        const struct side x = {.columns = COLUMNS}, y = {.columns = width[i]};
        struct measured m;
        const enum tfu_status st = measure(b, &x, &y, WIDTH_ROWS, &m, e);
        if (st != TFU_OK)
            return st;
        printf("| %lld | %.3f | %.3f ± %.3f |\n", (long long)width[i], m.expected, m.mean, m.sd);
        r->width[i] = point_of((double)width[i], &m);
        r->width_curve[i] = (struct tfu_figure_point){(double)width[i], m.expected, NAN, NAN};
    }
    return TFU_OK;
}

static enum tfu_status by_rank(struct bench *b, struct results *r, struct tfu_error *e)
{
    printf("\n| %d channels, %d rows | expected | measured |\n| :--- | ---: | ---: |\n", COLUMNS,
           RANK_ROWS);
    for (int i = 0; i <= RANKS; i++) {
        const struct side s = {
            .columns = COLUMNS, .rank = i < RANKS ? rank[i] : 0, .decays = i == RANKS};
        struct measured m;
        const enum tfu_status st = measure(b, &s, &s, RANK_ROWS, &m, e);
        if (st != TFU_OK)
            return st;
        if (s.decays)
            printf("| rank %d, variances that fall as 1/k²", COLUMNS);
        else
            printf("| rank %lld", (long long)s.rank);
        printf(" | %.3f | %.3f ± %.3f |\n", m.expected, m.mean, m.sd);
        if (i == RANKS)
            break;
        r->rank[i] = point_of((double)s.rank, &m);
        r->rank_curve[i] = (struct tfu_figure_point){(double)s.rank, m.expected, NAN, NAN};
    }
    return TFU_OK;
}

/* ---- the figure */

static enum tfu_status draw(const struct results *r, const char *folder, struct tfu_error *e)
{
    const struct tfu_figure_series rows[] = {
        {.label = "16 channels", .point = r->rows[0], .count = RATIOS},
        {.label = "64 channels", .point = r->rows[1], .count = RATIOS},
        {.label = "256 channels", .point = r->rows[2], .count = RATIOS},
        {.label = "expected", .point = r->rows_curve, .count = CURVE, .reference = true},
    };
    /* the second series of every panel is that of 64 channels */
    const struct tfu_figure_series width_series[] = {
        {.label = ""},
        {.label = "64 channels", .point = r->width, .count = WIDTHS},
        {.label = ""},
        {.label = "expected", .point = r->width_curve, .count = WIDTHS, .reference = true},
    };
    const struct tfu_figure_series rank_series[] = {
        {.label = ""},
        {.label = "64 channels", .point = r->rank, .count = RANKS},
        {.label = ""},
        {.label = "expected", .point = r->rank_curve, .count = RANKS, .reference = true},
    };
    const struct tfu_figure_panel panel[] = {
        {.title = "Rows",
         .x_label = "rows / channels",
         .y_label = "mean coefficient",
         .log_x = true,
         .y = {true, true, 0, 1},
         .series = rows,
         .series_count = TFU_COUNT(rows)},
        {.title = "Channels",
         .x_label = "channels of the other side",
         .y_label = "mean coefficient",
         .log_x = true,
         .y = {true, true, 0, 1},
         .series = width_series,
         .series_count = TFU_COUNT(width_series)},
        {.title = "Rank",
         .x_label = "rank of both sides",
         .y_label = "mean coefficient",
         .log_x = true,
         .y = {true, true, 0, 1},
         .series = rank_series,
         .series_count = TFU_COUNT(rank_series)},
    };
    const struct tfu_figure figure = {
        .kind = TFU_FIGURE_LINES,
        .caption =
            "CCA of independent Gaussian data (channels: 64 and as many as shown, 2560 rows; rank: "
            "64 and 64 channels, 640 rows): mean and standard deviation over 5 draws of "
            "the mean of all coefficients, and what Wachter's distribution has it be.",
        .panel = panel,
        .panel_count = TFU_COUNT(panel),
        .columns = 3,
    };
    struct tfu_text stem = TFU_TEXT_INIT;
    tfu_text_printf(&stem, "%s/cca-rows", folder);
    const enum tfu_status st = stem.failed ? tfu_error_memory(e, "drawing", 0)
                                           : tfu_figure_write(&figure, tfu_text_get(&stem), e);
    tfu_text_free(&stem);
    return st;
}

int main(int argc, char **argv)
{
    struct bench b = {.registry = NULL};
    struct tfu_error e = TFU_ERROR_INIT;
    struct results *r = calloc(1, sizeof *r);
    if (argc != 2 || !r) {
        fputs("usage: cca_rows FOLDER\n", stderr);
        free(r);
        return 2;
    }
    enum tfu_status st = open_bench(&b, &e);
    if (st == TFU_OK)
        st = by_rows(&b, r, &e);
    if (st == TFU_OK)
        st = by_width(&b, r, &e);
    if (st == TFU_OK)
        st = by_rank(&b, r, &e);
    if (st == TFU_OK)
        st = draw(r, argv[1], &e);
    if (st != TFU_OK)
        fprintf(stderr, "cca_rows: %s\n", e.text);
    close_bench(&b);
    free(r);
    return st == TFU_OK ? 0 : 1;
}
