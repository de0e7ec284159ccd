/* SPDX-License-Identifier: MIT
 *
 * access.h - the numbers of a network, for everybody outside of this folder. They are float32 in
 * host memory, wherever and in whatever type the network keeps them.
 *
 * Every region has a place in host memory. Where the network's own memory is float32 of the host
 * that is the region itself, so that nothing is copied; otherwise it is a copy: tfu_network_look()
 * brings it up to date, and what is written there counts from tfu_network_commit() on. Places do
 * not move as long as the network lives. [one thread at a time for a network; many may draft
 * different regions, and read and fill places]
 */
#ifndef TFU_CORE_GRAPH_ACCESS_H
#define TFU_CORE_GRAPH_ACCESS_H

#include "core/graph/network.h"

/* One tensor of a network. */
struct tfu_region {
    enum tfu_region_kind {
        TFU_REGION_PARAM,
        TFU_REGION_PARAM_GRAD,
        TFU_REGION_VALUE,
        TFU_REGION_VALUE_GRAD
    } kind;
    uint32_t index; /* in the graph */
    int64_t rows;   /* of a value: the first so many examples; 0: all of the batch */
};

static inline struct tfu_region tfu_region_param(uint32_t param)
{
    return (struct tfu_region){TFU_REGION_PARAM, param, 0};
}

/* Of parameters that are trained, after backward(). */
static inline struct tfu_region tfu_region_param_grad(uint32_t param)
{
    return (struct tfu_region){TFU_REGION_PARAM_GRAD, param, 0};
}

/* A value that was asked for in `keep`, or that is the graph's input or one of its outputs. */
static inline struct tfu_region tfu_region_value(uint32_t value, int64_t rows)
{
    return (struct tfu_region){TFU_REGION_VALUE, value, rows};
}

/* The gradient of the loss by such a value: of an output the caller's to fill before backward(),
 * of others there after it. */
static inline struct tfu_region tfu_region_value_grad(uint32_t value, int64_t rows)
{
    return (struct tfu_region){TFU_REGION_VALUE_GRAD, value, rows};
}

static inline struct tfu_region tfu_region_output(const struct tfu_graph *g, int64_t rows)
{
    return tfu_region_value(g->output, rows);
}

static inline struct tfu_region tfu_region_output_grad(const struct tfu_graph *g, int64_t rows)
{
    return tfu_region_value_grad(g->output, rows);
}

/* Auxiliary outputs are written by forward passes of training alone. */
static inline struct tfu_region tfu_region_auxiliary_grad(const struct tfu_graph *g, uint32_t i,
                                                          int64_t rows)
{
    return tfu_region_value_grad(g->auxiliary[i].output, rows);
}

/* Has the network this region? Not the gradients of running statistics, of frozen parameters, of
 * values that no gradient passes, and of networks without training. */
bool tfu_network_has(const struct tfu_network *n, struct tfu_region region);
/* The type in which the network keeps it. */
uint32_t tfu_network_dtype(const struct tfu_network *n, struct tfu_region region);

/* Its place with its numbers in it. They are those of now: look again after a pass. */
enum tfu_status tfu_network_look(const struct tfu_network *n, struct tfu_region region,
                                 const float **out, struct tfu_error *e);
/* Its place, whatever is in it; NULL for a region that the network has not. It is to be filled, or,
 * after a look, changed, and then committed: before the next pass, which may go by what was made of
 * a parameter before. */
float *tfu_network_draft(struct tfu_network *n, struct tfu_region region);
enum tfu_status tfu_network_commit(struct tfu_network *n, struct tfu_region region,
                                   struct tfu_error *e);

/* Copies to and from the caller's memory; `_double` loses nothing of a network in float64. */
enum tfu_status tfu_network_read(const struct tfu_network *n, struct tfu_region region, float *out,
                                 struct tfu_error *e);
enum tfu_status tfu_network_put(struct tfu_network *n, struct tfu_region region, const float *from,
                                struct tfu_error *e);
enum tfu_status tfu_network_read_double(const struct tfu_network *n, struct tfu_region region,
                                        double *out, struct tfu_error *e);
enum tfu_status tfu_network_put_double(struct tfu_network *n, struct tfu_region region,
                                       const double *from, struct tfu_error *e);

/* The images of a batch, rows x H x W x C, before a forward pass of so many rows. */
enum tfu_status tfu_network_put_input(struct tfu_network *n, int64_t rows, const float *pixels,
                                      struct tfu_error *e);
/* The tensor itself, with its data in the backend's memory, for tests that know what memory that
 * is; NULL data: the network has it not. */
struct tfu_tensor tfu_network_tensor(const struct tfu_network *n, struct tfu_region region);
/* All parameters and running statistics of another network of the same graph. */
enum tfu_status tfu_network_copy_params(struct tfu_network *n, const struct tfu_network *from,
                                        struct tfu_error *e);

#endif
