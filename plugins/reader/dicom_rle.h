/* SPDX-License-Identifier: MIT
 *
 * dicom_rle.h - inside the reader dicom: run lengths (PS3.5, annex G).
 */
#ifndef TFU_PLUGINS_READER_DICOM_RLE_H
#define TFU_PLUGINS_READER_DICOM_RLE_H

#include <stddef.h>

/* `pixels` of `samples` of `bytes` each, samples side by side, in the machine's order of bytes. 0:
 * the `size` bytes do not hold them. */
int dicom_rle_decode(const unsigned char *from, size_t size, size_t pixels, size_t samples,
                     size_t bytes, unsigned char *out);

#endif
