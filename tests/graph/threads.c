/* SPDX-License-Identifier: MIT
 *
 * The cpu backend gives the same bits for any number of threads, and the reference's numbers.
 */
#include <math.h>
#include <string.h>

#include "core/plugin/registry.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/networks.h"

enum { BATCH = 5, STEPS = 3 };

/* Convolution, batch norm, relu, pooling, as the CBR family; wide enough that work is split. */
static void cbr(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    for (int i = 0; i < 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "block%d", i);
        b->stage(b, name);
        b->scope_push(b, "%s", name);
        x = tfu_conv2d(b, "conv", x,
                       (struct tfu_conv2d_attrs){.out = 12 << i, .kernel = 5, .pad = 2});
        x = tfu_batchnorm(b, "bn", x, (struct tfu_batchnorm_attrs){.frozen = 0});
        x = tfu_relu(b, "relu", x);
        x = tfu_maxpool(b, "pool", x, (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1});
        b->scope_pop(b);
    }
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

/* Everything that the cpu may have a kernel for, and values with several users. */
static void mixed(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_conv2d(
        b, "conv1", x,
        (struct tfu_conv2d_attrs){.out = 16, .kernel = 3, .stride = 2, .pad = 1, .bias = 1});
    const tfu_value y =
        tfu_conv2d(b, "depthwise", x,
                   (struct tfu_conv2d_attrs){.out = 16, .kernel = 3, .pad = 1, .groups = 16});
    const tfu_value z =
        tfu_conv2d(b, "pointwise", x, (struct tfu_conv2d_attrs){.out = 16, .kernel = 1});
    const tfu_value all[] = {tfu_add(b, "add", y, z), x, tfu_dropout(b, "drop", z, 0.4)};
    x = tfu_relu(b, "relu", tfu_concat(b, "concat", all, 3));
    x = tfu_avgpool(b, "average", x, (struct tfu_pool_attrs){.kernel = 2});
    x = tfu_relu(b, "relu2", tfu_linear(b, "linear", x, (struct tfu_linear_attrs){.out = 40}));
    b->features(b, tfu_softmax(b, "softmax", x), "fc");
}

static sketch *const drawings[] = {cbr, mixed};

/* All numbers that a network has after STEPS steps of descent. */
struct trained {
    unsigned char *bytes;
    size_t size;
};

static void append(struct trained *t, const struct tfu_tensor *x)
{
    const size_t size = tensor_bytes(x);
    t->bytes = realloc(t->bytes, t->size + size);
    ck_assert_ptr_nonnull(t->bytes);
    memcpy(t->bytes + t->size, x->data, size);
    t->size += size;
}

static void descend(struct tfu_network *n)
{
    for (uint32_t p = 0; p < tfu_network_graph(n)->param_count; p++) {
        const struct tfu_tensor w = param_of(n, p), g = param_grad_of(n, p);
        for (int64_t i = 0; g.data && i < tfu_shape_count(&w.shape); i++)
            tensor_set(&w, i, tensor_get(&w, i) - 0.01 * tensor_get(&g, i));
    }
}

static const struct tfu_plugin *backend_called(struct tfu_registry *r, const char *name)
{
    const struct tfu_plugin *p = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_registry_find(r, TFU_KIND_BACKEND, name, NULL, &p, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return p;
}

static struct trained train(sketch *s, const struct tfu_plugin *backend, uint32_t threads)
{
    struct tfu_threads *pool = NULL;
    ck_assert_int_eq(tfu_threads_new(&pool, threads, NULL), TFU_OK);
    ck_assert_uint_eq(tfu_threads_count(pool), threads);
    struct tfu_graph *g = draw(s, image(BATCH, 28, 20, 3), NULL);
    unsigned char config[256] = {0}; /* neither backend has an option that 0 does not suit */
    ck_assert_uint_le(backend->config_size, sizeof config);
    struct tfu_network *n = network_open((struct tfu_network_request){.graph = g,
                                                                      .backend = backend,
                                                                      .backend_config = config,
                                                                      .threads = pool,
                                                                      .dtype = TFU_F32,
                                                                      .training = true,
                                                                      .keep = &g->input,
                                                                      .keep_count = 1});
    network_fill(n, 1);
    struct trained t = {NULL, 0};
    for (int step = 1; step <= STEPS; step++) {
        network_fill_batch(n, (uint64_t)step);
        network_step(n, step == 2 ? BATCH - 2 : BATCH, (uint64_t)step);
        for (uint32_t p = 0; p < g->param_count; p++) {
            const struct tfu_tensor gradient = param_grad_of(n, p);
            if (gradient.data)
                append(&t, &gradient);
        }
        descend(n);
    }
    ck_assert_int_eq(tfu_network_forward(n, BATCH, false, 0, NULL), TFU_OK);
    const struct tfu_tensor out = output_of(n), by_input = input_grad_of(n);
    append(&t, &out);
    append(&t, &by_input);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor x = param_of(n, p);
        append(&t, &x);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
    tfu_threads_free(pool);
    return t;
}

START_TEST(same_bits)
{
    const char *path = getenv("TRANSFUSE_PLUGIN_PATH");
    struct tfu_registry *r = NULL;
    ck_assert_int_eq(tfu_registry_new(&r, path ? path : "stage", NULL), TFU_OK);
    const struct tfu_plugin *cpu = backend_called(r, "cpu");
    struct trained one = train(drawings[_i], cpu, 1);
    for (uint32_t threads = 2; threads <= 3; threads++) {
        struct trained more = train(drawings[_i], cpu, threads);
        ck_assert_uint_eq(more.size, one.size);
        if (memcmp(more.bytes, one.bytes, one.size) != 0)
            ck_abort_msg("%u threads give other bits than one", threads);
        free(more.bytes);
    }
    struct trained reference = train(drawings[_i], backend_called(r, "reference"), 2);
    ck_assert_uint_eq(reference.size, one.size);
    const float *a = (const float *)(const void *)one.bytes;
    const float *b = (const float *)(const void *)reference.bytes;
    double difference = 0, square = 0;
    for (size_t i = 0; i < one.size / sizeof *a; i++) {
        difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        square += (double)b[i] * b[i];
    }
    ck_assert_double_le(sqrt(difference / square), 1e-5);
    free(reference.bytes);
    free(one.bytes);
    tfu_registry_free(r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("threads");
    TCase *t = tcase_create("threads");
    tcase_add_loop_test(t, same_bits, 0, TFU_COUNT(drawings));
    suite_add_tcase(s, t);
    return run_suite(s);
}
