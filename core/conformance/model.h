/* SPDX-License-Identifier: MIT
 *
 * model.h - the network that initializers are tried on, and a file of weights for it.
 */
#ifndef TFU_CORE_CONFORMANCE_MODEL_H
#define TFU_CORE_CONFORMANCE_MODEL_H

#include "core/graph/network.h"

/* Parameters of every role and of odd sizes. */
struct tfu_check_model {
    struct tfu_graph *graph;
    struct tfu_threads *threads;
    struct tfu_network *network;
};

/* Both are to be freed, also after an error. */
enum tfu_status tfu_check_model_new(struct tfu_check_model *m, struct tfu_error *e);
void tfu_check_model_free(struct tfu_check_model *m);

/* Writes a source that has all of the network's parameters, as safetensors. */
enum tfu_status tfu_check_model_write(const char *path, struct tfu_error *e);

#endif
