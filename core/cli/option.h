/* SPDX-License-Identifier: MIT
 *
 * option.h - options of a subcommand as a table: "--name VALUE", "--name=VALUE" and flags. What is
 * in no table is the subcommand's own to look at.
 */
#ifndef TFU_CORE_CLI_OPTION_H
#define TFU_CORE_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row; exactly one of the places is not NULL. */
struct tfu_cli_option {
    const char *name; /* "--rows" */
    const char **text;
    int64_t *number; /* min..max */
    bool *flag;
    int64_t min, max;
};

/* Is argv[*i] an option of the table? Then it is taken, with its value, and *i points to the last
 * argument of it. A usage error is in *status, with true. */
bool tfu_cli_option_take(const struct tfu_cli_option *table, size_t count, const char *command,
                         int argc, char **argv, int *i, int *status);

/* "KEY=VALUE", and no path that has an `=` behind a slash. */
bool tfu_cli_is_pair(const char *argument);

#endif
