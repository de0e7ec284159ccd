/* SPDX-License-Identifier: MIT
 *
 * study.h - what the kinds of `transfuse study` share. A kind is a file study_<name>.c with one
 * function here and a row in cmd_study.c.
 */
#ifndef TFU_CORE_CLI_STUDY_H
#define TFU_CORE_CLI_STUDY_H

#include "core/base/json.h"
#include "core/base/statistics.h"
#include "core/cli/cli.h"
#include "core/cli/option.h"
#include "core/cli/progress.h"
#include "core/cli/table.h"
#include "core/io/csv.h"
#include "core/report/figure.h"
#include "core/study/assess.h"

/* argv[0] is the kind's name. */
int tfu_study_reinit(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_interpolate(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_dynamics(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_movement(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_subsets(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_probe(struct tfu_cli *cli, int argc, char **argv);
int tfu_study_agreement(struct tfu_cli *cli, int argc, char **argv);

enum { TFU_STUDY_SUBJECTS = 2 };

struct tfu_study;

/* A kind's command line. */
struct tfu_study_command {
    const char *name; /* "study reinit" */
    const char *help;
    size_t subjects; /* how many networks it takes */
    const struct tfu_cli_option *option;
    size_t option_count; /* its own, besides those of all studies */
    /* Looks at its own options; 0 or an exit status. May be NULL. */
    int (*check)(void *arg);
    /* The study itself: `study` is open. */
    enum tfu_status (*run)(void *arg, struct tfu_study *study, struct tfu_error *e);
    void *arg;
};

/* What all studies are told. */
struct tfu_study_arguments {
    const char *spec[TFU_STUDY_SUBJECTS];
    size_t spec_count;
    const char **override; /* room for all arguments */
    size_t override_count;
    const char *config, *split, *output;
    bool json, quiet, help;
};

struct tfu_study {
    struct tfu_study_arguments arguments;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    struct tfu_subject *subject[TFU_STUDY_SUBJECTS];
    struct tfu_progress progress;
    struct tfu_log *log;
};

/* Parses the command line, opens the networks, runs the study, says what went wrong. Returns an
 * exit status. */
int tfu_study_main(struct tfu_cli *cli, const struct tfu_study_command *command, int argc,
                   char **argv);

/* Its network number `i` on the split that was asked for; shows its progress. */
enum tfu_status tfu_study_assessor(struct tfu_study *s, size_t i, struct tfu_assessor **out,
                                   struct tfu_error *e);

/* ---- results */

/* {"loss": 0.3, "auc": null} */
json_t *tfu_study_json_measures(const struct tfu_measure *measure, size_t count);
/* NaN for what is not defined. */
double tfu_study_value(struct tfu_estimate v);

/* "  auc n/a: 0 positives": a line for each reason why a measure has no value. */
void tfu_study_print_reasons(const struct tfu_measure *measure, size_t count);

/* A file of the folder --output, which is made. */
struct tfu_study_file {
    struct tfu_csv csv;
    char *path;
};
/* The same of any folder. */
enum tfu_status tfu_study_file_create(struct tfu_study_file *f, const char *folder,
                                      const char *name, struct tfu_error *e);
enum tfu_status tfu_study_file_open(struct tfu_study_file *f, const struct tfu_study *s,
                                    const char *name, struct tfu_error *e);
/* Closes it also when `st` is a failure; returns the first. */
enum tfu_status tfu_study_file_close(struct tfu_study_file *f, enum tfu_status st,
                                     struct tfu_error *e);

/* Writes a figure under that name in the folder --output, which is there. Without gnuplot there are
 * its data and script, and a warning. */
enum tfu_status tfu_study_figure(const struct tfu_study *s, const struct tfu_figure *figure,
                                 const char *name, struct tfu_error *e);

#endif
