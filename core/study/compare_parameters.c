/* SPDX-License-Identifier: MIT */
#include "core/study/compare_parameters.h"

#include <stdlib.h>
#include <string.h>

#include "core/graph/access.h"

/* ---- groups */

/* Is the trained parameter part of the group: a stage, or itself? */
static bool is_member(const struct tfu_graph *g, uint32_t param, const char *group)
{
    const struct tfu_graph_param *p = &g->param[param];
    return tfu_role_trained(p->role) &&
           (strcmp(g->stage[g->node[p->node].stage].name, group) == 0 ||
            strcmp(p->name, group) == 0);
}

static bool has_members(const struct tfu_graph *g, const char *group)
{
    bool any = false;
    for (uint32_t p = 0; p < g->param_count && !any; p++)
        any = is_member(g, p, group);
    return any;
}

enum tfu_status tfu_parameters_choose(struct tfu_node_choice **out, size_t *count,
                                      const struct tfu_graph *graph, const char *const *pattern,
                                      size_t pattern_count, struct tfu_error *e)
{
    *count = 0;
    *out = calloc((size_t)graph->stage_count + graph->param_count + 1, sizeof **out);
    bool *used = calloc(pattern_count + 1, sizeof *used);
    enum tfu_status st = *out && used ? TFU_OK : tfu_error_memory(e, "choosing parameters", 0);
    for (uint32_t s = 0; st == TFU_OK && s < graph->stage_count; s++) {
        const char *stage = graph->stage[s].name;
        for (uint32_t p = 0; p < graph->param_count; p++)
            if (graph->node[graph->param[p].node].stage == s &&
                tfu_role_trained(graph->param[p].role) &&
                tfu_nodes_wanted(pattern, pattern_count, graph->param[p].name, used))
                (*out)[(*count)++] = (struct tfu_node_choice){.name = graph->param[p].name};
        if ((!pattern_count || tfu_nodes_wanted(pattern, pattern_count, stage, used)) &&
            has_members(graph, stage))
            (*out)[(*count)++] = (struct tfu_node_choice){.name = stage};
    }
    for (size_t i = 0; st == TFU_OK && i < pattern_count; i++)
        if (!used[i])
            st = tfu_error_set(e, TFU_EINVAL,
                               "no stage or trained parameter of '%s' is called '%s'; `transfuse "
                               "model summary` lists the stages",
                               graph->arch, pattern[i]);
    free(used);
    if (st != TFU_OK) {
        free(*out);
        *out = NULL;
        *count = 0;
    }
    return st;
}

/* ---- comparing */

struct networks {
    const struct tfu_network *a, *b;
};

static enum tfu_status look(struct tfu_tensor *out, const struct tfu_network *n, uint32_t param,
                            struct tfu_error *e)
{
    const float *data;
    const enum tfu_status st = tfu_network_look(n, tfu_region_param(param), &data, e);
    *out = (struct tfu_tensor){.struct_size = sizeof *out,
                               .dtype = TFU_F32,
                               .place = TFU_HOST,
                               .shape = tfu_network_graph(n)->param[param].shape,
                               .data = (void *)data}; /* metrics only read */
    return st;
}

static enum tfu_status feed_one(struct tfu_scorer *s, const struct networks *n, uint32_t param,
                                struct tfu_error *said)
{
    const struct tfu_graph *g = tfu_network_graph(n->a);
    const char *name = g->param[param].name;
    const uint32_t other = tfu_graph_find_param(tfu_network_graph(n->b), name);
    if (other == TFU_GRAPH_NONE)
        return tfu_error_set(said, TFU_ESHAPE, "b has no parameter '%s'", name);
    struct tfu_tensor t[2];
    enum tfu_status st = look(&t[0], n->a, param, said);
    if (st == TFU_OK)
        st = look(&t[1], n->b, other, said);
    if (st != TFU_OK)
        return st;
    const struct tfu_activations batch = {
        .rows = t[0].shape.dim[0], .node = {name, name}, .t = {&t[0], &t[1]}};
    return tfu_scorer_look(s, &batch, said);
}

static enum tfu_status compare_group(struct tfu_comparison *out,
                                     const struct tfu_compare_request *r, const struct networks *n,
                                     struct tfu_compare_pair *pair, struct tfu_error *e)
{
    const struct tfu_graph *g = tfu_network_graph(n->a);
    struct tfu_error said = TFU_ERROR_INIT;
    struct tfu_scorer *s;
    enum tfu_status st = tfu_compare_scorer(&s, r->metric, r->registry, r->threads, e);
    if (st != TFU_OK)
        return st;
    for (uint32_t p = 0; said.status == TFU_OK && p < g->param_count; p++)
        if (is_member(g, p, r->node_a[pair->a].name)) {
            const int64_t numbers = tfu_shape_count(&g->param[p].shape);
            pair->draw->rows += numbers;
            feed_one(s, n, p, &said);
        }
    st = tfu_compare_conclude(&out->arena, pair->draw, s, &said, e);
    tfu_scorer_free(s);
    return st;
}

enum tfu_status tfu_compare_parameters(struct tfu_comparison *out,
                                       const struct tfu_compare_request *request,
                                       struct tfu_error *e)
{
    const struct tfu_compare_request *r = request;
    struct networks n = {NULL, NULL};
    *out = (struct tfu_comparison){.draws = 1};
    tfu_arena_init(&out->arena, 0);
    if (r->matrix || r->noise)
        return tfu_error_set(e, TFU_EINVAL,
                             "metric '%s' looks at parameters, which go together by their names: "
                             "there is no matrix and no noise baseline of them",
                             r->metric->plugin->name);
    enum tfu_status st = tfu_capture_network(r->a, &n.a, e);
    if (st == TFU_OK && r->a != r->b)
        st = tfu_capture_network(r->b, &n.b, e);
    if (st == TFU_OK && r->a == r->b)
        n.b = n.a;
    out->pair = tfu_arena_alloc(&out->arena, (r->count_a + 1) * sizeof *out->pair);
    if (st == TFU_OK && !out->pair)
        st = tfu_error_memory(e, "comparing", 0);
    for (size_t i = 0; st == TFU_OK && i < r->count_a; i++) {
        struct tfu_compare_pair *pair = &out->pair[out->pair_count++];
        *pair = (struct tfu_compare_pair){
            .a = i, .b = i, .draw = tfu_arena_alloc(&out->arena, sizeof *pair->draw)};
        if (!pair->draw) {
            st = tfu_error_memory(e, "comparing", 0);
            break;
        }
        *pair->draw = (struct tfu_compare_draw){.rows = 0};
        st = compare_group(out, r, &n, pair, e);
    }
    if (st == TFU_OK)
        st = tfu_compare_all_refused(out, e);
    if (st != TFU_OK)
        tfu_comparison_free(out);
    return st;
}
