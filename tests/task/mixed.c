/* SPDX-License-Identifier: MIT
 *
 * The loss of mixed examples: by the definition for shares of labels, and as it is for each set of
 * labels alone.
 */
#include <math.h>
#include <string.h>

#include "core/task/loss.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"

enum { ROWS = 7, OUTPUTS = 4 };

static const struct tfu_loss_kind *const kinds[] = {&tfu_loss_softmax, &tfu_loss_sigmoid,
                                                    &tfu_loss_squared};

struct case_of {
    float logits[ROWS * OUTPUTS], labels[ROWS * OUTPUTS], other[ROWS * OUTPUTS];
    float scores[ROWS * OUTPUTS], grad[ROWS * OUTPUTS], spare[ROWS * OUTPUTS];
    double losses[ROWS], share[ROWS], mean;
};

static void make(struct case_of *c, const struct tfu_loss_kind *kind)
{
    for (size_t i = 0; i < ROWS * OUTPUTS; i++) {
        c->logits[i] = (float)(6 * formula(stream("logits"), i) - 3);
        c->labels[i] =
            (float)floor(formula(stream("labels"), i) * (kind->chooses_one ? OUTPUTS : 2));
        c->other[i] = (float)floor(formula(stream("other"), i) * (kind->chooses_one ? OUTPUTS : 2));
        c->grad[i] = c->spare[i] = c->scores[i] = NAN;
    }
    for (size_t i = 0; i < ROWS; i++)
        c->share[i] = i == 0 ? 1 : i == 1 ? 0 : formula(stream("share"), i);
}

static void run(struct case_of *c, struct tfu_loss_rule rule, bool mixed, const float *labels)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_loss_batch batch = {.rows = ROWS,
                                         .outputs = OUTPUTS,
                                         .logits = c->logits,
                                         .labels = labels,
                                         .scores = c->scores,
                                         .losses = c->losses,
                                         .grad = c->grad,
                                         .share = mixed ? c->share : NULL,
                                         .other_labels = c->other,
                                         .spare = c->spare};
    ck_assert_int_eq(tfu_loss(rule, NULL, &batch, &c->mean, &e), TFU_OK);
}

/* Cross entropy with shares of classes: - sum t log p, of which the gradient is p - t. */
START_TEST(by_definition)
{
    struct case_of c;
    make(&c, &tfu_loss_softmax);
    run(&c, (struct tfu_loss_rule){.kind = &tfu_loss_softmax}, true, c.labels);
    double mean = 0;
    for (int r = 0; r < ROWS; r++) {
        double sum = 0, loss = 0;
        for (int k = 0; k < OUTPUTS; k++)
            sum += exp((double)c.logits[r * OUTPUTS + k]);
        for (int k = 0; k < OUTPUTS; k++) {
            const double p = exp((double)c.logits[r * OUTPUTS + k]) / sum;
            const double t = c.share[r] * (c.labels[r] == (float)k) +
                             (1 - c.share[r]) * (c.other[r] == (float)k);
            loss -= t * log(p);
            ck_assert_double_eq_tol((double)c.grad[r * OUTPUTS + k], (p - t) / ROWS, 1e-7);
            ck_assert_double_eq_tol((double)c.scores[r * OUTPUTS + k], p, 1e-7);
        }
        ck_assert_double_eq_tol(c.losses[r], loss, 1e-6);
        mean += loss / ROWS;
    }
    ck_assert_double_eq_tol(c.mean, mean, 1e-6);
}
END_TEST

/* Of every kind: what it is for both sets of labels, by their shares. */
START_TEST(of_both_sets)
{
    const struct tfu_loss_rule rule = {.kind = kinds[_i / 2],
                                       .mean = _i % 2 ? TFU_LOSS_MEAN_LABELS : 0};
    struct case_of mixed, own, other;
    make(&mixed, rule.kind);
    own = other = mixed;
    run(&mixed, rule, true, mixed.labels);
    run(&own, rule, false, own.labels);
    run(&other, rule, false, other.other);
    for (int r = 0; r < ROWS; r++) {
        const double s = mixed.share[r];
        ck_assert_double_eq_tol(mixed.losses[r], s * own.losses[r] + (1 - s) * other.losses[r],
                                1e-12);
        for (int k = r * OUTPUTS; k < (r + 1) * OUTPUTS; k++)
            ck_assert_double_eq_tol((double)mixed.grad[k],
                                    s * (double)own.grad[k] + (1 - s) * (double)other.grad[k],
                                    1e-7);
    }
}
END_TEST

/* Shares of 1: the bits of what is not mixed. */
START_TEST(shares_of_one)
{
    const struct tfu_loss_rule rule = {.kind = kinds[_i]};
    struct case_of mixed, plain;
    make(&mixed, rule.kind);
    for (int r = 0; r < ROWS; r++)
        mixed.share[r] = 1;
    mixed.labels[2] = NAN;
    plain = mixed;
    run(&mixed, rule, true, mixed.labels);
    run(&plain, rule, false, plain.labels);
    ck_assert_mem_eq(mixed.grad, plain.grad, sizeof plain.grad);
    ck_assert_mem_eq(&mixed.mean, &plain.mean, sizeof plain.mean);
}
END_TEST

/* A label that is not known adds neither loss nor gradient: the row counts by the other one. */
START_TEST(unknown_labels)
{
    struct case_of c, alone;
    make(&c, &tfu_loss_softmax);
    c.share[3] = c.share[4] = c.share[5] = 0.25;
    c.labels[3] = c.other[4] = c.labels[5] = c.other[5] = NAN;
    alone = c;
    run(&c, (struct tfu_loss_rule){.kind = &tfu_loss_softmax}, true, c.labels);
    alone.labels[3] = alone.other[3];
    run(&alone, (struct tfu_loss_rule){.kind = &tfu_loss_softmax}, false, alone.labels);
    const double weights = ROWS - 1 - 0.25 - 0.75; /* 0.75 of row 3, 0.25 of row 4, none of 5 */
    ck_assert_double_eq_tol(c.losses[3], alone.losses[3], 1e-12);
    ck_assert_double_eq_tol(c.losses[4], alone.losses[4], 1e-12);
    ck_assert_double_nan(c.losses[5]);
    double sum = 0.75 * c.losses[3] + 0.25 * c.losses[4];
    for (int r = 0; r < ROWS; r++)
        sum += r < 3 || r > 5 ? c.losses[r] : 0;
    ck_assert_double_eq_tol(c.mean, sum / weights, 1e-12);
    for (int k = 0; k < OUTPUTS; k++) {
        ck_assert_double_eq_tol((double)c.grad[3 * OUTPUTS + k] * weights / 0.75,
                                (double)alone.grad[3 * OUTPUTS + k] * (ROWS - 1), 1e-6);
        ck_assert_float_eq(c.grad[5 * OUTPUTS + k], 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("task/mixed");
    TCase *t = tcase_create("mixed");
    tcase_add_test(t, by_definition);
    tcase_add_loop_test(t, of_both_sets, 0, 6);
    tcase_add_loop_test(t, shares_of_one, 0, 3);
    tcase_add_test(t, unknown_labels);
    suite_add_tcase(s, t);
    return run_suite(s);
}
