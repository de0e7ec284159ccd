/* SPDX-License-Identifier: MIT
 *
 * Adds two images of a batch by a share drawn by chance (Zhang et al., "mixup: beyond empirical
 * risk minimization", ICLR 2018); their losses are added by it too.
 */
#include "mix.h"

static const struct tfu_option options[] = {
    OPT_ALPHA(0.2),
    OPT_P(struct mix_config),
};

static enum tfu_status mix(const void *self, struct tfu_tensor *image,
                           const struct tfu_tensor *other, double *share,
                           struct tfu_example_host *h)
{
    const struct mix_config *c = self;
    struct draw d = draw_begin(h);
    *share = draw_happens(&d, h, c->p) ? beta_draw(&d, c->alpha) : 1;
    float *x = image->data;
    const float *y = other->data;
    for (int64_t i = 0; *share < 1 && i < tfu_shape_count(&image->shape); i++)
        x[i] = (float)(*share * (double)x[i] + (1 - *share) * (double)y[i]);
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
    .name = "mixup",
    .version = "1.0",
    .summary = "adds two images of a batch, and their losses, by a share drawn by chance",
    TFU_OPTIONS(options, struct mix_config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
