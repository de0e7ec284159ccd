/* SPDX-License-Identifier: MIT
 *
 * image_list.h - the files of images that somebody names: files, folders of them, and a list.
 */
#ifndef TFU_CORE_DATA_IMAGE_LIST_H
#define TFU_CORE_DATA_IMAGE_LIST_H

#include <stddef.h>
#include <stdio.h>

#include "core/base/error.h"

struct tfu_image_list {
    char **path;
    size_t count, capacity;
    size_t left_out; /* files of folders that are not called as images are */
};

/* A file, whether there is one or not; or a folder: all files in it and below whose names end as
 * those of images do (.png, .jpg, .jpeg, .tif, .tiff, .dcm, in any case), in the order of their
 * names' bytes, without those that begin with a dot; a link to a folder that it lies in adds
 * nothing. A folder without any is an error. */
enum tfu_status tfu_image_list_add(struct tfu_image_list *l, const char *path, struct tfu_error *e);
/* A line a file or folder; empty lines are nothing. `name` is for messages. */
enum tfu_status tfu_image_list_add_lines(struct tfu_image_list *l, FILE *from, const char *name,
                                         struct tfu_error *e);
void tfu_image_list_free(struct tfu_image_list *l);

#endif
