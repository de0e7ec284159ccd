/* SPDX-License-Identifier: MIT
 *
 * tail.c - see tail.h.
 */
#include "tail.h"

struct tfu_cpu_tail tfu_cpu_tail_of(const struct tfu_cpu *dev, const struct tfu_op_call *c,
                                    struct tfu_cpu_scratch *s)
{
    (void)s;
    struct tfu_cpu_tail t = {.dev = dev, .K = c->out->shape.dim[3]};
    if (c->n_param > 1)
        t.finish.bias = c->param[1].data;
    t.any = t.finish.bias != NULL;
    return t;
}
