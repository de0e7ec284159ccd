/* SPDX-License-Identifier: MIT
 *
 * transfuse/example.h - one example of a dataset on its way from its file into a batch: typed
 * fields that move together. A dataset adds them, transforms change them.
 *
 * Points of an image are given as (y, x) in pixels from its upper left corner; the pixel in row i
 * and column j covers y from i to i + 1 and x from j to j + 1.
 */
#ifndef TFU_EXAMPLE_H
#define TFU_EXAMPLE_H

#include <transfuse/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a field is, and with it the dtype and shape of its tensor. A number that is not known is
 * NaN in a field of floats. */
enum tfu_field_kind {
    TFU_FIELD_IMAGE = 1,   /* H,W,C of TFU_U8, TFU_U16 or TFU_F32: integers stand for 0 to 1 */
    TFU_FIELD_CLASS = 2,   /* 1 of TFU_F32: the class index */
    TFU_FIELD_LABELS = 3,  /* columns of TFU_F32: each from 0 to 1 */
    TFU_FIELD_NUMBERS = 4, /* columns of TFU_F32: each any number */
    TFU_FIELD_MASK = 5,    /* H,W of TFU_U8: each pixel's class index; 255 is not known */
    TFU_FIELD_BOXES = 6,   /* n,5 of TFU_F32: top, left, bottom, right, class index */
    TFU_FIELD_POINTS = 7   /* n,3 of TFU_F32: y, x, class index */
};

/* Does a field of this kind lie in the image, so that it moves with it? */
static inline int tfu_field_has_place(uint32_t kind)
{
    return kind == TFU_FIELD_IMAGE || kind == TFU_FIELD_MASK || kind == TFU_FIELD_BOXES ||
           kind == TFU_FIELD_POINTS;
}

/* One field. Its tensor is the example's own: a transform may change the numbers where they lie, or
 * set data (to memory of alloc()), dtype and shape. Earlier data stay valid until the example is
 * done with. */
struct tfu_field {
    uint32_t struct_size;
    uint32_t kind; /* enum tfu_field_kind */
    struct tfu_tensor *t;
};

struct tfu_example {
    uint32_t struct_size;
    uint32_t field_count;
    struct tfu_field *const *field; /* in the order in which they were added */
};

/* The first field of a kind, or NULL. */
static inline struct tfu_tensor *tfu_example_find(const struct tfu_example *x, uint32_t kind)
{
    for (uint32_t i = 0; i < x->field_count; i++)
        if (x->field[i]->kind == kind)
            return x->field[i]->t;
    return NULL;
}

enum tfu_filter {
    TFU_FILTER_NEAREST = 1,  /* the pixel under the new one's centre: for class indices */
    TFU_FILTER_BILINEAR = 2, /* a triangle that widens when the image shrinks, so that nothing is
                                skipped: PIL's BILINEAR, PyTorch's interpolate(antialias=True) */
    TFU_FILTER_BICUBIC = 3   /* a cubic that does: PIL's BICUBIC. Of integers it makes nothing below
                                0 or above 1; floats are not cut */
};

/* What the host lends for the work on one example. Several are worked on at once, each with a host
 * of its own. [one thread] */
struct tfu_example_host {
    uint32_t struct_size;
    /* 0: the example is to be as it is evaluated. A random transform then does what it does in the
     * middle: the crop at the centre, no flip. 1: the example is for training. */
    uint32_t random;
    void *host; /* the host's own; do not touch */

    /* For tfu_philox() (random.h): a pure function of the run's seed, the epoch, the example's
     * index in its dataset and the transform's place in the list. Whatever is random follows from
     * it alone. The same in every epoch for a dataset's get(), which is not to be random. */
    uint64_t key;

    /* A decoder may give a smaller image than its file holds, as long as it is not smaller than
     * this; 0: all pixels are wanted. read_image() heeds it by itself. Masks, boxes and points are
     * those of all pixels: an example that has some is asked for again, with 0. */
    int64_t wanted_height, wanted_width;

    enum tfu_status (*fail)(struct tfu_example_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);

    /* Memory of the example, aligned to 64 bytes, not set to anything; the host frees it with the
     * example. NULL: there is none, and fail() has been called: return TFU_ENOMEM. */
    void *(*alloc)(struct tfu_example_host *h, size_t bytes);

    /* Adds a field with room for `shape` of `dtype`; what is returned has its memory, to be filled.
     * NULL: as alloc(), or there is no such field, as its kind's comment says. Only in a dataset's
     * get(). */
    struct tfu_tensor *(*add)(struct tfu_example_host *h, uint32_t kind, uint32_t dtype,
                              const struct tfu_shape *shape);

    /* Adds an image that lies in a file, of any format that a reader knows. `channels`: 1 makes it
     * gray (ITU-R 601, as PIL's convert("L")), 3 makes it red, green, blue; transparency is left
     * out in both; 0: as it is in the file. Only in a dataset's get(). */
    enum tfu_status (*read_image)(struct tfu_example_host *h, const char *path, int64_t channels);
    /* Adds a mask that lies in a file: an image of one channel of 8 bits, or one with a palette,
     * whose numbers are the class indices. Only in a dataset's get(). */
    enum tfu_status (*read_mask)(struct tfu_example_host *h, const char *path);

    /* Has an image's numbers as TFU_F32: 8 bits are divided by 255, 16 by 65535; floats stay. */
    enum tfu_status (*to_floats)(struct tfu_example_host *h, struct tfu_tensor *image);

    /* Another size for an image (H,W,C, made floats first but by TFU_FILTER_NEAREST) or a mask
     * (H,W: with TFU_FILTER_NEAREST alone). */
    enum tfu_status (*resize)(struct tfu_example_host *h, struct tfu_tensor *t, int64_t height,
                              int64_t width, enum tfu_filter filter);

    /* Says that a transform did something else than it is for, and what: a warning the first time,
     * counted from then on. One sentence without a full stop. Nothing in get() of a dataset. */
    void (*note)(struct tfu_example_host *h, const char *fmt, ...) TFU_PRINTF(2, 3);
};

#ifdef __cplusplus
}
#endif
#endif
