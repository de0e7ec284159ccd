/* SPDX-License-Identifier: MIT
 *
 * program.h - this program, for commands that start it again.
 */
#ifndef TFU_CORE_CLI_PROGRAM_H
#define TFU_CORE_CLI_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

/* Its file, for a command that is started later or elsewhere; false: it is not known. */
bool tfu_cli_program_file(char path[PATH_MAX]);
/* For a process that is started from this one: this very program, also where its file is replaced
 * meanwhile; where something else runs it, as valgrind does, its file, which is put into `path`. */
const char *tfu_cli_program_again(char path[PATH_MAX]);

#endif
