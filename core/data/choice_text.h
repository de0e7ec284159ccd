/* SPDX-License-Identifier: MIT
 *
 * choice_text.h - a plugin and its options as a text that is another when what it does may be: for
 * the keys of what is kept on the disk.
 */
#ifndef TFU_CORE_DATA_CHOICE_TEXT_H
#define TFU_CORE_DATA_CHOICE_TEXT_H

#include <stdbool.h>

#include "core/base/text.h"
#include "core/plugin/choice.h"

/* A line: its name, version and all options. With `paths` a file that an option names is there by
 * what it holds, without them not at all. Options of type TFU_INNER, which transforms and readers
 * have none of, are left out. */
void tfu_choice_text(struct tfu_text *out, const struct tfu_plugin_choice *c, bool paths);

#endif
