/* SPDX-License-Identifier: MIT
 *
 * reference.h - `transfuse config describe`: what the keys of a configuration mean.
 */
#ifndef TFU_CORE_CLI_REFERENCE_H
#define TFU_CORE_CLI_REFERENCE_H

#include "core/cli/cli.h"

enum tfu_reference_form { TFU_REFERENCE_TEXT, TFU_REFERENCE_JSON, TFU_REFERENCE_MARKDOWN };

/* Prints the section, the key, or the keys below the prefix `path` (NULL: all there are); options
 * of plugins on the search path are found as well. Returns an exit status. */
int tfu_reference_print(struct tfu_registry *r, const char *path, enum tfu_reference_form form);

#endif
