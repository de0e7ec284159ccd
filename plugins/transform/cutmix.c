/* SPDX-License-Identifier: MIT
 *
 * Puts a rectangle of another image of the batch into each (Yun et al., "CutMix: regularization
 * strategy to train strong classifiers with localizable features", ICCV 2019); their losses are
 * added by their shares of the area.
 */
#include <math.h>
#include <string.h>

#include "mix.h"

static const struct tfu_option options[] = {
    OPT_ALPHA(1),
    OPT_P(struct mix_config),
};

static enum tfu_status mix(const void *self, struct tfu_tensor *image,
                           const struct tfu_tensor *other, double *share,
                           struct tfu_example_host *h)
{
    const struct mix_config *c = self;
    const int64_t height = image->shape.dim[0], width = image->shape.dim[1];
    const int64_t channels = image->shape.dim[2];
    struct draw d = draw_begin(h);
    int64_t rows[2], columns[2];
    *share = 1;
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const double side = sqrt(1 - beta_draw(&d, c->alpha));
    draw_span(&d, height, side, rows);
    draw_span(&d, width, side, columns);
    const int64_t length = columns[1] > columns[0] ? columns[1] - columns[0] : 0;
    for (int64_t y = rows[0]; y < rows[1]; y++) {
        const int64_t at = (y * width + columns[0]) * channels;
        memcpy((float *)image->data + at, (const float *)other->data + at,
               (size_t)(length * channels) * sizeof(float));
    }
    const int64_t area = rows[1] > rows[0] ? (rows[1] - rows[0]) * length : 0;
    *share = 1 - (double)area / (double)(height * width);
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_MIXES,
    .create = create_options,
    .destroy = leave_options,
    .run = mix_alone,
    .mix = mix,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "cutmix",
    .version = "1.0",
    .summary = "puts a rectangle of another image of the batch into each, and shares their losses",
    TFU_OPTIONS(options, struct mix_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
