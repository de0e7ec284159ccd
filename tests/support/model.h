/* SPDX-License-Identifier: MIT
 *
 * model.h - a network to test on: an architecture, a backend, memory.
 */
#ifndef TFU_TESTS_SUPPORT_MODEL_H
#define TFU_TESTS_SUPPORT_MODEL_H

#include "core/graph/network.h"
#include "tests/support/choice.h"

struct model {
    struct tfu_registry *registry;
    struct tfu_plugin_choice arch, backend;
    struct tfu_threads *threads;
    struct tfu_graph *graph;
    struct tfu_network *network;
};

struct model_request {
    const char *arch, *options; /* "cbr_tiny", "padding=valid" */
    const char *backend;        /* NULL: no network, the graph only */
    struct tfu_shape input;     /* N,H,W,C */
    int64_t outputs;
    uint32_t threads; /* 0: 1 */
    bool training;
    const bool *frozen;
    const char *freeze; /* a stage, as in struct tfu_graph_request */
    uint32_t dtype;     /* 0: TFU_F32 */
    const char *conv2d; /* its algorithm; NULL: the backend's choice */
    bool low_memory;
    bool constant;
    bool keep; /* every value, so that no operations are done at once */
};

/* To be closed after a failure too. */
enum tfu_status model_try(struct model *m, const struct model_request *r, struct tfu_error *e);
/* Ends the test when it fails. */
struct model model_open(const struct model_request *r);
void model_close(struct model *m);

/* The index of a parameter, which must exist. */
uint32_t model_param(const struct model *m, const char *name);
/* Elements of a parameter, and its float32 numbers. */
size_t model_count(const struct model *m, uint32_t param);
float *model_weights(const struct model *m, uint32_t param);
float *model_grad(const struct model *m, uint32_t param);

#endif
