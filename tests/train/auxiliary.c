/* SPDX-License-Identifier: MIT
 *
 * Auxiliary classifiers: their share of the loss and its gradients, that inference knows nothing of
 * them, that a network is truncated beside them; and frozen parameters, whose absence changes no
 * gradient of the others.
 */
#include <math.h>
#include <string.h>

#include "core/train/initialise.h"
#include "core/train/loss.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/setting.h"
#include "tests/support/sketches.h"

enum { ROWS = 3, STEP = 7, OUTPUTS = 3 };
static const double share = 0.375; /* a float exactly */

static tfu_value conv(struct tfu_builder *b, const char *name, tfu_value x, int64_t out)
{
    x = tfu_conv2d(b, name, x,
                   (struct tfu_conv2d_attrs){.out = out, .kernel = 3, .stride = 2, .pad = 1});
    b->scope_push(b, "%s", name);
    x = tfu_relu(b, "relu", tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.frozen = 0}));
    b->scope_pop(b);
    return x;
}

/* The first stage ends in the auxiliary branch. */
static void draw_trunk(struct tfu_builder *b, bool auxiliary)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = conv(b, "conv1", x, 4);
    if (auxiliary) {
        const tfu_value y = conv(b, "aux", x, 5);
        b->auxiliary(b, tfu_global_avgpool(b, "auxpool", y), "AuxLogits.fc", share);
    }
    b->stage(b, "body");
    x = conv(b, "conv2", x, 6);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static void with_auxiliary(struct tfu_builder *b)
{
    draw_trunk(b, true);
}

static void without(struct tfu_builder *b)
{
    draw_trunk(b, false);
}

static bool is_auxiliary(const char *name)
{
    return strncmp(name, "aux", 3) == 0 || strncmp(name, "AuxLogits.", 10) == 0;
}

START_TEST(graph)
{
    struct tfu_graph *g = draw(with_auxiliary, image(ROWS, 8, 6, 3), NULL);
    ck_assert_uint_eq(g->auxiliary_count, 1);
    ck_assert_double_eq(g->auxiliary[0].weight, share);
    ck_assert_int_eq(g->value[g->auxiliary[0].output].shape.dim[1], OUTPUTS);
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *node = &g->node[i];
        ck_assert_int_eq(node->training_only, is_auxiliary(node->name));
        ck_assert_int_eq(node->is_head,
                         strcmp(node->name, "AuxLogits.fc") == 0 || strcmp(node->name, "fc") == 0);
    }
    tfu_graph_free(g);
}
END_TEST

/* ---- gradients in double on the definitions of the layers */

static double dot(const struct tfu_tensor *a, const struct tfu_tensor *b)
{
    double sum = 0;
    for (int64_t i = 0; i < tfu_shape_count(&a->shape); i++)
        sum += tensor_get(a, i) * tensor_get(b, i);
    return sum;
}

/* The loss whose gradients by both outputs the network was given. */
static double loss(struct tfu_network *n)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_forward(n, ROWS, true, STEP, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    const struct tfu_tensor out = output_of(n), by_out = output_grad_of(n);
    const struct tfu_tensor aux = auxiliary_of(n, 0), by_aux = auxiliary_grad_of(n, 0);
    return dot(&out, &by_out) + dot(&aux, &by_aux);
}

START_TEST(finite_differences)
{
    const double h = 1e-5;
    struct tfu_graph *g = draw(with_auxiliary, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true});
    network_fill(n, 3);
    const struct tfu_tensor by_aux = auxiliary_grad_of(n, 0);
    for (int64_t i = 0; i < ROWS * OUTPUTS; i++)
        tensor_set(&by_aux, i, 0.3 * (double)(i % 5) - 0.5);
    network_step(n, ROWS, STEP);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor x = param_of(n, p), grad = param_grad_of(n, p);
        if (!tfu_role_trained(g->param[p].role))
            continue;
        double largest = 1e-3;
        for (int64_t i = 0; i < tfu_shape_count(&x.shape); i++)
            largest = fmax(largest, fabs(tensor_get(&grad, i)));
        for (int64_t i = 0; i < tfu_shape_count(&x.shape); i++) {
            const double before = tensor_get(&x, i), got = tensor_get(&grad, i);
            tensor_set(&x, i, before + h);
            const double above = loss(n);
            tensor_set(&x, i, before - h);
            const double want = (above - loss(n)) / (2 * h);
            tensor_set(&x, i, before);
            if (!(fabs(got - want) <= 1e-6 * largest))
                ck_abort_msg("%s, number %d: %.12g should be %.12g", g->param[p].name, (int)i, got,
                             want);
        }
    }
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* ---- the loss */

START_TEST(weighted_loss)
{
    static const float labels[ROWS] = {2, 0, 1};
    float scores[ROWS * OUTPUTS], by_out[ROWS * OUTPUTS], by_aux[ROWS * OUTPUTS];
    double losses[ROWS], mean, of_out, of_aux;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = draw(with_auxiliary, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .training = true, .dtype = TFU_F32});
    network_fill(n, 3);
    ck_assert_int_eq(tfu_network_forward(n, ROWS, true, STEP, &e), TFU_OK);
    const struct tfu_loss_rule rule = {.kind = &tfu_loss_softmax};
    struct tfu_loss_batch out = tfu_loss_batch(g, ROWS, labels, scores, losses), aux = out;
    out.logits = output_of(n).data;
    aux.logits = auxiliary_of(n, 0).data;
    aux.grad = by_aux;
    tfu_loss(rule, NULL, &aux, &of_aux, &e);
    out.grad = by_out;
    tfu_loss(rule, NULL, &out, &of_out, &e);
    float more_scores[ROWS * OUTPUTS];
    tfu_loss_network(rule, NULL, n, ROWS, labels, more_scores, losses, &mean, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_double_eq(mean, of_out + share * of_aux);
    ck_assert_double_gt(fabs(of_aux - of_out), 1e-3);
    ck_assert(memcmp(scores, more_scores, sizeof scores) == 0);
    const float *got_out = output_grad_of(n).data, *got_aux = auxiliary_grad_of(n, 0).data;
    for (int i = 0; i < ROWS * OUTPUTS; i++) {
        ck_assert_float_eq(got_out[i], by_out[i]);
        ck_assert_float_eq(got_aux[i], by_aux[i] * (float)share);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* ---- inference: the same bits as without it, whatever its parameters hold */

START_TEST(nothing_in_inference)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_graph *g = draw(with_auxiliary, image(ROWS, 8, 6, 3), NULL),
                     *plain = draw(without, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *want = network_open((struct tfu_network_request){.graph = plain});
    network_fill(want, 5);
    ck_assert_int_eq(tfu_network_forward(want, ROWS, false, STEP, &e), TFU_OK);
    for (int training = 0; training < 2; training++) {
        struct tfu_network *n =
            network_open((struct tfu_network_request){.graph = g, .training = training});
        network_fill(n, 5);
        for (uint32_t p = 0; p < g->param_count; p++) {
            const struct tfu_tensor x = param_of(n, p);
            for (int64_t i = 0; is_auxiliary(g->param[p].name) && i < tfu_shape_count(&x.shape);
                 i++)
                tensor_set(&x, i, NAN);
        }
        tfu_network_forward(n, ROWS, false, STEP, &e);
        ck_assert_msg(e.status == TFU_OK, "%s", e.text);
        const struct tfu_tensor out = output_of(n), other = output_of(want);
        ck_assert(memcmp(out.data, other.data, tensor_bytes(&out)) == 0);
        tfu_network_free(n);
    }
    tfu_network_free(want);
    tfu_graph_free(plain);
    tfu_graph_free(g);
}
END_TEST

/* ---- truncated: the trunk goes on, not the branch that the stage ends in */

START_TEST(truncated_beside_it)
{
    struct tfu_graph *g = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct sketch_config config = {.draw = with_auxiliary};
    const struct tfu_graph_request request = {.arch = &sketch_arch,
                                              .config = &config,
                                              .input = image(ROWS, 8, 6, 3),
                                              .outputs = OUTPUTS,
                                              .truncate = "stem"};
    tfu_graph_build(&g, &request, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_str_eq(g->value[g->node[node_called(g, "truncated.avgpool")].in[0]].name,
                     "conv1.relu");
    ck_assert_int_eq(g->value[g->features].shape.dim[1], 4);
    ck_assert_uint_eq(g->auxiliary_count, 1);
    tfu_graph_free(g);
}
END_TEST

/* ---- both classifiers are the head that `head: reinit` means */

START_TEST(head_reinit)
{
    struct tfu_graph *g = draw(with_auxiliary, image(ROWS, 8, 6, 3), NULL);
    struct tfu_network *n =
        network_open((struct tfu_network_request){.graph = g, .dtype = TFU_F32});
    struct tfu_safetensors_tensor tensor[32];
    struct tfu_error e = TFU_ERROR_INIT;
    network_fill(n, 5);
    for (uint32_t p = 0; p < g->param_count; p++)
        tensor[p] = (struct tfu_safetensors_tensor){.name = g->param[p].name,
                                                    .dtype = TFU_STORED_F32,
                                                    .rank = g->param[p].shape.rank,
                                                    .dim = g->param[p].shape.dim,
                                                    .data = param_of(n, p).data};
    tfu_safetensors_write(folder_path("source"), tensor, g->param_count, NULL, 0, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    struct setting s = setting_open("{plugin: cbr_tiny}",
                                    "[{plugin: pretrained, source: '%s/source', head: reinit}]");
    const struct tfu_experiment *x = tfu_config_experiment(s.config);
    struct tfu_text report = TFU_TEXT_INIT;
    const struct tfu_initialise_request request = {
        .network = n, .rule = x->init, .rule_count = 1, .registry = s.registry};
    tfu_initialise(&request, &report, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_msg(strstr(tfu_text_get(&report),
                         "  head         4 initialised anew: AuxLogits.fc.weight, "
                         "AuxLogits.fc.bias, fc.weight, fc.bias\n") != NULL,
                  "%s", tfu_text_get(&report));
    tfu_text_free(&report);
    setting_close(&s);
    tfu_network_free(n);
    tfu_graph_free(g);
}
END_TEST

/* ---- frozen parameters */

START_TEST(gradients_of_the_others)
{
    struct tfu_graph *g = draw(sketch_residual, image(ROWS, 8, 6, 3), NULL);
    bool frozen[64] = {false};
    uint32_t kept = 0;
    for (uint32_t p = 0; p < g->param_count; p++)
        frozen[p] = g->node[g->param[p].node].stage == 0;
    struct tfu_network *all = network_open((struct tfu_network_request){
                           .graph = g, .training = true, .dtype = TFU_F32}),
                       *some = network_open((struct tfu_network_request){
                           .graph = g, .training = true, .dtype = TFU_F32, .frozen = frozen});
    network_fill(all, 11);
    network_fill(some, 11);
    network_step(all, ROWS, STEP);
    network_step(some, ROWS, STEP);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor want = param_grad_of(all, p), got = param_grad_of(some, p);
        if (frozen[p] || !tfu_role_trained(g->param[p].role)) {
            ck_assert_ptr_null(got.data);
            continue;
        }
        ck_assert_msg(memcmp(got.data, want.data, tensor_bytes(&want)) == 0, "%s",
                      g->param[p].name);
        kept++;
    }
    ck_assert_uint_gt(kept, 5);
    tfu_network_free(some);
    tfu_network_free(all);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("auxiliary");
    TCase *t = tcase_create("auxiliary");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_test(t, graph);
    tcase_add_test(t, finite_differences);
    tcase_add_test(t, weighted_loss);
    tcase_add_test(t, nothing_in_inference);
    tcase_add_test(t, truncated_beside_it);
    tcase_add_test(t, head_reinit);
    suite_add_tcase(s, t);
    t = tcase_create("frozen");
    tcase_add_test(t, gradients_of_the_others);
    suite_add_tcase(s, t);
    return run_suite(s);
}
