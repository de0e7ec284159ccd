/* SPDX-License-Identifier: MIT */
#include "core/layer/size.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *tfu_shape_text(const struct tfu_shape *s, char text[TFU_SHAPE_TEXT])
{
    size_t n = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < s->rank && i < TFU_MAX_RANK; i++)
        n += (size_t)snprintf(text + n, TFU_SHAPE_TEXT - n, "%s%" PRId64, i ? "x" : "", s->dim[i]);
    return text;
}

enum tfu_status tfu_size_check(struct tfu_infer *h, const char *what, const struct tfu_shape *s)
{
    char text[TFU_SHAPE_TEXT];
    int64_t bytes = sizeof(double);
    for (uint32_t i = 0; i < s->rank; i++) {
        if (s->dim[i] < 1)
            return h->fail(h, TFU_ESHAPE, "%s %s has a side below 1", what,
                           tfu_shape_text(s, text));
        if (__builtin_mul_overflow(bytes, s->dim[i], &bytes))
            return h->fail(h, TFU_ESHAPE, "%s %s has more elements than memory can address", what,
                           tfu_shape_text(s, text));
    }
    return TFU_OK;
}

enum tfu_status tfu_size_check_image(struct tfu_infer *h, const char *op,
                                     const struct tfu_shape *in)
{
    char text[TFU_SHAPE_TEXT];
    if (in->rank != 4)
        return h->fail(h, TFU_ESHAPE, "%s takes an image N,H,W,C, but its input is %s of rank %u",
                       op, tfu_shape_text(in, text), in->rank);
    return tfu_size_check(h, "input", in);
}

enum tfu_status tfu_size_check_rows(struct tfu_infer *h, const char *op, const struct tfu_shape *in)
{
    char text[TFU_SHAPE_TEXT];
    if (in->rank < 2)
        return h->fail(h, TFU_ESHAPE,
                       "%s takes rows N,C or an image N,H,W,C, but its input is %s of rank %u", op,
                       tfu_shape_text(in, text), in->rank);
    return tfu_size_check(h, "input", in);
}

enum tfu_status tfu_size_output(struct tfu_infer *h, struct tfu_shape shape)
{
    const enum tfu_status st = tfu_size_check(h, "output", &shape);
    if (st == TFU_OK)
        h->output(h, &shape);
    return st;
}

enum tfu_status tfu_size_param(struct tfu_infer *h, const char *suffix, enum tfu_role role,
                               struct tfu_shape shape, int64_t fan_in, int64_t fan_out)
{
    const enum tfu_status st = tfu_size_check(h, suffix, &shape);
    if (st == TFU_OK)
        h->param(h, suffix, role, &shape, fan_in, fan_out);
    return st;
}

void tfu_size_clear(const struct tfu_tensor *t)
{
    if (t->data)
        memset(t->data, 0, (size_t)tfu_shape_count(&t->shape) * sizeof(double));
}
