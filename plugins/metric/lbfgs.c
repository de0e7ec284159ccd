/* SPDX-License-Identifier: MIT */
#include "lbfgs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 20, TRIALS = 60 };

/* One point: the function there and along the current direction. */
struct point {
    double value, slope;
    double *x, *gradient;
};

struct state {
    const struct lbfgs *f;
    struct point here, there;
    double *direction;
    double *step[MEMORY], *change[MEMORY]; /* of x and of the gradient, newest at (count - 1) */
    double rho[MEMORY];                    /* 1 / product of the two */
    int64_t count;                         /* of pairs ever kept */
    double *all;
};

static double product(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static int is_done(const struct state *s)
{
    double largest = 0;
    for (int64_t i = 0; i < s->f->n; i++)
        largest = fmax(largest, fabs(s->here.gradient[i]));
    return largest <= s->f->tolerance;
}

/* The two-loop recursion: direction = -H gradient. */
static void choose_direction(struct state *s)
{
    const int64_t n = s->f->n;
    const int64_t oldest = s->count > MEMORY ? s->count - MEMORY : 0;
    double alpha[MEMORY], *d = s->direction;
    for (int64_t i = 0; i < n; i++)
        d[i] = -s->here.gradient[i];
    for (int64_t k = s->count - 1; k >= oldest; k--) {
        const int64_t at = k % MEMORY;
        alpha[at] = s->rho[at] * product(s->step[at], d, n);
        for (int64_t i = 0; i < n; i++)
            d[i] -= alpha[at] * s->change[at][i];
    }
    if (s->count > 0) {
        const int64_t at = (s->count - 1) % MEMORY;
        const double scale = 1 / (s->rho[at] * product(s->change[at], s->change[at], n));
        for (int64_t i = 0; i < n; i++)
            d[i] *= scale;
    }
    for (int64_t k = oldest; k < s->count; k++) {
        const int64_t at = k % MEMORY;
        const double beta = s->rho[at] * product(s->change[at], d, n);
        for (int64_t i = 0; i < n; i++)
            d[i] += (alpha[at] - beta) * s->step[at][i];
    }
    s->here.slope = product(d, s->here.gradient, n);
}

static void try_step(struct state *s, double t)
{
    const int64_t n = s->f->n;
    for (int64_t i = 0; i < n; i++)
        s->there.x[i] = s->here.x[i] + t * s->direction[i];
    s->there.value = s->f->value(s->f->arg, s->there.x, s->there.gradient);
    s->there.slope = product(s->direction, s->there.gradient, n);
}

/* A step with the Wolfe conditions by bisection; near the minimum, where the function's rounding
 * hides its decrease, with the approximate ones of Hager and Zhang (SIAM J. Optim. 2005). */
static int search(struct state *s)
{
    const double slope = s->here.slope, value = s->here.value;
    double low = 0, high = (double)INFINITY;
    double t = s->count > 0 ? 1 : 1 / fmax(1, sqrt(-slope));
    for (int trial = 0; trial < TRIALS; trial++) {
        try_step(s, t);
        const int falls = s->there.value <= value + 1e-4 * t * slope;
        const int level =
            s->there.value <= value + 1e-12 * fabs(value) && s->there.slope <= -0.8 * slope;
        if (!falls && !level)
            high = t;
        else if (s->there.slope < 0.9 * slope)
            low = t;
        else
            return 1;
        t = isinf(high) ? 2 * t : (low + high) / 2;
    }
    return 0;
}

/* Keeps what the step has taught, and goes there. */
static void move(struct state *s)
{
    const int64_t n = s->f->n, at = s->count % MEMORY;
    for (int64_t i = 0; i < n; i++) {
        s->step[at][i] = s->there.x[i] - s->here.x[i];
        s->change[at][i] = s->there.gradient[i] - s->here.gradient[i];
    }
    const double curvature = product(s->step[at], s->change[at], n);
    if (curvature > 0) {
        s->rho[at] = 1 / curvature;
        s->count++;
    }
    const struct point old = s->here;
    s->here = s->there;
    s->there = old;
}

static int prepare(struct state *s, const struct lbfgs *f)
{
    const size_t n = (size_t)f->n, vectors = 5 + 2 * MEMORY;
    if (n > SIZE_MAX / sizeof(double) / vectors)
        return 0;
    *s = (struct state){.f = f, .all = calloc(n * vectors, sizeof(double))};
    if (!s->all)
        return 0;
    double *next = s->all;
    double **const fixed[] = {&s->here.x, &s->here.gradient, &s->there.x, &s->there.gradient,
                              &s->direction};
    for (size_t i = 0; i < 5; i++, next += n)
        *fixed[i] = next;
    for (int i = 0; i < MEMORY; i++) {
        s->step[i] = next;
        s->change[i] = next + n;
        next += 2 * n;
    }
    return 1;
}

enum lbfgs_end lbfgs_minimize(const struct lbfgs *f, double *x)
{
    struct state s;
    if (!prepare(&s, f))
        return LBFGS_NO_MEMORY;
    const size_t bytes = (size_t)f->n * sizeof *x;
    memcpy(s.here.x, x, bytes);
    s.here.value = f->value(f->arg, s.here.x, s.here.gradient);
    for (int64_t i = 0; i < f->iterations && !is_done(&s); i++) {
        choose_direction(&s);
        if (!search(&s))
            break;
        move(&s);
    }
    const enum lbfgs_end end = is_done(&s) ? LBFGS_CONVERGED : LBFGS_STOPPED;
    memcpy(x, s.here.x, bytes);
    free(s.all);
    return end;
}
