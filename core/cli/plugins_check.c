/* SPDX-License-Identifier: MIT */
#include "core/cli/plugins_check.h"

#include <stdio.h>

#include "core/config/choice.h"
#include "core/conformance/check.h"
#include "core/conformance/sample.h"

static void print_test(void *arg, const char *test, enum tfu_check_verdict verdict,
                       const char *text)
{
    static const char *const words[] = {
        [TFU_CHECK_PASSED] = "ok", [TFU_CHECK_FAILED] = "FAILED", [TFU_CHECK_SKIPPED] = "skipped"};
    (void)arg;
    printf("%-7s %s%s%s%s\n", words[verdict], test,
           !text[0]                      ? ""
           : verdict == TFU_CHECK_FAILED ? ": "
                                         : " (",
           text, text[0] && verdict != TFU_CHECK_FAILED ? ")" : "");
    fflush(stdout);
}

static int run(const struct tfu_plugin_choice *choice, struct tfu_registry *r,
               const struct tfu_plugins_check_request *q)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_check_count count;
    const struct tfu_check_request request = {.choice = choice,
                                              .registry = r,
                                              .file = q->file,
                                              .seconds = q->seconds,
                                              .report = print_test};
    printf("%s %s, version %s, %s\n", tfu_kind_name((int)choice->plugin->kind),
           choice->plugin->name, choice->plugin->version, tfu_registry_path(r, choice->plugin));
    if (tfu_check_run(&request, &count, &e) != TFU_OK)
        return tfu_cli_error(&e);
    printf("%zu passed, %zu failed, %zu skipped\n", count.passed, count.failed, count.skipped);
    return count.failed ? TFU_EXIT_FAILED : TFU_EXIT_OK;
}

int tfu_plugins_check(struct tfu_registry *r, const struct tfu_plugins_check_request *q)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *findings = NULL;
    struct tfu_chosen *choice = NULL;
    struct tfu_weights_sample sample;
    enum tfu_status st =
        tfu_weights_sample_new(&sample, r, q->kind, q->name, q->pair, q->pair_count, &e);
    if (st == TFU_OK && sample.name)
        printf("option '%s' is a sample: weights for the check's own network\n", sample.name);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&findings, &e);
    if (st == TFU_OK)
        st = tfu_chosen_new(&choice, q->kind, q->name, sample.pair, sample.pair_count, r, findings,
                            &e);
    int status;
    if (st == TFU_OK)
        status = run(tfu_chosen_get(choice), r, q);
    else
        status = tfu_cli_failure(findings, &e);
    tfu_weights_sample_free(&sample);
    tfu_chosen_free(choice);
    tfu_diagnostics_free(findings);
    return status;
}
