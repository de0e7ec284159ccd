/* SPDX-License-Identifier: MIT */
#include "core/io/image_encode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <png.h>

enum tfu_status tfu_encode_png(const struct tfu_pixels *p, void **out, size_t *size,
                               struct tfu_error *e)
{
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)p->width,
                     .height = (png_uint_32)p->height,
                     .format = p->channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB};
    png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(png);
    *out = malloc(n);
    if (!*out)
        return tfu_error_memory(e, "writing an image", n);
    enum tfu_status st = TFU_OK;
    if (!png_image_write_to_memory(&png, *out, &n, 0, p->pixel, 0, NULL))
        st = tfu_error_set(e, TFU_EIO, "libpng cannot write it: %s", png.message);
    png_image_free(&png);
    if (st != TFU_OK) {
        free(*out);
        *out = NULL;
    }
    *size = n;
    return st;
}

/* libjpeg's errors end where encode() set its mark. */
struct failure {
    struct jpeg_error_mgr manager;
    jmp_buf mark;
    char text[JMSG_LENGTH_MAX];
};

static void fail(j_common_ptr about)
{
    struct failure *f = (struct failure *)about->err;
    about->err->format_message(about, f->text);
    longjmp(f->mark, 1);
}

static void say_nothing(j_common_ptr about)
{
    (void)about;
}

enum tfu_status tfu_encode_jpeg(const struct tfu_pixels *p, int quality, void **out, size_t *size,
                                struct tfu_error *e)
{
    struct jpeg_compress_struct jpeg;
    struct failure failure;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    *out = NULL;
    jpeg.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = fail;
    failure.manager.output_message = say_nothing;
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &n);
    if (setjmp(failure.mark)) {
        /* what it had written so far is lost: which memory that is, it only says at the end */
        jpeg_destroy_compress(&jpeg);
        return tfu_error_set(e, TFU_EIO, "libjpeg cannot write it: %s", failure.text);
    }
    jpeg.image_width = (JDIMENSION)p->width;
    jpeg.image_height = (JDIMENSION)p->height;
    jpeg.input_components = p->channels;
    jpeg.in_color_space = p->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        /* libjpeg does not write there */
        JSAMPROW row = (JSAMPROW)(p->pixel + (size_t)jpeg.next_scanline * (size_t)p->width *
                                                 (size_t)p->channels);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *out = bytes;
    *size = n;
    return TFU_OK;
}
