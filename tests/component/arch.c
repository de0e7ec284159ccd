/* SPDX-License-Identifier: MIT
 *
 * The CBR family: numbers of parameters, names, stages and shapes.
 */
#include <string.h>

#include "tests/component/model.h"
#include "tests/support/check_main.h"

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
    return run_suite(s);
}
