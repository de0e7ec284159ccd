/* SPDX-License-Identifier: MIT
 *
 * What is read in full is read once: files for their digests, data for their fingerprints; and a
 * network is built once for all passes over the images.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/io/weights.h"
#include "core/study/capture.h"
#include "core/study/images.h"
#include "core/study/nodes.h"
#include "core/study/reinit.h"
#include "core/train/checkpoint.h"
#include "tests/support/check_main.h"
#include "tests/support/lab.h"

static struct lab lab;
static struct tfu_digests *digests;
static struct tfu_images *images;

static void begin(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    lab_open(&lab, 2);
    ck_assert_int_eq(tfu_digests_new(&digests, &e), TFU_OK);
    ck_assert_int_eq(tfu_images_new(&images, &e), TFU_OK);
}

static void end(void)
{
    tfu_images_free(images);
    tfu_digests_free(digests);
    lab_close(&lab);
}

/* Flips a bit of the last number, and has the file be a second older or younger. */
static void damage(const char *path)
{
    struct stat info;
    FILE *f = fopen(path, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    const int c = fgetc(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    ck_assert_int_eq(fputc(c ^ 1, f), c ^ 1);
    ck_assert_int_eq(fclose(f), 0);
    ck_assert_int_eq(stat(path, &info), 0);
    const struct timespec time[2] = {info.st_atim, {info.st_mtim.tv_sec + 1, 0}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, time, 0), 0);
}

/* ---- digests */

static void capture_one(const struct tfu_subject *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *c;
    const struct tfu_dataset *data;
    ck_assert_int_eq(tfu_images_get(images, s, TFU_SPLIT_TEST, false, &data, &e), TFU_OK);
    const struct tfu_capture_request request = {
        .subject = s, .data = data, .sampling = {.rows = 5, .draws = 1, .seed = 1}};
    ck_assert_int_eq(tfu_capture_new(&c, &request, &e), TFU_OK);
    const struct tfu_capture_want want = {"features", tfu_capture_graph(c)->features, 1, 1, 0};
    ck_assert_msg(tfu_capture_run(c, &want, 1, &e) == TFU_OK, "%s", e.text);
    tfu_capture_free(c);
}

/* Each step of a run against its end, as a study of its dynamics has it. */
START_TEST(each_checkpoint_is_digested_once_and_the_data_once)
{
    static const int64_t step[] = {1, 2, 3, 4};
    lab_make_run(&lab, "runs/a", "c.yaml", step, TFU_COUNT(step));
    for (size_t i = 0; i < TFU_COUNT(step); i++) {
        char spec[32];
        snprintf(spec, sizeof spec, "runs/a@%d", (int)step[i]);
        struct tfu_subject *s = lab_subject(&lab, spec, digests);
        struct tfu_subject *last = lab_subject(&lab, "runs/a@4", digests);
        ck_assert_int_eq(s->step, step[i]);
        capture_one(s);
        capture_one(last);
        tfu_subject_close(last);
        tfu_subject_close(s);
    }
    ck_assert_uint_eq(tfu_digests_count(digests), TFU_COUNT(step));
    ck_assert_uint_eq(tfu_images_opened(images), 1);
}
END_TEST

START_TEST(a_checkpoint_that_changed_is_checked_again)
{
    static const int64_t step[] = {7};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_checkpoint *c;
    lab_make_run(&lab, "runs/a", "c.yaml", step, 1);
    const char *path = lab_path("runs/a/checkpoints/step-7.safetensors");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(tfu_checkpoint_open(&c, path, digests, &e), TFU_OK);
        tfu_checkpoint_close(c);
    }
    ck_assert_uint_eq(tfu_digests_count(digests), 1);
    damage(path);
    ck_assert_int_eq(tfu_checkpoint_open(&c, path, digests, &e), TFU_ECORRUPT);
    ck_assert_ptr_null(c);
    ck_assert_uint_eq(tfu_digests_count(digests), 2);
    /* and what is known to be wrong stays so */
    ck_assert_int_eq(tfu_checkpoint_open(&c, path, digests, &e), TFU_ECORRUPT);
    ck_assert_uint_eq(tfu_digests_count(digests), 2);
}
END_TEST

/* A run that began with a file of weights, reset to fresh draws: each fills the network again. */
START_TEST(a_file_of_weights_is_digested_once_for_all_draws)
{
    static const int64_t step[] = {1};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_assessor *a;
    struct tfu_reinit r;
    lab_make_run(&lab, "runs/a", "c.yaml", step, 1);
    lab_write_config("p.yaml", "[{plugin: random}]",
                     "[{plugin: pretrained, source: runs/a/checkpoints/step-1.safetensors, "
                     "head: reinit}]");
    lab_make_run(&lab, "runs/b", "p.yaml", step, 1);
    struct tfu_subject *s = lab_subject(&lab, "runs/b@1", digests);
    const struct tfu_assessor_request request = {.subject = s, .split = "test", .images = images};
    ck_assert_int_eq(tfu_assessor_new(&a, &request, &e), TFU_OK);
    const struct tfu_reinit_request reset = {
        .assessor = a, .subject = s, .to = TFU_REINIT_FRESH, .draws = 3};
    ck_assert_msg(tfu_reinit(&r, &reset, &e) == TFU_OK, "%s", e.text);
    /* the numbers of b's checkpoint, and the bytes of the file that it began with */
    ck_assert_uint_eq(tfu_digests_count(digests), 2);
    tfu_reinit_free(&r);
    tfu_assessor_free(a);
    tfu_subject_close(s);
}
END_TEST

/* All files of an index count. */
START_TEST(an_index_is_read_again_when_a_part_changed)
{
    static const int64_t step[] = {1};
    struct tfu_error e = TFU_ERROR_INIT;
    char first[TFU_HASH_HEX], again[TFU_HASH_HEX] = "";
    lab_make_run(&lab, "runs/a", "c.yaml", step, 1);
    ck_assert_int_eq(rename(lab_path("runs/a/checkpoints/step-1.safetensors"), lab_path("part")),
                     0);
    struct tfu_text index = TFU_TEXT_INIT;
    tfu_text_puts(&index, "{\"weight_map\": {");
    struct tfu_safetensors *part;
    ck_assert_int_eq(tfu_safetensors_open(&part, lab_path("part"), &e), TFU_OK);
    for (size_t i = 0; i < tfu_safetensors_count(part); i++)
        tfu_text_printf(&index, "%s\"%s\": \"part\"", i ? ", " : "",
                        tfu_safetensors_get(part, i)->name);
    tfu_safetensors_close(part);
    tfu_text_puts(&index, "}}");
    lab_write("index.json", tfu_text_get(&index));
    tfu_text_free(&index);
    for (int i = 0; i < 3; i++) {
        struct tfu_weights *w;
        const struct tfu_weights_request request = {.path = lab_path("index.json"),
                                                    .digests = digests};
        if (i == 2)
            damage(lab_path("part"));
        ck_assert_msg(tfu_weights_open(&w, &request, &e) == TFU_OK, "%s", e.text);
        ck_assert_int_eq(tfu_weights_sha256(w, i ? again : first, &e), TFU_OK);
        tfu_weights_close(w);
        ck_assert_uint_eq(tfu_digests_count(digests), i < 2 ? 1 : 2);
        ck_assert_int_eq(strcmp(first, again) == 0, i == 1);
    }
}
END_TEST

/* ---- data */

START_TEST(data_of_another_section_are_other_data)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_dataset *first, *same, *fewer, *train;
    lab_write_config("few.yaml", "test: {plugin: idx,", "test: {limit: 5, plugin: idx,");
    lab_write_config("seed.yaml", "seed: 3", "seed: 4");
    struct tfu_subject *few = lab_subject(&lab, "few.yaml", NULL);
    struct tfu_subject *seed = lab_subject(&lab, "seed.yaml", NULL);
    ck_assert_int_eq(tfu_images_get(images, lab.subject, TFU_SPLIT_TEST, true, &first, &e), TFU_OK);
    ck_assert_int_eq(tfu_images_get(images, seed, TFU_SPLIT_TEST, true, &same, &e), TFU_OK);
    ck_assert_int_eq(tfu_images_get(images, few, TFU_SPLIT_TEST, true, &fewer, &e), TFU_OK);
    ck_assert_int_eq(tfu_images_get(images, seed, TFU_SPLIT_TRAIN, true, &train, &e), TFU_OK);
    ck_assert_ptr_eq(first, same);
    ck_assert_ptr_ne(first, fewer);
    ck_assert_int_eq(tfu_dataset_info(fewer)->count, 5);
    ck_assert_uint_eq(tfu_images_opened(images), 3);
    /* whoever opened them first may go */
    tfu_subject_close(few);
    tfu_subject_close(seed);
    float label;
    ck_assert_int_eq(tfu_dataset_get(fewer, 4, NULL, &label, &e), TFU_OK);
}
END_TEST

/* The same data for another task: opened once, and checked for each. */
START_TEST(labels_are_checked_for_each_network)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_dataset *data;
    lab_write_config("two.yaml", "classes: 3", "classes: 2");
    struct tfu_subject *two = lab_subject(&lab, "two.yaml", NULL);
    ck_assert_int_eq(tfu_images_get(images, lab.subject, TFU_SPLIT_TEST, true, &data, &e), TFU_OK);
    ck_assert_int_eq(tfu_images_get(images, two, TFU_SPLIT_TEST, true, &data, &e), TFU_EINVAL);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(tfu_images_opened(images), 1);
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_images_get(images, two, TFU_SPLIT_VALID, true, &data, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "no valid data"));
    tfu_subject_close(two);
}
END_TEST

/* ---- networks */

static struct tfu_capture *new_capture(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *c;
    const struct tfu_capture_request request = {
        .subject = lab.subject,
        .data = lab.data,
        .sampling = {.rows = 40, .channels = 5, .draws = 2, .seed = 1}};
    ck_assert_int_eq(tfu_capture_new(&c, &request, &e), TFU_OK);
    return c;
}

/* Three nodes, one a pass, with and without being foreseen: the same bits. */
START_TEST(passes_that_are_foreseen_share_a_network)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_capture *kept = new_capture(), *rebuilt = new_capture();
    struct tfu_node_choice *node;
    size_t count;
    const struct tfu_graph *g = tfu_capture_graph(kept);
    ck_assert_int_eq(tfu_nodes_choose(&node, &count, g, NULL, 0, &e), TFU_OK);
    ck_assert_uint_ge(count, 3);
    uint32_t value[3] = {node[0].value, node[1].value, node[2].value};
    ck_assert_int_eq(tfu_capture_foresee(kept, value, 3, &e), TFU_OK);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 3; i++) {
            const struct tfu_shape map = g->value[value[i]].shape;
            const struct tfu_capture_want want = {node[i].name, value[i], map.dim[1], map.dim[2],
                                                  0};
            ck_assert_int_eq(tfu_capture_run(kept, &want, 1, &e), TFU_OK);
            ck_assert_int_eq(tfu_capture_run(rebuilt, &want, 1, &e), TFU_OK);
            for (int64_t d = 0; d < 2; d++) {
                const struct tfu_tensor a = tfu_capture_get(kept, 0, d);
                const struct tfu_tensor b = tfu_capture_get(rebuilt, 0, d);
                ck_assert_mem_eq(a.data, b.data, (size_t)tfu_shape_count(&a.shape) * sizeof(float));
            }
        }
    ck_assert_uint_eq(tfu_capture_networks(kept), 1);
    ck_assert_uint_eq(tfu_capture_networks(rebuilt), 6);
    /* each value once, of a batch of 4 */
    const int64_t numbers = tfu_shape_count(&g->value[value[0]].shape);
    value[1] = value[0];
    ck_assert_int_eq(g->value[value[0]].shape.dim[0], 4);
    ck_assert_uint_eq(tfu_capture_kept_bytes(kept, value, 2), (size_t)numbers * sizeof(float));
    free(node);
    tfu_capture_free(kept);
    tfu_capture_free(rebuilt);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("once");
    TCase *t = tcase_create("once");
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, each_checkpoint_is_digested_once_and_the_data_once);
    tcase_add_test(t, a_checkpoint_that_changed_is_checked_again);
    tcase_add_test(t, a_file_of_weights_is_digested_once_for_all_draws);
    tcase_add_test(t, an_index_is_read_again_when_a_part_changed);
    tcase_add_test(t, data_of_another_section_are_other_data);
    tcase_add_test(t, labels_are_checked_for_each_network);
    tcase_add_test(t, passes_that_are_foreseen_share_a_network);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
