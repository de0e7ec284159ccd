/* SPDX-License-Identifier: MIT
 *
 * The architectures: numbers of parameters, names, stages and shapes; refused options and images.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/model.h"

static struct model build(const char *arch, const char *options, int64_t side)
{
    return model_open(&(struct model_request){.arch = arch,
                                              .options = options,
                                              .input = tfu_shape_make(4, 2, side, side, 3, 1),
                                              .outputs = 5});
}

/* Convolutions, scale and shift of the normalisation, a biased head of 5. */
static const struct {
    const char *arch, *options;
    int64_t count;
} counts[] = {
    {"cbr_larget", "", 8539173},
    {"cbr_larget", "padding=valid", 8539173},
    {"cbr_largew", "", 8443461},
    {"cbr_small", "", 2114341},
    {"cbr_tiny", "", 1079845},
    {"cbr_tiny", "variant=params", 1079845},
    {"cbr_tiny", "variant=text padding=valid", 4310085},
};

START_TEST(parameter_count)
{
    struct model m = build(counts[_i].arch, counts[_i].options, 224);
    ck_assert_int_eq(tfu_graph_trained_count(m.graph), counts[_i].count);
    model_close(&m);
}
END_TEST

/* The last value of each stage before the head, H and C (images are square). */
static const struct {
    const char *arch, *options;
    int64_t side, blocks, height[5], channels[5];
} shapes[] = {
    {"cbr_larget", "", 224, 5, {112, 56, 28, 14, 14}, {32, 64, 128, 256, 512}},
    {"cbr_larget", "padding=valid", 224, 5, {108, 50, 21, 7, 1}, {32, 64, 128, 256, 512}},
    {"cbr_largew", "", 224, 4, {112, 56, 28, 14}, {64, 128, 256, 512}},
    {"cbr_small", "padding=valid", 224, 4, {108, 50, 21, 7}, {32, 64, 128, 256}},
    {"cbr_tiny", "", 32, 4, {16, 8, 4, 2}, {32, 64, 128, 256}},
    {"cbr_tiny", "variant=text", 28, 4, {14, 7, 4, 2}, {64, 128, 256, 512}},
};

START_TEST(block_shapes)
{
    struct model m = build(shapes[_i].arch, shapes[_i].options, shapes[_i].side);
    const struct tfu_graph *g = m.graph;
    ck_assert_uint_eq(g->stage_count, (uint32_t)shapes[_i].blocks + 1);
    for (int b = 0; b < shapes[_i].blocks; b++) {
        const char name[] = {'b', 'l', 'o', 'c', 'k', (char)('1' + b), '\0'};
        const struct tfu_graph_stage *stage = &g->stage[b];
        ck_assert_str_eq(stage->name, name);
        /* the mean over the image is the last node of the last block */
        const uint32_t last =
            stage->first_node + stage->node_count - 1 - (b + 1 == shapes[_i].blocks ? 1 : 0);
        const struct tfu_shape *s = &g->value[g->node[last].out].shape;
        ck_assert_int_eq(s->dim[1], shapes[_i].height[b]);
        ck_assert_int_eq(s->dim[2], shapes[_i].height[b]);
        ck_assert_int_eq(s->dim[3], shapes[_i].channels[b]);
    }
    ck_assert_str_eq(g->stage[shapes[_i].blocks].name, "fc");
    model_close(&m);
}
END_TEST

/* Checkpoints rely on these. */
START_TEST(parameter_names)
{
    static const char *const names[] = {"block1.conv.weight",
                                        "block1.bn.weight",
                                        "block1.bn.bias",
                                        "block1.bn.running_mean",
                                        "block1.bn.running_var",
                                        "block4.conv.weight",
                                        "block4.bn.running_var",
                                        "fc.weight",
                                        "fc.bias"};
    struct model m = build("cbr_small", "", 64);
    for (size_t i = 0; i < TFU_COUNT(names); i++)
        model_param(&m, names[i]);
    ck_assert_uint_eq(m.graph->param_count, 4 * 5 + 2);
    ck_assert_uint_eq(tfu_graph_find_param(m.graph, "block1.conv.bias"), TFU_GRAPH_NONE);
    model_close(&m);
}
END_TEST

START_TEST(tall_one_has_no_fifth_pool)
{
    struct model m = build("cbr_larget", "", 64);
    ck_assert_uint_ne(tfu_graph_find_node(m.graph, "block4.pool"), TFU_GRAPH_NONE);
    ck_assert_uint_ne(tfu_graph_find_node(m.graph, "block5.relu"), TFU_GRAPH_NONE);
    ck_assert_uint_eq(tfu_graph_find_node(m.graph, "block5.pool"), TFU_GRAPH_NONE);
    model_close(&m);
}
END_TEST

START_TEST(image_too_small)
{
    struct model m;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct model_request r = {.arch = "cbr_larget",
                                    .options = "padding=valid",
                                    .input = tfu_shape_make(4, 1, 32, 32, 3, 1),
                                    .outputs = 5};
    ck_assert_int_eq(model_try(&m, &r, &e), TFU_ESHAPE);
    ck_assert_ptr_null(m.graph);
    ck_assert_msg(strstr(e.text, "block3.conv") && strstr(e.text, "7"), "%s", e.text);
    model_close(&m);
}
END_TEST

/* ---- widths, slim networks */

/* The head of 5 outputs is on as many features as the last stage has channels. */
static const struct {
    const char *arch, *options;
    int64_t side, channels, features, without_head;
} sizes[] = {
    {"resnet50", "", 64, 3, 2048, 23508032},
    {"resnet50", "stride_at=conv1", 64, 3, 2048, 23508032},
    {"resnet50", "stride_at=last_unit", 64, 3, 2048, 23508032},
    {"resnet50", "slim.from=block2", 64, 3, 1024, 6099520},
    {"resnet50", "slim.from=block3", 64, 3, 1024, 7135296},
    {"resnet50", "slim.from=block4", 64, 3, 1024, 12945472},
    {"resnet50", "slim.from=block3 slim.divide=4", 64, 3, 512, 2954816},
    {"resnet50", "slim.from=block3 slim.divide=8", 64, 3, 256, 1866048},
    {"inception_v3", "", 96, 3, 2048, 21785568},
    {"tbnet", "", 512, 1, 80, 231440},
    {"tbnet", "batchnorm=published", 512, 1, 80, 231440},
};

START_TEST(published_size)
{
    struct model m = model_open(&(struct model_request){
        .arch = sizes[_i].arch,
        .options = sizes[_i].options,
        .input = tfu_shape_make(4, 1, sizes[_i].side, sizes[_i].side, sizes[_i].channels, 1),
        .outputs = 5});
    const int64_t head = sizes[_i].features * 5 + 5;
    ck_assert_int_eq(tfu_graph_trained_count(m.graph) - head, sizes[_i].without_head);
    ck_assert_int_eq(m.graph->value[m.graph->features].shape.dim[1], sizes[_i].features);
    model_close(&m);
}
END_TEST

/* Every count of channels, through `width` and `slim`. */
START_TEST(widths)
{
    static const struct {
        const char *arch, *options, *param;
        int64_t channels;
    } want[] = {
        {"cbr_tiny", "width=0.125", "block1.conv.weight", 4},
        {"cbr_tiny", "width=0.125", "block4.conv.weight", 32},
        {"cbr_tiny", "width=0.001", "block4.conv.weight", 1},
        {"cbr_small", "width=1.5", "block1.conv.weight", 48},
        {"cbr_largew", "slim.from=block3", "block2.conv.weight", 128},
        {"cbr_largew", "slim.from=block3", "block3.conv.weight", 128},
        {"cbr_larget", "slim.from=block1 slim.divide=4", "block1.conv.weight", 8},
        {"cbr_tiny", "variant=text width=0.5 slim.from=block4", "block4.conv.weight", 128},
        {"resnet50", "width=0.25", "layer1.0.conv3.weight", 64},
        {"inception_v3", "width=0.5", "Mixed_7c.branch1x1.conv.weight", 160},
        {"inception_v3", "slim.from=Mixed_7a", "Mixed_6e.branch1x1.conv.weight", 192},
        {"inception_v3", "slim.from=Mixed_7a", "Mixed_7a.branch3x3_1.conv.weight", 96},
        {"tbnet", "width=2", "block5.conv1.conv.weight", 160},
    };
    struct model m = build(want[_i].arch, want[_i].options, 128);
    const uint32_t p = model_param(&m, want[_i].param);
    ck_assert_int_eq(m.graph->param[p].shape.dim[0], want[_i].channels);
    model_close(&m);
}
END_TEST

/* ---- torchvision's names */

/* Every line of the file, "layer1.0.conv1.weight 64x64x1x1", is a parameter, in the order of the
 * file but for the auxiliary classifier's, which the graph has too. */
static void check_names(const struct model *m, const char *file)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096], name[128], dims[64], mine[64];
    snprintf(path, sizeof path, "%s/tests/plugins/arch/%s", top ? top : ".", file);
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "cannot open %s", path);
    uint32_t count = 0;
    while (fscanf(f, "%127s %63s", name, dims) == 2) {
        const uint32_t p = tfu_graph_find_param(m->graph, name);
        if (p == TFU_GRAPH_NONE && strncmp(name, "AuxLogits.", 10) == 0)
            continue;
        ck_assert_msg(p != TFU_GRAPH_NONE, "no parameter '%s'", name);
        const struct tfu_shape *s = &m->graph->param[p].shape;
        int length = 0;
        for (uint32_t i = 0; i < s->rank; i++)
            length += snprintf(mine + length, sizeof mine - (size_t)length, "%s%" PRId64,
                               i ? "x" : "", s->dim[i]);
        ck_assert_msg(strcmp(mine, dims) == 0, "%s is %s, not %s", name, mine, dims);
        count++;
    }
    fclose(f);
    ck_assert_uint_eq(count, m->graph->param_count);
}

START_TEST(torchvision_names)
{
    static const struct {
        const char *arch, *options, *file;
        int64_t side, count;
    } nets[] = {
        {"resnet50", "", "resnet50.names", 224, 25557032},
        {"inception_v3", "", "inception_v3.names", 299, 23834568},
        {"inception_v3", "aux=1", "inception_v3.names", 299, 27161264},
    };
    struct model m = model_open(
        &(struct model_request){.arch = nets[_i].arch,
                                .options = nets[_i].options,
                                .input = tfu_shape_make(4, 1, nets[_i].side, nets[_i].side, 3, 1),
                                .outputs = 1000});
    check_names(&m, nets[_i].file);
    ck_assert_int_eq(tfu_graph_trained_count(m.graph), nets[_i].count);
    model_close(&m);
}
END_TEST

/* ---- stages */

/* The side of each stage's last value before the mean over the image. */
START_TEST(stage_sides)
{
    static const struct {
        const char *arch, *options;
        int64_t side, channels;
        const char *want;
    } nets[] = {
        {"resnet50", "", 224, 3, "conv1:112 block1:56 block2:28 block3:14 block4:7 fc:5"},
        {"resnet50", "stride_at=conv1", 224, 3,
         "conv1:112 block1:56 block2:28 block3:14 block4:7 fc:5"},
        {"resnet50", "stride_at=last_unit", 224, 3,
         "conv1:112 block1:28 block2:14 block3:7 block4:7 fc:5"},
        {"inception_v3", "aux=1", 299, 3,
         "Conv2d_1a_3x3:149 Conv2d_2a_3x3:147 Conv2d_2b_3x3:147 Conv2d_3b_1x1:73 Conv2d_4a_3x3:71 "
         "Mixed_5b:35 Mixed_5c:35 Mixed_5d:35 Mixed_6a:17 Mixed_6b:17 Mixed_6c:17 Mixed_6d:17 "
         "Mixed_6e:17 AuxLogits:1 Mixed_7a:8 Mixed_7b:8 Mixed_7c:8 fc:5"},
        {"tbnet", "", 512, 1, "block1:63 block2:31 block3:15 block4:7 block5:7 fc:5"},
    };
    struct model m = model_open(&(struct model_request){
        .arch = nets[_i].arch,
        .options = nets[_i].options,
        .input = tfu_shape_make(4, 1, nets[_i].side, nets[_i].side, nets[_i].channels, 1),
        .outputs = 5});
    char got[1024] = "";
    for (uint32_t s = 0; s < m.graph->stage_count; s++) {
        const struct tfu_graph_stage *stage = &m.graph->stage[s];
        int64_t side = 0;
        for (uint32_t i = stage->first_node; i < stage->first_node + stage->node_count; i++) {
            const struct tfu_shape *shape = &m.graph->value[m.graph->node[i].out].shape;
            if (shape->rank == 4 || s + 1 == m.graph->stage_count)
                side = shape->dim[1];
        }
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s:%" PRId64, s ? " " : "",
                 stage->name, side);
    }
    ck_assert_str_eq(got, nets[_i].want);
    model_close(&m);
}
END_TEST

/* ---- what is refused */

START_TEST(refused)
{
    static const struct {
        const char *arch, *options;
        int64_t side, channels;
        const char *text;
    } nets[] = {
        {"resnet50", "slim.from=layer3", 64, 3,
         "architecture 'resnet50': slim.from: there is no stage 'layer3'; the stages are conv1, "
         "block1, block2, block3, block4"},
        {"cbr_tiny", "slim.from=fc", 64, 3,
         "architecture 'cbr_tiny': slim.from: there is no stage 'fc'; the stages are block1, "
         "block2, block3, block4"},
        {"inception_v3", "", 32, 3,
         "architecture 'inception_v3': operation 'Mixed_6a.branch3x3.conv': kernel_h 3 is larger "
         "than the padded height 1 (input 1x1, pad_h 0); use a larger image, a smaller kernel or "
         "more padding"},
        {"inception_v3", "aux=1", 224, 3,
         "architecture 'inception_v3': operation 'AuxLogits.conv1.conv': kernel_h 5 is larger than "
         "the padded height 3 (input 3x3, pad_h 0); use a larger image, a smaller kernel or more "
         "padding"},
        {"inception_v3", "transform_input=1", 96, 1,
         "architecture 'inception_v3': operation 'transform_input': affine has constants for 3 "
         "channels, but its input has 1"},
        {"tbnet", "", 32, 1,
         "architecture 'tbnet': operation 'block3.pool': kernel_h 3 is larger than the padded "
         "height 1 (input 1x1, pad_h 0); use a larger image, a smaller kernel or more padding"},
    };
    struct model m;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct model_request r = {
        .arch = nets[_i].arch,
        .options = nets[_i].options,
        .input = tfu_shape_make(4, 1, nets[_i].side, nets[_i].side, nets[_i].channels, 1),
        .outputs = 5};
    ck_assert_int_ne(model_try(&m, &r, &e), TFU_OK);
    ck_assert_str_eq(e.text, nets[_i].text);
    model_close(&m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("arch");
    TCase *t = tcase_create("cbr");
    tcase_add_loop_test(t, parameter_count, 0, (int)TFU_COUNT(counts));
    tcase_add_loop_test(t, block_shapes, 0, (int)TFU_COUNT(shapes));
    tcase_add_test(t, parameter_names);
    tcase_add_test(t, tall_one_has_no_fifth_pool);
    tcase_add_test(t, image_too_small);
    suite_add_tcase(s, t);
    t = tcase_create("all");
    tcase_add_loop_test(t, published_size, 0, (int)TFU_COUNT(sizes));
    tcase_add_loop_test(t, widths, 0, 13);
    tcase_add_loop_test(t, torchvision_names, 0, 3);
    tcase_add_loop_test(t, stage_sides, 0, 5);
    tcase_add_loop_test(t, refused, 0, 6);
    suite_add_tcase(s, t);
    return run_suite(s);
}
