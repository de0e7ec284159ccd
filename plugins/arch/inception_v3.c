/* SPDX-License-Identifier: MIT
 *
 * Inception-v3: Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, "Rethinking the Inception Architecture
 * for Computer Vision", CVPR 2016, with the parameter names and the details of torchvision, which
 * are those of TensorFlow-Slim's weights: batch normalisation with eps 1e-3, no biases.
 *
 * A stage is an endpoint of the published program, its pool belongs to the one after it. The
 * auxiliary classifier hangs at Mixed_6e and is a stage of its own behind that.
 */
#include "scale.h"

struct config {
    int32_t aux, transform_input, count_padding;
    double aux_weight, dropout;
    struct scale scale;
};

static const struct tfu_option options[] = {
    TFU_OPT_BOOL(struct config, aux, 0,
                 "the auxiliary classifier AuxLogits, in training; needs images of about 299"),
    TFU_OPT_FLOAT(struct config, aux_weight, 0.4, 1e-6, 100, "factor of its loss"),
    TFU_OPT_BOOL(struct config, transform_input, 0,
                 "turn images as torchvision prepares them into those that Google's weights want"),
    TFU_OPT_BOOL(
        struct config, count_padding, 1,
        "padding counts in average pools (torchvision); false: it does not (Keras, TF-Slim)"),
    TFU_OPT_FLOAT(struct config, dropout, 0.5, 0, 1, "share of features set to 0 in training"),
    SCALE_OPTIONS(struct config),
};

static const char *const stages[] = {"Conv2d_1a_3x3",
                                     "Conv2d_2a_3x3",
                                     "Conv2d_2b_3x3",
                                     "Conv2d_3b_1x1",
                                     "Conv2d_4a_3x3",
                                     "Mixed_5b",
                                     "Mixed_5c",
                                     "Mixed_5d",
                                     "Mixed_6a",
                                     "Mixed_6b",
                                     "Mixed_6c",
                                     "Mixed_6d",
                                     "Mixed_6e",
                                     "Mixed_7a",
                                     "Mixed_7b",
                                     "Mixed_7c",
                                     NULL};

/* The network while it is built. */
struct net {
    struct tfu_builder *b;
    const struct config *c;
    struct scale_state scale;
};

/* A convolution's window: R, S and what goes around the image. */
struct window {
    int64_t r, s, stride, pad_h, pad_w;
};
static const struct window one = {1, 1, 1, 0, 0};
static const struct window three = {3, 3, 1, 1, 1};
static const struct window three_bare = {3, 3, 1, 0, 0};
static const struct window three_half = {3, 3, 2, 0, 0};
static const struct window five = {5, 5, 1, 2, 2};
static const struct window five_bare = {5, 5, 1, 0, 0};
static const struct window one_by_three = {1, 3, 1, 0, 1}, three_by_one = {3, 1, 1, 1, 0};
static const struct window one_by_seven = {1, 7, 1, 0, 3}, seven_by_one = {7, 1, 1, 3, 0};

/* Convolution, normalisation, ReLU: torchvision's BasicConv2d. */
static tfu_value conv(const struct net *n, const char *name, tfu_value x, int64_t out,
                      struct window w)
{
    struct tfu_builder *b = n->b;
    b->scope_push(b, "%s", name);
    x = tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){.out = scale_channels(&n->scale, out),
                                             .kernel = w.r,
                                             .kernel_w = w.s,
                                             .stride = w.stride,
                                             .pad_h = w.pad_h,
                                             .pad_w = w.pad_w});
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.eps = 1e-3});
    x = tfu_relu(b, "relu", x);
    b->scope_pop(b);
    return x;
}

static tfu_value halve(const struct net *n, const char *name, tfu_value x)
{
    return tfu_maxpool(n->b, name, x, (struct tfu_pool_attrs){.kernel = 3, .stride = 2});
}

/* The branch of an average pool and a 1x1. */
static tfu_value pool_branch(const struct net *n, tfu_value x, int64_t out)
{
    x = tfu_avgpool(n->b, "pool", x,
                    (struct tfu_pool_attrs){
                        .kernel = 3, .stride = 1, .pad = 1, .exclude_pad = !n->c->count_padding});
    return conv(n, "branch_pool", x, out, one);
}

static tfu_value join(const struct net *n, const char *name, const tfu_value *in, uint32_t count)
{
    return tfu_concat(n->b, name, in, count);
}

/* The modules have the letters of torchvision. */
static tfu_value module_a(const struct net *n, tfu_value x, int64_t pool)
{
    tfu_value y[4];
    y[0] = conv(n, "branch1x1", x, 64, one);
    y[1] = conv(n, "branch5x5_2", conv(n, "branch5x5_1", x, 48, one), 64, five);
    y[2] = conv(n, "branch3x3dbl_2", conv(n, "branch3x3dbl_1", x, 64, one), 96, three);
    y[2] = conv(n, "branch3x3dbl_3", y[2], 96, three);
    y[3] = pool_branch(n, x, pool);
    return join(n, "concat", y, 4);
}

static tfu_value module_b(const struct net *n, tfu_value x)
{
    tfu_value y[3];
    y[0] = conv(n, "branch3x3", x, 384, three_half);
    y[1] = conv(n, "branch3x3dbl_2", conv(n, "branch3x3dbl_1", x, 64, one), 96, three);
    y[1] = conv(n, "branch3x3dbl_3", y[1], 96, three_half);
    y[2] = halve(n, "pool", x);
    return join(n, "concat", y, 3);
}

static tfu_value module_c(const struct net *n, tfu_value x, int64_t width)
{
    tfu_value y[4];
    y[0] = conv(n, "branch1x1", x, 192, one);
    y[1] = conv(n, "branch7x7_2", conv(n, "branch7x7_1", x, width, one), width, one_by_seven);
    y[1] = conv(n, "branch7x7_3", y[1], 192, seven_by_one);
    y[2] = conv(n, "branch7x7dbl_2", conv(n, "branch7x7dbl_1", x, width, one), width, seven_by_one);
    y[2] = conv(n, "branch7x7dbl_3", y[2], width, one_by_seven);
    y[2] = conv(n, "branch7x7dbl_4", y[2], width, seven_by_one);
    y[2] = conv(n, "branch7x7dbl_5", y[2], 192, one_by_seven);
    y[3] = pool_branch(n, x, 192);
    return join(n, "concat", y, 4);
}

static tfu_value module_d(const struct net *n, tfu_value x)
{
    tfu_value y[3];
    y[0] = conv(n, "branch3x3_2", conv(n, "branch3x3_1", x, 192, one), 320, three_half);
    y[1] = conv(n, "branch7x7x3_2", conv(n, "branch7x7x3_1", x, 192, one), 192, one_by_seven);
    y[1] = conv(n, "branch7x7x3_3", y[1], 192, seven_by_one);
    y[1] = conv(n, "branch7x7x3_4", y[1], 192, three_half);
    y[2] = halve(n, "pool", x);
    return join(n, "concat", y, 3);
}

static tfu_value module_e(const struct net *n, tfu_value x)
{
    tfu_value y[4], fork[2];
    y[0] = conv(n, "branch1x1", x, 320, one);
    y[1] = conv(n, "branch3x3_1", x, 384, one);
    fork[0] = conv(n, "branch3x3_2a", y[1], 384, one_by_three);
    fork[1] = conv(n, "branch3x3_2b", y[1], 384, three_by_one);
    y[1] = join(n, "concat3x3", fork, 2);
    y[2] = conv(n, "branch3x3dbl_2", conv(n, "branch3x3dbl_1", x, 448, one), 384, three);
    fork[0] = conv(n, "branch3x3dbl_3a", y[2], 384, one_by_three);
    fork[1] = conv(n, "branch3x3dbl_3b", y[2], 384, three_by_one);
    y[2] = join(n, "concat3x3dbl", fork, 2);
    y[3] = pool_branch(n, x, 192);
    return join(n, "concat", y, 4);
}

static tfu_value module(const struct net *n, const char *name, tfu_value x)
{
    const char letter = name[strlen("Mixed_5")];
    n->b->scope_push(n->b, "%s", name);
    switch (name[strlen("Mixed_")]) {
    case '5':
        x = module_a(n, x, letter == 'b' ? 32 : 64);
        break;
    case '6':
        x = letter == 'a' ? module_b(n, x)
                          : module_c(n, x,
                                     letter == 'b'   ? 128
                                     : letter == 'e' ? 192
                                                     : 160);
        break;
    default:
        x = letter == 'a' ? module_d(n, x) : module_e(n, x);
    }
    n->b->scope_pop(n->b);
    return x;
}

static void auxiliary(struct net *n, tfu_value x)
{
    struct tfu_builder *b = n->b;
    scale_stage(b, &n->scale, "AuxLogits");
    b->scope_push(b, "AuxLogits");
    x = tfu_avgpool(b, "pool", x, (struct tfu_pool_attrs){.kernel = 5, .stride = 3});
    x = conv(n, "conv0", x, 128, one);
    x = conv(n, "conv1", x, 768, five_bare);
    x = tfu_global_avgpool(b, "avgpool", x);
    b->scope_pop(b);
    b->auxiliary(b, x, "AuxLogits.fc", n->c->aux_weight);
}

/* torchvision's images to -1..1: ImageNet's mean and deviation undone, 0.5 and 0.5 put instead. */
static tfu_value transform_input(const struct net *n, tfu_value x)
{
    if (!n->c->transform_input)
        return x;
    return tfu_affine(n->b, "transform_input", x,
                      (struct tfu_affine_attrs){.channels = 3,
                                                .scale = {0.229 / 0.5, 0.224 / 0.5, 0.225 / 0.5},
                                                .shift = {(0.485 - 0.5) / 0.5, (0.456 - 0.5) / 0.5,
                                                          (0.406 - 0.5) / 0.5}});
}

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    struct net n = {.b = b, .c = config};
    n.scale.scale = &n.c->scale;
    tfu_value x = b->input(b, "image");
    scale_stage(b, &n.scale, stages[0]);
    x = conv(&n, stages[0], transform_input(&n, x), 32, three_half);
    scale_stage(b, &n.scale, stages[1]);
    x = conv(&n, stages[1], x, 32, three_bare);
    scale_stage(b, &n.scale, stages[2]);
    x = conv(&n, stages[2], x, 64, three);
    scale_stage(b, &n.scale, stages[3]);
    x = conv(&n, stages[3], halve(&n, "maxpool1", x), 80, one);
    scale_stage(b, &n.scale, stages[4]);
    x = conv(&n, stages[4], x, 192, three_bare);
    for (int i = 5; stages[i]; i++) {
        scale_stage(b, &n.scale, stages[i]);
        if (i == 5)
            x = halve(&n, "maxpool2", x);
        x = module(&n, stages[i], x);
        if (n.c->aux && strcmp(stages[i], "Mixed_6e") == 0)
            auxiliary(&n, x);
    }
    x = tfu_global_avgpool(b, "avgpool", x);
    if (n.c->dropout > 0)
        x = tfu_dropout(b, "dropout", x, n.c->dropout);
    b->features(b, x, "fc");
    return scale_end(b, &n.scale, stages);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "inception_v3",
    .version = "1.0",
    .summary = "Inception-v3 as torchvision has it, with or without the auxiliary classifier",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
