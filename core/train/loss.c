/* SPDX-License-Identifier: MIT */
#include "core/train/loss.h"

#include <math.h>

#include "core/graph/access.h"

/* One example: logits, labels and where its results go. `grad` may be NULL. */
struct row {
    int64_t index, outputs;
    const float *logit, *label;
    float *score, *grad;
};

static int64_t label_columns(enum tfu_loss kind, int64_t outputs)
{
    return kind == TFU_LOSS_SOFTMAX ? 1 : outputs;
}

static enum tfu_status check_label(enum tfu_loss kind, const struct row *r, float label,
                                   struct tfu_error *e)
{
    if (kind == TFU_LOSS_SOFTMAX) {
        if (label >= 0 && label < (float)r->outputs && label == floorf(label))
            return TFU_OK;
        return tfu_error_set(e, TFU_EINVAL,
                             "label %g of row %lld of the batch is no class: the network has "
                             "outputs for 0 to %lld; check `task: {classes: ...}`",
                             (double)label, (long long)r->index, (long long)r->outputs - 1);
    }
    if (kind == TFU_LOSS_SIGMOID) {
        if (label >= 0 && label <= 1)
            return TFU_OK;
        return tfu_error_set(e, TFU_EINVAL,
                             "label %g of row %lld of the batch is not within 0 to 1, which the "
                             "sigmoid loss needs; use nan for unknown labels",
                             (double)label, (long long)r->index);
    }
    if (isfinite(label))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "target %g of row %lld of the batch is not finite",
                         (double)label, (long long)r->index);
}

/* Checks the row's outputs and labels; counts the known ones. */
static enum tfu_status count_known(enum tfu_loss kind, const struct row *r, int64_t *known,
                                   struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    *known = 0;
    for (int64_t k = 0; k < r->outputs; k++)
        if (!isfinite(r->logit[k]))
            return tfu_error_set(e, TFU_ENUMERIC,
                                 "output %lld of the network is %g for row %lld of the batch: the "
                                 "training has diverged; lower the learning rate or set "
                                 "`clip_norm`",
                                 (long long)k, (double)r->logit[k], (long long)r->index);
    for (int64_t k = 0; st == TFU_OK && k < label_columns(kind, r->outputs); k++) {
        if (isnan(r->label[k]))
            continue;
        st = check_label(kind, r, r->label[k], e);
        ++*known;
    }
    return st;
}

/* Each of these fills scores and, scaled by `weight`, the gradient; it returns the row's loss. */

static double softmax_row(const struct row *r, int64_t known, double weight)
{
    const float *z = r->logit;
    double top = (double)z[0], sum = 0;
    for (int64_t k = 1; k < r->outputs; k++)
        top = fmax(top, (double)z[k]);
    for (int64_t k = 0; k < r->outputs; k++)
        sum += exp((double)z[k] - top);
    const int64_t y = known > 0 ? (int64_t)r->label[0] : -1;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double p = exp((double)z[k] - top) / sum;
        r->score[k] = (float)p;
        if (r->grad)
            r->grad[k] = known > 0 ? (float)(weight * (p - (k == y))) : 0;
    }
    return known > 0 ? log(sum) + top - (double)z[y] : NAN;
}

static double sigmoid_row(const struct row *r, int64_t known, double weight)
{
    double sum = 0;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double z = (double)r->logit[k], y = (double)r->label[k];
        const double small = exp(-fabs(z)); /* never overflows */
        const double p = (z >= 0 ? 1 : small) / (1 + small);
        r->score[k] = (float)p;
        if (r->grad)
            r->grad[k] = isnan(y) ? 0 : (float)(weight * (p - y) / (double)known);
        if (!isnan(y))
            sum += fmax(z, 0) - z * y + log1p(small);
    }
    return known > 0 ? sum / (double)known : NAN;
}

static double squared_row(const struct row *r, int64_t known, double weight)
{
    double sum = 0;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double d = (double)r->logit[k] - (double)r->label[k];
        r->score[k] = r->logit[k];
        if (r->grad)
            r->grad[k] = isnan(d) ? 0 : (float)(weight * 2 * d / (double)known);
        if (!isnan(d))
            sum += d * d;
    }
    return known > 0 ? sum / (double)known : NAN;
}

struct tfu_loss_rule tfu_loss_rule(const struct tfu_task_config *task)
{
    return (struct tfu_loss_rule){(enum tfu_loss)task->loss, (enum tfu_loss_mean)task->loss_mean};
}

/* How much a row of so many known labels counts. */
static double row_weight(struct tfu_loss_rule rule, int64_t known)
{
    return rule.mean == TFU_LOSS_MEAN_LABELS ? (double)known : known > 0;
}

void tfu_loss_weights(struct tfu_loss_rule rule, int64_t rows, int64_t outputs, const float *labels,
                      double *weights)
{
    const int64_t columns = label_columns(rule.kind, outputs);
    for (int64_t r = 0; r < rows; r++) {
        int64_t known = 0;
        for (int64_t k = 0; k < columns; k++)
            known += !isnan(labels[r * columns + k]);
        weights[r] = row_weight(rule, known);
    }
}

enum tfu_status tfu_loss(struct tfu_loss_rule rule, int64_t rows, int64_t outputs,
                         const float *logits, const float *labels, float *scores, double *losses,
                         float *grad, double *mean, struct tfu_error *e)
{
    static double (*const of_row[])(const struct row *, int64_t, double) = {
        [TFU_LOSS_SOFTMAX] = softmax_row,
        [TFU_LOSS_SIGMOID] = sigmoid_row,
        [TFU_LOSS_SQUARED] = squared_row,
    };
    const int64_t columns = label_columns(rule.kind, outputs);
    struct row r = {.outputs = outputs};
    double weights = 0;
    for (r.index = 0; r.index < rows; r.index++) {
        r.logit = logits + r.index * outputs;
        r.label = labels + r.index * columns;
        int64_t known;
        const enum tfu_status st = count_known(rule.kind, &r, &known, e);
        if (st != TFU_OK)
            return st;
        losses[r.index] = (double)known; /* until the loss takes its place below */
        weights += row_weight(rule, known);
    }
    double sum = 0;
    for (r.index = 0; r.index < rows; r.index++) {
        r.logit = logits + r.index * outputs;
        r.label = labels + r.index * columns;
        r.score = scores + r.index * outputs;
        r.grad = grad ? grad + r.index * outputs : NULL;
        const int64_t known = (int64_t)losses[r.index];
        const double weight = row_weight(rule, known);
        losses[r.index] = of_row[rule.kind](&r, known, weight / weights);
        if (known > 0)
            sum += weight * losses[r.index];
    }
    *mean = weights > 0 ? sum / weights : (double)NAN;
    return TFU_OK;
}

enum tfu_status tfu_loss_network(struct tfu_loss_rule rule, struct tfu_network *network,
                                 int64_t rows, const float *labels, float *scores, double *losses,
                                 double *mean, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(network);
    const int64_t outputs = g->value[g->output].shape.dim[1];
    double more = 0;
    const float *logits;
    /* the output comes last: the scores that stay are its */
    for (uint32_t i = 0; i < g->auxiliary_count; i++) {
        const struct tfu_region region = tfu_region_auxiliary_grad(g, i, rows);
        float *grad = tfu_network_draft(network, region);
        const double weight = g->auxiliary[i].weight;
        double loss = 0;
        enum tfu_status st =
            tfu_network_look(network, tfu_region_auxiliary(g, i, rows), &logits, e);
        if (st == TFU_OK)
            st = tfu_loss(rule, rows, outputs, logits, labels, scores, losses, grad, &loss, e);
        if (st != TFU_OK)
            return st;
        for (int64_t k = 0; k < rows * outputs; k++)
            grad[k] *= (float)weight;
        st = tfu_network_commit(network, region, e);
        if (st != TFU_OK)
            return st;
        more += weight * loss;
    }
    const struct tfu_region region = tfu_region_output_grad(g, rows);
    enum tfu_status st = tfu_network_look(network, tfu_region_output(g, rows), &logits, e);
    if (st == TFU_OK)
        st = tfu_loss(rule, rows, outputs, logits, labels, scores, losses,
                      tfu_network_draft(network, region), mean, e);
    if (st == TFU_OK)
        st = tfu_network_commit(network, region, e);
    *mean += more;
    return st;
}
