/* SPDX-License-Identifier: MIT
 *
 * From a stored number to what comes out (PS3.3, C.11.1 and C.11.2): its bits, then the rescaling
 * to what was measured, then the window, then the inversion, once, about the window.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dicom.h"

enum { TABLE_BITS = 16 };
enum shape { LINEAR, LINEAR_EXACT, SIGMOID };

/* A table of the file: entries of `bits` bits from the number `first` on. */
struct lut {
    struct dicom_element data;
    size_t count;
    double first;
    unsigned bits;
};

struct mapping {
    const struct dicom_pixels *p;
    double slope, intercept;
    struct lut modality, voi; /* count 0: there is none */
    int has_window;
    enum shape shape;
    double centre, width;
    double low, high; /* the whole range */
    double most;      /* that comes out */
    int has_padding;
    double padding[2]; /* stored numbers from, to, that are no pixels */
};

/* ---- what the file says */

/* Where an attribute of a frame is: the data set, or in enhanced files the functional groups of the
 * frame, or of all. */
static int find(const struct dicom_file *f, int64_t frame, uint32_t group, uint32_t tag,
                struct dicom_element *out)
{
    struct dicom_element groups, inner;
    struct dicom_set item;
    if (dicom_set_find(&f->set, tag, out))
        return 1;
    for (int i = 0; i < 2; i++)
        if (dicom_set_find(&f->set, i ? DICOM_TAG(0x5200, 0x9229) : DICOM_TAG(0x5200, 0x9230),
                           &groups) &&
            dicom_set_item(&groups, i ? 0 : (size_t)frame, &item) &&
            dicom_set_find(&item, group, &inner) && dicom_set_item(&inner, 0, &item) &&
            dicom_set_find(&item, tag, out))
            return 1;
    return 0;
}

static double sign_extend(uint32_t v, unsigned bits)
{
    const double whole = (double)((uint64_t)1 << bits);
    return v >= whole / 2 ? v - whole : v;
}

static enum tfu_status read_lut(const struct dicom_file *f, int64_t frame, uint32_t group,
                                uint32_t sequence, int is_signed, struct lut *lut,
                                struct tfu_host *h)
{
    struct dicom_element e, descriptor;
    struct dicom_set item;
    if (!find(f, frame, group, sequence, &e) || !dicom_set_item(&e, 0, &item))
        return TFU_OK;
    if (!dicom_set_find(&item, DICOM_TAG(0x28, 0x3002), &descriptor) || descriptor.value.size < 6 ||
        !dicom_set_find(&item, DICOM_TAG(0x28, 0x3006), &lut->data))
        return h->fail(h, TFU_ECORRUPT, "a table that its numbers are looked up in is not whole");
    lut->count = dicom_element_short(&descriptor, 0);
    lut->count = lut->count ? lut->count : 65536;
    lut->first = dicom_element_short(&descriptor, 1);
    if (is_signed)
        lut->first = sign_extend((uint32_t)lut->first, 16);
    lut->bits = dicom_element_short(&descriptor, 2);
    if (lut->bits < 1 || lut->bits > 16 || lut->data.value.size < 2 * lut->count)
        return h->fail(h, TFU_ECORRUPT,
                       "a table that its numbers are looked up in has %zu bytes for %zu entries of "
                       "%u bits",
                       lut->data.value.size, lut->count, lut->bits);
    return TFU_OK;
}

static double look_up(const struct lut *lut, double x)
{
    const double i = floor(x + 0.5) - lut->first;
    const size_t at = i <= 0 ? 0 : i >= (double)lut->count ? lut->count - 1 : (size_t)i;
    return dicom_element_short(&lut->data, at) & ((1u << lut->bits) - 1);
}

static enum tfu_status read_rescale(const struct dicom_file *f, int64_t frame, struct mapping *m,
                                    struct tfu_host *h)
{
    enum { GROUP = 0x00289145 };
    struct dicom_element e;
    m->slope = 1;
    if ((find(f, frame, GROUP, DICOM_TAG(0x28, 0x1053), &e) && e.value.size &&
         !dicom_element_decimal(&e, 0, &m->slope)) ||
        (find(f, frame, GROUP, DICOM_TAG(0x28, 0x1052), &e) && e.value.size &&
         !dicom_element_decimal(&e, 0, &m->intercept)))
        return h->fail(h, TFU_ECORRUPT, "its rescale slope or intercept is no number");
    if (m->slope == 0)
        return h->fail(h, TFU_ECORRUPT, "its rescale slope is 0, so that all pixels are the same");
    return read_lut(f, frame, GROUP, DICOM_TAG(0x28, 0x3000), m->p->is_signed, &m->modality, h);
}

static enum tfu_status read_window(const struct dicom_file *f, int64_t frame, struct mapping *m,
                                   struct tfu_host *h)
{
    enum { GROUP = 0x00289132 };
    struct dicom_element centre, width, e;
    char shape[20] = "";
    if (!find(f, frame, GROUP, DICOM_TAG(0x28, 0x1050), &centre) ||
        !find(f, frame, GROUP, DICOM_TAG(0x28, 0x1051), &width) || !centre.value.size ||
        !width.value.size)
        return read_lut(f, frame, GROUP, DICOM_TAG(0x28, 0x3010), m->p->is_signed && m->slope > 0,
                        &m->voi, h);
    if (!dicom_element_decimal(&centre, 0, &m->centre) ||
        !dicom_element_decimal(&width, 0, &m->width))
        return h->fail(h, TFU_ECORRUPT,
                       "its window is no number; give one as `window: [CENTRE, "
                       "WIDTH]`, or `range: full`");
    if (find(f, frame, GROUP, DICOM_TAG(0x28, 0x1056), &e))
        dicom_element_text(&e, shape, sizeof shape);
    m->shape = strcmp(shape, "SIGMOID") == 0        ? SIGMOID
               : strcmp(shape, "LINEAR_EXACT") == 0 ? LINEAR_EXACT
                                                    : LINEAR;
    m->has_window = 1;
    if (m->shape == LINEAR ? m->width >= 1 : m->width > 0)
        return TFU_OK;
    return h->fail(h, TFU_ECORRUPT,
                   "its window is %g wide; give one as `window: [CENTRE, WIDTH]`, or `range: full`",
                   m->width);
}

/* ---- numbers on their way */

static double modality(const struct mapping *m, double stored)
{
    return m->modality.count ? look_up(&m->modality, stored) : stored * m->slope + m->intercept;
}

/* 0 to 1 */
static double window(const struct mapping *m, double x)
{
    if (m->voi.count)
        return look_up(&m->voi, x) / ((double)((1u << m->voi.bits) - 1));
    if (!m->has_window)
        return (x - m->low) / (m->high - m->low);
    if (m->shape == SIGMOID)
        return 1 / (1 + exp(-4 * (x - m->centre) / m->width));
    if (m->shape == LINEAR_EXACT)
        return (x - m->centre) / m->width + 0.5;
    if (x <= m->centre - 0.5 - (m->width - 1) / 2)
        return 0;
    if (x > m->centre - 0.5 + (m->width - 1) / 2)
        return 1;
    return (x - (m->centre - 0.5)) / (m->width - 1) + 0.5;
}

static uint32_t map(const struct mapping *m, uint32_t raw)
{
    const struct dicom_pixels *p = m->p;
    const uint64_t mask = ((uint64_t)1 << p->stored) - 1;
    const uint32_t bits = (uint32_t)(raw >> (p->high + 1 - p->stored) & mask);
    const double stored = p->is_signed ? sign_extend(bits, p->stored) : bits;
    if (m->has_padding && stored >= m->padding[0] && stored <= m->padding[1])
        return 0;
    double y = window(m, modality(m, stored));
    y = y < 0 ? 0 : y > 1 ? 1 : y;
    if (p->colours == DICOM_GRAY_INVERTED)
        y = 1 - y;
    return (uint32_t)(y * m->most + 0.5);
}

/* The numbers that could be stored, and what they are then. */
static void find_range(struct mapping *m)
{
    const struct dicom_pixels *p = m->p;
    const double count = (double)((uint64_t)1 << p->stored);
    const double a = p->is_signed ? -count / 2 : 0, b = a + count - 1;
    if (m->modality.count) {
        m->high = (double)((1u << m->modality.bits) - 1);
        return;
    }
    m->low = fmin(modality(m, a), modality(m, b));
    m->high = fmax(modality(m, a), modality(m, b));
}

static void find_padding(const struct dicom_file *f, struct mapping *m)
{
    struct dicom_element e;
    const struct dicom_pixels *p = m->p;
    const uint32_t mask = p->stored < 16 ? (1u << p->stored) - 1 : 0xffff;
    for (uint32_t i = 0; i < 2; i++) {
        if (!dicom_set_find(&f->set, DICOM_TAG(0x28, 0x120 + i), &e) || e.value.size < 2)
            break;
        const uint32_t v = dicom_element_short(&e, 0) & mask;
        m->padding[i] = p->is_signed ? sign_extend(v, p->stored < 16 ? p->stored : 16) : v;
        m->padding[1] = m->padding[i];
        m->has_padding = 1;
    }
    if (m->padding[0] > m->padding[1]) {
        const double larger = m->padding[0];
        m->padding[0] = m->padding[1];
        m->padding[1] = larger;
    }
}

static enum tfu_status prepare(struct mapping *m, const struct dicom_file *f,
                               const struct dicom_config *c, int64_t frame, struct tfu_host *h)
{
    enum tfu_status st = read_rescale(f, frame, m, h);
    if (st != TFU_OK)
        return st;
    find_range(m);
    find_padding(f, m);
    if (c && c->window.count == 2) {
        m->has_window = 1;
        m->centre = c->window.item[0];
        m->width = c->window.item[1];
    } else if (!c || c->range == DICOM_RANGE_FILE)
        st = read_window(f, frame, m, h);
    return st;
}

/* ---- pixels */

static uint32_t raw_at(const unsigned char *stored, uint32_t allocated, size_t i)
{
    uint16_t two;
    uint32_t four;
    if (allocated <= 8)
        return stored[i];
    if (allocated == 16) {
        memcpy(&two, stored + 2 * i, sizeof two);
        return two;
    }
    memcpy(&four, stored + 4 * i, sizeof four);
    return four;
}

static void put(void *out, uint32_t dtype, size_t i, uint32_t v)
{
    const uint16_t wide = (uint16_t)v;
    if (dtype == TFU_U8)
        ((unsigned char *)out)[i] = (unsigned char)v;
    else
        memcpy((unsigned char *)out + 2 * i, &wide, sizeof wide);
}

enum tfu_status dicom_gray(const struct dicom_file *f, const struct dicom_config *c, int64_t frame,
                           const unsigned char *stored, uint32_t dtype, void *out,
                           struct tfu_host *h)
{
    const struct dicom_pixels *p = &f->pixels;
    const size_t n = (size_t)(p->rows * p->columns);
    struct mapping m = {.p = p, .most = dtype == TFU_U8 ? 255 : 65535};
    const enum tfu_status st = prepare(&m, f, c, frame, h);
    if (st != TFU_OK)
        return st;
    if (p->allocated > TABLE_BITS || n < (size_t)1 << TABLE_BITS) {
        for (size_t i = 0; i < n; i++)
            put(out, dtype, i, map(&m, raw_at(stored, p->allocated, i)));
        return TFU_OK;
    }
    uint16_t *table = malloc(sizeof *table << TABLE_BITS);
    if (!table)
        return h->fail(h, TFU_ENOMEM, "out of memory for a table of the reader dicom");
    const size_t entries = p->allocated <= 8 ? 256 : (size_t)1 << TABLE_BITS;
    for (size_t i = 0; i < entries; i++)
        table[i] = (uint16_t)map(&m, (uint32_t)i);
    for (size_t i = 0; i < n; i++)
        put(out, dtype, i, table[raw_at(stored, p->allocated, i)]);
    free(table);
    return TFU_OK;
}

void dicom_numbers(const struct dicom_pixels *p, const unsigned char *stored, uint32_t dtype,
                   void *out)
{
    const size_t n = (size_t)(p->rows * p->columns * p->samples);
    const uint32_t full = dtype == TFU_U8 ? 255 : 65535;
    const uint64_t most = ((uint64_t)1 << p->stored) - 1;
    const int is_colour = p->samples > 1;
    for (size_t i = 0; i < n; i++) {
        const uint64_t v = raw_at(stored, p->allocated, i) >> (p->high + 1 - p->stored) & most;
        put(out, dtype, i, (uint32_t)(is_colour ? (v * full + most / 2) / most : v));
    }
}
