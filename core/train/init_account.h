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
#include "core/train/init_file.h"

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
