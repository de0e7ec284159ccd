/* SPDX-License-Identifier: MIT */
#include "core/io/numbers.h"

#include <math.h>
#include <stdbool.h>

void tfu_numbers_begin(struct tfu_numbers_sums *s)
{
    *s = (struct tfu_numbers_sums){.so_far = {.min = INFINITY, .max = -INFINITY}};
}

void tfu_numbers_add(struct tfu_numbers_sums *s, const double *x, size_t n)
{
    struct tfu_numbers *f = &s->so_far;
    f->count += (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            f->not_finite++;
            continue;
        }
        f->zeros += x[i] == 0;
        f->min = x[i] < f->min ? x[i] : f->min;
        f->max = x[i] > f->max ? x[i] : f->max;
        s->sum += x[i];
    }
}

void tfu_numbers_turn(struct tfu_numbers_sums *s)
{
    s->so_far.mean = s->sum / (double)(s->so_far.count - s->so_far.not_finite);
}

void tfu_numbers_add_again(struct tfu_numbers_sums *s, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            const double d = x[i] - s->so_far.mean;
            s->squares += d * d;
            s->rest += d; /* 0 but for rounding, which it takes back */
        }
}

struct tfu_numbers tfu_numbers_end(struct tfu_numbers_sums *s)
{
    struct tfu_numbers *f = &s->so_far;
    const double finite = (double)(f->count - f->not_finite);
    if (finite == 0)
        f->mean = f->variance = f->min = f->max = NAN;
    else
        f->variance = (s->squares - s->rest * s->rest / finite) / finite;
    return *f;
}

struct tfu_numbers tfu_numbers_describe(const double *x, size_t n)
{
    struct tfu_numbers_sums s;
    tfu_numbers_begin(&s);
    tfu_numbers_add(&s, x, n);
    tfu_numbers_turn(&s);
    tfu_numbers_add_again(&s, x, n);
    return tfu_numbers_end(&s);
}

void tfu_numbers_histogram(const double *x, size_t n, double min, double max, size_t bins,
                           int64_t *out)
{
    for (size_t b = 0; b < bins; b++)
        out[b] = 0;
    tfu_numbers_histogram_add(x, n, min, max, bins, out);
}

void tfu_numbers_histogram_add(const double *x, size_t n, double min, double max, size_t bins,
                               int64_t *out)
{
    /* halves, as the difference of two large numbers may not be one */
    const double width = max / 2 - min / 2;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            continue;
        const double place = width > 0 ? (x[i] / 2 - min / 2) / width * (double)bins : 0;
        const size_t b = place > 0 ? (size_t)place : 0;
        out[b < bins ? b : bins - 1]++;
    }
}

/* |a - b|, where equal infinities and two NaN are no distance apart. */
static double distance_of(double a, double b)
{
    if (a == b || (isnan(a) && isnan(b)))
        return 0;
    const double d = fabs(a - b);
    return isnan(d) ? INFINITY : d;
}

void tfu_numbers_compare_add(struct tfu_numbers_comparison *c, const double *a, const double *b,
                             const double *distance, size_t n)
{
    struct tfu_numbers_difference *r = &c->so_far;
    for (size_t i = 0; i < n; i++) {
        const double d = distance ? distance[i] : distance_of(a[i], b[i]);
        const double larger = fmax(fabs(a[i]), fabs(b[i]));
        const double relative = isinf(d) ? INFINITY : d > 0 ? d / larger : 0;
        r->unequal += d > 0;
        r->absolute = d > r->absolute ? d : r->absolute;
        r->relative = relative > r->relative ? relative : r->relative;
        c->squares += d * d;
        c->aa += a[i] * a[i];
        c->bb += b[i] * b[i];
        c->ab += a[i] * b[i];
    }
}

struct tfu_numbers_difference tfu_numbers_compare_end(const struct tfu_numbers_comparison *c)
{
    struct tfu_numbers_difference r = c->so_far;
    r.distance = sqrt(c->squares);
    r.cosine = c->aa > 0 && c->bb > 0 ? c->ab / (sqrt(c->aa) * sqrt(c->bb)) : NAN;
    return r;
}

struct tfu_numbers_difference tfu_numbers_compare(const double *a, const double *b, size_t n)
{
    struct tfu_numbers_comparison c = {.squares = 0};
    tfu_numbers_compare_add(&c, a, b, NULL, n);
    return tfu_numbers_compare_end(&c);
}
