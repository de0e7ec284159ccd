/* SPDX-License-Identifier: MIT
 *
 * A layer whose definition shares its work among the network's threads gives the bits of one.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/networks.h"

enum { BATCH = 6, PIECE = 100, THREADS = 3 };

/* ---- the layer 'scaled': w x, with one w, in pieces of elements that are tasks */

static uint32_t seen_threads; /* by the layer */

struct job {
    const struct tfu_op_call *call;
    struct tfu_host *host;
    double *sum; /* per piece, of x dy */
};

static uint32_t pieces(const struct tfu_op_call *c)
{
    return (uint32_t)((tfu_shape_count(&c->out->shape) + PIECE - 1) / PIECE);
}

static int64_t end_of(const struct tfu_op_call *c, uint32_t index)
{
    const int64_t n = tfu_shape_count(&c->out->shape), end = ((int64_t)index + 1) * PIECE;
    return end < n ? end : n;
}

static void scale_piece(void *arg, uint32_t index, uint32_t worker)
{
    const struct job *j = arg;
    const struct tfu_op_call *c = j->call;
    const float *x = c->in[0]->data, w = *(const float *)c->param[0]->data;
    ck_assert_uint_lt(worker, j->host->threads);
    for (int64_t i = (int64_t)index * PIECE; i < end_of(c, index); i++)
        ((float *)c->out->data)[i] = w * x[i];
}

/* A task whose own tasks are the pieces 2 index and the next. */
struct pair {
    const struct job *job;
    uint32_t index, worker;
};

static void scale_half(void *arg, uint32_t index, uint32_t worker)
{
    const struct pair *p = arg;
    struct job j = *p->job;
    ck_assert_uint_eq(worker, p->worker); /* so that scratch memory stays the task's own */
    if (2 * p->index + index < pieces(j.call))
        scale_piece(&j, 2 * p->index + index, worker);
}

static void scale_pair(void *arg, uint32_t index, uint32_t worker)
{
    const struct job *j = arg;
    struct pair p = {.job = j, .index = index, .worker = worker};
    j->host->parallel(j->host, 2, scale_half, &p);
}

static void differentiate(void *arg, uint32_t index, uint32_t worker)
{
    const struct job *j = arg;
    const struct tfu_op_call *c = j->call;
    const float *x = c->in[0]->data, *dy = c->grad_out->data;
    const float w = *(const float *)c->param[0]->data;
    float *dx = c->grad_in[0]->data;
    ck_assert_uint_lt(worker, j->host->threads);
    j->sum[index] = 0;
    for (int64_t i = (int64_t)index * PIECE; i < end_of(c, index); i++) {
        j->sum[index] += (double)x[i] * (double)dy[i];
        if (dx)
            dx[i] = w * dy[i];
    }
}

static enum tfu_status infer(struct tfu_infer *h, const struct tfu_shape *const *in, uint32_t n_in)
{
    (void)n_in;
    const struct tfu_shape one = tfu_shape_make(1, 1, 1, 1, 1, 1);
    h->output(h, in[0]);
    h->param(h, "weight", TFU_ROLE_SCALE, &one, 0, 0);
    return TFU_OK;
}

static size_t workspace(const struct tfu_op_call *c)
{
    return pieces(c) * sizeof(double);
}

static enum tfu_status forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    struct job j = {.call = c, .host = h};
    seen_threads = h->threads;
    h->parallel(h, pieces(c), scale_piece, &j);
    return TFU_OK;
}

static enum tfu_status forward_nested(const struct tfu_op_call *c, struct tfu_host *h)
{
    struct job j = {.call = c, .host = h};
    h->parallel(h, (pieces(c) + 1) / 2, scale_pair, &j);
    return TFU_OK;
}

static enum tfu_status backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    struct job j = {.call = c, .host = h, .sum = c->workspace};
    h->parallel(h, pieces(c), differentiate, &j);
    double sum = 0;
    for (uint32_t i = 0; i < pieces(c); i++)
        sum += j.sum[i];
    if (c->grad_param[0]->data)
        *(float *)c->grad_param[0]->data = (float)sum;
    return TFU_OK;
}

#define LAYER(name_, forward_)                                                                     \
    static const struct tfu_layer_ops name_##_ops = {.struct_size = sizeof name_##_ops,            \
                                                     .dtypes = TFU_TAKES_F32,                      \
                                                     .keeps = TFU_KEEPS_INPUT,                     \
                                                     .min_inputs = 1,                              \
                                                     .max_inputs = 1,                              \
                                                     .attr_size = sizeof(struct tfu_attr_info),    \
                                                     .infer = infer,                               \
                                                     .workspace = workspace,                       \
                                                     .forward = forward_,                          \
                                                     .backward = backward};                        \
    static const struct tfu_plugin name_##_layer = {TFU_PLUGIN_HEADER(TFU_KIND_LAYER),             \
                                                    .name = #name_, .ops = &name_##_ops,           \
                                                    .ops_size = sizeof name_##_ops};
LAYER(scaled, forward)
LAYER(nested, forward_nested)

const struct tfu_plugin *const fake_layers[] = {&scaled_layer, &nested_layer, NULL};

/* ---- networks */

static void draw_layer(struct tfu_builder *b, const char *op)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_conv2d(b, "conv", x, (struct tfu_conv2d_attrs){.out = 8, .kernel = 3});
    x = b->op(b, op, "scaled", &x, 1, TFU_NO_ATTRS);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static void draw_scaled(struct tfu_builder *b)
{
    draw_layer(b, "scaled");
}

static void draw_nested(struct tfu_builder *b)
{
    draw_layer(b, "nested");
}

/* Output and gradients after one step, one behind the other. */
struct numbers {
    float value[1024];
    size_t count;
};

static void append(struct numbers *to, const struct tfu_tensor *t)
{
    const size_t n = (size_t)tfu_shape_count(&t->shape);
    ck_assert_uint_le(to->count + n, TFU_COUNT(to->value));
    memcpy(to->value + to->count, t->data, n * sizeof(float));
    to->count += n;
}

static struct numbers step(sketch *s, uint32_t threads)
{
    struct tfu_threads *pool = NULL;
    ck_assert_int_eq(tfu_threads_new(&pool, threads, NULL), TFU_OK);
    struct tfu_graph *g = draw(s, image(BATCH, 9, 7, 3), fake_registry());
    struct tfu_network *n = network_open((struct tfu_network_request){
        .graph = g, .threads = pool, .dtype = TFU_F32, .training = true});
    network_fill(n, 1);
    network_step(n, BATCH, 1);
    struct numbers out = {.count = 0};
    const struct tfu_tensor y = output_of(n);
    append(&out, &y);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor gradient = param_grad_of(n, p);
        append(&out, &gradient);
    }
    tfu_network_free(n);
    tfu_graph_free(g);
    tfu_threads_free(pool);
    return out;
}

START_TEST(a_shared_definition_gives_the_bits_of_one_thread)
{
    const struct numbers one = step(draw_scaled, 1);
    ck_assert_uint_eq(seen_threads, 1);
    for (uint32_t threads = 2; threads <= THREADS; threads++) {
        const struct numbers more = step(draw_scaled, threads);
        ck_assert_uint_eq(seen_threads, threads);
        ck_assert_uint_eq(more.count, one.count);
        ck_assert(memcmp(more.value, one.value, one.count * sizeof(float)) == 0);
    }
}
END_TEST

START_TEST(tasks_of_a_task_run_in_it)
{
    const struct numbers one = step(draw_scaled, 1), more = step(draw_nested, THREADS);
    ck_assert_uint_eq(more.count, one.count);
    ck_assert(memcmp(more.value, one.value, one.count * sizeof(float)) == 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("shared");
    TCase *t = tcase_create("shared");
    tcase_add_test(t, a_shared_definition_gives_the_bits_of_one_thread);
    tcase_add_test(t, tasks_of_a_task_run_in_it);
    suite_add_tcase(s, t);
    return run_suite(s);
}
