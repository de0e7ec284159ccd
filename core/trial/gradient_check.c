/* SPDX-License-Identifier: MIT */
#include "core/trial/gradient_check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"

/* A check in progress. */
struct check {
    struct tfu_trial *trial;
    double *above; /* the output of a step up, kept while the step down is computed */
    int64_t sample;
    bool is_single;
    double rounding; /* what float32 outputs may be off by in the last difference */
    struct tfu_random random;
    struct tfu_gradient_difference *worst;
};

/* For truncation and rounding to be small alike. */
static const double best_step = 1e-3;

static const double best_step_single = 2e-2;

static double step_of_param(const struct check *k)
{
    return k->is_single ? best_step_single : best_step;
}

/* A step that crosses no kink: an input of n elements is a grid of spacing sqrt(12) / n, whose
 * smallest magnitude is a quarter of that. */
static double step_of_input(const struct check *k, int64_t n)
{
    return fmin(step_of_param(k), sqrt(12) / (double)n / 8);
}

/* (loss(x + h) - loss(x - h)) / 2h for element `i` of tensor `t`. The outputs are subtracted before
 * they are summed: the sum is then as exact as its largest difference, not as its largest term. */
static enum tfu_status central(struct check *k, const struct tfu_tensor *t, int64_t i, double h,
                               double *slope, struct tfu_error *e)
{
    const struct tfu_op_call *c = tfu_trial_call(k->trial);
    const int64_t n = tfu_shape_count(&c->out->shape);
    const double here = tfu_tensor_get(t, i);
    tfu_tensor_put(t, i, here + h);
    const double up = tfu_tensor_get(t, i);
    enum tfu_status st = tfu_trial_define(k->trial, TFU_FORWARD, e);
    for (int64_t o = 0; o < n; o++)
        k->above[o] = tfu_tensor_get(c->out, o);
    tfu_tensor_put(t, i, here - h);
    const double down = tfu_tensor_get(t, i);
    if (st == TFU_OK)
        st = tfu_trial_define(k->trial, TFU_FORWARD, e);
    tfu_tensor_put(t, i, here);
    double sum = 0, moved = 0;
    for (int64_t o = 0; o < n; o++) {
        const double below = tfu_tensor_get(c->out, o), w = tfu_tensor_get(c->grad_out, o);
        sum += (k->above[o] - below) * w;
        if (k->above[o] != below)
            moved += fabs(w) * (fabs(k->above[o]) + fabs(below));
    }
    k->rounding = k->is_single ? (double)FLT_EPSILON * moved / (up - down) : 0;
    *slope = sum / (up - down);
    return st;
}

/* Richardson: the errors in h^2 of the two differences cancel. */
static enum tfu_status extrapolated(struct check *k, const struct tfu_tensor *t, int64_t i,
                                    double h, double *slope, struct tfu_error *e)
{
    double coarse = 0, fine = 0;
    enum tfu_status st = central(k, t, i, h, &coarse, e);
    if (st == TFU_OK)
        st = central(k, t, i, h / 2, &fine, e); /* the finer, which is rounded more */
    *slope = (4 * fine - coarse) / 3;
    return st;
}

static double largest_magnitude(const struct tfu_tensor *t)
{
    double largest = 0;
    for (int64_t i = 0; i < tfu_shape_count(&t->shape); i++)
        if (fabs(tfu_tensor_get(t, i)) > largest)
            largest = fabs(tfu_tensor_get(t, i));
    return largest;
}

/* Is this more than half a percent of the element itself? What rounding may be is added to it. */
static void note_off(const struct check *k, const struct tfu_tensor *t, int64_t i, double value,
                     double slope, double largest)
{
    const double away = fmax(fabs(value - slope) - k->rounding, 0);
    const double noise = k->is_single ? 5e-3 : 1e-5, limit = fabs(slope) + noise * largest;
    struct tfu_gradient_difference *to = k->worst;
    if (away <= 5e-3 * limit)
        return;
    if (to->off++ > 0)
        return;
    to->off_first = (struct tfu_difference){away / limit, i, value, slope};
    snprintf(to->off_tensor, sizeof to->off_tensor, "%s", tfu_trial_name(k->trial, t));
}

/* One tensor against its gradient; nothing where there is none. */
static enum tfu_status check_tensor(struct check *k, const struct tfu_tensor *t, double h,
                                    const struct tfu_tensor *gradient, struct tfu_error *e)
{
    if (!gradient->data)
        return TFU_OK;
    const int64_t n = tfu_shape_count(&t->shape);
    const double largest = largest_magnitude(gradient);
    const int64_t count = k->sample > 0 && k->sample < n ? k->sample : n;
    for (int64_t s = 0; s < count; s++) {
        const int64_t i = count < n ? (int64_t)tfu_random_below(&k->random, (uint64_t)n) : s;
        double slope;
        const enum tfu_status st = extrapolated(k, t, i, h, &slope, e);
        if (st != TFU_OK)
            return st;
        const double value = tfu_tensor_get(gradient, i);
        const double away = fabs(value - slope);
        const double error =
            (away <= k->rounding ? 0 : away - k->rounding) / (largest > 0 ? largest : 1);
        if (!(error <= k->worst->worst.error)) { /* not-a-number is worst of all */
            k->worst->worst = (struct tfu_difference){error, i, value, slope};
            snprintf(k->worst->tensor, sizeof k->worst->tensor, "%s", tfu_trial_name(k->trial, t));
        }
        note_off(k, t, i, value, slope, largest);
        k->worst->elements++;
    }
    return TFU_OK;
}

static enum tfu_status check_all(struct check *k, struct tfu_error *e)
{
    const struct tfu_op_call *c = tfu_trial_call(k->trial);
    enum tfu_status st = tfu_trial_define(k->trial, TFU_FORWARD, e);
    if (st == TFU_OK)
        st = tfu_trial_define(k->trial, TFU_BACKWARD, e);
    for (uint32_t i = 0; i < c->n_in && st == TFU_OK; i++) {
        const double h = step_of_input(k, tfu_shape_count(&c->in[i]->shape));
        st = check_tensor(k, c->in[i], h, c->grad_in[i], e);
    }
    for (uint32_t i = 0; i < c->n_param && st == TFU_OK; i++)
        st = check_tensor(k, c->param[i], step_of_param(k), c->grad_param[i], e);
    return st;
}

enum tfu_status tfu_gradient_check(const struct tfu_trial_request *request, int64_t sample,
                                   struct tfu_gradient_difference *out, struct tfu_error *e)
{
    struct tfu_trial_request r = *request;
    const bool is_single = !(r.layer->dtypes & TFU_TAKES_F64);
    r.dtype = is_single ? TFU_F32 : TFU_F64;
    r.training = true;
    r.in_place = false;
    *out = (struct tfu_gradient_difference){.worst = {.error = -1}};
    struct check k = {.sample = sample, .is_single = is_single, .worst = out};
    tfu_random_init(&k.random, tfu_random_key(r.seed, "gradient check", r.op));
    enum tfu_status st = tfu_trial_new(&k.trial, &r, e);
    if (st != TFU_OK)
        return st;
    const size_t n = (size_t)tfu_shape_count(&tfu_trial_call(k.trial)->out->shape);
    k.above = malloc(n * sizeof *k.above);
    st = k.above ? check_all(&k, e) : tfu_error_memory(e, "checking gradients", n);
    free(k.above);
    tfu_trial_free(k.trial);
    return st;
}
