/* SPDX-License-Identifier: MIT */
#include "core/study/groups.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/graph/access.h"

void tfu_groups_free(struct tfu_groups *g)
{
    free(g->name);
    *g = (struct tfu_groups){.graph = NULL};
}

/* Does a parameter belong to the group of that name? */
static bool belongs(const struct tfu_groups *g, uint32_t p, const char *name)
{
    const struct tfu_graph *graph = g->graph;
    if (g->match)
        return strcmp(graph->param[p].name, name) == 0;
    return graph->param[p].role == TFU_ROLE_WEIGHT &&
           strcmp(graph->stage[graph->node[graph->param[p].node].stage].name, name) == 0;
}

static void list(struct tfu_groups *g)
{
    const struct tfu_graph *graph = g->graph;
    for (uint32_t p = 0; g->match && p < graph->param_count; p++)
        if (tfu_text_glob(g->match, graph->param[p].name))
            g->name[g->count++] = graph->param[p].name;
    for (uint32_t s = 0; !g->match && s < graph->stage_count; s++) {
        bool any = false;
        for (uint32_t p = 0; !any && p < graph->param_count; p++)
            any = belongs(g, p, graph->stage[s].name);
        if (any)
            g->name[g->count++] = graph->stage[s].name;
    }
}

/* Nothing fits. */
static enum tfu_status refuse(const struct tfu_groups *g, struct tfu_error *e)
{
    const struct tfu_graph *graph = g->graph;
    const char **names = calloc((size_t)graph->param_count + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "choosing parameters", 0);
    for (uint32_t p = 0; p < graph->param_count; p++)
        names[p] = graph->param[p].name;
    const char *nearest = g->match ? tfu_text_nearest(g->match, names, graph->param_count) : NULL;
    const enum tfu_status st = tfu_error_set(
        e, TFU_EINVAL,
        "no parameter of '%s' fits '%s'%s%s%s; `transfuse model summary` lists the layers",
        graph->arch, g->match ? g->match : "*", nearest ? " (did you mean '" : "",
        nearest ? nearest : "", nearest ? "'?)" : "");
    free(names);
    return st;
}

enum tfu_status tfu_groups_choose(struct tfu_groups *out, const struct tfu_graph *graph,
                                  const char *match, struct tfu_error *e)
{
    *out = (struct tfu_groups){.graph = graph, .match = match};
    const size_t most = (size_t)(match ? graph->param_count : graph->stage_count);
    out->name = calloc(most + 1, sizeof *out->name);
    if (!out->name)
        return tfu_error_memory(e, "choosing parameters", 0);
    list(out);
    const enum tfu_status st = out->count ? TFU_OK : refuse(out, e);
    if (st != TFU_OK)
        tfu_groups_free(out);
    return st;
}

size_t tfu_groups_size(const struct tfu_groups *g, size_t group)
{
    int64_t n = 0;
    for (uint32_t p = 0; p < g->graph->param_count; p++)
        if (belongs(g, p, g->name[group]))
            n += tfu_shape_count(&g->graph->param[p].shape);
    return (size_t)n;
}

enum tfu_status tfu_groups_gather(const struct tfu_groups *g, size_t group,
                                  const struct tfu_network *network, double *to,
                                  struct tfu_error *e)
{
    for (uint32_t p = 0; p < g->graph->param_count; p++) {
        if (!belongs(g, p, g->name[group]))
            continue;
        const float *from;
        const enum tfu_status st = tfu_network_look(network, tfu_region_param(p), &from, e);
        if (st != TFU_OK)
            return st;
        for (int64_t i = 0; i < tfu_shape_count(&g->graph->param[p].shape); i++)
            *to++ = (double)from[i];
    }
    return TFU_OK;
}
