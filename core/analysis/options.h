/* SPDX-License-Identifier: MIT
 *
 * options.h - options that several analyses have. An analysis lists those that it looks at in its
 * table; all others are unknown to it. Its config struct begins with struct tfu_analysis_common, in
 * which the fields of options that it does not list are 0.
 *
 * A default outside the bounds means that nothing was said.
 */
#ifndef TFU_CORE_ANALYSIS_OPTIONS_H
#define TFU_CORE_ANALYSIS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config/defaults.h"
#include "core/plugin/choice.h"

#include <transfuse/option.h>

enum { TFU_PER_POSITION, TFU_PER_IMAGE };
enum { TFU_DATA_OWN, TFU_DATA_A, TFU_DATA_B };

struct tfu_analysis_common {
    /* of the networks and their images */
    int32_t split; /* 0: test, else valid (figures: else train); then enum tfu_split + 1 */
    const char *config;
    struct tfu_string_list set;
    int32_t data;
    /* of what is compared */
    const struct tfu_inner *metric;
    struct tfu_string_list nodes, nodes_b;
    int64_t rows, channels, draws, images, seed;
    int32_t per;
    /* of the machine */
    int64_t memory, threads;
};

extern const char *const tfu_analysis_splits[];    /* of `split`, NULL-terminated */
extern const char *const tfu_analysis_positions[]; /* of `per` */
extern const char *const tfu_analysis_sides[];     /* of `data` */

#define TFU_ANALYSIS_OFFSET(field) offsetof(struct tfu_analysis_common, field)

#define TFU_OPTION_SPLIT                                                                           \
    {                                                                                              \
        .name = "split", .help = "the data: by default test, else valid", .type = TFU_ENUM,        \
        .offset = TFU_ANALYSIS_OFFSET(split), .sdef = "", .choices = tfu_analysis_splits           \
    }
#define TFU_OPTION_CONFIG                                                                          \
    {                                                                                              \
        .name = "config", .help = "the configuration that files of weights belong to",             \
        .type = TFU_PATH, .offset = TFU_ANALYSIS_OFFSET(config)                                    \
    }
#define TFU_OPTION_SET                                                                             \
    {                                                                                              \
        .name = "set", .help = "KEY=VALUE: overrides of the networks' configurations",             \
        .type = TFU_STRING_LIST, .offset = TFU_ANALYSIS_OFFSET(set)                                \
    }
#define TFU_OPTION_DATA                                                                            \
    {                                                                                              \
        .name = "data", .help = "both networks see the images of that network's configuration",    \
        .type = TFU_ENUM, .offset = TFU_ANALYSIS_OFFSET(data), .sdef = "",                         \
        .choices = tfu_analysis_sides                                                              \
    }
#define TFU_OPTION_METRIC(standard)                                                                \
    {                                                                                              \
        .name = "metric", .help = "the metric, with its options", .type = TFU_INNER,               \
        .offset = TFU_ANALYSIS_OFFSET(metric), .sdef = (standard)                                  \
    }
#define TFU_OPTION_NODES                                                                           \
    {                                                                                              \
        .name = "nodes",                                                                           \
        .help = "stages or nodes, or patterns of them, features, logits; by default all stages",   \
        .type = TFU_STRING_LIST, .offset = TFU_ANALYSIS_OFFSET(nodes)                              \
    }
#define TFU_OPTION_NODES_B                                                                         \
    {                                                                                              \
        .name = "nodes_b", .help = "those of the second network, where they are others",           \
        .type = TFU_STRING_LIST, .offset = TFU_ANALYSIS_OFFSET(nodes_b)                            \
    }
#define TFU_OPTION_ROWS                                                                            \
    {                                                                                              \
        .name = "rows", .help = "rows of a draw; by default 10000, or what the metric allows",     \
        .type = TFU_INT, .offset = TFU_ANALYSIS_OFFSET(rows), .imin = 2, .imax = INT32_MAX         \
    }
#define TFU_OPTION_CHANNELS(standard)                                                              \
    {                                                                                              \
        .name = "channels", .help = "channels of a draw; 0: all", .type = TFU_INT,                 \
        .offset = TFU_ANALYSIS_OFFSET(channels), .idef = (standard), .imax = INT32_MAX             \
    }
#define TFU_OPTION_DRAWS(standard, what)                                                           \
    {                                                                                              \
        .name = "draws", .help = (what), .type = TFU_INT, .offset = TFU_ANALYSIS_OFFSET(draws),    \
        .idef = (standard), .imin = 1, .imax = 10000                                               \
    }
#define TFU_OPTION_PER                                                                             \
    {                                                                                              \
        .name = "per", .help = "what a row is: a position in a map, or the mean over an image",    \
        .type = TFU_ENUM, .offset = TFU_ANALYSIS_OFFSET(per), .sdef = "position",                  \
        .choices = tfu_analysis_positions                                                          \
    }
#define TFU_OPTION_IMAGES                                                                          \
    {                                                                                              \
        .name = "images",                                                                          \
        .help = "images that go through the networks; by default enough for the rows",             \
        .type = TFU_INT, .offset = TFU_ANALYSIS_OFFSET(images), .imin = 1, .imax = INT32_MAX       \
    }
#define TFU_OPTION_SEED                                                                            \
    {                                                                                              \
        .name = "seed", .help = "of the draws", .type = TFU_INT,                                   \
        .offset = TFU_ANALYSIS_OFFSET(seed), .idef = 1, .imax = INT64_MAX                          \
    }
#define TFU_OPTION_MEMORY                                                                          \
    {                                                                                              \
        .name = "memory", .help = "MiB of activations that are held at once", .type = TFU_INT,     \
        .flags = TFU_OPT_NO_EFFECT, .offset = TFU_ANALYSIS_OFFSET(memory), .idef = 2048,           \
        .imin = 1, .imax = INT32_MAX                                                               \
    }
#define TFU_OPTION_THREADS                                                                         \
    {                                                                                              \
        .name = "threads", .help = "by default the processors that may be used", .type = TFU_INT,  \
        .flags = TFU_OPT_NO_EFFECT, .offset = TFU_ANALYSIS_OFFSET(threads), .imin = 1,             \
        .imax = 1024                                                                               \
    }

#endif
