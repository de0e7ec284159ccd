/* SPDX-License-Identifier: MIT
 *
 * colour_step.h - transforms that change one thing of an image's colours by an amount drawn from a
 * range: what they have but for their options' words and the change itself.
 */
#ifndef TFU_PLUGINS_TRANSFORM_COLOUR_STEP_H
#define TFU_PLUGINS_TRANSFORM_COLOUR_STEP_H

#include "colour.h"
#include "draw.h"
#include "take.h"

struct colour_step {
    struct tfu_float_list amount;
    double p;
};

static inline enum tfu_status colour_step_create(void **self, const void *config, const char *key,
                                                 struct tfu_transform_host *h)
{
    const struct colour_step *c = config;
    *self = NULL;
    const enum tfu_status st = check_range(key, &c->amount, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static inline enum tfu_status colour_step_shape(void *self, const struct tfu_shape *in,
                                                struct tfu_shape *out, struct tfu_transform_host *h)
{
    (void)self;
    *out = *in;
    return colour_check(in->dim[2], h);
}

/* `otherwise` where the option has no range. */
static inline enum tfu_status
colour_step_run(const struct colour_step *c, struct range otherwise,
                void (*change)(const struct colour_image *m, double amount),
                const struct tfu_example *x, struct tfu_example_host *h)
{
    struct draw d = draw_begin(h);
    struct colour_image m;
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const enum tfu_status st = colour_begin(x, &m, h);
    const struct range r = range_of(&c->amount, otherwise.low, otherwise.high);
    if (st == TFU_OK)
        change(&m, draw_between(&d, r.low, r.high));
    return st;
}

#endif
