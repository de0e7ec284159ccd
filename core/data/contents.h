/* SPDX-License-Identifier: MIT
 *
 * contents.h - what a dataset plugin says while it opens: the files and bytes that its examples are
 * made of, as one fingerprint, and what its image files look like.
 */
#ifndef TFU_CORE_DATA_CONTENTS_H
#define TFU_CORE_DATA_CONTENTS_H

#include "core/base/hash.h"
#include "core/base/log.h"

#include <transfuse/dataset.h>

struct tfu_image_files;

struct tfu_contents {
    struct tfu_dataset_host host; /* lent to the plugin */
    struct tfu_image_files *files;
    struct tfu_log *log;
    struct tfu_error *error; /* of the call in progress */
    struct tfu_hash *hash;   /* NULL: nothing has been added */
    bool opening;            /* things may be added */
    bool refused;            /* the last that was added: the plugin may say more of it */
    int64_t images;
    int64_t height, width, channels; /* of all images; 0: they differ */
    int64_t largest;                 /* numbers of the largest image */
};

/* `files` and `log` must outlive it. */
void tfu_contents_init(struct tfu_contents *c, struct tfu_image_files *files, struct tfu_log *log);
void tfu_contents_free(struct tfu_contents *c);
/* What the plugin gets for a call whose failures go to `e`. */
struct tfu_dataset_host *tfu_contents_host(struct tfu_contents *c, bool opening,
                                           struct tfu_error *e);
/* Ends the fingerprint; `hex` is "" when nothing was added. */
enum tfu_status tfu_contents_fingerprint(struct tfu_contents *c, char hex[TFU_HASH_HEX],
                                         struct tfu_error *e);

#endif
