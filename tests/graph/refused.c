/* SPDX-License-Identifier: MIT */
#include "tests/graph/refused.h"

#include <math.h>
#include <stdio.h>

static tfu_value pool(struct tfu_builder *b, tfu_value x)
{
    return tfu_global_avgpool(b, "pool", x);
}

static tfu_value odd(struct tfu_builder *b, tfu_value x, const char *op)
{
    return b->op(b, op, "odd", &x, 1, TFU_NO_ATTRS);
}

static tfu_value image_in_body(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    return x;
}

void refused_no_features(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    pool(b, x);
}

void refused_op_before_stage(struct tfu_builder *b)
{
    pool(b, b->input(b, "image"));
}

void refused_empty_stage(struct tfu_builder *b)
{
    image_in_body(b);
    b->stage(b, "next");
}

void refused_empty_last_stage(struct tfu_builder *b)
{
    tfu_value x = image_in_body(b);
    x = pool(b, x);
    b->stage(b, "tail");
    b->features(b, x, "fc");
}

void refused_stage_after_features(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, pool(b, x), "fc");
    b->stage(b, "tail");
}

void refused_two_stages(struct tfu_builder *b)
{
    tfu_value x = image_in_body(b);
    x = tfu_relu(b, "relu", x);
    b->stage(b, "tail");
    pool(b, x);
    b->stage(b, "body");
}

void refused_stage_of_the_head(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, pool(b, x), "body");
}

void refused_stage_without_name(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    pool(b, x);
    b->stage(b, "");
}

void refused_stage_null(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    pool(b, x);
    b->stage(b, NULL);
}

void refused_two_operations(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_push(b, "a");
    pool(b, x);
    pool(b, x);
}

void refused_same_name_with_dots(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_relu(b, "a.pool", x);
    b->scope_push(b, "a");
    pool(b, x);
}

void refused_operation_like_the_input(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_relu(b, "image", x);
}

void refused_operation_like_the_head(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, tfu_global_avgpool(b, "fc", x), "fc");
}

void refused_operation_without_name(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_push(b, "a");
    tfu_relu(b, "", x);
}

void refused_operation_null(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_relu(b, NULL, x);
}

void refused_unknown_attribute(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"out", 4, 0}, {"stride_v", 2, 0}};
    b->op(b, "conv2d", "conv", &x, 1, TFU_ATTRS(a));
}

void refused_far_attribute(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"temperature", 2, 0}};
    b->op(b, "conv2d", "conv", &x, 1, TFU_ATTRS(a));
}

void refused_attribute_of_none(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"slope", 0, 0.1}};
    b->op(b, "relu", "relu", &x, 1, TFU_ATTRS(a));
}

void refused_attribute_twice(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"out", 4, 0}, {"out", 4, 0}};
    b->op(b, "conv2d", "conv", &x, 1, TFU_ATTRS(a));
}

void refused_attribute_short(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"out", 4, 0}};
    b->op(b, "conv2d", "conv", &x, 1, a, 1, sizeof a[0] - 1);
}

void refused_attribute_missing(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {{"kernel_h", 3, 0}, {"out", 4, 0}};
    b->op(b, "conv2d", "conv", &x, 1, TFU_ATTRS(a));
}

void refused_attribute_too_small(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const struct tfu_attr a[] = {
        {"out", 4, 0}, {"kernel_h", 3, 0}, {"kernel_w", 3, 0}, {"stride_h", 0, 0}};
    b->op(b, "conv2d", "conv", &x, 1, TFU_ATTRS(a));
}

void refused_attribute_too_large(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_dropout(b, "drop", x, 1.25);
}

void refused_attribute_nan(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_dropout(b, "drop", x, (double)NAN);
}

void refused_input_twice(struct tfu_builder *b)
{
    image_in_body(b);
    b->input(b, "second");
}

void refused_input_without_name(struct tfu_builder *b)
{
    b->input(b, "");
}

void refused_input_null(struct tfu_builder *b)
{
    b->input(b, NULL);
}

void refused_none_as_input(struct tfu_builder *b)
{
    image_in_body(b);
    tfu_relu(b, "relu", 0);
}

void refused_no_such_value(struct tfu_builder *b)
{
    tfu_value x = image_in_body(b);
    x = tfu_relu(b, "relu", x);
    tfu_add(b, "add", x, x + 1);
}

void refused_no_input_at_all(struct tfu_builder *b)
{
    b->stage(b, "body");
    tfu_relu(b, "relu", 1);
}

void refused_too_few_inputs(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->op(b, "add", "add", &x, 1, TFU_NO_ATTRS);
}

void refused_too_many_inputs(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    const tfu_value in[] = {x, x};
    b->op(b, "relu", "relu", in, 2, TFU_NO_ATTRS);
}

void refused_features_twice(struct tfu_builder *b)
{
    tfu_value x = image_in_body(b);
    x = pool(b, x);
    b->features(b, x, "fc");
    b->features(b, x, "head");
}

void refused_features_of_an_image(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, tfu_relu(b, "relu", x), "fc");
}

void refused_features_of_none(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    pool(b, x);
    b->features(b, 0, "fc");
}

void refused_features_of_nothing(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    pool(b, x);
    b->features(b, 7, "fc");
}

void refused_head_without_name(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, pool(b, x), "");
}

void refused_head_null(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, pool(b, x), NULL);
}

void refused_open_scope(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_push(b, "a");
    b->scope_push(b, "b");
    b->features(b, pool(b, x), "fc");
}

void refused_pop_without_push(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_push(b, "a");
    b->scope_pop(b);
    b->scope_pop(b);
    b->features(b, pool(b, x), "fc");
}

void refused_deep_scopes(struct tfu_builder *b)
{
    image_in_body(b);
    for (int i = 0; i < 33; i++)
        b->scope_push(b, "s");
}

void refused_scope_without_name(struct tfu_builder *b)
{
    image_in_body(b);
    b->scope_push(b, "a");
    b->scope_push(b, "%s", "");
}

void refused_long_scope(struct tfu_builder *b)
{
    image_in_body(b);
    b->scope_push(b, "a");
    b->scope_push(b, "%0300d", 1);
}

void refused_scopes_too_long_together(struct tfu_builder *b)
{
    image_in_body(b);
    b->scope_push(b, "%0200d", 1);
    b->scope_push(b, "%055d", 1);
}

void refused_long_name(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_push(b, "%0250d", 1);
    tfu_relu(b, "longer", x);
}

void refused_value_not_used(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_relu(b, "relu", x);
    b->features(b, pool(b, x), "fc");
}

void refused_input_not_used(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->features(b, pool(b, x), "fc");
    tfu_relu(b, "relu", x);
}

void refused_fails_with_a_word(struct tfu_builder *b)
{
    image_in_body(b);
    b->fail(b, TFU_EUNSUPPORTED, "depth %d is none of %s", 19, "18, 34, 50");
    b->fail(b, TFU_EINVAL, "a second word");
}

void refused_first_error_sticks(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    b->scope_pop(b);
    if (b->status(b) != TFU_EINVAL || b->input(b, "image") || b->shape(b, x) || pool(b, x))
        return;
    b->stage(b, "stage");
    b->scope_push(b, "a");
    b->features(b, x, "fc");
    b->fail(b, TFU_EIO, "late");
}

void refused_refused_by_the_layer(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    tfu_add(b, "add", x, pool(b, x));
}

void refused_head_too_wide_a_name(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    char name[300];
    snprintf(name, sizeof name, "%0260d", 1);
    b->features(b, pool(b, x), name);
}

void refused_silent(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "silent");
}

void refused_speaking(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "speaking");
}

void refused_speaking_ok(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "speaking_ok");
}

void refused_no_output(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "no_output");
}

void refused_two_outputs(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "two_outputs");
}

void refused_other_batch(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "other_batch");
}

void refused_empty_output(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "empty_output");
}

void refused_huge_output(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "huge_output");
}

void refused_rank_nine(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "rank_nine");
}

void refused_rank_none(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "rank_none");
}

void refused_asks_attribute(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "asks_attribute");
}

void refused_same_parameters(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "same_parameters");
}

void refused_empty_parameter(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "empty_parameter");
}

void refused_unknown_role(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "unknown_role");
}

void refused_unknown_state(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "unknown_state");
}

void refused_half_state(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "half_state");
}

void refused_state_of_rows(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "state_of_rows");
}

void refused_empty_state(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "empty_state");
}

void refused_unknown_plugin(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "nothing");
}

void refused_typing_error_with_plugins(struct tfu_builder *b)
{
    const tfu_value x = image_in_body(b);
    odd(b, x, "batchnrom");
}
