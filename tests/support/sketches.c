/* SPDX-License-Identifier: MIT */
#include "tests/support/sketches.h"

static tfu_value conv(struct tfu_builder *b, const char *name, tfu_value x, int64_t out,
                      int64_t stride)
{
    return tfu_conv2d(
        b, name, x,
        (struct tfu_conv2d_attrs){.out = out, .kernel = 3, .stride = stride, .pad = 1, .bias = 1});
}

static tfu_value norm(struct tfu_builder *b, const char *name, tfu_value x)
{
    return tfu_batchnorm(b, name, x, (struct tfu_batchnorm_attrs){.frozen = 0});
}

void sketch_branches(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = conv(b, "conv1", x, 4, 1);
    b->stage(b, "body");
    const tfu_value early = tfu_relu(b, "relu1", x);
    const tfu_value y = conv(b, "conv2", x, 4, 1);
    x = tfu_add(b, "add1", tfu_add(b, "add2", early, y), x);
    const tfu_value late = tfu_relu(b, "relu2", x);
    b->features(b, tfu_global_avgpool(b, "pool", tfu_add(b, "add3", x, late)), "fc");
}

void sketch_doubled(struct tfu_builder *b)
{
    const tfu_value image = b->input(b, "image");
    b->stage(b, "stem");
    tfu_value x = tfu_add(b, "twice", image, image);
    const tfu_value three[] = {x, image, x};
    x = tfu_concat(b, "three", three, 3);
    b->stage(b, "body");
    x = conv(b, "conv", x, 5, 2);
    x = tfu_add(b, "double", x, x);
    x = tfu_softmax(b, "softmax", x);
    const tfu_value two[] = {x, x};
    b->features(b, tfu_global_avgpool(b, "pool", tfu_concat(b, "two", two, 2)), "fc");
}

void sketch_residual(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_relu(b, "relu", norm(b, "bn", conv(b, "conv", x, 4, 1)));
    b->stage(b, "block");
    b->scope_push(b, "block");
    tfu_value y = tfu_relu(b, "relu1", norm(b, "bn1", conv(b, "conv1", x, 6, 2)));
    y = norm(b, "bn2", conv(b, "conv2", y, 6, 1));
    const tfu_value shortcut =
        norm(b, "bn3",
             tfu_conv2d(b, "projection", x,
                        (struct tfu_conv2d_attrs){.out = 6, .kernel = 1, .stride = 2}));
    x = tfu_relu(b, "relu2", tfu_add(b, "add", y, shortcut));
    b->scope_pop(b);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

void sketch_dense(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    tfu_value all[3] = {conv(b, "conv0", x, 3, 1)};
    for (uint32_t i = 1; i < 3; i++) {
        b->scope_push(b, "layer%u", i);
        x = i == 1 ? all[0] : tfu_concat(b, "concat", all, i);
        all[i] = tfu_dropout(b, "drop", conv(b, "conv", x, 3, 1), 0.3);
        b->scope_pop(b);
    }
    b->stage(b, "tail");
    x = tfu_concat(b, "concat", all, 3);
    x = tfu_avgpool(b, "average", x,
                    (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1, .exclude_pad = 1});
    x = tfu_softmax(b, "softmax", x);
    x = tfu_linear(b, "linear1", x, (struct tfu_linear_attrs){.out = 7});
    x = tfu_softmax(b, "softmax2", x);
    x = tfu_dropout(b, "drop", x, 0.5);
    b->features(b, tfu_linear(b, "linear2", x, (struct tfu_linear_attrs){.out = 4, .no_bias = 1}),
                "fc");
}

void sketch_chain(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = conv(b, "conv1", x, 4, 1);
    x = tfu_dropout(b, "drop1", x, 0.25);
    x = tfu_relu(b, "relu1", x);
    x = tfu_dropout(b, "drop2", x, 0.25);
    b->stage(b, "body");
    x = tfu_maxpool(b, "max", x, (struct tfu_pool_attrs){.kernel = 2});
    x = tfu_batchnorm(b, "frozen", x, (struct tfu_batchnorm_attrs){.frozen = 1});
    x = tfu_relu(b, "relu2", x);
    x = tfu_relu(b, "relu3", x);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

const struct named_sketch sketches[] = {{"branches", sketch_branches},
                                        {"doubled", sketch_doubled},
                                        {"residual", sketch_residual},
                                        {"dense", sketch_dense},
                                        {"chain", sketch_chain}};
