/* SPDX-License-Identifier: MIT
 *
 * output.h - where results go that another program reads. A plugin that prints shares stdout with
 * the program; once the output is claimed, the program alone writes to it, and whatever else is
 * printed goes to stderr.
 */
#ifndef TFU_CORE_CLI_OUTPUT_H
#define TFU_CORE_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* Before any plugin is opened. Where descriptors run out, or stdout is closed, all stays as it is.
 */
void tfu_cli_output_claim(void);

/* stdout, or what is in its place since it was claimed. */
FILE *tfu_cli_output(void);

/* Writes what is buffered; false, with errno set or 0, when some of it could not be written, now
 * or before. */
bool tfu_cli_output_flush(void);

/* Each prints and frees it, or says that memory ran out (of NULL, of a text that failed); returns
 * an exit status. */
int tfu_cli_print_json(json_t *root);
int tfu_cli_print_text(struct tfu_text *text);
/* Prints and frees it; NULL: memory ran out. */
enum tfu_status tfu_cli_json_print(json_t *root, struct tfu_error *e);

#endif
