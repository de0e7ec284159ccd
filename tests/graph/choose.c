/* SPDX-License-Identifier: MIT
 *
 * Which kernel runs, and what becomes of backends and kernels that fail.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/graph/fake_backend.h"
#include "tests/support/check_main.h"

/* ---- the layer plugin 'shift': 2 x + weight, in place, which keeps nothing */

static enum tfu_status shift_infer(struct tfu_infer *h, const struct tfu_shape *const *in,
                                   uint32_t n_in)
{
    (void)n_in;
    h->output(h, in[0]);
    const struct tfu_shape one = tfu_shape_make(1, 1, 1, 1, 1, 1);
    h->param(h, "weight", TFU_ROLE_BIAS, &one, 0, 0);
    return TFU_OK;
}

static enum tfu_status shift_forward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    for (int64_t i = 0; i < tfu_shape_count(&c->out->shape); i++)
        tensor_set(c->out, i, 2 * tensor_get(c->in[0], i) + tensor_get(c->param[0], 0));
    return TFU_OK;
}

static void shift_backward_params(const struct tfu_op_call *c)
{
    double sum = 0;
    for (int64_t i = 0; i < tfu_shape_count(&c->grad_out->shape); i++)
        sum += tensor_get(c->grad_out, i);
    if (c->grad_param[0]->data)
        tensor_set(c->grad_param[0], 0, sum);
}

static void shift_backward_data(const struct tfu_op_call *c)
{
    for (int64_t i = 0; i < tfu_shape_count(&c->grad_out->shape) && c->grad_in[0]->data; i++)
        tensor_set(c->grad_in[0], i, 2 * tensor_get(c->grad_out, i));
}

static enum tfu_status shift_backward(const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    shift_backward_params(c);
    shift_backward_data(c);
    return TFU_OK;
}

static const struct tfu_layer_ops shift_ops = {.struct_size = sizeof shift_ops,
                                               .dtypes = TFU_TAKES_F32 | TFU_TAKES_F64,
                                               .keeps = TFU_IN_PLACE,
                                               .min_inputs = 1,
                                               .max_inputs = 1,
                                               .attr_size = sizeof(struct tfu_attr_info),
                                               .infer = shift_infer,
                                               .forward = shift_forward,
                                               .backward = shift_backward};
static const struct tfu_plugin shift = {TFU_PLUGIN_HEADER(TFU_KIND_LAYER), .name = "shift",
                                        .ops = &shift_ops, .ops_size = sizeof shift_ops};
const struct tfu_plugin *const fake_layers[] = {&shift, NULL};

/* ---- networks on it */

/* Two convolutions: the first has no input that wants a gradient. */
static void two_convolutions(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 3, .kernel = 3});
    x = tfu_conv2d(b, "conv2", x, (struct tfu_conv2d_attrs){.out = 2, .kernel = 1});
    b->features(b, tfu_global_avgpool(b, "pool", tfu_relu(b, "relu", x)), "fc");
}

static struct tfu_graph *graph;

static void setup(void)
{
    fake = (struct fake){.speaks = true, .seen_workspace = SIZE_MAX};
    for (int i = 0; i < ROWS; i++)
        fake.price[i] = -1;
    graph = draw(two_convolutions, image(2, 4, 4, 3), NULL);
}

static void teardown(void)
{
    tfu_graph_free(graph);
    ck_assert_int_eq(fake.opened, fake.closed);
    ck_assert_int_eq(fake.allocated, fake.freed);
}

static struct tfu_network_request request_with(const struct tfu_algorithm_choice *algorithm,
                                               size_t count)
{
    struct tfu_network_request r = {.graph = graph,
                                    .backend = &fake_backend,
                                    .dtype = TFU_F32,
                                    .training = true,
                                    .algorithm = algorithm,
                                    .algorithm_count = count};
    network_defaults(&r);
    return r;
}

/* "conv2d: fast", "conv2d/backward: whole": up to two lines; then what runs conv1 and conv2
 * forward, conv1 backward_params, conv2 backward_data and backward_params. Or the error. */
struct choice_case {
    struct tfu_algorithm_choice algorithm[2];
    const char *forward, *params1, *data2, *params2;
    const char *error;
};

/* Cost of the rows in the cases below, one that is never the cheapest, and one that cannot. */
static void set_prices(void)
{
    fake.price[SLOW] = 9;
    fake.price[FAST] = 2;
    fake.price[WHOLE] = 5;
    fake.price[DATA] = 3;
    fake.price[PARAMS] = 1;
    fake.price[SLOW_DATA] = 4;
    fake.price[OTHER_WHOLE] = 20;
}

#define CANNOT(algorithm, pass, node)                                                              \
    "algorithm '" algorithm "' cannot do the " pass " pass of layer '" node                        \
    "' (conv2d); write `algorithm: {conv2d: [" algorithm                                           \
    ", any]}` to use it where it can, choose another, or leave it out"
#define NONE_CAN(list, pass, node)                                                                 \
    "none of the algorithms '" list "' can do the " pass " pass of layer '" node                   \
    "' (conv2d); choose others in `algorithm:`, with `any` as the last for those that are left, "  \
    "or leave it out"
#define BACKWARD_DEFINED(key, list)                                                                \
    {                                                                                              \
        {{key, list}}, "fast", "definition", "definition", "definition", NULL                      \
    }
#define REFUSED(key, list, text)                                                                   \
    {                                                                                              \
        {{key, list}}, NULL, NULL, NULL, NULL, text                                                \
    }
static const struct choice_case cases[] = {
    /* the cheapest; 3 + 1 is less than 5 */
    {{{NULL, NULL}}, "fast", "fast", "fast", "fast", NULL},
    {{{"conv2d/forward", "slow"}}, "slow", "fast", "fast", "fast", NULL},
    {{{"conv2d", "definition"}}, "definition", "definition", "definition", "definition", NULL},
    {{{"conv2d/forward", "definition"}}, "definition", "fast", "fast", "fast", NULL},
    BACKWARD_DEFINED("conv2d/backward", "definition"),
    /* forced although halves would be cheaper */
    {{{"conv2d/backward", "whole"}}, "fast", "whole", "whole", "whole", NULL},
    {{{"conv2d", "slow"}}, "slow", "slow", "slow", "slow", NULL},
    {{{"conv2d", "fast"}}, "fast", "fast", "fast", "fast", NULL},
    /* one half alone: the other is free */
    {{{"conv2d/backward_data", "slow"}}, "fast", "fast", "slow", "fast", NULL},
    {{{"conv2d/backward_data", "whole"}}, "fast", "fast", "whole", "whole", NULL},
    {{{"conv2d/backward_params", "whole"}}, "fast", "whole", "whole", "whole", NULL},
    BACKWARD_DEFINED("conv2d/backward_params", "definition"),
    /* the last line that speaks of a direction wins */
    {{{"conv2d", "slow"}, {"conv2d/backward", "whole"}}, "slow", "whole", "whole", "whole", NULL},
    {{{"conv2d/backward", "whole"}, {"conv2d", "fast"}}, "fast", "fast", "fast", "fast", NULL},
    {{{"conv2d", "fast"}, {"conv2d/backward_data", "slow"}}, "fast", "fast", "slow", "fast", NULL},
    /* in an order: where the first cannot, the next one */
    {{{"conv2d", "whole, any"}}, "fast", "whole", "whole", "whole", NULL},
    {{{"conv2d", "whole,slow"}}, "slow", "whole", "whole", "whole", NULL},
    {{{"conv2d/forward", "slow, fast"}}, "slow", "fast", "fast", "fast", NULL},
    {{{"conv2d/backward", "fast, slow"}}, "fast", "fast", "fast", "fast", NULL},
    BACKWARD_DEFINED("conv2d/backward", "definition, any"),
    /* what does all of it by the first, rather than a half by the first and a half by the second */
    {{{"conv2d/backward", "slow, fast"}}, "fast", "slow", "slow", "slow", NULL},
    {{{"conv2d/backward_data", "slow, any"}}, "fast", "fast", "slow", "fast", NULL},
    /* and what is left out */
    {{{"conv2d", "not fast"}}, "slow", "whole", "whole", "whole", NULL},
    {{{"conv2d", "not fast, not  whole"}}, "slow", "slow", "slow", "slow", NULL},
    {{{"conv2d", "whole, any, not fast"}}, "slow", "whole", "whole", "whole", NULL},
    BACKWARD_DEFINED("conv2d/backward", "not fast, not whole, not slow"),
    REFUSED("conv2d/forward", "not fast, not slow, not definition",
            NONE_CAN("not fast, not slow, not definition", "forward", "conv1")),
    REFUSED("conv2d/forward", "whole,whole", NONE_CAN("whole,whole", "forward", "conv1")),
    REFUSED("conv2d", "any, fast",
            "algorithm: conv2d: `any` stands for all that are left, so nothing behind it in 'any, "
            "fast' is ever tried; put it last"),
    REFUSED("conv2d", "fast, not fast",
            "algorithm: conv2d: 'fast, not fast' says both 'fast' and 'not fast'; remove one"),
    REFUSED("conv2d", "fast,,slow", "algorithm: conv2d: a name is missing in 'fast,,slow'"),
    REFUSED("conv2d", "", "algorithm: conv2d: a name is missing in ''"),
    REFUSED("conv2d", "slow, not fats",
            "algorithm: backend 'fake' has no algorithm 'fats' for conv2d; did you mean 'fast'?"),
    REFUSED("conv2d", "fast, ayn",
            "algorithm: backend 'fake' has no algorithm 'ayn' for conv2d; did you mean 'any'?"),
    /* refused */
    REFUSED("conv2d", "whole", CANNOT("whole", "forward", "conv1")),
    {{{"conv2d/backward_data", "definition"}, {"conv2d/backward_params", "fast"}},
     NULL,
     NULL,
     NULL,
     NULL,
     CANNOT("definition", "backward_data", "conv2")},
    REFUSED("conv2", "fast",
            "algorithm: backend 'fake' has no operation 'conv2'; did you mean 'conv2d'?"),
    REFUSED("batchnrom", "fast",
            "algorithm: backend 'fake' has no operation 'batchnrom'; did you mean 'batchnorm'?"),
    REFUSED("convolution/forward", "fast",
            "algorithm: backend 'fake' has no operation 'convolution'"),
    REFUSED("conv2d", "fats",
            "algorithm: backend 'fake' has no algorithm 'fats' for conv2d; did you mean 'fast'?"),
    REFUSED("relu", "definitoin",
            "algorithm: backend 'fake' has no algorithm 'definitoin' for relu; did you mean "
            "'definition'?"),
    REFUSED("relu", "fast", "algorithm: backend 'fake' has no algorithm 'fast' for relu"),
    REFUSED("conv2d/backwards", "fast",
            "algorithm: 'conv2d/backwards' names no direction; write forward, backward, "
            "backward_data or "
            "backward_params behind the slash"),
};

START_TEST(algorithms)
{
    const struct choice_case *c = &cases[_i];
    set_prices();
    const size_t count = c->algorithm[1].op ? 2 : c->algorithm[0].op ? 1 : 0;
    const struct tfu_network_request r = request_with(c->algorithm, count);
    struct tfu_network *n = (struct tfu_network *)&fake;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_network_new(&n, &r, &e);
    ck_assert_str_eq(e.text, c->error ? c->error : "");
    if (c->error) {
        ck_assert_int_ne(st, TFU_OK);
        ck_assert_ptr_null(n);
        return;
    }
    const uint32_t conv1 = node_called(graph, "conv1"), conv2 = node_called(graph, "conv2");
    ck_assert_str_eq(tfu_network_algorithm(n, conv1, TFU_FORWARD), c->forward);
    ck_assert_str_eq(tfu_network_algorithm(n, conv2, TFU_FORWARD), c->forward);
    ck_assert_str_eq(tfu_network_algorithm(n, conv1, TFU_BACKWARD_PARAMS), c->params1);
    ck_assert_str_eq(tfu_network_algorithm(n, conv2, TFU_BACKWARD_DATA), c->data2);
    ck_assert_str_eq(tfu_network_algorithm(n, conv2, TFU_BACKWARD_PARAMS), c->params2);
    ck_assert_str_eq(tfu_network_algorithm(n, node_called(graph, "relu"), TFU_BACKWARD),
                     "definition");
    /* what was named is what runs */
    network_fill(n, 1);
    network_step(n, 2, 1);
    ck_assert_int_eq(fake.runs[FAST], strcmp(c->forward, "fast") == 0 ? 2 : 0);
    ck_assert_int_eq(fake.runs[SLOW], strcmp(c->forward, "slow") == 0 ? 2 : 0);
    ck_assert_int_eq(fake.runs[DATA], strcmp(c->data2, "fast") == 0);
    ck_assert_int_eq(fake.runs[PARAMS],
                     (strcmp(c->params1, "fast") == 0) + (strcmp(c->params2, "fast") == 0));
    ck_assert_int_eq(fake.runs[WHOLE],
                     (strcmp(c->params1, "whole") == 0) + (strcmp(c->data2, "whole") == 0));
    tfu_network_free(n);
}
END_TEST

static const char *algorithm_with(uint32_t node, enum tfu_direction d)
{
    const struct tfu_network_request r = request_with(NULL, 0);
    struct tfu_network *n = NULL;
    ck_assert_int_eq(tfu_network_new(&n, &r, NULL), TFU_OK);
    const char *name = tfu_network_algorithm(n, node, d);
    tfu_network_free(n);
    return name;
}

START_TEST(prices)
{
    const uint32_t conv2 = node_called(graph, "conv2");
    /* nothing supported: the definition */
    ck_assert_str_eq(algorithm_with(conv2, TFU_FORWARD), "definition");
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD), "definition");
    /* of equal prices the first row */
    fake.price[SLOW] = fake.price[FAST] = 0;
    ck_assert_str_eq(algorithm_with(conv2, TFU_FORWARD), "slow");
    fake.price[SLOW] = 1;
    ck_assert_str_eq(algorithm_with(conv2, TFU_FORWARD), "fast");
    /* one half is not enough */
    fake.price[DATA] = 1;
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD_DATA), "definition");
    fake.price[WHOLE] = 100;
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD_DATA), "whole");
    /* halves against the whole, which wins a tie */
    fake.price[PARAMS] = 99;
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD_PARAMS), "whole");
    fake.price[PARAMS] = 98;
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD_PARAMS), "fast");
    ck_assert_str_eq(algorithm_with(conv2, TFU_BACKWARD_DATA), "fast");
    /* no gradient of the image: the half of the parameters alone against the whole */
    fake.price[PARAMS] = 99;
    ck_assert_str_eq(algorithm_with(node_called(graph, "conv1"), TFU_BACKWARD_PARAMS), "fast");
}
END_TEST

/* What runs conv2 forward with timings from a file. */
static void check_timed(const char *path, bool added_to, const char *algorithm)
{
    struct tfu_network_request r = request_with(NULL, 0);
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(tfu_timings_open(&r.timings, path, added_to, NULL, &e) == TFU_OK, "%s", e.text);
    struct tfu_network *n = network_open(r);
    if (algorithm)
        ck_assert_str_eq(tfu_network_algorithm(n, node_called(graph, "conv2"), TFU_FORWARD),
                         algorithm);
    ck_assert_int_eq(tfu_timings_save(r.timings, &e), TFU_OK);
    tfu_timings_free(r.timings);
    tfu_network_free(n);
}

/* The same file with other seconds for rows whose key has a word. */
static void rewrite(const char *path, const char *word, const char *seconds)
{
    static char text[65536];
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    char line[4096];
    size_t length = 0;
    int found = 0;
    while (fgets(line, sizeof line, f)) {
        char *tab = strchr(line, '\t');
        if (tab && strstr(line, word)) {
            found++;
            *tab = '\0';
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s\t%s\n", line, seconds);
        } else {
            length += (size_t)snprintf(text + length, sizeof text - length, "%s", line);
        }
    }
    fclose(f);
    ck_assert_int_gt(found, 0);
    f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fwrite(text, 1, length, f);
    fclose(f);
}

START_TEST(timings)
{
    set_prices();
    char path[] = "/tmp/choose.XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "transfuse timings 1\n", 20), 20);
    close(fd);
    check_timed(path, false, "fast"); /* says nothing: predictions */
    ck_assert_int_eq(fake.runs[FAST] + fake.runs[SLOW], 0);
    check_timed(path, true, NULL); /* measured: both rows have run, for both layers */
    ck_assert_int_ge(fake.runs[FAST], 4);
    ck_assert_int_ge(fake.runs[SLOW], 4);
    const int runs = fake.runs[FAST] + fake.runs[SLOW];
    rewrite(path, "conv2d forward fast", "1");
    rewrite(path, "conv2d forward slow", "0.5");
    check_timed(path, false, "slow");
    check_timed(path, true, "slow");
    rewrite(path, "conv2d forward slow", "2");
    check_timed(path, true, "fast");
    ck_assert_int_eq(fake.runs[FAST] + fake.runs[SLOW], runs); /* remembered */
    unlink(path);
    char lock[64];
    snprintf(lock, sizeof lock, "%s.lock", path);
    unlink(lock);
}
END_TEST

START_TEST(the_next_one_where_the_first_cannot)
{
    const struct tfu_algorithm_choice lists[] = {{"conv2d/forward", "fast, slow"},
                                                 {"conv2d/backward_params", "slow, definition"}};
    set_prices();
    fake.price[FAST] = -1;
    fake.price[OTHER_WHOLE] = -1;
    struct tfu_network *n = network_open(request_with(lists, 2));
    const uint32_t conv2 = node_called(graph, "conv2");
    ck_assert_str_eq(tfu_network_algorithm(n, conv2, TFU_FORWARD), "slow");
    ck_assert_str_eq(tfu_network_algorithm(n, conv2, TFU_BACKWARD_PARAMS), "definition");
    tfu_network_free(n);
}
END_TEST

START_TEST(unwanted_directions)
{
    set_prices();
    bool frozen[8];
    memset(frozen, 1, sizeof frozen);
    ck_assert_uint_le(graph->param_count, 8);
    frozen[param_called(graph, "fc.bias")] = false;
    struct tfu_network_request r = request_with(NULL, 0);
    r.frozen = frozen;
    struct tfu_network *n = network_open(r);
    ck_assert_ptr_null(tfu_network_algorithm(n, node_called(graph, "conv2"), TFU_BACKWARD));
    ck_assert_str_eq(tfu_network_algorithm(n, node_called(graph, "fc"), TFU_BACKWARD),
                     "definition");
    network_fill(n, 1);
    network_step(n, 2, 1);
    ck_assert_int_eq(fake.runs[DATA] + fake.runs[PARAMS] + fake.runs[WHOLE], 0);
    tfu_network_free(n);
    r.frozen = NULL;
    r.training = false;
    n = network_open(r);
    ck_assert_ptr_null(tfu_network_algorithm(n, 0, TFU_BACKWARD));
    ck_assert_str_eq(tfu_network_algorithm(n, 0, TFU_FORWARD), "fast");
    tfu_network_free(n);
}
END_TEST

START_TEST(workspace)
{
    set_prices();
    fake.workspace[FAST] = 100000;
    fake.workspace[PARAMS] = 200001;
    fake.workspace[SLOW] = 900000; /* not chosen */
    struct tfu_network *n = network_open(request_with(NULL, 0));
    ck_assert_uint_eq(tfu_network_memory(n).workspace, 200064);
    const struct tfu_network_memory m = tfu_network_memory(n);
    ck_assert_uint_eq(m.total, m.parameters + m.gradients + m.activations + m.workspace);
    network_fill(n, 1);
    network_step(n, 2, 1);
    ck_assert_uint_ge(fake.seen_workspace, 200001);
    tfu_network_free(n);
}
END_TEST

START_TEST(failing_kernel)
{
    set_prices();
    struct tfu_network *n = network_open(request_with(NULL, 0));
    network_fill(n, 1);
    fake.fails = TFU_ENUMERIC;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_forward(n, 2, true, 1, &e), TFU_ENUMERIC);
    ck_assert_str_eq(e.text, "layer 'conv1': row 1 is tired");
    fake.fails = TFU_OK;
    ck_assert_int_eq(tfu_network_forward(n, 2, true, 1, NULL), TFU_OK);
    fake.fails = TFU_EIO;
    struct tfu_error late = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_backward(n, &late), TFU_EIO);
    ck_assert_int_eq(strncmp(late.text, "layer 'conv2': row ", 19), 0);
    fake.speaks = false;
    struct tfu_error silent = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_forward(n, 2, true, 1, &silent), TFU_EIO);
    ck_assert_str_eq(silent.text, "layer 'conv1': plugin 'fake' failed in forward() (input or "
                                  "output failed) without saying why; its author should call "
                                  "fail()");
    tfu_network_free(n);
}
END_TEST

static void check_refused(const struct tfu_network_request *r, enum tfu_status st, const char *text)
{
    struct tfu_network *n = (struct tfu_network *)&fake;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_network_new(&n, r, &e), st);
    ck_assert_str_eq(e.text, text);
    ck_assert_int_eq(e.status, st);
    ck_assert_ptr_null(n);
}

START_TEST(refused_backends)
{
    struct tfu_network_request r = request_with(NULL, 0);
    fake.open_fails = TFU_EUNSUPPORTED;
    check_refused(&r, TFU_EUNSUPPORTED, "backend 'fake': no processor");
    fake.speaks = false;
    check_refused(&r, TFU_EUNSUPPORTED,
                  "backend 'fake': plugin 'fake' failed in open() (not supported) without saying "
                  "why; its author should call fail()");
    fake.open_fails = TFU_OK;
    ck_assert_int_eq(fake.opened, 0);

    /* an allocation that fails, with its own status */
    fake.alloc_fails = TFU_EIO;
    check_refused(&r, TFU_EIO,
                  "backend 'fake': plugin 'fake' failed in alloc() (input or output failed) "
                  "without saying why; its author should call fail()");
    fake.speaks = true;
    fake.allocated = fake.freed = 0;
    fake.alloc_fails = TFU_EUNSUPPORTED;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_network *n = NULL;
    ck_assert_int_eq(tfu_network_new(&n, &r, &e), TFU_EUNSUPPORTED);
    ck_assert_int_eq(strncmp(e.text, "backend 'fake': no room for ", 28), 0);
    ck_assert_int_eq(fake.freed, 2);
    fake.alloc_fails = TFU_OK;

    /* never opened, never closed */
    fake.opened = fake.closed = 0;
    r.dtype = TFU_F64;
    check_refused(&r, TFU_EUNSUPPORTED, "backend 'fake' does not take float64");
    r.dtype = TFU_F32;
    fake_ops.place = TFU_DEVICE;
    check_refused(&r, TFU_EUNSUPPORTED,
                  "backend 'fake' keeps its memory on a device; this version runs backends with "
                  "host memory only");
    fake_ops.place = TFU_HOST;
    ck_assert_int_eq(fake.opened, 0);
    ck_assert_int_eq(fake.closed, 0);
    tfu_network_free(NULL);
}
END_TEST

/* ---- halves of a layer that runs in place */

static void shift_behind_pool(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "body");
    x = tfu_maxpool(b, "max", x, (struct tfu_pool_attrs){.kernel = 1});
    x = b->op(b, "shift", "shift", &x, 1, TFU_NO_ATTRS);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

static enum tfu_status shift_data(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    shift_backward_data(c);
    return TFU_OK;
}

static enum tfu_status shift_params(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    shift_backward_params(c);
    return TFU_OK;
}

/* The gradient of the input may be written over that of the output: not before the parameters'
 * half has read it. */
START_TEST(halves_in_place)
{
    static const struct tfu_kernel halves[] = {
        {.struct_size = sizeof halves[0],
         .direction = TFU_BACKWARD_DATA,
         .op = "shift",
         .algorithm = "halves",
         .run = shift_data},
        {.struct_size = sizeof halves[0],
         .direction = TFU_BACKWARD_PARAMS,
         .op = "shift",
         .algorithm = "halves",
         .run = shift_params},
    };
    struct tfu_backend_ops ops = fake_ops;
    ops.kernels = halves;
    ops.kernel_count = TFU_COUNT(halves);
    ops.kernel_size = sizeof halves[0];
    const struct tfu_plugin backend = {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "halves",
                                       .ops = &ops, .ops_size = sizeof ops};
    struct tfu_graph *g = draw(shift_behind_pool, image(2, 4, 4, 3), fake_registry());
    struct tfu_network_request r = {.graph = g,
                                    .training = true,
                                    .dtype = TFU_F32,
                                    .keep = &g->input,
                                    .keep_count = 1,
                                    .backend = &backend};
    struct tfu_network *split = network_open(r);
    r.backend = &plain_backend;
    struct tfu_network *whole = network_open(r);
    ck_assert_str_eq(tfu_network_algorithm(split, node_called(g, "shift"), TFU_BACKWARD_DATA),
                     "halves");
    network_fill(split, 1);
    network_fill(whole, 1);
    network_step(split, 2, 1);
    network_step(whole, 2, 1);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const struct tfu_tensor a = tfu_network_grad(split, p), b = tfu_network_grad(whole, p);
        ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    }
    const struct tfu_tensor a = tfu_network_input_grad(split), b = tfu_network_input_grad(whole);
    ck_assert_mem_eq(a.data, b.data, tensor_bytes(&a));
    tfu_network_free(split);
    tfu_network_free(whole);
    tfu_graph_free(g);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("choose");
    TCase *t = tcase_create("choose");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, algorithms, 0, TFU_COUNT(cases));
    tcase_add_test(t, prices);
    tcase_add_test(t, timings);
    tcase_add_test(t, the_next_one_where_the_first_cannot);
    tcase_add_test(t, unwanted_directions);
    tcase_add_test(t, workspace);
    tcase_add_test(t, failing_kernel);
    tcase_add_test(t, refused_backends);
    tcase_add_test(t, halves_in_place);
    suite_add_tcase(s, t);
    return run_suite(s);
}
