/* SPDX-License-Identifier: MIT */
#include "core/report/section_test.h"

#include <string.h>

#include "core/config/options.h"
#include "core/config/value.h"
#include "core/report/section_common.h"
#include "core/sweep/choose.h"

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

/* Did a profile or the command line take the value away that `at` names? */
static bool is_taken_away(struct tfu_section_reader *r, const char *path, const struct tfu_node *at)
{
    static const char *const none[] = {NULL};
    struct tfu_diagnostics *unsaid = NULL, *said = r->load->diagnostics;
    struct tfu_sweep_choice choice = {.count = 0};
    struct tfu_error e = TFU_ERROR_INIT;
    if (tfu_diagnostics_new(&unsaid, &e) != TFU_OK) {
        r->load->out_of_memory = true;
        return false;
    }
    r->load->diagnostics = unsaid; /* what is wrong is said by whoever asks */
    tfu_sweep_choose(r->cases->sweep, r->load, path, at, none, &choice);
    r->load->diagnostics = said;
    const bool right = tfu_diagnostics_count(unsaid) == 0;
    tfu_diagnostics_free(unsaid);
    return right && choice.count == 0 && choice.narrowed;
}

/* `{AXIS: VALUE}`, an axis of the rows or columns. */
static void read_against(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                         struct tfu_report_ask *ask)
{
    const struct tfu_node *at = tfu_node_at(n, "against");
    const struct tfu_node *one = at && at->kind == TFU_NODE_MAPPING ? at->first : NULL;
    if (!one || at->count != 1 || one->kind != TFU_NODE_SCALAR) {
        tfu_diagnostics_add(r->load->diagnostics, at ? at->mark : n->mark,
                            "%s.against: expected one axis with its value, as {start: random}%s%s",
                            path, at ? ", got " : "", at ? tfu_node_describe(r->load, at) : "");
        return;
    }
    const char *below = tfu_load_printf(r->load, "%s.against", path);
    if (r->wrong || !below)
        return;
    const size_t a = tfu_report_axis_find(r->cases, r->load, below, one->key_mark, one->key);
    if (a == TFU_REPORT_NONE || (r->cases->blind && !r->cases->sweep))
        return;
    const struct tfu_report_axis *axis = &r->cases->axis[a];
    ask->test.axis = a;
    if (!tfu_section_axes_have(&ask->rows, a) && !tfu_section_axes_have(&ask->columns, a))
        tfu_diagnostics_add(r->load->diagnostics, one->key_mark,
                            "%s: '%s' is no axis of the rows or the columns, so no cell stands "
                            "beside another by it",
                            below, one->key);
    for (size_t v = 0; v < axis->count; v++)
        if (tfu_report_same_value(axis->value[v], one->text)) {
            ask->test.value = v;
            return;
        }
    if (r->cases->sweep && is_taken_away(r, below, at)) {
        ask->test.value = TFU_REPORT_NONE;
        ask->test.gone = one->text;
        return;
    }
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_put_advice(&advice, one->text, axis->value, axis->count);
    tfu_diagnostics_add(r->load->diagnostics, one->mark, "%s: '%s' has no value '%s'%s", below,
                        one->key, one->text, tfu_text_get(&advice));
    tfu_text_free(&advice);
}

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
    read_against(r, below, test, ask);
}
