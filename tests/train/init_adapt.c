/* SPDX-License-Identifier: MIT
 *
 * Sources that want another order or another number of channels, on networks and numbers of
 * make_adapt.py: an image that is flattened as PyTorch does, and the first convolution.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/io/weights.h"
#include "core/train/initialise.h"
#include "tests/support/check_main.h"
#include "tests/support/network_memory.h"
#include "tests/support/networks.h"
#include "tests/support/scratch.h"
#include "tests/support/setting.h"

/* ---- networks */

static tfu_value block(struct tfu_builder *b, const char *name, const char *relu, const char *pool,
                       tfu_value x, int64_t out)
{
    x = tfu_conv2d(b, name, x,
                   (struct tfu_conv2d_attrs){.out = out, .kernel = 3, .pad = 1, .bias = 1});
    return tfu_maxpool(b, pool, tfu_relu(b, relu, x), (struct tfu_pool_attrs){.kernel = 2});
}

static void draw_vgg(struct tfu_builder *b, int64_t chw)
{
    b->stage(b, "features");
    b->scope_push(b, "features");
    tfu_value x = block(b, "0", "1", "2", b->input(b, "image"), 4);
    x = block(b, "3", "4", "5", x, 6);
    b->scope_pop(b);
    b->stage(b, "classifier");
    b->scope_push(b, "classifier");
    x = tfu_relu(b, "1", tfu_linear(b, "0", x, (struct tfu_linear_attrs){.out = 7, .chw = chw}));
    b->scope_pop(b);
    b->features(b, x, "fc");
}

static void vgg_as_in_pytorch(struct tfu_builder *b)
{
    draw_vgg(b, 1);
}

static void vgg_as_in_memory(struct tfu_builder *b)
{
    draw_vgg(b, 0);
}

static void draw_stem(struct tfu_builder *b, int64_t bias)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 4, .kernel = 3, .bias = bias});
    if (!bias)
        x = tfu_batchnorm(b, "bn1", x, (struct tfu_batchnorm_attrs){.frozen = 0});
    b->features(b, tfu_global_avgpool(b, "pool", tfu_relu(b, "relu", x)), "fc");
}

static void stem(struct tfu_builder *b)
{
    draw_stem(b, 0);
}

static void biased(struct tfu_builder *b)
{
    draw_stem(b, 1);
}

/* Neither a bias nor a normalisation. */
static void bare(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 4, .kernel = 3});
    b->features(b, tfu_global_avgpool(b, "pool", tfu_relu(b, "relu", x)), "fc");
}

/* An image that goes through other layers first. */
static void behind_affine(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_affine(b, "scale", x, (struct tfu_affine_attrs){.scale = {2}});
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 4, .kernel = 3});
    x = tfu_batchnorm(b, "bn1", x, (struct tfu_batchnorm_attrs){.frozen = 0});
    b->features(b, tfu_global_avgpool(b, "pool", tfu_relu(b, "relu", x)), "fc");
}

/* An image that goes round the convolution, too. */
static void beside_image(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    tfu_value y =
        tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 4, .kernel = 1, .bias = 1});
    const tfu_value both[] = {x, y};
    x = tfu_concat(b, "both", both, 2);
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

/* A convolution that sees every channel by itself. */
static void apart(struct tfu_builder *b)
{
    tfu_value x = b->input(b, "image");
    b->stage(b, "stem");
    x = tfu_conv2d(b, "conv1", x,
                   (struct tfu_conv2d_attrs){.out = 6, .kernel = 3, .groups = 3, .bias = 1});
    b->features(b, tfu_global_avgpool(b, "pool", x), "fc");
}

/* ---- the fixture */

static void copy_fixture(const char *name)
{
    char path[2048];
    size_t n;
    snprintf(path, sizeof path, "%s/tests/train/%s", getenv("TOP_SRCDIR"), name);
    char *bytes = scratch_read(path, &n);
    scratch_write(folder_path(name), bytes, n);
    free(bytes);
}

static struct tfu_weights *fixture;

static void setup(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    folder_begin();
    copy_fixture("vgg.pth");
    copy_fixture("stem.pth");
    copy_fixture("biased.pth");
    copy_fixture("adapt.npz");
    const struct tfu_weights_request r = {.path = folder_path("adapt.npz")};
    ck_assert_msg(tfu_weights_open(&fixture, &r, &e) == TFU_OK, "%s", e.text);
}

static void teardown(void)
{
    tfu_weights_close(fixture);
    folder_end();
}

static double *numbers(const char *name, size_t *n)
{
    const size_t i = tfu_weights_find(fixture, name);
    ck_assert_msg(i != SIZE_MAX, "%s", name);
    *n = (size_t)tfu_weights_get(fixture, i)->count;
    double *x = calloc(*n, sizeof *x);
    ck_assert_int_eq(tfu_weights_read_double(fixture, i, x, NULL), TFU_OK);
    return x;
}

/* ---- a network and what an initialisation says of it */

struct subject {
    struct setting rules; /* for its configuration */
    struct tfu_graph *graph;
    struct tfu_network *network;
    struct tfu_text report;
    struct tfu_error e;
};

static struct subject fill(sketch *draw_it, struct tfu_shape input, const char *init,
                           const struct tfu_preprocessing *images)
{
    struct subject s = {.rules = setting_open("{plugin: cbr_tiny}", init),
                        .graph = draw(draw_it, input, NULL)};
    s.network = network_open((struct tfu_network_request){.graph = s.graph});
    const struct tfu_experiment *x = tfu_config_experiment(s.rules.config);
    const struct tfu_initialise_request request = {.network = s.network,
                                                   .rule = x->init,
                                                   .rule_count = x->init_count,
                                                   .registry = s.rules.registry,
                                                   .preprocessing = images,
                                                   .seed = 1};
    tfu_initialise(&request, &s.report, &s.e);
    return s;
}

static void done(struct subject *s)
{
    tfu_text_free(&s->report);
    tfu_network_free(s->network);
    tfu_graph_free(s->graph);
    setting_close(&s->rules);
}

static bool says(const struct subject *s, const char *what)
{
    return strstr(tfu_text_get(&s->report), what) != NULL;
}

/* The largest distance of the network's outputs from those of the fixture. */
static double distance(const struct subject *s, const char *images, const char *logits)
{
    size_t n, m;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_msg(s->e.status == TFU_OK, "%s", s->e.text);
    double *x = numbers(images, &n), *want = numbers(logits, &m), largest = 0;
    ck_assert_uint_eq(n, (size_t)tfu_shape_count(&s->graph->value[s->graph->input].shape));
    memcpy(input_of(s->network), x, n * sizeof *x);
    ck_assert_msg(tfu_network_forward(s->network, 2, false, 0, &e) == TFU_OK, "%s", e.text);
    const struct tfu_tensor out = output_of(s->network);
    for (size_t i = 0; i < m; i++)
        largest = fmax(largest, fabs(tensor_get(&out, (int64_t)i) - want[i]));
    free(x);
    free(want);
    return largest;
}

/* ---- an image that is flattened */

#define VGG "plugin: pretrained, source: '%s/vgg.pth'"

START_TEST(pytorchs_order_is_pytorchs_network)
{
    struct subject s = fill(vgg_as_in_pytorch, image(2, 8, 12, 3), "[{" VGG "}]", NULL);
    ck_assert_double_lt(distance(&s, "images", "logits"), 1e-7);
    ck_assert(!says(&s, "warning"));
    done(&s);
}
END_TEST

START_TEST(an_order_that_is_not_known_is_a_warning)
{
    struct subject s = fill(vgg_as_in_memory, image(2, 8, 12, 3), "[{" VGG "}]", NULL);
    ck_assert_double_gt(distance(&s, "images", "logits"), 1e-3);
    ck_assert_msg(says(&s,
                       "vgg.pth does not say in which order its linear layers flatten an image: "
                       "classifier.0.weight; here it is H,W,C"),
                  "%s", tfu_text_get(&s.report));
    done(&s);
    /* its statistics have no order */
    s = fill(vgg_as_in_memory, image(2, 8, 12, 3), "[{plugin: mean_var, source: '%s/vgg.pth'}]",
             NULL);
    ck_assert_msg(s.e.status == TFU_OK, "%s", s.e.text);
    ck_assert(!says(&s, "warning"));
    done(&s);
}
END_TEST

START_TEST(a_rule_can_say_the_order)
{
    struct subject s =
        fill(vgg_as_in_memory, image(2, 8, 12, 3), "[{" VGG ", flatten: chw}]", NULL);
    ck_assert_double_lt(distance(&s, "images", "logits"), 1e-7);
    ck_assert(!says(&s, "warning"));
    ck_assert(says(&s, "classifier.0.weight: columns from C,H,W to H,W,C order by `flatten: chw`"));
    done(&s);
    s = fill(vgg_as_in_pytorch, image(2, 8, 12, 3), "[{" VGG ", flatten: chw}]", NULL);
    ck_assert_double_lt(distance(&s, "images", "logits"), 1e-7);
    ck_assert(!says(&s, "columns"));
    done(&s);
    s = fill(vgg_as_in_memory, image(2, 8, 12, 3), "[{" VGG ", flatten: hwc}]", NULL);
    ck_assert(s.e.status == TFU_OK && !says(&s, "warning") && !says(&s, "columns"));
    done(&s);
    s = fill(vgg_as_in_pytorch, image(2, 8, 12, 3), "[{" VGG ", flatten: hwc}]", NULL);
    ck_assert(says(&s, "columns from H,W,C to C,H,W order by `flatten: hwc`"));
    done(&s);
}
END_TEST

/* ---- the first convolution */

static const struct {
    const char *name;
    sketch *draw;
} stems[] = {{"stem", stem}, {"biased", biased}};

static const char *const ways[] = {"sum", "mean", "first", "repeat"};
static const int64_t counts[] = {1, 2, 4, 5};

static struct subject adapted(size_t i, const char *how, int64_t channels, const char *more,
                              const struct tfu_preprocessing *images)
{
    char init[256];
    snprintf(init, sizeof init, "[{plugin: pretrained, source: '%%s/%s.pth'%s%s%s}]", stems[i].name,
             how ? ", channels: " : "", how ? how : "", more);
    return fill(stems[i].draw, image(2, 6, 5, channels), init, images);
}

START_TEST(weights_are_those_of_numpy)
{
    for (size_t w = 0; w < TFU_COUNT(ways); w++)
        for (size_t c = 0; c < TFU_COUNT(counts); c++) {
            char name[64];
            size_t n;
            struct subject s = adapted((size_t)_i, ways[w], counts[c], "", NULL);
            ck_assert_msg(s.e.status == TFU_OK, "%s", s.e.text);
            snprintf(name, sizeof name, "%s.%s.%d", stems[_i].name, ways[w], (int)counts[c]);
            double *want = numbers(name, &n);
            const struct tfu_tensor t = param_of(s.network, param_called(s.graph, "conv1.weight"));
            ck_assert_uint_eq(n, (size_t)tfu_shape_count(&t.shape));
            for (size_t k = 0; k < n; k++)
                ck_assert_double_eq_tol(tensor_get(&t, (int64_t)k), want[k], 1e-7);
            free(want);
            snprintf(name, sizeof name, "conv1.weight: from 3 to %d channels by `channels: %s`",
                     (int)counts[c], ways[w]);
            ck_assert_msg(says(&s, name), "%s", tfu_text_get(&s.report));
            done(&s);
        }
}
END_TEST

START_TEST(the_sum_is_three_equal_channels)
{
    struct subject s = adapted((size_t)_i, "sum", 1, "", NULL);
    char logits[32];
    snprintf(logits, sizeof logits, "%s.sum", stems[_i].name);
    ck_assert_double_lt(distance(&s, "gray", logits), 1e-6);
    done(&s);
}
END_TEST

START_TEST(fold_is_the_sources_normalisation)
{
    const struct tfu_preprocessing mine = {1, {0.4}, {0.2}, "gray"};
    struct subject s = adapted((size_t)_i, "fold", 1, ", preprocessing: torchvision", &mine);
    char logits[32];
    snprintf(logits, sizeof logits, "%s.fold", stems[_i].name);
    ck_assert_double_lt(distance(&s, "gray", logits), 2e-6);
    ck_assert(says(&s, "from 3 to 1 channels by `channels: fold`"));
    ck_assert(says(&s, _i == 0 ? "bn1.running_mean: with the source's means"
                               : "conv1.bias: with the source's means"));
    ck_assert(says(&s, "folded into the weights") && !says(&s, "warning"));
    done(&s);
}
END_TEST

static void expect_error(struct subject *s, const char *what)
{
    ck_assert_msg(s->e.status != TFU_OK && strstr(s->e.text, what), "%s", s->e.text);
    done(s);
}

START_TEST(what_cannot_be_adapted_is_refused)
{
    struct subject s = adapted(0, NULL, 1, "", NULL);
    expect_error(&s, "or adapt 'conv1.weight' to the image's number of channels: `channels: sum`");
    s = adapted(0, "fold", 1, "", NULL);
    expect_error(&s, "set `preprocessing:` in the rule");
    const char *init =
        "[{plugin: pretrained, source: '%s/stem.pth', channels: fold, preprocessing: "
        "torchvision, allow_unexpected: ['bn1.*']}]";
    s = fill(bare, image(2, 6, 5, 1), init, NULL);
    expect_error(&s, "neither a bias nor a batch normalisation behind it");
    s = fill(behind_affine, image(2, 6, 5, 1), init, NULL);
    expect_error(&s, "'scale' changes the image before 'conv1.weight' reads it");
    s = fill(behind_affine, image(2, 6, 5, 1),
             "[{plugin: pretrained, source: '%s/stem.pth', channels: sum}]", NULL);
    ck_assert_msg(s.e.status == TFU_OK, "%s", s.e.text);
    done(&s);
    s = fill(stem, image(2, 6, 5, 1), "[{plugin: random, channels: sum}]", NULL);
    expect_error(&s, "`channels` says how a file of weights is read");
}
END_TEST

START_TEST(every_reader_of_the_image_is_folded_or_none)
{
    static const char init[] = "[{plugin: pretrained, source: '%s/net.safetensors', channels: "
                               "fold, preprocessing: torchvision}]";
    static const struct {
        void (*draw)(struct tfu_builder *);
        int64_t dim[4];
        const char *message;
    } network[] = {{beside_image, {4, 3, 1, 1}, "'both' reads the image too"},
                   {apart, {6, 1, 3, 3}, "convolutions without groups only"}};
    for (size_t i = 0; i < TFU_COUNT(network); i++) {
        const float data[54] = {1};
        const struct tfu_safetensors_tensor t = {.name = "conv1.weight",
                                                 .dtype = TFU_STORED_F32,
                                                 .rank = 4,
                                                 .dim = network[i].dim,
                                                 .data = data};
        ck_assert_int_eq(
            tfu_safetensors_write(folder_path("net.safetensors"), &t, 1, NULL, 0, NULL), TFU_OK);
        struct subject s = fill(network[i].draw, image(2, 6, 5, 3), init, NULL);
        expect_error(&s, network[i].message);
    }
}
END_TEST

START_TEST(whole_numbers_are_no_weights)
{
    const int64_t dim[] = {4, 1, 3, 3};
    const int8_t data[36] = {1, 2, 3};
    const struct tfu_safetensors_tensor t = {
        .name = "conv1.weight", .dtype = TFU_STORED_I8, .rank = 4, .dim = dim, .data = data};
    ck_assert_int_eq(tfu_safetensors_write(folder_path("q.safetensors"), &t, 1, NULL, 0, NULL),
                     TFU_OK);
    struct subject s = fill(bare, image(2, 6, 5, 1),
                            "[{plugin: pretrained, source: '%s/q.safetensors', allow_missing: "
                            "['fc.*']}]",
                            NULL);
    expect_error(&s, "tensor 'conv1.weight' has whole numbers (I8) where weights are wanted");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adapt");
    TCase *t = tcase_create("adapt");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, pytorchs_order_is_pytorchs_network);
    tcase_add_test(t, an_order_that_is_not_known_is_a_warning);
    tcase_add_test(t, a_rule_can_say_the_order);
    tcase_add_loop_test(t, weights_are_those_of_numpy, 0, TFU_COUNT(stems));
    tcase_add_loop_test(t, the_sum_is_three_equal_channels, 0, TFU_COUNT(stems));
    tcase_add_loop_test(t, fold_is_the_sources_normalisation, 0, TFU_COUNT(stems));
    tcase_add_test(t, what_cannot_be_adapted_is_refused);
    tcase_add_test(t, every_reader_of_the_image_is_folded_or_none);
    tcase_add_test(t, whole_numbers_are_no_weights);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
