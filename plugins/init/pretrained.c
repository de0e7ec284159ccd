/* SPDX-License-Identifier: MIT
 *
 * Everything that a source network has: transfer as in Raghu et al., "Transfusion: Understanding
 * Transfer Learning for Medical Imaging", NeurIPS 2019.
 */
#include <stdlib.h>

#include <transfuse/init.h>

#include "source.h"

struct config {
    const char *source;
    const struct tfu_inner *rest;
};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, source, "", TFU_OPT_REQUIRED,
                 "file of weights: safetensors, PyTorch's .pth, npz"),
    TFU_OPT_INNER(struct config, rest, "random", 0, "fills what does not come from the source"),
};

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    (void)h;
    *self = (void *)config; /* stays valid until destroy() */
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    const struct tfu_tensor *t = h->take(h, c->source, p, 0);
    if (!t)
        return h->fill_inner(h, c->rest, p, dst);
    copy_tensor(dst, t, "copied", c->source, h);
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "pretrained",
    .version = "1.0",
    .summary = "a copy of everything that a file of weights has",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
