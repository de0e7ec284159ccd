/* SPDX-License-Identifier: MIT
 *
 * Operations that are done at once: which ones, in real networks; and the numbers are those of the
 * same network whose operations are done one by one, as they are when every value is kept. The
 * memory of activations is full of not-a-number before.
 */
#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/graph/state.h"
#include "tests/support/check_main.h"
#include "tests/support/model.h"
#include "tests/support/network_memory.h"

enum { OUTPUTS = 5, ROWS = 2 };

static void draw(float *to, size_t count, const char *name, double centre, double width)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(1, "test", name));
    for (size_t i = 0; i < count; i++)
        to[i] = (float)(centre + width * (2 * tfu_random_uniform(&r) - 1));
}

/* Parameters that keep the size of the numbers, the input, and the gradient of the output. */
static void fill(struct model *m)
{
    const struct tfu_graph *g = m->graph;
    for (uint32_t i = 0; i < g->param_count; i++) {
        const struct tfu_graph_param *p = &g->param[i];
        const bool scales = p->role == TFU_ROLE_SCALE || p->role == TFU_ROLE_RUNNING_VAR;
        const double width = p->role == TFU_ROLE_WEIGHT ? 2.4 / sqrt((double)p->fan_in) : 0.4;
        draw(model_weights(m, i), model_count(m, i), p->name, scales ? 0.9 : 0, width);
    }
    const struct tfu_tensor in = value_of(m->network, g->input);
    draw(in.data, (size_t)tfu_shape_count(&in.shape), "image", 0, 1);
    for (uint32_t i = 0; i < g->auxiliary_count && m->network->request.training; i++)
        draw(auxiliary_grad_of(m->network, i).data, ROWS * OUTPUTS, "auxiliary", 0, 1);
    if (m->network->request.training)
        draw(output_grad_of(m->network).data, ROWS * OUTPUTS, "gradient", 0, 1);
}

static void poison(struct model *m)
{
    const struct tfu_network *n = m->network;
    const size_t bytes = n->plan[0].total > n->plan[1].total ? n->plan[0].total : n->plan[1].total;
    memset(n->activation_memory, 0xff, bytes);
    memset(n->workspace, 0xff, n->workspace_size);
}

static struct model passed(struct model_request r, bool keep)
{
    r.keep = keep;
    r.backend = "cpu";
    r.outputs = OUTPUTS;
    struct model m = model_open(&r);
    struct tfu_error e = TFU_ERROR_INIT;
    fill(&m);
    poison(&m);
    tfu_network_forward(m.network, ROWS, r.training, 1, &e);
    if (e.status == TFU_OK && r.training)
        tfu_network_backward(m.network, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return m;
}

/* ---- which */

/* "conv1 bn1 relu": what runs with the node of this name. */
static void check_chain(const struct model *m, const char *node, const char *expected)
{
    const uint32_t *chain, i = tfu_graph_find_node(m->graph, node);
    ck_assert_uint_ne(i, TFU_GRAPH_NONE);
    const uint32_t count = tfu_network_chain(m->network, i, &chain);
    struct tfu_text text = TFU_TEXT_INIT;
    for (uint32_t k = 0; k < count; k++)
        tfu_text_printf(&text, "%s%s", k ? " " : "", m->graph->node[chain[k]].name);
    ck_assert_str_eq(text.data, expected);
    tfu_text_free(&text);
}

static struct model_request request_for(const char *arch, int64_t side, bool training)
{
    return (struct model_request){
        .arch = arch, .input = tfu_shape_make(4, ROWS, side, side, 3, 1), .training = training};
}

START_TEST(chains_of_inference)
{
    struct model m = passed(request_for("resnet50", 64, false), false);
    check_chain(&m, "conv1", "conv1 bn1 relu");
    check_chain(&m, "relu", "conv1 bn1 relu");
    check_chain(&m, "maxpool", "maxpool");
    check_chain(&m, "layer1.0.conv3", "layer1.0.conv3 layer1.0.bn3 layer1.0.add layer1.0.relu");
    check_chain(&m, "layer1.0.downsample.0", "layer1.0.downsample.0 layer1.0.downsample.1");
    model_close(&m);
    m = passed(request_for("resnet50", 64, false), true);
    check_chain(&m, "conv1", "conv1");
    model_close(&m);
}
END_TEST

START_TEST(chains_of_training)
{
    struct model m = passed(request_for("resnet50", 64, true), false);
    check_chain(&m, "conv1", "conv1");
    check_chain(&m, "bn1", "bn1 relu maxpool");
    check_chain(&m, "layer1.0.bn1", "layer1.0.bn1 layer1.0.relu1");
    check_chain(&m, "layer1.0.bn3", "layer1.0.bn3 layer1.0.add layer1.0.relu");
    check_chain(&m, "layer1.0.downsample.1", "layer1.0.downsample.1");
    model_close(&m);
    m = passed(request_for("cbr_tiny", 40, true), false);
    check_chain(&m, "block1.bn", "block1.bn block1.relu block1.pool");
    model_close(&m);
    m = passed(request_for("inception_v3", 107, true), false);
    check_chain(&m, "Mixed_5b.branch1x1.bn", "Mixed_5b.branch1x1.bn Mixed_5b.branch1x1.relu");
    model_close(&m);
}
END_TEST

/* An operation that the configuration speaks of runs by itself, unless it is the first. */
START_TEST(forced_algorithms)
{
    struct model_request r = request_for("cbr_tiny", 40, false);
    r.conv2d = "direct";
    struct model m = passed(r, false);
    check_chain(&m, "block1.conv", "block1.conv block1.bn block1.relu");
    model_close(&m);
    r.conv2d = "definition";
    m = passed(r, false);
    check_chain(&m, "block1.conv", "block1.conv");
    model_close(&m);
}
END_TEST

/* ---- numbers */

/* The large ones have outputs that are written past the caches. */
static const struct numbers_case {
    const char *arch;
    int64_t side;
    const char *conv2d;
} numbers[] = {
    {"resnet50", 64, NULL},      {"inception_v3", 107, NULL}, {"cbr_tiny", 40, NULL},
    {"cbr_small", 40, "im2col"}, {"cbr_tiny", 40, "direct"},  {"cbr_tiny", 40, "fft12"},
    {"tbnet", 128, NULL},        {"resnet50", 192, NULL},     {"inception_v3", 203, NULL},
};

START_TEST(inference_has_the_same_bits)
{
    struct model_request r = request_for(numbers[_i].arch, numbers[_i].side, false);
    r.conv2d = numbers[_i].conv2d;
    struct model fused = passed(r, false), separate = passed(r, true);
    const struct tfu_tensor a = output_of(fused.network);
    const struct tfu_tensor b = output_of(separate.network);
    const float *y = a.data;
    for (size_t i = 0; i < ROWS * OUTPUTS; i++)
        ck_assert(isfinite(y[i]) && y[i] != y[(i + 1) % (ROWS * OUTPUTS)]);
    ck_assert_mem_eq(a.data, b.data, ROWS * OUTPUTS * sizeof(float));
    ck_assert_uint_lt(fused.network->units[0].count, separate.network->units[0].count);
    model_close(&fused);
    model_close(&separate);
}
END_TEST

static void check_bits(const struct tfu_tensor *a, const struct tfu_tensor *b, const char *name)
{
    const size_t bytes = (size_t)tfu_shape_count(&a->shape) * sizeof(float);
    ck_assert(!a->data == !b->data);
    ck_assert_msg(!a->data || memcmp(a->data, b->data, bytes) == 0, "%s differs", name);
}

/* Outputs, gradients and parameters (running statistics move) after a step. The gradients of two
 * users of a value are added, and so the order of them does not count. */
static void check_same_step(const struct model *a, const struct model *b)
{
    const struct tfu_graph *g = a->graph;
    const struct tfu_tensor x = output_of(a->network), y = output_of(b->network);
    check_bits(&x, &y, "output");
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor s = param_of(a->network, p);
        const struct tfu_tensor t = param_of(b->network, p);
        check_bits(&s, &t, g->param[p].name);
        const struct tfu_tensor u = param_grad_of(a->network, p);
        const struct tfu_tensor v = param_grad_of(b->network, p);
        check_bits(&u, &v, g->param[p].name);
    }
}

START_TEST(training_has_the_same_bits)
{
    struct model_request r = request_for(numbers[_i].arch, numbers[_i].side, true);
    r.conv2d = numbers[_i].conv2d;
    struct model fused = passed(r, false), separate = passed(r, true);
    check_same_step(&fused, &separate);
    ck_assert_uint_lt(fused.network->units[1].count, separate.network->units[1].count);
    ck_assert_uint_lt(tfu_network_memory(fused.network).activations,
                      tfu_network_memory(separate.network).activations);
    model_close(&fused);
    model_close(&separate);
}
END_TEST

/* Batch normalisation with running statistics, and parameters that are not trained. */
START_TEST(frozen_training_has_the_same_bits)
{
    bool frozen[512];
    for (size_t i = 0; i < TFU_COUNT(frozen); i++)
        frozen[i] = i < 40 || i % 7 == 0;
    struct model_request r = request_for("resnet50", 64, true);
    r.frozen = frozen;
    r.freeze = "block2";
    struct model fused = passed(r, false), separate = passed(r, true);
    ck_assert_uint_le(fused.graph->param_count, TFU_COUNT(frozen));
    check_same_step(&fused, &separate);
    model_close(&fused);
    model_close(&separate);
}
END_TEST

START_TEST(same_bits_for_any_number_of_threads)
{
    struct model_request r = request_for(_i ? "resnet50" : "cbr_tiny", 40, true);
    struct model one = passed(r, false);
    for (r.threads = 2; r.threads < 4; r.threads++) {
        struct model many = passed(r, false);
        check_same_step(&one, &many);
        model_close(&many);
    }
    model_close(&one);
}
END_TEST

/* Whatever is computed once more. */
START_TEST(low_memory_has_the_same_bits)
{
    static const char *const archs[] = {"resnet50", "inception_v3"};
    struct model_request r = request_for(archs[_i], _i ? 107 : 64, true);
    struct model normal = passed(r, false);
    r.low_memory = true;
    struct model low = passed(r, false);
    check_same_step(&low, &normal);
    ck_assert_uint_lt(tfu_network_memory(low.network).activations,
                      tfu_network_memory(normal.network).activations);
    model_close(&low);
    model_close(&normal);
}
END_TEST

/* What is stored for backward: of convolution, normalisation and relu the convolution's output
 * alone, and of residual blocks every other one. */
START_TEST(stored_values)
{
    static const struct {
        const char *value;
        bool again, low;
    } cases[] = {
        {"layer1.0.relu1", true, true},  {"layer1.0.conv2", false, false},
        {"layer1.0.relu", false, false}, {"layer1.1.relu", true, true},
        {"layer1.2.relu", false, false}, {"maxpool", true, true},
        {"layer1.0.conv3", false, true}, {"layer4.0.conv3", false, false},
    };
    struct model_request r = request_for("resnet50", 64, true);
    for (int low = 0; low < 2; low++) {
        r.low_memory = low;
        struct model m = passed(r, false);
        for (size_t i = 0; i < TFU_COUNT(cases); i++) {
            const uint32_t node = tfu_graph_find_node(m.graph, cases[i].value);
            ck_assert_uint_ne(node, TFU_GRAPH_NONE);
            const bool again =
                m.network->plan[1].again[m.graph->node[node].out] != TFU_PLAN_NOWHERE;
            ck_assert_msg(again == (low ? cases[i].low : cases[i].again), "%s, low %d",
                          cases[i].value, low);
        }
        model_close(&m);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("chains");
    TCase *t = tcase_create("chains");
    suite_add_tcase(s, t);
    tcase_add_test(t, chains_of_inference);
    tcase_add_test(t, forced_algorithms);
    tcase_add_test(t, chains_of_training);
    tcase_add_loop_test(t, training_has_the_same_bits, 0, (int)TFU_COUNT(numbers));
    tcase_add_test(t, frozen_training_has_the_same_bits);
    tcase_add_loop_test(t, same_bits_for_any_number_of_threads, 0, 2);
    tcase_add_loop_test(t, low_memory_has_the_same_bits, 0, 2);
    tcase_add_test(t, stored_values);
    tcase_add_loop_test(t, inference_has_the_same_bits, 0, (int)TFU_COUNT(numbers));
    return run_suite(s);
}
