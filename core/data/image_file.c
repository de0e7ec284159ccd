/* SPDX-License-Identifier: MIT */
#include "core/data/image_file.h"

enum tfu_status tfu_image_files_new(struct tfu_image_files **out, struct tfu_registry *r,
                                    struct tfu_log *log, struct tfu_error *e)
{
    (void)r, (void)log, (void)e;
    *out = NULL;
    return TFU_OK;
}
void tfu_image_files_free(struct tfu_image_files *f)
{
    (void)f;
}
enum tfu_status tfu_image_files_look(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info, char hex[TFU_HASH_HEX],
                                     struct tfu_error *e)
{
    (void)f, (void)want, (void)info, (void)hex;
    return tfu_error_set(e, TFU_EUNSUPPORTED, "no reader for '%s'", path);
}
enum tfu_status tfu_image_files_read(struct tfu_image_files *f, const char *path,
                                     const struct tfu_image_file_want *want,
                                     struct tfu_image_file_info *info,
                                     void *(*alloc)(void *arg, size_t bytes), void *arg,
                                     void **pixels, struct tfu_error *e)
{
    (void)f, (void)want, (void)info, (void)alloc, (void)arg, (void)pixels;
    return tfu_error_set(e, TFU_EUNSUPPORTED, "no reader for '%s'", path);
}
