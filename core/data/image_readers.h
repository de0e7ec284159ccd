/* SPDX-License-Identifier: MIT
 *
 * image_readers.h - the reader plugins on the search path, and which of them knows a file.
 */
#ifndef TFU_CORE_DATA_IMAGE_READERS_H
#define TFU_CORE_DATA_IMAGE_READERS_H

#include <pthread.h>
#include <stdbool.h>

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/config/choice.h"
#include "core/plugin/registry.h"

#include <transfuse/reader.h>

struct tfu_image_reader {
    struct tfu_chosen *choice; /* NULL: the options are given */
    const struct tfu_plugin *plugin;
    const struct tfu_reader_ops *ops;
    const void *config;
    char hex[TFU_HASH_HEX]; /* of its file; "": nobody asked yet */
};

struct tfu_image_readers {
    struct tfu_registry *registry;
    struct tfu_log *log;
    const struct tfu_plugin_choice *given; /* with their options; the others have their defaults */
    size_t given_count;
    pthread_mutex_t lock; /* of the opening, and of their files' digests */
    bool opened;
    struct tfu_image_reader *reader;
    size_t count;
};

void tfu_image_readers_init(struct tfu_image_readers *r, struct tfu_registry *registry,
                            struct tfu_log *log);
void tfu_image_readers_free(struct tfu_image_readers *r);

/* The one that knows a file by its bytes. The plugins are opened now, if they are not yet. The text
 * is to follow the file's name. [any thread] */
enum tfu_status tfu_image_readers_find(struct tfu_image_readers *r, const void *bytes, size_t size,
                                       const struct tfu_image_reader **out, struct tfu_error *e);

/* Appends which readers there are, with their versions and options, and the digests of their files:
 * one that was built anew may read something else. [any thread] */
enum tfu_status tfu_image_readers_text(struct tfu_image_readers *r, struct tfu_text *out,
                                       struct tfu_error *e);

#endif
