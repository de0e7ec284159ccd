/* SPDX-License-Identifier: MIT
 *
 * dicom_set.h - inside the reader dicom: the elements of a data set in memory. Nothing is copied,
 * and no length is believed: an element lies within its set, or it is damaged.
 */
#ifndef TFU_PLUGINS_READER_DICOM_SET_H
#define TFU_PLUGINS_READER_DICOM_SET_H

#include <stddef.h>
#include <stdint.h>

#define DICOM_TAG(group, element) ((uint32_t)(group) << 16 | (uint32_t)(element))

enum { DICOM_ITEM_MAX = 1 << 20 }; /* elements in a file, those in sequences too */

/* Elements one behind the other. */
struct dicom_set {
    const unsigned char *bytes;
    size_t size;
    int is_explicit, is_little;
};

struct dicom_element {
    uint32_t tag;
    char vr[3];       /* "" where the set has none */
    int is_undefined; /* items until a delimiter, which is not among the bytes */
    struct dicom_set value;
};

/* The element that begins at `*at`, which is then behind it. 0: it is damaged. */
int dicom_set_next(const struct dicom_set *s, size_t *at, struct dicom_element *out);
/* Is all of it whole, in sequences too, up to `last`? `*damaged_at`: where not. */
int dicom_set_is_whole(const struct dicom_set *s, uint32_t last, size_t *damaged_at);
/* 0: there is none. */
int dicom_set_find(const struct dicom_set *s, uint32_t tag, struct dicom_element *out);
/* The item of a sequence that begins at `*at` (0: the first), which is then behind it. 0: there is
 * none. */
int dicom_set_next_item(const struct dicom_element *sequence, size_t *at, struct dicom_set *out);
/* Item number `i` of a sequence, from the first on. 0: there is none. */
int dicom_set_item(const struct dicom_element *sequence, size_t i, struct dicom_set *out);

/* Whole number `i` of an element of 16 bits. */
uint32_t dicom_element_short(const struct dicom_element *e, size_t i);
/* Number `i` of decimal text with \ between. 0: there is none. */
int dicom_element_decimal(const struct dicom_element *e, size_t i, double *out);
/* Text without blanks around. */
void dicom_element_text(const struct dicom_element *e, char *out, size_t size);

#endif
