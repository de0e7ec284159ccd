/* SPDX-License-Identifier: MIT
 *
 * libtransfuse-infer as a program elsewhere sees it: nothing but <transfuse/infer.h> and a file.
 */
#include <transfuse/infer.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

enum { SIDE = 12, CHANNELS = 3, OUTPUTS = 3, BATCH = 5, NUMBERS = SIDE * SIDE * CHANNELS };

static const char *sample(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/tests/infer/version_1.tfm", getenv("TOP_SRCDIR"));
    return path;
}

/* `images` of them, as the network takes them. */
static void fill(float *x, int images)
{
    for (int i = 0; i < images * NUMBERS; i++)
        x[i] = (float)(i * 7919 % 256) / 255.0f - 0.5f;
}

static struct tfu_infer_model *open_sample(uint32_t threads, int64_t batch)
{
    struct tfu_infer_model *m;
    struct tfu_infer_error e;
    const struct tfu_infer_options o = {
        .struct_size = sizeof o, .threads = threads, .batch = batch};
    ck_assert_msg(tfu_infer_open(&m, sample(), &o, &e) == TFU_OK, "%s", e.text);
    return m;
}

START_TEST(it_says_what_it_is)
{
    struct tfu_infer_model *m;
    struct tfu_infer_error e;
    ck_assert_msg(tfu_infer_open(&m, sample(), NULL, &e) == TFU_OK, "%s", e.text);
    const struct tfu_infer_info *i = tfu_infer_get_info(m);
    ck_assert_int_eq(i->height, SIDE);
    ck_assert_int_eq(i->width, SIDE);
    ck_assert_int_eq(i->channels, CHANNELS);
    ck_assert_int_eq(i->outputs, OUTPUTS);
    ck_assert_int_eq(i->scores, TFU_INFER_CLASSES);
    ck_assert_str_eq(i->names[0], "none");
    ck_assert_str_eq(i->arch, "sketch");
    ck_assert_int_eq(i->step, 1200);
    ck_assert_ptr_null(i->not_preparable);
    tfu_infer_close(m);
    tfu_infer_close(NULL);
}
END_TEST

START_TEST(scores_are_those_of_the_logits_whatever_the_threads)
{
    float x[BATCH * NUMBERS], one[BATCH * OUTPUTS], scores[BATCH * OUTPUTS];
    float logits[BATCH * OUTPUTS];
    struct tfu_infer_error e;
    fill(x, BATCH);
    for (uint32_t threads = 1; threads < 5; threads++) {
        struct tfu_infer_model *m = open_sample(threads, BATCH);
        ck_assert_msg(tfu_infer_run(m, BATCH, x, scores, logits, &e) == TFU_OK, "%s", e.text);
        if (threads > 1)
            ck_assert_mem_eq(scores, one, sizeof one);
        memcpy(one, scores, sizeof one);
        tfu_infer_close(m);
    }
    for (int i = 0; i < BATCH; i++) {
        const float *z = logits + i * OUTPUTS;
        const double sum = exp((double)z[0]) + exp((double)z[1]) + exp((double)z[2]);
        for (int k = 0; k < OUTPUTS; k++)
            ck_assert_double_eq_tol((double)scores[i * OUTPUTS + k], exp((double)z[k]) / sum, 1e-6);
    }
    ck_assert(scores[0] > 0 && scores[0] < 1);
}
END_TEST

/* ---- models side by side */

struct beside {
    uint32_t threads;
    float scores[OUTPUTS];
};

static void *run_beside(void *arg)
{
    struct beside *b = arg;
    float x[NUMBERS];
    struct tfu_infer_model *m = open_sample(b->threads, 1);
    fill(x, 1);
    for (int i = 0; i < 20; i++)
        if (tfu_infer_run(m, 1, x, b->scores, NULL, NULL) != TFU_OK)
            b->scores[0] = NAN;
    tfu_infer_close(m);
    return NULL;
}

START_TEST(models_of_two_threads_are_independent)
{
    struct beside b[2] = {{.threads = 1}, {.threads = 2}};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, run_beside, &b[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    ck_assert(isfinite(b[0].scores[0]));
    ck_assert_mem_eq(b[0].scores, b[1].scores, sizeof b[0].scores);
}
END_TEST

/* ---- what is refused */

static const struct {
    const char *path; /* NULL: the sample */
    struct tfu_infer_options options;
    const char *says;
} unopened[] = {
    {"/nowhere.tfm", {.struct_size = sizeof(struct tfu_infer_options)}, "cannot open"},
    {NULL, {.batch = 8}, "`struct_size` of struct tfu_infer_options is 0"},
    {NULL, {.struct_size = sizeof(struct tfu_infer_options), .batch = -1}, "a batch of -1"},
    {NULL, {.struct_size = sizeof(struct tfu_infer_options), .threads = 5000}, "5000 threads"},
};

START_TEST(what_cannot_be_opened_is_said)
{
    struct tfu_infer_model *m;
    struct tfu_infer_error e = {.text = ""};
    const char *path = unopened[_i].path ? unopened[_i].path : sample();
    ck_assert_int_ne(tfu_infer_open(&m, path, &unopened[_i].options, &e), TFU_OK);
    ck_assert_ptr_null(m);
    ck_assert_msg(strstr(e.text, unopened[_i].says) != NULL, "%s", e.text);
    ck_assert_int_ne(tfu_infer_open(&m, path, &unopened[_i].options, NULL), TFU_OK);
}
END_TEST

START_TEST(images_that_are_none_are_refused_and_the_next_goes_on)
{
    float x[2 * NUMBERS], good[2 * OUTPUTS], scores[2 * OUTPUTS];
    struct tfu_infer_error e;
    struct tfu_infer_model *m = open_sample(1, 2);
    const struct tfu_infer_image image = {
        .dtype = TFU_U8, .height = 1, .width = 1, .channels = 1, .pixels = "x"};
    fill(x, 2);
    ck_assert_int_eq(tfu_infer_run(m, 2, x, good, NULL, &e), TFU_OK);
    ck_assert_int_eq(tfu_infer_run(m, 3, x, scores, NULL, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, "3 images, where the model was opened for 1 to 2") != NULL, "%s",
                  e.text);
    x[NUMBERS + 7] = INFINITY;
    ck_assert_int_eq(tfu_infer_run(m, 2, x, scores, NULL, &e), TFU_ENUMERIC);
    ck_assert_msg(strstr(e.text, "of image 1 is") != NULL, "%s", e.text);
    ck_assert_int_eq(tfu_infer_prepare(m, &image, x, &e), TFU_EINVAL);
    ck_assert_msg(strstr(e.text, "`struct_size` of struct tfu_infer_image") != NULL, "%s", e.text);
    fill(x, 2);
    ck_assert_int_eq(tfu_infer_run(m, 2, x, scores, NULL, &e), TFU_OK);
    ck_assert_mem_eq(scores, good, sizeof good);
    tfu_infer_close(m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("infer/library");
    TCase *c = tcase_create("library");
    tcase_add_test(c, it_says_what_it_is);
    tcase_add_test(c, scores_are_those_of_the_logits_whatever_the_threads);
    tcase_add_test(c, models_of_two_threads_are_independent);
    tcase_add_loop_test(c, what_cannot_be_opened_is_said, 0,
                        (int)(sizeof unopened / sizeof *unopened));
    tcase_add_test(c, images_that_are_none_are_refused_and_the_next_goes_on);
    suite_add_tcase(s, c);
    return run_suite(s);
}
