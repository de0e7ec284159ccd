/* SPDX-License-Identifier: MIT */
#include "core/graph/head.h"

#include <assert.h>
#include <string.h>

#include "core/graph/draft.h"

#include <transfuse/ops.h>

static tfu_value build_linear(const struct tfu_head_site *site)
{
    return tfu_linear(site->builder, site->name, site->features,
                      (struct tfu_linear_attrs){.out = site->outputs});
}

const struct tfu_head_kind tfu_head_linear = {
    .rank = 2,
    .takes = "N,C",
    .advice = "end the architecture in global_avgpool",
    .build = build_linear,
};

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
