/* SPDX-License-Identifier: MIT
 *
 * example.h - inside the conformance suite: examples that datasets fill and that transforms
 * are tried on, with something beside all memory that tells who goes too far.
 */
#ifndef TFU_CORE_CONFORMANCE_EXAMPLE_H
#define TFU_CORE_CONFORMANCE_EXAMPLE_H

#include "core/base/guarded.h"
#include "core/data/example.h"

enum { TFU_CHECK_MEMORY = 64 };

/* What an example is to be like. */
struct tfu_check_scene {
    int64_t height, width, channels;
    uint32_t dtype; /* of the image */
    bool alone;     /* the image without mask, boxes, points, class and numbers */
    bool empty;     /* no box and no point */
    /* A square of SQUARE pixels on a dark image, its middle at (y, x): the mask has it, a box is
     * around it, a point in its middle. 0: pixels as they come. */
    bool marked, dark; /* dark: without the square */
    int64_t y, x;
};
enum { TFU_CHECK_SQUARE = 5 };

/* Lives where it was begun; does not move. */
struct tfu_check_example {
    struct tfu_example_work work; /* first: the host's functions find the rest by it */
    enum tfu_guard guard;
    unsigned char paint; /* what memory holds before it is written */
    struct tfu_guarded memory[TFU_CHECK_MEMORY];
    uint32_t count;
};

enum tfu_status tfu_check_example_begin(struct tfu_check_example *x,
                                        const struct tfu_check_scene *scene, enum tfu_guard guard,
                                        struct tfu_error *e);
/* One without fields, for get() of a dataset to add them; `files` may be NULL. */
void tfu_check_example_begin_empty(struct tfu_check_example *x, struct tfu_image_files *files,
                                   enum tfu_guard guard, unsigned char paint, struct tfu_error *e);
void tfu_check_example_end(struct tfu_check_example *x);

/* Beside what memory of the example was something written: "the mask"; NULL: beside none. */
const char *tfu_check_example_overrun(const struct tfu_check_example *x);

/* Have both the same fields, of the same bits? `which`: TFU_CHECK_ALL_FIELDS, or only the first
 * image, or all but images. */
enum tfu_check_fields { TFU_CHECK_ALL_FIELDS, TFU_CHECK_IMAGE, TFU_CHECK_PLACED, TFU_CHECK_LABELS };
bool tfu_check_example_same(const struct tfu_check_example *a, const struct tfu_check_example *b,
                            enum tfu_check_fields which);

/* "the pixels", "the mask", ... */
const char *tfu_check_field_name(uint32_t kind);

#endif
