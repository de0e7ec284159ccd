/* SPDX-License-Identifier: MIT */
#include "dicom_jpeg.h"

enum { MOST_SCANS = 100, SOI = 0xd8, EOI = 0xd9, SOS = 0xda, LSE = 0xf8, LS_FRAME = 0xf7 };

static unsigned number(const unsigned char *b)
{
    return (unsigned)b[0] << 8 | b[1];
}

static int is_frame(unsigned marker)
{
    return marker == LS_FRAME ||
           (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc);
}

static int has_segment(unsigned marker)
{
    return marker >= 0xc0 && (marker < 0xd0 || marker > EOI) && marker != 0xff;
}

static enum tfu_status check_frame(const struct dicom_frame *f, const unsigned char *b,
                                   struct tfu_host *h)
{
    const unsigned bits = b[4], rows = number(b + 5), columns = number(b + 7), samples = b[9];
    if (rows == f->rows && columns == f->columns && samples == f->samples && bits <= f->allocated)
        return TFU_OK;
    return h->fail(h, TFU_ECORRUPT,
                   "its JPEG frame has %u x %u pixels of %u samples of %u bits, and the file says "
                   "%u x %u of %u of %u",
                   rows, columns, samples, bits, f->rows, f->columns, f->samples, f->allocated);
}

enum tfu_status dicom_jpeg_check(const struct dicom_frame *f, struct tfu_host *h)
{
    const unsigned char *b = f->bytes;
    unsigned frames = 0, scans = 0;
    if (f->size < 4 || b[0] != 0xff || b[1] != SOI)
        return h->fail(h, TFU_ECORRUPT, "its compressed pixels do not begin as JPEG does");
    for (size_t at = 2; at + 1 < f->size;) {
        const unsigned marker = b[at] == 0xff ? b[at + 1] : 0;
        if (!has_segment(marker)) { /* coded pixels, and marks among them */
            if (marker == EOI && frames)
                return TFU_OK;
            at++;
            continue;
        }
        const size_t left = f->size - at - 2, length = left >= 2 ? number(b + at + 2) : 0;
        if (length < 2 || length > left)
            break;
        if (is_frame(marker)) {
            if (length < 8 || frames++)
                break;
            const enum tfu_status st = check_frame(f, b + at, h);
            if (st != TFU_OK)
                return st;
        }
        if (marker == LSE && length > 2 && b[at + 4] == 4)
            return h->fail(h, TFU_EUNSUPPORTED, "its JPEG-LS frame is larger than 65535 pixels");
        scans += marker == SOS;
        if (scans > MOST_SCANS)
            return h->fail(h, TFU_EUNSUPPORTED, "its JPEG frame has more than %d scans",
                           MOST_SCANS);
        at += 2 + length;
    }
    return h->fail(h, TFU_ECORRUPT,
                   "its JPEG frame ends early, or is damaged; copy or download it "
                   "again");
}
