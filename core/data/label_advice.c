/* SPDX-License-Identifier: MIT */
#include "core/data/label_advice.h"

#include <math.h>
#include <stdlib.h>

enum { LISTED = 16 }; /* classes of a list that is to be copied */

/* ---- finding labels */

/* A label, where it is first, and how many examples have it. */
struct found {
    float value;
    uint32_t column;
    int64_t first, count; /* first: -1 while there is none */
};

typedef bool is_wanted(float label, float value);

static bool is_same(float label, float value)
{
    return label == value;
}

static bool is_no_class(float label, float value)
{
    (void)value;
    return !isnan(label) && !(label >= 0 && label == floorf(label) && label <= 1e6f);
}

static bool is_no_probability(float label, float value)
{
    (void)value;
    return !isnan(label) && !(label >= 0 && label <= 1);
}

static bool is_infinite(float label, float value)
{
    (void)value;
    return isinf(label) != 0;
}

/* The first label that `wanted` takes, and the others of the same value in its column. */
static enum tfu_status find(const struct tfu_dataset *d, is_wanted *wanted, float value,
                            struct found *out, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    *out = (struct found){.first = -1};
    float *labels = calloc((size_t)info->label_columns, sizeof *labels);
    if (!labels)
        return tfu_error_memory(e, "looking at labels", 0);
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; st == TFU_OK && i < info->count; i++) {
        st = tfu_dataset_get(d, i, NULL, labels, e);
        for (uint32_t k = 0; st == TFU_OK && out->first < 0 && k < (uint32_t)info->label_columns;
             k++)
            if (wanted(labels[k], value))
                *out = (struct found){.value = labels[k], .column = k, .first = i};
        out->count += st == TFU_OK && out->first >= 0 && labels[out->column] == out->value;
    }
    free(labels);
    return st;
}

/* "label 255 of example 12 of dataset 'idx' (/data/labels), as of 3 of 120 examples" */
static void put_found(const struct tfu_dataset *d, const struct found *f, struct tfu_text *out)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    tfu_text_printf(out, "label %g of ", (double)f->value);
    tfu_dataset_place(d, f->first, "labels", out);
    if (info->label_columns > 1)
        tfu_text_printf(out, ", column %u", f->column);
    tfu_text_printf(out, ", which %lld of %lld examples %s,", (long long)f->count,
                    (long long)info->count, f->count == 1 ? "has" : "have");
}

/* ---- what to do */

/* The classes from `first` on that have an example, or all of them, as a list to be copied. */
static void put_list(struct tfu_text *out, const struct tfu_census *c, int64_t first, int64_t end,
                     bool present)
{
    int64_t n = 0;
    tfu_text_puts(out, "[");
    for (int64_t k = first; k < end; k++) {
        if (present && c->count[k] == 0)
            continue;
        if (n == LISTED) {
            tfu_text_printf(out, ", ..., %lld", (long long)end - 1);
            break;
        }
        tfu_text_printf(out, "%s%lld", n++ ? ", " : "", (long long)k);
    }
    tfu_text_puts(out, "]");
}

/* The largest class with an example below `below`, or -1. */
static int64_t top_class(const struct tfu_census *c, int64_t below)
{
    int64_t k = below - 1;
    while (k >= 0 && c->count[k] == 0)
        k--;
    return k;
}

/* A number far from all others is a sign for something, not one class more. */
static bool is_sign(int64_t top, int64_t next)
{
    return top - next > 10 && top > 2 * (next + 1);
}

static void advise_sign(const struct tfu_census *c, const char *split, int64_t next,
                        int64_t outputs, struct tfu_text *out)
{
    tfu_text_puts(out, "; a number like that often stands for 'unknown': leave it out with "
                       "`data: {");
    tfu_text_printf(out, "%s: {classes: ", split);
    put_list(out, c, 0, next >= outputs ? next + 1 : outputs, false);
    tfu_text_puts(out, "}}`");
    if (next >= outputs)
        tfu_text_printf(out, ", and set `task: {classes: %lld}`", (long long)next + 1);
}

/* `top` is the largest class, and beyond the outputs. */
static void advise_class(const struct tfu_census *c, const char *split, int64_t outputs,
                         int64_t top, struct tfu_text *out)
{
    const int64_t next = top_class(c, top), present = tfu_census_present(c, c->classes);
    if (c->count[0] == 0 && top == outputs && present <= outputs) {
        tfu_text_puts(out, "; labels begin at 0, and these at 1: subtract 1 from them, or set "
                           "`data: {");
        tfu_text_printf(out, "%s: {classes: ", split);
        put_list(out, c, 1, top + 1, false);
        tfu_text_puts(out, "}}`");
    } else if (is_sign(top, next)) {
        advise_sign(c, split, next, outputs, out);
    } else if (present == outputs) {
        tfu_text_printf(out, "; number them from 0, or set `data: {%s: {classes: ", split);
        put_list(out, c, 0, c->classes, true);
        tfu_text_puts(out, "}}`");
    } else {
        tfu_text_printf(out,
                        "; set `task: {classes: %lld}`, or choose %lld of them with `data: {%s: "
                        "{classes: [...]}}`",
                        (long long)top + 1, (long long)outputs, split);
    }
}

static enum tfu_status refuse(struct tfu_text *text, const char *split, struct tfu_error *e)
{
    const enum tfu_status st =
        text->failed ? tfu_error_memory(e, "looking at labels", 0)
                     : tfu_error_set(e, TFU_EINVAL, "the %s data %s", split, tfu_text_get(text));
    tfu_text_free(text);
    return st;
}

/* ---- class indices */

static enum tfu_status refuse_class(const struct tfu_dataset *d, const char *split, int64_t outputs,
                                    struct tfu_error *e)
{
    const struct tfu_census *c = tfu_dataset_census(d);
    const int64_t top = top_class(c, c->classes);
    struct tfu_text text = TFU_TEXT_INIT;
    struct found f;
    const enum tfu_status st = find(d, is_same, (float)top, &f, e);
    if (st != TFU_OK)
        return st;
    tfu_text_printf(&text, "have %s%lld, but the task has outputs for 0 to %lld: ",
                    c->count[0] || is_sign(top, top_class(c, top)) ? "classes up to "
                                                                   : "classes from 1 to ",
                    (long long)top, (long long)outputs - 1);
    put_found(d, &f, &text);
    tfu_text_puts(&text, " has no output");
    advise_class(c, split, outputs, top, &text);
    return refuse(&text, split, e);
}

static void advise_odd(float v, const char *split, int64_t outputs, struct tfu_text *out)
{
    if (v >= 0 && isfinite(v) && v != floorf(v)) {
        tfu_text_puts(out, "; write classes as 0, 1, 2, ..., and for numbers like this one set "
                           "`task: {kind: regression}`");
        return;
    }
    tfu_text_puts(out, "; a number like that often stands for 'unknown': leave it out with "
                       "`data: {");
    tfu_text_printf(out, "%s: {classes: [0", split);
    for (int64_t k = 1; k < outputs && k < LISTED; k++)
        tfu_text_printf(out, ", %lld", (long long)k);
    if (outputs > LISTED)
        tfu_text_printf(out, ", ..., %lld", (long long)outputs - 1);
    tfu_text_puts(out, "]}}`; where it is a class, number the classes from 0");
}

/* One column that the plugin does not take for class indices. */
static enum tfu_status refuse_column(const struct tfu_dataset *d, const char *split,
                                     int64_t outputs, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct found f;
    const enum tfu_status st = find(d, is_no_class, 0, &f, e);
    if (st != TFU_OK)
        return st;
    if (f.first < 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "the %s data have a label column that their plugin does not take for "
                             "class indices, which the softmax loss needs; set `task: {kind: "
                             "multi_label}` or `regression`, or use other labels",
                             split);
    tfu_text_puts(&text, "have a label that is no class index, which is one of 0, 1, 2, ...: ");
    put_found(d, &f, &text);
    tfu_text_puts(&text, " is none");
    advise_odd(f.value, split, outputs, &text);
    return refuse(&text, split, e);
}

enum tfu_status tfu_label_check_classes(const struct tfu_dataset *d, const char *split,
                                        int64_t outputs, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    const struct tfu_census *c = tfu_dataset_census(d);
    if (info->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "the %s data have %lld label columns that are no class index, but the "
                             "softmax loss needs one class index; set `task: {kind: multi_label}` "
                             "or use other labels",
                             split, (long long)info->label_columns);
    if (info->classes == 0)
        return refuse_column(d, split, outputs, e);
    if (top_class(c, c->classes) >= outputs)
        return refuse_class(d, split, outputs, e);
    return TFU_OK;
}

/* ---- several labels, targets */

static enum tfu_status refuse_value(const struct tfu_dataset *d, const char *split,
                                    is_wanted *wanted, const char *fault, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    struct found f;
    const enum tfu_status st = find(d, wanted, 0, &f, e);
    if (st != TFU_OK || f.first < 0)
        return st;
    tfu_text_puts(&text, "do not fit the task: ");
    put_found(d, &f, &text);
    tfu_text_puts(&text, fault);
    return refuse(&text, split, e);
}

enum tfu_status tfu_label_check_columns(const struct tfu_dataset *d, const char *split,
                                        int64_t outputs, struct tfu_error *e)
{
    const int64_t columns = tfu_dataset_info(d)->label_columns;
    if (columns == outputs)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "the %s data have %lld label columns, but the task has %lld outputs; set "
                         "`task: {classes: %lld}`",
                         split, (long long)columns, (long long)outputs, (long long)columns);
}

enum tfu_status tfu_label_check_several(const struct tfu_dataset *d, const char *split,
                                        struct tfu_error *e)
{
    const struct tfu_census *c = tfu_dataset_census(d);
    for (uint32_t k = 0; k < c->columns; k++)
        if (c->column[k].outside || c->column[k].infinite)
            return refuse_value(d, split, is_no_probability,
                                " is not within 0 to 1, which the sigmoid loss needs; -1 and 255 "
                                "often stand for 'uncertain' or 'unknown': write nan for what is "
                                "to be left out",
                                e);
    return TFU_OK;
}

enum tfu_status tfu_label_check_targets(const struct tfu_dataset *d, const char *split,
                                        struct tfu_error *e)
{
    const struct tfu_census *c = tfu_dataset_census(d);
    for (uint32_t k = 0; k < c->columns; k++)
        if (c->column[k].infinite)
            return refuse_value(d, split, is_infinite,
                                " is not finite; write nan for what is to be left out", e);
    return TFU_OK;
}
