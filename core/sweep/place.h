/* SPDX-License-Identifier: MIT
 *
 * place.h - where a store keeps what is known of its sweeps, and of none of its runs:
 * <store>/.sweeps/<sweep> with an ending for each kind of file.
 */
#ifndef TFU_CORE_SWEEP_PLACE_H
#define TFU_CORE_SWEEP_PLACE_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* "<store>/.sweeps/<sweep><ending>"; without a sweep the folder. False: it is too long. */
bool tfu_sweep_place(char path[PATH_MAX], const char *store, const char *sweep, const char *ending);

/* What such a file says as JSON; NULL: nothing that can be read, or that is no file. */
json_t *tfu_sweep_place_read(const char *path);
/* Writes such a file, unless it is there as it would be written; the folder is made. */
enum tfu_status tfu_sweep_place_write(const char *store, const char *path,
                                      const struct tfu_text *text, struct tfu_error *e);

/* Waits a while for who reads and writes these files in one go; the descriptor, which the caller
 * closes at its end. -1: it cannot be had, as on a file system without locks. */
int tfu_sweep_place_lock(const char *store);

#endif
