/* SPDX-License-Identifier: MIT
 *
 * Heads that make maps: on a graph, through a training step, and what is refused.
 */
#include <math.h>
#include <string.h>

#include "core/graph/head.h"
#include "core/train/loss.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"
#include "tests/support/network_memory.h"
#include "tests/support/networks.h"

enum { N = 2, H = 5, W = 4, CHANNELS = 2, HIDDEN = 4, K = 3 };

/* A convolution 1x1 of maps: N,H,W,C to N,H,W,K. */
static tfu_value build_pointwise(const struct tfu_head_site *site)
{
    return tfu_conv2d(site->builder, site->name, site->features,
                      (struct tfu_conv2d_attrs){.out = site->outputs, .kernel = 1, .bias = 1});
}

static const struct tfu_head_kind pointwise = {
    .rank = 4, .takes = "N,H,W,C", .advice = "end it before its pooling", .build = build_pointwise};

/* Two operations, in a scope. */
static tfu_value build_deep(const struct tfu_head_site *site)
{
    struct tfu_builder *b = site->builder;
    b->scope_push(b, "%s", site->name);
    tfu_value x = tfu_conv2d(b, "widen", site->features,
                             (struct tfu_conv2d_attrs){.out = HIDDEN, .kernel = 3, .pad = 1});
    x = tfu_conv2d(b, "classify", tfu_relu(b, "relu", x),
                   (struct tfu_conv2d_attrs){.out = site->outputs, .kernel = 1, .bias = 1});
    b->scope_pop(b);
    return x;
}

static const struct tfu_head_kind deep = {
    .rank = 4, .takes = "N,H,W,C", .advice = "end it before its pooling", .build = build_deep};

static tfu_value convolve(struct tfu_builder *b)
{
    const tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    return tfu_relu(
        b, "relu",
        tfu_conv2d(b, "conv", x,
                   (struct tfu_conv2d_attrs){.out = HIDDEN, .kernel = 3, .pad = 1, .bias = 1}));
}

static void ends_in_map(struct tfu_builder *b)
{
    b->features(b, convolve(b), "mask");
}

static void ends_in_vector(struct tfu_builder *b)
{
    const tfu_value x = convolve(b);
    b->stage(b, "end");
    b->features(b, tfu_global_avgpool(b, "pool", x), "mask");
}

static void auxiliary_of_map(struct tfu_builder *b)
{
    const tfu_value x = convolve(b);
    b->auxiliary(b, x, "more", 0.5);
    b->features(b, tfu_relu(b, "relu2", x), "mask");
}

static void auxiliary_of_vector(struct tfu_builder *b)
{
    const tfu_value x = convolve(b);
    b->auxiliary(b, tfu_global_avgpool(b, "pool", x), "more", 0.5);
    b->features(b, x, "mask");
}

static void auxiliary_of_small_map(struct tfu_builder *b)
{
    const tfu_value x = convolve(b);
    b->auxiliary(b, tfu_maxpool(b, "pool", x, (struct tfu_pool_attrs){.kernel = 2}), "more", 0.5);
    b->features(b, x, "mask");
}

static enum tfu_status build(struct tfu_graph **out, sketch *s, const struct tfu_head_kind *head,
                             const char *truncate, struct tfu_error *e)
{
    const struct sketch_config config = {.draw = s};
    const struct tfu_graph_request request = {.arch = &sketch_arch,
                                              .config = &config,
                                              .input = image(N, H, W, CHANNELS),
                                              .head = head,
                                              .outputs = K,
                                              .truncate = truncate};
    return tfu_graph_build(out, &request, e);
}

static struct tfu_graph *build_good(sketch *s, const struct tfu_head_kind *head,
                                    const char *truncate)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = NULL;
    build(&g, s, head, truncate, &e);
    ck_assert_msg(e.status == TFU_OK && g, "%s", e.text);
    return g;
}

/* ---- shapes */

START_TEST(output_is_what_the_head_makes)
{
    struct tfu_graph *g = build_good(ends_in_map, &pointwise, NULL);
    const struct tfu_shape *s = &g->value[g->output].shape;
    ck_assert_uint_eq(s->rank, 4);
    ck_assert(s->dim[0] == N && s->dim[1] == H && s->dim[2] == W && s->dim[3] == K);
    ck_assert_int_eq(tfu_graph_outputs(g), K);
    ck_assert_int_eq(tfu_graph_positions(g, g->output), H * W);
    ck_assert_str_eq(g->stage[g->stage_count - 1].name, "mask");
    ck_assert(tfu_graph_find_param(g, "mask.weight") != TFU_GRAPH_NONE);
    tfu_graph_free(g);

    g = build_good(ends_in_vector, NULL, NULL);
    ck_assert_int_eq(tfu_graph_outputs(g), K);
    ck_assert_int_eq(tfu_graph_positions(g, g->output), 1);
    tfu_graph_free(g);
}
END_TEST

START_TEST(all_of_a_head_is_head)
{
    struct tfu_graph *g = build_good(ends_in_map, &deep, NULL);
    for (uint32_t i = 0; i < g->node_count; i++)
        ck_assert_int_eq(g->node[i].is_head, strncmp(g->node[i].name, "mask.", 5) == 0);
    ck_assert_uint_eq(g->stage[g->stage_count - 1].node_count, 3);
    ck_assert_str_eq(g->value[g->output].name, "mask.classify");
    tfu_graph_free(g);
}
END_TEST

/* A network that is cut before its pooling ends in a map: for a head that takes one, as it is. */
START_TEST(cut_before_the_pooling)
{
    struct tfu_graph *g = build_good(ends_in_vector, &pointwise, "body");
    ck_assert_str_eq(g->value[g->features].name, "relu");
    ck_assert_int_eq(tfu_graph_positions(g, g->output), H * W);
    tfu_graph_free(g);
    g = build_good(ends_in_vector, NULL, "body");
    ck_assert_str_eq(g->value[g->features].name, "truncated.avgpool");
    tfu_graph_free(g);
}
END_TEST

static const struct {
    sketch *draw;
    const struct tfu_head_kind *head;
    const char *text;
} refused[] = {
    {ends_in_map, NULL,
     "features 'relu' have rank 4; a head needs N,C: end the architecture in global_avgpool"},
    {ends_in_vector, &pointwise,
     "features 'pool' have rank 2; a head needs N,H,W,C: end it before its pooling"},
    {auxiliary_of_vector, &pointwise, "is given 4, which is no value N,H,W,C of this graph"},
    {auxiliary_of_map, NULL, "is given 3, which is no value N,C of this graph"},
    {auxiliary_of_small_map, &pointwise,
     "the auxiliary output 'more' has 4 positions an image and the output 20; labels are compared "
     "with both"},
};

START_TEST(what_is_refused)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g;
    ck_assert_int_ne(build(&g, refused[_i].draw, refused[_i].head, NULL, &e), TFU_OK);
    ck_assert_ptr_null(g);
    ck_assert_msg(strstr(e.text, refused[_i].text) != NULL, "%s", e.text);
}
END_TEST

START_TEST(labels_have_the_size_of_the_output)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = build_good(ends_in_map, &pointwise, NULL);
    const struct tfu_loss_rule one = {.kind = &tfu_loss_softmax},
                               each = {.kind = &tfu_loss_sigmoid};
    ck_assert_int_eq(tfu_loss_check_labels(one, g, H * W, &e), TFU_OK);
    ck_assert_int_eq(tfu_loss_check_labels(each, g, H * W * K, &e), TFU_OK);
    ck_assert_int_eq(tfu_loss_check_labels(one, g, 1, &e), TFU_ESHAPE);
    ck_assert_str_eq(e.text,
                     "an example has 1 labels, but the network's output has 20 positions with 1 "
                     "each; labels have to be of the size of the output");
    tfu_graph_free(g);
}
END_TEST

/* ---- a step */

static void fill(struct tfu_tensor t, const char *name)
{
    char full[80];
    snprintf(full, sizeof full, "net.%s", name);
    for (int64_t i = 0; i < tfu_shape_count(&t.shape); i++)
        tensor_set(&t, i, (double)(float)(4 * formula(stream(full), (uint64_t)i) - 2));
}

static void check_numbers(const struct fixture *f, const char *name, struct tfu_tensor t)
{
    const size_t n = (size_t)tfu_shape_count(&t.shape);
    const double *want = fixture_get(f, name, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol(tensor_get(&t, (int64_t)i), want[i], 2e-6 * fmax(1, fabs(want[i])));
}

static void fill_classes(float labels[static N * H * W])
{
    for (int r = 0; r < N * H * W; r++)
        labels[r] = r % 7 == 0 ? NAN : (float)floor(K * formula(stream("map.class"), (uint64_t)r));
}

START_TEST(a_step_is_pytorchs)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = build_good(ends_in_map, &pointwise, NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true, .dtype = TFU_F32});
    struct fixture *f = fixture_open("task/map.fixture");
    float labels[N * H * W], scores[N * H * W * K];
    double losses[N * H * W], mean = NAN;
    network_fill_batch(n, 1);
    float *pixels = input_of(n);
    for (uint64_t i = 0; i < (uint64_t)N * H * W * CHANNELS; i++)
        pixels[i] = (float)(4 * formula(stream("net.image"), i) - 2);
    for (uint32_t p = 0; p < g->param_count; p++)
        fill(param_of(n, p), g->param[p].name);
    fill_classes(labels);
    tfu_network_forward(n, N, true, 1, &e);
    tfu_loss_network((struct tfu_loss_rule){.kind = &tfu_loss_softmax}, NULL, n, N, labels, scores,
                     losses, &mean, &e);
    check_numbers(f, "net.logits", output_of(n));
    tfu_network_backward(n, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_double_eq_tol(mean, *fixture_get(f, "net.loss", 1), 1e-6);
    for (uint32_t p = 0; p < g->param_count; p++) {
        char name[80];
        snprintf(name, sizeof name, "net.grad.%s", g->param[p].name);
        check_numbers(f, name, param_grad_of(n, p));
    }
    fixture_close(f);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* The auxiliary map's loss counts by its weight. */
START_TEST(auxiliary_map)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = build_good(auxiliary_of_map, &pointwise, NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true, .dtype = TFU_F32});
    float labels[N * H * W], scores[N * H * W * K];
    float by_more[N * H * W * K];
    double losses[N * H * W], all, output, more;
    const struct tfu_loss_rule rule = {.kind = &tfu_loss_softmax};
    network_fill(n, 3);
    fill_classes(labels);
    tfu_network_forward(n, N, true, 1, &e);
    struct tfu_loss_batch batch = tfu_loss_batch(tfu_network_graph(n), N, labels, scores, losses);
    batch.logits = output_of(n).data;
    ck_assert_int_eq(batch.rows, N * H * W);
    tfu_loss(rule, NULL, &batch, &output, &e);
    batch.logits = auxiliary_of(n, 0).data;
    batch.grad = by_more;
    tfu_loss(rule, NULL, &batch, &more, &e);
    tfu_loss_network(rule, NULL, n, N, labels, scores, losses, &all, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_double_eq(all, output + 0.5 * more);
    ck_assert_double_gt(fabs(output - more), 1e-3);
    const float *got = auxiliary_grad_of(n, 0).data;
    for (int i = 0; i < N * H * W * K; i++)
        ck_assert_float_eq(got[i], by_more[i] * 0.5F);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("task/head");
    TCase *t = tcase_create("head");
    tcase_add_test(t, output_is_what_the_head_makes);
    tcase_add_test(t, all_of_a_head_is_head);
    tcase_add_test(t, cut_before_the_pooling);
    tcase_add_loop_test(t, what_is_refused, 0, (int)TFU_COUNT(refused));
    tcase_add_test(t, labels_have_the_size_of_the_output);
    tcase_add_test(t, a_step_is_pytorchs);
    tcase_add_test(t, auxiliary_map);
    suite_add_tcase(s, t);
    return run_suite(s);
}
