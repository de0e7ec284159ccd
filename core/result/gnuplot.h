/* SPDX-License-Identifier: MIT
 *
 * gnuplot.h - runs gnuplot, without a shell.
 */
#ifndef TFU_CORE_RESULT_GNUPLOT_H
#define TFU_CORE_RESULT_GNUPLOT_H

#include "core/base/error.h"

/* Runs the script `name` ("./fig.gp") in `folder`, without the user's own settings. TFU_ENOTFOUND:
 * there is no gnuplot; TFU_EIO: it failed, with the first of what it said. */
enum tfu_status tfu_gnuplot_run(const char *folder, const char *name, struct tfu_error *e);

#endif
