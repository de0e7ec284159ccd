/* SPDX-License-Identifier: MIT
 *
 * Core layers where no other program can be asked: dropout, statistics, what is not a number; and
 * every case in the ways in which a network runs it.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/trial/cases.h"
#include "tests/support/check_main.h"

#include <transfuse/random.h>

/* ---- single operations */

static struct tfu_trial *trial_of(const char *op, struct tfu_shape in, const struct tfu_attr *attr,
                                  uint32_t attr_count, bool training, uint64_t seed)
{
    const struct tfu_trial_request r = {.op = op,
                                        .layer = tfu_layer_find(op),
                                        .in = &in,
                                        .n_in = 1,
                                        .attr = attr,
                                        .attr_count = attr_count,
                                        .dtype = TFU_F64,
                                        .training = training,
                                        .seed = seed};
    struct tfu_trial *t;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_trial_new(&t, &r, &e) == TFU_OK, "%s", e.text);
    return t;
}

static void run(struct tfu_trial *t, enum tfu_direction direction)
{
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_trial_define(t, direction, &e) == TFU_OK, "%s", e.text);
}

static double at(const struct tfu_trial *t, const char *name, int64_t i)
{
    return tfu_tensor_get(tfu_trial_find(t, name), i);
}

START_TEST(dropout_drops_at_its_rate)
{
    const struct tfu_attr rate = {"rate", 0, 0.3};
    const struct tfu_shape in = tfu_shape_make(4, 4, 50, 50, 10, 1);
    const int64_t n = tfu_shape_count(&in);
    struct tfu_trial *t = trial_of("dropout", in, &rate, 1, true, 1);
    run(t, TFU_FORWARD);
    run(t, TFU_BACKWARD);
    int64_t dropped = 0, pairs = 0;
    for (int64_t i = 0; i < n; i++) {
        const bool gone = at(t, "out", i) == 0;
        const double scale = gone ? 0 : 1 / 0.7;
        ck_assert_double_eq_tol(at(t, "out", i), at(t, "in[0]", i) * scale, 1e-15);
        ck_assert_double_eq_tol(at(t, "grad_in[0]", i), at(t, "grad_out", i) * scale, 1e-14);
        dropped += gone;
        pairs += gone && i > 0 && at(t, "out", i - 1) == 0;
    }
    /* four standard errors; neighbours are independent of each other */
    ck_assert_double_lt(fabs((double)dropped / (double)n - 0.3), 4 * sqrt(0.21 / (double)n));
    ck_assert_double_lt(fabs((double)pairs / (double)n - 0.09), 4 * sqrt(0.15 / (double)n));
    tfu_trial_free(t);
}
END_TEST

START_TEST(dropout_mask_is_the_published_one)
{
    const struct tfu_attr rate = {"rate", 0, 0.5};
    const struct tfu_shape in = tfu_shape_make(4, 1, 3, 3, 3, 1);
    struct tfu_trial *t = trial_of("dropout", in, &rate, 1, true, 1);
    run(t, TFU_FORWARD);
    for (int64_t i = 0; i < tfu_shape_count(&in); i++) {
        const uint64_t key = tfu_trial_call(t)->random_key;
        const uint32_t word = tfu_philox(key, (uint64_t)i / 4).word[i % 4];
        ck_assert_int_eq(at(t, "out", i) != 0, tfu_uniform_float(word) >= 0.5f);
    }
    tfu_trial_free(t);
}
END_TEST

START_TEST(dropout_depends_on_its_key)
{
    const struct tfu_attr rate = {"rate", 0, 0.5};
    const struct tfu_shape in = tfu_shape_make(4, 1, 8, 8, 8, 1);
    struct tfu_trial *a = trial_of("dropout", in, &rate, 1, true, 1);
    struct tfu_trial *b = trial_of("dropout", in, &rate, 1, true, 2);
    run(a, TFU_FORWARD);
    run(b, TFU_FORWARD);
    int64_t differ = 0;
    for (int64_t i = 0; i < tfu_shape_count(&in); i++)
        differ += (at(a, "out", i) == 0) != (at(b, "out", i) == 0);
    ck_assert_int_gt(differ, 512 / 4);
    tfu_trial_free(a);
    tfu_trial_free(b);
}
END_TEST

START_TEST(dropout_is_the_identity)
{
    const struct tfu_shape in = tfu_shape_make(4, 2, 3, 5, 7, 1);
    for (int training = 0; training <= 1; training++) {
        const struct tfu_attr rate = {"rate", 0, training ? 0 : 0.5};
        struct tfu_trial *t = trial_of("dropout", in, &rate, 1, training, 1);
        run(t, TFU_FORWARD);
        for (int64_t i = 0; i < tfu_shape_count(&in); i++)
            ck_assert_double_eq(at(t, "out", i), at(t, "in[0]", i));
        tfu_trial_free(t);
    }
}
END_TEST

START_TEST(batchnorm_needs_two_values)
{
    struct tfu_trial *t = trial_of("batchnorm", tfu_shape_make(4, 1, 1, 1, 3, 1), NULL, 0, true, 1);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_trial_define(t, TFU_FORWARD, &e), TFU_ESHAPE);
    ck_assert_str_eq(e.text, "batchnorm has one value per channel (input 1x1x1x3), which has no "
                             "variance; train with larger batches or images, or freeze the layer");
    tfu_trial_free(t);
}
END_TEST

START_TEST(batchnorm_leaves_running_statistics_alone)
{
    const struct tfu_attr frozen = {"frozen", 1, 0};
    const struct tfu_shape in = tfu_shape_make(4, 2, 3, 3, 4, 1);
    struct tfu_trial *idle = trial_of("batchnorm", in, NULL, 0, false, 1);
    struct tfu_trial *inference = trial_of("batchnorm", in, NULL, 0, false, 1);
    struct tfu_trial *training = trial_of("batchnorm", in, &frozen, 1, true, 1);
    run(inference, TFU_FORWARD);
    run(training, TFU_FORWARD);
    for (int64_t c = 0; c < 4; c++) {
        ck_assert_double_eq(at(inference, "running_mean", c), at(idle, "running_mean", c));
        ck_assert_double_eq(at(training, "running_mean", c), at(idle, "running_mean", c));
        ck_assert_double_eq(at(inference, "running_var", c), at(idle, "running_var", c));
        ck_assert_double_eq(at(training, "running_var", c), at(idle, "running_var", c));
    }
    for (int64_t i = 0; i < tfu_shape_count(&in); i++)
        ck_assert_double_eq(at(training, "out", i), at(inference, "out", i));
    tfu_trial_free(idle);
    tfu_trial_free(inference);
    tfu_trial_free(training);
}
END_TEST

START_TEST(relu_keeps_what_is_not_a_number)
{
    struct tfu_trial *t = trial_of("relu", tfu_shape_make(4, 1, 1, 1, 3, 1), NULL, 0, true, 1);
    tfu_tensor_put(tfu_trial_find(t, "in[0]"), 1, NAN);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_trial_define(t, TFU_FORWARD, &e), TFU_ENUMERIC);
    ck_assert(isnan(at(t, "out", 1)));
    tfu_trial_free(t);
}
END_TEST

/* ---- each case in the ways in which a network runs it */

static struct tfu_trial *trial_of_case(struct tfu_trial_request r)
{
    struct tfu_trial *t;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_trial_new(&t, &r, &e) == TFU_OK, "%s: %s", r.op, e.text);
    return t;
}

static void assert_same(const struct tfu_trial *t, const struct tfu_trial *truth,
                        enum tfu_direction direction, const struct tfu_layer_case *c)
{
    const struct tfu_trial_difference d = tfu_trial_compare(t, truth, direction);
    ck_assert_msg(d.worst.error <= 0, "%s, %s: element %" PRId64 " of %s is %.17g, not %.17g",
                  c->op, c->label, d.worst.at, d.tensor, d.worst.value, d.worst.truth);
}

START_TEST(in_place_changes_nothing)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F64, true, 3);
    if (c->real || !(r.layer->keeps & TFU_IN_PLACE))
        return;
    struct tfu_trial *apart = trial_of_case(r);
    r.in_place = true;
    struct tfu_trial *in_place = trial_of_case(r);
    run(apart, TFU_FORWARD);
    run(apart, TFU_BACKWARD);
    run(in_place, TFU_FORWARD);
    assert_same(in_place, apart, TFU_FORWARD, c);
    run(in_place, TFU_BACKWARD);
    assert_same(in_place, apart, TFU_BACKWARD, c);
    tfu_trial_free(apart);
    tfu_trial_free(in_place);
}
END_TEST

START_TEST(unwanted_gradients_change_nothing)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    if (c->real)
        return;
    struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F64, true, 3);
    struct tfu_trial *all = trial_of_case(r);
    run(all, TFU_FORWARD);
    run(all, TFU_BACKWARD);
    for (uint32_t skip = 0; skip < 3; skip++) {
        r.skip_in = skip == 1 ? UINT64_MAX : skip == 2;
        r.skip_param = skip == 0 ? UINT64_MAX : skip == 2;
        struct tfu_trial *some = trial_of_case(r);
        run(some, TFU_FORWARD);
        run(some, TFU_BACKWARD);
        assert_same(some, all, TFU_BACKWARD, c);
        tfu_trial_free(some);
    }
    tfu_trial_free(all);
}
END_TEST

START_TEST(inference_runs)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    if (c->real)
        return;
    struct tfu_trial *t = trial_of_case(tfu_layer_case_request(c, TFU_F64, false, 3));
    run(t, TFU_FORWARD);
    tfu_trial_free(t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("behaviour");
    TCase *t = tcase_create("behaviour");
    suite_add_tcase(s, t);
    tcase_add_test(t, dropout_drops_at_its_rate);
    tcase_add_test(t, dropout_mask_is_the_published_one);
    tcase_add_test(t, dropout_depends_on_its_key);
    tcase_add_test(t, dropout_is_the_identity);
    tcase_add_test(t, batchnorm_needs_two_values);
    tcase_add_test(t, batchnorm_leaves_running_statistics_alone);
    tcase_add_test(t, relu_keeps_what_is_not_a_number);
    tcase_add_loop_test(t, in_place_changes_nothing, 0, (int)tfu_layer_case_count);
    tcase_add_loop_test(t, unwanted_gradients_change_nothing, 0, (int)tfu_layer_case_count);
    tcase_add_loop_test(t, inference_runs, 0, (int)tfu_layer_case_count);
    return run_suite(s);
}
