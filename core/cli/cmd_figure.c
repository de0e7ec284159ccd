/* SPDX-License-Identifier: MIT
 *
 * transfuse figure: the table of its kinds.
 */
#include "core/cli/drawing.h"
#include "core/cli/kinds.h"

static const struct tfu_cli_kind kinds[] = {
    {"filters", tfu_figure_filters, "filters of the first convolution, as small images"},
    {"histograms", tfu_figure_histograms, "how weights spread, before and after training"},
    {"gradcam", tfu_figure_gradcam, "where an image speaks for a class: Grad-CAM"},
    {"saliency", tfu_figure_saliency, "which pixels change the class: gradients by the image"},
};

int tfu_cmd_figure(struct tfu_cli *cli, int argc, char **argv)
{
    return tfu_cli_kinds_run("figure", kinds, TFU_COUNT(kinds), cli, argc, argv);
}
