/* SPDX-License-Identifier: MIT
 *
 * matrices.h - a metric over two saved matrices of activations, read some rows at a time.
 */
#ifndef TFU_CORE_STUDY_MATRICES_H
#define TFU_CORE_STUDY_MATRICES_H

#include "core/base/log.h"
#include "core/train/score.h"

struct tfu_matrices_request {
    const char *path[2]; /* as of npy_matrix.h */
    bool neurons_first;  /* the files are neurons x data points */
    const struct tfu_plugin_choice *metric;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_log *log; /* is told of a file that may have been meant otherwise */
};

struct tfu_matrices {
    struct tfu_scorer *scorer;
    int64_t rows;
    const struct tfu_score *score;
    size_t count;
};

enum tfu_status tfu_matrices_compare(struct tfu_matrices *out,
                                     const struct tfu_matrices_request *request,
                                     struct tfu_error *e);
void tfu_matrices_free(struct tfu_matrices *m);

#endif
