/* SPDX-License-Identifier: MIT */
#include "core/study/filters.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/graph/access.h"

void tfu_filters_free(struct tfu_filters *f)
{
    free(f->number);
    free(f->layer);
    *f = (struct tfu_filters){.number = NULL};
}

static bool is_convolution(const struct tfu_graph_node *node)
{
    return strcmp(node->op, "conv2d") == 0;
}

static enum tfu_status no_such_layer(const struct tfu_graph *g, const char *name,
                                     struct tfu_error *e)
{
    const char **names = calloc((size_t)g->node_count + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "finding a layer", 0);
    size_t count = 0;
    for (uint32_t i = 0; i < g->node_count; i++)
        if (is_convolution(&g->node[i]))
            names[count++] = g->node[i].name;
    const char *nearest = tfu_text_nearest(name, names, count);
    struct tfu_text list = TFU_TEXT_INIT;
    enum { SHOWN = 8 };
    for (size_t i = 0; i < count && i < SHOWN; i++)
        tfu_text_printf(&list, "%s%s", i ? ", " : "", names[i]);
    tfu_text_puts(&list, count > SHOWN ? ", ..." : "");
    const enum tfu_status st =
        list.failed
            ? tfu_error_memory(e, "finding a layer", 0)
            : tfu_error_set(e, TFU_EINVAL,
                            "no convolution of '%s' is called '%s'%s%s%s; there are %s", g->arch,
                            name, nearest ? " (did you mean '" : "", nearest ? nearest : "",
                            nearest ? "'?)" : "", tfu_text_get(&list));
    tfu_text_free(&list);
    free(names);
    return st;
}

static enum tfu_status find_convolution(const struct tfu_graph *g, const char *name, uint32_t *out,
                                        struct tfu_error *e)
{
    bool any = false;
    for (*out = 0; *out < g->node_count; ++*out) {
        const struct tfu_graph_node *node = &g->node[*out];
        any |= is_convolution(node);
        if (is_convolution(node) && (!name || strcmp(name, node->name) == 0))
            return TFU_OK;
    }
    if (any)
        return no_such_layer(g, name, e);
    return tfu_error_set(e, TFU_EINVAL, "'%s' has no convolution, so it has no filters to show",
                         g->arch);
}

/* From K,C,R,S to one image after the other; `reversed`: the network sees blue first. */
static enum tfu_status copy(struct tfu_filters *f, const struct tfu_network *network,
                            uint32_t param, bool reversed, struct tfu_error *e)
{
    const int64_t *dim = tfu_network_graph(network)->param[param].shape.dim;
    const int64_t K = dim[0], C = dim[1], R = dim[2], S = dim[3];
    const size_t n = (size_t)(K * C * R * S);
    f->number = malloc(n * sizeof *f->number);
    if (!f->number)
        return tfu_error_memory(e, "reading filters", n * sizeof *f->number);
    f->count = K;
    f->height = R;
    f->width = S;
    f->channels = C;
    const float *from;
    const enum tfu_status st = tfu_network_look(network, tfu_region_param(param), &from, e);
    if (st != TFU_OK)
        return st;
    float *to = f->number;
    for (int64_t k = 0; k < K; k++)
        for (int64_t p = 0; p < R * S; p++)
            for (int64_t c = 0; c < C; c++)
                *to++ = from[(k * C + (reversed ? C - 1 - c : c)) * R * S + p];
    return TFU_OK;
}

static bool sees_blue_first(const struct tfu_preprocessing *p)
{
    return p && p->order && strcmp(p->order, "bgr") == 0;
}

enum tfu_status tfu_filters_read(struct tfu_filters *out, const struct tfu_network *network,
                                 const char *layer, const struct tfu_preprocessing *preprocessing,
                                 struct tfu_error *e)
{
    const struct tfu_graph *graph = tfu_network_graph(network);
    *out = (struct tfu_filters){.number = NULL};
    uint32_t node;
    enum tfu_status st = find_convolution(graph, layer, &node, e);
    if (st != TFU_OK)
        return st;
    const bool first = graph->node[node].in[0] == graph->input;
    out->layer = strdup(graph->node[node].name);
    out->of_image = first;
    st = out->layer ? copy(out, network, graph->node[node].first_param,
                           first && sees_blue_first(preprocessing), e)
                    : tfu_error_memory(e, "reading filters", 0);
    if (st != TFU_OK)
        tfu_filters_free(out);
    return st;
}

void tfu_filters_add_channels(struct tfu_filters *f, const struct tfu_preprocessing *preprocessing)
{
    const struct tfu_preprocessing *p = preprocessing;
    const bool divided = p && (int64_t)p->channels == f->channels;
    const float *from = f->number;
    for (int64_t i = 0; i < f->count * f->height * f->width; i++, from += f->channels) {
        double sum = 0;
        for (int64_t c = 0; c < f->channels; c++) {
            const int64_t seen = sees_blue_first(p) ? f->channels - 1 - c : c;
            sum += (double)from[c] / (divided ? p->deviation[seen] : 1);
        }
        f->number[i] = (float)sum;
    }
    f->channels = 1;
}
