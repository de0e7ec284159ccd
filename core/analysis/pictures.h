/* SPDX-License-Identifier: MIT
 *
 * pictures.h - what analyses that show networks share: the networks and their images.
 */
#ifndef TFU_CORE_ANALYSIS_PICTURES_H
#define TFU_CORE_ANALYSIS_PICTURES_H

#include "core/analysis/analysis.h"

enum { TFU_PICTURES_MAX = 6 }; /* networks that fit into a figure */

#define TFU_OPTION_SPLIT_ANY                                                                       \
    {                                                                                              \
        .name = "split", .help = "the data: by default test, else valid, else train",              \
        .type = TFU_ENUM, .offset = TFU_ANALYSIS_OFFSET(split), .sdef = "",                        \
        .choices = tfu_analysis_splits                                                             \
    }

struct tfu_pictures {
    const char *const *spec;
    size_t count;
    const struct tfu_subject *subject[TFU_PICTURES_MAX];
    const struct tfu_dataset *data[TFU_PICTURES_MAX];
    enum tfu_split split[TFU_PICTURES_MAX];
};

/* Opens them, TFU_PICTURES_MAX at most; all is borrowed from the context. */
enum tfu_status tfu_pictures_open(struct tfu_pictures *p, const struct tfu_analysis_networks *n,
                                  struct tfu_analysis_context *c, struct tfu_error *e);
/* Network number `i` with its numbers, without training; both are the caller's. */
enum tfu_status tfu_pictures_network(const struct tfu_pictures *p, size_t i,
                                     struct tfu_graph **graph, struct tfu_network **network,
                                     struct tfu_error *e);

#endif
