/* SPDX-License-Identifier: MIT
 *
 * An initializer that draws uniformly, with the flaw that -DFLAW= names.
 */
#include <transfuse/init.h>

enum flaw { none, writes_beyond, ignores_the_name };

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)config;
    (void)h;
    *self = NULL;
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    (void)self;
    (void)p;
    float *w = dst->data;
    const int64_t n = tfu_shape_count(&dst->shape);
    for (int64_t i = 0; i < n; i++) {
        const double u = h->uniform(h);
        w[i] = FLAW == ignores_the_name ? (float)i : (float)u;
    }
    if (FLAW == writes_beyond)
        w[n] = 0;
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),      .name = "flawed",       .version = "1.0",
    .summary = "an initializer for tests", .ops_size = sizeof ops, .ops = &ops,
};
