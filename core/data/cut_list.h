/* SPDX-License-Identifier: MIT
 *
 * cut_list.h - the file of names that says what a part of the data is.
 */
#ifndef TFU_CORE_DATA_CUT_LIST_H
#define TFU_CORE_DATA_CUT_LIST_H

#include "core/data/name_index.h"

/* Calls take(arg, example) for each example that a line of the file names: of an example, or of all
 * of a group. Space around a name and empty lines do not count. A name of nothing, or of several,
 * is TFU_EINVAL with the place of the first and how many there are. */
enum tfu_status tfu_cut_list_read(const char *path, const struct tfu_name_index *x,
                                  void (*take)(void *arg, int64_t example), void *arg,
                                  struct tfu_error *e);

#endif
