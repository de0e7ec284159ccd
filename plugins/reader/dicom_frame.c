/* SPDX-License-Identifier: MIT
 *
 * A frame out of a data set: copied, or put together of its fragments and decoded.
 */
#include <stdlib.h>
#include <string.h>

#include "dicom.h"
#include "dicom_dcmtk.h"
#include "dicom_jpeg.h"
#include "dicom_rle.h"

int dicom_file_is_rle(const struct dicom_file *f)
{
    return strcmp(f->syntax, "1.2.840.10008.1.2.5") == 0;
}

/* ---- compressed pixels: a table of offsets, then fragments */

/* The bytes of the fragments that frame `frame` is made of: as many as frames, or all, or by the
 * table of offsets. NULL after a failure. */
static unsigned char *join_fragments(const struct dicom_pixels *p, int64_t frame, size_t *size,
                                     struct tfu_host *h)
{
    struct dicom_set table, item;
    size_t count = 0, first = 0, last = 0;
    *size = 0;
    if (!dicom_set_item(&p->data, 0, &table)) {
        h->fail(h, TFU_ECORRUPT, "its compressed pixels have no table of offsets");
        return NULL;
    }
    while (dicom_set_item(&p->data, count + 1, &item))
        count++;
    last = count;
    if (count == (size_t)p->frames)
        first = (size_t)frame, last = first + 1;
    else if (p->frames > 1) {
        /* items have heads of 8 bytes, which count in the offsets */
        const struct dicom_element e = {.value = table};
        size_t at = 0;
        uint32_t begins = 0, ends = UINT32_MAX;
        if (table.size < 4 * (size_t)p->frames) {
            h->fail(h, TFU_ECORRUPT,
                    "its %lld frames are in %zu fragments, and it does not say "
                    "which in which",
                    (long long)p->frames, count);
            return NULL;
        }
        begins = dicom_element_short(&e, 2 * (size_t)frame) |
                 dicom_element_short(&e, 2 * (size_t)frame + 1) << 16;
        if (frame + 1 < p->frames)
            ends = dicom_element_short(&e, 2 * (size_t)frame + 2) |
                   dicom_element_short(&e, 2 * (size_t)frame + 3) << 16;
        first = last = count;
        for (size_t i = 0; i < count && dicom_set_item(&p->data, i + 1, &item); i++) {
            first = at == begins ? i : first;
            last = at == ends ? i : last;
            at += 8 + item.size;
        }
    }
    for (size_t i = first; i < last && dicom_set_item(&p->data, i + 1, &item); i++)
        *size += item.size;
    unsigned char *all = *size ? malloc(*size + 1) : NULL;
    if (!all) {
        h->fail(h, *size ? TFU_ENOMEM : TFU_ECORRUPT, "%s",
                *size ? "out of memory for compressed pixels" : "a frame of it is missing");
        return NULL;
    }
    size_t at = 0;
    for (size_t i = first; i < last && dicom_set_item(&p->data, i + 1, &item); i++) {
        memcpy(all + at, item.bytes, item.size);
        at += item.size;
    }
    return all;
}

/* ---- frames as they are */

static void swap_bytes(unsigned char *x, size_t n, size_t width)
{
    for (size_t i = 0; i + width <= n; i += width)
        for (size_t k = 0; k < width / 2; k++) {
            const unsigned char b = x[i + k];
            x[i + k] = x[i + width - 1 - k];
            x[i + width - 1 - k] = b;
        }
}

static int machine_is_little(void)
{
    const int one = 1;
    return *(const char *)&one;
}

/* Of what is not compressed. Bits come one a byte, samples side by side. */
static void copy_frame(const struct dicom_file *f, int64_t frame, unsigned char *out)
{
    const struct dicom_pixels *p = &f->pixels;
    const unsigned char *all = p->data.value.bytes;
    const size_t size = dicom_file_frame_size(p), sample = p->allocated / 8;
    const size_t first = (size_t)frame * size, pixels = (size_t)(p->rows * p->columns);
    if (p->allocated == 1) {
        /* where words are turned, the bytes of one are, too */
        const size_t turn = !f->set.is_little && strcmp(p->data.vr, "OB") != 0;
        for (size_t i = 0; i < size; i++) {
            const size_t at = ((first + i) / 8) ^ turn;
            out[i] = all[at < p->data.value.size ? at : at - 1] >> ((first + i) % 8) & 1;
        }
        return;
    }
    if (!f->set.is_little && p->allocated == 8 && strcmp(p->data.vr, "OB") != 0) {
        /* bytes two by two in words, whose order is turned */
        for (size_t i = 0; i < size; i++)
            out[i] = all[((first + i) ^ 1) < p->data.value.size ? (first + i) ^ 1 : first + i];
    } else
        memcpy(out, all + first, size);
    if (f->set.is_little != machine_is_little())
        swap_bytes(out, size, sample);
    if (!p->is_planar || p->samples == 1)
        return;
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < p->samples; c++)
            for (size_t k = 0; k < sample; k++) {
                const size_t from = first + (c * pixels + i) * sample + k;
                out[(i * p->samples + c) * sample +
                    (f->set.is_little == machine_is_little() ? k : sample - 1 - k)] = all[from];
            }
}

static enum tfu_status decode_frame(const struct dicom_file *f, int64_t frame, unsigned char *out,
                                    char photometric[20], struct tfu_host *h)
{
    const struct dicom_pixels *p = &f->pixels;
    char said[DICOM_SAID] = "";
    size_t size;
    unsigned char *bytes = join_fragments(p, frame, &size, h);
    if (!bytes)
        return TFU_ECORRUPT;
    const struct dicom_frame d = {.rows = (uint16_t)p->rows,
                                  .columns = (uint16_t)p->columns,
                                  .samples = (uint16_t)p->samples,
                                  .allocated = (uint16_t)p->allocated,
                                  .stored = (uint16_t)p->stored,
                                  .high = (uint16_t)p->high,
                                  .is_signed = (uint16_t)p->is_signed,
                                  .photometric = p->photometric,
                                  .bytes = bytes,
                                  .size = size};
    const size_t out_size = dicom_file_frame_size(p);
    enum tfu_status st = TFU_OK;
    if (!dicom_file_is_rle(f)) {
        st = dicom_jpeg_check(&d, h);
        if (st == TFU_OK && !dicom_dcmtk_decode(&d, f->syntax, out, out_size, photometric, said))
            st = h->fail(h, TFU_ECORRUPT, "DCMTK says '%s'", said);
    } else if (!dicom_rle_decode(bytes, size, (size_t)(p->rows * p->columns), p->samples,
                                 p->allocated / 8, out))
        st = h->fail(h, TFU_ECORRUPT,
                     "its run lengths end early, or are damaged; copy or download it again");
    free(bytes);
    return st;
}

enum tfu_status dicom_file_frame(const struct dicom_file *f, int64_t frame, unsigned char *out,
                                 char photometric[20], struct tfu_host *h)
{
    memcpy(photometric, f->pixels.photometric, sizeof f->pixels.photometric);
    if (f->pixels.data.is_undefined)
        return decode_frame(f, frame, out, photometric, h);
    copy_frame(f, frame, out);
    return TFU_OK;
}
