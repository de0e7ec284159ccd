/* SPDX-License-Identifier: MIT */
#include "logistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lbfgs.h"
#include "rows.h"

enum { PIECES = 64 }; /* of the rows, whatever the number of workers */

struct piece {
    double loss;
    double *gradient; /* as `weight` */
    double *p;        /* outputs */
};

struct work {
    const struct logistic *l;
    struct tfu_metric_host *h;
    const double *weight;
    uint32_t pieces;
    struct piece piece[PIECES];
};

/* Logits become what the loss has as derivatives by them; returns the loss. */
static double differentiate(double *p, int64_t outputs, int32_t label)
{
    if (outputs == 1) {
        const double z = p[0], t = exp(-fabs(z));
        p[0] = (z > 0 ? 1 / (1 + t) : t / (1 + t)) - label;
        return log1p(t) + (z > 0 ? (1 - label) * z : -label * z);
    }
    double largest = p[0], sum = 0;
    for (int64_t k = 1; k < outputs; k++)
        largest = fmax(largest, p[k]);
    const double margin = largest - p[label];
    for (int64_t k = 0; k < outputs; k++) {
        p[k] = exp(p[k] - largest);
        sum += p[k];
    }
    for (int64_t k = 0; k < outputs; k++)
        p[k] = p[k] / sum - (k == label);
    return margin + log(sum);
}

static void sum_piece(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    struct work *w = arg;
    struct piece *to = &w->piece[index];
    const struct logistic *l = w->l;
    const int64_t n = l->columns, stride = n + 1;
    const int64_t first = l->rows * index / w->pieces, end = l->rows * (index + 1) / w->pieces;
    to->loss = 0;
    memset(to->gradient, 0, (size_t)(l->outputs * stride) * sizeof *to->gradient);
    for (int64_t r = first; r < end; r++) {
        const double *x = l->x + r * n;
        if (l->label[r] < 0)
            continue;
        for (int64_t k = 0; k < l->outputs; k++)
            to->p[k] = rows_product(w->weight + k * stride, x, n) + w->weight[k * stride + n];
        to->loss += differentiate(to->p, l->outputs, l->label[r]);
        for (int64_t k = 0; k < l->outputs; k++) {
            double *g = to->gradient + k * stride;
            for (int64_t i = 0; i < n; i++)
                g[i] += to->p[k] * x[i];
            g[n] += to->p[k];
        }
    }
}

static double value(void *arg, const double *weight, double *gradient)
{
    struct work *w = arg;
    const struct logistic *l = w->l;
    const int64_t stride = l->columns + 1;
    double loss = 0;
    w->weight = weight;
    w->h->parallel(w->h, w->pieces, sum_piece, w);
    for (int64_t i = 0; i < l->outputs * stride; i++) {
        const int is_intercept = i % stride == l->columns;
        gradient[i] = is_intercept ? 0 : l->l2 * weight[i];
        loss += is_intercept ? 0 : l->l2 / 2 * weight[i] * weight[i];
    }
    for (uint32_t p = 0; p < w->pieces; p++) {
        loss += w->piece[p].loss;
        for (int64_t i = 0; i < l->outputs * stride; i++)
            gradient[i] += w->piece[p].gradient[i];
    }
    return loss;
}

enum tfu_status logistic_fit(const struct logistic *l, double *weight, int *converged,
                             struct tfu_metric_host *h)
{
    const int64_t n = l->outputs * (l->columns + 1), each = n + l->outputs;
    struct work w = {.l = l, .h = h};
    w.pieces = l->rows < PIECES ? (uint32_t)l->rows : PIECES;
    double *room = NULL;
    if ((uint64_t)each <= SIZE_MAX / sizeof *room / PIECES)
        room = malloc((size_t)each * w.pieces * sizeof *room + 1);
    enum lbfgs_end end = LBFGS_NO_MEMORY;
    if (room) {
        for (uint32_t p = 0; p < w.pieces; p++)
            w.piece[p] = (struct piece){0, room + p * each, room + p * each + n};
        const struct lbfgs f = {n, value, &w, l->tolerance * (double)l->rows, l->iterations};
        memset(weight, 0, (size_t)n * sizeof *weight);
        end = lbfgs_minimize(&f, weight);
    }
    free(room);
    *converged = end == LBFGS_CONVERGED;
    return end == LBFGS_NO_MEMORY
               ? h->fail(h, TFU_ENOMEM, "out of memory to fit %lld weights to %lld rows",
                         (long long)n, (long long)l->rows)
               : TFU_OK;
}
