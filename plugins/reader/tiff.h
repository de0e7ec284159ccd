/* SPDX-License-Identifier: MIT
 *
 * tiff.h - inside the reader tiff: one image of a TIFF file, open in libtiff.
 */
#ifndef TFU_PLUGINS_READER_TIFF_H
#define TFU_PLUGINS_READER_TIFF_H

#include <stdint.h>

#include <tiffio.h>

#include <transfuse/reader.h>

/* A file in memory, as libtiff gets at it. It calls back with a pointer to this. */
struct tiff_file {
    const struct tfu_reader_source *source;
    uint64_t at;
    TIFF *tiff;
    int is_decoding; /* what is but a warning is an error now: pixels are made up behind it */
    char said[200];  /* the first complaint; "": there was none */
};

enum tiff_alpha { TIFF_ALPHA_NONE, TIFF_ALPHA_PLAIN, TIFF_ALPHA_PREMULTIPLIED };

/* How the numbers of an image lie in its file. Strips are tiles as wide as the image. */
struct tiff_layout {
    int64_t height, width;
    int64_t tile_height, tile_width;
    int64_t samples; /* of a pixel */
    int64_t planes;  /* that the file has of them, one behind the other: 1, or as many as samples */
    int64_t used;    /* samples that make the pixel; the others are left out */
    uint32_t bits;
    uint16_t photometric, compression, orientation;
    int is_float, is_tiled;
    int is_numbers;     /* as they are in the file: TFU_READ_INDICES */
    int is_decoded_rgb; /* the library makes colours of them: only all at once */
    enum tiff_alpha alpha;
    uint32_t dtype;             /* of a sample, and of what comes out */
    int64_t channels;           /* that come out */
    const uint16_t *palette[3]; /* of 2^bits each */
    int palette_shift;          /* its colours have 8 bits, or 16 */
};

struct tiff_reader {
    struct tiff_file file;
    struct tiff_layout layout;
    struct tfu_reader_info info;
};

/* Image number `frame`. */
enum tfu_status tiff_file_open(struct tiff_file *f, const struct tfu_reader_source *source,
                               int64_t frame, struct tfu_host *h);
void tiff_file_close(struct tiff_file *f);
/* What libtiff complained of since it began, as the reason of a failure. */
void tiff_file_begin(struct tiff_file *f);
enum tfu_status tiff_file_fail(const struct tiff_file *f, struct tfu_host *h);

/* Is the image of a kind that is read, and can the file hold it? */
enum tfu_status tiff_layout_find(struct tiff_layout *l, const struct tiff_file *f,
                                 struct tfu_host *h);

/* All of it, upright as `info` has it. */
enum tfu_status tiff_pixels_read(struct tiff_reader *r, void *pixels, struct tfu_host *h);

#endif
