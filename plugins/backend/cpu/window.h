/* SPDX-License-Identifier: MIT
 *
 * window.h - a kernel that slides over an image: what convolution and pooling share.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_WINDOW_H
#define TFU_PLUGINS_BACKEND_CPU_WINDOW_H

#include "cpu.h"

/* One side of the image: window i covers i * stride - pad + 0..kernel-1. */
struct tfu_cpu_axis {
    int64_t size, kernel, stride, pad, out;
};

/* The taps first..end-1 of a window that lie inside the image. */
static inline struct tfu_cpu_range tfu_cpu_taps(const struct tfu_cpu_axis *a, int64_t window)
{
    const int64_t start = window * a->stride - a->pad;
    const struct tfu_cpu_range r = {tfu_cpu_max(0, -start),
                                    tfu_cpu_min(a->kernel, a->size - start)};
    return (struct tfu_cpu_range){r.first, tfu_cpu_max(r.first, r.end)};
}

/* The windows first..end-1 that cover a position. */
static inline struct tfu_cpu_range tfu_cpu_windows(const struct tfu_cpu_axis *a, int64_t position)
{
    const int64_t at = position + a->pad; /* from the first window's start */
    const int64_t first = at < a->kernel ? 0 : (at - a->kernel) / a->stride + 1;
    return (struct tfu_cpu_range){first, tfu_cpu_min(a->out, at / a->stride + 1)};
}

/* The two sides of a convolution or pooling call. */
static inline struct tfu_cpu_axis tfu_cpu_axis_h(const struct tfu_op_call *c)
{
    return (struct tfu_cpu_axis){c->in[0]->shape.dim[1], tfu_call_int(c, "kernel_h"),
                                 tfu_call_int(c, "stride_h"), tfu_call_int(c, "pad_h"),
                                 c->out->shape.dim[1]};
}
static inline struct tfu_cpu_axis tfu_cpu_axis_w(const struct tfu_op_call *c)
{
    return (struct tfu_cpu_axis){c->in[0]->shape.dim[2], tfu_call_int(c, "kernel_w"),
                                 tfu_call_int(c, "stride_w"), tfu_call_int(c, "pad_w"),
                                 c->out->shape.dim[2]};
}

#endif
