/* SPDX-License-Identifier: MIT
 *
 * Every allocation of an initialisation from files fails once: an error, no leak, no crash.
 */
#include "core/train/initialise.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/setting.h"

#define ONE_BLOCK "{plugin: cbr_tiny, truncate: block1}"

/* A load that succeeds, and ones whose refusals allocate: an account, a stage, a name. */
static const struct {
    const char *init;
    enum tfu_status status;
} loads[] = {
    {"[{plugin: pretrained, source: '%s/source', head: reinit}, {plugin: weight_transplant, "
     "through: block1, source: '%s/source', match: ['block1.*'], "
     "rest: {plugin: mean_var, source: '%s/other', any_shape: true}}]",
     TFU_OK},
    {"[{plugin: pretrained, source: '%s/other'}]", TFU_ESHAPE},
    {"[{plugin: weight_transplant, source: '%s/source', through: block7}]", TFU_EINVAL},
    {"[{plugin: gabor, layer: fc.wieght}]", TFU_EINVAL},
};

START_TEST(each_allocation_fails)
{
    const int64_t dim[] = {3};
    const float number[3] = {1, 2, 3};
    struct setting source = setting_source(ONE_BLOCK, "source");
    setting_save_tensor("other", "layer1.weight", 1, dim, number);
    struct setting s = setting_open(ONE_BLOCK, loads[_i].init);
    const struct tfu_experiment *x = tfu_config_experiment(s.config);
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_text report = TFU_TEXT_INIT, account = TFU_TEXT_INIT;
        struct tfu_error e = TFU_ERROR_INIT;
        const struct tfu_initialise_request request = {.network = s.network,
                                                       .rule = x->init,
                                                       .rule_count = x->init_count,
                                                       .registry = s.registry,
                                                       .account = &account};
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_initialise(&request, &report, &e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : loads[_i].status),
                      "allocation %d: status %d, %s", (int)n, (int)st, e.text);
        ck_assert_int_eq(e.status, st);
        tfu_text_free(&account);
        tfu_text_free(&report);
    }
    ck_assert_uint_gt(n, 5);
    setting_close(&s);
    setting_close(&source);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_add_checked_fixture(t, folder_begin, folder_end);
    tcase_add_loop_test(t, each_allocation_fails, 0, (int)TFU_COUNT(loads));
    suite_add_tcase(s, t);
    return run_suite(s);
}
