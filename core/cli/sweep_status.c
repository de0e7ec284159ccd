/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep status: how far the cases of a study file are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/cli/output.h"
#include "core/cli/sweep_command.h"
#include "core/cli/sweep_hold.h"
#include "core/cli/terminal.h"
#include "core/launch/slurm_status.h"
#include "core/sweep/state.h"
#include "core/sweep/title.h"

struct options {
    struct tfu_string_list only;
    int32_t json, failed;
};

static const struct tfu_option rows[] = {
    {.name = "only",
     .help = "these cases alone",
     .type = TFU_STRING_LIST,
     .offset = offsetof(struct options, only)},
    TFU_OPT_BOOL(struct options, json, 0, "for other programs"),
    TFU_OPT_BOOL(struct options, failed, 0, "those that failed, alone"),
};

static const char help[] =
    "usage: transfuse sweep status FILE [KEY=VALUE]... [--only KEY|PATTERN,...] [--failed]\n"
    "                        [--json]\n"
    "\n"
    "How far the cases of a study file are, as their folders say now:\n"
    "\n"
    "  waiting      for another case, which is named\n"
    "  queued       nothing was done of it yet\n"
    "  running      with the process that has it, and how far it is\n"
    "  paused       at a rung, for the others to come to it; it is said what is waited for\n"
    "  interrupted  the next `transfuse sweep run` goes on with it\n"
    "  failed       with the error; `transfuse sweep retry` has it tried again\n"
    "  stopped      at a rung, for others were better there\n"
    "  done\n"
    "\n"
    "  --only    these cases alone: patterns of their names, or the beginnings of their keys\n"
    "  --failed  those that failed, alone\n"
    "  --json    for other programs\n";

/* ---- as a table */

/* What is worth saying behind the state. */
static void put_detail(struct tfu_text *out, const struct tfu_sweep *s,
                       const struct tfu_case_status *status, size_t index)
{
    const struct tfu_case_status *o = &status[index];
    char time[32];
    tfu_duration_put(time, sizeof time, o->seconds);
    switch (o->state) {
    case TFU_CASE_WAITING:
        tfu_text_printf(out, "needs %s%s", s->item[o->waits_for].name,
                        o->waits_for_failed ? ", which failed" : "");
        break;
    case TFU_CASE_RUNNING:
        tfu_text_printf(out, "process %ld on %s", o->pid, o->host);
        if (o->steps > 0)
            tfu_text_printf(out, ", step %" PRId64 "/%" PRId64, o->step, o->steps);
        break;
    case TFU_CASE_FAILED:
        tfu_text_printf(out, "%s; log: %s/%s/%s/%s", o->error, s->store, TFU_CASES_FOLDER,
                        s->item[index].key, TFU_CASE_LOG_FILE);
        break;
    case TFU_CASE_PAUSED:
        tfu_text_printf(out, "rung %zu", o->rung);
        if (o->waits_for != SIZE_MAX) {
            tfu_text_puts(out, "; waits for ");
            tfu_sweep_hold_put(out, s, status, o->waits_for);
        }
        break;
    case TFU_CASE_STOPPED:
        tfu_text_printf(out, "rung %zu", o->rung);
        break;
    case TFU_CASE_DONE:
        if (o->seconds > 0)
            tfu_text_printf(out, "%s  ", time);
        tfu_text_puts(out, o->run);
        if (o->remark)
            tfu_text_printf(out, "; %s", o->remark);
        break;
    case TFU_CASE_INTERRUPTED:
        if (o->run)
            tfu_text_puts(out, o->run);
        break;
    case TFU_CASE_QUEUED:
        if (o->anew)
            tfu_text_puts(out, "anew: data or weights changed");
        break;
    case TFU_CASE_STATES:
        break;
    }
}

/* What Slurm says of one that was submitted. */
static void put_slurm(struct tfu_text *out, const struct tfu_slurm_seen *seen)
{
    if (seen->state == TFU_SLURM_NEVER)
        return;
    if (out->length > 0 && out->data[out->length - 1] != ' ')
        tfu_text_puts(out, "; ");
    tfu_text_printf(out, "job %s ", seen->task);
    tfu_slurm_put_seen(out, seen);
}

struct shown {
    struct tfu_sweep *sweep;
    const struct tfu_case_status *status;
    const struct tfu_slurm_seen *seen;
    const bool *chosen;
    bool failed;
};

static bool is_shown(const struct shown *w, size_t i)
{
    return (!w->chosen || w->chosen[i]) && (!w->failed || w->status[i].state == TFU_CASE_FAILED);
}

static int print_table(const struct shown *w)
{
    struct tfu_sweep *s = w->sweep;
    int width = 4;
    size_t count_of[TFU_CASE_STATES] = {0}, count = 0;
    struct tfu_text out = TFU_TEXT_INIT, title = TFU_TEXT_INIT;
    for (size_t i = 0; i < s->count; i++) {
        tfu_sweep_title_set(&title, s, i);
        const int needed = tfu_utf8_width(tfu_text_get(&title));
        if (is_shown(w, i) && needed > width)
            width = needed;
    }
    for (size_t i = 0; i < s->count; i++) {
        if (!is_shown(w, i))
            continue;
        count++;
        count_of[w->status[i].state]++;
        tfu_sweep_title_put_wide(&out, s, i, width);
        tfu_text_printf(&out, "  %s  %-11s  ", s->item[i].key,
                        tfu_case_state_name(w->status[i].state));
        put_detail(&out, s, w->status, i);
        if (w->status[i].state != TFU_CASE_DONE && w->status[i].state != TFU_CASE_STOPPED)
            put_slurm(&out, &w->seen[i]);
        while (out.length > 0 && out.data[out.length - 1] == ' ')
            out.data[--out.length] = '\0';
        tfu_text_puts(&out, "\n");
    }
    tfu_text_printf(&out, "%zu case%s", count, count == 1 ? "" : "s");
    for (size_t i = 0, told = 0; i < TFU_CASE_STATES; i++)
        if (count_of[i] > 0)
            tfu_text_printf(&out, "%s%zu %s", told++ ? ", " : ": ", count_of[i],
                            tfu_case_state_name((enum tfu_case_state)i));
    tfu_text_puts(&out, "\n");
    out.failed |= title.failed;
    tfu_text_free(&title);
    return tfu_cli_print_text(&out);
}

/* ---- as JSON */

static json_t *known_integer(int64_t value)
{
    return value > 0 ? json_integer((json_int_t)value) : json_null();
}

static json_t *known_string(const char *s)
{
    json_t *string = s && *s ? json_string(s) : NULL;
    return string ? string : json_null();
}

static json_t *slurm_json(const struct tfu_slurm_seen *seen)
{
    if (seen->state == TFU_SLURM_NEVER)
        return json_null();
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "task", seen->task, "state",
                     tfu_slurm_state_text(seen->state), "word", known_string(seen->word), "reason",
                     known_string(seen->reason), "node", known_string(seen->node));
}

static json_t *case_json(struct tfu_sweep *s, size_t i, const struct tfu_case_status *o,
                         const struct tfu_slurm_seen *seen)
{
    const bool waits = o->waits_for != SIZE_MAX;
    return json_pack(
        "{s:s, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, "
        "s:o, s:s?, s:b, s:s?}",
        "name", s->item[i].name, "key", s->item[i].key, "support", (int)s->item[i].support, "state",
        tfu_case_state_name(o->state), "waits_for",
        known_string(waits ? s->item[o->waits_for].name : NULL), "run", known_string(o->run),
        "host", known_string(o->host), "pid", known_integer(o->pid), "since",
        known_integer(o->since), "ended", known_integer(o->ended), "step", known_integer(o->step),
        "steps", known_integer(o->steps), "error", known_string(o->error), "attempts",
        (json_int_t)o->attempts, "completed", (json_int_t)o->completed, "failures",
        (json_int_t)o->failures, "seconds", tfu_json_number(o->seconds), "slurm", slurm_json(seen),
        "chosen", tfu_sweep_chosen_or_null(s, i), "anew", (int)o->anew, "remark", o->remark);
}

static int print_json(const struct shown *w)
{
    struct tfu_sweep *s = w->sweep;
    json_t *cases = json_array();
    for (size_t i = 0; i < s->count; i++)
        if (is_shown(w, i))
            json_array_append_new(cases, case_json(s, i, &w->status[i], &w->seen[i]));
    return tfu_cli_print_json(json_pack("{s:s, s:s, s:s, s:o}", "sweep", s->name, "file", s->file,
                                        "store", s->store, "cases", cases));
}

/* ---- the command */

static int show(struct tfu_sweep *s, const struct options *o, const bool *chosen)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    struct tfu_slurm_seen *seen = calloc(s->count + 1, sizeof *seen);
    const struct shown w = {
        .sweep = s, .status = status, .seen = seen, .chosen = chosen, .failed = o->failed != 0};
    int code;
    if (!status || !seen)
        code = tfu_cli_out_of_memory();
    else if (tfu_sweep_look_for_runs(s, status, &e) != TFU_OK)
        code = tfu_cli_error(&e);
    else {
        /* the folders are the truth; that Slurm does not answer hides nothing of them */
        if (tfu_slurm_status(s, status, seen, &e) != TFU_OK)
            fprintf(stderr, "transfuse: warning: %s\n", e.text);
        code = o->json ? print_json(&w) : print_table(&w);
    }
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    free(seen);
    return code;
}

int tfu_sweep_status(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_cli_sweep s = {.known = true, .only = &o.only};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "sweep status", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help) {
        fputs(help, stdout);
    } else if (status == 0) {
        status = tfu_cli_sweep_open(&s, cli, &a);
        if (status == 0)
            status = show(s.sweep, &o, s.chosen);
        tfu_cli_sweep_close(&s);
    }
    tfu_cli_arguments_free(&a);
    return status;
}
