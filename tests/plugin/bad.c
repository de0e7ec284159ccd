/* SPDX-License-Identifier: MIT
 *
 * bad.c - an architecture that is right, unless a macro puts another value behind the right one:
 * -DPLUGIN=.magic=1 in the descriptor, -DFIRST and -DSECOND in its options, -DOPS in its table.
 * The compiler takes the last of several values for a field.
 */
#include <transfuse/ops.h>

#ifndef PLUGIN
#define PLUGIN
#endif
#ifndef FIRST
#define FIRST
#endif
#ifndef SECOND
#define SECOND
#endif
#ifndef OPS
#define OPS
#endif

enum tfu_status elsewhere(struct tfu_builder *b, const void *config); /* defined nowhere */

struct config {
    int64_t first;
    double second;
    struct tfu_float_list third;
};

extern const char *const choices[], *const no_choices[];
const char *const choices[] = {"one", "two", 0}, *const no_choices[] = {0};

static const struct tfu_option options[] = {
    {.name = "first", .help = "a", .type = TFU_INT, .imin = 1, .idef = 2, .imax = 3, FIRST},
    {.name = "second",
     .help = "b",
     .type = TFU_FLOAT,
     .fmin = 1,
     .fdef = 2,
     .fmax = 3,
     .offset = offsetof(struct config, second),
     SECOND},
};

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    (void)config;
    b->stage(b, "block1");
    b->features(b, tfu_global_avgpool(b, "avgpool", b->input(b, "image")), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops ops = {.struct_size = sizeof ops, .build = build, OPS};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
                                                 .name = "bad",
                                                 .version = "1",
                                                 .summary = "right but for one thing",
                                                 TFU_OPTIONS(options, struct config),
                                                 .ops_size = sizeof ops,
                                                 .ops = &ops,
                                                 PLUGIN};
