/* SPDX-License-Identifier: MIT
 *
 * network.h - a graph with memory and a backend: parameters, planned activations, and the two
 * passes. Nothing is allocated after tfu_network_new(). What is in the memory: access.h.
 */
#ifndef TFU_CORE_GRAPH_NETWORK_H
#define TFU_CORE_GRAPH_NETWORK_H

#include <stdbool.h>

#include "core/base/log.h"
#include "core/base/threads.h"
#include "core/graph/graph.h"
#include "core/io/timings.h"

#include <transfuse/backend.h>

struct tfu_network;

/* `op` is "conv2d", or "conv2d/forward" (forward, backward, backward_data, backward_params;
 * backward speaks of both its halves). Of several that speak of a pass the last counts. `algorithm`
 * is a name, or a list as preference.h has it. */
struct tfu_algorithm_choice {
    const char *op, *algorithm;
};

struct tfu_network_request {
    const struct tfu_graph *graph;    /* must outlive the network */
    const struct tfu_plugin *backend; /* likewise */
    const void *backend_config;
    struct tfu_threads *threads; /* likewise */
    struct tfu_log *log;         /* may be NULL */
    uint32_t dtype;              /* TFU_F32, or TFU_F64 for tests on the reference backend */
    const uint32_t
        *value_dtype; /* per graph value, with its gradient, and per param: other types */
    const uint32_t *param_dtype; /* than `dtype`; NULL: all have that */
    bool training;               /* gradients and state are planned for too */
    uint64_t seed;               /* dropout's streams */
    const struct tfu_algorithm_choice *algorithm;
    size_t algorithm_count;
    struct tfu_timings *timings; /* measured seconds to choose by; NULL: predictions only. What is
                                    measured is added; the caller saves them */
    const uint32_t *keep; /* values that stay readable after a forward pass, with their gradients */
    size_t keep_count;
    const bool *frozen; /* per graph param: no gradient wanted; NULL: none is */
    bool low_memory;    /* compute more of the forward pass once more in the backward pass */
    /* Parameters hardly ever change: what kernels make of them is kept (`packed` below) and made
     * anew after a change. Without `training`. */
    bool constant;
};

enum tfu_status tfu_network_new(struct tfu_network **out, const struct tfu_network_request *request,
                                struct tfu_error *e);
void tfu_network_free(struct tfu_network *n);
const struct tfu_graph *tfu_network_graph(const struct tfu_network *n);

/* Runs `rows` (at most the graph's batch) examples. With `training` batch statistics, dropout and
 * kept state; `step` keys the dropout. */
enum tfu_status tfu_network_forward(struct tfu_network *n, int64_t rows, bool training,
                                    uint64_t step, struct tfu_error *e);
/* After a training forward() of the same rows: gradients of every trained parameter. The caller has
 * filled the gradient of the output, and of each auxiliary one, for those rows (access.h). */
enum tfu_status tfu_network_backward(struct tfu_network *n, struct tfu_error *e);

/* Returns when a device has done everything; of use to clocks alone, for whoever looks at numbers
 * waits for them anyway. */
enum tfu_status tfu_network_wait(struct tfu_network *n, struct tfu_error *e);

/* Bytes, as planned. */
struct tfu_network_memory {
    size_t parameters, gradients; /* gradients: of parameters */
    size_t activations;           /* with their gradients and what layers keep for backward */
    size_t workspace;
    size_t packed; /* what kernels keep of constant parameters: at most twice these */
    size_t total;
};
struct tfu_network_memory tfu_network_memory(const struct tfu_network *n);
/* What the network of a request would take, with nothing allocated and nothing measured: algorithms
 * whose seconds `timings` does not know are chosen by predictions. */
enum tfu_status tfu_network_plan(struct tfu_network_memory *out,
                                 const struct tfu_network_request *request, struct tfu_error *e);

/* What runs a node in a direction: "im2col", or "definition" for the layer's own loops. */
const char *tfu_network_algorithm(const struct tfu_network *n, uint32_t node,
                                  enum tfu_direction direction);

/* The nodes that run at once with `node`, in their order; how many there are: 1 when it runs alone.
 * Of training, in a network for it. */
uint32_t tfu_network_chain(const struct tfu_network *n, uint32_t node, const uint32_t **chain);

/* Seconds spent in each node, or in the chain that it is the first of, since the last reset, when
 * profiling is on (bench only). */
void tfu_network_profile(struct tfu_network *n, bool on);
double tfu_network_seconds(const struct tfu_network *n, uint32_t node, bool backward);

#endif
