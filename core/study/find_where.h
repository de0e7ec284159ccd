/* SPDX-License-Identifier: MIT
 *
 * find_where.h - runs by what their configurations say, read from their config.yaml alone.
 */
#ifndef TFU_CORE_STUDY_FIND_WHERE_H
#define TFU_CORE_STUDY_FIND_WHERE_H

#include <stdbool.h>

#include "core/study/find.h"

/* Does the configuration of the run in folder `run` say `value` under `key` ("arch.plugin",
 * "init.0.plugin")? Numbers are compared as numbers. Opens neither plugins nor data. Where the key
 * has no value it is false. */
enum tfu_status tfu_find_matches(const char *run, const char *key, const char *value, bool *out,
                                 struct tfu_error *e);
/* Drops what tfu_find_matches() says no to. TFU_ENOTFOUND: nothing is left; the text says what
 * there is instead. TFU_EINVAL: something is no run. */
enum tfu_status tfu_found_keep(struct tfu_found *f, const char *key, const char *value,
                               struct tfu_error *e);
/* Drops those without keep[i]. */
void tfu_found_drop(struct tfu_found *f, const bool *keep);
/* TFU_ENOTFOUND, as above: none of the runs has the value (NULL: one of several), and what there is
 * instead. */
enum tfu_status tfu_found_none(const struct tfu_found *f, const char *key, const char *value,
                               struct tfu_error *e);

#endif
