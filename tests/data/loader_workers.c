/* SPDX-License-Identifier: MIT
 *
 * However many threads read: the same batches, marks and errors come in the same order. The dataset
 * sleeps and fails by chance.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/random.h"
#include "core/data/loader.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

enum { PIXELS = 6, COUNT_MAX = 60, WORKERS_MAX = 8 };

static struct tfu_registry *registry;
static struct tfu_random chance;

static void setup(void)
{
    registry = open_registry();
    tfu_random_init(&chance, 17);
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static int64_t below(int64_t n)
{
    return (int64_t)tfu_random_below(&chance, (uint64_t)n);
}

/* A dataset that is random in time and in which examples fail, not in what it gives. */
struct setting {
    float pixels[COUNT_MAX * PIXELS];
    struct formula_config config;
    struct tfu_data_split split;
    struct tfu_dataset *data;
    struct tfu_loader_request request;
};

static void open_setting(struct setting *s)
{
    const int64_t count = 1 + below(COUNT_MAX);
    s->config = formula_config(count, 2, 3, 1);
    s->config.pixels = s->pixels;
    s->config.sleep = 1 + below(3);
    s->config.broken = below(2) ? below(count) : -1;
    for (int64_t i = 0; i < count; i++) {
        const bool constant = below(4) == 0;
        for (int64_t p = 0; p < PIXELS; p++)
            s->pixels[i * PIXELS + p] = constant ? 0.5F : formula_pixel(i, p);
    }
    s->split = formula_split(&s->config);
    s->data = open_dataset(&s->split, registry);
    s->request = (struct tfu_loader_request){.dataset = s->data,
                                             .batch = 1 + below(count),
                                             .shuffle = below(2) != 0,
                                             .seed = (uint64_t)below(1000),
                                             .drop_last = below(2) != 0};
}

static struct tfu_loader *open_loader(const struct setting *s, uint32_t workers)
{
    struct tfu_loader_request request = s->request;
    struct tfu_loader *l = NULL;
    request.workers = workers;
    ck_assert_int_eq(tfu_loader_new(&l, &request, NULL), TFU_OK);
    return l;
}

static void same_next(struct tfu_loader *one, struct tfu_loader *many)
{
    struct tfu_error e[2] = {TFU_ERROR_INIT, TFU_ERROR_INIT};
    struct tfu_loader_batch a, b;
    const enum tfu_status st = tfu_loader_next(one, &a, &e[0]);
    ck_assert_int_eq(tfu_loader_next(many, &b, &e[1]), st);
    ck_assert_str_eq(e[0].text, e[1].text);
    ck_assert_int_eq(a.rows, b.rows);
    ck_assert_int_eq(a.epoch, b.epoch);
    ck_assert_int_eq(a.index, b.index);
    ck_assert_int_eq(a.constant, b.constant);
    ck_assert_int_eq(a.first_constant, b.first_constant);
    ck_assert_mem_eq(a.example, b.example, (size_t)a.rows * sizeof *a.example);
    if (st != TFU_OK)
        return;
    ck_assert_mem_eq(a.pixels, b.pixels, (size_t)(a.rows * PIXELS) * sizeof *a.pixels);
    ck_assert_mem_eq(a.labels, b.labels, (size_t)a.rows * sizeof *a.labels);
}

static void maybe_seek(struct tfu_loader *one, struct tfu_loader *many)
{
    if (below(8))
        return;
    const int64_t epoch = below(5), index = below(tfu_loader_batches_per_epoch(one) + 1);
    ck_assert_int_eq(tfu_loader_seek(one, epoch, index, NULL), TFU_OK);
    ck_assert_int_eq(tfu_loader_seek(many, epoch, index, NULL), TFU_OK);
}

START_TEST(as_with_one_worker)
{
    struct setting s;
    for (int round = 0; round < 60; round++) {
        open_setting(&s);
        struct tfu_loader *one = open_loader(&s, (uint32_t)below(2));
        struct tfu_loader *many =
            open_loader(&s, below(4) ? 2 + (uint32_t)below(WORKERS_MAX - 1) : TFU_LOADER_AUTO);
        for (int i = 0; i < 30; i++) {
            maybe_seek(one, many);
            same_next(one, many);
        }
        tfu_loader_free(many); /* while its workers are busy */
        tfu_loader_free(one);
        tfu_dataset_close(s.data);
    }
}
END_TEST

/* Epochs of one batch: many are read ahead at once. */
START_TEST(epochs_shorter_than_the_queue)
{
    struct setting s;
    for (int round = 0; round < 10; round++) {
        open_setting(&s);
        s.request.batch = s.config.count;
        s.request.shuffle = true;
        struct tfu_loader *one = open_loader(&s, 1), *many = open_loader(&s, WORKERS_MAX);
        for (int i = 0; i < 50; i++)
            same_next(one, many);
        tfu_loader_free(many);
        tfu_loader_free(one);
        tfu_dataset_close(s.data);
    }
}
END_TEST

START_TEST(freed_and_sought_at_any_moment)
{
    struct setting s;
    for (int round = 0; round < 150; round++) {
        open_setting(&s);
        struct tfu_loader_batch b;
        struct tfu_loader *l = open_loader(&s, 1 + (uint32_t)below(WORKERS_MAX));
        for (int64_t i = below(6); i > 0; i--) {
            if (below(2))
                tfu_loader_next(l, &b, NULL);
            else
                tfu_loader_seek(l, below(9), below(tfu_loader_batches_per_epoch(l) + 1), NULL);
            const struct timespec moment = {.tv_nsec = below(200000)};
            if (below(2))
                nanosleep(&moment, NULL);
        }
        tfu_loader_free(l);
        tfu_dataset_close(s.data);
    }
}
END_TEST

/* What the caller has is nobody else's, whatever the workers do. */
START_TEST(a_batch_stays_until_the_next_call)
{
    const struct formula_config c = formula_config(COUNT_MAX, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct setting s = {.data = open_dataset(&split, registry)};
    s.request = (struct tfu_loader_request){.dataset = s.data, .batch = 4};
    struct tfu_loader *l = open_loader(&s, 3);
    for (int k = 0; k < 40; k++) {
        struct tfu_loader_batch b;
        ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK);
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        for (int64_t i = 0; i < b.rows; i++)
            for (int64_t p = 0; p < PIXELS; p++)
                ck_assert_float_eq(b.pixels[i * PIXELS + p], formula_pixel(b.example[i], p));
    }
    tfu_loader_free(l);
    tfu_dataset_close(s.data);
}
END_TEST

START_TEST(what_its_batches_take)
{
    const struct formula_config c = formula_config(50, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader_request request = {.dataset = d, .batch = 7};
    const size_t row = PIXELS * sizeof(float) + sizeof(float) + sizeof(int64_t);
    /* an image as it is read, and as it comes out: all are of one size */
    const size_t reading = 2 * PIXELS * sizeof(float);
    ck_assert_uint_eq(tfu_loader_bytes(&request), 2 * 7 * row + reading);
    request.workers = 4;
    ck_assert_uint_eq(tfu_loader_bytes(&request), 5 * 7 * row + 4 * reading);
    request.batch = 1000; /* room for what there is */
    request.shuffle = true;
    ck_assert_uint_eq(tfu_loader_bytes(&request),
                      5 * 50 * row + 4 * reading + 50 * sizeof(int64_t));
    tfu_dataset_close(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/loader_workers");
    TCase *t = tcase_create("workers");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 600);
    tcase_add_test(t, as_with_one_worker);
    tcase_add_test(t, epochs_shorter_than_the_queue);
    tcase_add_test(t, freed_and_sought_at_any_moment);
    tcase_add_test(t, a_batch_stays_until_the_next_call);
    tcase_add_test(t, what_its_batches_take);
    suite_add_tcase(s, t);
    return run_suite(s);
}
