/* SPDX-License-Identifier: MIT */
#include "core/graph/graph.h"

#include <stdlib.h>
#include <string.h>

uint32_t tfu_graph_find_node(const struct tfu_graph *g, const char *name)
{
    for (uint32_t i = 0; i < g->node_count; i++)
        if (strcmp(g->node[i].name, name) == 0)
            return i;
    return TFU_GRAPH_NONE;
}

uint32_t tfu_graph_find_param(const struct tfu_graph *g, const char *name)
{
    for (uint32_t i = 0; i < g->param_count; i++)
        if (strcmp(g->param[i].name, name) == 0)
            return i;
    return TFU_GRAPH_NONE;
}

uint32_t tfu_graph_find_stage(const struct tfu_graph *g, const char *name)
{
    for (uint32_t i = 0; i < g->stage_count; i++)
        if (strcmp(g->stage[i].name, name) == 0)
            return i;
    return TFU_GRAPH_NONE;
}

void tfu_graph_list_stages(const struct tfu_graph *g, struct tfu_text *out)
{
    for (uint32_t i = 0; i < g->stage_count; i++)
        tfu_text_printf(out, "%s%s", i ? ", " : "", g->stage[i].name);
}

uint32_t tfu_graph_end(const struct tfu_graph *g, uint32_t value)
{
    if (value == g->output)
        return 0;
    for (uint32_t i = 0; i < g->auxiliary_count; i++)
        if (value == g->auxiliary[i].output)
            return i + 1;
    return TFU_GRAPH_NONE;
}

int64_t tfu_graph_outputs(const struct tfu_graph *g)
{
    const struct tfu_shape *s = &g->value[g->output].shape;
    return s->dim[s->rank - 1];
}

int64_t tfu_graph_positions(const struct tfu_graph *g, uint32_t value)
{
    const struct tfu_shape *s = &g->value[value].shape;
    int64_t positions = 1;
    for (uint32_t i = 1; i + 1 < s->rank; i++)
        positions *= s->dim[i];
    return positions;
}

int tfu_role_trained(uint32_t role)
{
    return role != TFU_ROLE_RUNNING_MEAN && role != TFU_ROLE_RUNNING_VAR;
}

int64_t tfu_graph_trained_count(const struct tfu_graph *g)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < g->param_count; i++)
        if (tfu_role_trained(g->param[i].role))
            n += tfu_shape_count(&g->param[i].shape);
    return n;
}

void tfu_graph_free(struct tfu_graph *g)
{
    if (!g)
        return;
    tfu_arena_free(&g->arena);
    free(g);
}
