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

/* An image of more numbers, and a file of more bytes, is refused. */
#define TFU_IMAGE_FILE_NUMBERS (INT64_C(1) << 28)
#define TFU_IMAGE_FILE_BYTES   (INT64_C(1) << 30)

struct tfu_image_file_want {
    /* 0: as it is in the file. 1: gray, (19595 R + 38470 G + 7471 B) / 65536, as PIL has ITU-R 601.
     * 3: red, green and blue. Transparency is left out in both. */
    int64_t channels;
    uint32_t flags; /* TFU_READ_* */
    int64_t wanted_height, wanted_width;
};

struct tfu_image_file_info {
    uint32_t dtype;
    int64_t height, width, channels; /* of the pixels that are given */
};

/* How all of them are read. */
struct tfu_image_files_options {
    const struct tfu_plugin_choice *reader; /* those whose options are not their defaults */
    size_t reader_count;
    uint32_t flags; /* TFU_READ_*, beside those of a want */
};

/* The readers are those on the search path of `r`, and those of the options (NULL: none); they are
 * opened when the first file is looked at. `r`, `log` and the readers must outlive it. */
enum tfu_status tfu_image_files_new(struct tfu_image_files **out, struct tfu_registry *r,
                                    const struct tfu_image_files_options *options,
                                    struct tfu_log *log, struct tfu_error *e);
void tfu_image_files_free(struct tfu_image_files *f);

/* What tfu_image_files_read() will give, and a SHA-256 of the file's bytes (NULL: not wanted). The
 * pixels are not looked at. With a digest the file is remembered, and refused when it is read and
 * has changed by then. [one thread, before anything is read] */
enum tfu_status tfu_image_files_look(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info, char hex[TFU_HASH_HEX],
                                     struct tfu_error *e);

/* The first image of a file, H,W,C, in memory of alloc(arg), which is asked once and has set the
 * error when it gives NULL. [any thread] */
enum tfu_status tfu_image_files_read(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info,
                                     void *(*alloc)(void *arg, size_t bytes), void *arg,
                                     void **pixels, struct tfu_error *e);

#endif
