/* SPDX-License-Identifier: MIT
 *
 * From the bytes of a file to its data set, and what that says of pixels.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dicom.h"
#include "dicom_dcmtk.h"

enum {
    PREAMBLE = 132,          /* 128 bytes of anything, and DICM */
    INFLATED_MOST = 8 << 20, /* a deflated data set, beside what follows from the file's size */
    INFLATED_RATIO = 64,
    MOST_RATIO = 1 << 16 /* pixels that a byte may hold where they are compressed */
};

/* ---- the data set */

static int starts_with(const char *s, const char *beginning)
{
    return strncmp(s, beginning, strlen(beginning)) == 0;
}

/* The group of elements in front of the data set. `*at` is behind it. */
static enum tfu_status read_meta(struct dicom_file *f, const struct tfu_reader_source *s,
                                 size_t *at, struct tfu_host *h)
{
    const struct dicom_set all = {
        .bytes = s->bytes, .size = s->size, .is_explicit = 1, .is_little = 1};
    *at = PREAMBLE;
    while (s->size - *at >= 8 && all.bytes[*at] == 2 && all.bytes[*at + 1] == 0) {
        struct dicom_element e;
        const size_t begins = *at;
        if (!dicom_set_next(&all, at, &e))
            return h->fail(h, TFU_ECORRUPT,
                           "it ends early: what begins at byte %zu of its %zu is longer; copy or "
                           "download it again",
                           begins, s->size);
        if (e.tag == DICOM_TAG(2, 0x10))
            dicom_element_text(&e, f->syntax, sizeof f->syntax);
    }
    return TFU_OK;
}

/* Two capital letters where an element has its kind. */
static int looks_explicit(const struct dicom_set *s)
{
    return s->size >= 8 && s->bytes[4] >= 'A' && s->bytes[4] <= 'Z' && s->bytes[5] >= 'A' &&
           s->bytes[5] <= 'Z';
}

static enum tfu_status inflate_set(struct dicom_file *f, struct tfu_host *h)
{
    const size_t most = INFLATED_MOST + INFLATED_RATIO * f->set.size;
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)f->set.bytes,
                  .avail_in = (unsigned)f->set.size};
    size_t room = 4 * f->set.size + 1024, size = 0;
    int state = inflateInit2(&z, -15);
    while (state == Z_OK && size < most) {
        room = size == room ? 2 * room : room;
        room = room < most ? room : most;
        unsigned char *more = realloc(f->inflated, room);
        if (!more)
            state = Z_MEM_ERROR;
        if (!more)
            break;
        f->inflated = more;
        z.next_out = more + size;
        z.avail_out = (unsigned)(room - size);
        state = inflate(&z, Z_NO_FLUSH);
        size = room - z.avail_out;
        if (state == Z_BUF_ERROR || (state == Z_OK && z.avail_in == 0 && z.avail_out > 0))
            state = Z_DATA_ERROR;
    }
    inflateEnd(&z);
    if (state == Z_MEM_ERROR)
        return h->fail(h, TFU_ENOMEM, "out of memory for a deflated data set");
    if (state == Z_OK)
        return h->fail(h, TFU_ECORRUPT, "its %zu deflated bytes become more than %zu", f->set.size,
                       most);
    if (state != Z_STREAM_END)
        return h->fail(h, TFU_ECORRUPT, "its deflated data set is damaged behind %zu bytes", size);
    f->set.bytes = f->inflated;
    f->set.size = size;
    return TFU_OK;
}

static enum tfu_status find_set(struct dicom_file *f, const struct tfu_reader_source *s,
                                struct tfu_host *h)
{
    size_t at;
    const enum tfu_status st = read_meta(f, s, &at, h);
    if (st != TFU_OK)
        return st;
    if (at == s->size)
        return h->fail(h, TFU_ECORRUPT, "it ends early, after %zu bytes; copy or download it again",
                       s->size);
    f->set = (struct dicom_set){.bytes = (const unsigned char *)s->bytes + at,
                                .size = s->size - at,
                                .is_explicit = 1,
                                .is_little = strcmp(f->syntax, "1.2.840.10008.1.2.2") != 0};
    if (strcmp(f->syntax, "1.2.840.10008.1.2.1.99") == 0)
        return inflate_set(f, h);
    if (strcmp(f->syntax, "1.2.840.10008.1.2") == 0 || f->syntax[0] == '\0')
        f->set.is_explicit = looks_explicit(&f->set);
    return TFU_OK;
}

/* ---- pixels */

static const uint32_t pixel_data = DICOM_TAG(0x7fe0, 0x0010);

static uint32_t get_short(const struct dicom_set *s, uint32_t tag, uint32_t otherwise)
{
    struct dicom_element e;
    return dicom_set_find(s, tag, &e) && e.value.size >= 2 ? dicom_element_short(&e, 0) : otherwise;
}

static enum dicom_colours find_colours(const struct dicom_pixels *p, const struct dicom_set *s)
{
    char shape[20] = "";
    struct dicom_element e;
    if (dicom_set_find(s, DICOM_TAG(0x2050, 0x20), &e))
        dicom_element_text(&e, shape, sizeof shape);
    if (p->samples == 1 && strcmp(p->photometric, "MONOCHROME1") == 0)
        return DICOM_GRAY_INVERTED;
    if (p->samples == 1 && strcmp(p->photometric, "MONOCHROME2") == 0)
        return strcmp(shape, "INVERSE") == 0 ? DICOM_GRAY_INVERTED : DICOM_GRAY;
    if (p->samples == 1 && strcmp(p->photometric, "PALETTE COLOR") == 0)
        return DICOM_PALETTE;
    return p->samples == 3 && strcmp(p->photometric, "RGB") == 0 ? DICOM_RGB : DICOM_OTHER;
}

static enum tfu_status describe(struct dicom_file *f, struct tfu_host *h)
{
    struct dicom_pixels *p = &f->pixels;
    struct dicom_element e;
    double frames = 1;
    if (!dicom_set_find(&f->set, pixel_data, &p->data)) {
        if (dicom_set_find(&f->set, DICOM_TAG(0x7fe0, 8), &e) ||
            dicom_set_find(&f->set, DICOM_TAG(0x7fe0, 9), &e))
            return h->fail(h, TFU_EUNSUPPORTED,
                           "its pixels are floats; DICOM files are read with "
                           "integers");
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has no pixels: it is no image, but a report, a "
                       "plan or the like; leave it out");
    }
    p->rows = get_short(&f->set, DICOM_TAG(0x28, 0x10), 0);
    p->columns = get_short(&f->set, DICOM_TAG(0x28, 0x11), 0);
    p->samples = get_short(&f->set, DICOM_TAG(0x28, 2), 1);
    p->is_planar = get_short(&f->set, DICOM_TAG(0x28, 6), 0) == 1;
    p->allocated = get_short(&f->set, DICOM_TAG(0x28, 0x100), 0);
    p->stored = get_short(&f->set, DICOM_TAG(0x28, 0x101), p->allocated);
    p->high = get_short(&f->set, DICOM_TAG(0x28, 0x102), p->stored - 1);
    p->is_signed = get_short(&f->set, DICOM_TAG(0x28, 0x103), 0) == 1;
    if (dicom_set_find(&f->set, DICOM_TAG(0x28, 8), &e) && e.value.size &&
        !dicom_element_decimal(&e, 0, &frames))
        return h->fail(h, TFU_ECORRUPT, "its number of frames is '%.*s', which is no number",
                       (int)(e.value.size < 20 ? e.value.size : 20), (const char *)e.value.bytes);
    if (dicom_set_find(&f->set, DICOM_TAG(0x28, 4), &e))
        dicom_element_text(&e, p->photometric, sizeof p->photometric);
    if (!(frames >= 1 && frames <= INT32_MAX))
        return h->fail(h, TFU_ECORRUPT, "it has %g frames", frames);
    p->frames = (int64_t)frames;
    p->colours = find_colours(p, &f->set);
    return TFU_OK;
}

static enum tfu_status check_kind(const struct dicom_file *f, struct tfu_host *h)
{
    const struct dicom_pixels *p = &f->pixels;
    const int is_bits = p->allocated == 1 && p->samples == 1 && !p->data.is_undefined;
    if (p->rows < 1 || p->columns < 1)
        return h->fail(h, TFU_ECORRUPT, "it has %lld rows and %lld columns", (long long)p->rows,
                       (long long)p->columns);
    if (p->samples != 1 && p->samples != 3)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its pixels have %u samples; DICOM files are read with "
                       "1 or 3",
                       p->samples);
    if (!is_bits && p->allocated != 8 && p->allocated != 16 && p->allocated != 32)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its numbers have %u bits allocated; DICOM files are read with 1, 8, 16 or "
                       "32",
                       p->allocated);
    if (p->stored < 1 || p->stored > p->allocated || p->high >= p->allocated ||
        p->high + 1 < p->stored)
        return h->fail(h, TFU_ECORRUPT, "of %u bits allocated %u are stored, up to bit %u",
                       p->allocated, p->stored, p->high);
    /* a frame of it has two bytes a pixel, and no planes */
    if (p->is_planar && !p->data.is_undefined && strcmp(p->photometric, "YBR_FULL_422") == 0)
        return h->fail(h, TFU_ECORRUPT,
                       "its colours are YBR_FULL_422, whose samples lie side by side, and it says "
                       "that they lie in planes (planar configuration 1); one of both is wrong: "
                       "write the file anew from where it comes from");
    if (p->colours == DICOM_OTHER && p->allocated == 8 &&
        (strcmp(p->photometric, "YBR_FULL") == 0 || strcmp(p->photometric, "YBR_FULL_422") == 0))
        return TFU_OK;
    if (p->colours == DICOM_OTHER || (p->colours == DICOM_PALETTE && p->allocated > 16))
        return h->fail(h, TFU_EUNSUPPORTED,
                       "its colours are '%s' of %u samples of %u bits; DICOM files are read as "
                       "MONOCHROME1 and 2, RGB, PALETTE COLOR, YBR_FULL and YBR_FULL_422",
                       p->photometric, p->samples, p->allocated);
    return TFU_OK;
}

/* ---- how they are compressed */

static const struct {
    const char *syntax, *name;
} no_decoder[] = {
    {"1.2.840.10008.1.2.4.90", "JPEG 2000"}, {"1.2.840.10008.1.2.4.91", "JPEG 2000"},
    {"1.2.840.10008.1.2.4.92", "JPEG 2000"}, {"1.2.840.10008.1.2.4.93", "JPEG 2000"},
    {"1.2.840.10008.1.2.4.10", "MPEG"},      {"1.2.840.10008.1.2.4.20", "HT-JPEG 2000"},
};

static enum tfu_status check_syntax(const struct dicom_file *f, struct tfu_host *h)
{
    const char *name = "unknown";
    if (!f->pixels.data.is_undefined || dicom_file_is_rle(f) || dicom_dcmtk_decodes(f->syntax))
        return TFU_OK;
    for (size_t i = 0; i < sizeof no_decoder / sizeof *no_decoder; i++)
        if (starts_with(f->syntax, no_decoder[i].syntax))
            name = no_decoder[i].name;
    return h->fail(
        h, TFU_EUNSUPPORTED,
        "its pixels are compressed in a way that is not read: %s (transfer syntax '%s'); "
        "save it as explicit little endian, RLE, JPEG or JPEG-LS",
        name, f->syntax);
}

/* ---- what it claims */

size_t dicom_file_frame_size(const struct dicom_pixels *p)
{
    const size_t pixels = (size_t)(p->rows * p->columns);
    if (!p->data.is_undefined && strcmp(p->photometric, "YBR_FULL_422") == 0)
        return pixels * 2;
    return pixels * p->samples * (p->allocated < 8 ? 1 : p->allocated / 8);
}

static enum tfu_status check_claims(const struct dicom_file *f, const struct tfu_reader_source *s,
                                    struct tfu_host *h)
{
    const struct dicom_pixels *p = &f->pixels;
    const int64_t channels = p->colours == DICOM_GRAY || p->colours == DICOM_GRAY_INVERTED ? 1 : 3;
    if (!tfu_reader_fits(s, p->rows, p->columns, channels))
        return h->fail(h, TFU_EUNSUPPORTED,
                       "it has %lld x %lld pixels of %lld channels, more than the %lld numbers "
                       "that an image may have",
                       (long long)p->rows, (long long)p->columns, (long long)channels,
                       (long long)s->limit);
    const double has = (double)p->data.value.size;
    double wants = (double)p->frames * (double)dicom_file_frame_size(p);
    if (p->allocated == 1)
        wants = (wants + 7) / 8;
    if (p->data.is_undefined)
        wants = wants / MOST_RATIO;
    if (has >= (double)(int64_t)wants)
        return TFU_OK;
    return h->fail(h, TFU_ECORRUPT,
                   "it claims %lld frames of %lld x %lld pixels, more than the %.0f bytes of its "
                   "pixels can hold; copy or download it again",
                   (long long)p->frames, (long long)p->rows, (long long)p->columns, has);
}

enum tfu_status dicom_file_open(struct dicom_file *f, const struct tfu_reader_source *source,
                                struct tfu_host *h)
{
    size_t damaged_at = 0;
    *f = (struct dicom_file){.inflated = NULL};
    enum tfu_status st = find_set(f, source, h);
    if (st == TFU_OK && !dicom_set_is_whole(&f->set, pixel_data, &damaged_at))
        st = h->fail(h, TFU_ECORRUPT,
                     "its data set of %zu bytes is damaged, or ends early, at byte %zu; copy or "
                     "download it again",
                     f->set.size, damaged_at);
    if (st == TFU_OK)
        st = describe(f, h);
    if (st == TFU_OK)
        st = check_kind(f, h);
    if (st == TFU_OK)
        st = check_syntax(f, h);
    if (st == TFU_OK)
        st = check_claims(f, source, h);
    return st;
}

void dicom_file_close(struct dicom_file *f)
{
    free(f->inflated);
    f->inflated = NULL;
}
