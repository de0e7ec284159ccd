/* SPDX-License-Identifier: MIT */
#include "core/index/compare_scored.h"

#include <math.h>
#include <stdlib.h>

#include "core/index/scored_same.h"
#include "core/stats/auc_order.h"

void tfu_scored_comparison_free(struct tfu_scored_comparison *c)
{
    free(c->item);
    c->item = NULL;
}

/* ---- the examples of one class */

struct one {
    double *a, *b;
    uint8_t *positive;
    int64_t *group;
    int64_t n, groups;
};

static void free_one(struct one *x)
{
    free(x->a);
    free(x->b);
    free(x->positive);
    free(x->group);
}

/* Those whose label is known; `group` of all examples, or NULL. */
static bool take(struct one *x, const struct tfu_scored_file *a, const struct tfu_scored_file *b,
                 size_t k, const int64_t *group, size_t groups)
{
    *x = (struct one){.a = calloc(a->count + 1, sizeof *x->a),
                      .b = calloc(a->count + 1, sizeof *x->b),
                      .positive = calloc(a->count + 1, sizeof *x->positive),
                      .group = calloc(a->count + 1, sizeof *x->group),
                      .groups = (int64_t)groups};
    if (!x->a || !x->b || !x->positive || !x->group)
        return false;
    const bool one_each = a->labels == a->outputs;
    for (size_t i = 0; i < a->count; i++) {
        const double v = a->example[i].label[one_each ? k : 0];
        if (isnan(v))
            continue;
        x->a[x->n] = a->example[i].score[k];
        x->b[x->n] = b->example[i].score[k];
        x->positive[x->n] = one_each ? v > 0 : (size_t)v == k;
        x->group[x->n++] = group ? group[i] : 0;
    }
    return true;
}

static enum tfu_status resample(struct tfu_scored_class *out, const struct one *x, uint64_t seed,
                                struct tfu_error *e)
{
    struct tfu_auc_order *a = NULL, *b = NULL;
    enum tfu_status st =
        tfu_auc_order_new(&a, (struct tfu_auc_examples){x->a, x->positive, x->n}, e);
    if (st == TFU_OK)
        st = tfu_auc_order_new(&b, (struct tfu_auc_examples){x->b, x->positive, x->n}, e);
    const struct tfu_resample_request request = {.examples = x->n,
                                                 .group = x->group,
                                                 .groups = x->groups,
                                                 .draws = TFU_SCORED_DRAWS,
                                                 .level = 0.95,
                                                 .seed = seed,
                                                 .a = {tfu_auc_order_area, a},
                                                 .b = {tfu_auc_order_area, b}};
    if (st == TFU_OK)
        st = tfu_resample_run(&out->by_group, &request, e);
    out->resampled = st == TFU_OK;
    tfu_auc_order_free(a);
    tfu_auc_order_free(b);
    return st;
}

static enum tfu_status compare_class(struct tfu_scored_class *out, const struct one *x,
                                     bool grouped, uint64_t seed, struct tfu_error *e)
{
    enum tfu_status st = tfu_auc_compare(
        &out->test, (struct tfu_auc_examples){x->a, x->positive, x->n}, x->b, 0.95, e);
    if (st == TFU_OK && grouped && isfinite(out->test.difference))
        st = resample(out, x, seed, e);
    return st;
}

enum tfu_status tfu_compare_scored(struct tfu_scored_comparison *out,
                                   const struct tfu_scored_file *a, const struct tfu_scored_file *b,
                                   uint64_t seed, struct tfu_error *e)
{
    *out = (struct tfu_scored_comparison){.examples = a->count};
    enum tfu_status st = tfu_scored_check_same(a, b, e);
    if (st == TFU_OK)
        st = tfu_scored_check_labels(a, e);
    if (st != TFU_OK)
        return st;
    /* of two classes one curve says all: that of the second */
    const bool two = a->labels == 1 && a->outputs == 2;
    const size_t first = two ? 1 : 0;
    const bool grouped = tfu_scored_has_groups(a);
    int64_t *group = calloc(a->count + 1, sizeof *group);
    out->item = calloc(a->outputs + 1, sizeof *out->item);
    if (!group || !out->item || (grouped && !tfu_scored_number_groups(a, group, &out->groups)))
        st = tfu_error_memory(e, "comparing predictions", 0);
    for (size_t k = first; st == TFU_OK && k < a->outputs; k++) {
        struct one x;
        out->item[out->count].name = a->output[k];
        st = take(&x, a, b, k, grouped ? group : NULL, out->groups)
                 ? compare_class(&out->item[out->count++], &x, grouped, seed, e)
                 : tfu_error_memory(e, "comparing predictions", 0);
        free_one(&x);
    }
    free(group);
    if (st != TFU_OK)
        tfu_scored_comparison_free(out);
    return st;
}
