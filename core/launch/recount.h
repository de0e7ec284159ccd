/* SPDX-License-Identifier: MIT
 *
 * recount.h - what is done of a sweep when its launcher could not work, as in a store that cannot
 * be written to.
 */
#ifndef TFU_CORE_LAUNCH_RECOUNT_H
#define TFU_CORE_LAUNCH_RECOUNT_H

#include "core/launch/launch.h"

/* Fills the counts of `result` by what the folders say now. */
enum tfu_status tfu_launch_recount(const struct tfu_launch_request *request,
                                   struct tfu_launch_result *result, struct tfu_error *e);

#endif
