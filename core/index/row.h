/* SPDX-License-Identifier: MIT
 *
 * row.h - what an index has of a run.
 */
#ifndef TFU_CORE_INDEX_ROW_H
#define TFU_CORE_INDEX_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tfu_index_state {
    TFU_INDEX_DONE,        /* its summary.json is there */
    TFU_INDEX_RUNNING,     /* a process has it */
    TFU_INDEX_FAILED,      /* its failure.json says why */
    TFU_INDEX_INTERRUPTED, /* begun, and none of these */
    TFU_INDEX_DAMAGED,     /* nothing can be said: its configuration or its summary is unreadable */
    TFU_INDEX_STATES
};
/* "done"; NULL: there is no such state. */
const char *tfu_index_state_name(enum tfu_index_state s);

/* Texts are NULL, times and steps -1, numbers NaN where they are not known. */
struct tfu_index_run {
    int64_t row;                  /* of the database: for the functions below */
    const char *path, *name, *id; /* "NAME/ID", below the store */
    enum tfu_index_state state;
    const char *problem;      /* why it failed, or what is wrong with the folder */
    int64_t started, updated; /* seconds since 1970: the first session; the last sign of work */
    const char *host;         /* of the last session */
    int64_t step, steps;      /* done, and asked for (0: epochs are) */
    double seconds;           /* of training */
    const char *seed, *arch, *init;
    const char *best; /* "test/auc" */
    double best_value;
    int64_t best_step;
    const char *owner; /* of a run that is at work: "process 4711 on node3" */
    int64_t owner_since;
};

struct tfu_index_tally {
    size_t runs, read, gone; /* there are; were read now; have left since */
    size_t states[TFU_INDEX_STATES], problems;
    bool memory; /* the index itself could not be used */
};

struct tfu_index_artefact {
    const char *name; /* below its folder: "checkpoints/best.safetensors" */
    int64_t step, bytes;
};

struct tfu_index_session {
    int64_t started, step; /* step -1: nothing was trained, a change was accepted */
    const char *host, *processor, *version;
    int64_t threads;
};

#endif
