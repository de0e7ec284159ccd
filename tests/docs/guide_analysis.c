/* SPDX-License-Identifier: MIT
 *
 * The study of docs/write-an-analysis.md, run: `guide_analysis NETWORK [MATCH]` prints its result.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/analysis/analysis.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"

extern const struct tfu_analysis tfu_analysis_norms;

/* Its config struct. */
struct config {
    struct tfu_analysis_common common;
    const char *match;
};

static enum tfu_status print(const struct tfu_result *r, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_result_text(r, &text, e);
    if (st == TFU_OK)
        st = tfu_result_json(r, &text, e);
    fputs(tfu_text_get(&text), stdout);
    tfu_text_free(&text);
    return st;
}

int main(int argc, char **argv)
{
    const char *const of[] = {argc > 1 ? argv[1] : ""};
    const struct tfu_analysis_networks networks = {.of = of, .count = 1};
    const struct config config = {.match = argc > 2 ? argv[2] : ""};
    struct tfu_analysis_host host = {.registry = NULL};
    struct tfu_analysis_context context = {.threads = NULL};
    struct tfu_result result = {.analysis = NULL};
    struct tfu_log log;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_log_init(&log, NULL, NULL);
    host.log = &log;
    enum tfu_status st = tfu_registry_new(&host.registry, getenv("TRANSFUSE_PLUGIN_PATH"), &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&host.diagnostics, &e);
    if (st == TFU_OK)
        st = tfu_analysis_context_init(&context, &host, &e);
    if (st == TFU_OK)
        st = tfu_analysis_run(&tfu_analysis_norms, &config, &networks, &context, &result, &e);
    if (st == TFU_OK)
        st = print(&result, &e);
    if (st != TFU_OK)
        fprintf(stderr, "%s: %s\n", context.refused ? context.refused : "failed", e.text);
    const int status = st == TFU_OK ? 0 : context.refused ? 2 : 1;
    tfu_result_free(&result);
    tfu_analysis_context_free(&context);
    tfu_diagnostics_free(host.diagnostics);
    tfu_registry_free(host.registry);
    tfu_log_destroy(&log);
    return status;
}
