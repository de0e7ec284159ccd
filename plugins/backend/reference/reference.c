/* SPDX-License-Identifier: MIT
 *
 * reference.c - a backend without kernels: host memory, float32 or float64, and every layer runs
 * its own definition. Slow, and what is true by definition.
 */
#include <transfuse/backend.h>

/* The device has nothing to remember: the host's table stands for it. */
static enum tfu_status open(void **dev, const void *config, const struct tfu_backend_host *host)
{
    (void)config;
    *dev = (void *)(uintptr_t)host;
    return TFU_OK;
}

static void close(void *dev)
{
    (void)dev;
}

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32 | TFU_TAKES_F64,
    .place = TFU_HOST,
    .kernel_size = sizeof(struct tfu_kernel),
    .open = open,
    .close = close,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),
    .name = "reference",
    .version = "0.1.0",
    .summary = "every layer's own definition, in float64 arithmetic; slow",
    .ops_size = sizeof ops,
    .ops = &ops,
};
