/* SPDX-License-Identifier: MIT
 *
 * image_file.h - files of images, through whichever reader plugin knows their format.
 */
#ifndef TFU_CORE_DATA_IMAGE_FILE_H
#define TFU_CORE_DATA_IMAGE_FILE_H

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/plugin/registry.h"

#include <transfuse/reader.h>

struct tfu_image_files;

struct tfu_image_file_want {
    int64_t channels; /* 1, 3, or 0: as it is in the file */
    uint32_t flags;   /* TFU_READ_* */
    int64_t wanted_height, wanted_width;
};

struct tfu_image_file_info {
    uint32_t dtype;
    int64_t height, width, channels;
};

enum tfu_status tfu_image_files_new(struct tfu_image_files **out, struct tfu_registry *r,
                                    struct tfu_log *log, struct tfu_error *e);
void tfu_image_files_free(struct tfu_image_files *f);
enum tfu_status tfu_image_files_look(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info, char hex[TFU_HASH_HEX],
                                     struct tfu_error *e);
enum tfu_status tfu_image_files_read(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info,
                                     void *(*alloc)(void *arg, size_t bytes), void *arg,
                                     void **pixels, struct tfu_error *e);

#endif
