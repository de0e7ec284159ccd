/* SPDX-License-Identifier: MIT
 *
 * peek.h - the values that stand in a configuration's file, as text: no plugin is opened, nothing
 * is checked and no default filled in. For choosing among many runs, whose config.yaml has all
 * values.
 */
#ifndef TFU_CORE_CONFIG_PEEK_H
#define TFU_CORE_CONFIG_PEEK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct tfu_peek;

/* TFU_EINVAL: it is no file of YAML with keys. */
enum tfu_status tfu_peek_open(struct tfu_peek **out, const char *path, struct tfu_error *e);
void tfu_peek_close(struct tfu_peek *p);

/* "cbr_tiny" of "arch.plugin", "random" of "init.0.plugin", "[32, 32]" of "data.train.resize";
 * NULL: there is no value under this key, as there is none of a whole section. */
const char *tfu_peek_value(const struct tfu_peek *p, const char *key);
/* All of them, in the order of the file: value number i and its key; false behind the last. */
bool tfu_peek_at(const struct tfu_peek *p, size_t i, const char **key, const char **value);
/* A key with a value that may have been meant, or NULL. */
const char *tfu_peek_nearest(const struct tfu_peek *p, const char *key);

#endif
