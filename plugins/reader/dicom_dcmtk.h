/* SPDX-License-Identifier: MIT
 *
 * dicom_dcmtk.h - inside the reader dicom: what DCMTK does for it: JPEG and JPEG-LS, and
 * colours that become RGB. No exception comes out, and nothing is printed.
 */
#ifndef TFU_PLUGINS_READER_DICOM_DCMTK_H
#define TFU_PLUGINS_READER_DICOM_DCMTK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DICOM_SAID = 160, DICOM_LUTS = 3 };

/* One frame, with what DCMTK wants to know of it. */
struct dicom_frame {
    uint16_t rows, columns, samples, allocated, stored, high, is_signed;
    const char *photometric;
    const void *bytes; /* of one fragment, or of all pixels */
    size_t size;
    const uint16_t *lut[DICOM_LUTS]; /* of a palette, in the machine's order of bytes */
    size_t lut_size[DICOM_LUTS];
    uint16_t lut_descriptor[DICOM_LUTS][3];
};

/* Is there a decoder for this transfer syntax? */
int dicom_dcmtk_decodes(const char *syntax);
/* Decompresses into `out`, of exactly `size` bytes, with room for one more where that is odd.
 * `photometric`: what comes out. 0: not, and `said` says why. */
int dicom_dcmtk_decode(const struct dicom_frame *f, const char *syntax, void *out, size_t size,
                       char photometric[20], char said[DICOM_SAID]);
/* RGB of `bits` (8 or 16) of what is not compressed. */
int dicom_dcmtk_colours(const struct dicom_frame *f, unsigned bits, void *out, size_t size,
                        char said[DICOM_SAID]);

#ifdef __cplusplus
}
#endif
#endif
