/* SPDX-License-Identifier: MIT
 *
 * arguments.h - a command line read by tables of options, the same rows that plugins and YAML have.
 *
 * Row `nodes_b` is the flag --nodes-b: "--nodes-b VALUE" or "--nodes-b=VALUE"; of a boolean the
 * flag alone means true. Lists are items with commas between, but for commas in brackets, braces
 * and quotes; a list that is given again grows. "--help" and "-h" are there always, "--" ends the
 * options.
 */
#ifndef TFU_CORE_CLI_ARGUMENTS_H
#define TFU_CORE_CLI_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/config/options.h"

struct tfu_cli_arguments {
    const char *command;                   /* "study reinit": for messages */
    const struct tfu_options_table *table; /* with the structs to fill */
    size_t table_count;
    /* Looks at an option that is in no table: true when it was one, taken with its values, *i then
     * at the last of them and *status not 0 if they are wrong. NULL: there are no others. */
    bool (*other)(void *arg, int argc, char **argv, int *i, int *status);
    void *arg;
    bool no_pairs; /* KEY=VALUE is a file's name like another */

    /* What was read; all of it lives until tfu_cli_arguments_free(). */
    const char **positional;
    size_t positional_count;
    const char **pair; /* KEY=VALUE: tfu_cli_is_pair() */
    size_t pair_count;
    const char *inner; /* the name given to the option of type TFU_INNER; NULL: none was */
    bool help;         /* asked for: required options may be missing */
    bool *given;       /* for each row, table after table */
    struct tfu_arena arena;
};

/* Fills the structs, defaults first; argv[0] is the command's name. Returns 0, or an exit status
 * with what is wrong said. To be freed in any case. */
int tfu_cli_arguments_read(struct tfu_cli_arguments *a, int argc, char **argv);
void tfu_cli_arguments_free(struct tfu_cli_arguments *a);
/* Was the option on the command line? */
bool tfu_cli_arguments_given(const struct tfu_cli_arguments *a, const char *name);

/* Says that there is no memory for the command line; returns an exit status. */
int tfu_cli_out_of_memory(void);

/* Takes the first of the positional arguments off, as "show" of `config show FILE`; NULL: there is
 * none. */
const char *tfu_cli_arguments_shift(struct tfu_cli_arguments *a);

/* Prints `head`, then the options of the tables; returns an exit status. */
int tfu_cli_arguments_print_help(const char *head, const struct tfu_options_table *table,
                                 size_t count);

#endif
