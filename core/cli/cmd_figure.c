/* SPDX-License-Identifier: MIT
 *
 * transfuse figure: the table of its kinds.
 */
#include <stdio.h>
#include <string.h>

#include "core/cli/drawing.h"

static const struct {
    const char *name;
    int (*run)(struct tfu_cli *cli, int argc, char **argv);
    const char *summary;
} kinds[] = {
    {"filters", tfu_figure_filters, "filters of the first convolution, as small images"},
    {"histograms", tfu_figure_histograms, "how weights spread, before and after training"},
    {"gradcam", tfu_figure_gradcam, "where an image speaks for a class: Grad-CAM"},
    {"saliency", tfu_figure_saliency, "which pixels change the class: gradients by the image"},
};

static void print_help(FILE *f)
{
    fputs("usage: transfuse figure KIND ...\n\n", f);
    for (size_t i = 0; i < TFU_COUNT(kinds); i++)
        fprintf(f, "  %-11s %s\n", kinds[i].name, kinds[i].summary);
    fputs("\n`transfuse figure KIND --help` says more.\n", f);
}

int tfu_cmd_figure(struct tfu_cli *cli, int argc, char **argv)
{
    const char *names[TFU_COUNT(kinds)];
    if (argc < 2) {
        print_help(stderr);
        return TFU_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return TFU_EXIT_OK;
    }
    for (size_t i = 0; i < TFU_COUNT(kinds); i++) {
        names[i] = kinds[i].name;
        if (strcmp(argv[1], names[i]) == 0)
            return kinds[i].run(cli, argc - 1, argv + 1);
    }
    const char *nearest = tfu_text_nearest(argv[1], names, TFU_COUNT(names));
    return nearest ? tfu_cli_usage("figure", "no figure '%s'; did you mean '%s'?", argv[1], nearest)
                   : tfu_cli_usage("figure", "no figure '%s'", argv[1]);
}
