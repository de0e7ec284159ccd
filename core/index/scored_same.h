/* SPDX-License-Identifier: MIT
 *
 * scored_same.h - are two files of predictions of the same examples, and which examples belong
 * together? Private to this folder.
 */
#ifndef TFU_CORE_INDEX_SCORED_SAME_H
#define TFU_CORE_INDEX_SCORED_SAME_H

#include "core/index/scored_file.h"

/* TFU_EINVAL says in what they differ: examples, groups, labels or what is scored. */
enum tfu_status tfu_scored_check_same(const struct tfu_scored_file *a,
                                      const struct tfu_scored_file *b, struct tfu_error *e);
/* A label for each output says yes or no; a single one, which output is the right one. */
enum tfu_status tfu_scored_check_labels(const struct tfu_scored_file *a, struct tfu_error *e);

bool tfu_scored_has_groups(const struct tfu_scored_file *f);
/* Groups of the examples by number, whatever they are called; false: memory ran out. */
bool tfu_scored_number_groups(const struct tfu_scored_file *f, int64_t *group, size_t *groups);

#endif
