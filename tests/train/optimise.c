/* SPDX-License-Identifier: MIT
 *
 * core/train/optimise.h on a network whose gradients the tests write: norm, clipping, refusal, the
 * same bits for any number of threads, slots.
 */
#include <math.h>
#include <string.h>

#include "core/train/optimise.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"
#include "tests/support/model.h"

#undef fail /* of Check; struct tfu_host has one */

struct training {
    struct model model;
    struct tfu_plugin_choice rule;
    struct tfu_optimiser *optimiser;
};

static struct training begin(const char *rule, const char *options, uint32_t threads,
                             const bool *frozen)
{
    struct training t;
    struct tfu_error e = TFU_ERROR_INIT;
    t.model = model_open(&(struct model_request){.arch = "cbr_tiny",
                                                 .backend = "reference",
                                                 .input = tfu_shape_make(4, 1, 16, 16, 3, 1),
                                                 .outputs = 5,
                                                 .threads = threads,
                                                 .training = true,
                                                 .frozen = frozen});
    t.rule = choose(t.model.registry, TFU_KIND_OPTIM, rule, options);
    tfu_optimiser_new(&t.optimiser, t.model.network, &t.rule, t.model.registry, t.model.threads,
                      &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return t;
}

static void end(struct training *t)
{
    tfu_optimiser_free(t->optimiser);
    choice_free(&t->rule);
    model_close(&t->model);
}

/* Weights and gradients of all parameters; those that are not trained have no gradient. */
static void fill(const struct model *m)
{
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        const uint64_t s = stream(m->graph->param[p].name);
        float *w = model_weights(m, p), *g = model_grad(m, p);
        for (size_t i = 0; i < model_count(m, p); i++) {
            w[i] = (float)(formula(s, 2 * i) - 0.5);
            if (g)
                g[i] = (float)(formula(s, 2 * i + 1) - 0.5);
        }
    }
}

static double norm_by_hand(const struct model *m)
{
    double sum = 0;
    for (uint32_t p = 0; p < m->graph->param_count; p++) {
        const float *g = model_grad(m, p);
        for (size_t i = 0; g && i < model_count(m, p); i++)
            sum += (double)g[i] * (double)g[i];
    }
    return sqrt(sum);
}

/* One step of plain descent with rate 0.5, without and with clipping. */
START_TEST(norm_and_clipping)
{
    static const double clips[] = {0, 1e9, 10};
    struct training t = begin("sgd", "lr=0.5", 2, NULL);
    const uint32_t p = model_param(&t.model, "block3.conv.weight");
    const uint64_t s = stream("block3.conv.weight");
    fill(&t.model);
    const double want = norm_by_hand(&t.model);
    ck_assert_double_gt(want, 100);
    const double scale = clips[_i] > 0 && clips[_i] < want ? clips[_i] / want : 1;
    double norm = 0;
    ck_assert_int_eq(tfu_optimiser_step(t.optimiser, 1, 1, clips[_i], &norm, NULL), TFU_OK);
    ck_assert_double_le(fabs(norm - want), 1e-9 * want);
    const float *got = model_weights(&t.model, p);
    size_t off = 0;
    for (size_t i = 0; i < model_count(&t.model, p); i++) {
        const double w = formula(s, 2 * i) - 0.5, g = formula(s, 2 * i + 1) - 0.5;
        off += !(fabs((double)got[i] - (w - 0.5 * scale * g)) <= 1e-7);
    }
    ck_assert_uint_eq(off, 0);
    end(&t);
}
END_TEST

START_TEST(gradient_not_finite)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    struct training t = begin("sgd", "lr=0.5", 2, NULL);
    const uint32_t p = model_param(&t.model, "block4.bn.weight");
    const uint32_t first = model_param(&t.model, "block1.conv.weight");
    struct tfu_error e = TFU_ERROR_INIT;
    fill(&t.model);
    const float before = model_weights(&t.model, first)[0];
    model_grad(&t.model, p)[255] = bad[_i];
    ck_assert_int_eq(tfu_optimiser_step(t.optimiser, 1, 1, 0, NULL, &e), TFU_ENUMERIC);
    ck_assert_msg(strstr(e.text, "'block4.bn.weight' is not finite") != NULL, "%s", e.text);
    ck_assert(model_weights(&t.model, first)[0] == before);
    end(&t);
}
END_TEST

START_TEST(same_bits_for_any_threads)
{
    struct training one = begin("adam", "weight_decay=0.01", 1, NULL);
    struct training more = begin("adam", "weight_decay=0.01", (uint32_t)_i, NULL);
    for (int t = 1; t <= 3; t++) {
        double norm[2];
        fill(&one.model);
        fill(&more.model);
        ck_assert_int_eq(tfu_optimiser_step(one.optimiser, t, 1, 5, &norm[0], NULL), TFU_OK);
        ck_assert_int_eq(tfu_optimiser_step(more.optimiser, t, 1, 5, &norm[1], NULL), TFU_OK);
        ck_assert_mem_eq(&norm[0], &norm[1], sizeof norm[0]);
    }
    for (uint32_t p = 0; p < one.model.graph->param_count; p++)
        ck_assert_mem_eq(model_weights(&one.model, p), model_weights(&more.model, p),
                         model_count(&one.model, p) * sizeof(float));
    end(&one);
    end(&more);
}
END_TEST

START_TEST(slots)
{
    struct training t = begin("adam", "", 1, NULL);
    const size_t count = tfu_optimiser_slot_count(t.optimiser);
    ck_assert_uint_eq(count, 2 * (4 * 3 + 2)); /* running statistics have none */
    ck_assert_uint_eq(tfu_optimiser_bytes(t.optimiser),
                      2 * sizeof(float) * (size_t)tfu_graph_trained_count(t.model.graph));
    ck_assert_double_eq(tfu_optimiser_lr(t.optimiser), 1e-3);
    fill(&t.model);
    ck_assert_int_eq(tfu_optimiser_step(t.optimiser, 1, 1, 0, NULL, NULL), TFU_OK);
    size_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL;
        const struct tfu_tensor slot = tfu_optimiser_slot(t.optimiser, i, &name);
        if (strcmp(name, "m.fc.weight") != 0)
            continue;
        const uint32_t p = model_param(&t.model, "fc.weight");
        const float *g = model_grad(&t.model, p), *m = slot.data;
        ck_assert(tfu_shape_equal(&slot.shape, &t.model.graph->param[p].shape));
        for (size_t k = 0; k < model_count(&t.model, p); k++)
            ck_assert_double_le(fabs((double)m[k] - 0.1 * (double)g[k]), 1e-8);
        seen++;
    }
    ck_assert_uint_eq(seen, 1);
    end(&t);
}
END_TEST

START_TEST(frozen_stay)
{
    bool frozen[64] = {false};
    struct model m = model_open(&(struct model_request){
        .arch = "cbr_tiny", .input = tfu_shape_make(4, 1, 16, 16, 3, 1), .outputs = 5});
    frozen[model_param(&m, "block1.conv.weight")] = true;
    model_close(&m);
    struct training t = begin("adam", "", 2, frozen);
    ck_assert_uint_eq(tfu_optimiser_slot_count(t.optimiser), 2 * (4 * 3 + 1));
    fill(&t.model);
    ck_assert_int_eq(tfu_optimiser_step(t.optimiser, 1, 1, 0, NULL, NULL), TFU_OK);
    const uint32_t p = model_param(&t.model, "block1.conv.weight");
    const uint64_t s = stream("block1.conv.weight");
    for (size_t i = 0; i < model_count(&t.model, p); i++)
        ck_assert(model_weights(&t.model, p)[i] == (float)(formula(s, 2 * i) - 0.5));
    end(&t);
}
END_TEST

START_TEST(rule_that_refuses)
{
    struct training t = begin("sgd", "nesterov=1", 2, NULL);
    struct tfu_error e = TFU_ERROR_INIT;
    fill(&t.model);
    ck_assert_int_eq(tfu_optimiser_step(t.optimiser, 1, 1, 0, NULL, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "nesterov needs a momentum"));
    end(&t);
}
END_TEST

/* ---- what a rule is told of a piece */

static _Atomic uint64_t told; /* elements whose piece was described well */

static enum tfu_status watch(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)config;
    const bool weight = strcmp(s->name, "fc.weight") == 0, bias = strcmp(s->name, "fc.bias") == 0;
    if (s->offset + s->n > s->total || (s->role == TFU_ROLE_BIAS && !bias) ||
        (bias && s->total != 5))
        return h->fail(h, TFU_EINVAL, "%s: %llu and %llu of %llu", s->name,
                       (unsigned long long)s->offset, (unsigned long long)s->n,
                       (unsigned long long)s->total);
    for (uint64_t i = 0; i < s->n; i++)
        s->w[i] = (float)(s->offset + i);
    told += s->n + weight;
    return TFU_OK;
}

START_TEST(a_rule_is_told_the_parameter_and_the_place)
{
    static const struct tfu_optim_ops ops = {.struct_size = sizeof ops, .step = watch};
    static const struct tfu_plugin rule = {TFU_PLUGIN_HEADER(TFU_KIND_OPTIM), .name = "watch",
                                           .ops_size = sizeof ops, .ops = &ops};
    struct training t = begin("sgd", "", 2, NULL);
    struct tfu_optimiser *o = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_plugin_choice choice = {.name = "watch", .plugin = &rule};
    ck_assert_int_eq(
        tfu_optimiser_new(&o, t.model.network, &choice, t.model.registry, t.model.threads, &e),
        TFU_OK);
    fill(&t.model);
    tfu_optimiser_step(o, 1, 1, 0, NULL, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_uint_eq(told, (uint64_t)tfu_graph_trained_count(t.model.graph) + 1);
    bool in_pieces = false; /* a parameter that is longer than one */
    for (uint32_t p = 0; p < t.model.graph->param_count; p++) {
        const float *w = model_weights(&t.model, p);
        const size_t n = model_count(&t.model, p);
        for (size_t i = 0; model_grad(&t.model, p) && i < n; i++)
            ck_assert(w[i] == (float)i);
        in_pieces = in_pieces || n > 65536;
    }
    ck_assert(in_pieces);
    tfu_optimiser_free(o);
    end(&t);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("optimise");
    TCase *t = tcase_create("optimise");
    tcase_add_loop_test(t, norm_and_clipping, 0, 3);
    tcase_add_loop_test(t, gradient_not_finite, 0, 3);
    tcase_add_loop_test(t, same_bits_for_any_threads, 2, 4);
    tcase_add_test(t, slots);
    tcase_add_test(t, frozen_stay);
    tcase_add_test(t, rule_that_refuses);
    tcase_add_test(t, a_rule_is_told_the_parameter_and_the_place);
    suite_add_tcase(s, t);
    return run_suite(s);
}
