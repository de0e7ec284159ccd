/* SPDX-License-Identifier: MIT */
#include "core/study/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/nodes.h"

struct tfu_explainer {
    struct tfu_graph *graph;
    struct tfu_network *network;
    const char *layer; /* name */
    uint32_t value;    /* its maps */
    double *weight;    /* per channel of them */
};

static bool has_maps(const struct tfu_graph *g, uint32_t value)
{
    return g->value[value].shape.rank == 4;
}

static enum tfu_status find_layer(struct tfu_explainer *x, const char *name, struct tfu_error *e)
{
    struct tfu_node_choice *choice;
    size_t count;
    const struct tfu_graph *g = x->graph;
    const enum tfu_status st = tfu_nodes_choose(&choice, &count, g, &name, name ? 1 : 0, e);
    if (st != TFU_OK)
        return st;
    size_t maps = 0;
    for (size_t i = 0; i < count; i++)
        if (has_maps(g, choice[i].value)) {
            maps++;
            x->layer = choice[i].name;
            x->value = choice[i].value;
        }
    free(choice);
    if (maps == 0)
        return tfu_error_set(
            e, TFU_EINVAL,
            "%s%s%s of '%s' has no maps over the image, so there is nothing to lay "
            "over it; name a layer before the pooling of the whole image",
            name ? "'" : "none of the stages", name ? name : "", name ? "'" : "", g->arch);
    if (name && maps > 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' fits %zu layers of '%s'; name one of them, such as '%s'", name,
                             maps, g->arch, x->layer);
    return TFU_OK;
}

static enum tfu_status open_network(struct tfu_explainer *x,
                                    const struct tfu_explain_request *request, struct tfu_error *e)
{
    const struct tfu_context *c = &request->subject->context;
    enum tfu_status st =
        tfu_assemble_steady_graph(&x->graph, c, tfu_dataset_info(request->data), 1, e);
    if (st == TFU_OK && tfu_graph_positions(x->graph, x->graph->output) > 1)
        st = tfu_error_set(e, TFU_EINVAL,
                           "'%s' has an output for each of %lld positions of the image; what is "
                           "explained is one answer for the whole image",
                           request->subject->label,
                           (long long)tfu_graph_positions(x->graph, x->graph->output));
    if (st == TFU_OK)
        st = find_layer(x, request->layer, e);
    if (st != TFU_OK)
        return st;
    x->weight = calloc((size_t)x->graph->value[x->value].shape.dim[3], sizeof *x->weight);
    if (!x->weight)
        return tfu_error_memory(e, "explaining a network", 0);
    const uint32_t keep[] = {x->graph->input, x->value};
    const struct tfu_assemble_options options = {
        .training = true, .keep = keep, .keep_count = TFU_COUNT(keep)};
    st = tfu_assemble_network(&x->network, x->graph, c, &options, e);
    if (st == TFU_OK)
        st = tfu_subject_load(request->subject, x->network,
                              tfu_dataset_preprocessing(request->data), e);
    return st;
}

enum tfu_status tfu_explainer_new(struct tfu_explainer **out,
                                  const struct tfu_explain_request *request, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_explainer *x = calloc(1, sizeof *x);
    if (!x)
        return tfu_error_memory(e, "explaining a network", 0);
    const enum tfu_status st = open_network(x, request, e);
    if (st != TFU_OK)
        tfu_explainer_free(x);
    else
        *out = x;
    return st;
}

void tfu_explainer_free(struct tfu_explainer *x)
{
    if (!x)
        return;
    tfu_network_free(x->network);
    tfu_graph_free(x->graph);
    free(x->weight);
    free(x);
}

const char *tfu_explainer_layer(const struct tfu_explainer *x)
{
    return x->layer;
}

void tfu_explainer_map_size(const struct tfu_explainer *x, int64_t *height, int64_t *width)
{
    const struct tfu_shape *s = &x->graph->value[x->value].shape;
    *height = s->dim[1];
    *width = s->dim[2];
}

int64_t tfu_explainer_classes(const struct tfu_explainer *x)
{
    return tfu_graph_outputs(x->graph);
}

static void set_image(struct tfu_explainer *x, const float *pixels)
{
    const size_t n = (size_t)tfu_shape_count(&x->graph->value[x->graph->input].shape);
    memcpy(tfu_network_input(x->network), pixels, n * sizeof *pixels);
}

enum tfu_status tfu_explainer_logits(struct tfu_explainer *x, const float *pixels,
                                     const float **logits, struct tfu_error *e)
{
    set_image(x, pixels);
    *logits = tfu_network_output(x->network).data;
    return tfu_network_forward(x->network, 1, false, 0, e);
}

static void set_gradient(struct tfu_tensor t, int64_t one)
{
    float *g = t.data;
    for (int64_t i = 0; i < tfu_shape_count(&t.shape); i++)
        g[i] = i == one ? 1 : 0;
}

enum tfu_status tfu_explainer_look(struct tfu_explainer *x, const float *pixels, int64_t class,
                                   struct tfu_error *e)
{
    set_image(x, pixels);
    enum tfu_status st = tfu_network_forward(x->network, 1, true, 0, e);
    if (st != TFU_OK)
        return st;
    set_gradient(tfu_network_output_grad(x->network), class);
    for (uint32_t i = 0; i < x->graph->auxiliary_count; i++)
        set_gradient(tfu_network_auxiliary_grad(x->network, i), -1);
    return tfu_network_backward(x->network, e);
}

void tfu_explainer_gradcam(const struct tfu_explainer *x, float *out)
{
    const struct tfu_tensor maps = tfu_network_value(x->network, x->value);
    const float *a = maps.data, *g = tfu_network_value_grad(x->network, x->value).data;
    const int64_t positions = maps.shape.dim[1] * maps.shape.dim[2], channels = maps.shape.dim[3];
    for (int64_t c = 0; c < channels; c++) {
        x->weight[c] = 0;
        for (int64_t p = 0; p < positions; p++)
            x->weight[c] += (double)g[p * channels + c] / (double)positions;
    }
    for (int64_t p = 0; p < positions; p++) {
        double sum = 0;
        for (int64_t c = 0; c < channels; c++)
            sum += x->weight[c] * (double)a[p * channels + c];
        out[p] = sum > 0 ? (float)sum : 0;
    }
}

void tfu_explainer_saliency(const struct tfu_explainer *x, float *out)
{
    const struct tfu_tensor gradient = tfu_network_input_grad(x->network);
    const float *g = gradient.data;
    const int64_t pixels = gradient.shape.dim[1] * gradient.shape.dim[2];
    const int64_t channels = gradient.shape.dim[3];
    for (int64_t p = 0; p < pixels; p++) {
        out[p] = 0;
        for (int64_t c = 0; c < channels; c++)
            out[p] = fmaxf(out[p], fabsf(g[p * channels + c]));
    }
}
