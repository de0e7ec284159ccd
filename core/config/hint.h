/* SPDX-License-Identifier: MIT
 *
 * hint.h - numbers and booleans as people write them, and what they may have meant by what is none:
 * YAML has had several ways to write both, and other languages have more.
 */
#ifndef TFU_CORE_CONFIG_HINT_H
#define TFU_CORE_CONFIG_HINT_H

#include "core/config/node.h"

/* Digits, with a sign or none. */
bool tfu_hint_is_integer(const char *s);
/* Decimal, with a point or an exponent or neither: 1, 1.5, .5, 5., 1e-4, 1E5. */
bool tfu_hint_is_number(const char *s);

/* "; write 1000": what goes behind the refusal of a scalar that is no number of the wanted kind, or
 * NULL. */
const char *tfu_hint_number(struct tfu_load *l, const struct tfu_node *n, bool integer);
/* The same of what is no boolean. */
const char *tfu_hint_boolean(const char *s);

#endif
