/* SPDX-License-Identifier: MIT */
#include "core/result/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void tfu_axis_see(struct tfu_axis_range *r, double v)
{
    if (!isfinite(v))
        return;
    if (!r->seen || v < r->low)
        r->low = v;
    if (!r->seen || v > r->high)
        r->high = v;
    r->seen = true;
}

/* 1, 2 or 5 times a power of ten, the first that is no less than `least`. */
static double round_step(double least)
{
    const double power = pow(10, floor(log10(least)));
    static const double factor[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof factor / sizeof *factor; i++)
        if (factor[i] * power >= least * (1 - 1e-9))
            return factor[i] * power;
    return 10 * power;
}

/* `step` says how many digits tell neighbours apart; `largest` whether thousands are written. */
static void put_label(char label[TFU_AXIS_LABEL], double v, double step, double largest)
{
    const char *unit = "";
    if (largest >= 1e5 && largest < 1e12) {
        const double scale = largest >= 2e6 ? 1e6 : 1e3;
        unit = largest >= 2e6 ? "M" : "k";
        v /= scale;
        step /= scale;
    }
    if (v == 0)
        unit = "";
    const int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    if (decimals > 4 || largest >= 1e12)
        snprintf(label, TFU_AXIS_LABEL, "%.3g", v);
    else
        snprintf(label, TFU_AXIS_LABEL, "%.*f%s", v == 0 && *unit ? 0 : decimals, v, unit);
}

static void add_tic(struct tfu_axis *a, double v, double step, double largest)
{
    if (a->tics == TFU_AXIS_TICS)
        return;
    a->tic[a->tics] = v;
    put_label(a->label[a->tics], v, step, largest);
    const size_t length = strlen(a->label[a->tics]);
    if (length > a->label_length)
        a->label_length = length;
    a->tics++;
}

/* A range with a width that arithmetic can see. */
static struct tfu_axis_range widen(struct tfu_axis_range r)
{
    if (!r.seen)
        return (struct tfu_axis_range){0, 1, true};
    /* tics beyond the data are numbers, too */
    r.low = fmax(r.low, -1e300);
    r.high = fmin(r.high, 1e300);
    const double middle = r.low / 2 + r.high / 2;
    const double least = fmax(fabs(middle) * 1e-6, 1e-300);
    if (r.high - r.low >= least)
        return r;
    const double half = middle == 0 ? 0.5 : fabs(middle) * 0.05;
    return (struct tfu_axis_range){middle - half, middle + half, true};
}

void tfu_axis_linear(struct tfu_axis *a, struct tfu_axis_range r, size_t wanted, bool exact)
{
    *a = (struct tfu_axis){.tics = 0};
    r = widen(r);
    /* halves: the difference of two large numbers need not be a number */
    const double step = round_step((r.high / 2 - r.low / 2) / (double)wanted * 2);
    double first = floor(r.low / step + 1e-9), last = ceil(r.high / step - 1e-9);
    if (exact) {
        first = ceil(r.low / step - 1e-9);
        last = floor(r.high / step + 1e-9);
    }
    a->low = exact ? r.low : first * step;
    a->high = exact ? r.high : last * step;
    const double largest = fmax(fabs(a->low), fabs(a->high));
    for (double i = first; i <= last && a->tics < TFU_AXIS_TICS; i++)
        add_tic(a, i == 0 ? 0 : i * step, step, largest);
}

void tfu_axis_pad(struct tfu_axis *a)
{
    const double share = 0.03, room = (a->high / 2 - a->low / 2) * 2 * share;
    a->low -= room;
    a->high += room;
}

void tfu_axis_log(struct tfu_axis *a, struct tfu_axis_range r)
{
    tfu_axis_log_kept(a, r, false, false);
}

void tfu_axis_log_kept(struct tfu_axis *a, struct tfu_axis_range r, bool low, bool high)
{
    *a = (struct tfu_axis){.log = true};
    if (!r.seen || !(r.low > 0)) {
        a->low = 1;
        a->high = 10;
        add_tic(a, 1, 1, 1);
        add_tic(a, 10, 10, 10);
        return;
    }
    /* room on either side, and with it a tic or two where the ends are close */
    const double room = r.low == r.high ? 2 : fmax(1.1, pow(r.high / r.low, 0.05));
    r.low /= low ? 1 : room;
    r.high *= high ? 1 : room;
    a->low = r.low;
    a->high = r.high;
    const double decades = log10(r.high) - log10(r.low);
    const double stride = fmax(1, ceil(decades / 6));
    static const double factor[] = {1, 2, 5};
    const size_t factors = decades < 2.5 ? 3 : 1;
    for (double d = floor(log10(r.low)); d <= ceil(log10(r.high)); d += stride)
        for (size_t i = 0; i < factors; i++) {
            const double v = factor[i] * pow(10, d);
            if (v >= r.low * (1 - 1e-9) && v <= r.high * (1 + 1e-9))
                add_tic(a, v, v, 2 * v); /* a million is 1M beside 2M */
        }
    if (a->tics < 3 && decades < 1) /* without 1, 2 or 5: one tic alone says no scale */
        tfu_axis_linear(a, r, 5, true);
    a->log = true;
}
