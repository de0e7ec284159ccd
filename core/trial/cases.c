/* SPDX-License-Identifier: MIT */
#include "core/trial/cases.h"

#include "core/graph/graph.h"
#include "core/graph/layers.h"

/* clang-format off: a case is a line of its operation, what it is, inputs and attributes */
#define IMAGE(n, h, w, c)                                                                          \
    {                                                                                              \
        4, {0},                                                                                    \
        {                                                                                          \
            n, h, w, c, 1, 1, 1, 1                                                                 \
        }                                                                                          \
    }
#define ROWS(n, c)                                                                                 \
    {                                                                                              \
        2, {0},                                                                                    \
        {                                                                                          \
            n, c, 1, 1, 1, 1, 1, 1                                                                 \
        }                                                                                          \
    }
#define ONE(shape)         .n_in = 1, .in = {shape}
#define TWO(first, second) .n_in = 2, .in = {first, second}
#define WINDOW(r, s, stride_h, stride_w, pad_h, pad_w)                                             \
    {"kernel_h", r, 0}, {"kernel_w", s, 0}, {"stride_h", stride_h, 0}, {"stride_w", stride_w, 0},  \
        {"pad_h", pad_h, 0},                                                                       \
    {                                                                                              \
        "pad_w", pad_w, 0                                                                          \
    }
#define CONV(out, r, s, stride_h, stride_w, pad_h, pad_w, groups, bias)                            \
    .attr_count = 9, .attr = {{"out", out, 0},                                                     \
                              WINDOW(r, s, stride_h, stride_w, pad_h, pad_w),                      \
                              {"groups", groups, 0},                                               \
                              {"bias", bias, 0}}
#define LINEAR_CHW(out, bias)                                                                      \
    .attr_count = 3, .attr = {{"out", out, 0}, {"bias", bias, 0}, {"chw", 1, 0}}
#define SQUARE(out, r, stride, pad) CONV(out, r, r, stride, stride, pad, pad, 1, 0)
#define MAX(...)                    .attr_count = 6, .attr = {WINDOW(__VA_ARGS__)}
#define AVG(exclude, ...)                                                                          \
    .attr_count = 7, .attr = {WINDOW(__VA_ARGS__), {"exclude_pad", exclude, 0}}
#define NORM(eps, momentum, frozen)                                                                \
    .attr_count = 3, .attr = {{"eps", 0, eps}, {"momentum", 0, momentum}, {"frozen", frozen, 0}}
#define LINEAR(out, bias) .attr_count = 2, .attr = {{"out", out, 0}, {"bias", bias, 0}}
#define AFFINE(channels, a, b, c, d, e, f)                                                         \
    .attr_count = 7,                                                                               \
    .attr = {{"channels", channels, 0}, {"scale_0", 0, a}, {"shift_0", 0, b}, {"scale_1", 0, c},   \
             {"shift_1", 0, d},         {"scale_2", 0, e}, {"shift_2", 0, f}}
#define DROP(rate) .attr_count = 1, .attr = {{"rate", 0, rate}}

const struct tfu_layer_case tfu_layer_cases[] = {
    {"conv2d", "one pixel", ONE(IMAGE(1, 1, 1, 1)), SQUARE(1, 1, 1, 0)},
    {"conv2d", "one pixel, padded 3x3", ONE(IMAGE(2, 1, 1, 3)), SQUARE(2, 3, 1, 1)},
    {"conv2d", "1x1", ONE(IMAGE(2, 3, 4, 5)), SQUARE(7, 1, 1, 0)},
    {"conv2d", "1x1 with stride 2", ONE(IMAGE(2, 5, 6, 8)), SQUARE(4, 1, 2, 0)},
    {"conv2d", "1x1 with padding", ONE(IMAGE(1, 2, 3, 4)), SQUARE(3, 1, 1, 1)},
    {"conv2d", "3x3, one channel in", ONE(IMAGE(2, 6, 5, 1)), SQUARE(9, 3, 1, 1)},
    {"conv2d", "3x3, one channel out", ONE(IMAGE(1, 5, 6, 9)), SQUARE(1, 3, 1, 1)},
    {"conv2d", "3x3 without padding", ONE(IMAGE(2, 5, 7, 3)), SQUARE(4, 3, 1, 0)},
    {"conv2d", "3x3 with stride 2, even sides", ONE(IMAGE(1, 6, 8, 3)), SQUARE(5, 3, 2, 1)},
    {"conv2d", "3x3 with stride 2, odd sides", ONE(IMAGE(3, 7, 5, 2)), SQUARE(3, 3, 2, 1)},
    {"conv2d", "3x3 with padding 2", ONE(IMAGE(2, 5, 6, 9)), SQUARE(5, 3, 1, 2)},
    {"conv2d", "3x3 on a single column", ONE(IMAGE(1, 9, 1, 4)), SQUARE(3, 3, 1, 1)},
    {"conv2d", "3x3, sides and channels odd", .real = true, ONE(IMAGE(2, 19, 23, 35)),
     CONV(37, 3, 3, 1, 1, 1, 1, 1, 1)},
    {"conv2d", "3x3 with stride 2, no padding", ONE(IMAGE(2, 9, 8, 5)), SQUARE(6, 3, 2, 0)},
    {"conv2d", "3x3 with stride 2, padding 2", ONE(IMAGE(1, 8, 5, 3)), SQUARE(4, 3, 2, 2)},
    {"conv2d", "3x3 with stride 2 on one pixel, padding 3", ONE(IMAGE(2, 1, 1, 3)),
     SQUARE(2, 3, 2, 3)},
    {"conv2d", "3x3 with stride 2, sides and channels odd", .real = true, ONE(IMAGE(2, 31, 37, 35)),
     CONV(37, 3, 3, 2, 2, 1, 0, 1, 1)},
    {"conv2d", "1x3", ONE(IMAGE(2, 3, 7, 17)), CONV(9, 1, 3, 1, 1, 0, 1, 1, 0)},
    {"conv2d", "3x1 without padding", ONE(IMAGE(2, 7, 3, 5)), CONV(6, 3, 1, 1, 1, 0, 0, 1, 1)},
    {"conv2d", "2x2, even kernel", ONE(IMAGE(1, 5, 4, 3)), SQUARE(4, 2, 1, 1)},
    {"conv2d", "stride larger than the kernel", ONE(IMAGE(1, 9, 8, 2)), SQUARE(3, 2, 3, 0)},
    {"conv2d", "strides 3 and 2, pads 4 and 1, 2 groups", ONE(IMAGE(2, 7, 9, 6)),
     CONV(4, 2, 3, 3, 2, 4, 1, 2, 1)},
    {"conv2d", "5x4, strides 3 and 2", ONE(IMAGE(2, 11, 8, 3)), CONV(5, 5, 4, 3, 2, 2, 0, 1, 0)},
    {"conv2d", "stride larger than the image", ONE(IMAGE(2, 2, 3, 2)), SQUARE(3, 2, 5, 1)},
    {"conv2d", "padding larger than the kernel", ONE(IMAGE(1, 3, 2, 2)), SQUARE(2, 2, 1, 3)},
    {"conv2d", "kernel larger than the image", ONE(IMAGE(2, 3, 2, 3)), SQUARE(4, 7, 1, 3)},
    {"conv2d", "1x7", ONE(IMAGE(1, 4, 8, 3)), CONV(4, 1, 7, 1, 1, 0, 3, 1, 0)},
    {"conv2d", "7x1", ONE(IMAGE(1, 8, 4, 3)), CONV(4, 7, 1, 1, 1, 3, 0, 1, 0)},
    {"conv2d", "1x7 on a narrow image", ONE(IMAGE(2, 3, 2, 5)), CONV(3, 1, 7, 1, 1, 0, 3, 1, 0)},
    {"conv2d", "1x7, channels odd", .real = true, ONE(IMAGE(2, 5, 17, 33)),
     CONV(35, 1, 7, 1, 1, 0, 3, 1, 1)},
    {"conv2d", "7x1 without padding", ONE(IMAGE(3, 9, 2, 10)), CONV(7, 7, 1, 1, 1, 0, 0, 1, 0)},
    {"conv2d", "3x2, strides 2 and 1, pads 0 and 1", ONE(IMAGE(2, 7, 5, 3)),
     CONV(5, 3, 2, 2, 1, 0, 1, 1, 1)},
    {"conv2d", "bias", ONE(IMAGE(3, 4, 4, 5)), CONV(6, 3, 3, 1, 1, 1, 1, 1, 1)},
    {"conv2d", "2 groups", ONE(IMAGE(2, 5, 4, 6)), CONV(4, 3, 3, 1, 1, 1, 1, 2, 1)},
    {"conv2d", "3 groups, stride 2", ONE(IMAGE(1, 6, 5, 9)), CONV(6, 3, 3, 2, 2, 1, 1, 3, 0)},
    {"conv2d", "depthwise", ONE(IMAGE(2, 5, 5, 7)), CONV(7, 3, 3, 1, 1, 1, 1, 7, 0)},
    {"conv2d", "depthwise, two out for each in", ONE(IMAGE(1, 4, 5, 3)),
     CONV(6, 3, 3, 1, 1, 1, 1, 3, 1)},
    {"conv2d", "channels just beyond 8 and 16", ONE(IMAGE(1, 4, 5, 17)), SQUARE(9, 3, 1, 1)},
    {"conv2d", "CBR-Tiny, first", .real = true, ONE(IMAGE(2, 32, 32, 3)), SQUARE(32, 5, 1, 2)},
    {"conv2d", "CBR-Tiny, second", .real = true, ONE(IMAGE(1, 16, 16, 32)), SQUARE(64, 5, 1, 2)},
    {"conv2d", "CBR-LargeW, second", .real = true, ONE(IMAGE(1, 12, 12, 64)), SQUARE(128, 7, 1, 3)},
    {"conv2d", "CBR-Small, last", .real = true, ONE(IMAGE(2, 4, 4, 128)), SQUARE(256, 7, 1, 3)},
    {"conv2d", "ResNet, stem", .real = true, ONE(IMAGE(1, 56, 56, 3)), SQUARE(64, 7, 2, 3)},
    {"conv2d", "ResNet, 3x3 at 14", .real = true, ONE(IMAGE(1, 14, 14, 128)), SQUARE(128, 3, 1, 1)},
    {"conv2d", "ResNet, 3x3 with stride 2", .real = true, ONE(IMAGE(1, 28, 28, 128)),
     SQUARE(128, 3, 2, 1)},
    {"conv2d", "ResNet, 1x1 widening", .real = true, ONE(IMAGE(1, 14, 14, 256)),
     SQUARE(1024, 1, 1, 0)},
    {"conv2d", "ResNet, 1x1 shortcut with stride 2", .real = true, ONE(IMAGE(1, 14, 14, 256)),
     SQUARE(512, 1, 2, 0)},
    {"conv2d", "ResNet, 3x3 at 7", .real = true, ONE(IMAGE(2, 7, 7, 256)), SQUARE(256, 3, 1, 1)},
    {"conv2d", "Inception, stem", .real = true, ONE(IMAGE(1, 75, 75, 3)), SQUARE(32, 3, 2, 0)},
    {"conv2d", "Inception, 5x5", .real = true, ONE(IMAGE(1, 17, 17, 48)), SQUARE(64, 5, 1, 2)},
    {"conv2d", "Inception, 1x7", .real = true, ONE(IMAGE(1, 17, 17, 128)),
     CONV(128, 1, 7, 1, 1, 0, 3, 1, 0)},
    {"conv2d", "Inception, 7x1", .real = true, ONE(IMAGE(1, 17, 17, 128)),
     CONV(192, 7, 1, 1, 1, 3, 0, 1, 0)},
    {"conv2d", "Inception, 3x1 at 8", .real = true, ONE(IMAGE(1, 8, 8, 384)),
     CONV(384, 3, 1, 1, 1, 1, 0, 1, 0)},
    {"conv2d", "ResNeXt, 32 groups", .real = true, ONE(IMAGE(1, 14, 14, 256)),
     CONV(256, 3, 3, 1, 1, 1, 1, 32, 0)},

    {"batchnorm", "rows", ONE(ROWS(5, 3)), NORM(1e-5, 0.1, 0)},
    {"batchnorm", "image", ONE(IMAGE(2, 3, 4, 5)), NORM(1e-5, 0.1, 0)},
    {"batchnorm", "one image, one channel", ONE(IMAGE(1, 4, 5, 1)), NORM(1e-5, 0.1, 0)},
    {"batchnorm", "one pixel in each image", ONE(IMAGE(6, 1, 1, 9)), NORM(1e-5, 0.1, 0)},
    {"batchnorm", "large eps and momentum", ONE(IMAGE(2, 3, 3, 4)), NORM(0.25, 0.75, 0)},
    {"batchnorm", "frozen", ONE(IMAGE(2, 3, 4, 5)), NORM(1e-3, 0.1, 1)},
    {"batchnorm", "frozen, a single value for each channel", ONE(ROWS(1, 7)), NORM(1e-5, 0.1, 1)},
    {"batchnorm", "ResNet, after the stem", .real = true, ONE(IMAGE(2, 56, 56, 64)),
     NORM(1e-5, 0.1, 0)},
    {"batchnorm", "ResNet, last", .real = true, ONE(IMAGE(2, 7, 7, 2048)), NORM(1e-5, 0.1, 0)},
    {"batchnorm", "Inception", .real = true, ONE(IMAGE(2, 17, 17, 192)), NORM(1e-3, 0.1, 0)},

    {"relu", "rows", ONE(ROWS(3, 7))},
    {"relu", "one pixel", ONE(IMAGE(1, 1, 1, 1))},
    {"relu", "image", ONE(IMAGE(2, 5, 3, 9))},
    {"relu", "ResNet, after the stem", .real = true, ONE(IMAGE(2, 56, 56, 64))},

    {"maxpool", "one pixel", ONE(IMAGE(1, 1, 1, 1)), MAX(1, 1, 1, 1, 0, 0)},
    {"maxpool", "2x2", ONE(IMAGE(2, 4, 6, 3)), MAX(2, 2, 2, 2, 0, 0)},
    {"maxpool", "2x2, odd sides", ONE(IMAGE(1, 5, 7, 9)), MAX(2, 2, 2, 2, 0, 0)},
    {"maxpool", "3x3 with stride 2, padded", ONE(IMAGE(2, 7, 6, 5)), MAX(3, 3, 2, 2, 1, 1)},
    {"maxpool", "3x3 with stride 1, padded", ONE(IMAGE(1, 4, 5, 8)), MAX(3, 3, 1, 1, 1, 1)},
    {"maxpool", "2x3, strides 1 and 3, pads 1 and 0", ONE(IMAGE(2, 4, 7, 4)),
     MAX(2, 3, 1, 3, 1, 0)},
    {"maxpool", "window larger than the image", ONE(IMAGE(1, 2, 3, 2)), MAX(5, 5, 1, 1, 2, 2)},
    {"maxpool", "gaps between windows", ONE(IMAGE(1, 8, 9, 3)), MAX(2, 2, 3, 3, 0, 0)},
    {"maxpool", "16x16, the largest", ONE(IMAGE(1, 17, 18, 1)), MAX(16, 16, 1, 1, 0, 0)},
    {"maxpool", "ResNet, after the stem", .real = true, ONE(IMAGE(2, 56, 56, 64)),
     MAX(3, 3, 2, 2, 1, 1)},
    {"maxpool", "Inception, reduction", .real = true, ONE(IMAGE(2, 35, 35, 192)),
     MAX(3, 3, 2, 2, 0, 0)},

    {"avgpool", "one pixel", ONE(IMAGE(1, 1, 1, 1)), AVG(0, 1, 1, 1, 1, 0, 0)},
    {"avgpool", "2x2", ONE(IMAGE(2, 4, 6, 3)), AVG(0, 2, 2, 2, 2, 0, 0)},
    {"avgpool", "3x3, padding counts", ONE(IMAGE(2, 5, 4, 7)), AVG(0, 3, 3, 1, 1, 1, 1)},
    {"avgpool", "3x3, padding left out", ONE(IMAGE(2, 5, 4, 7)), AVG(1, 3, 3, 1, 1, 1, 1)},
    {"avgpool", "3x3 with stride 2, padding left out", ONE(IMAGE(1, 6, 7, 9)),
     AVG(1, 3, 3, 2, 2, 1, 1)},
    {"avgpool", "3x2, strides 2 and 1, pads 1 and 0", ONE(IMAGE(2, 6, 5, 2)),
     AVG(1, 3, 2, 2, 1, 1, 0)},
    {"avgpool", "window larger than the image", ONE(IMAGE(1, 2, 3, 2)), AVG(1, 5, 5, 1, 1, 2, 2)},
    {"avgpool", "Inception, pooling branch", .real = true, ONE(IMAGE(2, 17, 17, 192)),
     AVG(0, 3, 3, 1, 1, 1, 1)},

    {"global_avgpool", "one pixel", ONE(IMAGE(1, 1, 1, 1))},
    {"global_avgpool", "image", ONE(IMAGE(3, 4, 5, 7))},
    {"global_avgpool", "ResNet", .real = true, ONE(IMAGE(2, 7, 7, 2048))},

    {"linear", "one by one", ONE(ROWS(1, 1)), LINEAR(1, 1)},
    {"linear", "rows", ONE(ROWS(5, 7)), LINEAR(3, 1)},
    {"linear", "no bias", ONE(ROWS(2, 17)), LINEAR(9, 0)},
    {"linear", "image, flattened", ONE(IMAGE(3, 2, 3, 4)), LINEAR(5, 1)},
    {"linear", "image, channels first", ONE(IMAGE(3, 2, 3, 4)), LINEAR_CHW(5, 1)},
    {"linear", "one channel, channels first", ONE(IMAGE(2, 3, 2, 1)), LINEAR_CHW(3, 0)},
    {"linear", "one pixel, channels first", ONE(IMAGE(2, 1, 1, 5)), LINEAR_CHW(3, 0)},
    {"linear", "rows, channels first", ONE(ROWS(5, 7)), LINEAR_CHW(3, 1)},
    {"linear", "VGG, channels first", .real = true, ONE(IMAGE(2, 7, 7, 512)), LINEAR_CHW(256, 1)},
    {"linear", "ResNet, head", .real = true, ONE(ROWS(2, 2048)), LINEAR(1000, 1)},

    {"dropout", "rows", ONE(ROWS(3, 7)), DROP(0.5)},
    {"dropout", "image", ONE(IMAGE(2, 3, 5, 3)), DROP(0.2)},
    {"dropout", "rate 0", ONE(ROWS(4, 5)), DROP(0)},
    {"dropout", "rate 1", ONE(ROWS(4, 5)), DROP(1)},
    {"dropout", "Inception, head", .real = true, ONE(ROWS(8, 2048)), DROP(0.5)},

    {"add", "rows", TWO(ROWS(3, 7), ROWS(3, 7))},
    {"add", "image", TWO(IMAGE(2, 3, 5, 9), IMAGE(2, 3, 5, 9))},
    {"add", "ResNet, shortcut", .real = true, TWO(IMAGE(2, 14, 14, 1024), IMAGE(2, 14, 14, 1024))},

    {"affine", "rows, one pair", ONE(ROWS(3, 7)), AFFINE(0, -2, 0.5, 1, 0, 1, 0)},
    {"affine", "image, one pair", ONE(IMAGE(2, 3, 5, 9)), AFFINE(0, 0.5, 0, 1, 0, 1, 0)},
    {"affine", "one channel", ONE(IMAGE(2, 3, 5, 1)), AFFINE(1, 3, -1, 1, 0, 1, 0)},
    {"affine", "two channels", ONE(IMAGE(1, 5, 3, 2)), AFFINE(2, 3, -1, 0, 2, 1, 0)},
    {"affine", "Inception, from torchvision's images to Google's", .real = true,
     ONE(IMAGE(2, 75, 75, 3)), AFFINE(3, 0.458, -0.03, 0.448, -0.088, 0.45, -0.188)},

    {"concat", "rows", TWO(ROWS(3, 5), ROWS(3, 2))},
    {"concat", "images of 1 and 9 channels", TWO(IMAGE(2, 3, 4, 1), IMAGE(2, 3, 4, 9))},
    {"concat", "three images", .n_in = 3,
     .in = {IMAGE(2, 2, 3, 3), IMAGE(2, 2, 3, 8), IMAGE(2, 2, 3, 5)}},
    {"concat", "Inception, four branches", .real = true, .n_in = 4,
     .in = {IMAGE(1, 35, 35, 64), IMAGE(1, 35, 35, 64), IMAGE(1, 35, 35, 96),
            IMAGE(1, 35, 35, 32)}},

    {"softmax", "rows", ONE(ROWS(4, 5))},
    {"softmax", "one channel", ONE(ROWS(3, 1))},
    {"softmax", "image", ONE(IMAGE(2, 3, 2, 9))},
    {"softmax", "ImageNet", .real = true, ONE(ROWS(8, 1000))},
};
/* clang-format on */

const size_t tfu_layer_case_count = TFU_COUNT(tfu_layer_cases);

struct tfu_trial_request tfu_layer_case_request(const struct tfu_layer_case *c, uint32_t dtype,
                                                bool training, uint64_t seed)
{
    return (struct tfu_trial_request){.op = c->op,
                                      .layer = tfu_layer_find(c->op),
                                      .in = c->in,
                                      .n_in = c->n_in,
                                      .attr = c->attr,
                                      .attr_count = c->attr_count,
                                      .dtype = dtype,
                                      .training = training,
                                      .seed = seed};
}
