/* SPDX-License-Identifier: MIT
 *
 * init_account.h - what became of the parameters that were to come from a file, and of the file's
 * tensors: told in the report, and refused where it is not what the configuration allows.
 */
#ifndef TFU_CORE_TRAIN_INIT_ACCOUNT_H
#define TFU_CORE_TRAIN_INIT_ACCOUNT_H

#include "core/base/text.h"
#include "core/config/experiment.h"
#include "core/graph/graph.h"
#include "core/io/weights.h"
#include "core/train/init_source.h"

/* What became of a parameter that was to come from a file. */
enum tfu_init_fate {
    TFU_INIT_NOT_TAKEN,
    TFU_INIT_LOADED,
    TFU_INIT_HEAD, /* `head: reinit` */
    TFU_INIT_MISSING,
    TFU_INIT_MISSING_ALLOWED,
    TFU_INIT_MISMATCHED,
    TFU_INIT_MISMATCHED_ALLOWED
};

/* A file as one rule reads it. */
struct tfu_init_file {
    struct tfu_init_file *next;
    struct tfu_weights *weights;
    char *path;
    size_t rule;
    enum tfu_init_fate *fate; /* per parameter: what its first take() came to */
    char **adapted;           /* per parameter: how it was adapted; NULL: not at all */
    bool *unsure;             /* per parameter: the order in which it flattens is not known */
    uint32_t param_count;
};

/* What the source was trained on: the rule says it, or the file does. */
enum tfu_status tfu_init_source_images(const struct tfu_init_rule *rule, size_t number,
                                       const struct tfu_weights *w, struct tfu_preprocessing *out,
                                       bool *found, struct tfu_error *e);

struct tfu_init_account {
    const struct tfu_graph *graph;
    const struct tfu_init_rule *rule;
    const struct tfu_init_file *file;
    const struct tfu_init_images *images;
};

enum tfu_status tfu_init_account(const struct tfu_init_account *a, struct tfu_text *report,
                                 struct tfu_error *e);

#endif
