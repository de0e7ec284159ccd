/* SPDX-License-Identifier: MIT
 *
 * explain.h - images of the data with what networks see in them laid over: what Grad-CAM and
 * saliency share.
 */
#ifndef TFU_CORE_ANALYSIS_EXPLAIN_H
#define TFU_CORE_ANALYSIS_EXPLAIN_H

#include "core/analysis/pictures.h"

struct tfu_explain_config {
    struct tfu_analysis_common common;
    struct tfu_int_list images;
    const char *class;
    const char *layer; /* Grad-CAM's */
};

#define TFU_OPTION_EXPLAIN_IMAGES                                                                  \
    {                                                                                              \
        .name = "images", .help = "examples of the data, counted from 0 after selection: 0,5,9",   \
        .type = TFU_INT_LIST, .flags = TFU_OPT_REQUIRED,                                           \
        .offset = offsetof(struct tfu_explain_config, images), .imax = INT64_MAX                   \
    }
#define TFU_OPTION_EXPLAIN_CLASS                                                                   \
    TFU_OPT_STRING(struct tfu_explain_config, class, "predicted", 0,                               \
                   "whose logit is explained: predicted (each network's own answer), label, or "   \
                   "the number of a class from 0")

enum tfu_status tfu_explain_check(const void *config, struct tfu_analysis_context *c,
                                  struct tfu_error *e);

/* What a kind of map is. */
struct tfu_explain_kind {
    const char *name; /* of the files: "gradcam" */
    double share;     /* of the map's colour over the image */
    bool gradcam;     /* else saliency */
};
enum tfu_status tfu_explain(const struct tfu_explain_kind *kind, const void *config,
                            const struct tfu_analysis_networks *n, struct tfu_analysis_context *c,
                            struct tfu_result *out, struct tfu_error *e);

#endif
