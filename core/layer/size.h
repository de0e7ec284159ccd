/* SPDX-License-Identifier: MIT
 *
 * size.h - shapes as text, the checks that infer() of every core layer begins and ends with, and
 * zeros.
 */
#ifndef TFU_CORE_LAYER_SIZE_H
#define TFU_CORE_LAYER_SIZE_H

#include <transfuse/layer.h>

enum { TFU_SHAPE_TEXT = 128 };

/* "2x5x5x3" in `text`, which is returned. */
const char *tfu_shape_text(const struct tfu_shape *s, char text[TFU_SHAPE_TEXT]);

/* Refuses a shape with a dim below 1, or whose float64 elements would not fit in memory's address
 * range. `what` is "input", "output" or a parameter's suffix. */
enum tfu_status tfu_size_check(struct tfu_infer *h, const char *what, const struct tfu_shape *s);

/* Checks the size of an input that must be an image N,H,W,C; `op` names the layer. */
enum tfu_status tfu_size_check_image(struct tfu_infer *h, const char *op,
                                     const struct tfu_shape *in);

/* Likewise that it has a batch and channels: rows N,C, or an image. */
enum tfu_status tfu_size_check_rows(struct tfu_infer *h, const char *op,
                                    const struct tfu_shape *in);

/* Declares the output, or a parameter, once its size is checked. */
enum tfu_status tfu_size_output(struct tfu_infer *h, struct tfu_shape shape);
enum tfu_status tfu_size_param(struct tfu_infer *h, const char *suffix, enum tfu_role role,
                               struct tfu_shape shape, int64_t fan_in, int64_t fan_out);

/* Zeros in a float64 tensor; nothing when it has no data. */
void tfu_size_clear(const struct tfu_tensor *t);

/* Elements of a call's first input. */
static inline int64_t tfu_size_in(const struct tfu_op_call *c)
{
    return tfu_shape_count(&c->in[0]->shape);
}

#endif
