/* SPDX-License-Identifier: MIT
 *
 * Models, plans and measurements when memory runs out, at every allocation of ours once: each time
 * it is said, and nothing is left behind.
 */
#include "core/bench/layers.h"
#include "core/bench/run.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/failing_malloc.h"

static struct tfu_registry *registry;

typedef enum tfu_status work(struct tfu_bench_model *m, struct tfu_error *e);

static enum tfu_status plan(struct tfu_bench_model *m, struct tfu_error *e)
{
    struct tfu_network_memory training, inference;
    return tfu_bench_model_plan(m, &training, &inference, e);
}

static enum tfu_status layers(struct tfu_bench_model *m, struct tfu_error *e)
{
    struct tfu_bench_rows rows;
    const enum tfu_status st = tfu_bench_layers(m, 1, &rows, e);
    tfu_bench_rows_free(&rows);
    return st;
}

/* In a process of its own: what fails there is told to this one. */
static enum tfu_status run(struct tfu_bench_model *m, struct tfu_error *e)
{
    const struct tfu_bench_run_request request = {.training = true, .steps = 1};
    struct tfu_bench_result result;
    const enum tfu_status st = tfu_bench_run(m, &request, &result, e);
    tfu_bench_result_free(&result);
    return st;
}

static enum tfu_status open_and(work *w, struct tfu_error *e)
{
    static const struct tfu_algorithm_choice direct = {"conv2d", "direct"};
    const struct tfu_bench_model_request request = {.what = "cbr_tiny",
                                                    .batch = 1,
                                                    .size = 16,
                                                    .channels = 1,
                                                    .threads = 1,
                                                    .algorithm = &direct,
                                                    .algorithm_count = 1};
    struct tfu_bench_model m;
    enum tfu_status st = tfu_bench_model_open(&m, &request, registry, NULL, e);
    if (st == TFU_OK)
        st = w(&m, e);
    tfu_bench_model_close(&m);
    return st;
}

/* From allocation `first` on, each `stride`-th. */
static void fail_each(work *w, size_t first, size_t stride)
{
    struct tfu_error once = TFU_ERROR_INIT;
    registry = open_registry();
    ck_assert_msg(open_and(w, &once) == TFU_OK, "%s", once.text); /* opens the plugins */
    for (size_t n = first;; n += stride) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = open_and(w, &e);
        const bool failed = failing_malloc_disarm();
        if (st == TFU_OK && !failed) {
            ck_assert_uint_gt(n, 20);
            break;
        }
        if (st == TFU_OK) /* what is optional was left out, such as measured timings */
            continue;
        ck_assert_msg(st == TFU_ENOMEM && e.text[0], "allocation %zu: status %d, '%s'", n, st,
                      e.text);
    }
    tfu_registry_free(registry);
}

START_TEST(planning)
{
    fail_each(plan, 1, 1);
}
END_TEST

START_TEST(measuring_layers)
{
    fail_each(layers, 1, 7);
}
END_TEST

START_TEST(running)
{
    fail_each(run, 1, 11);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("bench/failing");
    TCase *t = tcase_create("failing");
    tcase_add_test(t, planning);
    tcase_add_test(t, measuring_layers);
    tcase_add_test(t, running);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(make_suite());
}
