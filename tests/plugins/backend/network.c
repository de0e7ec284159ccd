/* SPDX-License-Identifier: MIT
 *
 * A whole network on the cpu backend gives the same bits for any number of threads, and with the
 * same algorithms for a batch that the network was made for or a part of a larger one. (Which
 * algorithm is fastest depends on the batch that the network was made for.)
 */
#include <string.h>

#include "core/base/random.h"
#include "tests/support/check_main.h"
#include "tests/support/model.h"
#include "tests/support/network_memory.h"

enum { SIDE = 40, CHANNELS = 3, OUTPUTS = 5, ROWS = 3 };

static void draw(float *to, size_t count, const char *name)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(1, "test", name));
    for (size_t i = 0; i < count; i++)
        to[i] = (float)(0.2 * tfu_random_normal(&r));
}

/* A network after both passes of the same ROWS examples. */
static struct model passed(int64_t batch, uint32_t threads, const char *conv2d)
{
    struct model m = model_open(
        &(struct model_request){.arch = "cbr_tiny",
                                .backend = "cpu",
                                .input = tfu_shape_make(4, batch, SIDE, SIDE, CHANNELS, 1),
                                .outputs = OUTPUTS,
                                .threads = threads,
                                .conv2d = conv2d,
                                .training = true});
    for (uint32_t i = 0; i < m.graph->param_count; i++) {
        const struct tfu_graph_param *p = &m.graph->param[i];
        draw(model_weights(&m, i), model_count(&m, i), p->name);
        if (p->role == TFU_ROLE_RUNNING_VAR)
            for (size_t j = 0; j < model_count(&m, i); j++)
                model_weights(&m, i)[j] = 1;
    }
    draw(input_of(m.network), (size_t)ROWS * SIDE * SIDE * CHANNELS, "image");
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_forward(m.network, ROWS, true, 1, &e);
    draw(output_grad_of(m.network).data, ROWS * OUTPUTS, "gradient");
    if (e.status == TFU_OK)
        tfu_network_backward(m.network, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return m;
}

static void check_same_bits(const struct model *a, const struct model *b)
{
    ck_assert_int_eq(memcmp(output_of(a->network).data, output_of(b->network).data,
                            ROWS * OUTPUTS * sizeof(float)),
                     0);
    for (uint32_t i = 0; i < a->graph->param_count; i++) {
        const char *name = a->graph->param[i].name;
        const size_t bytes = model_count(a, i) * sizeof(float);
        ck_assert_msg(memcmp(model_weights(a, i), model_weights(b, i), bytes) == 0, "%s", name);
        if (model_grad(a, i))
            ck_assert_msg(memcmp(model_grad(a, i), model_grad(b, i), bytes) == 0, "gradient by %s",
                          name);
    }
}

static const struct {
    int64_t batch;
    uint32_t threads;
    const char *conv2d;
} others[] = {{ROWS, 2, NULL},         {ROWS, 3, NULL},        {ROWS + 4, 1, "direct"},
              {ROWS + 4, 3, "im2col"}, {ROWS + 4, 1, "fft12"}, {ROWS + 4, 3, "fft12"}};

START_TEST(same_bits)
{
    struct model one = passed(ROWS, 1, others[_i].conv2d);
    struct model other = passed(others[_i].batch, others[_i].threads, others[_i].conv2d);
    check_same_bits(&one, &other);
    model_close(&one);
    model_close(&other);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cpu network");
    TCase *t = tcase_create("bits");
    suite_add_tcase(s, t);
    tcase_add_loop_test(t, same_bits, 0, (int)TFU_COUNT(others));
    return run_suite(s);
}
