/* SPDX-License-Identifier: MIT
 *
 * core/task/loss.h against PyTorch (make_loss.py).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/task/loss.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"

enum { ROWS = 6, OUTPUTS = 5, N = ROWS * OUTPUTS };

struct batch {
    float logits[N], labels[N], scores[N], grad[N];
    double losses[ROWS], mean;
};

static void fill_logits(struct batch *b)
{
    memset(b, 0xff, sizeof *b); /* NaN everywhere: what is left out shows */
    for (uint64_t i = 0; i < N; i++) {
        b->logits[i] = (float)(12 * formula(stream("loss.logits"), i) - 6);
        if (i / OUTPUTS == 1)
            b->logits[i] *= 40;
        if (i / OUTPUTS == 2)
            b->logits[i] += 300;
    }
}

static enum tfu_status run_by(struct tfu_loss_rule rule, struct batch *b, struct tfu_error *e)
{
    const struct tfu_loss_batch batch = {.rows = ROWS,
                                         .outputs = OUTPUTS,
                                         .logits = b->logits,
                                         .labels = b->labels,
                                         .scores = b->scores,
                                         .losses = b->losses,
                                         .grad = b->grad};
    return tfu_loss(rule, NULL, &batch, &b->mean, e);
}

static enum tfu_status run(const struct tfu_loss_kind *kind, struct batch *b, struct tfu_error *e)
{
    return run_by((struct tfu_loss_rule){.kind = kind}, b, e);
}

static double line(const struct fixture *f, const char *kind, const char *what, size_t n, size_t i)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%s", kind, what);
    return fixture_get(f, name, n)[i];
}

static void check_close(double got, double want, double tolerance)
{
    if (isnan(want))
        ck_assert_double_nan(got);
    else
        ck_assert_double_le(fabs(got - want), tolerance * fmax(1, fabs(want)));
}

static void check_batch(const char *kind, const struct batch *b)
{
    struct fixture *f = fixture_open("task/loss.fixture");
    for (size_t r = 0; r < ROWS; r++)
        check_close(b->losses[r], line(f, kind, "rows", ROWS, r), 1e-12);
    check_close(b->mean, line(f, kind, "mean", 1, 0), 1e-12);
    for (size_t i = 0; i < N; i++) {
        check_close((double)b->scores[i], line(f, kind, "scores", N, i), 1e-6);
        check_close((double)b->grad[i], line(f, kind, "grad", N, i), 1e-6);
    }
    fixture_close(f);
}

START_TEST(softmax)
{
    struct batch b;
    fill_logits(&b);
    for (uint64_t r = 0; r < ROWS; r++)
        b.labels[r] = floorf((float)(OUTPUTS * formula(stream("loss.class"), r)));
    b.labels[ROWS - 1] = NAN;
    ck_assert_int_eq(run(&tfu_loss_softmax, &b, NULL), TFU_OK);
    check_batch("softmax", &b);
}
END_TEST

/* Every label of row 0 is unknown, and one of row 3. */
static void hide_labels(struct batch *b)
{
    for (int k = 0; k < OUTPUTS; k++)
        b->labels[k] = NAN;
    b->labels[3 * OUTPUTS + 2] = NAN;
}

static void fill_labels(const struct tfu_loss_kind *kind, struct batch *b)
{
    for (uint64_t i = 0; i < N; i++)
        b->labels[i] = kind == &tfu_loss_sigmoid ? formula(stream("loss.label"), i) < 0.4
                                                 : (float)(4 * formula(stream("loss.target"), i));
    hide_labels(b);
}

static const struct {
    const char *line;
    struct tfu_loss_rule rule;
} of_labels[] = {
    {"sigmoid", {&tfu_loss_sigmoid, TFU_LOSS_MEAN_EXAMPLES}},
    {"squared", {&tfu_loss_squared, TFU_LOSS_MEAN_EXAMPLES}},
    {"sigmoid.all", {&tfu_loss_sigmoid, TFU_LOSS_MEAN_LABELS}},
    {"squared.all", {&tfu_loss_squared, TFU_LOSS_MEAN_LABELS}},
};

START_TEST(labels)
{
    struct batch b;
    fill_logits(&b);
    fill_labels(of_labels[_i].rule.kind, &b);
    ck_assert_int_eq(run_by(of_labels[_i].rule, &b, NULL), TFU_OK);
    check_batch(of_labels[_i].line, &b);
}
END_TEST

/* The rows' losses and weights give the batch's mean, however the batch is cut. */
START_TEST(weights)
{
    static const double by_hand[][ROWS] = {{0, 1, 1, 1, 1, 1}, {0, 5, 5, 4, 5, 5}};
    struct batch b;
    const struct tfu_loss_rule rule = of_labels[_i].rule;
    double weight[ROWS], sum = 0, all = 0;
    fill_logits(&b);
    fill_labels(rule.kind, &b);
    ck_assert_int_eq(run_by(rule, &b, NULL), TFU_OK);
    tfu_loss_weights(rule, 2, OUTPUTS, b.labels, weight);
    tfu_loss_weights(rule, ROWS - 2, OUTPUTS, b.labels + (size_t)2 * OUTPUTS, weight + 2);
    for (int r = 0; r < ROWS; r++) {
        ck_assert_double_eq(weight[r], by_hand[rule.mean][r]);
        sum += weight[r] > 0 ? weight[r] * b.losses[r] : 0;
        all += weight[r];
    }
    ck_assert_double_eq_tol(sum / all, b.mean, 1e-12 * b.mean);
}
END_TEST

/* The gradient is that of the mean, by differences. */
START_TEST(gradient)
{
    struct batch b, moved;
    const float step = 1.0F / 1024;
    fill_logits(&b);
    for (int i = 0; i < N; i++)
        b.logits[i] = floorf(256 * fmodf(b.logits[i], 4)) / 256; /* the step is not rounded away */
    fill_labels(of_labels[_i].rule.kind, &b);
    ck_assert_int_eq(run_by(of_labels[_i].rule, &b, NULL), TFU_OK);
    for (int i = 0; i < N; i++) {
        moved = b;
        moved.logits[i] = b.logits[i] + step;
        ck_assert_int_eq(run_by(of_labels[_i].rule, &moved, NULL), TFU_OK);
        const double up = moved.mean;
        moved.logits[i] = b.logits[i] - step;
        ck_assert_int_eq(run_by(of_labels[_i].rule, &moved, NULL), TFU_OK);
        ck_assert_double_eq_tol((up - moved.mean) / (2 * (double)step), (double)b.grad[i], 1e-6);
    }
}
END_TEST

START_TEST(nothing_known)
{
    struct batch b;
    static const struct tfu_loss_kind *const kind[] = {&tfu_loss_softmax, &tfu_loss_sigmoid,
                                                       &tfu_loss_squared};
    for (size_t k = 0; k < TFU_COUNT(kind); k++) {
        fill_logits(&b); /* labels are NaN */
        ck_assert_int_eq(run(kind[k], &b, NULL), TFU_OK);
        ck_assert_double_nan(b.mean);
        for (int i = 0; i < N; i++) {
            ck_assert(b.grad[i] == 0);
            ck_assert(isfinite(b.scores[i]));
        }
    }
}
END_TEST

static const struct {
    const struct tfu_loss_kind *kind;
    float label;
    const char *words;
} bad_labels[] = {
    {&tfu_loss_softmax, 5, "label 5 of row 3 of the batch is no class"},
    {&tfu_loss_softmax, -1, "outputs for 0 to 4"},
    {&tfu_loss_softmax, 1.5f, "label 1.5 of row 3"},
    {&tfu_loss_softmax, INFINITY, "label inf of row 3"},
    {&tfu_loss_sigmoid, 2, "label 2 of row 3 of the batch is not within 0 to 1"},
    {&tfu_loss_squared, -INFINITY, "target -inf of row 3"},
};

START_TEST(bad_label)
{
    struct batch b;
    struct tfu_error e = TFU_ERROR_INIT;
    fill_logits(&b);
    for (int i = 0; i < N; i++)
        b.labels[i] = 0;
    const int columns = bad_labels[_i].kind == &tfu_loss_softmax ? 1 : OUTPUTS;
    b.labels[3 * columns] = bad_labels[_i].label;
    ck_assert_int_eq(run(bad_labels[_i].kind, &b, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, bad_labels[_i].words) != NULL, "%s", e.text);
}
END_TEST

/* A row without a known label must not hide that the network has diverged. */
START_TEST(diverged)
{
    struct batch b;
    struct tfu_error e = TFU_ERROR_INIT;
    fill_logits(&b);
    b.logits[2 * OUTPUTS + 1] = NAN;
    ck_assert_int_eq(run(&tfu_loss_softmax, &b, &e), TFU_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(e.text, "output 1 of the network is nan for row 2"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loss");
    TCase *t = tcase_create("loss");
    tcase_add_test(t, softmax);
    tcase_add_loop_test(t, labels, 0, (int)TFU_COUNT(of_labels));
    tcase_add_loop_test(t, weights, 0, (int)TFU_COUNT(of_labels));
    tcase_add_loop_test(t, gradient, 0, (int)TFU_COUNT(of_labels));
    tcase_add_test(t, nothing_known);
    tcase_add_loop_test(t, bad_label, 0, (int)TFU_COUNT(bad_labels));
    tcase_add_test(t, diverged);
    suite_add_tcase(s, t);
    return run_suite(s);
}
