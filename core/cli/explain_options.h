/* SPDX-License-Identifier: MIT
 *
 * explain_options.h - what `transfuse figure gradcam` and `saliency` are asked for: images, and the
 * class that is explained.
 */
#ifndef TFU_CORE_CLI_EXPLAIN_OPTIONS_H
#define TFU_CORE_CLI_EXPLAIN_OPTIONS_H

#include "core/cli/drawing.h"

enum { TFU_EXPLAIN_IMAGES = 12 };

enum tfu_explain_choice { TFU_EXPLAIN_PREDICTED, TFU_EXPLAIN_LABEL, TFU_EXPLAIN_NUMBER };

struct tfu_explain_options {
    const char *name;    /* "gradcam": of the files too */
    const char *command; /* "figure gradcam" */
    bool gradcam;        /* else saliency */
    const char *images_text, *class_text, *layer;
    int64_t image[TFU_EXPLAIN_IMAGES];
    size_t images;
    enum tfu_explain_choice choice;
    int64_t class;
};

/* Reads the texts of struct tfu_explain_options; 0 or an exit status. */
int tfu_explain_options_check(void *options);

/* The label of an example as the index of a class; -1: it is none. */
int64_t tfu_explain_label(const struct tfu_dataset_info *info, const float *labels);

/* The class to explain of an image with this label and these logits of the network `spec`. */
enum tfu_status tfu_explain_class(const struct tfu_explain_options *o, const char *spec,
                                  int64_t label, const float *logits, int64_t classes, int64_t *out,
                                  struct tfu_error *e);

#endif
