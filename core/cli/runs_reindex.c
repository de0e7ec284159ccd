/* SPDX-License-Identifier: MIT
 *
 * transfuse runs reindex
 */
#include <stdio.h>

#include "core/base/clock.h"
#include "core/cli/runs.h"

static const char help[] =
    "usage: transfuse runs reindex [OPTION]...\n"
    "\n"
    "Reads all folders of the store again. The index is brought up to date by every command that\n"
    "reads it, so this is for folders that were changed by hand on a network file system, where\n"
    "finished runs are known by their names alone. The file index.sqlite may as well be deleted.\n"
    "\n";

struct options {
    const char *store;
};

static const struct tfu_option rows[] = {TFU_RUNS_STORE(struct options)};

static enum tfu_status print(struct tfu_runs *r, int *status, struct tfu_error *e)
{
    const struct tfu_index_tally *t = tfu_index_tally(r->index);
    (void)status;
    (void)e;
    printf("%zu runs of '%s' were read in %.3g s", t->runs, r->store,
           tfu_clock_seconds() - *(const double *)r->arg);
    for (enum tfu_index_state s = TFU_INDEX_DONE; s < TFU_INDEX_STATES; s++)
        if (t->states[s])
            printf("; %zu %s", t->states[s], tfu_index_state_name(s));
    printf("\n");
    for (size_t i = 0; i < r->selection.count; i++)
        if (tfu_runs_at(r, i)->problem)
            printf("%s: %s: %s\n", tfu_runs_at(r, i)->path,
                   tfu_index_state_name(tfu_runs_at(r, i)->state), tfu_runs_at(r, i)->problem);
    return TFU_OK;
}

int tfu_runs_reindex(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {
        .command = "runs reindex", .table = &table, .table_count = 1, .no_pairs = true};
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == TFU_EXIT_OK && a.help) {
        status = tfu_cli_arguments_print_help(help, &table, 1);
    } else if (status == TFU_EXIT_OK && a.positional_count) {
        status = tfu_cli_usage("runs reindex", "it takes no '%s'; a store is given by --store",
                               a.positional[0]);
    } else if (status == TFU_EXIT_OK) {
        double began = tfu_clock_seconds();
        struct tfu_runs r = {.cli = cli, .store = o.store, .rebuild = true, .arg = &began};
        status = tfu_runs_do(&r, print);
    }
    tfu_cli_arguments_free(&a);
    return status;
}
