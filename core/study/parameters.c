/* SPDX-License-Identifier: MIT */
#include "core/study/parameters.h"

#include <stdlib.h>
#include <string.h>

#include "core/layer/size.h"

struct tfu_parameters {
    const struct tfu_graph *graph;
    float **value; /* of each parameter; all lie in one block behind the first */
};

enum tfu_status tfu_parameters_new(struct tfu_parameters **out, const struct tfu_graph *graph,
                                   struct tfu_error *e)
{
    *out = NULL;
    size_t total = 0;
    for (uint32_t i = 0; i < graph->param_count; i++)
        total += (size_t)tfu_shape_count(&graph->param[i].shape);
    struct tfu_parameters *p = calloc(1, sizeof *p);
    float **value = calloc((size_t)graph->param_count + 1, sizeof *value);
    float *block = calloc(total + 1, sizeof *block);
    if (!p || !value || !block) {
        free(p);
        free(value);
        free(block);
        return tfu_error_memory(e, "keeping a network's parameters", total * sizeof *block);
    }
    value[0] = block;
    for (uint32_t i = 0; i < graph->param_count; i++)
        value[i + 1] = value[i] + tfu_shape_count(&graph->param[i].shape);
    *p = (struct tfu_parameters){graph, value};
    *out = p;
    return TFU_OK;
}

void tfu_parameters_free(struct tfu_parameters *p)
{
    if (!p)
        return;
    free(p->value[0]);
    free(p->value);
    free(p);
}

static size_t count_of(const struct tfu_parameters *p, uint32_t param)
{
    return (size_t)tfu_shape_count(&p->graph->param[param].shape);
}

enum tfu_status tfu_parameters_take(struct tfu_parameters *p, const struct tfu_network *from,
                                    struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < p->graph->param_count; i++)
        st = tfu_network_read(from, tfu_region_param(i), p->value[i], e);
    return st;
}

enum tfu_status tfu_parameters_put(const struct tfu_parameters *p, const bool *chosen,
                                   struct tfu_network *into, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < p->graph->param_count; i++)
        if (!chosen || chosen[i])
            st = tfu_network_put(into, tfu_region_param(i), p->value[i], e);
    return st;
}

enum tfu_status tfu_parameters_put_mixture(const struct tfu_parameters *a,
                                           const struct tfu_parameters *b, double t,
                                           struct tfu_network *into, struct tfu_error *e)
{
    /* 1 x + 0 y is not x where y is infinite or x is -0 */
    if (t <= 0 || t >= 1)
        return tfu_parameters_put(t <= 0 ? a : b, NULL, into, e);
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < a->graph->param_count; i++) {
        float *to = tfu_network_draft(into, tfu_region_param(i));
        const float *x = a->value[i], *y = b->value[i];
        for (size_t k = 0; k < count_of(a, i); k++)
            to[k] = (float)((1 - t) * (double)x[k] + t * (double)y[k]);
        st = tfu_network_commit(into, tfu_region_param(i), e);
    }
    return st;
}

bool tfu_parameters_equal(const struct tfu_parameters *a, const struct tfu_parameters *b,
                          uint32_t param)
{
    return memcmp(a->value[param], b->value[param], count_of(a, param) * sizeof(float)) == 0;
}

/* ---- of one architecture? */

enum { LISTED = 8 };

/* Lines "  conv1.weight  [8, 3, 7, 7] in A, not in B"; returns how many parameters of `a` differ
 * from those of `b`. With `shapes` those of both names but other shapes count too. */
static size_t list_differences(struct tfu_text *out, const struct tfu_graph *a, const char *a_name,
                               const struct tfu_graph *b, const char *b_name, bool shapes,
                               size_t found)
{
    for (uint32_t i = 0; i < a->param_count; i++) {
        const struct tfu_graph_param *p = &a->param[i];
        const uint32_t other = tfu_graph_find_param(b, p->name);
        char mine[TFU_SHAPE_TEXT], theirs[TFU_SHAPE_TEXT];
        tfu_shape_text(&p->shape, mine);
        if (other != TFU_GRAPH_NONE &&
            (!shapes || strcmp(mine, tfu_shape_text(&b->param[other].shape, theirs)) == 0))
            continue;
        if (found++ >= LISTED)
            continue;
        if (other == TFU_GRAPH_NONE)
            tfu_text_printf(out, "\n  %s %s in %s only", p->name, mine, a_name);
        else
            tfu_text_printf(out, "\n  %s %s in %s, %s in %s", p->name, mine, a_name, theirs,
                            b_name);
    }
    return found;
}

static bool same_operations(const struct tfu_graph *a, const struct tfu_graph *b)
{
    if (a->node_count != b->node_count)
        return false;
    for (uint32_t i = 0; i < a->node_count; i++)
        if (strcmp(a->node[i].name, b->node[i].name) != 0 ||
            strcmp(a->node[i].op, b->node[i].op) != 0)
            return false;
    return true;
}

enum tfu_status tfu_parameters_match(const struct tfu_graph *a, const char *a_name,
                                     const struct tfu_graph *b, const char *b_name,
                                     struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    size_t found = list_differences(&list, a, a_name, b, b_name, true, 0);
    found = list_differences(&list, b, b_name, a, a_name, false, found);
    if (found == 0 && same_operations(a, b)) {
        tfu_text_free(&list);
        return TFU_OK;
    }
    if (found > LISTED)
        tfu_text_printf(&list, "\n  and %zu more", found - LISTED);
    if (found == 0)
        tfu_text_puts(&list, "\n  the same parameters, but other operations");
    if (list.failed) {
        tfu_text_free(&list);
        return tfu_error_memory(e, "comparing architectures", 0);
    }
    tfu_error_set(e, TFU_ESHAPE,
                  "%s and %s are not of one architecture; take two networks that differ in their "
                  "numbers alone%s",
                  a_name, b_name, tfu_text_get(&list));
    tfu_text_free(&list);
    return TFU_ESHAPE;
}
