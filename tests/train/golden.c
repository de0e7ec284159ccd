/* SPDX-License-Identifier: MIT
 *
 * Ten steps of CBR-Tiny from the same start as in PyTorch (make_golden.py): losses of every
 * step; gradients and running statistics of the first. The reference backend goes two steps.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/train/loss.h"
#include "core/train/optimise.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"
#include "tests/support/model.h"
#include "tests/support/network_memory.h"

enum { BATCH = 16, SIDE = 32, CHANNELS = 3, CLASSES = 5, STEPS = 10, SAMPLES = 64 };

static const double tolerance = 1e-4;

static const struct {
    const char *backend, *rule, *options;
    int steps;
} cases[] = {
    {"reference", "adam", "lr=3e-5", 2}, /* plain loops: seconds a step */
    {"cpu", "adam", "lr=3e-5", STEPS},
    {"cpu", "sgd", "lr=2e-3 momentum=0.9", STEPS},
};

static double signed_formula(const char *name, uint64_t i)
{
    return 2 * formula(stream(name), i) - 1;
}

/* First value of element `i`, as start() of make_golden.py gives it. */
static double start(const struct tfu_graph_param *p, uint64_t i)
{
    switch ((enum tfu_role)p->role) {
    case TFU_ROLE_WEIGHT:
        return signed_formula(p->name, i) * sqrt(6.0 / (double)p->fan_in);
    case TFU_ROLE_SCALE:
        return 1 + 0.1 * signed_formula(p->name, i);
    case TFU_ROLE_BIAS:
    case TFU_ROLE_SHIFT:
        return 0.1 * signed_formula(p->name, i);
    case TFU_ROLE_RUNNING_VAR:
        return 1;
    default:
        return 0;
    }
}

static void fill(const struct model *m, float labels[BATCH])
{
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        float *w = model_weights(m, p);
        for (size_t i = 0; i < model_count(m, p); i++)
            w[i] = (float)start(&m->graph->param[p], i);
    }
    for (uint64_t r = 0; r < BATCH; r++)
        labels[r] = (float)floor(CLASSES * formula(stream("golden.label"), r));
}

/* The input may be overwritten by a pass. */
static void fill_input(const struct model *m)
{
    float *x = input_of(m->network);
    for (uint64_t i = 0; i < BATCH * SIDE * SIDE * CHANNELS; i++)
        x[i] = (float)signed_formula("golden.image", i);
}

/* Extent and sampled elements of a tensor against a line of the fixture. */
static void check_tensor(const struct fixture *f, const char *kind, const char *param,
                         const float *v, size_t n)
{
    char name[96];
    snprintf(name, sizeof name, "%s.%s", kind, param);
    const double *want = fixture_get(f, name, 3 + SAMPLES);
    double largest = 0, sum = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs((double)v[i]));
        sum += (double)v[i];
        square += (double)v[i] * (double)v[i];
    }
    const double allowed = tolerance * want[0];
    ck_assert_msg(fabs(largest - want[0]) <= allowed, "%s: largest %g, not %g", name, largest,
                  want[0]);
    ck_assert_msg(fabs(sum - want[1]) <= allowed * sqrt((double)n), "%s: sum %g, not %g", name, sum,
                  want[1]);
    ck_assert_msg(fabs(square - want[2]) <= tolerance * want[2], "%s: squares %g, not %g", name,
                  square, want[2]);
    snprintf(name, sizeof name, "%s.at", param);
    for (uint64_t s = 0; s < SAMPLES; s++) {
        const size_t at = (size_t)(formula_bits(stream(name), s) % n);
        ck_assert_msg(fabs((double)v[at] - want[3 + s]) <= allowed,
                      "%s of %s: element %zu is %g, not %g", kind, param, at, (double)v[at],
                      want[3 + s]);
    }
}

static void check_first_step(const struct model *m, const struct fixture *f)
{
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        const struct tfu_graph_param *param = &m->graph->param[p];
        if (tfu_role_trained(param->role))
            check_tensor(f, "gradient", param->name, model_grad(m, p), model_count(m, p));
        else
            check_tensor(f, "running", param->name, model_weights(m, p), model_count(m, p));
    }
}

/* Forward, loss, backward; returns the loss. */
static double pass(const struct model *m, const float *labels, uint64_t step)
{
    struct tfu_error e = TFU_ERROR_INIT;
    float scores[BATCH * CLASSES];
    double losses[BATCH], mean = NAN;
    fill_input(m);
    tfu_network_forward(m->network, BATCH, true, step, &e);
    struct tfu_loss_batch batch =
        tfu_loss_batch(tfu_network_graph(m->network), BATCH, labels, scores, losses);
    batch.logits = output_of(m->network).data;
    batch.grad = output_grad_of(m->network).data;
    tfu_loss((struct tfu_loss_rule){.kind = &tfu_loss_softmax}, NULL, &batch, &mean, &e);
    tfu_network_backward(m->network, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return mean;
}

START_TEST(ten_steps)
{
    struct fixture *f = fixture_open("train/golden.fixture");
    struct model m = model_open(
        &(struct model_request){.arch = "cbr_tiny",
                                .backend = cases[_i].backend,
                                .input = tfu_shape_make(4, BATCH, SIDE, SIDE, CHANNELS, 1),
                                .outputs = CLASSES,
                                .threads = 2,
                                .training = true});
    struct tfu_plugin_choice rule =
        choose(m.registry, TFU_KIND_OPTIM, cases[_i].rule, cases[_i].options);
    struct tfu_optimiser *optimiser = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_optimiser_new(&optimiser, m.network, &rule, m.registry, m.threads, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);

    char line[32];
    snprintf(line, sizeof line, "loss.%s", cases[_i].rule);
    const double *want = fixture_get(f, line, STEPS);
    float labels[BATCH];
    fill(&m, labels);
    for (int t = 1; t <= cases[_i].steps; t++) {
        const double loss = pass(&m, labels, (uint64_t)t);
        ck_assert_msg(fabs(loss - want[t - 1]) <= tolerance * want[t - 1],
                      "step %d: loss %.9g, not %.9g", t, loss, want[t - 1]);
        if (t == 1)
            check_first_step(&m, f);
        ck_assert_int_eq(tfu_optimiser_step(optimiser, t, 1, 0, NULL, &e), TFU_OK);
    }
    tfu_optimiser_free(optimiser);
    choice_free(&rule);
    model_close(&m);
    fixture_close(f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("golden");
    TCase *t = tcase_create("golden");
    tcase_add_loop_test(t, ten_steps, 0, (int)TFU_COUNT(cases));
    suite_add_tcase(s, t);
    return run_suite(s);
}
