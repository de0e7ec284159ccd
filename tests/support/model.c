/* SPDX-License-Identifier: MIT */
#include "tests/support/model.h"

#include "tests/support/network_memory.h"
#include <check.h>
#include <stdlib.h>

/* All values of the graph. */
static uint32_t *all_values(const struct tfu_graph *g)
{
    uint32_t *all = calloc(g->value_count, sizeof *all);
    ck_assert_ptr_nonnull(all);
    for (uint32_t v = 0; v < g->value_count; v++)
        all[v] = v;
    return all;
}

static enum tfu_status make_network(struct model *m, const struct model_request *r,
                                    struct tfu_error *e)
{
    enum tfu_status st = tfu_threads_new(&m->threads, r->threads ? r->threads : 1, e);
    if (st != TFU_OK)
        return st;
    m->backend = choose(m->registry, TFU_KIND_BACKEND, r->backend, "");
    const struct tfu_algorithm_choice conv2d = {"conv2d", r->conv2d};
    uint32_t *keep = all_values(m->graph);
    const struct tfu_network_request request = {
        .graph = m->graph,
        .backend = m->backend.plugin,
        .backend_config = m->backend.config,
        .threads = m->threads,
        .dtype = r->dtype ? r->dtype : TFU_F32,
        .training = r->training,
        .frozen = r->frozen,
        .algorithm = &conv2d,
        .algorithm_count = r->conv2d != NULL,
        .low_memory = r->low_memory,
        .constant = r->constant,
        .keep = keep,
        .keep_count = r->keep ? m->graph->value_count : 0,
    };
    st = tfu_network_new(&m->network, &request, e);
    free(keep);
    return st;
}

enum tfu_status model_try(struct model *m, const struct model_request *r, struct tfu_error *e)
{
    *m = (struct model){.registry = open_registry()};
    m->arch = choose(m->registry, TFU_KIND_ARCH, r->arch, r->options ? r->options : "");
    const struct tfu_graph_request request = {.arch = m->arch.plugin,
                                              .config = m->arch.config,
                                              .input = r->input,
                                              .outputs = r->outputs,
                                              .freeze = r->freeze,
                                              .layers = m->registry};
    enum tfu_status st = tfu_graph_build(&m->graph, &request, e);
    if (st == TFU_OK && r->backend)
        st = make_network(m, r, e);
    return st;
}

struct model model_open(const struct model_request *r)
{
    struct model m;
    struct tfu_error e = TFU_ERROR_INIT;
    model_try(&m, r, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return m;
}

void model_close(struct model *m)
{
    tfu_network_free(m->network);
    tfu_graph_free(m->graph);
    tfu_threads_free(m->threads);
    choice_free(&m->backend);
    choice_free(&m->arch);
    tfu_registry_free(m->registry);
}

uint32_t model_param(const struct model *m, const char *name)
{
    const uint32_t p = tfu_graph_find_param(m->graph, name);
    ck_assert_msg(p != TFU_GRAPH_NONE, "no parameter '%s'", name);
    return p;
}

size_t model_count(const struct model *m, uint32_t param)
{
    return (size_t)tfu_shape_count(&m->graph->param[param].shape);
}

float *model_weights(const struct model *m, uint32_t param)
{
    return param_of(m->network, param).data;
}

float *model_grad(const struct model *m, uint32_t param)
{
    return param_grad_of(m->network, param).data;
}
