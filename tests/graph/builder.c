/* SPDX-License-Identifier: MIT
 *
 * Architectures that break the builder's rules, each with the text that its author gets to see, and
 * the graph of one that does not.
 */
#include <string.h>

#include "tests/graph/refused.h"
#include "tests/support/check_main.h"
#include "tests/support/networks.h"

struct refusal {
    sketch *draw;
    enum tfu_status status;
    const char *text;
};

static const struct refusal refusals[] = {
#define REFUSAL(name, status, text) {name, status, "architecture 'sketch': " text},
    REFUSAL_LIST(REFUSAL)
#undef REFUSAL
};

START_TEST(refused)
{
    const struct refusal *r = &refusals[_i];
    struct tfu_graph *g = (struct tfu_graph *)&refusals;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = draw_try(&g, &(struct sketch_config){.draw = r->draw},
                                        image(2, 8, 8, 3), fake_registry(), &e);
    ck_assert_str_eq(e.text, r->text);
    ck_assert_int_eq(st, r->status);
    ck_assert_int_eq(e.status, r->status);
    ck_assert_ptr_null(g);
    /* without an error object the status alone tells */
    ck_assert_int_eq(draw_try(&g, &(struct sketch_config){.draw = r->draw}, image(2, 8, 8, 3),
                              fake_registry(), NULL),
                     r->status);
}
END_TEST

/* The least that is a network. */
static void least(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

/* build() has a return value of its own. */
START_TEST(result_of_build)
{
    struct tfu_graph *g = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct sketch_config config = {.draw = least, .result = TFU_EUNSUPPORTED};
    ck_assert_int_eq(draw_try(&g, &config, image(2, 8, 8, 3), NULL, &e), TFU_EUNSUPPORTED);
    ck_assert_str_eq(e.text, "architecture 'sketch': its build() failed without saying why");
    ck_assert_ptr_null(g);
}
END_TEST

/* Without a registry the core's layers are all there are. */
static void typing_error(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    b->op(b, "conv2", "conv", &x, 1, TFU_NO_ATTRS);
}

static void no_such_layer(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    b->op(b, "transformer", "conv", &x, 1, TFU_NO_ATTRS);
}

START_TEST(unknown_operation)
{
    struct tfu_graph *g = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    draw_try(&g, &(struct sketch_config){.draw = typing_error}, image(2, 8, 8, 3), NULL, &e);
    ck_assert_int_eq(e.status, TFU_ENOTFOUND);
    ck_assert_str_eq(e.text, "architecture 'sketch': operation 'conv': there is no layer 'conv2'; "
                             "did you mean 'conv2d'?");
    struct tfu_error far = TFU_ERROR_INIT;
    draw_try(&g, &(struct sketch_config){.draw = no_such_layer}, image(2, 8, 8, 3), NULL, &far);
    ck_assert_str_eq(far.text,
                     "architecture 'sketch': operation 'conv': there is no layer 'transformer'");
}
END_TEST

START_TEST(wrong_inputs)
{
    const struct {
        struct tfu_shape shape;
        const char *text;
    } cases[] = {
        {tfu_shape_make(4, 0, 8, 8, 3, 1),
         "architecture 'sketch': operation 'image': dim 0 of the input would be 0, which is less "
         "than 1"},
        {tfu_shape_make(4, 2, 8, -1, 3, 1),
         "architecture 'sketch': operation 'image': dim 2 of the input would be -1, which is less "
         "than 1"},
        {tfu_shape_make(4, (int64_t)1 << 40, (int64_t)1 << 40, (int64_t)1 << 40, 3, 1),
         "architecture 'sketch': operation 'image': dim 1 of the input would be 1099511627776, "
         "which is too large"},
    };
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        struct tfu_graph *g = NULL;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_eq(
            draw_try(&g, &(struct sketch_config){.draw = least}, cases[i].shape, NULL, &e),
            TFU_ESHAPE);
        ck_assert_str_eq(e.text, cases[i].text);
    }
}
END_TEST

/* One of everything, in scopes and stages. */
static void sound(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    b->scope_push(b, "layer%d", 0);
    x = tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){
                       .out = 4, .kernel = 3, .kernel_w = 5, .stride = 2, .pad_h = 1, .pad_w = 2});
    b->scope_push(b, "%d", 1);
    x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.momentum = 0.25});
    b->scope_pop(b);
    x = tfu_relu(b, "relu", x);
    b->scope_pop(b);
    b->stage(b, "body");
    const tfu_value y = tfu_conv2d(
        b, "conv", x, (struct tfu_conv2d_attrs){.out = 4, .kernel = 1, .bias = 1, .groups = 2});
    const tfu_value both[] = {tfu_add(b, "add", x, y), x};
    x = tfu_concat(b, "concat", both, 2);
    const struct tfu_shape map = tfu_shape_make(4, 2, 4, 3, 8, 1);
    const struct tfu_shape row = tfu_shape_make(2, 2, 8, 1, 1, 1);
    ck_assert(tfu_shape_equal(b->shape(b, x), &map));
    ck_assert_ptr_null(b->shape(b, 0));
    ck_assert_ptr_null(b->shape(b, 99));
    x = tfu_maxpool(b, "max", x, (struct tfu_pool_attrs){.kernel = 2});
    x = tfu_global_avgpool(b, "pool", x);
    ck_assert(tfu_shape_equal(b->shape(b, x), &row));
    ck_assert_int_eq(b->status(b), TFU_OK);
    b->features(b, x, "fc");
}

START_TEST(graph_of_a_sound_architecture)
{
    struct tfu_graph *g = draw(sound, image(2, 8, 6, 3), NULL);
    static const struct {
        const char *name, *op, *stage;
        int rank;
        int64_t dim[4];
    } nodes[] = {
        {"layer0.conv", "conv2d", "stem", 4, {2, 4, 3, 4}},
        {"layer0.1.bn", "batchnorm", "stem", 4, {2, 4, 3, 4}},
        {"layer0.relu", "relu", "stem", 4, {2, 4, 3, 4}},
        {"conv", "conv2d", "body", 4, {2, 4, 3, 4}},
        {"add", "add", "body", 4, {2, 4, 3, 4}},
        {"concat", "concat", "body", 4, {2, 4, 3, 8}},
        {"max", "maxpool", "body", 4, {2, 2, 1, 8}},
        {"pool", "global_avgpool", "body", 2, {2, 8, 1, 1}},
        {"fc", "linear", "fc", 2, {2, 3, 1, 1}},
    };
    ck_assert_uint_eq(g->node_count, TFU_COUNT(nodes));
    for (uint32_t i = 0; i < g->node_count; i++) {
        ck_assert_str_eq(g->node[i].name, nodes[i].name);
        ck_assert_str_eq(g->node[i].op, nodes[i].op);
        ck_assert_str_eq(g->stage[g->node[i].stage].name, nodes[i].stage);
        const struct tfu_graph_value *v = &g->value[g->node[i].out];
        ck_assert_int_eq(v->shape.rank, nodes[i].rank);
        for (int d = 0; d < 4; d++)
            ck_assert_int_eq(v->shape.dim[d], nodes[i].dim[d]);
        ck_assert_uint_eq(v->producer, i);
    }
    static const struct {
        const char *name;
        enum tfu_role role;
        int64_t count, fan_in, fan_out;
    } params[] = {
        {"layer0.conv.weight", TFU_ROLE_WEIGHT, 4 * 3 * 3 * 5, 45, 60},
        {"layer0.1.bn.weight", TFU_ROLE_SCALE, 4, 0, 0},
        {"layer0.1.bn.bias", TFU_ROLE_SHIFT, 4, 0, 0},
        {"layer0.1.bn.running_mean", TFU_ROLE_RUNNING_MEAN, 4, 0, 0},
        {"layer0.1.bn.running_var", TFU_ROLE_RUNNING_VAR, 4, 0, 0},
        {"conv.weight", TFU_ROLE_WEIGHT, 4 * 2, 2, 4},
        {"conv.bias", TFU_ROLE_BIAS, 4, 2, 2},
        {"fc.weight", TFU_ROLE_WEIGHT, 24, 8, 3},
        {"fc.bias", TFU_ROLE_BIAS, 3, 8, 3},
    };
    ck_assert_uint_eq(g->param_count, TFU_COUNT(params));
    for (uint32_t i = 0; i < g->param_count; i++) {
        const struct tfu_graph_param *p = &g->param[i];
        ck_assert_str_eq(p->name, params[i].name);
        ck_assert_uint_eq(p->role, params[i].role);
        ck_assert_int_eq(tfu_shape_count(&p->shape), params[i].count);
        if (p->role == TFU_ROLE_WEIGHT) {
            ck_assert_int_eq(p->fan_in, params[i].fan_in);
            ck_assert_int_eq(p->fan_out, params[i].fan_out);
        }
        ck_assert_uint_eq(tfu_graph_find_param(g, p->name), i);
        ck_assert(i >= g->node[p->node].first_param &&
                  i < g->node[p->node].first_param + g->node[p->node].param_count);
    }
    ck_assert_int_eq(tfu_graph_trained_count(g), 180 + 8 + 12 + 27);
    ck_assert_uint_eq(g->stage_count, 3);
    ck_assert_uint_eq(g->stage[0].node_count, 3);
    ck_assert_uint_eq(g->stage[1].first_node, 3);
    ck_assert_uint_eq(g->stage[1].node_count, 5);
    ck_assert_uint_eq(g->stage[2].first_node, 8);
    ck_assert_uint_eq(tfu_graph_find_stage(g, "fc"), 2);
    ck_assert_uint_eq(tfu_graph_find_stage(g, "f"), TFU_GRAPH_NONE);
    ck_assert_uint_eq(g->value[value_called(g, "layer0.relu")].use_count, 3);
    ck_assert_uint_eq(g->features, value_called(g, "pool"));
    ck_assert_uint_eq(g->output, value_called(g, "fc"));
    ck_assert_str_eq(g->value[g->input].name, "image");
    ck_assert_uint_eq(g->value[g->input].producer, TFU_GRAPH_NONE);
    /* attributes are complete and in the layer's order: given, and by default */
    const struct tfu_graph_node *bn = &g->node[1];
    ck_assert_uint_eq(bn->attr_count, 3);
    ck_assert_str_eq(bn->attr[0].name, "eps");
    ck_assert_double_eq(bn->attr[0].f, 1e-5);
    ck_assert_double_eq(bn->attr[1].f, 0.25);
    ck_assert_int_eq(bn->attr[2].i, 0);
    tfu_graph_free(g);
}
END_TEST

/* As a later ABI's architecture would give them: rows that are longer than the host's. */
struct longer_attr {
    struct tfu_attr attr;
    const char *unknown;
};

static void longer(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    const struct longer_attr a[] = {
        {{"out", 4, 0}, "a"}, {{"kernel_w", 1, 0}, "b"}, {{"kernel_h", 3, 0}, "c"}};
    b->stage(b, "body");
    const tfu_value y = b->op(b, "conv2d", "conv", &x, 1, &a[0].attr, TFU_COUNT(a), sizeof a[0]);
    b->features(b, tfu_global_avgpool(b, "pool", y), "fc");
}

START_TEST(attributes_have_a_stride)
{
    struct tfu_graph *g = draw(longer, image(2, 8, 6, 3), NULL);
    const struct tfu_shape *weight = &g->param[0].shape;
    ck_assert(weight->dim[0] == 4 && weight->dim[2] == 3 && weight->dim[3] == 1);
    for (uint32_t i = 0; i < g->node[0].attr_count; i++)
        ck_assert_ptr_eq(g->node[0].attrs[i], &g->node[0].attr[i]);
    tfu_graph_free(g);
}
END_TEST

/* More of everything than the first piece of each array takes. */
static void long_chain(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    for (int i = 0; i < 200; i++) {
        char name[32];
        snprintf(name, sizeof name, "stage%d", i);
        b->stage(b, name);
        b->scope_push(b, "%d", i);
        x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.eps = 0});
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

START_TEST(large_graph)
{
    struct tfu_graph *g = draw(long_chain, image(1, 2, 2, 3), NULL);
    ck_assert_uint_eq(g->stage_count, 201);
    ck_assert_uint_eq(g->node_count, 202);
    ck_assert_uint_eq(g->param_count, 802);
    ck_assert_uint_eq(g->state_count, 400);
    for (uint32_t i = 0; i < 200; i++) {
        ck_assert_uint_eq(g->node[i].stage, i);
        ck_assert_uint_eq(g->node[i].in[0], i);
        ck_assert_uint_eq(g->node[i].first_param, 4 * i);
        ck_assert_uint_eq(g->node[i].first_state, 2 * i);
    }
    tfu_graph_free(g);
}
END_TEST

START_TEST(free_nothing)
{
    tfu_graph_free(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("builder");
    TCase *t = tcase_create("refused");
    tcase_add_loop_test(t, refused, 0, TFU_COUNT(refusals));
    tcase_add_test(t, result_of_build);
    tcase_add_test(t, unknown_operation);
    tcase_add_test(t, wrong_inputs);
    suite_add_tcase(s, t);
    t = tcase_create("shapes");
    tcase_add_test(t, graph_of_a_sound_architecture);
    tcase_add_test(t, attributes_have_a_stride);
    tcase_add_test(t, large_graph);
    tcase_add_test(t, free_nothing);
    suite_add_tcase(s, t);
    return run_suite(s);
}
