/* SPDX-License-Identifier: MIT
 *
 * runs.h - what can be done with the runs of a store: a file each, runs_<action>.c, and what they
 * share.
 */
#ifndef TFU_CORE_CLI_RUNS_H
#define TFU_CORE_CLI_RUNS_H

#include "core/cli/arguments.h"
#include "core/cli/cli.h"
#include "core/index/index.h"
#include "core/index/select.h"

/* argv[0] is the action's name. */
int tfu_runs_list(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_show(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_compare(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_rm(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_export(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_gc(struct tfu_cli *cli, int argc, char **argv);
int tfu_runs_reindex(struct tfu_cli *cli, int argc, char **argv);

#define TFU_RUNS_STORE(cfg) TFU_OPT_PATH(cfg, store, "runs", 0, "the folder that the runs lie in")

/* A command at work on the runs of a store. */
struct tfu_runs {
    struct tfu_cli *cli;
    const char *store;
    bool rebuild;
    const char *const *word; /* filters and names of runs */
    size_t words;
    void *arg; /* the action's own */
    /* there while the action is called */
    struct tfu_index *index;
    struct tfu_run_selection selection;
    bool printing; /* some of the results are out: it cannot begin anew */
    struct tfu_arena arena;
};

/* Opens the index, chooses the runs and calls `action`; once more with an index that was built anew
 * where the old one turns out to be damaged, unless the action is printing already.
 * Returns an exit status, with errors said; `*status` is that of an action that succeeded. */
int tfu_runs_do(struct tfu_runs *r,
                enum tfu_status (*action)(struct tfu_runs *r, int *status, struct tfu_error *e));

/* An action from its command line to its exit status. */
struct tfu_runs_command {
    const char *name; /* "runs list" */
    const char *help;
    struct tfu_options_table table; /* over the action's options, which it gets as `arg` */
    const char *const *store;       /* among them */
    const char *which;              /* said where no run is named; NULL: all are meant */
    /* What is wrong between the options; NULL: nothing. May be NULL itself. */
    const char *(*wrong)(const void *options);
    enum tfu_status (*action)(struct tfu_runs *r, int *status, struct tfu_error *e);
};
int tfu_runs_command(const struct tfu_runs_command *c, struct tfu_cli *cli, int argc, char **argv);

/* Run number i of those that were chosen. */
const struct tfu_index_run *tfu_runs_at(const struct tfu_runs *r, size_t i);
/* Is nothing chosen? Then says what there is, on stderr. */
enum tfu_status tfu_runs_say_none(struct tfu_runs *r, struct tfu_error *e);
/* "RUNS/NAME/ID", of the arena's memory, or NULL. */
const char *tfu_runs_path(struct tfu_runs *r, const struct tfu_index_run *run);

/* A number for people: "0.9943"; "" for NaN. */
const char *tfu_runs_number(double v, char text[TFU_NUMBER_SIZE]);
/* "3 h 12 min", "41 s"; "1.2 GB". */
const char *tfu_runs_duration(double seconds, char text[TFU_NUMBER_SIZE]);
const char *tfu_runs_bytes(int64_t bytes, char text[TFU_NUMBER_SIZE]);

#endif
