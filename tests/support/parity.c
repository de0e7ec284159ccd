/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/train/loss.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"
#include "tests/support/network_memory.h"
#include "tests/support/parity.h"

const struct parity_case parity_cases[] = {
    {"cbr_larget", "cbr_larget", "", 3, 224, false},
    {"cbr_largew", "cbr_largew", "", 3, 224, false},
    {"cbr_small", "cbr_small", "", 3, 224, false},
    {"cbr_tiny", "cbr_tiny", "", 3, 224, false},
    {"resnet50", "resnet50", "", 3, 224, false},
    {"inception_v3", "inception_v3", "dropout=0", 3, 299, false},
    {"inception_v3_aux", "inception_v3", "dropout=0 aux=1", 3, 299, false},
    {"tbnet", "tbnet", "", 1, 512, false},
    {"tbnet_published", "tbnet", "batchnorm=published", 1, 512, false},
    {"cbr_larget_small", "cbr_larget", "width=0.125", 3, 48, true},
    {"cbr_largew_small", "cbr_largew", "width=0.125", 3, 48, true},
    {"cbr_small_small", "cbr_small", "width=0.125", 3, 48, true},
    {"cbr_tiny_small", "cbr_tiny", "width=0.125 padding=valid", 3, 96, true},
    {"resnet50_small", "resnet50", "width=0.0625", 3, 64, true},
    {"resnet50_conv1", "resnet50", "width=0.0625 stride_at=conv1", 3, 64, true},
    {"resnet50_last_unit", "resnet50", "width=0.0625 stride_at=last_unit", 3, 64, true},
    {"resnet50_slim", "resnet50", "width=0.0625 slim.from=block3", 3, 64, true},
    {"tbnet_small", "tbnet", "width=0.125", 1, 160, true},
    {"tbnet_published_small", "tbnet", "width=0.125 batchnorm=published", 1, 160, true},
    {"inception_v3_small", "inception_v3", "width=0.0625 dropout=0 aux=1", 3, 299, true},
    {"inception_v3_options", "inception_v3",
     "width=0.0625 dropout=0 transform_input=1 count_padding=0", 3, 107, true},
};
const size_t parity_case_count = TFU_COUNT(parity_cases);

struct model parity_open(const struct parity_case *c, const char *backend, uint32_t dtype)
{
    return model_open(&(struct model_request){
        .arch = c->arch,
        .options = c->options,
        .backend = backend,
        .input = tfu_shape_make(4, PARITY_BATCH, c->side, c->side, c->channels, 1),
        .outputs = PARITY_CLASSES,
        .threads = 2,
        .training = true,
        .dtype = dtype});
}

/* ---- numbers */

double parity_number(const struct tfu_tensor *t, size_t i)
{
    return t->dtype == TFU_F64 ? ((const double *)t->data)[i] : (double)((const float *)t->data)[i];
}

/* Both sides start from float32 numbers. */
static void put_number(const struct tfu_tensor *t, size_t i, double v)
{
    if (t->dtype == TFU_F64)
        ((double *)t->data)[i] = (double)(float)v;
    else
        ((float *)t->data)[i] = (float)v;
}

static double start(const struct tfu_graph_param *p, uint64_t i)
{
    const double u = 2 * formula(stream(p->name), i) - 1;
    switch ((enum tfu_role)p->role) {
    case TFU_ROLE_WEIGHT:
        return u * sqrt(6.0 / (double)p->fan_in);
    case TFU_ROLE_SCALE:
        return 0.5 + 0.05 * u;
    case TFU_ROLE_SHIFT:
        return (u > -0.5 ? 1 : -1) + 0.1 * u;
    case TFU_ROLE_RUNNING_VAR:
        return 1 + 0.25 * u;
    default:
        return 0.1 * u;
    }
}

void parity_fill(const struct model *m)
{
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        const struct tfu_tensor t = param_of(m->network, p);
        for (size_t i = 0; i < model_count(m, p); i++)
            put_number(&t, i, start(&m->graph->param[p], i));
    }
}

static void fill_input(const struct model *m, uint32_t dtype)
{
    const struct tfu_tensor image = {.dtype = dtype, .data = input_of(m->network)};
    const int64_t n = tfu_shape_count(&m->graph->value[m->graph->input].shape);
    for (int64_t i = 0; i < n; i++)
        put_number(&image, (size_t)i, 2 * formula(stream("parity.image"), (uint64_t)i) - 1);
}

/* ---- the passes */

/* The loss's gradient at one end, by way of float32 in a float32 network only. */
static void end_gradient(const struct tfu_tensor *logits, const struct tfu_tensor *grad,
                         double weight)
{
    for (size_t r = 0; r < PARITY_BATCH; r++) {
        const size_t label =
            (size_t)floor(PARITY_CLASSES * formula(stream("parity.label"), (uint64_t)r));
        double sum = 0;
        for (size_t k = 0; k < PARITY_CLASSES; k++)
            sum += exp(parity_number(logits, r * PARITY_CLASSES + k));
        for (size_t k = 0; k < PARITY_CLASSES; k++) {
            const size_t i = r * PARITY_CLASSES + k;
            const double g =
                (exp(parity_number(logits, i)) / sum - (k == label)) * weight / PARITY_BATCH;
            if (grad->dtype == TFU_F64)
                ((double *)grad->data)[i] = g;
            else
                ((float *)grad->data)[i] = (float)g;
        }
    }
}

void parity_run(const struct model *m,
                void (*result)(void *arg, const char *name, const struct tfu_tensor *t), void *arg)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_graph *g = m->graph;
    const uint32_t dtype = output_of(m->network).dtype;
    fill_input(m, dtype);
    tfu_network_forward(m->network, PARITY_BATCH, false, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    struct tfu_tensor t = output_of(m->network);
    result(arg, "logits.inference", &t);

    fill_input(m, dtype);
    tfu_network_forward(m->network, PARITY_BATCH, true, 1, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    t = output_of(m->network);
    result(arg, "logits.training", &t);
    struct tfu_tensor grad = output_grad_of(m->network);
    end_gradient(&t, &grad, 1);
    for (uint32_t i = 0; i < g->auxiliary_count; i++) {
        t = auxiliary_of(m->network, i);
        grad = auxiliary_grad_of(m->network, i);
        result(arg, "logits.auxiliary", &t);
        end_gradient(&t, &grad, g->auxiliary[i].weight);
    }
    tfu_network_backward(m->network, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    for (uint32_t p = 0; p < g->param_count; p++) {
        char name[160];
        const bool trained = tfu_role_trained(g->param[p].role);
        snprintf(name, sizeof name, "%s.%s", trained ? "gradient" : "running", g->param[p].name);
        t = trained ? param_grad_of(m->network, p) : param_of(m->network, p);
        result(arg, name, &t);
    }
}
