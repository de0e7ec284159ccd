/* SPDX-License-Identifier: MIT
 *
 * How far cases are, and which runs they became.
 */
#include <stdlib.h>
#include <string.h>

#include "core/report/cases.h"
#include "core/sweep/state.h"

const char *tfu_report_plain(struct tfu_report_cases *c, const char *message)
{
    const char *store = c->sweep ? c->sweep->store : tfu_index_store(c->index);
    const size_t n = strlen(store);
    struct tfu_text text = TFU_TEXT_INIT;
    for (const char *p = message; *p && *p != '\n';) {
        const bool here = n && strncmp(p, store, n) == 0 && p[n] == '/';
        if (!here)
            tfu_text_append(&text, p, 1);
        p += here ? n + 1 : 1;
    }
    const char *out = text.failed ? NULL : tfu_arena_strdup(c->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    return out;
}

/* The run at `path`; TFU_REPORT_NONE: the index has none there. */
static size_t find_row(const struct tfu_index *x, const char *path)
{
    size_t low = 0, high = tfu_index_count(x);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(tfu_index_run(x, middle)->path, path);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return TFU_REPORT_NONE;
}

/* "NAME/ID" of "STORE/NAME/ID" */
static const char *below_store(const char *run)
{
    const char *slash = strrchr(run, '/');
    while (slash && slash > run && slash[-1] != '/')
        slash--;
    return slash ? slash : run;
}

/* ---- of a sweep */

static const char *why_not(struct tfu_report_cases *c, const struct tfu_case_status *o)
{
    const char *needs = o->waits_for == SIZE_MAX ? "" : c->sweep->item[o->waits_for].name;
    switch (o->state) {
    case TFU_CASE_DONE:
        return NULL;
    case TFU_CASE_WAITING:
        return tfu_arena_printf(
            c->arena, o->waits_for_failed ? "it needs %s, which failed" : "it waits for %s", needs);
    case TFU_CASE_FAILED:
        return tfu_report_plain(c, o->error && o->error[0] ? o->error : "it failed");
    case TFU_CASE_QUEUED:
        return "nothing was done of it yet";
    case TFU_CASE_RUNNING:
        return "it is in work";
    case TFU_CASE_PAUSED:
        return "it waits at a rung of halving";
    case TFU_CASE_STOPPED:
        return "stopped by halving: others were better at its rung";
    default:
        return "it was interrupted, and goes on with the next `transfuse sweep run`";
    }
}

static bool take_status(struct tfu_report_cases *c, struct tfu_report_case *item,
                        const struct tfu_case_status *o)
{
    item->state = tfu_case_state_name(o->state);
    item->done = o->state == TFU_CASE_DONE;
    item->why = why_not(c, o);
    if (!item->done && !item->why)
        return false;
    if (o->run && !(item->path = tfu_arena_strdup(c->arena, below_store(o->run))))
        return false;
    if (!item->done)
        return true;
    item->row = c->index && item->path ? find_row(c->index, item->path) : TFU_REPORT_NONE;
    if (item->row == TFU_REPORT_NONE) {
        item->done = false;
        item->why = "its folder cannot be read";
    }
    return true;
}

static enum tfu_status look_at_sweep(struct tfu_report_cases *c, struct tfu_error *e)
{
    struct tfu_sweep *s = c->sweep;
    struct tfu_case_status *status = calloc(s->count + 1, sizeof *status);
    enum tfu_status st =
        status ? tfu_sweep_look_for_runs(s, status, e) : tfu_error_memory(e, "making a report", 0);
    for (size_t i = 0; st == TFU_OK && i < c->count; i++)
        if (!take_status(c, &c->item[i], &status[s->support + i]))
            st = tfu_error_memory(e, "making a report", 0);
    if (status)
        tfu_case_status_free(status, s->count);
    free(status);
    return st;
}

/* ---- of a store */

static enum tfu_status look_at_store(struct tfu_report_cases *c, struct tfu_error *e)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct tfu_index_run *r = tfu_index_run(c->index, i);
        struct tfu_report_case *item = &c->item[i];
        item->path = item->name;
        item->state = tfu_index_state_name(r->state);
        item->done = r->state == TFU_INDEX_DONE;
        item->row = i;
        if (!item->done)
            item->why =
                r->problem && r->problem[0] ? tfu_report_plain(c, r->problem) : "it is not done";
        if (!item->done && !item->why)
            return tfu_error_memory(e, "making a report", 0);
    }
    return TFU_OK;
}

enum tfu_status tfu_report_cases_look(struct tfu_report_cases *c, struct tfu_error *e)
{
    return c->sweep ? look_at_sweep(c, e) : c->index ? look_at_store(c, e) : TFU_OK;
}
