/* SPDX-License-Identifier: MIT */
#include "core/onnx/onnx.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/graph/access.h"
#include "core/graph/layers.h"
#include "core/infer/model_json.h"
#include "core/io/atomic_file.h"
#include "core/onnx/onnx_parts.h"

/* IR version 8 is what goes with opset 17. */
enum { IR_VERSION = 8, OPSET = 17 };
/* Of ModelProto. */
enum { MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_GRAPH = 7, MODEL_OPSET = 8, MODEL_METADATA = 14 };

/* ---- what is done to the numbers of an image */

/* The value that the network reads, from the graph's input `image`. */
static const char *put_prepare(const struct tfu_model_draft *d, struct tfu_text *graph)
{
    const struct tfu_model_prepare *p = &d->prepare;
    const int64_t channels = d->graph->value[d->graph->input].shape.dim[3];
    const int64_t dim[] = {channels, 1, 1};
    const char *x = "image";
    float mean[TFU_MODEL_CHANNELS_MAX], deviation[TFU_MODEL_CHANNELS_MAX];
    struct tfu_onnx_node n;
    if (p->channels && p->channels != channels) {
        tfu_onnx_node_begin(&n, "Concat", "image.repeated");
        for (int64_t c = 0; c < channels; c++)
            tfu_onnx_node_in(&n, x);
        tfu_onnx_node_int(&n, "axis", 1);
        tfu_onnx_node_end(&n, x = "image.repeated", graph);
    }
    if (p->reverse) {
        int64_t order[TFU_MODEL_CHANNELS_MAX];
        for (int64_t c = 0; c < channels; c++)
            order[c] = channels - 1 - c;
        tfu_onnx_integers("image.order", order, (size_t)channels, graph);
        tfu_onnx_node_begin(&n, "Gather", "image.reversed");
        tfu_onnx_node_in(&n, x);
        tfu_onnx_node_in(&n, "image.order");
        tfu_onnx_node_int(&n, "axis", 1);
        tfu_onnx_node_end(&n, x = "image.reversed", graph);
    }
    if (!p->normalise)
        return x;
    for (int64_t c = 0; c < channels; c++) {
        mean[c] = (float)p->mean[c];
        deviation[c] = (float)p->deviation[c];
    }
    tfu_onnx_floats("image.mean", dim, 3, mean, graph);
    tfu_onnx_floats("image.deviation", dim, 3, deviation, graph);
    tfu_onnx_node_begin(&n, "Sub", "image.centred");
    tfu_onnx_node_in(&n, x);
    tfu_onnx_node_in(&n, "image.mean");
    tfu_onnx_node_end(&n, "image.centred", graph);
    tfu_onnx_node_begin(&n, "Div", "image.normalised");
    tfu_onnx_node_in(&n, "image.centred");
    tfu_onnx_node_in(&n, "image.deviation");
    tfu_onnx_node_end(&n, "image.normalised", graph);
    return "image.normalised";
}

/* ---- the network */

/* Values of ONNX have one name each, and these are the file's own. */
static bool is_taken(const char *name)
{
    return strcmp(name, "image") == 0 || strncmp(name, "image.", 6) == 0 ||
           strcmp(name, "logits") == 0 || strcmp(name, "scores") == 0;
}

static enum tfu_status put_operation(const struct tfu_graph *g, const struct tfu_graph_node *n,
                                     const char **value, struct tfu_text *graph,
                                     struct tfu_error *e)
{
    if (tfu_layer_find(n->op) != n->layer)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "operation '%s' is the layer '%s' of a plugin, of which nobody knows "
                             "how it is said in ONNX; leave it out of the architecture '%s', or "
                             "build it of the core's layers",
                             n->name, n->op, g->arch);
    if (is_taken(n->name))
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "operation '%s' has the name of a value that every file of ONNX has "
                             "here (image, image.*, logits, scores); call it otherwise in the "
                             "architecture '%s', or export it as tfm",
                             n->name, g->arch);
    return tfu_onnx_operation(g, n, value, graph, e);
}

static enum tfu_status put_operations(const struct tfu_model_draft *d, const char **value,
                                      struct tfu_text *graph, struct tfu_error *e)
{
    const struct tfu_graph *g = d->graph;
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < g->node_count; i++) {
        const struct tfu_graph_node *n = &g->node[i];
        if (tfu_model_keeps(n))
            st = put_operation(g, n, value, graph, e);
        else
            value[n->out] = value[n->in[0]];
    }
    return st;
}

static enum tfu_status put_weights(const struct tfu_model_draft *d, struct tfu_text *graph,
                                   struct tfu_error *e)
{
    const struct tfu_graph *g = d->graph;
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++) {
        const float *data;
        if (!tfu_model_keeps(&g->node[g->param[p].node]))
            continue;
        st = tfu_network_look(d->network, tfu_region_param(p), &data, e);
        if (st == TFU_OK)
            tfu_onnx_floats(g->param[p].name, g->param[p].shape.dim, g->param[p].shape.rank, data,
                            graph);
    }
    return st;
}

static void put_scores(const struct tfu_model_draft *d, const char *logits, struct tfu_text *graph)
{
    static const char *const type[] = {"Softmax", "Sigmoid", "Identity"};
    struct tfu_onnx_node n;
    tfu_onnx_node_plain("Identity", logits, "logits", graph);
    tfu_onnx_node_begin(&n, type[d->scores], "scores");
    tfu_onnx_node_in(&n, "logits");
    if (d->scores == TFU_MODEL_SOFTMAX)
        tfu_onnx_node_int(&n, "axis", 1);
    tfu_onnx_node_end(&n, "scores", graph);
}

static enum tfu_status put_graph(const struct tfu_model_draft *d, struct tfu_text *graph,
                                 struct tfu_error *e)
{
    const struct tfu_graph *g = d->graph;
    const int64_t *in = g->value[g->input].shape.dim;
    const int64_t image[] = {d->prepare.channels ? d->prepare.channels : in[3], in[1], in[2]};
    const int64_t outputs = tfu_graph_outputs(g);
    const char **value = calloc(g->value_count, sizeof *value);
    if (!value)
        return tfu_error_memory(e, "writing ONNX", 0);
    tfu_protobuf_string(graph, TFU_ONNX_GRAPH_NAME, g->arch);
    tfu_onnx_value(TFU_ONNX_GRAPH_INPUT, "image", image, 3, graph);
    tfu_onnx_value(TFU_ONNX_GRAPH_OUTPUT, "scores", &outputs, 1, graph);
    tfu_onnx_value(TFU_ONNX_GRAPH_OUTPUT, "logits", &outputs, 1, graph);
    value[g->input] = put_prepare(d, graph);
    enum tfu_status st = put_operations(d, value, graph, e);
    if (st == TFU_OK)
        put_scores(d, value[g->output], graph);
    if (st == TFU_OK)
        st = put_weights(d, graph, e);
    free(value);
    return st;
}

/* ---- the file */

static void put_note(const char *key, const char *text, struct tfu_text *model)
{
    struct tfu_text entry = TFU_TEXT_INIT;
    tfu_protobuf_string(&entry, 1, key);
    tfu_protobuf_string(&entry, 2, text);
    tfu_protobuf_message(model, MODEL_METADATA, &entry);
}

static void put_json(const char *key, json_t *root, struct tfu_text *model)
{
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_ENCODE_ANY | JSON_PRESERVE_ORDER |
                                             JSON_REAL_PRECISION(17))
                      : NULL;
    json_decref(root);
    model->failed |= text == NULL;
    if (text)
        put_note(key, text, model);
    free(text);
}

/* The graph, which may be large, is written by itself behind what comes before it. */
static void put_model(const struct tfu_model_draft *d, size_t graph, struct tfu_text *head,
                      struct tfu_text *tail)
{
    struct tfu_text opset = TFU_TEXT_INIT;
    tfu_protobuf_int(head, MODEL_IR, IR_VERSION);
    tfu_protobuf_string(head, MODEL_PRODUCER, "transfuse");
    tfu_protobuf_begin(head, MODEL_GRAPH, graph);
    tfu_protobuf_int(&opset, 2, OPSET);
    tfu_protobuf_message(tail, MODEL_OPSET, &opset);
    put_json("transfuse.names", tfu_model_names_json(d), tail);
    put_json("transfuse.prepare", tfu_model_prepare_json(d), tail);
    put_json("transfuse.source", tfu_model_source_json(&d->source), tail);
}

static enum tfu_status write_file(const char *path, const struct tfu_text part[3],
                                  struct tfu_error *e)
{
    struct tfu_atomic_file file;
    size_t bytes = 0;
    for (int i = 0; i < 3; i++) {
        bytes += part[i].length;
        if (part[i].failed)
            return tfu_error_memory(e, "writing ONNX", bytes);
    }
    if (bytes > INT_MAX)
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "the network takes %zu bytes, and a file of ONNX has at most %d; "
                             "export it as tfm",
                             bytes, INT_MAX);
    enum tfu_status st = tfu_atomic_open(&file, path, e);
    if (st != TFU_OK)
        return st;
    for (int i = 0; st == TFU_OK && i < 3; i++)
        st = tfu_atomic_write(&file, tfu_text_get(&part[i]), part[i].length, e);
    if (st == TFU_OK)
        return tfu_atomic_commit(&file, e);
    tfu_atomic_abandon(&file);
    return st;
}

enum tfu_status tfu_onnx_write(const char *path, const struct tfu_model_draft *draft,
                               struct tfu_error *e)
{
    enum { HEAD, GRAPH, TAIL, PARTS };
    struct tfu_text part[PARTS] = {TFU_TEXT_INIT, TFU_TEXT_INIT, TFU_TEXT_INIT};
    enum tfu_status st = put_graph(draft, &part[GRAPH], e);
    if (st == TFU_OK) {
        put_model(draft, part[GRAPH].length, &part[HEAD], &part[TAIL]);
        st = write_file(path, part, e);
    }
    for (int i = 0; i < PARTS; i++)
        tfu_text_free(&part[i]);
    return st;
}
