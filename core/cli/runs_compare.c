/* SPDX-License-Identifier: MIT
 *
 * transfuse runs compare
 */
#include "core/cli/runs_comparison.h"

#include <stdio.h>

#include "core/cli/output.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"

static const char help[] =
    "usage: transfuse runs compare RUN RUN... [OPTION]...\n"
    "       transfuse runs compare --over KEY[,KEY] [RUN | FILTER]... [OPTION]...\n"
    "\n"
    "In what the configurations of runs differ, and their metrics side by side. Where there are "
    "the\n"
    "predictions of both for the same examples (`transfuse eval RUN --predictions\n"
    "RUN/predictions.csv`), each run is held against the first: the area under the ROC curve of "
    "each\n"
    "class, DeLong's paired test of the difference, and its interval by resampling patients where\n"
    "the file has groups. p values are corrected by Holm for all tests shown.\n"
    "\n"
    "With --over runs that differ in these keys alone, such as their seed, are one group: mean,\n"
    "deviation and interval of each, and for each two groups the paired t test (with --ratio that "
    "of\n"
    "Nadeau and Bengio) and Wilcoxon's signed-rank test over the seeds that both have.\n"
    "\n"
    "RUN and FILTER are those of `runs list`.\n"
    "\n";

static const struct tfu_option rows[] = {
    TFU_RUNS_STORE(struct tfu_runs_compare_options),
    TFU_OPT_STRING_LIST(struct tfu_runs_compare_options, over,
                        "keys that the runs of a group differ in"),
    TFU_OPT_STRING_LIST(struct tfu_runs_compare_options, metric,
                        "such as test/auc; default: the metrics of the test data"),
    TFU_OPT_STRING_LIST(struct tfu_runs_compare_options, predictions,
                        "files of predictions, in the order of the runs; default: predictions.csv "
                        "in their folders"),
    TFU_OPT_FLOAT(struct tfu_runs_compare_options, ratio, 0, 0, 1000,
                  "examples tested over examples trained on, where the runs of a group are splits "
                  "of one set of data: their t test is corrected for what they share"),
    TFU_OPT_BOOL(struct tfu_runs_compare_options, all, 0, "all keys and metrics"),
    TFU_OPT_BOOL(struct tfu_runs_compare_options, json, 0, "print JSON"),
};

/* ---- the command */

static enum tfu_status compare(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct tfu_runs_compare_options *o = r->arg;
    struct tfu_result result;
    struct tfu_text text = TFU_TEXT_INIT;
    if (r->selection.count == 0) {
        *status = TFU_EXIT_FAILED;
        return tfu_runs_say_none(r, e);
    }
    if (r->selection.count == 1)
        return tfu_error_set(e, TFU_EINVAL, "there is but one run, %s, and a comparison needs two",
                             tfu_runs_at(r, 0)->path);
    tfu_result_init(&result, "runs_compare");
    enum tfu_status st = o->over.count ? tfu_runs_compare_groups(r, o, &result, e)
                                       : tfu_runs_compare_sides(r, o, &result, e);
    if (st == TFU_OK)
        st = tfu_result_check(&result, e);
    if (st == TFU_OK)
        st = o->json ? tfu_result_json(&result, &text, e) : tfu_result_text(&result, &text, e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    tfu_result_free(&result);
    return st;
}

static const char *find_wrong(const void *options)
{
    const struct tfu_runs_compare_options *o = options;
    if (o->over.count && o->predictions.count)
        return "--predictions are of runs, --over is of groups";
    return o->ratio > 0 && !o->over.count ? "--ratio is of the t test of --over" : NULL;
}

int tfu_runs_compare(struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_runs_compare_options o;
    const struct tfu_runs_command command = {
        .name = "runs compare",
        .help = help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .which = "which runs are to be compared?",
        .wrong = find_wrong,
        .action = compare,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
