/* SPDX-License-Identifier: MIT
 *
 * Which operations a backend does at once, and the calls that it gets for them. The backend of this
 * test has rows that do nothing but look.
 */
#include <string.h>

#include "core/graph/state.h"
#include "tests/support/check_main.h"
#include "tests/support/networks.h"

static int forward_runs, backward_runs, again_runs;
static double price;

static double cost(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    for (uint32_t i = 0; i < c->n_parts; i++)
        ck_assert(!c->parts[i]->out->data);
    return price;
}

/* The calls of batchnorm - add - relu: the shortcut is the only other thing that is read. */
static void look(const struct tfu_op_call *c, bool backward)
{
    static const char *const ops[] = {"batchnorm", "add", "relu"};
    ck_assert_uint_eq(c->n_parts, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct tfu_op_call *part = c->parts[i];
        ck_assert_str_eq(part->op, ops[i]);
        ck_assert_int_eq(part->out->data != NULL, i == 2 && !backward);
        ck_assert_int_eq(part->grad_out->data != NULL, i == 2 && backward);
        for (uint32_t k = 0; k < part->n_in; k++) {
            const bool outer = i == 0 || (i == 1 && k == 1);
            ck_assert_int_eq(part->in[k]->data != NULL, backward ? i == 0 : outer);
            ck_assert_int_eq(part->grad_in[k]->data != NULL, backward && outer);
        }
    }
    ck_assert_ptr_eq(c->in, c->parts[0]->in);
    ck_assert_ptr_eq(c->param, c->parts[0]->param);
    ck_assert_ptr_eq(c->out, c->parts[2]->out);
    ck_assert_ptr_eq(c->grad_out, c->parts[2]->grad_out);
    ck_assert_str_eq(c->node, c->parts[0]->node);
    ck_assert_int_eq(c->out->shape.dim[0], 1); /* rows of this step */
}

static enum tfu_status run_forward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    forward_runs++;
    look(c, false);
    memset(c->out->data, 0, tensor_bytes(c->out));
    return TFU_OK;
}

static enum tfu_status run_backward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    backward_runs++;
    look(c, true);
    memset(c->grad_in[0]->data, 0, tensor_bytes(c->grad_in[0]));
    memset(c->parts[1]->grad_in[1]->data, 0, tensor_bytes(c->parts[1]->grad_in[1]));
    return TFU_OK;
}

static enum tfu_status run_again(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    again_runs++;
    look(c, false);
    memset(c->out->data, 0, tensor_bytes(c->out));
    return TFU_OK;
}

#define ROW(direction_, then_, run_)                                                               \
    {                                                                                              \
        .struct_size = sizeof(struct tfu_kernel), .direction = (direction_), .op = "batchnorm",    \
        .algorithm = "looking", .cost = cost, .run = (run_), .then = (then_),                      \
        .keeps = TFU_KEEPS_INPUT                                                                   \
    }
static const struct tfu_kernel kernels[] = {
    ROW(TFU_FORWARD, "add relu", run_forward),
    ROW(TFU_BACKWARD, "add relu", run_backward),
    ROW(TFU_RECOMPUTE, "add relu", run_again),
    /* only forward: good for inference alone */
    ROW(TFU_FORWARD, "add", run_forward),
    /* names that begin alike are others */
    ROW(TFU_FORWARD, "ad", run_forward),
    ROW(TFU_FORWARD, "add relu dropout", run_forward),
};

static enum tfu_status open_device(void **dev, const void *config,
                                   const struct tfu_backend_host *host)
{
    (void)config;
    (void)host;
    *dev = NULL;
    return TFU_OK;
}

static void close_device(void *dev)
{
    (void)dev;
}

static const struct tfu_backend_ops ops = {.struct_size = sizeof ops,
                                           .dtypes = TFU_TAKES_F32,
                                           .place = TFU_HOST,
                                           .kernel_count = TFU_COUNT(kernels),
                                           .kernel_size = sizeof(struct tfu_kernel),
                                           .kernels = kernels,
                                           .open = open_device,
                                           .close = close_device};
static const struct tfu_plugin backend = {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "looking",
                                          .ops = &ops, .ops_size = sizeof ops};

/* Two blocks; the second's shortcut is what the first puts out. */
static void blocks(struct tfu_builder *b)
{
    const struct tfu_conv2d_attrs one = {.out = 3, .kernel = 1};
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_conv2d(b, "stem", x, one);
    for (int i = 0; i < 2; i++) {
        b->scope_push(b, "block%d", i);
        const tfu_value y = tfu_batchnorm(b, "bn", tfu_conv2d(b, "conv", x, one),
                                          (struct tfu_batchnorm_attrs){.frozen = 0});
        x = tfu_relu(b, "relu", tfu_add(b, "add", y, x));
        b->scope_pop(b);
    }
    x = tfu_conv2d(b, "last", x, one);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static struct tfu_graph *graph;

static void setup(void)
{
    price = 1;
    forward_runs = backward_runs = again_runs = 0;
    graph = draw(blocks, image(2, 4, 4, 3), NULL);
}

static void teardown(void)
{
    tfu_graph_free(graph);
}

static struct tfu_network *open_network(struct tfu_network_request r)
{
    r.graph = graph;
    r.backend = &backend;
    r.dtype = TFU_F32;
    return network_open(r);
}

static uint32_t chain_at(const struct tfu_network *n, const char *node)
{
    const uint32_t *chain;
    return tfu_network_chain(n, node_called(graph, node), &chain);
}

START_TEST(calls_of_a_chain)
{
    struct tfu_network *n = open_network((struct tfu_network_request){.training = true});
    ck_assert_uint_eq(chain_at(n, "block0.bn"), 3);
    ck_assert_uint_eq(chain_at(n, "block1.relu"), 3);
    ck_assert_uint_eq(chain_at(n, "block0.conv"), 1);
    ck_assert_str_eq(tfu_network_algorithm(n, node_called(graph, "block0.add"), TFU_BACKWARD),
                     "looking");
    network_fill(n, 1);
    network_step(n, 1, 1);
    ck_assert_int_eq(forward_runs, 2);
    ck_assert_int_eq(backward_runs, 2);
    /* block0 finds its shortcut, stem, kept by the convolution; block1's is itself made once more
     */
    ck_assert_int_eq(again_runs, 1);
    ck_assert(n->again[n->units[1].of[node_called(graph, "block0.relu")]]);
    tfu_network_free(n);
}
END_TEST

/* What forbids a chain: somebody looks at a value inside, the configuration speaks of one of its
 * operations, the backend refuses. */
START_TEST(broken_chains)
{
    const uint32_t inside = value_called(graph, "block0.add");
    struct tfu_network *n = open_network(
        (struct tfu_network_request){.training = true, .keep = &inside, .keep_count = 1});
    ck_assert_uint_eq(chain_at(n, "block0.bn"), 1);
    ck_assert_uint_eq(chain_at(n, "block1.bn"), 3);
    tfu_network_free(n);

    const struct tfu_algorithm_choice relu = {"relu/backward", "definition"};
    n = open_network(
        (struct tfu_network_request){.training = true, .algorithm = &relu, .algorithm_count = 1});
    ck_assert_uint_eq(chain_at(n, "block0.bn"), 1);
    ck_assert_uint_eq(n->units[0].unit[n->units[0].of[node_called(graph, "block0.bn")]].count, 3);
    tfu_network_free(n);

    price = -1;
    n = open_network((struct tfu_network_request){.training = true});
    ck_assert_uint_eq(chain_at(n, "block0.bn"), 1);
    ck_assert_uint_eq(n->units[1].count, graph->node_count);
    tfu_network_free(n);
}
END_TEST

/* Forward alone is enough for inference: there the chain up to the relu may end before it. */
START_TEST(shorter_chains)
{
    const uint32_t sum = value_called(graph, "block0.add");
    struct tfu_network *n =
        open_network((struct tfu_network_request){.keep = &sum, .keep_count = 1});
    ck_assert_uint_eq(chain_at(n, "block0.bn"), 2);
    ck_assert_uint_eq(chain_at(n, "block0.relu"), 1);
    ck_assert_uint_eq(chain_at(n, "block1.bn"), 3);
    tfu_network_free(n);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("units");
    TCase *t = tcase_create("units");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, calls_of_a_chain);
    tcase_add_test(t, broken_chains);
    tcase_add_test(t, shorter_chains);
    suite_add_tcase(s, t);
    return run_suite(s);
}
