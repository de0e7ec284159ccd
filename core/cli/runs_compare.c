/* SPDX-License-Identifier: MIT
 *
 * transfuse runs compare
 */
#include "core/cli/runs_comparison.h"

#include <stdio.h>

#include "core/cli/output.h"
#include "core/index/support_runs.h"
#include "core/result/result_json.h"
#include "core/result/result_text.h"

static const char help[] =
    "usage: transfuse runs compare RUN RUN... [OPTION]...\n"
    "       transfuse runs compare --over KEY[,KEY] RUN|FILTER... [OPTION]...\n"
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
    "RUN and FILTER are those of `runs list`. Of the runs of a sweep (sweep=NAME) those that its "
    "cases\n"
    "need are left out unless they are named: its `runs`, and the candidates of its `tune`.\n"
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

/* ---- which */

/* What the cases of the sweep that is asked for need is none of its results. */
static enum tfu_status leave_out_support(struct tfu_runs *r, struct tfu_result *out,
                                         struct tfu_error *e)
{
    struct tfu_run_selection *s = &r->selection;
    const char *sweep = tfu_run_selection_sweep(s);
    if (!sweep || s->named)
        return TFU_OK;
    bool *support = tfu_arena_array(&r->arena, tfu_index_count(r->index) + 1, sizeof *support);
    size_t kept = 0;
    if (!support)
        return tfu_error_memory(e, "choosing runs", 0);
    const enum tfu_status st = tfu_index_support_runs(r->index, sweep, support, e);
    const size_t all = s->count;
    for (size_t i = 0; st == TFU_OK && i < all; i++)
        if (!support[s->run[i]])
            s->run[kept++] = s->run[i];
    if (st != TFU_OK || kept == all)
        return st;
    s->count = kept;
    tfu_result_say(out,
                   "%zu run%s left out: no case of the sweep '%s' itself, but what its cases need "
                   "(its `runs`, candidates of `tune`)",
                   all - kept, all - kept == 1 ? " is" : "s are", sweep);
    return TFU_OK;
}

/* "sweep=s seed=1" */
static void put_words(const struct tfu_runs *r, struct tfu_text *out)
{
    for (size_t i = 0; i < r->words; i++)
        tfu_text_printf(out, "%s%s", i ? " " : "", r->word[i]);
}

/* Groups are of runs that are done. */
static bool is_any_done(const struct tfu_runs *r)
{
    for (size_t i = 0; i < r->selection.count; i++)
        if (tfu_runs_at(r, i)->state == TFU_INDEX_DONE)
            return true;
    return false;
}

/* Runs fit, and none can be compared; `none` is said of them, or of so many by their states. */
static int say_none_left(const struct tfu_runs *r, size_t found, const char *none)
{
    struct tfu_text text = TFU_TEXT_INIT, states = TFU_TEXT_INIT;
    struct tfu_error e = TFU_ERROR_INIT;
    put_words(r, &text);
    for (int s = 0; s < TFU_INDEX_STATES; s++) {
        size_t count = 0;
        for (size_t i = 0; i < r->selection.count; i++)
            count += tfu_runs_at(r, i)->state == (enum tfu_index_state)s;
        if (count)
            tfu_text_printf(&states, "%s%zu %s", states.length ? ", " : ": ", count,
                            tfu_index_state_name((enum tfu_index_state)s));
    }
    tfu_error_set(&e, TFU_ENOTFOUND, "none of the %zu run%s that fit%s '%s' is %s%s", found,
                  found == 1 ? "" : "s", found == 1 ? "s" : "", tfu_text_get(&text), none,
                  tfu_text_get(&states));
    tfu_cli_error(&e);
    tfu_text_free(&text);
    tfu_text_free(&states);
    return TFU_EXIT_FAILED;
}

/* ---- the command */

static enum tfu_status show(struct tfu_runs *r, struct tfu_result *result, struct tfu_error *e)
{
    const struct tfu_runs_compare_options *o = r->arg;
    struct tfu_text text = TFU_TEXT_INIT;
    if (r->selection.count == 1)
        return tfu_error_set(e, TFU_EINVAL, "there is but one run, %s, and a comparison needs two",
                             tfu_runs_at(r, 0)->path);
    enum tfu_status st = o->over.count ? tfu_runs_compare_groups(r, o, result, e)
                                       : tfu_runs_compare_sides(r, o, result, e);
    if (st == TFU_OK)
        st = tfu_result_check(result, e);
    if (st == TFU_OK)
        st = o->json ? tfu_result_json(result, &text, e) : tfu_result_text(result, &text, e);
    if (st == TFU_OK)
        fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    return st;
}

static enum tfu_status compare(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct tfu_runs_compare_options *o = r->arg;
    struct tfu_result result;
    if (r->selection.count == 0) {
        *status = TFU_EXIT_FAILED;
        return tfu_runs_say_none(r, e);
    }
    tfu_result_init(&result, "runs_compare");
    const size_t found = r->selection.count;
    enum tfu_status st = leave_out_support(r, &result, e);
    if (st == TFU_OK && r->selection.count == 0)
        *status = say_none_left(r, found, "a case of the sweep itself: its cases need them");
    else if (st == TFU_OK && o->over.count && !is_any_done(r))
        *status = say_none_left(r, r->selection.count, "done");
    else if (st == TFU_OK)
        st = show(r, &result, e);
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
        .which = "which runs are to be compared? RUN or FILTER says it",
        .wrong = find_wrong,
        .action = compare,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
