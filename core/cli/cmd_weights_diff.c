/* SPDX-License-Identifier: MIT
 *
 * transfuse weights diff
 */
#include <inttypes.h>

#include "core/cli/cmd_weights.h"
#include "core/io/weights_diff.h"

static void print_shapes(const struct tfu_weights_difference *d)
{
    struct tfu_text left = TFU_TEXT_INIT, right = TFU_TEXT_INIT;
    tfu_cmd_weights_shape(d->a, &left);
    tfu_cmd_weights_shape(d->b, &right);
    printf("  other shape: %s, %s\n", tfu_text_get(&left), tfu_text_get(&right));
    tfu_text_free(&left);
    tfu_text_free(&right);
}

/* `arg`: the width of names. */
static void print_difference(void *arg, const struct tfu_weights_difference *d)
{
    const char *name = (d->a ? d->a : d->b)->name;
    const int width = *(const int *)arg;
    if (!d->a || !d->b) {
        tfu_cmd_weights_put_name(name, width);
        puts(d->a ? "  only in A" : "  only in B");
    } else if (d->not_read) {
        tfu_cmd_weights_put_name(name, width);
        printf("  not compared: %s, %s: %s\n", d->a->kind, d->b->kind,
               d->a->problem ? d->a->problem : d->b->problem);
    } else if (d->other_shape) {
        tfu_cmd_weights_put_name(name, width);
        print_shapes(d);
    }
    if (d->other_type) {
        tfu_cmd_weights_put_name(name, width);
        printf("  other type: %s, %s\n", d->a->kind, d->b->kind);
    }
    if (d->other_numbers) {
        const struct tfu_numbers_difference *n = &d->numbers;
        tfu_cmd_weights_put_name(name, width);
        printf("  %" PRId64 " numbers differ: absolute %.4g, relative %.4g, L2 %.4g, cosine %.6f\n",
               n->unequal, n->absolute, n->relative, n->distance, n->cosine);
    }
}

/* Types count unless a tolerance was given, even one of 0. */
static int conclude(const struct tfu_weights_diff *d, bool tolerates)
{
    const bool differ = d->only_a || d->only_b || d->other_shape || d->other_numbers ||
                        (d->other_type && !tolerates);
    printf("%zu equal; %zu only in A, %zu only in B, %zu of another shape, %zu of another type, "
           "%zu with other numbers; largest difference %.4g\n",
           d->equal, d->only_a, d->only_b, d->other_shape, d->other_type, d->other_numbers,
           d->largest);
    if (d->not_read) {
        printf("%zu not compared, which is no answer; leave them out with --match\n", d->not_read);
        return TFU_WEIGHTS_TROUBLE;
    }
    return differ ? TFU_WEIGHTS_DIFFER : TFU_WEIGHTS_EQUAL;
}

int tfu_cmd_weights_diff(const struct tfu_weights_command *command)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_patterns match = tfu_cmd_weights_match(command);
    struct tfu_weights *a = tfu_cmd_weights_open(command, 0);
    struct tfu_weights *b = a ? tfu_cmd_weights_open(command, 1) : NULL;
    int status = TFU_WEIGHTS_TROUBLE;
    if (a && b) {
        int width = tfu_cmd_weights_name_width(command, a, 0);
        width = tfu_cmd_weights_name_width(command, b, width);
        const struct tfu_weights_diff_request request = {.a = a,
                                                         .b = b,
                                                         .match = &match,
                                                         .tolerance = command->tolerance,
                                                         .report = print_difference,
                                                         .arg = &width};
        struct tfu_weights_diff d;
        if (tfu_weights_diff(&d, &request, &e) == TFU_OK)
            status = conclude(&d, command->tolerates);
        else
            tfu_cli_error(&e);
    }
    tfu_weights_close(a);
    tfu_weights_close(b);
    return status;
}
