/* SPDX-License-Identifier: MIT
 *
 * A study file in memory: what is found, what is printed, and what is said when memory runs out.
 */
#include <stdio.h>
#include <string.h>

#include "core/analysis/study_file.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/lab.h"

static struct lab lab;

static const char text[] =
    "analyses:\n"
    "  - name: pairs\n"
    "    compare:\n"
    "      lines:\n"
    "        - {name: all, among: {runs: r/*, where: {seed: [3, 4]}}}\n"
    "        - {name: start, a: r/*@initial, b: {runs: r/*, state: final}, pair_by: [seed]}\n"
    "      metric: {plugin: svcca, mode: svcca}\n"
    "      nodes_b: [block1]\n"
    "  - for_each: seed\n"
    "    movement: {of: [{runs: r/*, where: {arch.plugin: cbr_tiny}}, c.yaml]}\n"
    "  - subsets: {a: 0a0a, b: r/0b0b0b0b0b0b}\n";

static void begin(void)
{
    static const int64_t step[] = {1};
    lab_open(&lab, 1);
    lab_write_config("d.yaml", "seed: 3", "seed: 4");
    lab_make_run(&lab, "runs/r/0a0a0a0a0a0a", "d.yaml", step, 1);
    lab_make_run(&lab, "runs/r/0b0b0b0b0b0b", "c.yaml", step, 1);
}

static void end(void)
{
    lab_close(&lab);
}

static enum tfu_status load(struct tfu_study_file *f, const char *yaml, struct tfu_diagnostics *d,
                            struct tfu_error *e)
{
    char store[4200];
    snprintf(store, sizeof store, "store=%s", lab_path("runs"));
    const char *const override[] = {store, "output=/out"};
    const struct tfu_document document = {.path = lab_path("study.yaml"),
                                          .text = yaml,
                                          .length = strlen(yaml),
                                          .override = override,
                                          .override_count = TFU_COUNT(override),
                                          .registry = lab.registry};
    return tfu_study_file_load(f, &document, d, e);
}

static void ck_ends(const char *is, const char *end)
{
    const size_t n = strlen(is), m = strlen(end);
    ck_assert_msg(n >= m && strcmp(is + n - m, end) == 0, "%s does not end with %s", is, end);
}

START_TEST(networks_are_found)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_study_file f;
    ck_assert_msg(load(&f, text, lab.diagnostics, &e) == TFU_OK, "%s", e.text);
    ck_assert_str_eq(f.name, "study");
    ck_assert_uint_eq(f.count, 4);
    const struct tfu_analysis_networks *n = &f.item[0].networks;
    ck_assert_uint_eq(n->lines, 2);
    ck_assert_uint_eq(n->line[0].pairs, 1);
    ck_ends(n->line[0].a[0], "r/0b0b0b0b0b0b"); /* seed 3 before seed 4 */
    ck_ends(n->line[0].b[0], "r/0a0a0a0a0a0a");
    ck_assert_uint_eq(n->line[1].pairs, 2);
    ck_ends(n->line[1].a[1], "r/0a0a0a0a0a0a@initial");
    ck_ends(n->line[1].b[1], "r/0a0a0a0a0a0a@final");
    ck_assert_str_eq(f.item[1].name, "3-movement");
    ck_assert_str_eq(f.item[2].name, "4-movement");
    ck_assert_uint_eq(f.item[2].networks.count, 2);
    ck_ends(f.item[2].networks.of[0], "r/0a0a0a0a0a0a");
    ck_ends(f.item[2].networks.of[1], "/c.yaml"); /* is named, and stays */
    ck_ends(f.item[3].networks.of[0], "r/0a0a0a0a0a0a");
    tfu_study_file_free(&f);
}
END_TEST

START_TEST(what_is_printed_loads_and_is_printed_again)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_study_file f, again;
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    ck_assert_int_eq(load(&f, text, lab.diagnostics, &e), TFU_OK);
    ck_assert_int_eq(tfu_study_file_print(&f, NULL, &once, &e), TFU_OK);
    ck_assert_msg(load(&again, tfu_text_get(&once), lab.diagnostics, &e) == TFU_OK, "%s", e.text);
    ck_assert_int_eq(tfu_study_file_print(&again, NULL, &twice, &e), TFU_OK);
    ck_assert_str_eq(tfu_text_get(&once), tfu_text_get(&twice));
    tfu_text_free(&once);
    tfu_text_free(&twice);
    tfu_study_file_free(&f);
    tfu_study_file_free(&again);
}
END_TEST

/* Whatever is right or wrong in the file: memory that ran out is neither. The first allocations
 * fail one by one, later ones, which repeat them for other networks, at larger and larger
 * distances. */
static void fail_each(const char *yaml, enum tfu_status want)
{
    for (size_t n = 1;; n += 1 + n / 64) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tfu_diagnostics *d;
        struct tfu_study_file f;
        struct tfu_text printed = TFU_TEXT_INIT;
        ck_assert_int_eq(tfu_diagnostics_new(&d, &e), TFU_OK);
        failing_malloc_arm_here(n); /* data are opened by others */
        enum tfu_status st = load(&f, yaml, d, &e);
        if (st == TFU_OK)
            st = tfu_study_file_print(&f, NULL, &printed, &e);
        const bool failed = failing_malloc_disarm();
        if (failed)
            ck_assert_msg(st == TFU_ENOMEM, "allocation %zu: %d %s", n, (int)st, e.text);
        else
            ck_assert_int_eq(st, want);
        tfu_text_free(&printed);
        tfu_study_file_free(&f);
        tfu_diagnostics_free(d);
        if (!failed)
            return;
    }
}

START_TEST(memory_that_runs_out_is_said)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_study_file f;
    ck_assert_int_eq(load(&f, text, lab.diagnostics, &e), TFU_OK); /* plugins stay open */
    tfu_study_file_free(&f);
    fail_each(text, TFU_OK);
    fail_each("analyses:\n  - {for_each: seed, movement: {of: {runs: r/*, where: {seed: 7}}}}\n"
              "  - compare: {a: r/*, b: [c.yaml, d.yaml, r/*], pair_by: [seed], metric: probe}\n"
              "  - subsets: {a: nowhere, b: {run: x}}\n",
              TFU_EINVAL);
}
END_TEST

static const char cases[] =
    "base: c.yaml\n"
    "cases: {seed: 3..5, rate: {key: train.optimizer.lr, values: [1e-3, 1e-4]}}\n"
    "exclude: [{seed: 5, rate: 1e-3}]\n"
    "analyses:\n"
    "  - name: pairs\n"
    "    for_each: seed\n"
    "    compare: {a: {rate: 1e-3}, b: {rate: 1e-4, seed: 3..4, state: initial}, pair_by: [seed]}\n"
    "  - movement: {of: [{seed: [4, 5], rate: 1e-4}, {runs: c.yaml, label: first}]}\n"
    "  - filters: {of: {}}\n";

/* Nothing is done: each case has a gap, and what is no case is there. */
START_TEST(cases_are_selected)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_study_file f;
    ck_assert_msg(load(&f, cases, lab.diagnostics, &e) == TFU_OK, "%s", e.text);
    ck_assert_uint_eq(f.count, 4);
    ck_assert_str_eq(f.item[0].name, "3-pairs");
    ck_assert_uint_eq(f.item[0].gaps.cases, 2);
    ck_assert_uint_eq(f.item[0].gaps.count, 2);
    ck_assert_str_eq(f.item[0].gaps.gap[0].name, "seed=3 rate=1e-3");
    ck_assert(f.item[0].gaps.empty);
    ck_assert_str_eq(f.item[1].name, "4-pairs");
    ck_assert_uint_eq(f.item[2].networks.count, 1);
    ck_ends(f.item[2].networks.of[0], "/c.yaml");
    ck_assert_uint_eq(f.item[2].gaps.count, 2);
    ck_assert(!f.item[2].gaps.empty);
    ck_assert_uint_eq(f.item[2].networks.asked, 2);
    ck_assert_uint_eq(f.item[2].networks.there, 0);
    ck_assert_uint_eq(f.item[3].gaps.cases, 5);
    tfu_study_file_free(&f);
    fail_each(cases, TFU_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("study file");
    TCase *t = tcase_create("study file");
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, networks_are_found);
    tcase_add_test(t, what_is_printed_loads_and_is_printed_again);
    tcase_add_test(t, memory_that_runs_out_is_said);
    tcase_add_test(t, cases_are_selected);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
