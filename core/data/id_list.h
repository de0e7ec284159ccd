/* SPDX-License-Identifier: MIT
 *
 * id_list.h - the list of what a split's examples are called, and its digest: which examples they
 * are, whatever the order of the rows and wherever the data lie.
 */
#ifndef TFU_CORE_DATA_ID_LIST_H
#define TFU_CORE_DATA_ID_LIST_H

#include "core/base/hash.h"
#include "core/data/dataset.h"

struct tfu_id_list {
    bool named;                /* the dataset gives names; else they are numbers */
    char sha256[TFU_HASH_HEX]; /* of the text */
};

/* A name a line, sorted by their bytes; without the folders that all of the dataset have. `text`
 * may be NULL. */
enum tfu_status tfu_id_list_make(struct tfu_id_list *out, const struct tfu_dataset *d,
                                 struct tfu_text *text, struct tfu_error *e);

#endif
