/* SPDX-License-Identifier: MIT
 *
 * Each layer of the core as nodes of ONNX. Images are N,C,H,W there; weights lie as they do here.
 */
#include <stdio.h>
#include <string.h>

#include "core/onnx/onnx_parts.h"

enum { NAME_SIZE = 320 };

/* An operation on its way. */
struct operation {
    const struct tfu_graph *graph;
    const struct tfu_graph_node *node;
    const char **value;
    struct tfu_text *out;
};

static const struct tfu_attr *attribute(const struct operation *o, const char *name)
{
    for (uint32_t i = 0; i < o->node->attr_count; i++)
        if (strcmp(o->node->attr[i].name, name) == 0)
            return &o->node->attr[i];
    return NULL;
}

static int64_t whole(const struct operation *o, const char *name)
{
    const struct tfu_attr *a = attribute(o, name);
    return a ? a->i : 0;
}

static double real(const struct operation *o, const char *name)
{
    const struct tfu_attr *a = attribute(o, name);
    return a ? a->f : 0;
}

static const char *input(const struct operation *o, uint32_t i)
{
    return o->value[o->node->in[i]];
}

static const struct tfu_shape *input_shape(const struct operation *o)
{
    return &o->graph->value[o->node->in[0]].shape;
}

/* A node of the operation's name with all of its inputs and parameters. */
static void begin(const struct operation *o, struct tfu_onnx_node *n, const char *type)
{
    tfu_onnx_node_begin(n, type, o->node->name);
    for (uint32_t i = 0; i < o->node->in_count; i++)
        tfu_onnx_node_in(n, input(o, i));
    for (uint32_t p = 0; p < o->node->param_count; p++)
        tfu_onnx_node_in(n, o->graph->param[o->node->first_param + p].name);
}

static void end(const struct operation *o, struct tfu_onnx_node *n)
{
    tfu_onnx_node_end(n, o->node->name, o->out);
}

/* "<name>.<what>", between the operation's own nodes. */
static const char *inner(const struct operation *o, const char *what, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%s.%s", o->node->name, what);
    return name;
}

static void set_window(const struct operation *o, struct tfu_onnx_node *n)
{
    const int64_t kernel[] = {whole(o, "kernel_h"), whole(o, "kernel_w")};
    const int64_t stride[] = {whole(o, "stride_h"), whole(o, "stride_w")};
    const int64_t h = whole(o, "pad_h"), w = whole(o, "pad_w");
    const int64_t pad[] = {h, w, h, w};
    tfu_onnx_node_ints(n, "kernel_shape", kernel, 2);
    tfu_onnx_node_ints(n, "strides", stride, 2);
    tfu_onnx_node_ints(n, "pads", pad, 4);
}

static void put_plain(const struct operation *o, const char *type)
{
    struct tfu_onnx_node n;
    begin(o, &n, type);
    end(o, &n);
}

static void put_relu(const struct operation *o)
{
    put_plain(o, "Relu");
}

static void put_add(const struct operation *o)
{
    put_plain(o, "Add");
}

static void put_conv2d(const struct operation *o)
{
    struct tfu_onnx_node n;
    begin(o, &n, "Conv");
    set_window(o, &n);
    tfu_onnx_node_int(&n, "group", whole(o, "groups"));
    end(o, &n);
}

static void put_batchnorm(const struct operation *o)
{
    struct tfu_onnx_node n;
    begin(o, &n, "BatchNormalization");
    tfu_onnx_node_float(&n, "epsilon", real(o, "eps"));
    end(o, &n);
}

static void put_maxpool(const struct operation *o)
{
    struct tfu_onnx_node n;
    begin(o, &n, "MaxPool");
    set_window(o, &n);
    end(o, &n);
}

static void put_avgpool(const struct operation *o)
{
    struct tfu_onnx_node n;
    begin(o, &n, "AveragePool");
    set_window(o, &n);
    tfu_onnx_node_int(&n, "count_include_pad", !whole(o, "exclude_pad"));
    end(o, &n);
}

static void put_on_channels(const struct operation *o, const char *type)
{
    struct tfu_onnx_node n;
    begin(o, &n, type);
    tfu_onnx_node_int(&n, "axis", 1);
    end(o, &n);
}

static void put_concat(const struct operation *o)
{
    put_on_channels(o, "Concat");
}

static void put_softmax(const struct operation *o)
{
    put_on_channels(o, "Softmax");
}

static void put_flatten(const char *in, const char *out, struct tfu_text *graph)
{
    struct tfu_onnx_node n;
    tfu_onnx_node_begin(&n, "Flatten", out);
    tfu_onnx_node_in(&n, in);
    tfu_onnx_node_int(&n, "axis", 1);
    tfu_onnx_node_end(&n, out, graph);
}

static void put_global_avgpool(const struct operation *o)
{
    char mean[NAME_SIZE];
    tfu_onnx_node_plain("GlobalAveragePool", input(o, 0), inner(o, "mean", mean), o->out);
    put_flatten(mean, o->node->name, o->out);
}

/* An image is flattened first, in the order that the weights are for. */
static void put_linear(const struct operation *o)
{
    static const int64_t rows_first[] = {0, 2, 3, 1};
    char turned[NAME_SIZE], flat[NAME_SIZE];
    const char *x = input(o, 0);
    struct tfu_onnx_node n;
    if (input_shape(o)->rank == 4 && !whole(o, "chw")) {
        tfu_onnx_node_begin(&n, "Transpose", inner(o, "turned", turned));
        tfu_onnx_node_in(&n, x);
        tfu_onnx_node_ints(&n, "perm", rows_first, 4);
        tfu_onnx_node_end(&n, turned, o->out);
        x = turned;
    }
    if (input_shape(o)->rank != 2) {
        put_flatten(x, inner(o, "flat", flat), o->out);
        x = flat;
    }
    tfu_onnx_node_begin(&n, "Gemm", o->node->name);
    tfu_onnx_node_in(&n, x);
    for (uint32_t p = 0; p < o->node->param_count; p++)
        tfu_onnx_node_in(&n, o->graph->param[o->node->first_param + p].name);
    tfu_onnx_node_int(&n, "transB", 1);
    end(o, &n);
}

/* Constants of as many channels as there are pairs, or one for all. */
static void put_affine(const struct operation *o)
{
    static const char *const scales[] = {"scale_0", "scale_1", "scale_2", "scale_3"};
    static const char *const shifts[] = {"shift_0", "shift_1", "shift_2", "shift_3"};
    const int64_t pairs = whole(o, "channels") ? whole(o, "channels") : 1;
    const int64_t dim[] = {1, pairs, 1, 1};
    char scale_name[NAME_SIZE], shift_name[NAME_SIZE], scaled[NAME_SIZE];
    float scale[4], shift[4];
    struct tfu_onnx_node n;
    for (int64_t i = 0; i < pairs; i++) {
        scale[i] = (float)real(o, scales[i]);
        shift[i] = (float)real(o, shifts[i]);
    }
    tfu_onnx_floats(inner(o, "scale", scale_name), dim, input_shape(o)->rank, scale, o->out);
    tfu_onnx_floats(inner(o, "shift", shift_name), dim, input_shape(o)->rank, shift, o->out);
    tfu_onnx_node_begin(&n, "Mul", inner(o, "scaled", scaled));
    tfu_onnx_node_in(&n, input(o, 0));
    tfu_onnx_node_in(&n, scale_name);
    tfu_onnx_node_end(&n, scaled, o->out);
    tfu_onnx_node_begin(&n, "Add", o->node->name);
    tfu_onnx_node_in(&n, scaled);
    tfu_onnx_node_in(&n, shift_name);
    end(o, &n);
}

static const struct {
    const char *op;
    void (*put)(const struct operation *o);
} rows[] = {
    {"add", put_add},
    {"affine", put_affine},
    {"avgpool", put_avgpool},
    {"batchnorm", put_batchnorm},
    {"concat", put_concat},
    {"conv2d", put_conv2d},
    {"global_avgpool", put_global_avgpool},
    {"linear", put_linear},
    {"maxpool", put_maxpool},
    {"relu", put_relu},
    {"softmax", put_softmax},
};

enum tfu_status tfu_onnx_operation(const struct tfu_graph *g, const struct tfu_graph_node *n,
                                   const char **value, struct tfu_text *graph, struct tfu_error *e)
{
    const struct operation o = {.graph = g, .node = n, .value = value, .out = graph};
    const uint32_t rank = input_shape(&o)->rank;
    for (size_t i = 0; i < TFU_COUNT(rows) && (rank == 2 || rank == 4); i++)
        if (strcmp(rows[i].op, n->op) == 0) {
            rows[i].put(&o);
            value[n->out] = n->name;
            return TFU_OK;
        }
    return tfu_error_set(e, TFU_EUNSUPPORTED,
                         "operation '%s' is the layer '%s' on values of rank %u, which is not "
                         "written as ONNX; leave it out of the architecture '%s', or build it of "
                         "the core's layers",
                         n->name, n->op, rank, g->arch);
}
