/* SPDX-License-Identifier: MIT
 *
 * transfuse/transform.h - one step of an example's way into a batch: example to example, so that
 * masks, boxes and points move with the image.
 *
 * A configuration lists them (`data.train.transforms`); they run in that order, for every example,
 * in any number of threads.
 */
#ifndef TFU_TRANSFORM_H
#define TFU_TRANSFORM_H

#include <transfuse/example.h>
#include <transfuse/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a transform makes of an image's numbers from 0 to 1: (x - mean) / deviation of each channel.
 */
struct tfu_normalisation {
    uint32_t struct_size;
    uint32_t channels;
    const double *mean, *deviation; /* `channels` numbers each; deviations are above 0 */
    const char *order;              /* of the channels that come out: "rgb", "bgr" or "gray" */
    const char *published;          /* the name of published weights that it is for, or NULL */
};

/* What the host lends to create() and shape(). [one thread] */
struct tfu_transform_host {
    uint32_t struct_size;
    uint32_t reserved;
    void *host; /* the host's own; do not touch */

    enum tfu_status (*fail)(struct tfu_transform_host *h, enum tfu_status st, const char *fmt, ...)
        TFU_PRINTF(3, 4);

    /* The normalisation that published weights want, by its name ("torchvision"); lives as
     * long as the instance. NULL: there is none of that name, and fail() has been called with those
     * that there are. */
    const struct tfu_normalisation *(*published)(struct tfu_transform_host *h, const char *name);
};

enum {
    TFU_TRANSFORM_RANDOM = 1u << 0, /* reads `key` of the host */
    TFU_TRANSFORM_GEOMETRIC =
        1u << 1,                    /* moves what has a place in the image, or changes its size */
    TFU_TRANSFORM_LABELS = 1u << 2, /* may change class, labels or numbers */
    TFU_TRANSFORM_MIXES = 1u << 3   /* has mix(), and nothing to do for an example alone */
};

struct tfu_transform_ops {
    uint32_t struct_size;
    uint32_t flags; /* TFU_TRANSFORM_* */

    /* Makes an instance. `config` stays valid until destroy(). */
    enum tfu_status (*create)(void **self, const void *config, struct tfu_transform_host *h);
    void (*destroy)(void *self);

    /* The size H,W,C of the images that come out for images of `in`; in both 0 stands for "differs
     * from one to the next". Refuses sizes that it has no meaning for. Called once, before any
     * run(). NULL: as they go in. */
    enum tfu_status (*shape)(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h);

    /* From the size (height, width) that is wanted behind it to that which is wanted before it: a
     * hint to decoders, 0: all pixels. NULL: always all, where it is geometric; else the same. */
    void (*wanted)(const void *self, int64_t size[2]);

    /* Changes the example: of its fields all that it is about, and all that have a place where it
     * is geometric. A mask, box or point that it cannot move it refuses. The same example and key
     * give the same bits. [any thread, on different examples] */
    enum tfu_status (*run)(const void *self, struct tfu_example *x, struct tfu_example_host *h);

    /* What it is as a normalisation: what weights that are trained behind it are told, and what
     * pictures undo. Lives as long as the instance. NULL, or returns NULL: it is none. */
    const struct tfu_normalisation *(*normalisation)(const void *self);

    /* Mixes `other` into `image`, both H,W,C of TFU_F32 and of one size: images of two examples of
     * a batch, as they came out of all other steps. `*share` of 0 to 1 says how much of what comes
     * out is still of `image`: losses of both examples' labels are added by it. `other` may not be
     * changed. Only in training. NULL but for TFU_TRANSFORM_MIXES, whose run() is not called. [any
     * thread] */
    enum tfu_status (*mix)(const void *self, struct tfu_tensor *image,
                           const struct tfu_tensor *other, double *share,
                           struct tfu_example_host *h);
};

#ifdef __cplusplus
}
#endif
#endif
