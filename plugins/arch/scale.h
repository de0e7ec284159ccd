/* SPDX-License-Identifier: MIT
 *
 * scale.h - networks of other widths: `width` multiplies all channels, and `slim` divides them from
 * a stage on, as in the Slim networks of Raghu et al., "Transfusion", NeurIPS 2019, figure 8.
 *
 * An architecture enters its stages through scale_stage() and asks scale_channels() for every
 * count of channels in them.
 */
#ifndef TFU_PLUGINS_ARCH_SCALE_H
#define TFU_PLUGINS_ARCH_SCALE_H

#include <stdio.h>
#include <string.h>

#include <transfuse/ops.h>

/* Part of an architecture's config struct, as its field `scale`. */
struct scale {
    double width;
    const char *from;
    int64_t divide;
};

/* The option lines; `cfg` has a field `scale`. */
#define SCALE_OPTIONS(cfg)                                                                         \
    {.name = "width",                                                                              \
     .help = "factor on all channels; each count is rounded, and at least 1; 1: as published",     \
     .type = TFU_FLOAT,                                                                            \
     .offset = offsetof(cfg, scale.width),                                                         \
     .fdef = 1,                                                                                    \
     .fmin = 0.001,                                                                                \
     .fmax = 100},                                                                                 \
        {.name = "slim.from",                                                                      \
         .help = "the first stage that is slimmed, and all behind it; empty: none is",             \
         .type = TFU_STRING,                                                                       \
         .offset = offsetof(cfg, scale.from)},                                                     \
    {                                                                                              \
        .name = "slim.divide", .help = "what the channels from `slim.from` on are divided by",     \
        .type = TFU_INT, .offset = offsetof(cfg, scale.divide), .idef = 2, .imin = 1, .imax = 1024 \
    }

/* A network while it is built. */
struct scale_state {
    const struct scale *scale;
    int slim; /* from this stage on */
};

/* Opens the stage `name`. */
static inline void scale_stage(struct tfu_builder *b, struct scale_state *s, const char *name)
{
    b->stage(b, name);
    if (strcmp(s->scale->from, name) == 0)
        s->slim = 1;
}

/* What `channels` of the published network are here. */
static inline int64_t scale_channels(const struct scale_state *s, int64_t channels)
{
    int64_t n = (int64_t)((double)channels * s->scale->width + 0.5);
    if (s->slim)
        n /= s->scale->divide;
    return n < 1 ? 1 : n;
}

/* After all stages: was the one to slim from among `stages` (NULL-terminated)? */
static inline enum tfu_status scale_end(struct tfu_builder *b, const struct scale_state *s,
                                        const char *const *stages)
{
    char list[512] = "";
    size_t length = 0;
    if (!s->scale->from[0] || s->slim)
        return b->status(b);
    for (size_t i = 0; stages[i] && length < sizeof list; i++)
        length +=
            (size_t)snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", stages[i]);
    return b->fail(b, TFU_EINVAL, "slim.from: there is no stage '%s'; the stages are %s",
                   s->scale->from, list);
}

#endif
