/* SPDX-License-Identifier: MIT
 *
 * choice_path.h - the files and folders that a plugin's options name.
 */
#ifndef TFU_CORE_DATA_CHOICE_PATH_H
#define TFU_CORE_DATA_CHOICE_PATH_H

#include "core/plugin/choice.h"

/* The path that option `i` of the plugin names; NULL: it is none, or names none. */
const char *tfu_choice_path(const struct tfu_plugin_choice *c, uint32_t i);
/* That of the option `name`, or else of the first that names one; NULL: none does. */
const char *tfu_choice_path_of(const struct tfu_plugin_choice *c, const char *name);

#endif
