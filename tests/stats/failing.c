/* SPDX-License-Identifier: MIT
 *
 * core/stats: any allocation can fail. It is an error, nothing is lost, and no result is half
 * there; where only a faster way needs memory, the result is the same.
 */
#include <string.h>

#include "core/stats/auc_order.h"
#include "core/stats/family.h"
#include "core/stats/resample.h"
#include "core/stats/wilcoxon.h"
#include "tests/stats/near.h"
#include "tests/support/failing_malloc.h"

enum { ROWS = 2500 };

struct inputs {
    double a[ROWS], b[ROWS];
    uint8_t positive[ROWS];
    int64_t group[ROWS];
};

static void fill(struct inputs *in)
{
    for (int i = 0; i < ROWS; i++) {
        in->a[i] = i * 7919 % 2503;
        in->b[i] = i * 104729 % 2503;
        in->positive[i] = in->a[i] + in->b[i] > 3000;
        in->group[i] = i / 10;
    }
}

/* The p value or the end of an interval that comes of it. */
typedef enum tfu_status (*work)(const struct inputs *in, double *out, struct tfu_error *e);

static enum tfu_status paired(const struct inputs *in, double *out, struct tfu_error *e)
{
    struct tfu_auc_test t;
    const enum tfu_status st =
        tfu_auc_compare(&t, (struct tfu_auc_examples){in->a, in->positive, ROWS}, in->b, 0.95, e);
    *out = t.p;
    return st;
}

static enum tfu_status unpaired(const struct inputs *in, double *out, struct tfu_error *e)
{
    struct tfu_auc_test t;
    const enum tfu_status st =
        tfu_auc_compare_unpaired(&t, (struct tfu_auc_examples){in->a, in->positive, ROWS},
                                 (struct tfu_auc_examples){in->b, in->positive, ROWS}, 0.95, e);
    *out = t.p;
    return st;
}

static enum tfu_status resampled(const struct inputs *in, double *out, struct tfu_error *e)
{
    struct tfu_auc_order *o;
    struct tfu_resample r;
    enum tfu_status st =
        tfu_auc_order_new(&o, (struct tfu_auc_examples){in->a, in->positive, ROWS}, e);
    *out = NAN;
    if (st != TFU_OK)
        return st;
    const struct tfu_resample_request q = {.examples = ROWS,
                                           .group = in->group,
                                           .groups = ROWS / 10,
                                           .draws = 50,
                                           .level = 0.9,
                                           .a = {tfu_auc_order_area, o}};
    st = tfu_resample_run(&r, &q, e);
    tfu_auc_order_free(o);
    *out = r.a.low;
    return st;
}

static enum tfu_status ranks(const struct inputs *in, double *out, struct tfu_error *e)
{
    struct tfu_wilcoxon w;
    const enum tfu_status st = tfu_wilcoxon_test(&w, in->a, ROWS, e);
    *out = w.p;
    return st;
}

static enum tfu_status corrected(const struct inputs *in, double *out, struct tfu_error *e)
{
    struct tfu_family f;
    double p[ROWS];
    for (int i = 0; i < ROWS; i++)
        p[i] = in->a[i] / 1e6;
    const enum tfu_status st = tfu_family_correct(TFU_FAMILY_HOLM, p, ROWS, p, &f, e);
    *out = f.size ? p[ROWS - 1] : NAN;
    return st;
}

START_TEST(each_allocation)
{
    static const work all[] = {paired, unpaired, resampled, ranks, corrected};
    static struct inputs in;
    double want, got;
    fill(&in);
    ck_assert_int_eq(all[_i](&in, &want, NULL), TFU_OK);
    ck_assert(!isnan(want));
    for (size_t n = 1;; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = all[_i](&in, &got, &e);
        const bool failed = failing_malloc_disarm();
        if (st == TFU_OK) {
            ck_assert(memcmp(&got, &want, sizeof got) == 0);
        } else {
            ck_assert_int_eq(st, TFU_ENOMEM);
            ck_assert_int_eq(e.status, TFU_ENOMEM);
            ck_assert(isnan(got));
        }
        if (!failed)
            break;
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("failing");
    TCase *c = tcase_create("failing");
    tcase_add_loop_test(c, each_allocation, 0, 5);
    suite_add_tcase(s, c);
    return run_suite(s);
}
