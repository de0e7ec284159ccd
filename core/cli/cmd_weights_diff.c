/* SPDX-License-Identifier: MIT
 *
 * transfuse weights diff
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/weights_command.h"
#include "core/io/numbers.h"
#include "core/io/weights_walk.h"

/* Room for a piece of each file's numbers. */
struct pieces {
    double a[TFU_WEIGHTS_PIECE], b[TFU_WEIGHTS_PIECE], distance[TFU_WEIGHTS_PIECE];
};

struct comparison {
    const struct tfu_weights_command *command;
    const struct tfu_weights *a, *b;
    int width; /* of names */
    size_t equal, only_a, only_b, shapes, types, numbers;
    size_t not_read;
    double absolute; /* the largest so far */
    struct pieces *pieces;
};

static void put_name(const struct comparison *c, const char *name)
{
    tfu_cmd_weights_put_name(name, c->width);
}

static bool same_shape(const struct tfu_weights_tensor *a, const struct tfu_weights_tensor *b)
{
    return a->rank == b->rank &&
           (a->rank == 0 || memcmp(a->dim, b->dim, a->rank * sizeof *a->dim) == 0);
}

static void say_shapes(const struct comparison *c, const struct tfu_weights_tensor *a,
                       const struct tfu_weights_tensor *b)
{
    struct tfu_text left = TFU_TEXT_INIT, right = TFU_TEXT_INIT;
    tfu_cmd_weights_shape(a, &left);
    tfu_cmd_weights_shape(b, &right);
    put_name(c, a->name);
    printf("  other shape: %s, %s\n", tfu_text_get(&left), tfu_text_get(&right));
    tfu_text_free(&left);
    tfu_text_free(&right);
}

static void say_numbers(const struct comparison *c, const char *name,
                        const struct tfu_numbers_difference *d)
{
    put_name(c, name);
    printf("  %" PRId64 " numbers differ: absolute %.4g, relative %.4g, L2 %.4g, cosine %.6f\n",
           d->unequal, d->absolute, d->relative, d->distance, d->cosine);
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

static void note_numbers(struct comparison *c, const struct tfu_weights_tensor *ta,
                         const struct tfu_weights_tensor *tb,
                         const struct tfu_numbers_difference *d)
{
    const bool other_type = ta->type != tb->type;
    const bool differs = d->absolute > (c->command->tolerance > 0 ? c->command->tolerance : 0);
    c->absolute = d->absolute > c->absolute ? d->absolute : c->absolute;
    c->types += other_type;
    c->numbers += differs;
    c->equal += !differs && !other_type;
    if (other_type) {
        put_name(c, ta->name);
        printf("  other type: %s, %s\n", ta->kind, tb->kind);
    }
    if (differs)
        say_numbers(c, ta->name, d);
}

/* Both have the tensor, in the same shape. */
static enum tfu_status compare_numbers(struct comparison *c, size_t i, size_t j,
                                       struct tfu_error *e)
{
    const struct tfu_weights_tensor *ta = tfu_weights_get(c->a, i), *tb = tfu_weights_get(c->b, j);
    struct tfu_weights_walk a, b;
    struct tfu_numbers_difference d;
    enum tfu_status st = tfu_weights_walk_begin(&a, c->a, i, e);
    if (st != TFU_OK)
        return st;
    st = tfu_weights_walk_begin(&b, c->b, j, e);
    if (st == TFU_OK) {
        st = walk_both(c->pieces, &a, ta->type, &b, tb->type, &d, e);
        tfu_weights_walk_end(&b);
    }
    tfu_weights_walk_end(&a);
    if (st == TFU_OK)
        note_numbers(c, ta, tb, &d);
    return st;
}

static enum tfu_status compare_tensor(struct comparison *c, size_t i, struct tfu_error *e)
{
    const struct tfu_weights_tensor *t = tfu_weights_get(c->a, i);
    const size_t j = tfu_weights_find(c->b, t->name);
    if (j == SIZE_MAX) {
        put_name(c, t->name);
        puts("  only in A");
        c->only_a++;
        return TFU_OK;
    }
    const struct tfu_weights_tensor *other = tfu_weights_get(c->b, j);
    if (t->problem || other->problem) {
        put_name(c, t->name);
        printf("  not compared: %s, %s: %s\n", t->kind, other->kind,
               t->problem ? t->problem : other->problem);
        c->not_read++;
        return TFU_OK;
    }
    if (!same_shape(t, other)) {
        say_shapes(c, t, other);
        c->shapes++;
        return TFU_OK;
    }
    return compare_numbers(c, i, j, e);
}

static enum tfu_status compare_all(struct comparison *c, struct tfu_error *e)
{
    const struct tfu_patterns *match = &c->command->match;
    size_t *in_a = tfu_cmd_weights_order(c->a), *in_b = tfu_cmd_weights_order(c->b);
    enum tfu_status st = in_a && in_b ? tfu_patterns_check(match, c->a, c->b, e)
                                      : tfu_error_memory(e, "listing tensors", 0);
    for (size_t i = 0; st == TFU_OK && i < tfu_weights_count(c->a); i++)
        if (tfu_patterns_fit(match, tfu_weights_get(c->a, in_a[i])->name))
            st = compare_tensor(c, in_a[i], e);
    for (size_t j = 0; st == TFU_OK && j < tfu_weights_count(c->b); j++) {
        const char *name = tfu_weights_get(c->b, in_b[j])->name;
        if (tfu_patterns_fit(match, name) && tfu_weights_find(c->a, name) == SIZE_MAX) {
            put_name(c, name);
            puts("  only in B");
            c->only_b++;
        }
    }
    free(in_a);
    free(in_b);
    return st;
}

/* Types count unless a tolerance was given, even one of 0. */
static int conclude(const struct comparison *c)
{
    const bool differ = c->only_a || c->only_b || c->shapes || c->numbers ||
                        (c->types && c->command->tolerance < 0);
    printf("%zu equal; %zu only in A, %zu only in B, %zu of another shape, %zu of another type, "
           "%zu with other numbers; largest difference %.4g\n",
           c->equal, c->only_a, c->only_b, c->shapes, c->types, c->numbers, c->absolute);
    if (c->not_read) {
        printf("%zu not compared, which is no answer; leave them out with --match\n", c->not_read);
        return TFU_WEIGHTS_TROUBLE;
    }
    return differ ? TFU_WEIGHTS_DIFFER : TFU_WEIGHTS_EQUAL;
}

int tfu_cmd_weights_diff(const struct tfu_weights_command *command)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_weights *a = tfu_cmd_weights_open(command, 0);
    struct tfu_weights *b = a ? tfu_cmd_weights_open(command, 1) : NULL;
    int status = TFU_WEIGHTS_TROUBLE;
    if (a && b) {
        struct comparison c = {
            .command = command, .a = a, .b = b, .pieces = malloc(sizeof *c.pieces)};
        c.width = tfu_cmd_weights_name_width(command, a, 0);
        c.width = tfu_cmd_weights_name_width(command, b, c.width);
        if (!c.pieces)
            tfu_error_memory(&e, "reading the numbers", sizeof *c.pieces);
        if (c.pieces && compare_all(&c, &e) == TFU_OK)
            status = conclude(&c);
        else
            tfu_cli_error(&e);
        free(c.pieces);
    }
    tfu_weights_close(a);
    tfu_weights_close(b);
    return status;
}
