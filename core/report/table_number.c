/* SPDX-License-Identifier: MIT */
#include "core/report/table_number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats/summary.h"

struct tfu_report_number tfu_report_number_none(const char *why)
{
    return (struct tfu_report_number){
        .value = NAN, .spread = NAN, .low = NAN, .high = NAN, .p = NAN, .p_alone = NAN, .why = why};
}

const char *tfu_report_case_name(struct tfu_report_cases *c, const struct tfu_report_axes *over,
                                 size_t item)
{
    if (over->count == 0 || !c->sweep)
        return c->item[item].name;
    size_t value[64];
    if (over->count > TFU_COUNT(value))
        return c->item[item].name;
    for (size_t i = 0; i < over->count; i++)
        value[i] = c->axis[over->item[i]].of[item];
    const struct tfu_report_group g = {.value = value};
    const char *name = tfu_report_group_name(c, over, &g, false);
    return name && !name[0] ? c->item[item].name : name;
}

/* ---- what is missing */

static int by_why(const void *a, const void *b)
{
    const struct tfu_report_missing *x = a, *y = b;
    const int order = strcmp(x->why, y->why);
    return order ? order : x->item < y->item ? -1 : x->item > y->item;
}

const char *tfu_report_missing_text(struct tfu_report_cases *c, const struct tfu_report_axes *over,
                                    const char *noun, struct tfu_report_missing *m, size_t count,
                                    size_t asked)
{
    enum { NAMED = 5 };
    struct tfu_text text = TFU_TEXT_INIT;
    size_t done = 0;
    qsort(m, count, sizeof *m, by_why);
    for (size_t i = 0; i < count; i++)
        done += m[i].done;
    tfu_text_printf(&text, "%zu of %zu %s%s ", count, asked, noun, asked == 1 ? "" : "s");
    if (done < count)
        tfu_text_puts(&text, count == 1 ? "is missing" : "are missing");
    if (done)
        tfu_text_printf(&text, "%s%s no number", done < count ? " or " : "",
                        count == 1 ? "has" : "have");
    tfu_text_puts(&text, ": ");
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && strcmp(m[end].why, m[begin].why) == 0; end++)
            if (end - begin < NAMED)
                tfu_text_printf(&text, "%s%s",
                                end > begin ? ", "
                                : begin     ? "; "
                                            : "",
                                tfu_report_case_name(c, over, m[end].item));
        if (end - begin > NAMED)
            tfu_text_printf(&text, " and %zu more", end - begin - NAMED);
        tfu_text_printf(&text, " (%s)", m[begin].why);
    }
    const char *out = text.failed ? NULL : tfu_arena_strdup(c->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    return out;
}

/* ---- the number */

void tfu_report_number_summarise(struct tfu_report_number *out, const double *value, size_t count,
                                 const struct tfu_report_series *s)
{
    if (count == 0)
        return;
    const struct tfu_seed_summary sum = tfu_seed_summarise(value, (int64_t)count, 0.95);
    out->value = sum.mean;
    out->spread = sum.deviation;
    out->low = sum.low;
    out->high = sum.high;
    if (s->value.measure != TFU_MEASURE_METRIC && !(sum.deviation > 0)) /* a property of all */
        out->spread = out->low = out->high = NAN;
}

int tfu_report_digits_of_spread(double spread, int digits)
{
    enum { MOST = 6 };
    if (spread >= 1)
        return spread >= 100 ? 0 : spread >= 10 ? 1 : 2;
    if (!(spread > 0))
        return digits;
    const int shown = -(int)floor(log10(spread));
    return shown > MOST ? MOST : shown > digits ? shown : digits;
}

/* Behind the point where the file does not say: as many as show the spread, or two digits of a
 * small number; few where it is large. */
static int digits_of(const struct tfu_report_number *x, const struct tfu_report_series *s)
{
    enum { MOST = 12 };
    const double size = fabs(x->value);
    int digits = s->digits;
    if (s->value.measure != TFU_MEASURE_METRIC || digits == 0 || !isfinite(size))
        return digits;
    digits = tfu_report_digits_of_spread(x->spread, digits);
    if (size > 0 && size < 1 && !(x->spread >= 1)) {
        const int shown = 1 - (int)floor(log10(size));
        digits = shown > MOST ? MOST : shown > digits ? shown : digits;
    }
    return digits;
}

enum tfu_status tfu_report_number_make(struct tfu_report_numbers *n,
                                       const struct tfu_report_series *s,
                                       const struct tfu_report_axes *over, const size_t *item,
                                       size_t count, int64_t digits, struct tfu_report_number *out,
                                       const char **hole, struct tfu_error *e)
{
    struct tfu_report_cases *c = n->cases;
    size_t *run = tfu_arena_array(c->arena, count + 1, sizeof *run), missing = 0, missed = 0;
    double *value = calloc(count + 1, sizeof *value);
    struct tfu_report_missing *gone = calloc(count + 1, sizeof *gone);
    enum tfu_status st = run && value && gone ? TFU_OK : tfu_error_memory(e, "making a report", 0);
    *out = tfu_report_number_none(NULL);
    *hole = NULL;
    out->asked = count;
    out->digits = digits >= 0 && s->digits > 0 ? (int)digits : s->digits; /* 0: it counts */
    out->unit = s->unit;
    out->run = run;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        if (isfinite(s->number[item[i]])) {
            value[out->runs] = s->number[item[i]];
            run[out->runs++] = item[i];
            continue;
        }
        missed += s->missed[item[i]];
        gone[missing] = (struct tfu_report_missing){item[i], tfu_report_series_why(n, s, item[i]),
                                                    c->item[item[i]].done};
        if (!gone[missing++].why)
            st = tfu_error_memory(e, "making a report", 0);
    }
    if (st == TFU_OK)
        tfu_report_number_summarise(out, value, out->runs, s);
    if (out->runs == 1 && s->low) { /* the metric's own, over examples */
        out->low = s->low[run[0]];
        out->high = s->high[run[0]];
    }
    if (digits < 0)
        out->digits = digits_of(out, s);
    if (st == TFU_OK && missing) {
        *hole = tfu_report_missing_text(c, over, "run", gone, missing, count);
        if (!*hole)
            st = tfu_error_memory(e, "making a report", 0);
    }
    out->missed = missed > 0 && missed == count;
    if (st == TFU_OK && out->runs == 0)
        out->why = *hole ? *hole : "there is no such case";
    free(value);
    free(gone);
    return st;
}
