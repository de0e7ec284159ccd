/* SPDX-License-Identifier: MIT */
#include "core/report/number_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool tfu_report_number_missing(const struct tfu_report_number *n)
{
    return isnan(n->value);
}

bool tfu_report_number_partial(const struct tfu_report_number *n)
{
    return !isnan(n->value) && n->runs < n->asked;
}

bool tfu_report_number_absent(const struct tfu_report_number *n)
{
    return isnan(n->value) && !n->why;
}

const char *tfu_report_number_hole(const struct tfu_report_number *n)
{
    return n->missed ? "not reached" : "missing";
}

/* What rounds to nothing has no sign. */
static void put_rounded(struct tfu_text *out, double v, int digits)
{
    char text[512];
    snprintf(text, sizeof text, "%.*f", digits, v);
    const bool nothing = text[0] == '-' && !text[1 + strspn(text + 1, "0.")];
    tfu_text_puts(out, nothing ? text + 1 : text);
}

void tfu_report_put_value(struct tfu_text *out, const struct tfu_report_number *n)
{
    put_rounded(out, n->value, n->digits);
    if (n->unit && !n->unit_above)
        tfu_text_printf(out, " %s", n->unit);
}

void tfu_report_put_spread(struct tfu_text *out, const struct tfu_report_number *n)
{
    if (isnan(n->value) || isnan(n->spread))
        return;
    tfu_text_puts(out, " ± ");
    put_rounded(out, n->spread, n->digits);
}

void tfu_report_put_interval(struct tfu_text *out, const struct tfu_report_number *n)
{
    if (isnan(n->value) || isnan(n->low) || isnan(n->high))
        return;
    tfu_text_puts(out, "[");
    put_rounded(out, n->low, n->digits);
    tfu_text_puts(out, ", ");
    put_rounded(out, n->high, n->digits);
    tfu_text_puts(out, "]");
}

void tfu_report_put_p(struct tfu_text *out, double p)
{
    if (isnan(p))
        return;
    if (p < 0.0001)
        tfu_text_puts(out, "p < 0.0001");
    else
        tfu_text_printf(out, "p = %.*f", p < 0.001 ? 4 : 3, p);
}

void tfu_report_put_corrected_p(struct tfu_text *out, const struct tfu_report_number *n)
{
    tfu_report_put_p(out, n->p);
}

void tfu_report_put_published(struct tfu_text *out, const struct tfu_report_number *n)
{
    if (n->published)
        tfu_text_printf(out, "%s (%s)", n->published, n->recalled ? "recalled" : "read");
}

void tfu_report_put_count(struct tfu_text *out, size_t runs, size_t asked)
{
    if (runs == asked)
        tfu_text_printf(out, "%zu run%s", runs, runs == 1 ? "" : "s");
    else
        tfu_text_printf(out, "%zu of %zu run%s", runs, asked, asked == 1 ? "" : "s");
}

static void put_test(struct tfu_text *out, const struct tfu_report_number *n)
{
    if (isnan(n->p))
        return;
    tfu_text_printf(out, "; %s", n->better ? "better, " : n->worse ? "worse, " : "");
    tfu_report_put_p(out, n->p);
    if (!isnan(n->p_alone) && n->p_alone != n->p) {
        tfu_text_puts(out, " (uncorrected ");
        tfu_report_put_p(out, n->p_alone);
        tfu_text_puts(out, ")");
    }
    if (n->test)
        tfu_text_printf(out, ", %s", n->test);
}

void tfu_report_put_details(struct tfu_text *out, const struct tfu_report_number *n)
{
    if (n->asked > 0)
        tfu_report_put_count(out, n->runs, n->asked);
    else
        tfu_text_puts(out, "rests on no run");
    if (isnan(n->value)) {
        tfu_text_printf(out, "; no value%s%s", n->why ? ": " : "", n->why ? n->why : "");
    } else {
        if (!isnan(n->spread)) {
            tfu_text_puts(out, "; standard deviation ");
            put_rounded(out, n->spread, n->digits + 1);
        }
        if (!isnan(n->low) && !isnan(n->high)) {
            tfu_text_puts(out, "; 95 % interval ");
            tfu_report_put_interval(out, n);
        }
        put_test(out, n);
        if (n->why)
            tfu_text_printf(out, "; %s", n->why);
    }
    if (n->published) {
        tfu_text_puts(out, "; published: ");
        tfu_report_put_published(out, n);
    }
}

void tfu_report_put_said(struct tfu_text *out, const struct tfu_markup *m,
                         const struct tfu_report_number *n, const char *before,
                         void (*put)(struct tfu_text *out, const struct tfu_report_number *n))
{
    struct tfu_text text = TFU_TEXT_INIT;
    put(&text, n);
    if (text.length > 0)
        tfu_text_puts(out, before);
    if (m)
        tfu_markup_plain(out, m, tfu_text_get(&text));
    else
        tfu_text_puts(out, tfu_text_get(&text));
    out->failed |= text.failed;
    tfu_text_free(&text);
}
