/* SPDX-License-Identifier: MIT */
#include "core/study/nodes.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

bool tfu_nodes_wanted(const char *const *pattern, size_t count, const char *name, bool *used)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        if (tfu_text_glob(pattern[i], name))
            any = used[i] = true;
    return any;
}

/* What a stage hands on: its last map, or its last value when it has no maps. What comes behind the
 * last map is the mean of it for the classifier. Only what is computed outside training too. */
static uint32_t last_value(const struct tfu_graph *g, const struct tfu_graph_stage *stage)
{
    uint32_t last = TFU_GRAPH_NONE;
    for (uint32_t i = stage->node_count; i-- > 0;) {
        const struct tfu_graph_node *node = &g->node[stage->first_node + i];
        if (node->training_only)
            continue;
        if (g->value[node->out].shape.rank == 4)
            return node->out;
        if (last == TFU_GRAPH_NONE)
            last = node->out;
    }
    return last;
}

static enum tfu_status unknown(const struct tfu_graph *g, const char *pattern, struct tfu_error *e)
{
    const char **name = calloc((size_t)g->node_count + g->stage_count + 2, sizeof *name);
    if (!name)
        return tfu_error_memory(e, "choosing nodes", 0);
    size_t count = 0;
    for (uint32_t i = 0; i < g->stage_count; i++)
        name[count++] = g->stage[i].name;
    for (uint32_t i = 0; i < g->node_count; i++)
        name[count++] = g->node[i].name;
    name[count++] = "features";
    name[count++] = "logits";
    const char *nearest = tfu_text_nearest(pattern, name, count);
    struct tfu_text stages = TFU_TEXT_INIT;
    tfu_graph_list_stages(g, &stages);
    const enum tfu_status st =
        stages.failed
            ? tfu_error_memory(e, "choosing nodes", 0)
            : tfu_error_set(
                  e, TFU_EINVAL,
                  "no stage or node of '%s' is called '%s'%s%s%s; its stages are %s, its ends "
                  "features and logits, and `transfuse model summary` lists the nodes",
                  g->arch, pattern, nearest ? " (did you mean '" : "", nearest ? nearest : "",
                  nearest ? "'?)" : "", tfu_text_get(&stages));
    tfu_text_free(&stages);
    free(name);
    return st;
}

static void collect(struct tfu_node_choice *to, size_t *count, const struct tfu_graph *g,
                    const char *const *pattern, size_t pattern_count, bool *used)
{
    for (uint32_t s = 0; s < g->stage_count; s++) {
        const struct tfu_graph_stage *stage = &g->stage[s];
        const bool head = s + 1 == g->stage_count;
        const uint32_t last = last_value(g, stage);
        for (uint32_t i = 0; i < stage->node_count; i++) {
            const struct tfu_graph_node *node = &g->node[stage->first_node + i];
            /* under its own name only once, if the stage has it too */
            if (!node->training_only &&
                tfu_nodes_wanted(pattern, pattern_count, node->name, used) &&
                strcmp(node->name, stage->name) != 0)
                to[(*count)++] = (struct tfu_node_choice){node->name, node->out};
        }
        if (last != TFU_GRAPH_NONE &&
            (pattern_count ? tfu_nodes_wanted(pattern, pattern_count, stage->name, used) : !head))
            to[(*count)++] = (struct tfu_node_choice){stage->name, last};
    }
}

/* The values that have a name whatever the architecture calls their nodes. */
static void collect_ends(struct tfu_node_choice *to, size_t *count, const struct tfu_graph *g,
                         const char *const *pattern, size_t pattern_count, bool *used)
{
    const struct tfu_node_choice ends[] = {{"features", g->features}, {"logits", g->output}};
    for (size_t k = 0; k < TFU_COUNT(ends); k++) {
        bool wanted = false;
        for (size_t i = 0; i < pattern_count; i++)
            if (!used[i] && strcmp(pattern[i], ends[k].name) == 0)
                wanted = used[i] = true;
        if (wanted)
            to[(*count)++] = ends[k];
    }
}

enum tfu_status tfu_nodes_choose(struct tfu_node_choice **out, size_t *count,
                                 const struct tfu_graph *graph, const char *const *pattern,
                                 size_t pattern_count, struct tfu_error *e)
{
    *count = 0;
    *out = calloc((size_t)graph->node_count + graph->stage_count + 2, sizeof **out);
    bool *used = calloc(pattern_count + 1, sizeof *used);
    enum tfu_status st = *out && used ? TFU_OK : tfu_error_memory(e, "choosing nodes", 0);
    if (st == TFU_OK)
        collect(*out, count, graph, pattern, pattern_count, used);
    if (st == TFU_OK)
        collect_ends(*out, count, graph, pattern, pattern_count, used);
    for (size_t i = 0; st == TFU_OK && i < pattern_count; i++)
        if (!used[i])
            st = unknown(graph, pattern[i], e);
    free(used);
    if (st != TFU_OK) {
        free(*out);
        *out = NULL;
        *count = 0;
    }
    return st;
}
