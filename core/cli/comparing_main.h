/* SPDX-License-Identifier: MIT
 *
 * comparing_main.h - a study of activations from its command line to its exit status.
 */
#ifndef TFU_CORE_CLI_COMPARING_MAIN_H
#define TFU_CORE_CLI_COMPARING_MAIN_H

#include "core/cli/comparing.h"

struct tfu_comparing_command {
    const char *name;              /* "study dynamics" */
    const char *help;              /* its own part */
    const char *metric;            /* the default */
    int64_t rows, channels, draws; /* other defaults than usual; -1: the usual ones */
    bool same_rows;
    const char *const *unused; /* options of those that are shared, and are not looked at; NULL */
    size_t subjects_min, subjects_max;   /* networks that it takes */
    const struct tfu_cli_option *option; /* its own */
    size_t option_count;
    /* `c` is open, `spec` are the networks. */
    enum tfu_status (*run)(void *arg, struct tfu_comparing *c, const char *const *spec,
                           size_t count, struct tfu_error *e);
    void *arg;
};

int tfu_comparing_main(struct tfu_cli *cli, const struct tfu_comparing_command *command, int argc,
                       char **argv);

#endif
