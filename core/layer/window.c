/* SPDX-License-Identifier: MIT */
#include "core/layer/window.h"

#include <inttypes.h>

#include "core/layer/size.h"

static int64_t windows_along(const struct tfu_window_axis *a)
{
    return (a->size + 2 * a->pad - a->kernel) / a->stride + 1;
}

enum tfu_status tfu_window_infer(struct tfu_infer *h, const struct tfu_shape *in,
                                 struct tfu_window *out)
{
    *out = (struct tfu_window){
        .h = {in->dim[1], h->attr_int(h, "kernel_h"), h->attr_int(h, "stride_h"),
              h->attr_int(h, "pad_h"), 0},
        .w = {in->dim[2], h->attr_int(h, "kernel_w"), h->attr_int(h, "stride_w"),
              h->attr_int(h, "pad_w"), 0},
    };
    const struct {
        const char *letter, *side;
        struct tfu_window_axis *axis;
    } axes[] = {{"h", "height", &out->h}, {"w", "width", &out->w}};
    for (size_t i = 0; i < TFU_COUNT(axes); i++) {
        struct tfu_window_axis *a = axes[i].axis;
        if (a->kernel > a->size + 2 * a->pad)
            return h->fail(h, TFU_ESHAPE,
                           "kernel_%s %" PRId64 " is larger than the padded %s %" PRId64
                           " (input %" PRId64 "x%" PRId64 ", pad_%s %" PRId64
                           "); use a larger image, a smaller kernel or more padding",
                           axes[i].letter, a->kernel, axes[i].side, a->size + 2 * a->pad,
                           in->dim[1], in->dim[2], axes[i].letter, a->pad);
        a->out = windows_along(a);
    }
    return TFU_OK;
}

struct tfu_window tfu_window_of(const struct tfu_op_call *c)
{
    const struct tfu_shape *in = &c->in[0]->shape;
    struct tfu_window w = {
        .h = {in->dim[1], tfu_call_int(c, "kernel_h"), tfu_call_int(c, "stride_h"),
              tfu_call_int(c, "pad_h"), 0},
        .w = {in->dim[2], tfu_call_int(c, "kernel_w"), tfu_call_int(c, "stride_w"),
              tfu_call_int(c, "pad_w"), 0},
    };
    w.h.out = windows_along(&w.h);
    w.w.out = windows_along(&w.w);
    return w;
}

const struct tfu_attr_info tfu_window_pool_attrs[TFU_WINDOW_POOL_ATTRS] = {
    {"kernel_h", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX, "window height"},
    {"kernel_w", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX, "window width"},
    {"stride_h", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX,
     "step between windows, downwards"},
    {"stride_w", TFU_INT, TFU_OPT_REQUIRED, 0, 1, TFU_WINDOW_MAX,
     "step between windows, to the right"},
    {"pad_h", TFU_INT, 0, 0, 0, TFU_WINDOW_MAX, "rows of padding above, and as many below"},
    {"pad_w", TFU_INT, 0, 0, 0, TFU_WINDOW_MAX, "columns of padding left, and as many right"},
    {"exclude_pad", TFU_INT, 0, 0, 0, 1, "1: divides by the pixels inside the image only"},
};

/* A window of padding alone would have no maximum and no mean. */
static enum tfu_status check_pool_pad(struct tfu_infer *h, const char *letter,
                                      const struct tfu_window_axis *a)
{
    if (a->pad <= a->kernel / 2)
        return TFU_OK;
    return h->fail(h, TFU_EINVAL,
                   "pad_%s %" PRId64 " is more than half of kernel_%s %" PRId64
                   "; use at most %" PRId64,
                   letter, a->pad, letter, a->kernel, a->kernel / 2);
}

enum tfu_status tfu_window_infer_pool(struct tfu_infer *h, const char *op,
                                      const struct tfu_shape *in, struct tfu_window *out)
{
    enum tfu_status st = tfu_size_check_image(h, op, in);
    if (st == TFU_OK)
        st = tfu_window_infer(h, in, out);
    if (st == TFU_OK)
        st = check_pool_pad(h, "h", &out->h);
    if (st == TFU_OK)
        st = check_pool_pad(h, "w", &out->w);
    if (st == TFU_OK)
        st = tfu_size_output(h,
                             tfu_shape_make(4, in->dim[0], out->h.out, out->w.out, in->dim[3], 1));
    return st;
}
