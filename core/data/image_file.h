/* SPDX-License-Identifier: MIT
 *
 * image_file.h - files of images, through whichever reader plugin knows their format.
 */
#ifndef TFU_CORE_DATA_IMAGE_FILE_H
#define TFU_CORE_DATA_IMAGE_FILE_H

#include "core/base/digests.h"
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

/* What there is to know of a file before it is read. */
struct tfu_image_look {
    struct tfu_file_state state;
    uint8_t digest[TFU_HASH_SIZE]; /* SHA-256 of its bytes */
    struct tfu_image_file_info info;
    uint32_t traits; /* TFU_IMAGE_* (image_kinds.h) */
    bool whole;      /* it was decoded to its end */
    bool settled;    /* the file was the same before and after it was read */
};

/* What tfu_image_files_read() will give. With `decode` the pixels are decoded and thrown away, so
 * that a file which is damaged in its middle fails here. [any thread] */
enum tfu_status tfu_image_files_look(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want, bool decode,
                                     struct tfu_image_look *out, struct tfu_error *e);
/* The file is refused when it is read and has changed by then. NULL: it is bad, and not to be read
 * at all. [one thread, before anything is read] */
enum tfu_status tfu_image_files_remember(struct tfu_image_files *f, const char *path,
                                         const struct tfu_image_look *look, struct tfu_error *e);
/* What is remembered of a file, or NULL. [any thread] */
struct tfu_image_seen_file;
const struct tfu_image_seen_file *tfu_image_files_seen(const struct tfu_image_files *f,
                                                       const char *path);
/* A number that is another when looks may give something else: for other readers, options of
 * theirs, or wishes. */
enum tfu_status tfu_image_files_how(struct tfu_image_files *f,
                                    const struct tfu_image_file_want *want, uint64_t *how,
                                    struct tfu_error *e);

/* The first image of a file, H,W,C, in memory of alloc(arg), which is asked once and has set the
 * error when it gives NULL. [any thread] */
enum tfu_status tfu_image_files_read(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info,
                                     void *(*alloc)(void *arg, size_t bytes), void *arg,
                                     void **pixels, struct tfu_error *e);

#endif
