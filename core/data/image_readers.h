/* SPDX-License-Identifier: MIT
 *
 * image_readers.h - the reader plugins on the search path, and which of them knows a file.
 */
#ifndef TFU_CORE_DATA_IMAGE_READERS_H
#define TFU_CORE_DATA_IMAGE_READERS_H

#include <pthread.h>
#include <stdbool.h>

#include "core/base/log.h"
#include "core/config/choice.h"
#include "core/plugin/registry.h"

#include <transfuse/reader.h>

struct tfu_image_reader {
    struct tfu_chosen *choice;
    const struct tfu_plugin *plugin;
    const struct tfu_reader_ops *ops;
    const void *config; /* its defaults */
};

struct tfu_image_readers {
    struct tfu_registry *registry;
    struct tfu_log *log;
    pthread_mutex_t lock; /* of the opening */
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

/* Appends which readers there are, with their versions and options. [any thread] */
enum tfu_status tfu_image_readers_text(struct tfu_image_readers *r, struct tfu_text *out,
                                       struct tfu_error *e);

#endif
