/* SPDX-License-Identifier: MIT
 *
 * split_lists.h - which examples the splits of a run are: that no group is in two of them, and the
 * lists of their names, as files and as digests.
 */
#ifndef TFU_CORE_TRAIN_SPLIT_LISTS_H
#define TFU_CORE_TRAIN_SPLIT_LISTS_H

#include "core/data/id_list.h"
#include "core/store/run_folder.h"
#include "core/train/assemble.h"

/* Groups of which two of the opened splits (NULL: not there) have examples. TFU_EINVAL where there
 * are some, unless the configuration allows it: then it is a warning. */
enum tfu_status tfu_split_lists_check(const struct tfu_context *c, struct tfu_dataset *const *data,
                                      struct tfu_error *e);
/* "train 70 valid 10 test 20: 0 shared": how many groups each has, and how many two have; nothing
 * where none are known. */
enum tfu_status tfu_split_lists_put_groups(struct tfu_dataset *const *data, struct tfu_text *out,
                                           struct tfu_error *e);
/* "train 0123456789abcdef test ...": the digests' beginnings. Nothing where no dataset names its
 * examples and nothing is cut. */
void tfu_split_lists_put_digests(const struct tfu_context *c, struct tfu_dataset *const *data,
                                 const struct tfu_id_list *list, struct tfu_text *out);
/* Is there anything to be said by lists? */
bool tfu_split_lists_tell(const struct tfu_context *c, struct tfu_dataset *const *data,
                          const struct tfu_id_list *list);
/* Where data.split cuts: split.train.txt and so on, that `data.split` takes. */
enum tfu_status tfu_split_lists_write(const struct tfu_context *c, struct tfu_dataset *const *data,
                                      struct tfu_run_folder *folder, struct tfu_error *e);

#endif
