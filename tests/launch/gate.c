/* SPDX-License-Identifier: MIT
 *
 * A transform that changes nothing: while the file that $GATE names is there, each image takes
 * as many seconds as it says, and the file $GATE.reached tells that one waits. So a run lasts for
 * as long as a test wants, and can be interrupted meanwhile.
 */
#include <limits.h>
#include <stdio.h>
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

/* Hundredths of a second that an image takes. 0: the gate is open. */
static int read_wait(const char *gate)
{
    double seconds = 0;
    FILE *f = fopen(gate, "r");
    if (!f)
        return 0;
    if (fscanf(f, "%lf", &seconds) != 1)
        seconds = 0;
    fclose(f);
    return (int)(seconds * 100);
}

static void say_reached(const char *gate)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.reached", gate);
    FILE *f = fopen(path, "w");
    if (f)
        fclose(f);
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    const char *gate = getenv("GATE");
    const int wait = gate ? read_wait(gate) : 0;
    (void)self;
    (void)x;
    (void)h;
    if (wait > 0)
        say_reached(gate);
    for (int i = 0; i < wait && access(gate, F_OK) == 0; i++)
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
