/* SPDX-License-Identifier: MIT
 *
 * options_check.h - is a plugin's option table one that a config struct can be filled by?
 */
#ifndef TFU_CORE_PLUGIN_OPTIONS_CHECK_H
#define TFU_CORE_PLUGIN_OPTIONS_CHECK_H

#include "core/base/error.h"

#include <transfuse/option.h>

/* Checks the table of `p`, whose prefix and size are known to be good. The text names the option.
 */
enum tfu_status tfu_plugin_options_check(const struct tfu_plugin *p, struct tfu_error *e);

#endif
