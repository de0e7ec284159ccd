/* SPDX-License-Identifier: MIT
 *
 * onnx_parts.h - the pieces of ONNX's messages that are written. Private to this folder.
 */
#ifndef TFU_CORE_ONNX_ONNX_PARTS_H
#define TFU_CORE_ONNX_ONNX_PARTS_H

#include "core/graph/graph.h"
#include "core/onnx/protobuf.h"

/* Numbers of fields, as onnx.proto has them. */
enum {
    TFU_ONNX_GRAPH_NODE = 1,
    TFU_ONNX_GRAPH_NAME = 2,
    TFU_ONNX_GRAPH_INITIALIZER = 5,
    TFU_ONNX_GRAPH_INPUT = 11,
    TFU_ONNX_GRAPH_OUTPUT = 12
};

/* A node under construction. */
struct tfu_onnx_node {
    struct tfu_text message;
};
void tfu_onnx_node_begin(struct tfu_onnx_node *n, const char *type, const char *name);
void tfu_onnx_node_in(struct tfu_onnx_node *n, const char *value);
void tfu_onnx_node_int(struct tfu_onnx_node *n, const char *name, int64_t value);
void tfu_onnx_node_float(struct tfu_onnx_node *n, const char *name, double value);
void tfu_onnx_node_ints(struct tfu_onnx_node *n, const char *name, const int64_t *value,
                        size_t count);
/* Appends it to the graph; its output has this name. */
void tfu_onnx_node_end(struct tfu_onnx_node *n, const char *out, struct tfu_text *graph);
/* A node of one input that has no attributes. */
void tfu_onnx_node_plain(const char *type, const char *in, const char *out, struct tfu_text *graph);

/* Constants: float32 or int64 in the machine's order of bytes, which is little-endian. */
void tfu_onnx_floats(const char *name, const int64_t *dim, size_t rank, const float *data,
                     struct tfu_text *graph);
void tfu_onnx_integers(const char *name, const int64_t *data, size_t count, struct tfu_text *graph);

/* An input or output of the graph, N by `dim`. */
void tfu_onnx_value(uint32_t field, const char *name, const int64_t *dim, size_t rank,
                    struct tfu_text *graph);

/* The operation of node `n` of a graph as nodes of ONNX; `value` has the name of each value, of
 * which that of its output is set. TFU_EUNSUPPORTED where ONNX has none for it. */
enum tfu_status tfu_onnx_operation(const struct tfu_graph *g, const struct tfu_graph_node *n,
                                   const char **value, struct tfu_text *graph, struct tfu_error *e);

#endif
