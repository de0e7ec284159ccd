/* SPDX-License-Identifier: MIT
 *
 * An initializer that draws uniformly, with the flaw that -DFLAW= names.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/init.h>
#include <transfuse/random.h>

enum flaw {
    none,
    leaves_an_element,
    writes_beyond,
    draws_its_own,
    counts_its_calls,
    ignores_the_name,
    fills_weights_only,
    not_finite
};

/* An instance counts the parameters that it has filled. */
static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)config;
    *self = calloc(1, sizeof(int));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory");
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    static uint64_t drawn;
    int *calls = self;
    float *w = dst->data;
    int64_t n = tfu_shape_count(&dst->shape);
    if (FLAW == fills_weights_only && p->role != TFU_ROLE_WEIGHT)
        return TFU_EINVAL;
    if (FLAW == leaves_an_element)
        n--;
    if (FLAW == writes_beyond)
        n++;
    if (FLAW == counts_its_calls)
        ++*calls;
    for (int64_t i = 0; i < n; i++) {
        const double u = h->uniform(h);
        if (FLAW == draws_its_own)
            w[i] = tfu_uniform_float(tfu_philox(7, drawn++).word[0]);
        else if (FLAW == ignores_the_name)
            w[i] = (float)i;
        else
            w[i] = (float)u + (float)*calls;
    }
    if (FLAW == not_finite)
        w[0] = INFINITY;
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = free,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),      .name = "flawed",       .version = "1.0",
    .summary = "an initializer for tests", .ops_size = sizeof ops, .ops = &ops,
};
