/* SPDX-License-Identifier: MIT
 *
 * sweep_choose.h - cases of a sweep that a command line chooses.
 */
#ifndef TFU_CORE_CLI_SWEEP_CHOOSE_H
#define TFU_CORE_CLI_SWEEP_CHOOSE_H

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/sweep/sweep.h"

/* Marks, for each case, if it is chosen by one of the patterns: of its name, or the beginning of
 * its key. One that chooses none is a usage error, told. Without patterns `*chosen` is NULL. To be
 * freed in any case. */
int tfu_cli_sweep_choose(const struct tfu_cli_arguments *a, const struct tfu_sweep *s,
                         const struct tfu_string_list *pattern, bool **chosen);

#endif
