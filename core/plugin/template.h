/* SPDX-License-Identifier: MIT
 *
 * template.h - a new plugin's folder from the template of its kind.
 */
#ifndef TFU_CORE_PLUGIN_TEMPLATE_H
#define TFU_CORE_PLUGIN_TEMPLATE_H

#include "core/base/error.h"

/* Copies <templates>/common/ and <templates>/<kind>/ to the new folder `to`. "@NAME@" becomes
 * `name`, and "@KIND@" that of the kind, in the files and in their names. A name that is none, and
 * a folder that exists, are refused; after a failure nothing of the new folder is left. */
enum tfu_status tfu_template_copy(const char *templates, int kind, const char *name, const char *to,
                                  struct tfu_error *e);

#endif
