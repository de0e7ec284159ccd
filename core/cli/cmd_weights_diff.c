/* SPDX-License-Identifier: MIT
 *
 * transfuse weights diff
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/cmd_weights.h"
#include "core/io/numbers.h"

struct comparison {
    const struct tfu_weights_command *command;
    const struct tfu_weights *a, *b;
    int width; /* of names */
    size_t equal, only_a, only_b, shapes, types, numbers;
    double absolute; /* the largest so far */
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

/* Both have the tensor, in the same shape. */
static enum tfu_status compare_numbers(struct comparison *c, size_t i, size_t j,
                                       struct tfu_error *e)
{
    const struct tfu_weights_tensor *ta = tfu_weights_get(c->a, i), *tb = tfu_weights_get(c->b, j);
    const size_t n = (size_t)ta->count;
    double *a = malloc(n * sizeof *a + 1), *b = malloc(n * sizeof *b + 1);
    enum tfu_status st = a && b ? TFU_OK : tfu_error_memory(e, "reading a tensor", n * sizeof *a);
    if (st == TFU_OK)
        st = tfu_weights_read_double(c->a, i, a, e);
    if (st == TFU_OK)
        st = tfu_weights_read_double(c->b, j, b, e);
    if (st == TFU_OK) {
        const struct tfu_numbers_difference d = tfu_numbers_compare(a, b, n);
        const bool other_type = ta->type != tb->type;
        const bool differs = d.absolute > (c->command->tolerance > 0 ? c->command->tolerance : 0);
        c->absolute = d.absolute > c->absolute ? d.absolute : c->absolute;
        c->types += other_type;
        c->numbers += differs;
        c->equal += !differs && !other_type;
        if (other_type) {
            put_name(c, ta->name);
            printf("  other type: %s, %s\n", tfu_stored_type_name(ta->type),
                   tfu_stored_type_name(tb->type));
        }
        if (differs)
            say_numbers(c, ta->name, &d);
    }
    free(a);
    free(b);
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
    if (!same_shape(t, tfu_weights_get(c->b, j))) {
        say_shapes(c, t, tfu_weights_get(c->b, j));
        c->shapes++;
        return TFU_OK;
    }
    return compare_numbers(c, i, j, e);
}

static enum tfu_status compare_all(struct comparison *c, struct tfu_error *e)
{
    const struct tfu_patterns *match = &c->command->match;
    enum tfu_status st = tfu_patterns_check(match, c->a, c->b, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_weights_count(c->a); i++)
        if (tfu_patterns_fit(match, tfu_weights_get(c->a, i)->name))
            st = compare_tensor(c, i, e);
    for (size_t j = 0; st == TFU_OK && j < tfu_weights_count(c->b); j++) {
        const char *name = tfu_weights_get(c->b, j)->name;
        if (tfu_patterns_fit(match, name) && tfu_weights_find(c->a, name) == SIZE_MAX) {
            put_name(c, name);
            puts("  only in B");
            c->only_b++;
        }
    }
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
    return differ ? TFU_WEIGHTS_DIFFER : TFU_WEIGHTS_EQUAL;
}

int tfu_cmd_weights_diff(const struct tfu_weights_command *command)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_weights *a = tfu_cmd_weights_open(command, 0);
    struct tfu_weights *b = a ? tfu_cmd_weights_open(command, 1) : NULL;
    int status = TFU_WEIGHTS_TROUBLE;
    if (a && b) {
        struct comparison c = {.command = command, .a = a, .b = b};
        c.width = tfu_cmd_weights_name_width(command, a, 0);
        c.width = tfu_cmd_weights_name_width(command, b, c.width);
        if (compare_all(&c, &e) == TFU_OK)
            status = conclude(&c);
        else
            tfu_cli_error(&e);
    }
    tfu_weights_close(a);
    tfu_weights_close(b);
    return status;
}
