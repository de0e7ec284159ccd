/* SPDX-License-Identifier: MIT
 *
 * init_adapt.h - a source's tensor where the network wants it in another way: another number of
 * channels of the image in the first convolution, another order of an image that is flattened.
 */
#ifndef TFU_CORE_TRAIN_INIT_ADAPT_H
#define TFU_CORE_TRAIN_INIT_ADAPT_H

#include "core/config/experiment.h"
#include "core/graph/graph.h"
#include "core/io/preprocessing.h"

/* What becomes of the weights of S channels for an image of N:
 * sum: each of the N gets the sum of all, divided by N: what N equal channels give is what the
 * source gives for S equal ones. mean: each gets the mean of all. first: the first N; where N is
 * more, the others get 0. repeat: 1, 2, ..., S, 1, 2, ... times S / N. fold: as sum, with the
 * source's normalisation taken out of the images and into the weights and what is added behind
 * them. */
enum tfu_init_channels {
    TFU_INIT_CHANNELS_REFUSE,
    TFU_INIT_CHANNELS_SUM,
    TFU_INIT_CHANNELS_MEAN,
    TFU_INIT_CHANNELS_FIRST,
    TFU_INIT_CHANNELS_REPEAT,
    TFU_INIT_CHANNELS_FOLD
};

/* The order in which the source's linear layers flatten an image. */
enum tfu_init_flatten { TFU_INIT_FLATTEN_UNKNOWN, TFU_INIT_FLATTEN_CHW, TFU_INIT_FLATTEN_HWC };

/* "sum" */
const char *tfu_init_channels_name(enum tfu_init_channels how);

/* Is the parameter the weight of a convolution, not in groups, that reads the image: by itself or
 * through layers that leave channels apart? */
bool tfu_init_reads_image(const struct tfu_graph *g, uint32_t param);
/* Is it the weight of any layer whose input is the image itself? */
bool tfu_init_is_on_image(const struct tfu_graph *g, uint32_t param);
/* The weight of a convolution as above to which fold adds something by way of `param`, its bias or
 * the running mean of the batch normalisation that alone follows it; TFU_GRAPH_NONE: it adds
 * nothing.
 */
uint32_t tfu_init_shifted_by(const struct tfu_graph *g, uint32_t param);
/* TFU_EINVAL: fold cannot be done with the layer of this weight. */
enum tfu_status tfu_init_can_fold(const struct tfu_graph *g, uint32_t weight, struct tfu_error *e);

/* Both sides' images as fold sees them. */
struct tfu_init_normalisations {
    const struct tfu_preprocessing *source, *mine;
};

/* Weights K x S x RS into K x N x RS; `n` is for fold alone. */
void tfu_init_adapt_channels(enum tfu_init_channels how, const float *from, int64_t K, int64_t S,
                             int64_t N, int64_t RS, const struct tfu_init_normalisations *n,
                             float *to);
/* What fold adds to each of the K outputs. */
void tfu_init_fold_shift(const float *from, int64_t K, int64_t S, int64_t N, int64_t RS,
                         const struct tfu_init_normalisations *n, double *shift);

/* Of a linear layer's weight: its input is an image of more than a pixel and more than a channel,
 * whose channels and pixels these are. */
bool tfu_init_flattens(const struct tfu_graph *g, uint32_t param, int64_t *channels,
                       int64_t *pixels);
/* Does that layer flatten in C,H,W order? */
bool tfu_init_is_chw(const struct tfu_graph *g, uint32_t param);
/* Rows of `channels` times `pixels` from C,H,W to H,W,C order, or back. */
void tfu_init_reorder(const float *from, int64_t rows, int64_t channels, int64_t pixels,
                      bool from_chw, float *to);

#endif
