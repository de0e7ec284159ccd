/* SPDX-License-Identifier: MIT */
#include "core/index/compare_scored.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats/auc_order.h"

void tfu_scored_comparison_free(struct tfu_scored_comparison *c)
{
    free(c->item);
    c->item = NULL;
}

/* ---- are they of the same examples? */

static enum tfu_status other(const struct tfu_scored_file *a, const struct tfu_scored_file *b,
                             const char *what, int64_t example, struct tfu_error *e)
{
    return tfu_error_set(e, TFU_EINVAL, "'%s' and '%s' %s (example %lld)", a->path, b->path, what,
                         (long long)example);
}

static bool same_text(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

static enum tfu_status check_same(const struct tfu_scored_file *a, const struct tfu_scored_file *b,
                                  struct tfu_error *e)
{
    if (a->count != b->count)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' has %zu lines and '%s' %zu: they are not of the same examples",
                             a->path, a->count, b->path, b->count);
    if (a->labels != b->labels || a->outputs != b->outputs)
        return tfu_error_set(e, TFU_EINVAL, "'%s' has %zu labels and %zu scores, '%s' %zu and %zu",
                             a->path, a->labels, a->outputs, b->path, b->labels, b->outputs);
    for (size_t k = 0; k < a->outputs; k++)
        if (strcmp(a->output[k], b->output[k]) != 0)
            return tfu_error_set(e, TFU_EINVAL, "'%s' scores '%s' where '%s' scores '%s'", a->path,
                                 a->output[k], b->path, b->output[k]);
    for (size_t i = 0; i < a->count; i++) {
        const struct tfu_scored_example *x = &a->example[i], *y = &b->example[i];
        if (x->index != y->index || x->position != y->position || !same_text(x->name, y->name))
            return other(a, b, "are not of the same examples", x->index, e);
        if (!same_text(x->group, y->group))
            return other(a, b, "do not have the same groups", x->index, e);
        for (size_t k = 0; k < a->labels; k++)
            if (!(isnan(x->label[k]) && isnan(y->label[k])) &&
                (x->label[k] < y->label[k] || x->label[k] > y->label[k] ||
                 isnan(x->label[k]) != isnan(y->label[k])))
                return other(a, b, "do not have the same labels", x->index, e);
    }
    return TFU_OK;
}

/* A label for each output says yes or no; a single one, which output is the right one. */
static enum tfu_status check_labels(const struct tfu_scored_file *a, struct tfu_error *e)
{
    const bool one_each = a->labels == a->outputs;
    if (!one_each && a->labels != 1)
        return tfu_error_set(e, TFU_EINVAL, "'%s' has %zu labels for %zu scores", a->path,
                             a->labels, a->outputs);
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < a->labels; k++) {
            const double v = a->example[i].label[k];
            const double most = one_each ? 1 : (double)a->outputs - 1;
            if (!isnan(v) && (v < 0 || v > most || v < floor(v) || v > floor(v)))
                return tfu_error_set(e, TFU_EINVAL,
                                     "the label %g in '%s' is no class, and ROC curves are of "
                                     "classes",
                                     v, a->path);
        }
    return TFU_OK;
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

struct name_of {
    const char *name;
    int64_t number;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct name_of *)a)->name, ((const struct name_of *)b)->name);
}

/* Groups of the examples by number, whatever they are called. */
static bool number_groups(const struct tfu_scored_file *f, int64_t *group, size_t *groups)
{
    struct name_of *list = calloc(f->count + 1, sizeof *list);
    *groups = 0;
    if (!list)
        return false;
    for (size_t i = 0; i < f->count; i++)
        list[i] = (struct name_of){f->example[i].group, (int64_t)i};
    qsort(list, f->count, sizeof *list, by_name);
    for (size_t i = 0; i < f->count; i++) {
        if (i == 0 || by_name(&list[i - 1], &list[i]) != 0)
            ++*groups;
        group[list[i].number] = (int64_t)*groups - 1;
    }
    free(list);
    return true;
}

static bool has_groups(const struct tfu_scored_file *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (!f->example[i].group)
            return false;
    return f->count > 0;
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
    enum tfu_status st = check_same(a, b, e);
    if (st == TFU_OK)
        st = check_labels(a, e);
    if (st != TFU_OK)
        return st;
    /* of two classes one curve says all: that of the second */
    const bool two = a->labels == 1 && a->outputs == 2;
    const size_t first = two ? 1 : 0;
    const bool grouped = has_groups(a);
    int64_t *group = calloc(a->count + 1, sizeof *group);
    out->item = calloc(a->outputs + 1, sizeof *out->item);
    if (!group || !out->item || (grouped && !number_groups(a, group, &out->groups)))
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
