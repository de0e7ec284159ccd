/* SPDX-License-Identifier: MIT */
#include "core/report/section_test.h"

#include "core/config/options.h"
#include "core/config/value.h"
#include "core/report/section_against.h"

static const char *const paired_words[] = {"delong",    "t",         "wilcoxon",
                                           "sign_flip", "bootstrap", NULL}; /* the first is 1 */
static const char *const correct_words[] = {"holm", "bh", "none", NULL};

struct test_keys {
    int32_t paired, correct;
};
static const struct tfu_option test_options[] = {
    {.name = "paired",
     .help = "the test: of predictions of the same examples, or over pairs of runs",
     .type = TFU_ENUM,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct test_keys, paired),
     .choices = paired_words},
    TFU_OPT_ENUM(struct test_keys, correct, "holm", correct_words,
                 "for how many tests there are in the table"),
};
static const char *const test_keys[] = {"against"};

/* Predictions say nothing of a loss or a cost. */
static void check_paired(struct tfu_section_reader *r, const char *path, struct tfu_mark m,
                         const struct tfu_report_ask *ask)
{
    if (ask->test.paired != TFU_PAIRED_DELONG && ask->test.paired != TFU_PAIRED_BOOTSTRAP)
        return;
    for (size_t i = 0; i < ask->values; i++) {
        int64_t output;
        if (!tfu_report_value_is_area(&ask->value[i], &output))
            tfu_diagnostics_add(r->load->diagnostics, m,
                                "%s.paired: %s compares predictions by the area under the ROC "
                                "curve of the test data, test/auc or test/auc.class.0, and not "
                                "'%s'; test that in a table of its own, by `paired: t`",
                                path, paired_words[ask->test.paired - TFU_PAIRED_DELONG],
                                ask->value[i].text);
    }
}

void tfu_section_test_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                           struct tfu_report_ask *ask)
{
    const struct tfu_node *test = tfu_node_at(n, "test");
    const char *below = tfu_load_printf(r->load, "%s.test", path);
    struct test_keys keys = {.paired = 0};
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    if (!test || !below)
        return;
    if (test->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, test->mark,
                            "%s: expected a mapping as {paired: t, against: {start: random}}, got "
                            "%s",
                            below, tfu_node_describe(r->load, test));
        return;
    }
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(test_options, &keys);
    tfu_options_read(r->load,
                     &(struct tfu_options_section){.path = below,
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = test_keys,
                                                   .other_count = TFU_COUNT(test_keys)},
                     test, test->mark);
    ask->test.paired = tfu_diagnostics_count(r->load->diagnostics) > before
                           ? TFU_PAIRED_NONE
                           : TFU_PAIRED_DELONG + keys.paired;
    ask->test.correct = keys.correct;
    check_paired(r, below, test->mark, ask);
    const char *against = tfu_load_printf(r->load, "%s.against", below);
    if (against)
        tfu_report_against_read(r, against, tfu_node_at(test, "against"), test->mark, ask,
                                &ask->test.against);
}
