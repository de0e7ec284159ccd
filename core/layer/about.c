/* SPDX-License-Identifier: MIT */
#include "core/layer/about.h"

#include <string.h>

#include <transfuse/abi.h>

#define WINDOWS                                                                                    \
    "P = floor((H + 2 pad_h - kernel_h) / stride_h) + 1, "                                         \
    "Q = floor((W + 2 pad_w - kernel_w) / stride_w) + 1"

static const struct tfu_layer_about layers[] = {
    {"add", "the sum of two inputs", "two of the same shape", "the same shape", ""},
    {"affine", "scale x + shift, by constants that are not trained", "N,...,C", "the same shape",
     ""},
    {"avgpool", "the mean of each window; padding counts as zeros unless exclude_pad is 1",
     "N,H,W,C", "N,P,Q,C with " WINDOWS, ""},
    {"batchnorm",
     "batch normalisation over all dims but the last: weight (x - mean) / sqrt(variance + eps) + "
     "bias, with the batch's mean and variance in training, else with the running ones",
     "N,...,C", "the same shape",
     "weight (C), bias (C), running_mean (C), running_var (C); the last two are not trained"},
    {"concat", "joins inputs along their last dim, the channels",
     "two or more, N,...,C, which agree in all but C", "N,...,sum of the inputs' C", ""},
    {"conv2d", "cross-correlation with zero padding, and groups of channels", "N,H,W,C",
     "N,P,Q,out with " WINDOWS,
     "weight (out, C / groups, kernel_h, kernel_w), and with bias: 1, bias (out)"},
    {"dropout",
     "in training each element is 0 with probability rate, else multiplied by 1 / (1 - rate); "
     "outside of it the identity",
     "any shape", "the same shape", ""},
    {"global_avgpool", "the mean over height and width", "N,H,W,C", "N,C", ""},
    {"linear", "bias + weight x, with all dims of an example as one row", "N,C or N,H,W,C", "N,out",
     "weight (out, numbers of an example), and with bias: 1, bias (out)"},
    {"maxpool", "the largest number of each window; padding never counts", "N,H,W,C",
     "N,P,Q,C with " WINDOWS, ""},
    {"relu", "max(x, 0)", "any shape", "the same shape", ""},
    {"softmax", "exp(x) over its sum along the last dim", "N,...,C", "the same shape", ""},
};

const struct tfu_layer_about *tfu_layer_about(const char *name)
{
    for (size_t i = 0; i < TFU_COUNT(layers); i++)
        if (strcmp(layers[i].name, name) == 0)
            return &layers[i];
    return NULL;
}
