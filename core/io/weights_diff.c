/* SPDX-License-Identifier: MIT */
#include "core/io/weights_diff.h"

#include <stdlib.h>
#include <string.h>

#include "core/io/weights_order.h"
#include "core/io/weights_walk.h"

/* Room for a piece of each file's numbers. */
struct pieces {
    double a[TFU_WEIGHTS_PIECE], b[TFU_WEIGHTS_PIECE], distance[TFU_WEIGHTS_PIECE];
};

struct comparison {
    const struct tfu_weights_diff_request *request;
    struct tfu_weights_diff *out;
    struct pieces *pieces;
};

static bool same_shape(const struct tfu_weights_tensor *a, const struct tfu_weights_tensor *b)
{
    return a->rank == b->rank &&
           (a->rank == 0 || memcmp(a->dim, b->dim, a->rank * sizeof *a->dim) == 0);
}

static enum tfu_status walk_both(struct pieces *p, struct tfu_weights_walk *wa,
                                 enum tfu_stored_type ta, struct tfu_weights_walk *wb,
                                 enum tfu_stored_type tb, struct tfu_numbers_difference *d,
                                 struct tfu_error *e)
{
    struct tfu_numbers_comparison c = {.squares = 0};
    const void *a, *b;
    size_t n, m;
    enum tfu_status st = TFU_OK;
    do {
        st = tfu_weights_walk_next(wa, &a, &n, e);
        if (st == TFU_OK)
            st = tfu_weights_walk_next(wb, &b, &m, e);
        if (st != TFU_OK)
            return st;
        tfu_stored_to_double(ta, a, n, p->a);
        tfu_stored_to_double(tb, b, n, p->b);
        tfu_stored_distances(ta, a, tb, b, n, p->distance);
        tfu_numbers_compare_add(&c, p->a, p->b, p->distance, n);
    } while (n > 0);
    *d = tfu_numbers_compare_end(&c);
    return TFU_OK;
}

/* Both have the tensor, in the same shape. */
static enum tfu_status compare_numbers(struct comparison *c, size_t i, size_t j,
                                       struct tfu_weights_difference *d, struct tfu_error *e)
{
    struct tfu_weights_walk a, b;
    enum tfu_status st = tfu_weights_walk_begin(&a, c->request->a, i, e);
    if (st != TFU_OK)
        return st;
    st = tfu_weights_walk_begin(&b, c->request->b, j, e);
    if (st == TFU_OK) {
        st = walk_both(c->pieces, &a, d->a->type, &b, d->b->type, &d->numbers, e);
        tfu_weights_walk_end(&b);
    }
    tfu_weights_walk_end(&a);
    d->other_type = d->a->type != d->b->type;
    d->other_numbers = d->numbers.absolute > c->request->tolerance;
    return st;
}

static void count(struct tfu_weights_diff *out, const struct tfu_weights_difference *d)
{
    out->only_a += !d->b;
    out->only_b += !d->a;
    out->not_read += d->not_read;
    out->other_shape += d->other_shape;
    out->other_type += d->other_type;
    out->other_numbers += d->other_numbers;
    out->equal +=
        d->a && d->b && !d->not_read && !d->other_shape && !d->other_type && !d->other_numbers;
    if (d->numbers.absolute > out->largest)
        out->largest = d->numbers.absolute;
}

static enum tfu_status compare_tensor(struct comparison *c, size_t i, struct tfu_error *e)
{
    struct tfu_weights_difference d = {.a = tfu_weights_get(c->request->a, i)};
    const size_t j = tfu_weights_find(c->request->b, d.a->name);
    enum tfu_status st = TFU_OK;
    if (j != SIZE_MAX) {
        d.b = tfu_weights_get(c->request->b, j);
        d.not_read = d.a->problem || d.b->problem;
        d.other_shape = !d.not_read && !same_shape(d.a, d.b);
        if (!d.not_read && !d.other_shape)
            st = compare_numbers(c, i, j, &d, e);
    }
    if (st != TFU_OK)
        return st;
    count(c->out, &d);
    c->request->report(c->request->arg, &d);
    return TFU_OK;
}

/* `in_a` and `in_b` are the orders of both. */
static enum tfu_status compare_all(struct comparison *c, const size_t *in_a, const size_t *in_b,
                                   struct tfu_error *e)
{
    const struct tfu_weights_diff_request *r = c->request;
    enum tfu_status st = tfu_patterns_check(r->match, r->a, r->b, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_weights_count(r->a); i++)
        if (tfu_patterns_fit(r->match, tfu_weights_get(r->a, in_a[i])->name))
            st = compare_tensor(c, in_a[i], e);
    for (size_t j = 0; st == TFU_OK && j < tfu_weights_count(r->b); j++) {
        const struct tfu_weights_difference d = {.b = tfu_weights_get(r->b, in_b[j])};
        if (!tfu_patterns_fit(r->match, d.b->name) || tfu_weights_find(r->a, d.b->name) != SIZE_MAX)
            continue;
        count(c->out, &d);
        r->report(r->arg, &d);
    }
    return st;
}

enum tfu_status tfu_weights_diff(struct tfu_weights_diff *out,
                                 const struct tfu_weights_diff_request *request,
                                 struct tfu_error *e)
{
    *out = (struct tfu_weights_diff){.equal = 0};
    struct comparison c = {.request = request, .out = out, .pieces = malloc(sizeof *c.pieces)};
    size_t *in_a = NULL, *in_b = NULL;
    enum tfu_status st =
        c.pieces ? TFU_OK : tfu_error_memory(e, "reading the numbers", sizeof *c.pieces);
    if (st == TFU_OK)
        st = tfu_weights_order(&in_a, request->a, e);
    if (st == TFU_OK)
        st = tfu_weights_order(&in_b, request->b, e);
    if (st == TFU_OK)
        st = compare_all(&c, in_a, in_b, e);
    free(in_a);
    free(in_b);
    free(c.pieces);
    return st;
}
