/* SPDX-License-Identifier: MIT
 *
 * Batches whose images are mixed: by shares and partners that the pixels show, the same for any
 * number of workers and from any batch on; never where nothing is random.
 */
#include <math.h>
#include <string.h>

#include "core/data/loader.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

enum { COUNT = 23, BATCH = 5, SIDE = 6, PIXELS = SIDE * SIDE, EPOCHS = 3 };

struct mixing {
    struct tfu_registry *registry;
    struct formula_config config;
    struct tfu_plugin_choice choice;
    struct tfu_data_split split;
    struct tfu_dataset *data;
    float pixels[COUNT * PIXELS]; /* all those of example i are i / COUNT */
};

static void begin(struct mixing *m, const char *name)
{
    m->registry = open_registry();
    m->config = formula_config(COUNT, SIDE, SIDE, 1);
    m->config.pixels = m->pixels;
    for (int i = 0; i < COUNT * PIXELS; i++)
        m->pixels[i] = (float)(i / PIXELS) / COUNT;
    m->split = formula_split(&m->config);
    m->choice = choose(m->registry, TFU_KIND_TRANSFORM, name, "alpha=1");
    m->split.transform = &m->choice;
    m->split.transform_count = 1;
    m->data = open_dataset(&m->split, m->registry);
}

static void end(struct mixing *m)
{
    tfu_dataset_close(m->data);
    choice_free(&m->choice);
    tfu_registry_free(m->registry);
}

static struct tfu_loader *open_loader(const struct mixing *m, bool random, uint32_t workers)
{
    const struct tfu_loader_request request = {.dataset = m->data,
                                               .batch = BATCH,
                                               .shuffle = true,
                                               .random = random,
                                               .seed = 5,
                                               .workers = workers};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_loader *l = NULL;
    ck_assert_int_eq(tfu_loader_new(&l, &request, &e), TFU_OK);
    return l;
}

static const char *const names[] = {"mixup", "cutmix"};

/* Of an image of one number and its partner's, the mean says the share; partners are rows of the
 * batch, each that of one, and their labels are those that go along. */
START_TEST(shares_and_partners)
{
    struct mixing m;
    begin(&m, names[_i]);
    struct tfu_loader *l = open_loader(&m, true, 1);
    int mixed = 0, rows = 0;
    for (int batches = 0; batches < EPOCHS * 6;) {
        struct tfu_loader_batch b;
        ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK);
        batches++;
        int partner_of[COUNT] = {0};
        for (int64_t r = 0; r < b.rows; r++) {
            int64_t other = -1;
            for (int64_t k = 0; k < b.rows; k++)
                if (b.other_labels[r] == b.labels[k] && (other < 0 || b.example[k] % 10 != 0))
                    other = k;
            ck_assert_int_ge(other, 0);
            const double own = (double)b.example[r] / COUNT;
            double sum = 0;
            for (int i = 0; i < PIXELS; i++)
                sum += (double)b.pixels[r * PIXELS + i];
            /* which of several with the same label it is, the mean has to tell */
            bool found = false;
            for (int64_t k = 0; k < b.rows && !found; k++) {
                const double of_partner = (double)b.example[k] / COUNT;
                const double want = b.share[r] * own + (1 - b.share[r]) * of_partner;
                found = b.labels[k] == b.other_labels[r] && fabs(sum / PIXELS - want) < 1e-5;
                if (found && b.share[r] < 1)
                    partner_of[b.example[k]]++;
            }
            ck_assert_msg(found, "row %d has another mean than its share says", (int)r);
            ck_assert(b.share[r] >= 0 && b.share[r] <= 1);
            mixed += b.share[r] < 0.9 && b.share[r] > 0.1;
            rows++;
        }
        for (int i = 0; i < COUNT; i++)
            ck_assert_int_le(partner_of[i], 2); /* two examples may have the same mean */
    }
    ck_assert_int_gt(mixed, rows / 3);
    tfu_loader_free(l);
    end(&m);
}
END_TEST

static void same(const struct tfu_loader_batch *a, const struct tfu_loader_batch *b)
{
    ck_assert_int_eq(a->rows, b->rows);
    if (!a->rows)
        return;
    ck_assert_mem_eq(a->pixels, b->pixels, (size_t)(a->rows * PIXELS) * sizeof(float));
    ck_assert_mem_eq(a->share, b->share, (size_t)a->rows * sizeof(double));
    ck_assert_mem_eq(a->other_labels, b->other_labels, (size_t)a->rows * sizeof(float));
}

START_TEST(any_number_of_workers)
{
    struct mixing m;
    begin(&m, names[_i]);
    struct tfu_loader *one = open_loader(&m, true, 1), *many = open_loader(&m, true, 5);
    for (int i = 0; i < EPOCHS * 6; i++) {
        struct tfu_loader_batch a, b;
        ck_assert_int_eq(tfu_loader_next(one, &a, NULL), TFU_OK);
        ck_assert_int_eq(tfu_loader_next(many, &b, NULL), TFU_OK);
        same(&a, &b);
    }
    tfu_loader_free(one);
    tfu_loader_free(many);
    end(&m);
}
END_TEST

START_TEST(from_any_batch)
{
    struct mixing m;
    begin(&m, "mixup");
    struct tfu_loader *read = open_loader(&m, true, 2), *sought = open_loader(&m, true, 2);
    float last[PIXELS] = {0};
    for (int64_t i = 0; i < EPOCHS * 6; i++) {
        struct tfu_loader_batch a, b;
        ck_assert_int_eq(tfu_loader_next(read, &a, NULL), TFU_OK);
        ck_assert_int_eq(tfu_loader_seek(sought, i / 6, i % 6, NULL), TFU_OK);
        ck_assert_int_eq(tfu_loader_next(sought, &b, NULL), TFU_OK);
        same(&a, &b);
        if (a.rows) {
            ck_assert(memcmp(last, a.pixels, sizeof last) != 0);
            memcpy(last, a.pixels, sizeof last);
        }
    }
    tfu_loader_free(read);
    tfu_loader_free(sought);
    end(&m);
}
END_TEST

START_TEST(never_in_evaluation)
{
    struct mixing m;
    begin(&m, "mixup");
    struct tfu_loader *l = open_loader(&m, false, 1);
    struct tfu_loader_batch b;
    ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK);
    ck_assert_ptr_null(b.share);
    for (int64_t r = 0; r < b.rows; r++)
        ck_assert_float_eq(b.pixels[r * PIXELS], (float)b.example[r] / COUNT);
    tfu_loader_free(l);
    end(&m);
}
END_TEST

/* Losses can be shared once. */
START_TEST(two_that_mix)
{
    struct mixing m;
    begin(&m, "mixup");
    struct tfu_plugin_choice two[] = {m.choice,
                                      choose(m.registry, TFU_KIND_TRANSFORM, "cutmix", "alpha=1")};
    struct tfu_data_split split = m.split;
    split.transform = two;
    split.transform_count = 2;
    expect_refusal(&split, m.registry, TFU_EINVAL,
                   "transforms 'mixup' and 'cutmix' both mix images of a batch, and losses can be "
                   "shared once; leave one of them out");
    choice_free(&two[1]);
    end(&m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/mixing");
    TCase *t = tcase_create("mixing");
    tcase_add_loop_test(t, shares_and_partners, 0, (int)TFU_COUNT(names));
    tcase_add_loop_test(t, any_number_of_workers, 0, (int)TFU_COUNT(names));
    tcase_add_test(t, from_any_batch);
    tcase_add_test(t, never_in_evaluation);
    tcase_add_test(t, two_that_mix);
    suite_add_tcase(s, t);
    return run_suite(s);
}
