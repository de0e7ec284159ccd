/* SPDX-License-Identifier: MIT
 *
 * contents.h - what a dataset plugin says while it opens: the files and bytes that its examples are
 * made of, as one fingerprint, and what its image files look like. Files are read by several
 * threads some time after the plugin added them, and count in the order in which it did.
 */
#ifndef TFU_CORE_DATA_CONTENTS_H
#define TFU_CORE_DATA_CONTENTS_H

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/data/bad_images.h"
#include "core/data/image_kinds.h"

#include <transfuse/dataset.h>

struct tfu_image_files;
struct tfu_look_cache;
struct tfu_contents_item;

struct tfu_contents {
    struct tfu_dataset_host host; /* lent to the plugin */
    struct tfu_image_files *files;
    struct tfu_log *log;
    struct tfu_error *error; /* of the call in progress */
    /* The caller's, NULL: none. With `bad` images that cannot be read are put there, others are
     * decoded, and no image is a failure. */
    struct tfu_look_cache *cache;
    struct tfu_bad_images *bad;

    struct tfu_hash *hash;          /* NULL: nothing has been added */
    bool opening;                   /* things may be added */
    bool refused;                   /* the last that was added: the plugin may say more of it */
    struct tfu_contents_item *item; /* that were added and are not yet looked at */
    size_t items;
    struct tfu_threads *threads; /* NULL: not needed so far */
    struct {
        bool known;
        int64_t channels;
        uint64_t how;
    } last;        /* image that was asked of the cache */
    char *failing; /* a file that cannot be read; NULL: none so far */
    bool again;    /* the plugin opens once more, to say more of that file; nothing is read */
    struct tfu_error why; /* of it */
    int64_t images;
    int64_t height, width, channels; /* of all images; 0: they differ */
    int64_t largest;                 /* numbers of the largest image */
    struct tfu_image_kinds kinds;
};

/* `files` and `log` must outlive it. */
void tfu_contents_init(struct tfu_contents *c, struct tfu_image_files *files, struct tfu_log *log);
void tfu_contents_free(struct tfu_contents *c);
/* What the plugin gets for a call whose failures go to `e`. */
struct tfu_dataset_host *tfu_contents_host(struct tfu_contents *c, bool opening,
                                           struct tfu_error *e);
/* Looks at what is left to be looked at: a failure is that of the first file that fails. */
enum tfu_status tfu_contents_finish(struct tfu_contents *c, struct tfu_error *e);
/* A file failed that the plugin had added long before: it is to be opened again, and then fails
 * where it adds that file, so that it can say what it knows of it. Nothing else is done with what
 * it adds. `why` is the failure. */
void tfu_contents_repeat(struct tfu_contents *c, const struct tfu_error *why);
/* Ends the fingerprint; `hex` is "" when nothing was added. */
enum tfu_status tfu_contents_fingerprint(struct tfu_contents *c, char hex[TFU_HASH_HEX],
                                         struct tfu_error *e);

#endif
