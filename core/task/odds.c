/* SPDX-License-Identifier: MIT */
#include "core/task/odds.h"

#include <math.h>
#include <stdlib.h>

/* One row in descending order, and the exponentials of its distances from the largest. */
struct sorted {
    int64_t n;
    double *z;     /* z[0] is the largest */
    double *below; /* n + 1: below[i] is the sum of exp(z[j] - z[0]) for j >= i */
    double *above; /* n: above[i] likewise for 0 < j < i: all that is larger but the largest */
};

static int descending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static void sort(struct sorted *s, const float *logit)
{
    for (int64_t k = 0; k < s->n; k++)
        s->z[k] = (double)logit[k];
    qsort(s->z, (size_t)s->n, sizeof *s->z, descending);
    s->below[s->n] = 0;
    for (int64_t i = s->n - 1; i >= 0; i--)
        s->below[i] = s->below[i + 1] + exp(s->z[i] - s->z[0]);
    s->above[0] = 0;
    for (int64_t i = 1; i < s->n; i++)
        s->above[i] = i > 1 ? s->above[i - 1] + exp(s->z[i - 1] - s->z[0]) : 0;
}

/* The first place of a value in the row. */
static int64_t find(const struct sorted *s, double z)
{
    int64_t low = 0, high = s->n - 1;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (s->z[middle] > z)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The log odds of what is in place `i`. The largest of the others is taken out of the logarithm, so
 * that neither end overflows and what is left of the sum is added to 1. */
static double odds_at(const struct sorted *s, int64_t i)
{
    if (s->n == 1)
        return (double)INFINITY;
    if (i > 0)
        return s->z[i] - s->z[0] - log1p(s->above[i] + s->below[i + 1]);
    double rest = 0;
    for (int64_t j = s->n - 1; j > 1; j--)
        rest += exp(s->z[j] - s->z[1]);
    return s->z[0] - s->z[1] - log1p(rest);
}

size_t tfu_log_odds_room(int64_t outputs)
{
    return 3 * (size_t)outputs + 1;
}

void tfu_log_odds_plain(int64_t rows, int64_t outputs, const float *logits, double *odds,
                        double *room)
{
    (void)room;
    for (int64_t i = 0; i < rows * outputs; i++)
        odds[i] = (double)logits[i];
}

void tfu_log_odds_softmax(int64_t rows, int64_t outputs, const float *logits, double *odds,
                          double *room)
{
    struct sorted s = {outputs, room, room + outputs, room + 2 * outputs + 1};
    for (int64_t r = 0; r < rows; r++) {
        const float *logit = logits + r * outputs;
        sort(&s, logit);
        const double largest = odds_at(&s, 0);
        for (int64_t k = 0; k < outputs; k++) {
            const int64_t i = find(&s, (double)logit[k]);
            odds[r * outputs + k] = i > 0 ? odds_at(&s, i) : largest;
        }
    }
}

/* ---- pieces */

enum { PIECE = 4096 }; /* rows */

struct work {
    tfu_log_odds_rows *of_rows;
    int64_t rows, outputs;
    const float *logits;
    double *odds, *room;
};

static void run_piece(void *arg, uint32_t piece, uint32_t worker)
{
    const struct work *w = arg;
    const int64_t first = (int64_t)piece * PIECE;
    const int64_t rows = w->rows - first < PIECE ? w->rows - first : PIECE;
    w->of_rows(rows, w->outputs, w->logits + first * w->outputs, w->odds + first * w->outputs,
               w->room + worker * tfu_log_odds_room(w->outputs));
}

void tfu_log_odds(tfu_log_odds_rows *of_rows, struct tfu_threads *threads, int64_t rows,
                  int64_t outputs, const float *logits, double *odds, double *room)
{
    struct work w = {of_rows, rows, outputs, logits, odds, room};
    const uint32_t pieces = (uint32_t)((rows + PIECE - 1) / PIECE);
    if (threads && pieces > 1)
        tfu_threads_run(threads, pieces, run_piece, &w);
    else
        of_rows(rows, outputs, logits, odds, room);
}
