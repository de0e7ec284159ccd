/* SPDX-License-Identifier: MIT
 *
 * networks.h - what the tests of core/graph share: architectures drawn by a function of the test,
 * layer plugins and a backend that are constants (no shared object is needed), networks on them.
 */
#ifndef TFU_TESTS_SUPPORT_NETWORKS_H
#define TFU_TESTS_SUPPORT_NETWORKS_H

#include "core/graph/network.h"

#include <transfuse/ops.h>

/* Draws a graph on the builder, from input() to features(). */
typedef void sketch(struct tfu_builder *b);

/* The architecture 'sketch', whose config is this struct. */
struct sketch_config {
    sketch *draw;
    enum tfu_status result; /* of build(), when the builder knows of no error */
};
extern const struct tfu_plugin sketch_arch;

/* A backend without kernels, which takes both types of number. */
extern const struct tfu_plugin plain_backend;

/* A registry in which only the layer plugins of fake_registry.c can be found. */
struct tfu_registry *fake_registry(void);
/* The layer plugins, NULL-terminated: each test program that links fake_registry.c has its own. */
extern const struct tfu_plugin *const fake_layers[];

/* The graph of a sketch over an image N,H,W,C with 3 outputs; ends the test on failure. */
struct tfu_graph *draw(sketch *s, struct tfu_shape input, struct tfu_registry *layers);
/* As draw(), to fail or not. */
enum tfu_status draw_try(struct tfu_graph **out, const struct sketch_config *config,
                         struct tfu_shape input, struct tfu_registry *layers, struct tfu_error *e);

struct tfu_shape image(int64_t n, int64_t h, int64_t w, int64_t c);

/* A network with fields of `base` where they are set; `plain_backend`, TFU_F64 and one thread
 * where they are not. Ends the test on failure. `threads` is the program's. */
struct tfu_network *network_open(struct tfu_network_request base);
/* Fills what network_open() would. */
void network_defaults(struct tfu_network_request *request);

/* Numbers in [-1, 1) that depend on `seed` and the name alone: parameters (scales around 1,
 * variances above 0), the input, and the gradient of the output. */
void network_fill(struct tfu_network *n, uint64_t seed);
/* The input and the gradient of the output alone. */
void network_fill_batch(struct tfu_network *n, uint64_t seed);

/* Number i of a tensor of float or double. */
double tensor_get(const struct tfu_tensor *t, int64_t i);
void tensor_set(const struct tfu_tensor *t, int64_t i, double value);
size_t tensor_bytes(const struct tfu_tensor *t);

/* One training step: forward and backward of `rows`. */
void network_step(struct tfu_network *n, int64_t rows, uint64_t step);

/* Indices by name, which must exist. */
uint32_t param_called(const struct tfu_graph *g, const char *name);
uint32_t value_called(const struct tfu_graph *g, const char *name);
uint32_t node_called(const struct tfu_graph *g, const char *name);

#endif
