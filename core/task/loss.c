/* SPDX-License-Identifier: MIT */
#include "core/task/loss.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "core/base/tasks.h"

/* Rows of a piece, and the most pieces: their sums are on the stack. Both are fixed, so that bits
 * depend on nothing but the number of rows. A batch of examples with one answer each is one piece.
 */
enum { PIECE = 8192, PIECES_MAX = 256 };

/* ---- rows */

int64_t tfu_loss_columns(const struct tfu_loss_kind *kind, int64_t outputs)
{
    return kind->chooses_one ? 1 : outputs;
}

const char *tfu_loss_place(const struct tfu_loss_row *r, char place[static 64])
{
    if (r->positions > 1)
        snprintf(place, 64, "row %" PRId64 ", position %" PRId64 ",", r->index / r->positions,
                 r->index % r->positions);
    else
        snprintf(place, 64, "row %" PRId64, r->index);
    return place;
}

/* Checks the row's outputs and labels; counts the known ones. */
static enum tfu_status count_known(const struct tfu_loss_kind *kind, const struct tfu_loss_row *r,
                                   int64_t *known, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    char place[64];
    *known = 0;
    for (int64_t k = 0; k < r->outputs; k++)
        if (!isfinite(r->logit[k]))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "output %lld of the network is %g for %s of the batch: the "
                                 "training has diverged; lower the learning rate or set "
                                 "`clip_norm`",
                                 (long long)k, (double)r->logit[k], tfu_loss_place(r, place));
    for (int64_t k = 0; st == TFU_OK && k < tfu_loss_columns(kind, r->outputs); k++) {
        if (isnan(r->label[k]))
            continue;
        st = kind->check(r, r->label[k], e);
        ++*known;
    }
    return st;
}

/* How much a row of so many known labels counts. */
static double row_weight(struct tfu_loss_rule rule, int64_t known)
{
    return rule.mean == TFU_LOSS_MEAN_LABELS ? (double)known : known > 0;
}

void tfu_loss_weights(struct tfu_loss_rule rule, int64_t rows, int64_t outputs, const float *labels,
                      double *weights)
{
    const int64_t columns = tfu_loss_columns(rule.kind, outputs);
    for (int64_t r = 0; r < rows; r++) {
        int64_t known = 0;
        for (int64_t k = 0; k < columns; k++)
            known += !isnan(labels[r * columns + k]);
        weights[r] = row_weight(rule, known);
    }
}

/* ---- pieces */

struct work {
    struct tfu_loss_rule rule;
    const struct tfu_loss_batch *batch;
    int64_t columns, piece; /* label columns of a row, rows of a piece */
    double weights;         /* of all rows */
    double part[PIECES_MAX];
};

static int64_t end_of(const struct work *w, uint32_t piece)
{
    const int64_t end = ((int64_t)piece + 1) * w->piece;
    return end < w->batch->rows ? end : w->batch->rows;
}

static struct tfu_loss_row row_at(const struct work *w, int64_t index)
{
    const struct tfu_loss_batch *b = w->batch;
    return (struct tfu_loss_row){
        .index = index,
        .outputs = b->outputs,
        .positions = b->positions,
        .logit = b->logits + index * b->outputs,
        .label = b->labels + index * w->columns,
        .score = b->scores + index * b->outputs,
        .grad = b->grad ? b->grad + index * b->outputs : NULL,
    };
}

/* ---- two sets of labels */

/* The row by the labels of its partner: its gradient goes beside. */
static struct tfu_loss_row other_row(const struct work *w, const struct tfu_loss_row *r)
{
    struct tfu_loss_row other = *r;
    other.label = w->batch->other_labels + r->index * w->columns;
    other.grad = r->grad ? w->batch->spare + r->index * r->outputs : NULL;
    return other;
}

static double share_of(const struct work *w, int64_t row)
{
    const int64_t positions = w->batch->positions > 0 ? w->batch->positions : 1;
    return w->batch->share ? w->batch->share[row / positions] : 1;
}

/* Their labels are those of rows that have been checked. */
static int64_t count_other(const struct work *w, const struct tfu_loss_row *other)
{
    int64_t known = 0;
    for (int64_t k = 0; k < w->columns; k++)
        known += !isnan(other->label[k]);
    return known;
}

/* How much a row counts: by both sets of labels, each by its share. */
static double weight_of(const struct work *w, const struct tfu_loss_row *r, int64_t known)
{
    const double share = share_of(w, r->index), own = row_weight(w->rule, known);
    if (share == 1)
        return own;
    const struct tfu_loss_row other = other_row(w, r);
    return share * own + (1 - share) * row_weight(w->rule, count_other(w, &other));
}

/* The loss of a row by both, and its gradient in that of the batch's mean. */
static double compute_row(const struct work *w, const struct tfu_loss_row *r, int64_t known)
{
    const double share = share_of(w, r->index), own = share * row_weight(w->rule, known);
    const double loss = w->rule.kind->row(r, known, own / w->weights);
    if (share == 1)
        return loss;
    const struct tfu_loss_row other = other_row(w, r);
    const int64_t known_other = count_other(w, &other);
    const double rest = (1 - share) * row_weight(w->rule, known_other);
    const double loss_other = w->rule.kind->row(&other, known_other, rest / w->weights);
    for (int64_t k = 0; r->grad && k < r->outputs; k++)
        r->grad[k] += other.grad[k];
    const double sum = (own > 0 ? own * loss : 0) + (rest > 0 ? rest * loss_other : 0);
    return own + rest > 0 ? sum / (own + rest) : (double)NAN;
}

/* The weights of a piece: whole numbers, whose sums are exact, unless images are mixed. */
static enum tfu_status weigh_piece(void *arg, uint32_t piece, struct tfu_error *e)
{
    struct work *w = arg;
    double sum = 0;
    for (int64_t i = piece * w->piece; i < end_of(w, piece); i++) {
        const struct tfu_loss_row r = row_at(w, i);
        int64_t known;
        const enum tfu_status st = count_known(w->rule.kind, &r, &known, e);
        if (st != TFU_OK)
            return st;
        w->batch->losses[i] = (double)known; /* until the loss takes its place */
        sum += weight_of(w, &r, known);
    }
    w->part[piece] = sum;
    return TFU_OK;
}

static enum tfu_status compute_piece(void *arg, uint32_t piece, struct tfu_error *e)
{
    struct work *w = arg;
    double sum = 0;
    (void)e;
    for (int64_t i = piece * w->piece; i < end_of(w, piece); i++) {
        const struct tfu_loss_row r = row_at(w, i);
        const int64_t known = (int64_t)w->batch->losses[i];
        const double weight = weight_of(w, &r, known);
        w->batch->losses[i] = compute_row(w, &r, known);
        if (weight > 0)
            sum += weight * w->batch->losses[i];
    }
    w->part[piece] = sum;
    return TFU_OK;
}

static double add_parts(const struct work *w, uint32_t pieces)
{
    double sum = 0;
    for (uint32_t i = 0; i < pieces; i++)
        sum += w->part[i];
    return sum;
}

enum tfu_status tfu_loss(struct tfu_loss_rule rule, struct tfu_threads *threads,
                         const struct tfu_loss_batch *batch, double *mean, struct tfu_error *e)
{
    const int64_t least = (batch->rows + PIECES_MAX - 1) / PIECES_MAX;
    struct work w = {
        .rule = rule,
        .batch = batch,
        .columns = tfu_loss_columns(rule.kind, batch->outputs),
        .piece = least > PIECE ? least : PIECE,
    };
    const uint32_t pieces = (uint32_t)((batch->rows + w.piece - 1) / w.piece);
    struct tfu_threads *const used = pieces > 1 ? threads : NULL;
    enum tfu_status st = tfu_tasks_run(used, pieces, weigh_piece, &w, e);
    if (st != TFU_OK)
        return st;
    w.weights = add_parts(&w, pieces);
    st = tfu_tasks_run(used, pieces, compute_piece, &w, e);
    *mean = w.weights > 0 ? add_parts(&w, pieces) / w.weights : (double)NAN;
    return st;
}
