/* SPDX-License-Identifier: MIT
 *
 * A transform that changes nothing: while the file that $GATE names is there, each image takes
 * a tenth of a second. So a run lasts for as long as a test wants, and can be interrupted
 * meanwhile.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <transfuse/transform.h>

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    static char none;
    (void)config;
    (void)h;
    *self = &none;
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    (void)self;
    (void)h;
    *out = *in;
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    const char *file = getenv("GATE");
    (void)self;
    (void)x;
    (void)h;
    for (int i = 0; i < 10 && file && access(file, F_OK) == 0; i++)
        nanosleep(&pause, NULL);
    return TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .shape = shape,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),    .name = "gate",         .version = "1.0",
    .summary = "waits while a file is there", .ops_size = sizeof ops, .ops = &ops,
};
