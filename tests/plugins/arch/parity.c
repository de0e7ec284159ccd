/* SPDX-License-Identifier: MIT
 *
 * Every architecture against PyTorch (make_parity.py): logits in inference and in training, all
 * gradients, running statistics after a step. On the cpu backend at the native sizes; the small
 * cases by the layers' definitions in float64 too, to nearly all digits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"
#include "tests/support/parity.h"

enum { SAMPLES = 4, LOGITS = PARITY_BATCH * PARITY_CLASSES };

struct comparison {
    const struct fixture *fixture;
    double logits, gradient, running; /* tolerances, relative to a tensor's largest number */
    double least; /* a gradient smaller than this is nothing to be relative to */
};

static void compare_logits(const struct comparison *c, const char *name, const struct tfu_tensor *t)
{
    const double *want = fixture_get(c->fixture, name, LOGITS);
    double largest = 0;
    for (size_t i = 0; i < LOGITS; i++)
        largest = fmax(largest, fabs(want[i]));
    for (size_t i = 0; i < LOGITS; i++)
        ck_assert_msg(fabs(parity_number(t, i) - want[i]) <= c->logits * largest,
                      "%s: number %zu is %.9g, not %.9g", name, i, parity_number(t, i), want[i]);
}

/* Extent and sampled elements. */
static void compare(void *arg, const char *name, const struct tfu_tensor *t)
{
    const struct comparison *c = arg;
    if (strncmp(name, "logits.", 7) == 0) {
        compare_logits(c, name, t);
        return;
    }
    const bool running = name[0] == 'r';
    const double *want = fixture_get(c->fixture, name, 3 + SAMPLES);
    const double tolerance = running ? c->running : c->gradient;
    const double scale = running ? want[0] : fmax(want[0], c->least), allowed = tolerance * scale;
    const size_t n = (size_t)tfu_shape_count(&t->shape);
    double largest = 0, sum = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        const double v = parity_number(t, i);
        largest = fmax(largest, fabs(v));
        sum += v;
        square += v * v;
    }
    ck_assert_msg(fabs(largest - want[0]) <= allowed, "%s: largest %.9g, not %.9g", name, largest,
                  want[0]);
    ck_assert_msg(fabs(sum - want[1]) <= allowed * (double)n, "%s: sum %.9g, not %.9g", name, sum,
                  want[1]);
    ck_assert_msg(fabs(square - want[2]) <= 2 * allowed * scale * (double)n,
                  "%s: squares %.9g, not %.9g", name, square, want[2]);
    char at_name[160];
    snprintf(at_name, sizeof at_name, "%s.at", strchr(name, '.') + 1);
    for (uint64_t s = 0; s < SAMPLES; s++) {
        const size_t at = (size_t)(formula_bits(stream(at_name), s) % n);
        ck_assert_msg(fabs(parity_number(t, at) - want[3 + s]) <= allowed,
                      "%s: element %zu is %.9g, not %.9g", name, at, parity_number(t, at),
                      want[3 + s]);
    }
}

/* The largest gradient of all, from the fixture. */
static double largest_gradient(const struct model *m, const struct fixture *f)
{
    double most = 0;
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        char name[160];
        snprintf(name, sizeof name, "gradient.%s", m->graph->param[p].name);
        if (tfu_role_trained(m->graph->param[p].role))
            most = fmax(most, fixture_get(f, name, 3 + SAMPLES)[0]);
    }
    return most;
}

static void run(const struct parity_case *c, const char *backend, uint32_t dtype,
                struct comparison comparison)
{
    char name[128];
    snprintf(name, sizeof name, "plugins/arch/%s.fixture", c->name);
    struct fixture *f = fixture_open(name);
    struct model m = parity_open(c, backend, dtype);
    comparison.fixture = f;
    comparison.least = 1e-4 * largest_gradient(&m, f);
    /* rounding decides on a branch now and then: in large networks somewhere, in any float32 */
    if (dtype == TFU_F32)
        comparison.gradient = fmax(c->small ? comparison.gradient : 0.05,
                                   3 * fixture_get(f, "float32.gradient", 1)[0]);
    parity_fill(&m);
    parity_run(&m, compare, &comparison);
    model_close(&m);
    fixture_close(f);
}

START_TEST(float32_on_cpu)
{
    run(&parity_cases[_i], "cpu", TFU_F32,
        (struct comparison){.logits = 1e-4, .gradient = 1e-3, .running = 1e-5});
}
END_TEST

START_TEST(float64_by_definition)
{
    run(&parity_cases[_i], "reference", TFU_F64,
        (struct comparison){.logits = 1e-8, .gradient = 1e-6, .running = 1e-7});
}
END_TEST

int main(void)
{
    Suite *s = suite_create("parity");
    TCase *t = tcase_create("parity");
    const bool quick = getenv("TRANSFUSE_QUICK_CASES") != NULL;
    if (quick)
        puts("# TRANSFUSE_QUICK_CASES: native sizes and float64 are left out");
    tcase_set_timeout(t, 600);
    for (size_t i = 0; i < parity_case_count; i++) {
        if (!quick || parity_cases[i].small)
            tcase_add_loop_test(t, float32_on_cpu, (int)i, (int)i + 1);
        if (!quick && parity_cases[i].small)
            tcase_add_loop_test(t, float64_by_definition, (int)i, (int)i + 1);
    }
    suite_add_tcase(s, t);
    return run_suite(s);
}
