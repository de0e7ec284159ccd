/* SPDX-License-Identifier: MIT
 *
 * transfuse runs show
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/cli/output.h"
#include "core/cli/runs.h"
#include "core/cli/runs_record.h"
#include "core/result/grid.h"

static const char help[] =
    "usage: transfuse runs show RUN [OPTION]...\n"
    "\n"
    "All about one run: its state, who has it and since when, why it failed; what it was made of;\n"
    "its metrics, files, and the sessions in which it was trained.\n"
    "\n";

struct options {
    const char *store;
    int32_t all, json;
};

static const struct tfu_option rows[] = {
    TFU_RUNS_STORE(struct options),
    TFU_OPT_BOOL(struct options, all, 0, "the whole configuration, and all metrics"),
    TFU_OPT_BOOL(struct options, json, 0, "print JSON"),
};

struct show {
    struct tfu_runs *r;
    const struct tfu_index_run *run;
    bool all;
    struct tfu_text out;
};

static void line(struct show *s, const char *title, const char *fmt, ...) TFU_PRINTF(3, 4);
static void line(struct show *s, const char *title, const char *fmt, ...)
{
    va_list args;
    tfu_text_printf(&s->out, "  %-10s ", title);
    va_start(args, fmt);
    tfu_text_printf_v(&s->out, fmt, args);
    va_end(args);
    tfu_text_puts(&s->out, "\n");
}

static enum tfu_status put_grid(struct show *s, const char *title, struct tfu_text_grid *g,
                                struct tfu_error *e)
{
    tfu_text_printf(&s->out, "\n%s\n", title);
    const bool ok = tfu_text_grid_text(g, &s->out);
    tfu_text_grid_free(g);
    return ok ? TFU_OK : tfu_error_memory(e, "showing a run", 0);
}

/* ---- how it is */

static void put_state(struct show *s)
{
    const struct tfu_index_run *run = s->run;
    char a[TFU_INDEX_TIME_SIZE], b[TFU_NUMBER_SIZE];
    tfu_text_printf(&s->out, "%s\n", run->path);
    line(s, "folder", "%s/%s", s->r->store, run->path);
    line(s, "state", "%s", tfu_index_state_name(run->state));
    if (run->owner && run->owner_since > 0)
        line(s, "owner", "%s, since %s UTC", run->owner, tfu_index_time_text(run->owner_since, a));
    else if (run->owner)
        line(s, "owner", "%s", run->owner);
    if (run->problem)
        line(s, run->state == TFU_INDEX_FAILED ? "why" : "problem", "%s", run->problem);
    if (run->started >= 0)
        line(s, "started", "%s UTC%s%s", tfu_index_time_text(run->started, a),
             run->host ? " on " : "", run->host ? run->host : "");
    if (run->updated >= 0)
        line(s, "last sign", "%s UTC", tfu_index_time_text(run->updated, a));
    if (run->step >= 0 && run->steps > 0)
        line(s, "trained", "%" PRId64 " of %" PRId64 " steps%s%s", run->step, run->steps,
             isnan(run->seconds) ? "" : " in ", tfu_runs_duration(run->seconds, b));
    else if (run->step >= 0)
        line(s, "trained", "%" PRId64 " steps%s%s", run->step, isnan(run->seconds) ? "" : " in ",
             tfu_runs_duration(run->seconds, b));
    if (run->best && run->best_step < 0)
        line(s, "best", "%s %s", run->best, tfu_runs_number(run->best_value, b));
    else if (run->best)
        line(s, "best", "%s %s at step %" PRId64, run->best, tfu_runs_number(run->best_value, b),
             run->best_step);
}

static enum tfu_status put_sweeps(struct show *s, struct tfu_error *e)
{
    const struct tfu_index_column *c;
    const size_t i = (size_t)(s->run - tfu_index_run(s->r->index, 0));
    const enum tfu_status st = tfu_index_column(s->r->index, "sweep", &c, e);
    if (st == TFU_OK && c->value[i].text)
        line(s, "sweep", "%s", c->value[i].text);
    return st;
}

/* ---- what it is made of */

static bool is_main_key(const char *key)
{
    static const char *const main_keys[] = {"seed",
                                            "task.kind",
                                            "task.loss",
                                            "arch.plugin",
                                            "arch.width",
                                            "init.*.plugin",
                                            "init.*.source",
                                            "data.root",
                                            "data.*.plugin",
                                            "data.*.limit",
                                            "data.*.limit_per_class",
                                            "train.optimizer.plugin",
                                            "train.optimizer.lr",
                                            "train.optimizer.weight_decay",
                                            "train.batch",
                                            "train.epochs",
                                            "train.steps",
                                            "train.schedule.kind"};
    return tfu_text_glob_any(main_keys, TFU_COUNT(main_keys), key);
}

static enum tfu_status put_configuration(struct show *s, struct tfu_error *e)
{
    struct tfu_index_leaf *leaf;
    size_t count, shown = 0;
    enum tfu_status st = tfu_index_leaves(s->r->index, s->run, &s->r->arena, &leaf, &count, e);
    if (st != TFU_OK || count == 0)
        return st;
    struct tfu_text_grid g;
    tfu_text_grid_init(&g, 2);
    tfu_text_grid_head(&g, "  key", false);
    tfu_text_grid_head(&g, "value", false);
    for (size_t i = 0; i < count; i++) {
        if (!s->all && !is_main_key(leaf[i].key))
            continue;
        tfu_text_grid_printf(&g, "  %s", leaf[i].key);
        tfu_text_grid_put(&g, leaf[i].value);
        shown++;
    }
    st = put_grid(s, "configuration", &g, e);
    if (shown < count)
        tfu_text_printf(&s->out, "  and %zu more keys: --all shows them\n", count - shown);
    return st;
}

/* ---- what it came to */

static enum tfu_status put_metrics(struct show *s, struct tfu_error *e)
{
    struct tfu_index_score *score;
    size_t count, hidden = 0, undefined = 0;
    char text[TFU_NUMBER_SIZE];
    enum tfu_status st = tfu_index_scores(s->r->index, s->run, &s->r->arena, &score, &count, e);
    if (st != TFU_OK || count == 0)
        return st;
    static const char *const head[] = {"last",    "at step", "smallest",
                                       "at step", "largest", "at step"};
    struct tfu_text_grid g;
    tfu_text_grid_init(&g, 7);
    tfu_text_grid_head(&g, "  metric", false);
    for (size_t i = 0; i < TFU_COUNT(head); i++)
        tfu_text_grid_head(&g, head[i], true);
    for (size_t i = 0; i < count; i++) {
        const struct tfu_index_score *x = &score[i];
        if (!s->all && strchr(x->series, '.')) {
            hidden++;
            continue;
        }
        tfu_text_grid_printf(&g, "  %s", x->series);
        tfu_text_grid_put(&g, isnan(x->last) ? "undefined" : tfu_runs_number(x->last, text));
        tfu_text_grid_printf(&g, "%" PRId64, x->last_step);
        tfu_text_grid_put(&g, tfu_runs_number(x->low, text));
        tfu_text_grid_whole(&g, x->low_step);
        tfu_text_grid_put(&g, tfu_runs_number(x->high, text));
        tfu_text_grid_whole(&g, x->high_step);
        undefined += isnan(x->last) && x->note;
    }
    st = put_grid(s, "metrics", &g, e);
    for (size_t i = 0; undefined && i < count; i++)
        if (isnan(score[i].last) && score[i].note && (s->all || !strchr(score[i].series, '.')))
            tfu_text_printf(&s->out, "  %s is undefined: %s\n", score[i].series, score[i].note);
    if (hidden)
        tfu_text_printf(&s->out, "  and %zu more of classes and intervals: --all shows them\n",
                        hidden);
    return st;
}

/* ---- files and sessions */

static enum tfu_status put_files(struct show *s, struct tfu_error *e)
{
    struct tfu_index_artefact *file;
    size_t count;
    char text[TFU_NUMBER_SIZE];
    enum tfu_status st = tfu_index_artefacts(s->r->index, s->run, &s->r->arena, &file, &count, e);
    if (st != TFU_OK || count == 0)
        return st;
    struct tfu_text_grid g;
    tfu_text_grid_init(&g, 3);
    tfu_text_grid_head(&g, "  file", false);
    tfu_text_grid_head(&g, "step", true);
    tfu_text_grid_head(&g, "size", true);
    for (size_t i = 0; i < count; i++) {
        tfu_text_grid_printf(&g, "  %s", file[i].name);
        tfu_text_grid_whole(&g, file[i].step);
        tfu_text_grid_put(&g, tfu_runs_bytes(file[i].bytes, text));
    }
    return put_grid(s, "files", &g, e);
}

static enum tfu_status put_sessions(struct show *s, struct tfu_error *e)
{
    struct tfu_index_session *x;
    size_t count;
    char text[TFU_INDEX_TIME_SIZE];
    enum tfu_status st = tfu_index_sessions(s->r->index, s->run, &s->r->arena, &x, &count, e);
    if (st != TFU_OK || count == 0)
        return st;
    static const char *const head[] = {"  started", "from step", "host",
                                       "processor", "threads",   "transfuse"};
    struct tfu_text_grid g;
    tfu_text_grid_init(&g, TFU_COUNT(head));
    for (size_t i = 0; i < TFU_COUNT(head); i++)
        tfu_text_grid_head(&g, head[i], i == 1 || i == 4);
    for (size_t i = 0; i < count; i++) {
        tfu_text_grid_printf(&g, "  %s", tfu_index_time_text(x[i].started, text));
        tfu_text_grid_printf(&g, x[i].step < 0 ? "accepted" : "%" PRId64, x[i].step);
        tfu_text_grid_put(&g, x[i].host);
        tfu_text_grid_put(&g, x[i].processor);
        tfu_text_grid_whole(&g, x[i].threads);
        tfu_text_grid_put(&g, x[i].version);
    }
    return put_grid(s, "sessions", &g, e);
}

/* ---- the command */

static enum tfu_status show_text(struct show *s, struct tfu_error *e)
{
    put_state(s);
    enum tfu_status st = put_sweeps(s, e);
    if (st == TFU_OK)
        st = put_configuration(s, e);
    if (st == TFU_OK)
        st = put_metrics(s, e);
    if (st == TFU_OK)
        st = put_files(s, e);
    if (st == TFU_OK)
        st = put_sessions(s, e);
    if (st == TFU_OK && s->out.failed)
        st = tfu_error_memory(e, "showing a run", 0);
    if (st == TFU_OK)
        fputs(tfu_text_get(&s->out), tfu_cli_output());
    return st;
}

static enum tfu_status show(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct options *o = r->arg;
    if (r->selection.count == 0) {
        *status = TFU_EXIT_FAILED;
        return tfu_runs_say_none(r, e);
    }
    if (r->selection.count > 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "%zu runs are meant, %s and %s among them, and one is shown; `runs "
                             "list` lists many, `runs compare` compares them",
                             r->selection.count, tfu_runs_at(r, 0)->path, tfu_runs_at(r, 1)->path);
    if (o->json) {
        json_t *root;
        const enum tfu_status st = tfu_runs_record(
            r, tfu_runs_at(r, 0),
            TFU_RUNS_RECORD_SCORES | TFU_RUNS_RECORD_CONFIG | TFU_RUNS_RECORD_FILES, &root, e);
        return st == TFU_OK ? tfu_cli_json_print(root, e) : st;
    }
    struct show s = {.r = r, .run = tfu_runs_at(r, 0), .all = o->all != 0};
    const enum tfu_status st = show_text(&s, e);
    tfu_text_free(&s.out);
    return st;
}

int tfu_runs_show(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_runs_command command = {
        .name = "runs show",
        .help = help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .which = "which RUN is to be shown?",
        .action = show,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
