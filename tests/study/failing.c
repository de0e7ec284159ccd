/* SPDX-License-Identifier: MIT
 *
 * Every allocation of finding, opening, capturing, comparing and scoring networks fails once: an
 * error that says so, no leak, no crash; and with memory again all goes well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/explain_image.h"
#include "core/result/image.h"
#include "core/study/agreement.h"
#include "core/study/capture.h"
#include "core/study/compare.h"
#include "core/study/compare_parameters.h"
#include "core/study/explain.h"
#include "core/study/filters.h"
#include "core/study/find_where.h"
#include "core/study/groups.h"
#include "core/study/images.h"
#include "core/study/interpolate.h"
#include "core/study/matrices.h"
#include "core/study/noise.h"
#include "core/study/probe.h"
#include "core/study/reinit.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/lab.h"

static struct lab lab;
static struct tfu_subject *trained; /* a run at step 2 */
static struct tfu_subject *other;   /* of another architecture */
static struct tfu_plugin_choice metric;

/* ---- the ways to run out of memory */

static enum tfu_status open_as(const char *spec, const char *config, struct tfu_error *e)
{
    struct tfu_digests *digests;
    struct tfu_subject *s = NULL;
    char path[512];
    snprintf(path, sizeof path, "%s", lab_path(spec));
    const struct tfu_subject_request request = {
        .spec = path, .config = config, .registry = lab.registry, .threads = lab.threads};
    enum tfu_status st = tfu_digests_new(&digests, e);
    if (st == TFU_OK) {
        struct tfu_subject_request with = request;
        with.digests = digests;
        st = tfu_subject_open(&s, &with, lab.diagnostics, e);
    }
    tfu_subject_close(s);
    tfu_digests_free(digests);
    return st;
}

static enum tfu_status open_run(struct tfu_error *e)
{
    return open_as("runs/a/000000000001@2", NULL, e);
}

static enum tfu_status open_missing_step(struct tfu_error *e)
{
    return open_as("runs/a/000000000001@5", NULL, e);
}

static enum tfu_status open_file(struct tfu_error *e)
{
    return open_as("runs/a/000000000001/checkpoints/step-2.safetensors", lab_path("c.yaml"), e);
}

static enum tfu_status find_runs(struct tfu_error *e)
{
    static const char *const what[] = {"%s/runs/**@initial", "%s/runs/a/0000"};
    struct tfu_found found;
    for (size_t i = 0; i < TFU_COUNT(what); i++) {
        char pattern[512];
        snprintf(pattern, sizeof pattern, what[i], lab_path("."));
        enum tfu_status st = tfu_find(&found, pattern, NULL, e);
        if (st == TFU_OK)
            st = tfu_found_keep(&found, "seed", "3", e);
        tfu_found_free(&found);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static enum tfu_status find_nothing(struct tfu_error *e)
{
    struct tfu_found found;
    char pattern[512];
    snprintf(pattern, sizeof pattern, "%s/runs/b*", lab_path("."));
    return tfu_find(&found, pattern, NULL, e);
}

static enum tfu_status keep_nothing(struct tfu_error *e)
{
    struct tfu_found found;
    char pattern[512];
    snprintf(pattern, sizeof pattern, "%s/runs/*/*", lab_path("."));
    enum tfu_status st = tfu_find(&found, pattern, NULL, e);
    if (st == TFU_OK)
        st = tfu_found_keep(&found, "seed", "4", e);
    tfu_found_free(&found);
    return st;
}

static enum tfu_status open_images(struct tfu_error *e)
{
    struct tfu_images *images;
    const struct tfu_dataset *data;
    enum tfu_status st = tfu_images_new(&images, e);
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = tfu_images_get(images, trained, TFU_SPLIT_TEST, true, &data, e);
    tfu_images_free(images);
    return st;
}

static enum tfu_status new_capture(struct tfu_capture **c, int64_t rows, int64_t draws, bool maps,
                                   struct tfu_error *e)
{
    const struct tfu_capture_request request = {
        .subject = trained,
        .data = lab.data,
        .sampling = {.rows = rows, .channels = 3, .draws = draws, .seed = 1},
        .maps = maps};
    return tfu_capture_new(c, &request, e);
}

/* A network against itself, in passes of one node, of which the memory allows one. */
static enum tfu_status compare_nodes(struct tfu_error *e)
{
    static const char *const pattern[] = {"block1", "logits"};
    struct tfu_capture *c;
    struct tfu_node_choice *node = NULL;
    struct tfu_comparison r = {.pair = NULL};
    size_t count;
    enum tfu_status st = new_capture(&c, 30, 2, false, e);
    if (st == TFU_OK)
        st = tfu_nodes_choose(&node, &count, tfu_capture_graph(c), pattern, 2, e);
    if (st == TFU_OK) {
        const struct tfu_compare_request request = {.a = c,
                                                    .b = c,
                                                    .metric = &metric,
                                                    .registry = lab.registry,
                                                    .threads = lab.threads,
                                                    .node_a = node,
                                                    .node_b = node,
                                                    .count_a = count,
                                                    .count_b = count,
                                                    .noise = true,
                                                    .memory = 1440};
        st = tfu_compare(&r, &request, e);
    }
    if (st == TFU_OK)
        tfu_comparison_free(&r);
    free(node);
    tfu_capture_free(c);
    return st;
}

static enum tfu_status compare_parameters(struct tfu_error *e)
{
    struct tfu_capture *c;
    struct tfu_node_choice *node = NULL;
    struct tfu_comparison r = {.pair = NULL};
    size_t count;
    enum tfu_status st = new_capture(&c, 30, 1, false, e);
    if (st == TFU_OK)
        st = tfu_parameters_choose(&node, &count, tfu_capture_graph(c), NULL, 0, e);
    if (st == TFU_OK) {
        const struct tfu_compare_request request = {.a = c,
                                                    .b = c,
                                                    .metric = &metric,
                                                    .registry = lab.registry,
                                                    .threads = lab.threads,
                                                    .node_a = node,
                                                    .node_b = node,
                                                    .count_a = 1,
                                                    .count_b = 1};
        st = tfu_compare_parameters(&r, &request, e);
    }
    if (st == TFU_OK)
        tfu_comparison_free(&r);
    free(node);
    tfu_capture_free(c);
    return st;
}

static enum tfu_status probe(struct tfu_error *e)
{
    struct tfu_capture *c, *test = NULL;
    struct tfu_node_choice *node = NULL;
    struct tfu_comparison r = {.pair = NULL};
    static const char *const pattern[] = {"features"};
    size_t count;
    enum tfu_status st = new_capture(&c, 11, 1, false, e);
    if (st == TFU_OK)
        st = new_capture(&test, 11, 1, false, e);
    if (st == TFU_OK)
        st = tfu_nodes_choose(&node, &count, tfu_capture_graph(c), pattern, 1, e);
    if (st == TFU_OK) {
        const struct tfu_probe_request request = {.fit = c,
                                                  .test = test,
                                                  .node = node,
                                                  .count = count,
                                                  .metric = &metric,
                                                  .experiment = trained->experiment,
                                                  .registry = lab.registry,
                                                  .threads = lab.threads};
        st = tfu_probe(&r, &request, e);
    }
    if (st == TFU_OK)
        tfu_comparison_free(&r);
    free(node);
    tfu_capture_free(test);
    tfu_capture_free(c);
    return st;
}

static enum tfu_status choose_no_node(struct tfu_error *e)
{
    static const char *const pattern[] = {"blok1"};
    struct tfu_graph *g;
    struct tfu_node_choice *node;
    size_t count;
    enum tfu_status st =
        tfu_assemble_graph(&g, &trained->context, tfu_dataset_info(lab.data), 1, e);
    if (st == TFU_OK)
        st = tfu_nodes_choose(&node, &count, g, pattern, 1, e);
    tfu_graph_free(g);
    return st;
}

/* ---- parameters */

/* The network of a configuration, without its state. */
static enum tfu_status new_network(struct tfu_graph **g, struct tfu_network **n,
                                   struct tfu_error *e)
{
    const struct tfu_assemble_options options = {.training = false};
    enum tfu_status st = tfu_assemble_graph(g, &trained->context, tfu_dataset_info(lab.data), 1, e);
    *n = NULL;
    if (st == TFU_OK)
        st = tfu_assemble_network(n, *g, &trained->context, &options, e);
    return st;
}

static enum tfu_status read_filters(const char *layer, struct tfu_error *e)
{
    struct tfu_graph *g;
    struct tfu_network *n;
    struct tfu_filters f;
    enum tfu_status st = new_network(&g, &n, e);
    if (st == TFU_OK)
        st = tfu_filters_read(&f, n, layer, NULL, e);
    if (st == TFU_OK)
        tfu_filters_free(&f);
    tfu_network_free(n);
    tfu_graph_free(g);
    return st;
}

static enum tfu_status filters(struct tfu_error *e)
{
    return read_filters(NULL, e);
}

static enum tfu_status no_filters(struct tfu_error *e)
{
    return read_filters("block7.conv", e);
}

static enum tfu_status choose_groups(const char *match, struct tfu_error *e)
{
    struct tfu_graph *g;
    struct tfu_groups groups;
    enum tfu_status st =
        tfu_assemble_graph(&g, &trained->context, tfu_dataset_info(lab.data), 1, e);
    if (st == TFU_OK)
        st = tfu_groups_choose(&groups, g, match, e);
    if (st == TFU_OK)
        tfu_groups_free(&groups);
    tfu_graph_free(g);
    return st;
}

static enum tfu_status groups(struct tfu_error *e)
{
    return choose_groups("*.weight", e);
}

static enum tfu_status no_groups(struct tfu_error *e)
{
    return choose_groups("weihgt", e);
}

/* Six rows of two numbers against themselves. */
static enum tfu_status matrices(struct tfu_error *e)
{
    struct tfu_matrices m;
    const char *path = lab_path("m.npy");
    const struct tfu_matrices_request request = {
        .path = {path, path}, .metric = &metric, .registry = lab.registry, .threads = lab.threads};
    const enum tfu_status st = tfu_matrices_compare(&m, &request, e);
    if (st == TFU_OK)
        tfu_matrices_free(&m);
    return st;
}

/* ---- scores */

static enum tfu_status new_assessor(struct tfu_assessor **a, struct tfu_error *e)
{
    const struct tfu_assessor_request request = {.subject = trained, .split = "test"};
    return tfu_assessor_new(a, &request, e);
}

static enum tfu_status find_no_measure(struct tfu_error *e)
{
    struct tfu_assessor *a;
    size_t index;
    enum tfu_status st = new_assessor(&a, e);
    if (st == TFU_OK)
        st = tfu_assessor_find(a, "auc", &index, e);
    tfu_assessor_free(a);
    return st;
}

static enum tfu_status reinit(struct tfu_error *e)
{
    struct tfu_assessor *a;
    struct tfu_reinit r;
    enum tfu_status st = new_assessor(&a, e);
    const struct tfu_reinit_request request = {
        .assessor = a, .subject = trained, .to = TFU_REINIT_FRESH, .draws = 1};
    if (st == TFU_OK)
        st = tfu_reinit(&r, &request, e);
    if (st == TFU_OK)
        tfu_reinit_free(&r);
    tfu_assessor_free(a);
    return st;
}

static enum tfu_status interpolate(struct tfu_error *e)
{
    struct tfu_assessor *a;
    struct tfu_interpolation r;
    enum tfu_status st = new_assessor(&a, e);
    if (st == TFU_OK)
        st = tfu_interpolate(&r, a, trained, lab.subject, 2, e);
    if (st == TFU_OK)
        tfu_interpolation_free(&r);
    tfu_assessor_free(a);
    return st;
}

/* Its parameters have other shapes. */
static enum tfu_status interpolate_others(struct tfu_error *e)
{
    struct tfu_assessor *a;
    struct tfu_interpolation r;
    enum tfu_status st = new_assessor(&a, e);
    if (st == TFU_OK)
        st = tfu_interpolate(&r, a, trained, other, 2, e);
    tfu_assessor_free(a);
    return st;
}

static enum tfu_status agree(struct tfu_error *e)
{
    struct tfu_agreements r;
    const struct tfu_agreement_request request = {.a = trained, .b = lab.subject, .split = "test"};
    const enum tfu_status st = tfu_agree(&r, &request, e);
    if (st == TFU_OK)
        tfu_agreements_free(&r);
    return st;
}

/* ---- pictures, noise */

static enum tfu_status explain(struct tfu_error *e)
{
    struct tfu_explainer *x;
    struct tfu_image image;
    float pixels[12 * 12 * 3], map[12 * 12];
    int64_t height, width;
    const struct tfu_explain_request request = {.subject = trained, .data = lab.data};
    enum tfu_status st = tfu_dataset_get(lab.data, 0, pixels, NULL, e);
    if (st == TFU_OK)
        st = tfu_explainer_new(&x, &request, e);
    if (st != TFU_OK)
        return st;
    tfu_explainer_map_size(x, &height, &width);
    st = height * width > 12 * 12 ? TFU_ESHAPE : tfu_explainer_look(x, pixels, 1, e);
    if (st == TFU_OK)
        st = tfu_explainer_gradcam(x, map, e);
    if (st == TFU_OK)
        st = tfu_explain_image(
            &image, lab.data, pixels,
            &(struct tfu_explain_map){.number = map, .height = height, .width = width, .share = 1},
            e);
    if (st == TFU_OK)
        tfu_image_free(&image);
    tfu_explainer_free(x);
    return st;
}

static enum tfu_status noise(struct tfu_error *e)
{
    static const float x[6] = {1, 2, 3, 4, 5, 7};
    float out[6];
    return tfu_noise_like(x, 3, 2, 1, out, e);
}

/* ---- all of them */

static const struct {
    const char *name;
    enum tfu_status (*work)(struct tfu_error *e);
    enum tfu_status status; /* with memory */
    const char *metric;
} ways[] = {
    {"a run", open_run, TFU_OK, NULL},
    {"a step that is not there", open_missing_step, TFU_ENOTFOUND, NULL},
    {"a file of weights", open_file, TFU_OK, NULL},
    {"runs", find_runs, TFU_OK, NULL},
    {"no runs", find_nothing, TFU_ENOTFOUND, NULL},
    {"no runs that say it", keep_nothing, TFU_ENOTFOUND, NULL},
    {"images", open_images, TFU_OK, NULL},
    {"nodes", compare_nodes, TFU_OK, "cka"},
    {"parameters", compare_parameters, TFU_OK, "movement"},
    {"a probe", probe, TFU_OK, "knn_probe"},
    {"no node", choose_no_node, TFU_EINVAL, NULL},
    {"filters", filters, TFU_OK, NULL},
    {"filters of no layer", no_filters, TFU_EINVAL, NULL},
    {"groups of parameters", groups, TFU_OK, NULL},
    {"no groups", no_groups, TFU_EINVAL, NULL},
    {"matrices", matrices, TFU_OK, "cka"},
    {"no measure", find_no_measure, TFU_EINVAL, NULL},
    {"parts reset", reinit, TFU_OK, NULL},
    {"a line between networks", interpolate, TFU_OK, NULL},
    {"a line to another architecture", interpolate_others, TFU_ESHAPE, NULL},
    {"agreement", agree, TFU_OK, NULL},
    {"a picture", explain, TFU_OK, NULL},
    {"noise", noise, TFU_OK, NULL},
};

/* Six rows of two float32 in a file of NumPy's. */
static void write_matrix(void)
{
    static const float number[12] = {1, 5, 2, 4, 3, 9, 4, 1, 5, 2, 6, 8};
    static const char dict[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 2), }";
    char bytes[128 + sizeof number];
    memset(bytes, ' ', 128);
    memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
    memcpy(bytes + 10, dict, sizeof dict - 1);
    bytes[127] = '\n';
    memcpy(bytes + 128, number, sizeof number);
    FILE *f = fopen(lab_path("m.npy"), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, sizeof bytes, f), sizeof bytes);
    ck_assert_int_eq(fclose(f), 0);
}

START_TEST(each_allocation_fails)
{
    static const int64_t step[] = {2, 3};
    size_t n = 1;
    lab_open(&lab, 1);
    lab_make_run(&lab, "runs/a/000000000001", "c.yaml", step, TFU_COUNT(step));
    trained = lab_subject(&lab, "runs/a/000000000001@2", NULL);
    lab_write_config("d.yaml", "cbr_tiny,", "cbr_tiny, truncate: block1,");
    other = lab_subject(&lab, "d.yaml", NULL);
    write_matrix();
    if (ways[_i].metric)
        metric = choose(lab.registry, TFU_KIND_METRIC, ways[_i].metric, "");
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm_here(n);
        const enum tfu_status st = ways[_i].work(&e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : ways[_i].status),
                      "%s, allocation %d: status %d, %s", ways[_i].name, (int)n, (int)st, e.text);
        ck_assert_int_eq(e.status, st);
    }
    ck_assert_uint_gt(n, 4);
    if (ways[_i].metric)
        choice_free(&metric);
    tfu_subject_close(other);
    tfu_subject_close(trained);
    lab_close(&lab);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("failing");
    TCase *t = tcase_create("failing");
    tcase_set_timeout(t, 600);
    tcase_add_loop_test(t, each_allocation_fails, 0, (int)TFU_COUNT(ways));
    suite_add_tcase(s, t);
    return run_suite(s);
}
