/* SPDX-License-Identifier: MIT
 *
 * transfuse runs list
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/cli/output.h"
#include "core/cli/runs.h"
#include "core/cli/runs_record.h"
#include "core/result/grid.h"

static const char help[] =
    "usage: transfuse runs list [RUN | FILTER]... [OPTION]...\n"
    "\n"
    "The runs of a store: those that are named, or all, as far as they fit every filter.\n"
    "\n"
    "  RUN     NAME/ID, a pattern of it, the first digits of an ID (four or more), or NAME for "
    "all\n"
    "          runs of an experiment\n"
    "  FILTER  KEY=VALUE, or != < <= > >= in the place of = (in quotes, for the shell). KEY is "
    "one\n"
    "          of a configuration (train.optimizer.lr, arch), a metric (test/auc: the last value;\n"
    "          test/auc@max, @min, @best), an axis of a sweep (axis.arch where it is called as\n"
    "          another key), or one of run, name, id, state, host, started, updated, step, steps,\n"
    "          seconds, seed, init, best, problem, sweep.\n"
    "          Values of = may have * and ?, or be several: state=failed,interrupted. since=2d "
    "and\n"
    "          before=2026-03-01 ask when there was a last sign of work.\n"
    "\n"
    "A run is done, running, failed, interrupted, or damaged, when its files cannot be read.\n"
    "\n";

struct options {
    const char *store;
    struct tfu_string_list columns, sort;
    int64_t limit;
    int32_t csv, json, markdown;
};

static const struct tfu_option rows[] = {
    TFU_RUNS_STORE(struct options),
    TFU_OPT_STRING_LIST(struct options, columns, "keys, as those of filters"),
    TFU_OPT_STRING_LIST(struct options, sort,
                        "keys, the first counts most; --sort=-test/auc puts the largest first"),
    TFU_OPT_INT(struct options, limit, 0, 1, 1000000000, "show so many at most; default: all"),
    TFU_OPT_BOOL(struct options, csv, 0, "print CSV, with all digits"),
    TFU_OPT_BOOL(struct options, json, 0,
                 "print JSON, a line for each run; without --columns all that is known of it"),
    TFU_OPT_BOOL(struct options, markdown, 0, "print a table of Markdown"),
};

struct list {
    const struct options *options;
    const struct tfu_index_column **column;
    size_t columns;
};

/* ---- columns */

static enum tfu_status add_column(struct tfu_runs *r, struct list *l, const char *key,
                                  struct tfu_error *e)
{
    return tfu_index_column(r->index, key, &l->column[l->columns++], e);
}

/* Also one that is called as a key of another kind: what the sweep calls the run's value. */
static enum tfu_status add_axis(struct tfu_runs *r, struct list *l, const char *name,
                                struct tfu_error *e)
{
    const char *key = tfu_arena_printf(&r->arena, TFU_INDEX_AXIS "%s", name);
    return key ? add_column(r, l, key, e) : tfu_error_memory(e, "listing runs", 0);
}

/* "test/auc", but not "test/auc.se" or "test/auc.class.3". */
static bool is_main(const char *series, const char *split)
{
    const size_t n = strlen(split);
    return strncmp(series, split, n) == 0 && series[n] == '/' && !strchr(series, '.') &&
           strcmp(series + n + 1, "steps_to_threshold") != 0;
}

/* The first few metrics of the test data, or where there are none of the validation's. */
static enum tfu_status add_metrics(struct tfu_runs *r, struct list *l, struct tfu_error *e)
{
    enum { SHOWN = 4 };
    static const char *const split[] = {"test", "valid"};
    const char **name;
    size_t count, added = 0;
    enum tfu_status st = tfu_index_series_names(r->index, &r->arena, &name, &count, e);
    for (size_t s = 0; st == TFU_OK && added == 0 && s < TFU_COUNT(split); s++)
        for (size_t i = 0; st == TFU_OK && i < count && added < SHOWN; i++)
            if (is_main(name[i], split[s])) {
                st = add_column(r, l, name[i], e);
                added++;
            }
    return st;
}

static enum tfu_status usual_columns(struct tfu_runs *r, struct list *l, struct tfu_error *e)
{
    static const char *const plain[] = {"arch", "init", "seed"};
    const char *sweep = tfu_run_selection_sweep(&r->selection);
    const char **axis = NULL;
    size_t axes = 0;
    enum tfu_status st = TFU_OK;
    if (sweep)
        st = tfu_index_axes(r->index, sweep, &r->arena, &axis, &axes, e);
    l->column = tfu_arena_array(&r->arena, axes + 16, sizeof *l->column);
    if (st == TFU_OK && !l->column)
        st = tfu_error_memory(e, "listing runs", 0);
    if (st == TFU_OK)
        st = add_column(r, l, "run", e);
    if (st == TFU_OK)
        st = add_column(r, l, "state", e);
    for (size_t i = 0; st == TFU_OK && i < (axes ? axes : TFU_COUNT(plain)); i++)
        st = axes ? add_axis(r, l, axis[i], e) : add_column(r, l, plain[i], e);
    if (st == TFU_OK)
        st = add_column(r, l, "step", e);
    if (st == TFU_OK)
        st = add_column(r, l, "updated", e);
    return st == TFU_OK ? add_metrics(r, l, e) : st;
}

static enum tfu_status choose_columns(struct tfu_runs *r, struct list *l, struct tfu_error *e)
{
    const struct tfu_string_list *asked = &l->options->columns;
    if (asked->count == 0)
        return usual_columns(r, l, e);
    l->column = tfu_arena_array(&r->arena, (size_t)asked->count + 1, sizeof *l->column);
    enum tfu_status st = l->column ? TFU_OK : tfu_error_memory(e, "listing runs", 0);
    for (size_t i = 0; st == TFU_OK && i < asked->count; i++)
        st = add_column(r, l, asked->item[i], e);
    return st;
}

/* ---- the order */

struct order {
    const struct tfu_index_column *column;
    bool largest_first;
};

struct orders {
    const struct order *item;
    size_t count;
};

static int compare_values(const struct order *o, size_t a, size_t b)
{
    const struct tfu_index_value *x = &o->column->value[a], *y = &o->column->value[b];
    int c;
    if (!isnan(x->number) && !isnan(y->number))
        c = (x->number > y->number) - (x->number < y->number);
    else if (!isnan(x->number) || !isnan(y->number))
        return isnan(x->number) - isnan(y->number); /* what has none is last, either way */
    else if (!x->text || !y->text)
        return !x->text - !y->text;
    else
        c = strcmp(x->text, y->text);
    return o->largest_first ? -c : c;
}

static int compare_runs(const void *a, const void *b, void *arg)
{
    const struct orders *orders = arg;
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    for (size_t i = 0; i < orders->count; i++) {
        const int c = compare_values(&orders->item[i], x, y);
        if (c != 0)
            return c;
    }
    return (x > y) - (x < y);
}

static enum tfu_status sort(struct tfu_runs *r, const struct tfu_string_list *by,
                            struct tfu_error *e)
{
    struct order *item = tfu_arena_array(&r->arena, (size_t)by->count + 1, sizeof *item);
    enum tfu_status st = item ? TFU_OK : tfu_error_memory(e, "sorting runs", 0);
    for (size_t i = 0; st == TFU_OK && i < by->count; i++) {
        const char *key = by->item[i];
        item[i].largest_first = key[0] == '-';
        st = tfu_index_column(r->index, key + (key[0] == '-'), &item[i].column, e);
    }
    struct orders orders = {item, by->count};
    if (st == TFU_OK && by->count)
        qsort_r(r->selection.run, r->selection.count, sizeof *r->selection.run, compare_runs,
                &orders);
    return st;
}

/* ---- printing */

/* Of a column: an axis that nobody asked for by its key is called as the sweep has it. */
static const char *head_of(const struct list *l, size_t column)
{
    const char *key = l->column[column]->key;
    const size_t n = sizeof TFU_INDEX_AXIS - 1;
    const bool axis = l->options->columns.count == 0 && strncmp(key, TFU_INDEX_AXIS, n) == 0;
    return axis ? key + n : key;
}

static void put_cell(struct tfu_text_grid *g, const struct tfu_index_column *c, size_t run,
                     bool exact)
{
    char text[TFU_INDEX_TIME_SIZE];
    if (c->kind == TFU_INDEX_NUMBER && !exact)
        tfu_text_grid_put(g, tfu_runs_number(c->value[run].number, text));
    else if (c->kind == TFU_INDEX_TIME && !exact)
        tfu_text_grid_printf(g, "%.16s", tfu_index_value_text(c, run, text)); /* to the minute */
    else
        tfu_text_grid_put(g, tfu_index_value_text(c, run, text));
}

static enum tfu_status print_table(struct tfu_runs *r, const struct list *l, struct tfu_error *e)
{
    const struct options *o = l->options;
    struct tfu_text_grid g;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_grid_init(&g, l->columns);
    for (size_t k = 0; k < l->columns; k++)
        tfu_text_grid_head(&g, head_of(l, k), l->column[k]->kind == TFU_INDEX_NUMBER);
    for (size_t i = 0; i < r->selection.count; i++)
        for (size_t k = 0; k < l->columns; k++)
            put_cell(&g, l->column[k], r->selection.run[i], o->csv != 0);
    const bool ok = o->csv        ? tfu_text_grid_csv(&g, tfu_cli_output())
                    : o->markdown ? tfu_text_grid_markdown(&g, &text)
                                  : tfu_text_grid_text(&g, &text);
    fputs(tfu_text_get(&text), tfu_cli_output());
    tfu_text_free(&text);
    tfu_text_grid_free(&g);
    return ok ? TFU_OK : tfu_error_memory(e, "listing runs", 0);
}

static json_t *value_json(const struct tfu_index_column *c, size_t run)
{
    char text[TFU_INDEX_TIME_SIZE];
    if (c->kind == TFU_INDEX_NUMBER)
        return tfu_json_number(c->value[run].number);
    return c->value[run].there ? tfu_json_text(tfu_index_value_text(c, run, text)) : json_null();
}

static enum tfu_status print_json(struct tfu_runs *r, const struct list *l, struct tfu_error *e)
{
    r->printing = true;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < r->selection.count; i++) {
        json_t *root = NULL;
        if (l->options->columns.count == 0)
            st = tfu_runs_record(r, tfu_runs_at(r, i), TFU_RUNS_RECORD_SCORES, &root, e);
        else
            root = json_object();
        for (size_t k = 0; l->options->columns.count && k < l->columns; k++)
            json_object_set_new(root, l->column[k]->key,
                                value_json(l->column[k], r->selection.run[i]));
        if (st == TFU_OK)
            st = tfu_runs_print_line(root, e);
    }
    return st;
}

/* Under the table, what is wrong with runs; then how many there are. */
static void print_foot(const struct tfu_runs *r, size_t hidden)
{
    enum { SHOWN = 10 };
    size_t problems = 0, states[TFU_INDEX_STATES] = {0};
    for (size_t i = 0; i < r->selection.count; i++) {
        const struct tfu_index_run *run = tfu_runs_at(r, i);
        states[run->state]++;
        if (run->problem && problems++ < SHOWN)
            printf("%s%s is %s: %s\n", problems == 1 ? "\n" : "", run->path,
                   tfu_index_state_name(run->state), run->problem);
    }
    if (problems > SHOWN)
        printf("... and %zu more, with a `problem` column\n", problems - SHOWN);
    printf("\n%zu run%s", r->selection.count, r->selection.count == 1 ? "" : "s");
    for (enum tfu_index_state s = TFU_INDEX_DONE; s < TFU_INDEX_STATES; s++)
        if (states[s])
            printf(", %zu %s", states[s], tfu_index_state_name(s));
    printf(hidden ? "; %zu more not shown\n" : "\n", hidden);
}

static enum tfu_status list(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    struct list l = {.options = r->arg};
    (void)status;
    if (tfu_index_count(r->index) == 0 || r->selection.count == 0)
        return tfu_runs_say_none(r, e);
    enum tfu_status st = choose_columns(r, &l, e);
    if (st == TFU_OK)
        st = sort(r, &l.options->sort, e);
    const size_t all = r->selection.count, limit = (size_t)l.options->limit;
    if (limit && limit < all)
        r->selection.count = limit;
    if (st == TFU_OK)
        st = l.options->json ? print_json(r, &l, e) : print_table(r, &l, e);
    if (st == TFU_OK && !l.options->csv && !l.options->json && !l.options->markdown)
        print_foot(r, all - r->selection.count);
    return st;
}

static const char *find_wrong(const void *options)
{
    const struct options *o = options;
    return o->csv + o->json + o->markdown > 1 ? "--csv, --json and --markdown exclude each other"
                                              : NULL;
}

int tfu_runs_list(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_runs_command command = {
        .name = "runs list",
        .help = help,
        .table = TFU_OPTIONS_TABLE(rows, &o),
        .store = &o.store,
        .wrong = find_wrong,
        .action = list,
    };
    return tfu_runs_command(&command, cli, argc, argv);
}
