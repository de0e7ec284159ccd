/* SPDX-License-Identifier: MIT */
#include "core/index/scored_same.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

enum tfu_status tfu_scored_check_same(const struct tfu_scored_file *a,
                                      const struct tfu_scored_file *b, struct tfu_error *e)
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

enum tfu_status tfu_scored_check_labels(const struct tfu_scored_file *a, struct tfu_error *e)
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

/* ---- groups */

struct name_of {
    const char *name;
    int64_t number;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct name_of *)a)->name, ((const struct name_of *)b)->name);
}

bool tfu_scored_number_groups(const struct tfu_scored_file *f, int64_t *group, size_t *groups)
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

bool tfu_scored_has_groups(const struct tfu_scored_file *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (!f->example[i].group)
            return false;
    return f->count > 0;
}
