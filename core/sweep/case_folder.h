/* SPDX-License-Identifier: MIT
 *
 * case_folder.h - <store>/.cases/<key>/: what is done for one case, shared by all sweeps that have
 * it. config.yaml is what its process is started with, log.txt what all its attempts printed,
 * state.json what is known of them. Whoever starts it holds the folder's lease (core/store/lease.h)
 * and is alone to write there.
 *
 * Nothing here decides what is done: that is said by the run itself, in its own folder.
 */
#ifndef TFU_CORE_SWEEP_CASE_FOLDER_H
#define TFU_CORE_SWEEP_CASE_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/sweep/sweep.h"

#define TFU_CASES_FOLDER     ".cases"
#define TFU_CASE_CONFIG_FILE "config.yaml"
#define TFU_CASE_LOG_FILE    "log.txt"
#define TFU_CASE_STATE_FILE  "state.json"

enum {
    TFU_CASE_SWEEP_SIZE = 129,
    TFU_RUNG_METRIC_SIZE = 96,
    TFU_CASE_RUNGS_MAX = 2 * TFU_RUNGS_MAX /* of all sweeps that have the case */
};

/* How an attempt ended. One that still says BEGUN, and has no holder, ended with its launcher. */
enum tfu_attempt_end {
    TFU_ATTEMPT_NONE, /* there was none */
    TFU_ATTEMPT_BEGUN,
    TFU_ATTEMPT_DONE,
    TFU_ATTEMPT_PAUSED, /* it came to the rung that it was to come to */
    TFU_ATTEMPT_INTERRUPTED,
    TFU_ATTEMPT_FAILED
};

/* A score that the case had when it came to a step. It is that of whichever sweep asks for it. */
struct tfu_case_rung {
    int64_t step;
    double score;                      /* NaN: it was not defined there */
    bool missing;                      /* there was none: it was not evaluated up to there */
    char metric[TFU_RUNG_METRIC_SIZE]; /* "valid/auc"; what is longer is cut off */
};

struct tfu_case_record {
    char run[PATH_MAX]; /* the folder of its run, from the store on; "": not known yet */
    int64_t attempts;   /* begun so far */
    int64_t completed;  /* of them, those that trained to the end */
    int64_t failures;   /* since somebody said that it is to be tried again */
    double seconds;     /* of the attempts whose end was seen */
    size_t rungs;       /* of halving: rung_score.h */
    struct tfu_case_rung rung[TFU_CASE_RUNGS_MAX];
    bool diverged;       /* its run did once, and would again, so this stays; */
    int64_t diverged_at; /* behind so many steps and their evaluation */
    /* the last attempt */
    enum tfu_attempt_end end;
    char sweep[TFU_CASE_SWEEP_SIZE]; /* the name of the one that began it */
    char host[TFU_HOST_SIZE];        /* of its launcher */
    long pid;
    int64_t begun, ended; /* unix seconds; 0: not known */
    int64_t threads;
    int exit_status; /* -1: none */
    int signal_number;
    char error[2048]; /* "": none */
};

/* Its place, to be freed; NULL when memory ran out. */
char *tfu_case_folder_path(const char *store, const char *key);

/* Without a state.json all is zero. One that cannot be read, which only somebody else can have made
 * so, is TFU_ECORRUPT: nothing is known then. */
enum tfu_status tfu_case_record_read(struct tfu_case_record *out, const char *folder,
                                     struct tfu_error *e);
/* The folder of its run, to be freed; NULL when memory ran out. It is known, and its record says it
 * so that the store may be moved. */
char *tfu_case_run_path(const char *store, const struct tfu_case_record *r);
void tfu_case_record_set_run(struct tfu_case_record *r, const char *store, const char *run);

/* Whole or not at all. By the holder of the lease. */
enum tfu_status tfu_case_record_write(const struct tfu_case_record *r, const char *folder,
                                      struct tfu_error *e);

#endif
