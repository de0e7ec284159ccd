/* SPDX-License-Identifier: MIT
 *
 * transfuse sweep plan: the cases of a study file, and what they will take.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/cli/output.h"
#include "core/cli/sweep_command.h"
#include "core/cli/terminal.h"
#include "core/sweep/case_json.h"
#include "core/sweep/cost.h"
#include "core/sweep/state.h"
#include "core/sweep/title.h"

static const char help[] =
    "usage: transfuse sweep plan FILE [KEY=VALUE]... [--json]\n"
    "\n"
    "Resolves and checks every case of a study file, and shows them: how far it is, the id of its\n"
    "run, what it needs. Below that what is left will take: time by what finished cases of the\n"
    "sweep took, memory and disk by building a network of each kind. Nothing is trained, and\n"
    "nothing is written.\n"
    "\n"
    "  KEY=VALUE  puts a value over that of the file: base.train.steps=50, cases.seed=0..1,\n"
    "             profile=mini\n"
    "  --json     for other programs\n";

struct options {
    int32_t json;
};

static const struct tfu_option rows[] = {
    TFU_OPT_BOOL(struct options, json, 0, "for other programs"),
};

struct plan {
    struct tfu_sweep *sweep;
    struct tfu_case_status *status;
    struct tfu_case_cost *cost;
    size_t of_state[TFU_CASE_STATES];
    size_t refused;       /* cases whose run cannot be known, */
    size_t first_refused; /* the first of them, */
    struct tfu_error why; /* and why */
};

/* ---- how far they are */

/* The runs of those that can begin, and how many there are of each state. */
static void find_runs(struct plan *p)
{
    for (size_t i = 0; i < p->sweep->count; i++) {
        struct tfu_case_status *o = &p->status[i];
        struct tfu_error e = TFU_ERROR_INIT;
        p->of_state[o->state]++;
        if (o->state != TFU_CASE_QUEUED || o->run)
            continue;
        const enum tfu_status st = tfu_sweep_resolve(p->sweep, i, NULL, &o->run, &e);
        if (st != TFU_OK && st != TFU_ENOTFOUND && p->refused++ == 0) {
            p->first_refused = i;
            p->why = e;
        }
    }
}

/* "3fa2e1d09b77" of a run's folder. */
static const char *id_of(const struct tfu_case_status *o)
{
    const char *slash = o->run ? strrchr(o->run, '/') : NULL;
    return slash ? slash + 1 : "-";
}

/* ---- as a table */

static void put_size(struct tfu_text *out, double bytes)
{
    static const char *const unit[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t u = 0;
    for (; bytes >= 1024 && u + 1 < TFU_COUNT(unit); u++)
        bytes /= 1024;
    tfu_text_printf(out, u == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes, unit[u]);
}

static void put_needs(struct tfu_text *out, const struct plan *p, size_t i)
{
    const struct tfu_sweep_case *c = &p->sweep->item[i];
    const size_t first = p->status[i].waits_for;
    if (first == SIZE_MAX)
        return;
    tfu_text_printf(out, "  needs %s", p->sweep->item[first].name);
    if (c->need_count > 1)
        tfu_text_printf(out, " and %zu more", c->need_count - 1);
}

static void put_cases(struct tfu_text *out, const struct plan *p)
{
    struct tfu_sweep *s = p->sweep;
    int width = 4;
    struct tfu_text title = TFU_TEXT_INIT;
    for (size_t i = 0; i < s->count; i++) {
        tfu_sweep_title_set(&title, s, i);
        const int w = tfu_utf8_width(tfu_text_get(&title));
        width = w > width ? w : width;
    }
    for (size_t i = 0; i < s->count; i++) {
        tfu_sweep_title_put_wide(out, s, i, width);
        tfu_text_printf(out, "  %-11s  %-12s", tfu_case_state_name(p->status[i].state),
                        id_of(&p->status[i]));
        put_needs(out, p, i);
        if (p->status[i].anew)
            tfu_text_puts(out, "  anew: data or weights changed");
        if (p->status[i].remark)
            tfu_text_printf(out, "  %s", p->status[i].remark);
        while (out->length && out->data[out->length - 1] == ' ')
            out->data[--out->length] = '\0';
        tfu_text_puts(out, "\n");
    }
    out->failed |= title.failed;
    tfu_text_free(&title);
}

static void put_counts(struct tfu_text *out, const struct plan *p)
{
    const struct tfu_sweep *s = p->sweep;
    const size_t cases = s->count - s->support;
    tfu_text_printf(out, "\n%zu case%s", cases, cases == 1 ? "" : "s");
    if (s->support)
        tfu_text_printf(out, ", and %zu run%s that they need", s->support,
                        s->support == 1 ? "" : "s");
    for (size_t i = 0, told = 0; i < TFU_CASE_STATES; i++)
        if (p->of_state[i])
            tfu_text_printf(out, "%s%zu %s", told++ ? ", " : ": ", p->of_state[i],
                            tfu_case_state_name((enum tfu_case_state)i));
    tfu_text_puts(out, "\n");
}

static bool is_left(const struct plan *p, size_t i)
{
    return p->status[i].state != TFU_CASE_DONE && p->status[i].state != TFU_CASE_STOPPED;
}

struct totals {
    size_t left, timed, sized;
    double seconds, disk;
    size_t memory;
};

static struct totals sum(const struct plan *p)
{
    struct totals t = {.left = 0};
    for (size_t i = 0; i < p->sweep->count; i++) {
        const struct tfu_case_cost *c = &p->cost[i];
        if (!is_left(p, i))
            continue;
        t.left++;
        t.timed += isfinite(c->seconds) ? 1 : 0;
        t.seconds += isfinite(c->seconds) ? c->seconds : 0;
        t.sized += c->memory > 0;
        t.disk += (double)c->disk;
        t.memory = c->memory > t.memory ? c->memory : t.memory;
    }
    return t;
}

static void put_totals(struct tfu_text *out, const struct plan *p)
{
    const struct totals t = sum(p);
    int64_t threads = 0;
    char time[32];
    if (t.left == 0)
        return;
    tfu_duration_put(time, sizeof time, t.seconds);
    if (t.timed)
        tfu_text_printf(out,
                        "time     %s for %zu of the %zu that are left, one after the other, by "
                        "what finished cases took\n",
                        time, t.timed, t.left);
    else
        tfu_text_puts(out, "time     -, for no case is done yet\n");
    if (t.sized) {
        tfu_text_puts(out, "disk     ");
        put_size(out, t.disk);
        tfu_text_printf(out, " of checkpoints for %zu of them\nmemory   up to ", t.sized);
        put_size(out, (double)t.memory);
        tfu_text_puts(out, " for one at a time\n");
    }
    for (size_t i = 0; i < p->sweep->count; i++)
        threads = p->sweep->item[i].threads > threads ? p->sweep->item[i].threads : threads;
    if (threads)
        tfu_text_printf(out, "threads  up to %" PRId64 "\n", threads);
}

static int print_table(const struct plan *p)
{
    struct tfu_text out = TFU_TEXT_INIT;
    put_cases(&out, p);
    put_counts(&out, p);
    put_totals(&out, p);
    tfu_text_printf(&out, "store    %s\n", p->sweep->store);
    return tfu_cli_print_text(&out);
}

/* ---- as JSON */

static json_t *known(double value)
{
    return value > 0 ? tfu_json_number(value) : json_null();
}

static json_t *case_json(const struct plan *p, size_t i)
{
    const struct tfu_sweep *s = p->sweep;
    const struct tfu_sweep_case *c = &s->item[i];
    const struct tfu_case_cost *cost = &p->cost[i];
    json_t *needs = json_array();
    for (size_t k = 0; k < c->need_count; k++)
        json_array_append_new(needs, json_string(s->item[c->need[k]].key));
    return json_pack(
        "{s:s, s:s, s:b, s:b, s:s?, s:s, s:b, s:s?, s:s?, s:o, s:o, s:s, s:o, s:o, s:o, s:o, "
        "s:o, s:o}",
        "name", c->name, "key", c->key, "support", (int)c->support, "tuned", (int)c->tuned,
        "chosen", tfu_sweep_chosen_or_null(p->sweep, i), "state",
        tfu_case_state_name(p->status[i].state), "anew", (int)p->status[i].anew, "remark",
        p->status[i].remark, "run", p->status[i].run, "values", tfu_sweep_values_json(s, i),
        "needs", needs, "experiment", c->experiment, "steps", known((double)c->steps), "epochs",
        known((double)c->epochs), "seconds", tfu_json_number(cost->seconds), "disk",
        known((double)cost->disk), "memory", known((double)cost->memory), "parameters",
        known((double)cost->parameters));
}

static int print_json(const struct plan *p)
{
    const struct tfu_sweep *s = p->sweep;
    const struct totals t = sum(p);
    json_t *cases = json_array();
    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(cases, case_json(p, i));
    return tfu_cli_print_json(json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o}", "sweep", s->name, "file", s->file, "store",
        s->store, "axes", tfu_sweep_axes_json(s), "cases", cases, "left", (json_int_t)t.left,
        "seconds", known(t.seconds), "disk", known(t.disk), "memory", known((double)t.memory)));
}

/* ---- the command */

static int fill(struct plan *p)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const size_t room = p->sweep->count + 1;
    p->status = calloc(room, sizeof *p->status);
    p->cost = calloc(room, sizeof *p->cost);
    if (!p->status || !p->cost)
        return tfu_cli_out_of_memory();
    if (tfu_sweep_look_for_runs(p->sweep, p->status, &e) != TFU_OK)
        return tfu_cli_error(&e);
    find_runs(p);
    return tfu_sweep_costs(p->sweep, p->status, p->cost, &e) == TFU_OK ? TFU_EXIT_OK
                                                                       : tfu_cli_error(&e);
}

static int plan(struct tfu_sweep *s, const struct options *o)
{
    struct plan p = {.sweep = s, .why = TFU_ERROR_INIT};
    int status = fill(&p);
    if (status == TFU_EXIT_OK)
        status = o->json ? print_json(&p) : print_table(&p);
    if (status == TFU_EXIT_OK && p.refused) {
        tfu_error_prefix(&p.why, "%zu of the cases cannot be run, '%s' the first", p.refused,
                         s->item[p.first_refused].name);
        status = tfu_cli_error(&p.why);
    }
    tfu_case_status_free(p.status, p.status ? s->count : 0);
    free(p.status);
    free(p.cost);
    return status;
}

int tfu_sweep_plan(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_cli_sweep s = {.wants_runs = true};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "sweep plan", .table = &table, .table_count = 1};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && a.help)
        fputs(help, stdout);
    else if (status == 0 && (status = tfu_cli_sweep_open(&s, cli, &a)) == 0)
        status = plan(s.sweep, &o);
    tfu_cli_sweep_close(&s);
    tfu_cli_arguments_free(&a);
    return status;
}
