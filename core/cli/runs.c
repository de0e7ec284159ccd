/* SPDX-License-Identifier: MIT */
#include "core/cli/runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

static enum tfu_status attempt(struct tfu_runs *r, int *status,
                               enum tfu_status (*action)(struct tfu_runs *r, int *status,
                                                         struct tfu_error *e),
                               struct tfu_error *e)
{
    const struct tfu_index_request request = {
        .store = r->store, .log = &r->cli->log, .rebuild = r->rebuild};
    tfu_arena_init(&r->arena, 0);
    enum tfu_status st = tfu_index_open(&r->index, &request, e);
    if (st == TFU_OK)
        st = tfu_index_select(&r->selection, r->index, r->word, r->words, (int64_t)time(NULL),
                              &r->arena, e);
    if (st == TFU_OK)
        st = action(r, status, e);
    tfu_index_close(r->index);
    r->index = NULL;
    tfu_arena_free(&r->arena);
    return st;
}

int tfu_runs_do(struct tfu_runs *r,
                enum tfu_status (*action)(struct tfu_runs *r, int *status, struct tfu_error *e))
{
    struct tfu_error e = TFU_ERROR_INIT;
    int status = TFU_EXIT_OK;
    enum tfu_status st = attempt(r, &status, action, &e);
    if (st == TFU_ECORRUPT && !r->rebuild && !r->printing) {
        e = (struct tfu_error)TFU_ERROR_INIT;
        r->rebuild = true; /* which puts a damaged one aside */
        st = attempt(r, &status, action, &e);
    }
    if (st == TFU_OK)
        return status;
    tfu_cli_error(&e);
    return st == TFU_EINVAL || st == TFU_ENOTFOUND ? TFU_EXIT_USAGE : TFU_EXIT_FAILED;
}

static int usage(const struct tfu_runs_command *c, const struct tfu_cli_arguments *a)
{
    const char *wrong = NULL;
    if (c->which && a->positional_count == 0)
        wrong = c->which;
    else if (c->wrong)
        wrong = c->wrong(c->table.config);
    return wrong ? tfu_cli_usage(c->name, "%s", wrong) : TFU_EXIT_OK;
}

int tfu_runs_command(const struct tfu_runs_command *c, struct tfu_cli *cli, int argc, char **argv)
{
    struct tfu_cli_arguments a = {
        .command = c->name, .table = &c->table, .table_count = 1, .no_pairs = true};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == TFU_EXIT_OK && a.help) {
        status = tfu_cli_arguments_print_help(c->help, &c->table, 1);
    } else if (status == TFU_EXIT_OK && (status = usage(c, &a)) == TFU_EXIT_OK) {
        struct tfu_runs r = {.cli = cli,
                             .store = *c->store,
                             .word = a.positional,
                             .words = a.positional_count,
                             .arg = c->table.config};
        status = tfu_runs_do(&r, c->action);
    }
    tfu_cli_arguments_free(&a);
    return status;
}

const struct tfu_index_run *tfu_runs_at(const struct tfu_runs *r, size_t i)
{
    return tfu_index_run(r->index, r->selection.run[i]);
}

const char *tfu_runs_path(struct tfu_runs *r, const struct tfu_index_run *run)
{
    return tfu_arena_printf(&r->arena, "%s/%s", r->store, run->path);
}

enum tfu_status tfu_runs_say_none(struct tfu_runs *r, struct tfu_error *e)
{
    const size_t count = tfu_index_count(r->index);
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    if (count == 0)
        tfu_text_printf(&text, "the store '%s' has no runs\n", r->store);
    else
        tfu_text_printf(&text, "none of the %zu runs in '%s' fits:\n", count, r->store);
    for (size_t i = 0; st == TFU_OK && count && i < r->selection.filters; i++) {
        tfu_text_puts(&text, "  ");
        st = tfu_filter_explain(r->index, &r->selection.filter[i], &text, e);
        tfu_text_puts(&text, "\n");
    }
    if (st == TFU_OK && !text.failed)
        fprintf(stderr, "%s", tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

const char *tfu_runs_number(double v, char text[TFU_NUMBER_SIZE])
{
    if (isnan(v))
        text[0] = '\0';
    else
        snprintf(text, TFU_NUMBER_SIZE, fabs(v) >= 1e6 || fabs(v) < 1 ? "%.4g" : "%.6g", v);
    return text;
}

const char *tfu_runs_duration(double seconds, char text[TFU_NUMBER_SIZE])
{
    const double whole = round(seconds); /* first: there is no "1 min 60 s" */
    if (isnan(seconds) || seconds < 0)
        text[0] = '\0';
    else if (seconds < 59.95)
        snprintf(text, TFU_NUMBER_SIZE, "%.3g s", seconds);
    else if (whole < 3600)
        snprintf(text, TFU_NUMBER_SIZE, "%.0f min %.0f s", floor(whole / 60), fmod(whole, 60));
    else
        snprintf(text, TFU_NUMBER_SIZE, "%.0f h %.0f min", floor(whole / 3600),
                 floor(fmod(whole, 3600) / 60));
    return text;
}

const char *tfu_runs_bytes(int64_t bytes, char text[TFU_NUMBER_SIZE])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB"};
    double v = (double)bytes;
    size_t i = 0;
    while (v >= 999.5 && i + 1 < TFU_COUNT(unit)) {
        v /= 1000;
        i++;
    }
    snprintf(text, TFU_NUMBER_SIZE, i ? "%.3g %s" : "%.0f %s", v, unit[i]);
    return text;
}
