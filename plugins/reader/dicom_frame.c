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

/* Which fragments are whose: one walk over them for each question, however many there are. */
struct fragments {
    size_t first, last; /* of a frame; `last` is behind them */
};

/* Number `i` of the table of offsets, which has it. */
static uint32_t offset_at(const struct dicom_set *table, size_t i)
{
    const struct dicom_element e = {.value = *table};
    return dicom_element_short(&e, 2 * i) | dicom_element_short(&e, 2 * i + 1) << 16;
}

/* By the table of offsets, which are those from the first fragment's head on. */
static struct fragments find_by_table(const struct dicom_pixels *p, const struct dicom_set *table,
                                      size_t at, size_t frame, size_t count)
{
    struct dicom_set item;
    struct fragments f = {count, count};
    const size_t start = at;
    const uint32_t begins = offset_at(table, frame);
    const uint32_t ends = (int64_t)frame + 1 < p->frames ? offset_at(table, frame + 1) : UINT32_MAX;
    for (size_t i = 0, from = at; dicom_set_next_item(&p->data, &at, &item); i++, from = at) {
        f.first = from - start == begins ? i : f.first;
        f.last = from - start == ends ? i : f.last;
    }
    return f;
}

/* As many as frames, or all, or by the table of offsets; `*at`: behind that table. 0: a failure. */
static int find_fragments(const struct dicom_pixels *p, int64_t frame, struct fragments *f,
                          size_t *at, struct tfu_host *h)
{
    struct dicom_set table, item;
    size_t count = 0;
    *at = 0;
    if (!dicom_set_next_item(&p->data, at, &table)) {
        h->fail(h, TFU_ECORRUPT, "its compressed pixels have no table of offsets");
        return 0;
    }
    for (size_t from = *at; dicom_set_next_item(&p->data, &from, &item);)
        count++;
    *f = (struct fragments){0, count};
    if (count == (size_t)p->frames) {
        *f = (struct fragments){(size_t)frame, (size_t)frame + 1};
    } else if (p->frames > 1 && table.size < 4 * (size_t)p->frames) {
        h->fail(h, TFU_ECORRUPT,
                "its %lld frames are in %zu fragments, and it does not say which in which",
                (long long)p->frames, count);
        return 0;
    } else if (p->frames > 1) {
        *f = find_by_table(p, &table, *at, (size_t)frame, count);
    }
    return 1;
}

/* The bytes of the fragments that frame `frame` is made of. NULL after a failure. */
static unsigned char *join_fragments(const struct dicom_pixels *p, int64_t frame, size_t *size,
                                     struct tfu_host *h)
{
    struct dicom_set item;
    struct fragments f;
    size_t first = 0, at = 0, to = 0;
    *size = 0;
    if (!find_fragments(p, frame, &f, &first, h))
        return NULL;
    at = first;
    for (size_t i = 0; i < f.last && dicom_set_next_item(&p->data, &at, &item); i++)
        *size += i >= f.first ? item.size : 0;
    unsigned char *all = *size ? malloc(*size + 1) : NULL;
    if (!all) {
        h->fail(h, *size ? TFU_ENOMEM : TFU_ECORRUPT, "%s",
                *size ? "out of memory for compressed pixels" : "a frame of it is missing");
        return NULL;
    }
    at = first;
    for (size_t i = 0; i < f.last && dicom_set_next_item(&p->data, &at, &item); i++) {
        if (i < f.first)
            continue;
        memcpy(all + to, item.bytes, item.size);
        to += item.size;
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

/* Where bytes lie two by two in words whose order is turned, the other one of a word is meant. */
static size_t turned(const struct dicom_file *f, size_t at)
{
    const struct dicom_pixels *p = &f->pixels;
    if (f->set.is_little || p->allocated > 8 || strcmp(p->data.vr, "OB") == 0)
        return at;
    return (at ^ 1) < p->data.value.size ? at ^ 1 : at;
}

/* Of what is not compressed. Bits come one a byte, samples side by side. */
static void copy_frame(const struct dicom_file *f, int64_t frame, unsigned char *out)
{
    const struct dicom_pixels *p = &f->pixels;
    const unsigned char *all = p->data.value.bytes;
    const size_t size = dicom_file_frame_size(p), sample = p->allocated / 8;
    const size_t first = (size_t)frame * size, pixels = (size_t)(p->rows * p->columns);
    if (p->allocated == 1) {
        for (size_t i = 0; i < size; i++)
            out[i] = all[turned(f, (first + i) / 8)] >> ((first + i) % 8) & 1;
        return;
    }
    if (p->is_planar && p->samples > 1) {
        for (size_t i = 0; i < pixels; i++)
            for (size_t c = 0; c < p->samples; c++)
                for (size_t k = 0; k < sample; k++)
                    out[(i * p->samples + c) * sample + k] =
                        all[turned(f, first + (c * pixels + i) * sample + k)];
    } else if (p->allocated == 8 && turned(f, 0) != 0) {
        for (size_t i = 0; i < size; i++)
            out[i] = all[turned(f, first + i)];
    } else
        memcpy(out, all + first, size);
    if (f->set.is_little != machine_is_little())
        swap_bytes(out, size, sample);
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
