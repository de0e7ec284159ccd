/* SPDX-License-Identifier: MIT
 *
 * Batches: which, in what order, and from where on.
 */
#include "core/data/loader.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

enum { PIXELS = 6 }; /* of an image of 2 x 3 x 1 */

static struct tfu_registry *registry;

static void setup(void)
{
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static struct tfu_loader *open_loader(const struct tfu_loader_request *request)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_loader *l = NULL;
    tfu_loader_new(&l, request, &e);
    ck_assert_msg(e.status == TFU_OK && l, "%s", e.text);
    return l;
}

/* The next batch, with its contents checked. */
static struct tfu_loader_batch next(struct tfu_loader *l)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_loader_batch b;
    tfu_loader_next(l, &b, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    for (int64_t i = 0; i < b.rows; i++) {
        for (int64_t p = 0; p < PIXELS; p++)
            ck_assert_float_eq(b.pixels[i * PIXELS + p], formula_pixel(b.example[i], p));
        ck_assert_float_eq(b.labels[i], (float)(b.example[i] % 10));
    }
    return b;
}

/* Reads a whole epoch; the examples in their order go to `order`. Returns their number. */
static int64_t read_epoch(struct tfu_loader *l, int64_t epoch, int64_t batch, int64_t *order)
{
    int64_t count = 0, index = 0;
    for (struct tfu_loader_batch b; (b = next(l)).rows > 0; index++) {
        ck_assert_int_eq(b.epoch, epoch);
        ck_assert_int_eq(b.index, index);
        ck_assert_int_le(b.rows, batch);
        memcpy(order + count, b.example, (size_t)b.rows * sizeof *order);
        count += b.rows;
    }
    ck_assert_int_eq(index, tfu_loader_batches_per_epoch(l));
    return count;
}

static bool each_once(const int64_t *order, int64_t count)
{
    bool seen[256] = {false};
    for (int64_t i = 0; i < count; i++) {
        if (order[i] < 0 || order[i] >= count || seen[order[i]])
            return false;
        seen[order[i]] = true;
    }
    return true;
}

START_TEST(each_example_once_an_epoch)
{
    for (int64_t count = 1; count <= 33; count += 4)
        for (int64_t batch = 1; batch <= 40; batch += 3) {
            const struct formula_config c = formula_config(count, 2, 3, 1);
            const struct tfu_data_split split = formula_split(&c);
            struct tfu_dataset *d = open_dataset(&split, registry);
            struct tfu_loader *l = open_loader(
                &(struct tfu_loader_request){.dataset = d, .batch = batch, .shuffle = true});
            ck_assert_int_eq(tfu_loader_batches_per_epoch(l), (count + batch - 1) / batch);
            for (int64_t epoch = 0; epoch < 3; epoch++) {
                int64_t order[64];
                ck_assert_int_eq(read_epoch(l, epoch, batch, order), count);
                ck_assert(each_once(order, count));
            }
            tfu_loader_free(l);
            tfu_dataset_close(d);
        }
}
END_TEST

START_TEST(without_shuffling_in_their_order)
{
    const struct formula_config c = formula_config(23, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l = open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 5});
    for (int64_t epoch = 0; epoch < 2; epoch++) {
        int64_t order[32];
        ck_assert_int_eq(read_epoch(l, epoch, 5, order), 23);
        for (int64_t i = 0; i < 23; i++)
            ck_assert_int_eq(order[i], i);
    }
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

static void take_order(const struct tfu_dataset *d, uint64_t seed, int64_t batch, int64_t epoch,
                       int64_t *order)
{
    struct tfu_loader *l = open_loader(
        &(struct tfu_loader_request){.dataset = d, .batch = batch, .shuffle = true, .seed = seed});
    for (int64_t i = 0; i <= epoch; i++)
        ck_assert_int_eq(read_epoch(l, i, batch, order), 100);
    tfu_loader_free(l);
}

START_TEST(the_order_depends_on_seed_and_epoch_alone)
{
    const struct formula_config c = formula_config(100, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    int64_t order[5][100];
    take_order(d, 5, 7, 1, order[0]);
    take_order(d, 5, 32, 1, order[1]); /* the same, in other batches */
    take_order(d, 5, 7, 0, order[2]);
    take_order(d, 6, 7, 1, order[3]);
    take_order(d, 6, 7, 0, order[4]);
    ck_assert_mem_eq(order[0], order[1], sizeof order[0]);
    /* two permutations of 100 agree in one place on average; in more than 10 never */
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < i; k++) {
            int equal = 0;
            for (int j = 0; j < 100; j++)
                equal += order[i][j] == order[k][j];
            if (i != 1 || k != 0)
                ck_assert_int_le(equal, 10);
        }
    tfu_dataset_close(d);
}
END_TEST

START_TEST(a_last_batch_that_is_not_full)
{
    const struct formula_config c = formula_config(23, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader_request request = {.dataset = d, .batch = 5, .shuffle = true, .seed = 3};
    int64_t all[32], dropped[32];
    struct tfu_loader *l = open_loader(&request);
    for (int64_t i = 0; i < 5; i++)
        ck_assert_int_eq(next(l).rows, i < 4 ? 5 : 3);
    ck_assert_int_eq(next(l).rows, 0);
    tfu_loader_free(l);

    l = open_loader(&request);
    ck_assert_int_eq(read_epoch(l, 0, 5, all), 23);
    tfu_loader_free(l);
    request.drop_last = true;
    l = open_loader(&request);
    ck_assert_int_eq(tfu_loader_batches_per_epoch(l), 4);
    ck_assert_int_eq(read_epoch(l, 0, 5, dropped), 20);
    ck_assert_mem_eq(all, dropped, 20 * sizeof *all);
    ck_assert_int_eq(read_epoch(l, 1, 5, dropped), 20);
    tfu_loader_free(l);
    request.batch = 23; /* full: nothing is dropped */
    l = open_loader(&request);
    ck_assert_int_eq(read_epoch(l, 0, 23, dropped), 23);
    tfu_loader_free(l);

    struct tfu_error e = TFU_ERROR_INIT;
    request.batch = 24;
    l = (struct tfu_loader *)&e; /* to be overwritten */
    ck_assert_int_eq(tfu_loader_new(&l, &request, &e), TFU_EINVAL);
    ck_assert_ptr_null(l);
    ck_assert_str_eq(e.text, "drop_last leaves nothing: the 23 examples do not fill a batch of 24; "
                             "use a smaller batch");
    tfu_dataset_close(d);
}
END_TEST

START_TEST(a_batch_larger_than_the_dataset_costs_no_more)
{
    const struct formula_config c = formula_config(4, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l =
        open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 1000000000});
    ck_assert_int_eq(tfu_loader_batches_per_epoch(l), 1);
    int64_t order[4];
    ck_assert_int_eq(read_epoch(l, 0, 4, order), 4);
    ck_assert_int_eq(read_epoch(l, 1, 4, order), 4);
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

static void same_batch(const struct tfu_loader_batch *a, const struct tfu_loader_batch *b)
{
    ck_assert_int_eq(a->epoch, b->epoch);
    ck_assert_int_eq(a->index, b->index);
    ck_assert_int_eq(a->rows, b->rows);
    ck_assert_mem_eq(a->example, b->example, (size_t)a->rows * sizeof *a->example);
}

START_TEST(seeking_goes_on_where_reading_would)
{
    const struct formula_config c = formula_config(22, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    const struct tfu_loader_request request = {.dataset = d, .batch = 4, .shuffle = true};
    struct tfu_loader *sought = open_loader(&request);
    /* per_epoch + 1 positions: the last is the epoch's end. From the back, so that it turns back.
     */
    for (int64_t epoch = 2; epoch >= 0; epoch--)
        for (int64_t index = 6; index >= 0; index--) {
            struct tfu_loader *read = open_loader(&request);
            for (int64_t i = 0; i < epoch * 7 + index; i++)
                next(read);
            ck_assert_int_eq(tfu_loader_seek(sought, epoch, index, NULL), TFU_OK);
            for (int i = 0; i < 9; i++) {
                const struct tfu_loader_batch a = next(read), b = next(sought);
                same_batch(&a, &b);
                if (i == 0)
                    ck_assert(b.epoch == epoch && b.index == index);
            }
            tfu_loader_free(read);
        }
    tfu_loader_free(sought);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(places_that_do_not_exist)
{
    const struct formula_config c = formula_config(22, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l = open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 4});
    struct tfu_error e = TFU_ERROR_INIT;
    next(l);
    ck_assert_int_eq(tfu_loader_seek(l, 3, 7, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "there is no batch 7 in epoch 3: an epoch has 6");
    ck_assert_int_eq(tfu_loader_seek(l, -1, 0, NULL), TFU_EINVAL);
    ck_assert_int_eq(tfu_loader_seek(l, 0, -1, NULL), TFU_EINVAL);
    ck_assert_int_eq(next(l).index, 1); /* a refusal moves nothing */
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(errors_come_in_their_turn)
{
    struct formula_config c = formula_config(12, 2, 3, 1);
    c.broken = 7; /* in the batch 2 of 0..3 */
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l = open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 3});
    for (int64_t epoch = 0; epoch < 2; epoch++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_loader_batch b;
        ck_assert_int_eq(next(l).index, 0);
        ck_assert_int_eq(next(l).index, 1);
        ck_assert_int_eq(tfu_loader_next(l, &b, &e), TFU_EIO);
        ck_assert_int_eq(e.status, TFU_EIO);
        ck_assert_str_eq(e.text, "example 7 of dataset 'formula': the disk is gone");
        ck_assert_int_eq(next(l).index, 3); /* the batch behind it is whole */
        ck_assert_int_eq(next(l).rows, 0);
    }
    struct tfu_loader_batch b;
    ck_assert_int_eq(tfu_loader_seek(l, 0, 2, NULL), TFU_OK);
    ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_EIO); /* no error object is fine */
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(a_batch_stays_until_the_next_call)
{
    const struct formula_config c = formula_config(40, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l = open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 4});
    for (int k = 0; k < 30; k++) {
        const struct tfu_loader_batch b = next(l);
        float pixels[4 * PIXELS];
        memcpy(pixels, b.pixels, (size_t)(b.rows * PIXELS) * sizeof *pixels);
        for (int i = 0; i < 50; i++)
            sched_yield(); /* lets the reader go ahead */
        ck_assert_mem_eq(pixels, b.pixels, (size_t)(b.rows * PIXELS) * sizeof *pixels);
    }
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(freed_at_any_moment)
{
    struct formula_config c = formula_config(9, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    tfu_loader_free(NULL);
    for (int round = 0; round < 200; round++) {
        c.broken = round % 3 ? -1 : 1;
        struct tfu_dataset *d = open_dataset(&split, registry);
        struct tfu_loader *l = open_loader(
            &(struct tfu_loader_request){.dataset = d, .batch = 2, .shuffle = round % 2 != 0});
        struct tfu_loader_batch b;
        for (int i = 0; i < round % 9; i++)
            tfu_loader_next(l, &b, NULL);
        if (round % 5 == 0)
            ck_assert_int_eq(tfu_loader_seek(l, 4, round % 6, NULL), TFU_OK);
        for (int i = 0; i < round % 4; i++)
            sched_yield();
        tfu_loader_free(l);
        tfu_dataset_close(d);
    }
}
END_TEST

START_TEST(a_selection_is_counted_from_0)
{
    const struct formula_config c = formula_config(50, 2, 3, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.limit = 11;
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l =
        open_loader(&(struct tfu_loader_request){.dataset = d, .batch = 3, .shuffle = true});
    bool seen[11] = {false};
    for (struct tfu_loader_batch b; tfu_loader_next(l, &b, NULL) == TFU_OK && b.rows > 0;)
        for (int64_t i = 0; i < b.rows; i++) {
            ck_assert(b.example[i] >= 0 && b.example[i] < 11 && !seen[b.example[i]]);
            seen[b.example[i]] = true;
            const int64_t source = tfu_dataset_source_index(d, b.example[i]);
            ck_assert_float_eq(b.pixels[i * PIXELS], formula_pixel(source, 0));
            ck_assert_float_eq(b.labels[i], (float)(source % 10));
        }
    for (int i = 0; i < 11; i++)
        ck_assert(seen[i]);
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/loader");
    TCase *t = tcase_create("loader");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, each_example_once_an_epoch);
    tcase_add_test(t, without_shuffling_in_their_order);
    tcase_add_test(t, the_order_depends_on_seed_and_epoch_alone);
    tcase_add_test(t, a_last_batch_that_is_not_full);
    tcase_add_test(t, a_batch_larger_than_the_dataset_costs_no_more);
    tcase_add_test(t, seeking_goes_on_where_reading_would);
    tcase_add_test(t, places_that_do_not_exist);
    tcase_add_test(t, errors_come_in_their_turn);
    tcase_add_test(t, a_batch_stays_until_the_next_call);
    tcase_add_test(t, freed_at_any_moment);
    tcase_add_test(t, a_selection_is_counted_from_0);
    suite_add_tcase(s, t);
    return run_suite(s);
}
