/* SPDX-License-Identifier: MIT
 *
 * figure_output.h - a command's figure: drawn, and said where it is.
 */
#ifndef TFU_CORE_CLI_FIGURE_OUTPUT_H
#define TFU_CORE_CLI_FIGURE_OUTPUT_H

#include "core/cli/cli.h"
#include "core/report/figure.h"

/* Makes `folder` and writes <folder>/<name>.csv, .gp, .svg and .png. Without gnuplot there is a
 * warning, and data and script. `said` (stdout, or stderr where stdout is JSON; NULL: nowhere) gets
 * a line that names the files. */
enum tfu_status tfu_cli_figure(struct tfu_cli *cli, const struct tfu_figure *f, const char *folder,
                               const char *name, FILE *said, struct tfu_error *e);

#endif
