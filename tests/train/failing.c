/* SPDX-License-Identifier: MIT
 *
 * Every allocation of core/train's parts for plugins fails once: an error, no leak, no crash.
 */
#include <math.h>

#include "core/train/initialise.h"
#include "core/train/optimise.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/model.h"
#include "tests/support/scoring.h"

static struct model open_model(void)
{
    return model_open(&(struct model_request){.arch = "cbr_tiny",
                                              .backend = "reference",
                                              .input = tfu_shape_make(4, 1, 16, 16, 3, 1),
                                              .outputs = 5,
                                              .training = true});
}

/* Calls work(arg) until it needs fewer allocations than the one that is to fail. Check allocates
 * too: work() must not assert. */
static void fail_each(enum tfu_status (*work)(void *arg, struct tfu_error *e), void *arg)
{
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = work(arg, &e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : TFU_OK), "allocation %zu: status %d, %s", n,
                      (int)st, e.text);
        ck_assert_int_eq(e.status, st);
    }
    ck_assert_uint_gt(n, 2);
}

struct scorer_work {
    struct scoring *scoring;
    const struct split *split;
};

static enum tfu_status score(void *arg, struct tfu_error *e)
{
    const struct scorer_work *w = arg;
    const struct tfu_scorer_request request = {.metric = w->scoring->metric,
                                               .metric_count = 2,
                                               .task = w->split->task,
                                               .outputs = w->split->outputs,
                                               .label_columns = w->split->columns,
                                               .registry = w->scoring->registry};
    struct scoring s = *w->scoring;
    enum tfu_status st = tfu_scorer_new(&s.scorer, &request, e);
    if (st == TFU_OK)
        st = scoring_feed(&s, w->split, 4, e);
    if (st == TFU_OK)
        st = tfu_scorer_finish(s.scorer, &s.score, &s.count, e);
    tfu_scorer_free(s.scorer);
    return st;
}

START_TEST(scorer)
{
    /* 40 classes: more keys than the first piece of memory for them takes */
    struct split d = split_of_classes("memory", 60, 40);
    d.label[3] = NAN;
    struct scoring s = scoring_open(&d, "auc", "loss");
    struct scorer_work w = {&s, &d};
    fail_each(score, &w);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

struct model_work {
    struct model *model;
    struct tfu_plugin_choice choice;
};

static enum tfu_status make_optimiser(void *arg, struct tfu_error *e)
{
    const struct model_work *w = arg;
    struct tfu_optimiser *o = NULL;
    const enum tfu_status st = tfu_optimiser_new(&o, w->model->network, &w->choice,
                                                 w->model->registry, w->model->threads, e);
    const bool consistent = (o != NULL) == (st == TFU_OK);
    tfu_optimiser_free(o);
    return consistent ? st : TFU_ECORRUPT;
}

START_TEST(optimiser)
{
    struct model m = open_model();
    struct model_work w = {&m, choose(m.registry, TFU_KIND_OPTIM, "adam", "")};
    fail_each(make_optimiser, &w);
    choice_free(&w.choice);
    model_close(&m);
}
END_TEST

static enum tfu_status initialise(void *arg, struct tfu_error *e)
{
    const struct model_work *w = arg;
    const struct tfu_init_rule rule = {.choice = w->choice};
    struct tfu_text report = TFU_TEXT_INIT;
    const struct tfu_initialise_request request = {
        .network = w->model->network,
        .rule = &rule,
        .rule_count = 1,
        .registry = w->model->registry,
    };
    const enum tfu_status st = tfu_initialise(&request, &report, e);
    tfu_text_free(&report);
    return st;
}

START_TEST(initialiser)
{
    struct model m = open_model();
    struct model_work w = {&m, choose(m.registry, TFU_KIND_INIT, "random", "scheme=constant")};
    fail_each(initialise, &w);
    choice_free(&w.choice);
    model_close(&m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_add_test(t, scorer);
    tcase_add_test(t, optimiser);
    tcase_add_test(t, initialiser);
    suite_add_tcase(s, t);
    return run_suite(s);
}
