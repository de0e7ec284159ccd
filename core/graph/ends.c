/* SPDX-License-Identifier: MIT
 *
 * Where a network ends: its features, where it is truncated, auxiliary classifiers.
 */
#include <assert.h>
#include <string.h>

#include "core/graph/draft.h"

tfu_value tfu_draft_head(struct tfu_draft *d, tfu_value features, const char *name)
{
    struct tfu_graph *g = d->graph;
    const struct tfu_head_site site = {&d->builder, name, features, d->request->outputs};
    const uint32_t first = g->node_count;
    char scope[sizeof d->scope];
    memcpy(scope, d->scope, sizeof scope);
    d->scope[0] = '\0'; /* the name is whole */
    const tfu_value out = d->head->build(&site);
    memcpy(d->scope, scope, sizeof scope);
    if (d->error.status != TFU_OK)
        return 0;
    assert(out > 0 && out <= g->value_count);
    const struct tfu_shape *s = &g->value[out - 1].shape;
    assert(s->rank >= 2 && s->dim[s->rank - 1] == d->request->outputs);
    (void)s;
    for (uint32_t i = first; i < g->node_count; i++)
        g->node[i].is_head = true;
    return out;
}

/* The value that the dropped part begins with. It need not be the last one that there is: a stage
 * may end in a branch of its own, such as an auxiliary classifier's. */
tfu_value tfu_draft_cut(struct tfu_draft *d, const tfu_value *in, uint32_t n_in)
{
    tfu_value last = in[0];
    for (uint32_t i = 1; i < n_in; i++)
        last = in[i] > last ? in[i] : last;
    if (!d->cut)
        d->cut = last;
    return d->cut;
}

/* Truncated: where the cut is, or the mean over the image of it for a head that takes no maps. */
static tfu_value features_at_cut(struct tfu_draft *d, tfu_value v)
{
    d->truncated = false;
    if (d->graph->value[v - 1].shape.rank == 2 || d->head->rank != 2)
        return v;
    d->scope_count = 0;
    d->scope[0] = '\0';
    return d->builder.op(&d->builder, "global_avgpool", "truncated.avgpool", &v, 1, TFU_NO_ATTRS);
}

void tfu_draft_auxiliary(struct tfu_builder *b, tfu_value v, const char *head_name, double weight)
{
    struct tfu_draft *d = b->host;
    struct tfu_graph *g = d->graph;
    if (d->error.status != TFU_OK || d->truncated)
        return;
    if (v == 0 || v > g->value_count || g->value[v - 1].shape.rank != d->head->rank) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "auxiliary('%s') is given %u, which is no value %s of this graph",
                      head_name ? head_name : "", v, d->head->takes);
        return;
    }
    if (!(weight > 0 && weight <= 1e6)) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "auxiliary('%s') has the weight %g; it is above 0 and at most 1e6",
                      head_name ? head_name : "", weight);
        return;
    }
    if (d->features) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "auxiliary('%s') comes after features(); call it before",
                      head_name ? head_name : "");
        return;
    }
    const tfu_value out = tfu_draft_head(d, v, head_name);
    struct tfu_graph_auxiliary *a =
        out ? tfu_draft_append(d, (void **)&g->auxiliary, &g->auxiliary_count,
                               &d->auxiliary_capacity, sizeof *a)
            : NULL;
    if (!a)
        return;
    *a = (struct tfu_graph_auxiliary){.output = out - 1, .weight = weight};
}

void tfu_draft_features(struct tfu_builder *b, tfu_value v, const char *head_name)
{
    struct tfu_draft *d = b->host;
    if (d->error.status != TFU_OK || tfu_draft_stage_empty(d))
        return;
    if (v == 0 || v > d->graph->value_count) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "features() is given %u, which is no value of this graph", v);
        return;
    }
    if (d->features) {
        tfu_error_set(&d->error, TFU_EINVAL, "features() is called twice; a network has one end");
        return;
    }
    if (!head_name || !head_name[0]) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "features() names no head; say where the classifier's parameters go, as in "
                      "\"fc\"");
        return;
    }
    if (d->truncated)
        v = features_at_cut(d, tfu_draft_cut(d, &v, 1));
    if (!v)
        return;
    const struct tfu_shape *s = &d->graph->value[v - 1].shape;
    if (s->rank != d->head->rank) {
        tfu_error_set(&d->error, TFU_ESHAPE, "features '%s' have rank %u; a head needs %s: %s",
                      d->graph->value[v - 1].name, s->rank, d->head->takes, d->head->advice);
        return;
    }
    d->head_name = tfu_arena_strdup(&d->graph->arena, head_name);
    if (!d->head_name)
        tfu_error_memory(&d->error, "building the graph", 0);
    d->features = v;
}
