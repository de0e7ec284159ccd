/* SPDX-License-Identifier: MIT */
#include "core/onnx/onnx_parts.h"

/* Of NodeProto, AttributeProto, TensorProto and ValueInfoProto. */
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_TYPE = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_F = 2, ATTRIBUTE_I = 3, ATTRIBUTE_INTS = 8 };
enum { ATTRIBUTE_TYPE = 20, TYPE_FLOAT = 1, TYPE_INT = 2, TYPE_INTS = 7 };
enum { TENSOR_DIM = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7 };

/* ---- nodes */

void tfu_onnx_node_begin(struct tfu_onnx_node *n, const char *type, const char *name)
{
    *n = (struct tfu_onnx_node){.message = TFU_TEXT_INIT};
    tfu_protobuf_string(&n->message, NODE_NAME, name);
    tfu_protobuf_string(&n->message, NODE_TYPE, type);
}

void tfu_onnx_node_in(struct tfu_onnx_node *n, const char *value)
{
    tfu_protobuf_string(&n->message, NODE_INPUT, value);
}

void tfu_onnx_node_int(struct tfu_onnx_node *n, const char *name, int64_t value)
{
    struct tfu_text a = TFU_TEXT_INIT;
    tfu_protobuf_string(&a, ATTRIBUTE_NAME, name);
    tfu_protobuf_int(&a, ATTRIBUTE_I, value);
    tfu_protobuf_int(&a, ATTRIBUTE_TYPE, TYPE_INT);
    tfu_protobuf_message(&n->message, NODE_ATTRIBUTE, &a);
}

void tfu_onnx_node_float(struct tfu_onnx_node *n, const char *name, double value)
{
    struct tfu_text a = TFU_TEXT_INIT;
    tfu_protobuf_string(&a, ATTRIBUTE_NAME, name);
    tfu_protobuf_float(&a, ATTRIBUTE_F, (float)value);
    tfu_protobuf_int(&a, ATTRIBUTE_TYPE, TYPE_FLOAT);
    tfu_protobuf_message(&n->message, NODE_ATTRIBUTE, &a);
}

void tfu_onnx_node_ints(struct tfu_onnx_node *n, const char *name, const int64_t *value,
                        size_t count)
{
    struct tfu_text a = TFU_TEXT_INIT;
    tfu_protobuf_string(&a, ATTRIBUTE_NAME, name);
    for (size_t i = 0; i < count; i++)
        tfu_protobuf_int(&a, ATTRIBUTE_INTS, value[i]);
    tfu_protobuf_int(&a, ATTRIBUTE_TYPE, TYPE_INTS);
    tfu_protobuf_message(&n->message, NODE_ATTRIBUTE, &a);
}

void tfu_onnx_node_end(struct tfu_onnx_node *n, const char *out, struct tfu_text *graph)
{
    tfu_protobuf_string(&n->message, NODE_OUTPUT, out);
    tfu_protobuf_message(graph, TFU_ONNX_GRAPH_NODE, &n->message);
}

void tfu_onnx_node_plain(const char *type, const char *in, const char *out, struct tfu_text *graph)
{
    struct tfu_onnx_node n;
    tfu_onnx_node_begin(&n, type, out);
    tfu_onnx_node_in(&n, in);
    tfu_onnx_node_end(&n, out, graph);
}

/* ---- constants */

/* All but its numbers, which are the caller's to append: they may be many. */
static void begin_tensor(const char *name, int64_t type, const int64_t *dim, size_t rank,
                         size_t bytes, struct tfu_text *graph)
{
    struct tfu_text head = TFU_TEXT_INIT;
    for (size_t i = 0; i < rank; i++)
        tfu_protobuf_int(&head, TENSOR_DIM, dim[i]);
    tfu_protobuf_int(&head, TENSOR_TYPE, type);
    tfu_protobuf_string(&head, TENSOR_NAME, name);
    tfu_protobuf_begin(&head, TENSOR_RAW, bytes);
    tfu_protobuf_begin(graph, TFU_ONNX_GRAPH_INITIALIZER, head.length + bytes);
    tfu_text_append(graph, tfu_text_get(&head), head.length);
    graph->failed |= head.failed;
    tfu_text_free(&head);
}

void tfu_onnx_floats(const char *name, const int64_t *dim, size_t rank, const float *data,
                     struct tfu_text *graph)
{
    size_t count = 1;
    for (size_t i = 0; i < rank; i++)
        count *= (size_t)dim[i];
    begin_tensor(name, ELEMENT_FLOAT, dim, rank, count * sizeof *data, graph);
    tfu_text_append(graph, (const char *)data, count * sizeof *data);
}

void tfu_onnx_integers(const char *name, const int64_t *data, size_t count, struct tfu_text *graph)
{
    const int64_t dim = (int64_t)count;
    begin_tensor(name, ELEMENT_INT64, &dim, 1, count * sizeof *data, graph);
    tfu_text_append(graph, (const char *)data, count * sizeof *data);
}

/* ---- inputs and outputs */

void tfu_onnx_value(uint32_t field, const char *name, const int64_t *dim, size_t rank,
                    struct tfu_text *graph)
{
    enum { NAME = 1, TYPE = 2, TENSOR = 1, ELEMENT = 1, SHAPE = 2, DIM = 1, NUMBER = 1, WORD = 2 };
    struct tfu_text value = TFU_TEXT_INIT, type = TFU_TEXT_INIT, tensor = TFU_TEXT_INIT;
    struct tfu_text shape = TFU_TEXT_INIT, batch = TFU_TEXT_INIT;
    tfu_protobuf_string(&batch, WORD, "N");
    tfu_protobuf_message(&shape, DIM, &batch);
    for (size_t i = 0; i < rank; i++) {
        struct tfu_text one = TFU_TEXT_INIT;
        tfu_protobuf_int(&one, NUMBER, dim[i]);
        tfu_protobuf_message(&shape, DIM, &one);
    }
    tfu_protobuf_int(&tensor, ELEMENT, ELEMENT_FLOAT);
    tfu_protobuf_message(&tensor, SHAPE, &shape);
    tfu_protobuf_message(&type, TENSOR, &tensor);
    tfu_protobuf_string(&value, NAME, name);
    tfu_protobuf_message(&value, TYPE, &type);
    tfu_protobuf_message(graph, field, &value);
}
