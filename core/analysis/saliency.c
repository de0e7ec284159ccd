/* SPDX-License-Identifier: MIT
 *
 * figure saliency: which pixels change a class.
 */
#include "core/analysis/all.h"
#include "core/analysis/explain.h"

static const struct tfu_option options[] = {
    TFU_OPTION_EXPLAIN_IMAGES, TFU_OPTION_EXPLAIN_CLASS, TFU_OPTION_SPLIT_ANY,
    TFU_OPTION_CONFIG,         TFU_OPTION_SET,
};

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    /* it is a matter of single pixels, which need more colour to be seen */
    static const struct tfu_explain_kind kind = {.name = "saliency", .share = 0.8};
    return tfu_explain(&kind, config, n, c, out, e);
}

const struct tfu_analysis tfu_analysis_saliency = {
    .name = "saliency",
    .group = "figure",
    .summary = "which pixels change the class: gradients by the image",
    .about = "Saliency (Simonyan et al. 2014): how much a class's logit changes with each pixel, "
             "the largest\n"
             "absolute gradient over its channels. The figure is saliency.csv, .gp, .svg, "
             ".png and .pdf; each part of\n"
             "it is an image, and saliency.npz has the maps as they are.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = TFU_PICTURES_MAX,
    .is_figure = true,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct tfu_explain_config),
    .check = tfu_explain_check,
    .run = run,
};
