/* SPDX-License-Identifier: MIT
 *
 * parse.h - a text to a tree, by libyaml. Of YAML 1.1 it takes one document of mappings with text
 * keys, lists and scalars, with anchors, aliases and merge keys (<<). It gives no type to a scalar:
 * that is the schema's business. Tags are refused.
 */
#ifndef TFU_CORE_CONFIG_PARSE_H
#define TFU_CORE_CONFIG_PARSE_H

#include "core/config/node.h"

/* The tree of `text`, or NULL after a finding that leaves none; other findings do not stop it.
 * `origin` is the place of the text's first character. */
struct tfu_node *tfu_parse_yaml(struct tfu_load *l, const char *text, size_t length,
                                struct tfu_mark origin);

#endif
