/* SPDX-License-Identifier: MIT
 *
 * An architecture and a task's head to a whole graph.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "core/base/calling.h"
#include "core/graph/draft.h"

/* Every end is compared with the same labels. */
static void check_ends(struct tfu_draft *d)
{
    const struct tfu_graph *g = d->graph;
    const int64_t wanted = tfu_graph_positions(g, g->output);
    for (uint32_t i = 0; i < g->auxiliary_count; i++) {
        const int64_t got = tfu_graph_positions(g, g->auxiliary[i].output);
        if (got != wanted) {
            tfu_error_set(&d->error, TFU_ESHAPE,
                          "the auxiliary output '%s' has %" PRId64
                          " positions an image and the output %" PRId64
                          "; labels are compared with both: give auxiliary() a map of the size of "
                          "the features",
                          g->value[g->auxiliary[i].output].name, got, wanted);
            return;
        }
    }
}

/* The task's head, in a stage of its own. */
static void attach_head(struct tfu_draft *d)
{
    struct tfu_builder *b = &d->builder;
    d->scope_count = 0;
    d->scope[0] = '\0';
    b->stage(b, d->head_name);
    const tfu_value out =
        d->error.status == TFU_OK ? tfu_draft_head(d, d->features, d->head_name) : 0;
    if (out) {
        d->graph->features = d->features - 1;
        d->graph->output = out - 1;
        check_ends(d);
    }
}

/* Is the stage that something is to happen at one of this architecture's? */
static void check_stage(struct tfu_draft *d, const char *name, const char *to_do)
{
    const struct tfu_graph *g = d->graph;
    struct tfu_text text = TFU_TEXT_INIT;
    if (d->error.status != TFU_OK || !name || !name[0] ||
        tfu_graph_find_stage(g, name) != TFU_GRAPH_NONE)
        return;
    tfu_graph_list_stages(g, &text);
    if (text.failed)
        tfu_error_memory(&d->error, "naming stages", 0);
    else
        tfu_error_set(&d->error, TFU_EINVAL, "there is no stage '%s' to %s; the stages are %s",
                      name, to_do, tfu_text_get(&text));
    tfu_text_free(&text);
}

/* What does the output depend on? The rest runs in training only. */
static void mark_training_only(struct tfu_draft *d)
{
    struct tfu_graph *g = d->graph;
    bool *needed = tfu_arena_array(&g->arena, g->value_count, sizeof *needed);
    if (!needed) {
        tfu_error_memory(&d->error, "building the graph", 0);
        return;
    }
    needed[g->output] = true;
    for (uint32_t i = g->node_count; i-- > 0;) {
        g->node[i].training_only = !needed[g->node[i].out];
        for (uint32_t k = 0; k < g->node[i].in_count && needed[g->node[i].out]; k++)
            needed[g->node[i].in[k]] = true;
    }
}

static void check_whole(struct tfu_draft *d)
{
    const struct tfu_graph *g = d->graph;
    for (uint32_t i = 0; i < g->value_count && d->error.status == TFU_OK; i++)
        if (g->value[i].use_count == 0 && tfu_graph_end(g, i) == TFU_GRAPH_NONE)
            tfu_error_set(&d->error, TFU_EINVAL,
                          "the value of '%s' is never used; use it or leave it out",
                          g->value[i].name);
}

enum tfu_status tfu_graph_build(struct tfu_graph **out, const struct tfu_graph_request *request,
                                struct tfu_error *e)
{
    *out = NULL;
    struct tfu_graph *g = calloc(1, sizeof *g);
    struct tfu_draft *d = calloc(1, sizeof *d);
    if (!g || !d) {
        free(g);
        free(d);
        return tfu_error_memory(e, "building the graph", 0);
    }
    tfu_arena_init(&g->arena, 0);
    tfu_draft_init(d, g, request);
    g->arch = request->arch->name;

    const struct tfu_arch_ops *ops = request->arch->ops;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "arch", .plugin = g->arch, .function = "build"});
    const enum tfu_status st = ops->build(&d->builder, request->config);
    tfu_calling_end(outer);
    if (d->error.status == TFU_OK && st != TFU_OK)
        tfu_error_set(&d->error, st, "its build() failed without saying why");
    if (d->error.status == TFU_OK && !d->features)
        tfu_error_set(&d->error, TFU_EINVAL,
                      "it declares no features; call features() at the end of build()");
    if (d->error.status == TFU_OK && d->scope_count)
        tfu_error_set(&d->error, TFU_EINVAL,
                      "scope '%s' is still open at the end; scope_pop() is missing", d->scope);
    check_stage(d, request->truncate, "truncate at");
    check_stage(d, request->freeze, "freeze through");
    if (d->error.status == TFU_OK)
        attach_head(d);
    if (d->error.status == TFU_OK)
        check_whole(d);
    if (d->error.status == TFU_OK)
        mark_training_only(d);

    const enum tfu_status result = d->error.status;
    if (result == TFU_OK) {
        *out = g;
    } else {
        tfu_error_set(e, result, "architecture '%s': %s", request->arch->name, d->error.text);
        tfu_graph_free(g);
    }
    free(d);
    return result;
}
