/* SPDX-License-Identifier: MIT */
#include "tests/infer/sample.h"

static const char *const names[] = {"none", "mild \"1\"", "h\xc3\xb6her"};

void sample_draw(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_affine(
        b, "affine", x,
        (struct tfu_affine_attrs){.channels = 3, .scale = {1, 0.5, 2}, .shift = {0.25, 0, -0.5}});
    x = tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){.out = 6,
                                             .kernel = 3,
                                             .kernel_w = 5,
                                             .stride_w = 2,
                                             .pad = 1,
                                             .pad_w = 1,
                                             .groups = 3,
                                             .bias = 1});
    x = tfu_relu(b, "relu", tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.eps = 1e-3}));
    b->stage(b, "body");
    const tfu_value most =
        tfu_maxpool(b, "most", x, (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1});
    const tfu_value mean =
        tfu_avgpool(b, "mean", x,
                    (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1, .exclude_pad = 1});
    const tfu_value plain =
        tfu_avgpool(b, "plain", x, (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1});
    const tfu_value both[] = {tfu_add(b, "add", most, mean), plain};
    x = tfu_dropout(b, "drop", tfu_concat(b, "concat", both, 2), 0.5);
    b->auxiliary(b, tfu_global_avgpool(b, "aux_pool", x), "aux.fc", 0.3);
    const tfu_value ends[] = {
        tfu_global_avgpool(b, "pool", x),
        tfu_linear(b, "rows", x, (struct tfu_linear_attrs){.out = 4}),
        tfu_linear(b, "planes", x, (struct tfu_linear_attrs){.out = 4, .chw = 1, .no_bias = 1}),
    };
    x = tfu_concat(b, "ends", ends, 3);
    x = tfu_affine(b, "half", x, (struct tfu_affine_attrs){.scale = {0.5}, .shift = {0.125}});
    b->features(b, tfu_softmax(b, "soft", x), "fc");
}

void sample_open(struct sample *s)
{
    s->graph = draw(sample_draw, image(SAMPLE_BATCH, SAMPLE_SIDE, SAMPLE_SIDE, 3), NULL);
    s->network = network_open((struct tfu_network_request){.graph = s->graph, .dtype = TFU_F32});
    network_fill(s->network, 5);
    s->draft = (struct tfu_model_draft){.graph = s->graph,
                                        .network = s->network,
                                        .prepare = {.channels = 3,
                                                    .height = SAMPLE_SIDE,
                                                    .width = SAMPLE_SIDE,
                                                    .reverse = true,
                                                    .normalise = true,
                                                    .mean = {0.5, 0.25, 0.125},
                                                    .deviation = {0.5, 1, 2}},
                                        .scores = TFU_MODEL_SOFTMAX,
                                        .names = names,
                                        .source = {.arch = "sketch",
                                                   .run = "0123456789ab",
                                                   .checkpoint = "best.safetensors",
                                                   .step = 1200}};
}

void sample_close(struct sample *s)
{
    tfu_network_free(s->network);
    tfu_graph_free(s->graph);
}

/* ---- a layer of a plugin, which nobody runs */

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    return TFU_OK;
}

static enum tfu_status nothing(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)c;
    (void)h;
    return TFU_OK;
}

static const struct tfu_layer_ops ops = {.struct_size = sizeof ops,
                                         .dtypes = TFU_TAKES_F32,
                                         .min_inputs = 1,
                                         .max_inputs = 1,
                                         .attr_size = sizeof(struct tfu_attr_info),
                                         .infer = infer,
                                         .forward = nothing,
                                         .backward = nothing};
static const struct tfu_plugin layer = {TFU_PLUGIN_HEADER(TFU_KIND_LAYER), .name = "mine",
                                        .ops = &ops, .ops_size = sizeof ops};
const struct tfu_plugin *const fake_layers[] = {&layer, NULL};
