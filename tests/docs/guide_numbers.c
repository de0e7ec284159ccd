/* SPDX-License-Identifier: MIT
 *
 * The layer and the optimizer that the guides have in full, each compiled into this program,
 * against the numbers of guide_numbers.h. Ends with 1 where they differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include SOURCE

#include "guide_numbers.h"

#if defined(try_layernorm)

enum { ROWS = 6, CHANNELS = 5 };

static void run_all(struct tfu_host *h, uint32_t tasks,
                    void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    (void)h;
    for (uint32_t i = 0; i < tasks; i++)
        task(arg, i, 0);
}

static int differ(const char *what, const double *is, const double *should, int n)
{
    for (int i = 0; i < n; i++)
        if (!(fabs(is[i] - should[i]) <= 1e-12)) {
            printf("# %s[%d] is %.17g and should be %.17g\n", what, i, is[i], should[i]);
            return 1;
        }
    return 0;
}

static struct tfu_tensor tensor(const double *data, struct tfu_shape shape)
{
    return (struct tfu_tensor){.struct_size = sizeof(struct tfu_tensor),
                               .dtype = TFU_F64,
                               .shape = shape,
                               .data = (void *)(uintptr_t)data};
}

int main(void)
{
    double y[ROWS * CHANNELS], by_x[ROWS * CHANNELS], by_weight[CHANNELS], by_bias[CHANNELS];
    double mean[ROWS], inverse[ROWS];
    const struct tfu_shape image = tfu_shape_make(3, 2, 3, CHANNELS, 1, 1);
    const struct tfu_shape channels = tfu_shape_make(1, CHANNELS, 1, 1, 1, 1);
    const struct tfu_shape rows = tfu_shape_make(3, 2, 3, 1, 1, 1);
    const struct tfu_tensor t[] = {tensor(norm_x, image),
                                   tensor(y, image),
                                   tensor(norm_grad, image),
                                   tensor(by_x, image),
                                   tensor(norm_weight, channels),
                                   tensor(norm_bias, channels),
                                   tensor(by_weight, channels),
                                   tensor(by_bias, channels),
                                   tensor(mean, rows),
                                   tensor(inverse, rows)};
    const struct tfu_tensor *in[] = {&t[0]}, *grad_in[] = {&t[3]}, *param[] = {&t[4], &t[5]};
    const struct tfu_tensor *grad_param[] = {&t[6], &t[7]}, *state[] = {&t[8], &t[9]};
    const struct tfu_attr eps = {"eps", 0, 1e-6}, *attr[] = {&eps};
    const struct tfu_op_call c = {.struct_size = sizeof c,
                                  .training = 1,
                                  .attrs = attr,
                                  .n_attrs = 1,
                                  .n_in = 1,
                                  .n_param = 2,
                                  .n_state = 2,
                                  .in = in,
                                  .out = &t[1],
                                  .param = param,
                                  .state = state,
                                  .grad_out = &t[2],
                                  .grad_in = grad_in,
                                  .grad_param = grad_param};
    struct tfu_host h = {.struct_size = sizeof h, .threads = 1, .parallel = run_all};
    if (forward(&c, &h) != TFU_OK || backward(&c, &h) != TFU_OK)
        return 1;
    return differ("y", y, norm_y, ROWS * CHANNELS) |
           differ("by_x", by_x, norm_by_x, ROWS * CHANNELS) |
           differ("by_weight", by_weight, norm_by_weight, CHANNELS) |
           differ("by_bias", by_bias, norm_by_bias, CHANNELS);
}

#else

enum { STEPS = 3, N = 6 };

static int differ(const char *what, const float *is, const float *should)
{
    for (int i = 0; i < N; i++)
        if (!(is[i] - should[i] <= 1e-6f && should[i] - is[i] <= 1e-6f)) {
            printf("# %s[%d] is %.9g and should be %.9g\n", what, i, (double)is[i],
                   (double)should[i]);
            return 1;
        }
    return 0;
}

int main(void)
{
    float w[N], mean[N] = {0}, *slot[] = {mean};
    struct config c = {
        .lr = 0.1, .beta1 = 0.9, .beta2 = 0.99, .weight_decay = 0.1, .slow = "block"};
    c.slow_by = 0.1; /* so that the rate is 0.01 */
    memcpy(w, lion_before, sizeof w);
    for (int t = 0; t < STEPS; t++)
        if (step(&c,
                 &(struct tfu_optim_step){.struct_size = sizeof(struct tfu_optim_step),
                                          .role = TFU_ROLE_WEIGHT,
                                          .n = N,
                                          .w = w,
                                          .g = lion_gradient + t * N,
                                          .slot = slot,
                                          .lr_scale = 1,
                                          .t = t + 1,
                                          .name = "block1.conv.weight",
                                          .total = N},
                 NULL) != TFU_OK)
            return 1;
    return differ("w", w, lion_after) | differ("mean", mean, lion_mean);
}

#endif
