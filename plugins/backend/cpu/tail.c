/* SPDX-License-Identifier: MIT
 *
 * tail.c - see tail.h.
 */
#include "tail.h"

#include <math.h>
#include <string.h>

#include "norm.h"

/* Constants of a batch normalisation with running statistics. */
static void take_norm(struct tfu_cpu_tail *t, const struct tfu_op_call *c,
                      struct tfu_cpu_scratch *s)
{
    const size_t bytes = tfu_cpu_bytes(t->K);
    float *mean = tfu_cpu_take(s, bytes), *slope = tfu_cpu_take(s, bytes);
    float *shift = tfu_cpu_take(s, bytes);
    if (!mean)
        return;
    const double eps = tfu_call_float(c, "eps");
    const float *weight = c->param[TFU_CPU_NORM_WEIGHT]->data;
    const float *bias = c->param[TFU_CPU_NORM_BIAS]->data;
    const float *running_mean = c->param[TFU_CPU_NORM_RUNNING_MEAN]->data;
    const float *running_var = c->param[TFU_CPU_NORM_RUNNING_VAR]->data;
    for (int64_t k = 0; k < t->K; k++) {
        const double inverse = 1 / sqrt((double)running_var[k] + eps);
        tfu_cpu_norm_constants((double)running_mean[k], inverse, (double)weight[k], (double)bias[k],
                               &mean[k], &slope[k], &shift[k]);
        if (c->training) {
            ((double *)c->state[0]->data)[k] = (double)running_mean[k];
            ((double *)c->state[1]->data)[k] = inverse;
        }
    }
    t->finish.mean = mean;
    t->finish.slope = slope;
    t->finish.shift = shift;
}

struct tfu_cpu_tail tfu_cpu_tail_of(const struct tfu_cpu *dev, const struct tfu_op_call *c,
                                    struct tfu_cpu_scratch *s)
{
    struct tfu_cpu_tail t = {.dev = dev, .K = c->out->shape.dim[3]};
    if (c->n_param > 1)
        t.finish.bias = c->param[1]->data;
    for (uint32_t i = 1; i < c->n_parts; i++) {
        const struct tfu_op_call *part = c->parts[i];
        if (strcmp(part->op, "batchnorm") == 0)
            take_norm(&t, part, s);
        else if (strcmp(part->op, "add") == 0)
            t.finish.add = part->in[part->in[0]->data ? 0 : 1]->data;
        else
            t.finish.relu = 1;
    }
    t.any = t.finish.bias || t.finish.mean || t.finish.add || t.finish.relu;
    return t;
}
