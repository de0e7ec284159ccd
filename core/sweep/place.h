/* SPDX-License-Identifier: MIT
 *
 * place.h - where a store keeps what is known of its sweeps, and of none of its runs:
 * <store>/.sweeps/<sweep> with an ending for each kind of file.
 */
#ifndef TFU_CORE_SWEEP_PLACE_H
#define TFU_CORE_SWEEP_PLACE_H

#include <limits.h>
#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* "<store>/.sweeps/<sweep><ending>"; without a sweep the folder. False: it is too long. */
bool tfu_sweep_place(char path[PATH_MAX], const char *store, const char *sweep, const char *ending);

/* Writes such a file, unless it is there as it would be written; the folder is made. */
enum tfu_status tfu_sweep_place_write(const char *store, const char *path,
                                      const struct tfu_text *text, struct tfu_error *e);

#endif
