/* SPDX-License-Identifier: MIT
 *
 * contents_check.h - what a function table says beside its functions: rows of kernels and
 * attributes, slots, types of number.
 */
#ifndef TFU_CORE_CONTENTS_CHECK_H
#define TFU_CORE_CONTENTS_CHECK_H

#include "core/base/error.h"

/* Checks the table of `p`, whose size and functions are known to be good. */
enum tfu_status tfu_plugin_contents_check(const struct tfu_plugin *p, struct tfu_error *e);

#endif
