/* SPDX-License-Identifier: MIT
 *
 * window.h - a kernel that slides over an image: what convolution and pooling share.
 */
#ifndef TFU_CORE_LAYER_WINDOW_H
#define TFU_CORE_LAYER_WINDOW_H

#include <transfuse/layer.h>

/* Upper bound of kernel, stride and padding: far beyond any use, and sums of them stay small. */
enum { TFU_WINDOW_MAX = 65536 };

/* One axis of an image. Window `i` covers `kernel` positions from i * stride - pad on; those
 * outside 0..size-1 are padding. */
struct tfu_window_axis {
    int64_t size, kernel, stride, pad;
    int64_t out; /* (size + 2 pad - kernel) / stride + 1, rounded down */
};
struct tfu_window {
    struct tfu_window_axis h, w;
};

/* From the attributes kernel_h, kernel_w, stride_h, ... and an input N,H,W,C; refuses a kernel that
 * is larger than the padded image. */
enum tfu_status tfu_window_infer(struct tfu_infer *h, const struct tfu_shape *in,
                                 struct tfu_window *out);
/* The same of a call, whose sizes infer() has accepted. */
struct tfu_window tfu_window_of(const struct tfu_op_call *c);

/* The attributes of pooling: all of avgpool's; maxpool takes those before the last, exclude_pad. */
enum { TFU_WINDOW_POOL_ATTRS = 7 };
extern const struct tfu_attr_info tfu_window_pool_attrs[TFU_WINDOW_POOL_ATTRS];

/* Pooling: the image N,H,W,C, padding of at most half the kernel, and a declared output. */
enum tfu_status tfu_window_infer_pool(struct tfu_infer *h, const char *op,
                                      const struct tfu_shape *in, struct tfu_window *out);

/* Where tap number `tap` of window `i` lies, or -1 when that is padding. */
static inline int64_t tfu_window_position(const struct tfu_window_axis *a, int64_t i, int64_t tap)
{
    const int64_t position = i * a->stride - a->pad + tap;
    return position >= 0 && position < a->size ? position : -1;
}

#endif
