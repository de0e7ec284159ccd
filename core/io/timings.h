/* SPDX-License-Identifier: MIT
 *
 * timings.h - measured seconds of kernels, in a text file: a first line with the format's name and
 * version, then lines "KEY<tab>SECONDS", sorted. Several processes may add to the same file.
 */
#ifndef TFU_CORE_IO_TIMINGS_H
#define TFU_CORE_IO_TIMINGS_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/log.h"

struct tfu_timings;

/* Reads `path`. A file to be added to need not exist yet, and lines in it that are not understood
 * are dropped with a warning, which names them; in one that is only read they are an error. */
enum tfu_status tfu_timings_open(struct tfu_timings **out, const char *path, bool added_to,
                                 struct tfu_log *log, struct tfu_error *e);
/* With `path` "" the file "transfuse/timings" in the user's folder of caches. */
enum tfu_status tfu_timings_open_or_cache(struct tfu_timings **out, const char *path, bool added_to,
                                          struct tfu_log *log, struct tfu_error *e);
void tfu_timings_free(struct tfu_timings *t);
bool tfu_timings_added_to(const struct tfu_timings *t);
/* What keys begin with: the name of the processor that this runs on. */
const char *tfu_timings_processor(const struct tfu_timings *t);

/* Seconds, or negative: not known. */
double tfu_timings_find(const struct tfu_timings *t, const char *key);
/* A key has no tab and no newline. */
enum tfu_status tfu_timings_add(struct tfu_timings *t, const char *key, double seconds,
                                struct tfu_error *e);
/* Writes the file if anything was added, with what others have added in the meantime. Makes its
 * folder. */
enum tfu_status tfu_timings_save(struct tfu_timings *t, struct tfu_error *e);

#endif
