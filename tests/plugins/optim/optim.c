/* SPDX-License-Identifier: MIT
 *
 * Update rules against torch.optim (make_optim.py).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/optim.h>

#include "core/base/host.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"

enum { N = 24, STEPS = 10 };

static const struct {
    const char *name, *plugin, *options;
} cases[] = {
    {"sgd", "sgd", "lr=0.05"},
    {"sgd_momentum", "sgd", "lr=0.05 momentum=0.9"},
    {"sgd_nesterov", "sgd", "lr=0.05 momentum=0.9 nesterov=1"},
    {"sgd_decay", "sgd", "lr=0.05 momentum=0.9 weight_decay=0.1 decay=coupled"},
    {"adam", "adam", "lr=0.01"},
    {"adam_options", "adam", "lr=0.01 beta1=0.8 beta2=0.95 eps=1e-2"},
    {"adam_decay", "adam", "lr=0.01 weight_decay=0.1 decay=coupled"},
    {"adamw", "adam", "lr=0.01 weight_decay=0.1 decay=decoupled"},
};

/* A parameter under way. */
struct training {
    struct tfu_registry *registry;
    struct tfu_plugin_choice rule;
    const struct tfu_optim_ops *ops;
    enum tfu_role role;
    float w[N], slots[8][N];
};

static struct training begin(const char *plugin, const char *options, enum tfu_role role)
{
    struct training t = {.registry = open_registry(), .role = role};
    t.rule = choose(t.registry, TFU_KIND_OPTIM, plugin, options);
    t.ops = t.rule.plugin->ops;
    ck_assert_uint_le(t.ops->slot_count, 8);
    for (uint64_t i = 0; i < N; i++)
        t.w[i] = (float)(2 * formula(stream("optim.w"), i) - 1);
    return t;
}

static void end(struct training *t)
{
    choice_free(&t->rule);
    tfu_registry_free(t->registry);
}

/* Step number `t` on elements from..to-1, with the generator's gradient. */
static enum tfu_status step(struct training *x, int t, size_t from, size_t to, double lr_scale,
                            struct tfu_error *e)
{
    char name[32];
    float g[N], *slot[8];
    snprintf(name, sizeof name, "optim.g.%d", t);
    for (uint64_t i = 0; i < N; i++)
        g[i] = (float)((2 * formula(stream(name), i) - 1) * (i < N / 2 ? 1 : 1e-3));
    for (int s = 0; s < 8; s++)
        slot[s] = x->slots[s] + from;
    const struct tfu_optim_step piece = {.struct_size = sizeof piece,
                                         .role = x->role,
                                         .n = to - from,
                                         .w = x->w + from,
                                         .g = g + from,
                                         .slot = slot,
                                         .lr_scale = lr_scale,
                                         .t = t,
                                         .name = "weight",
                                         .offset = from,
                                         .total = N};
    struct tfu_host_call call;
    return x->ops->step(x->rule.config, &piece, tfu_host_call_init(&call, NULL, e));
}

START_TEST(as_in_pytorch)
{
    struct fixture *f = fixture_open("plugins/optim/optim.fixture");
    struct training x = begin(cases[_i].plugin, cases[_i].options, TFU_ROLE_WEIGHT);
    for (int t = 1; t <= STEPS; t++) {
        /* in two pieces, of which neither is a whole number of vectors */
        ck_assert_int_eq(step(&x, t, 0, 7, 1, NULL), TFU_OK);
        ck_assert_int_eq(step(&x, t, 7, N, 1, NULL), TFU_OK);
        if (t > 2 && t < STEPS)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s.%d", cases[_i].name, t);
        const double *want = fixture_get(f, name, N);
        for (int i = 0; i < N; i++)
            ck_assert_msg(fabs((double)x.w[i] - want[i]) <= 1e-6,
                          "%s: element %d is %.9g, not %.9g", name, i, (double)x.w[i], want[i]);
    }
    end(&x);
    fixture_close(f);
}
END_TEST

/* The schedule's factor is one on the learning rate, also in decoupled decay. */
START_TEST(scaled_rate)
{
    static const char *const options[][2] = {
        {"lr=0.02 momentum=0.9 weight_decay=0.1 decay=decoupled",
         "lr=0.04 momentum=0.9 weight_decay=0.1 decay=decoupled"},
        {"lr=0.02 weight_decay=0.1", "lr=0.04 weight_decay=0.1"}};
    const char *plugin = _i == 0 ? "sgd" : "adam";
    struct training a = begin(plugin, options[_i][0], TFU_ROLE_WEIGHT);
    struct training b = begin(plugin, options[_i][1], TFU_ROLE_WEIGHT);
    for (int t = 1; t <= STEPS; t++) {
        ck_assert_int_eq(step(&a, t, 0, N, 1, NULL), TFU_OK);
        ck_assert_int_eq(step(&b, t, 0, N, 0.5, NULL), TFU_OK);
    }
    ck_assert_mem_eq(a.w, b.w, sizeof a.w);
    end(&a);
    end(&b);
}
END_TEST

START_TEST(only_weights_decay)
{
    static const enum tfu_role roles[] = {TFU_ROLE_BIAS, TFU_ROLE_SCALE, TFU_ROLE_SHIFT};
    static const char *const decays[] = {"weight_decay=0.5 decay=coupled",
                                         "weight_decay=0.5 decay=decoupled"};
    for (size_t r = 0; r < TFU_COUNT(roles); r++)
        for (size_t d = 0; d < TFU_COUNT(decays); d++) {
            const char *plugin = _i == 0 ? "sgd" : "adam";
            struct training plain = begin(plugin, "", roles[r]);
            struct training decay = begin(plugin, decays[d], roles[r]);
            ck_assert_int_eq(step(&plain, 1, 0, N, 1, NULL), TFU_OK);
            ck_assert_int_eq(step(&decay, 1, 0, N, 1, NULL), TFU_OK);
            ck_assert_mem_eq(plain.w, decay.w, sizeof plain.w);
            end(&plain);
            end(&decay);
        }
}
END_TEST

START_TEST(nesterov_needs_momentum)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct training x = begin("sgd", "nesterov=1", TFU_ROLE_WEIGHT);
    ck_assert_int_eq(step(&x, 1, 0, N, 1, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "nesterov needs a momentum, and momentum is 0"));
    end(&x);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("optim");
    TCase *t = tcase_create("optim");
    tcase_add_loop_test(t, as_in_pytorch, 0, (int)TFU_COUNT(cases));
    tcase_add_loop_test(t, scaled_rate, 0, 2);
    tcase_add_loop_test(t, only_weights_decay, 0, 2);
    tcase_add_test(t, nesterov_needs_momentum);
    suite_add_tcase(s, t);
    return run_suite(s);
}
