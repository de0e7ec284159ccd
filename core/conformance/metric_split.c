/* SPDX-License-Identifier: MIT
 *
 * The made-up split of the metrics' conformance tests.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/conformance/metric_tests.h"

#include <transfuse/random.h>

const struct tfu_metric_size tfu_metric_usual = {.rows = TFU_CHECK_ROWS, .channels = {5, 4}};

enum { OUTPUTS = TFU_CHECK_OUTPUTS };

static float draw(uint64_t key, int64_t i)
{
    return tfu_uniform_float(tfu_philox(key, (uint64_t)i).word[0]);
}

static void make_predictions(struct tfu_metric_split *s, int64_t r)
{
    double sum = 0;
    s->losses[r] = (double)draw(3, r);
    s->weights[r] = (double)draw(6, r) + 0.5;
    for (int64_t k = 0; k < OUTPUTS; k++) {
        const int64_t i = r * OUTPUTS + k;
        /* a coarse grid: equal scores happen */
        s->logits[i] = floorf(16 * draw(1, i)) / 4 - 2;
        sum += exp((double)s->logits[i]);
    }
    for (int64_t k = 0; k < OUTPUTS; k++) {
        const double x = (double)s->logits[r * OUTPUTS + k];
        s->scores[r * OUTPUTS + k] = (float)(s->task == TFU_TASK_CLASSIFICATION ? exp(x) / sum
                                             : s->task == TFU_TASK_MULTI_LABEL  ? 1 / (1 + exp(-x))
                                                                                : x);
        s->log_odds[r * OUTPUTS + k] =
            s->task == TFU_TASK_CLASSIFICATION ? x - log(sum - exp(x)) : x;
    }
    for (int64_t k = 0; k < s->columns; k++) {
        const float u = draw(2, r * OUTPUTS + k);
        s->labels[r * s->columns + k] = s->task == TFU_TASK_CLASSIFICATION ? floorf(OUTPUTS * u)
                                        : s->task == TFU_TASK_MULTI_LABEL  ? (float)(u < 0.4f)
                                                                           : u;
    }
}

/* Channels with means of their own that know a little of the labels; those of "b" are those of "a"
 * mixed, and noise. */
static void make_activations(struct tfu_metric_split *s, int64_t r)
{
    const int64_t a_row = tfu_metric_side_row(&s->side[0]);
    const float *label = s->labels + r * s->columns;
    const double *a = s->side[0].value + r * a_row;
    for (int side = 0; side < 2; side++) {
        const int64_t n = tfu_metric_side_row(&s->side[side]);
        double *to = s->side[side].value + r * n;
        for (int64_t i = 0; i < n; i++) {
            const int64_t k = i % s->side[side].channels;
            const float noise = draw(4 + (uint64_t)side, r * n + i) - 0.5f + 0.25f * (float)k;
            const double signal =
                side == 0 ? (double)label[k % s->columns] : a[i % a_row] - a[(i + 1) % a_row];
            to[i] = (double)(noise + 0.5f * (float)signal);
        }
    }
}

int64_t tfu_metric_side_row(const struct tfu_metric_side *side)
{
    return side->height * side->width * side->channels;
}

/* Every array of a split of that many rows; false when out of memory. */
static bool allocate(struct tfu_metric_split *s)
{
    const size_t rows = (size_t)s->rows + 1;
    s->logits = calloc(rows * OUTPUTS, sizeof *s->logits);
    s->scores = calloc(rows * OUTPUTS, sizeof *s->scores);
    s->labels = calloc(rows * OUTPUTS, sizeof *s->labels);
    s->log_odds = calloc(rows * OUTPUTS, sizeof *s->log_odds);
    s->losses = calloc(rows, sizeof *s->losses);
    s->weights = calloc(rows, sizeof *s->weights);
    bool all = s->logits && s->scores && s->labels && s->log_odds && s->losses && s->weights;
    for (int side = 0; side < 2; side++) {
        const size_t row = (size_t)tfu_metric_side_row(&s->side[side]);
        s->side[side].value = calloc(rows * row, sizeof(double));
        all = all && s->side[side].value;
    }
    return all;
}

void tfu_metric_split_free(struct tfu_metric_split *s)
{
    if (!s)
        return;
    free(s->logits);
    free(s->scores);
    free(s->labels);
    free(s->log_odds);
    free(s->losses);
    free(s->weights);
    free(s->side[0].value);
    free(s->side[1].value);
    free(s);
}

struct tfu_metric_split *tfu_metric_split_new(uint32_t needs, enum tfu_task task,
                                              const struct tfu_metric_size *size)
{
    struct tfu_metric_split *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->needs = needs;
    s->task = task;
    s->rows = size->rows;
    s->fit = needs & TFU_NEEDS_FIT ? size->rows / 2 : 0;
    s->columns = task == TFU_TASK_CLASSIFICATION ? 1 : OUTPUTS;
    s->dtype = TFU_F32;
    for (int i = 0; i < 2; i++) {
        const int64_t edge = needs & TFU_NEEDS_MAPS ? 4 + 2 * i : 1;
        s->side[i] = (struct tfu_metric_side){edge, edge, size->channels[i], NULL};
        if (needs & TFU_NEEDS_PARAMETERS) /* both networks have the same */
            s->side[i] = (struct tfu_metric_side){1, 2, 18, NULL};
    }
    if (!allocate(s)) {
        tfu_metric_split_free(s);
        return NULL;
    }
    for (int64_t r = 0; r < s->rows; r++) {
        make_predictions(s, r);
        make_activations(s, r);
    }
    return s;
}

struct tfu_metric_split *tfu_metric_split_gather(const struct tfu_metric_split *from,
                                                 const int64_t *row, int64_t rows, int64_t fit)
{
    struct tfu_metric_split *to = malloc(sizeof *to);
    if (!to)
        return NULL;
    *to = *from;
    to->rows = rows;
    to->fit = fit;
    if (!allocate(to)) {
        tfu_metric_split_free(to);
        return NULL;
    }
    const size_t columns = (size_t)from->columns;
    for (int64_t i = 0; i < rows; i++) {
        const int64_t r = row[i];
        memcpy(to->logits + i * OUTPUTS, from->logits + r * OUTPUTS, OUTPUTS * sizeof(float));
        memcpy(to->scores + i * OUTPUTS, from->scores + r * OUTPUTS, OUTPUTS * sizeof(float));
        memcpy(to->log_odds + i * OUTPUTS, from->log_odds + r * OUTPUTS, OUTPUTS * sizeof(double));
        memcpy(to->labels + i * from->columns, from->labels + r * from->columns,
               columns * sizeof(float));
        to->losses[i] = from->losses[r];
        to->weights[i] = from->weights[r];
        for (int side = 0; side < 2; side++) {
            const int64_t n = tfu_metric_side_row(&from->side[side]);
            memcpy(to->side[side].value + i * n, from->side[side].value + r * n,
                   (size_t)n * sizeof(double));
        }
    }
    return to;
}
