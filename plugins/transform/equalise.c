/* SPDX-License-Identifier: MIT
 *
 * Spreads the numbers of an image over all levels by its histogram, as PIL's ImageOps.equalize()
 * does.
 */
#include "levels.h"
#include "take.h"

enum { LEVELS = 256 };

struct config {
    int32_t by;
};

static const struct tfu_option options[] = {
    TFU_OPT_ENUM(struct config, by, "each", levels_choices, LEVELS_HELP),
};

/* With the step s, the 255th part of all pixels that are not of the last level there is, level i
 * becomes (s/2 + the number of pixels below i) / s, all in whole numbers. */
static void make_table(const int64_t count[LEVELS], int64_t pixels, float table[LEVELS])
{
    int last = LEVELS - 1;
    while (!count[last])
        last--;
    const int64_t step = (pixels - count[last]) / (LEVELS - 1);
    int64_t below = step / 2;
    for (int i = 0; i < LEVELS; i++) {
        const int64_t to = step ? below / step : i;
        table[i] = (float)(to < LEVELS ? to : LEVELS - 1) / 255.0f;
        below += count[i];
    }
}

static enum tfu_status equalise(const void *how, const uint16_t *level, int64_t height,
                                int64_t width, float *out, struct tfu_example_host *h)
{
    (void)how, (void)h;
    int64_t count[LEVELS] = {0};
    float table[LEVELS];
    for (int64_t i = 0; i < height * width; i++)
        count[level[i]]++;
    make_table(count, height * width, table);
    for (int64_t i = 0; i < height * width; i++)
        out[i] = table[level[i]];
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    return levels_run(x, LEVELS, c->by, equalise, NULL, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create_options,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "equalise",
    .version = "1.0",
    .summary = "spreads an image's numbers over all levels by its histogram",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
