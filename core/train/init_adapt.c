/* SPDX-License-Identifier: MIT */
#include "core/train/init_adapt.h"

#include <string.h>

const char *tfu_init_channels_name(enum tfu_init_channels how)
{
    static const char *const names[] = {"refuse", "sum", "mean", "first", "repeat", "fold"};
    return names[how];
}

static int64_t attr_of(const struct tfu_graph_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->attr_count; i++)
        if (strcmp(node->attr[i].name, name) == 0)
            return node->attr[i].i;
    return 0;
}

static int64_t channels_of(const struct tfu_graph *g, uint32_t value)
{
    const struct tfu_shape *s = &g->value[value].shape;
    return s->dim[s->rank - 1];
}

/* A layer with one input whose output has the input's channels, each made of that alone. */
static bool keeps_channels(const struct tfu_graph *g, const struct tfu_graph_node *node)
{
    return node->in_count == 1 && strcmp(node->op, "conv2d") != 0 &&
           strcmp(node->op, "linear") != 0 && strcmp(node->op, "softmax") != 0 &&
           channels_of(g, node->in[0]) == channels_of(g, node->out);
}

bool tfu_init_reads_image(const struct tfu_graph *g, uint32_t param)
{
    const struct tfu_graph_param *p = &g->param[param];
    const struct tfu_graph_node *node = &g->node[p->node];
    if (strcmp(node->op, "conv2d") != 0 || p->role != TFU_ROLE_WEIGHT ||
        attr_of(node, "groups") != 1)
        return false;
    for (uint32_t v = node->in[0]; v != g->input; v = node->in[0]) {
        node = &g->node[g->value[v].producer];
        if (!keeps_channels(g, node))
            return false;
    }
    return true;
}

static uint32_t param_of(const struct tfu_graph *g, uint32_t node, uint32_t role)
{
    const struct tfu_graph_node *n = &g->node[node];
    for (uint32_t i = 0; i < n->param_count; i++)
        if (g->param[n->first_param + i].role == role)
            return n->first_param + i;
    return TFU_GRAPH_NONE;
}

uint32_t tfu_init_shifted_by(const struct tfu_graph *g, uint32_t param)
{
    const struct tfu_graph_param *p = &g->param[param];
    uint32_t node = p->node;
    if (p->role == TFU_ROLE_RUNNING_MEAN) {
        const uint32_t in = g->node[node].in[0];
        node = g->value[in].producer;
        if (node == TFU_GRAPH_NONE || g->value[in].use_count != 1 ||
            param_of(g, node, TFU_ROLE_BIAS) != TFU_GRAPH_NONE)
            return TFU_GRAPH_NONE;
    } else if (p->role != TFU_ROLE_BIAS) {
        return TFU_GRAPH_NONE;
    }
    const uint32_t weight = param_of(g, node, TFU_ROLE_WEIGHT);
    return weight != TFU_GRAPH_NONE && tfu_init_reads_image(g, weight) ? weight : TFU_GRAPH_NONE;
}

static bool reads(const struct tfu_graph_node *node, uint32_t value)
{
    for (uint32_t i = 0; i < node->in_count; i++)
        if (node->in[i] == value)
            return true;
    return false;
}

/* The images lose the source's normalisation for all of their readers, but only a convolution that
 * sees every channel can have it in its weights. */
static enum tfu_status check_readers(const struct tfu_graph *g, struct tfu_error *e)
{
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *node = &g->node[i];
        if (!reads(node, g->input) ||
            (strcmp(node->op, "conv2d") == 0 && attr_of(node, "groups") == 1))
            continue;
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' reads the image too, and the source's normalisation can be "
                             "folded into convolutions without groups only; normalise the images "
                             "as the source's were, and take `channels: sum`",
                             g->value[node->out].name);
    }
    return TFU_OK;
}

bool tfu_init_is_on_image(const struct tfu_graph *g, uint32_t param)
{
    return g->param[param].role == TFU_ROLE_WEIGHT &&
           reads(&g->node[g->param[param].node], g->input);
}

enum tfu_status tfu_init_can_fold(const struct tfu_graph *g, uint32_t weight, struct tfu_error *e)
{
    const uint32_t node = g->param[weight].node;
    const uint32_t in = g->node[node].in[0];
    const enum tfu_status st = in == g->input ? check_readers(g, e) : TFU_OK;
    if (st != TFU_OK)
        return st;
    if (in != g->input)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' changes the image before '%s' reads it, so that the source's "
                             "normalisation cannot be folded into it; take `channels: sum`",
                             g->value[in].name, g->param[weight].name);
    for (uint32_t p = 0; p < g->param_count; p++)
        if (tfu_init_shifted_by(g, p) == weight)
            return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "'%s' has neither a bias nor a batch normalisation behind it that could "
                         "take the source's means; take `channels: sum`",
                         g->param[weight].name);
}

/* Of channel `c`; one number may stand for all. */
static double mean_of(const struct tfu_preprocessing *p, int64_t c)
{
    return p->channels ? p->mean[(size_t)c < p->channels ? (size_t)c : 0] : 0;
}

static double deviation_of(const struct tfu_preprocessing *p, int64_t c)
{
    return p->channels ? p->deviation[(size_t)c < p->channels ? (size_t)c : 0] : 1;
}

/* What channel `n` of N gets of channel `c` of S. */
static double share(enum tfu_init_channels how, int64_t c, int64_t S, int64_t n, int64_t N,
                    const struct tfu_init_normalisations *norm)
{
    switch (how) {
    case TFU_INIT_CHANNELS_SUM:
        return S == N ? c == n : 1.0 / (double)N;
    case TFU_INIT_CHANNELS_MEAN:
        return 1.0 / (double)S;
    case TFU_INIT_CHANNELS_FIRST:
        return c == n;
    case TFU_INIT_CHANNELS_REPEAT:
        return c == n % S ? (double)S / (double)N : 0;
    case TFU_INIT_CHANNELS_FOLD:
        return (S == N ? c == n : 1.0 / (double)N) * deviation_of(norm->mine, n) /
               deviation_of(norm->source, c);
    case TFU_INIT_CHANNELS_REFUSE:
        break;
    }
    return 0;
}

void tfu_init_adapt_channels(enum tfu_init_channels how, const float *from, int64_t K, int64_t S,
                             int64_t N, int64_t RS, const struct tfu_init_normalisations *norm,
                             float *to)
{
    for (int64_t k = 0; k < K; k++)
        for (int64_t n = 0; n < N; n++)
            for (int64_t i = 0; i < RS; i++) {
                double sum = 0;
                for (int64_t c = 0; c < S; c++)
                    sum += share(how, c, S, n, N, norm) * (double)from[(k * S + c) * RS + i];
                to[(k * N + n) * RS + i] = (float)sum;
            }
}

void tfu_init_fold_shift(const float *from, int64_t K, int64_t S, int64_t N, int64_t RS,
                         const struct tfu_init_normalisations *norm, double *shift)
{
    double middle = 0; /* what the images' channels have in the mean, where they are no pairs */
    for (int64_t n = 0; n < N; n++)
        middle += mean_of(norm->mine, n) / (double)N;
    for (int64_t k = 0; k < K; k++) {
        shift[k] = 0;
        for (int64_t c = 0; c < S; c++) {
            double sum = 0;
            for (int64_t i = 0; i < RS; i++)
                sum += (double)from[(k * S + c) * RS + i];
            const double mine = S == N ? mean_of(norm->mine, c) : middle;
            shift[k] += sum * (mine - mean_of(norm->source, c)) / deviation_of(norm->source, c);
        }
    }
}

bool tfu_init_flattens(const struct tfu_graph *g, uint32_t param, int64_t *channels,
                       int64_t *pixels)
{
    const struct tfu_graph_param *p = &g->param[param];
    const struct tfu_graph_node *node = &g->node[p->node];
    if (strcmp(node->op, "linear") != 0 || p->role != TFU_ROLE_WEIGHT)
        return false;
    const struct tfu_shape *in = &g->value[node->in[0]].shape;
    *channels = in->dim[in->rank - 1];
    *pixels = p->shape.dim[1] / *channels;
    return in->rank > 2 && *channels > 1 && *pixels > 1;
}

bool tfu_init_is_chw(const struct tfu_graph *g, uint32_t param)
{
    return attr_of(&g->node[g->param[param].node], "chw") != 0;
}

void tfu_init_reorder(const float *from, int64_t rows, int64_t channels, int64_t pixels,
                      bool from_chw, float *to)
{
    const int64_t columns = channels * pixels;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < channels; c++)
            for (int64_t i = 0; i < pixels; i++) {
                const int64_t chw = r * columns + c * pixels + i;
                const int64_t hwc = r * columns + i * channels + c;
                to[from_chw ? hwc : chw] = from[from_chw ? chw : hwc];
            }
}
