/* SPDX-License-Identifier: MIT
 *
 * The backward pass of every core layer against finite differences of its forward pass.
 */
#include "core/trial/gradient_check.h"
#include "tests/support/layer_cases.h"

enum { SAMPLE = 1 }; /* elements of each tensor, in the cases of real networks */

START_TEST(agrees_with_finite_differences)
{
    const struct tfu_layer_case *c = &tfu_layer_cases[_i];
    const struct tfu_trial_request r = tfu_layer_case_request(c, TFU_F64, true, 1);
    struct tfu_gradient_difference d;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_gradient_check(&r, c->real ? SAMPLE : 0, &d, &e);
    ck_assert_msg(st == TFU_OK, "%s, %s: %s", c->op, c->label, e.text);
    ck_assert_int_gt(d.elements, 0);
    ck_assert_msg(d.worst.error < 1e-6,
                  "%s, %s: element %lld of the gradient by %s is %.10g, should be %.10g "
                  "(relative error %.3g)",
                  c->op, c->label, (long long)d.worst.at, d.tensor, d.worst.value, d.worst.truth,
                  d.worst.error);
    ck_assert_msg(d.off == 0,
                  "%s, %s: %lld elements are off, element %lld of the gradient by %s is %.10g, "
                  "should be %.10g",
                  c->op, c->label, (long long)d.off, (long long)d.off_first.at, d.off_tensor,
                  d.off_first.value, d.off_first.truth);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gradients");
    TCase *t = tcase_create("gradients");
    suite_add_tcase(s, t);
    say_quick_cases();
    add_case_tests(t, agrees_with_finite_differences);
    return run_suite(s);
}
