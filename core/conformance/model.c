/* SPDX-License-Identifier: MIT */
#include "core/conformance/model.h"

#include <string.h>

#include "core/base/random.h"
#include "core/conformance/tests.h"
#include "core/graph/access.h"
#include "core/train/tensor_list.h"

#include <transfuse/ops.h>

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    (void)config;
    tfu_value x = b->input(b, "image");
    b->stage(b, "block1");
    x = tfu_conv2d(b, "conv1", x,
                   (struct tfu_conv2d_attrs){.out = 7, .kernel = 3, .pad = 1, .bias = 1});
    x = tfu_batchnorm(b, "bn1", x, (struct tfu_batchnorm_attrs){0});
    b->stage(b, "block2");
    x = tfu_conv2d(b, "conv2", x, (struct tfu_conv2d_attrs){.out = 40, .kernel = 1});
    x = tfu_conv2d(b, "conv3", x, (struct tfu_conv2d_attrs){.out = 40, .kernel = 3, .groups = 40});
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops arch_ops = {.struct_size = sizeof arch_ops, .build = build};
static const struct tfu_plugin arch = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "check",
    .version = "1",
    .summary = "parameters of every role",
    .ops_size = sizeof arch_ops,
    .ops = &arch_ops,
};

enum tfu_status tfu_check_model_new(struct tfu_check_model *m, struct tfu_error *e)
{
    const struct tfu_graph_request graph = {
        .arch = &arch, .input = tfu_shape_make(4, 1, 8, 9, 3, 1), .outputs = 5};
    *m = (struct tfu_check_model){.graph = NULL};
    enum tfu_status st = tfu_graph_build(&m->graph, &graph, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&m->threads, 3, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_network_request network = {.graph = m->graph,
                                                .backend = &tfu_check_definitions,
                                                .threads = m->threads,
                                                .dtype = TFU_F32};
    return tfu_network_new(&m->network, &network, e);
}

void tfu_check_model_free(struct tfu_check_model *m)
{
    tfu_network_free(m->network);
    tfu_threads_free(m->threads);
    tfu_graph_free(m->graph);
    *m = (struct tfu_check_model){.graph = NULL};
}

/* Numbers that are all different; above 0, as running variances are. */
static enum tfu_status fill(const struct tfu_check_model *m, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < m->graph->param_count; p++) {
        float *w = tfu_network_draft(m->network, tfu_region_param(p));
        struct tfu_random random;
        tfu_random_init(&random, tfu_random_key(1, "check", m->graph->param[p].name));
        for (int64_t i = 0; i < tfu_shape_count(&m->graph->param[p].shape); i++)
            w[i] = (float)(0.5 + tfu_random_uniform(&random));
        st = tfu_network_commit(m->network, tfu_region_param(p), e);
    }
    return st;
}

enum tfu_status tfu_check_model_write(const char *path, struct tfu_error *e)
{
    struct tfu_check_model m;
    struct tfu_tensor_list list = {.count = 0};
    enum tfu_status st = tfu_check_model_new(&m, e);
    if (st == TFU_OK)
        st = fill(&m, e);
    if (st == TFU_OK)
        st = tfu_tensor_list_make(&list, m.network, NULL, e);
    if (st == TFU_OK) {
        st = tfu_safetensors_write(path, list.tensor, list.count, NULL, 0, e);
        tfu_tensor_list_free(&list);
    }
    tfu_check_model_free(&m);
    return st;
}
