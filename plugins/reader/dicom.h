/* SPDX-License-Identifier: MIT
 *
 * dicom.h - inside the reader dicom: a file, what its pixels are, and what becomes of them.
 */
#ifndef TFU_PLUGINS_READER_DICOM_H
#define TFU_PLUGINS_READER_DICOM_H

#include <transfuse/reader.h>

#include "dicom_set.h"

enum dicom_range { DICOM_RANGE_FILE, DICOM_RANGE_FULL };

struct dicom_config {
    struct tfu_float_list window; /* centre, width; empty: by `range` */
    int32_t range;                /* enum dicom_range */
    int64_t frame;
};

enum dicom_colours { DICOM_GRAY, DICOM_GRAY_INVERTED, DICOM_RGB, DICOM_PALETTE, DICOM_OTHER };

/* How numbers lie in the file. */
struct dicom_pixels {
    int64_t rows, columns, frames;
    uint32_t samples, allocated, stored, high; /* bits, but for the samples */
    int is_signed, is_planar;
    enum dicom_colours colours;
    char photometric[20];
    struct dicom_element data; /* in items where it is compressed */
};

struct dicom_file {
    unsigned char *inflated; /* the data set, where the file has it deflated */
    struct dicom_set set;
    char syntax[72]; /* of the transfer: its UID */
    struct dicom_pixels pixels;
};

/* Finds the data set of a file, and what it says of pixels: all of it is there, and its claims are
 * within the limit and within what the file can hold. */
enum tfu_status dicom_file_open(struct dicom_file *f, const struct tfu_reader_source *source,
                                struct tfu_host *h);
void dicom_file_close(struct dicom_file *f);
int dicom_file_is_rle(const struct dicom_file *f);
/* Bytes of a frame, decoded. */
size_t dicom_file_frame_size(const struct dicom_pixels *p);
/* A frame as it is stored, decoded, samples of a pixel side by side, in the machine's order of
 * bytes. `photometric`: what its colours are by then. */
enum tfu_status dicom_file_frame(const struct dicom_file *f, int64_t frame, unsigned char *out,
                                 char photometric[20], struct tfu_host *h);

/* Gray: every stored number that there is in a frame becomes one that comes out. */
enum tfu_status dicom_gray(const struct dicom_file *f, const struct dicom_config *c, int64_t frame,
                           const unsigned char *stored, uint32_t dtype, void *out,
                           struct tfu_host *h);
/* As they are stored. */
void dicom_numbers(const struct dicom_pixels *p, const unsigned char *stored, uint32_t dtype,
                   void *out);

#endif
