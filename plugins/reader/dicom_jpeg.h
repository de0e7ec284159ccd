/* SPDX-License-Identifier: MIT
 *
 * dicom_jpeg.h - inside the reader dicom: what a JPEG or JPEG-LS frame says of itself, before a
 * decoder takes memory for it.
 */
#ifndef TFU_PLUGINS_READER_DICOM_JPEG_H
#define TFU_PLUGINS_READER_DICOM_JPEG_H

#include <transfuse/reader.h>

#include "dicom_dcmtk.h"

/* Is it of the size that the data set says, whole, and of few scans? */
enum tfu_status dicom_jpeg_check(const struct dicom_frame *f, struct tfu_host *h);

#endif
