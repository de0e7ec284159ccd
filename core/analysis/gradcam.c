/* SPDX-License-Identifier: MIT
 *
 * figure gradcam: where an image speaks for a class.
 */
#include "core/analysis/all.h"
#include "core/analysis/explain.h"

static const struct tfu_option options[] = {
    TFU_OPTION_EXPLAIN_IMAGES,
    TFU_OPTION_EXPLAIN_CLASS,
    TFU_OPT_STRING(struct tfu_explain_config, layer, "", 0,
                   "a layer, or a stage: the last map of it; by default the last of the network"),
    TFU_OPTION_SPLIT_ANY,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    static const struct tfu_explain_kind kind = {.name = "gradcam", .share = 0.5, .gradcam = true};
    return tfu_explain(&kind, config, n, c, out, e);
}

const struct tfu_analysis tfu_analysis_gradcam = {
    .name = "gradcam",
    .group = "figure",
    .summary = "where an image speaks for a class: Grad-CAM",
    .about = "Grad-CAM (Selvaraju et al. 2017): where in an image the maps of a layer speak for a "
             "class. The\n"
             "figure is gradcam.csv, .gp, .svg, .png and .pdf; each part of it is an image, and "
             "gradcam.npz has the\n"
             "maps as they are.\n",
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
