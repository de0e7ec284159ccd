/* SPDX-License-Identifier: MIT
 *
 * index.h - the runs of a store, by an index that is a cache of their folders. The folders are the
 * truth: whoever opens the index brings it up to date first, no process that trains writes it, and
 * it may be deleted at any time.
 *
 * A folder that the index does not know is read; a finished one that it knows is trusted as long as
 * its files are as they were; all others are looked at again; rows whose folder is gone go. Where
 * the index cannot be written the same is done in memory, and a note says why. One that is damaged,
 * or that of another program, is put aside under another name and built anew.
 */
#ifndef TFU_CORE_INDEX_INDEX_H
#define TFU_CORE_INDEX_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/index/row.h"
#include "core/index/storage.h"

#define TFU_INDEX_FILE "index.sqlite"

struct tfu_index_request {
    const char *store;
    struct tfu_log *log;      /* notes and warnings; may be NULL */
    bool rebuild;             /* all folders are read, whatever the index knows */
    enum tfu_storage storage; /* TFU_STORAGE_ASK but in tests */
    int64_t patience_ms;      /* for others who write; 0: five seconds */
};

struct tfu_index;

/* TFU_ENOTFOUND: there is no such folder. */
enum tfu_status tfu_index_open(struct tfu_index **out, const struct tfu_index_request *request,
                               struct tfu_error *e);
void tfu_index_close(struct tfu_index *x);
const struct tfu_index_tally *tfu_index_tally(const struct tfu_index *x);
const char *tfu_index_store(const struct tfu_index *x);

/* The runs in the order of their paths. */
size_t tfu_index_count(const struct tfu_index *x);
const struct tfu_index_run *tfu_index_run(const struct tfu_index *x, size_t i);

/* ---- what else there is of one run; the memory is the arena's */

struct tfu_index_leaf {
    const char *key, *value;
};
/* Its resolved configuration, in the order of the keys' bytes. */
enum tfu_status tfu_index_leaves(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_leaf **out,
                                 size_t *count, struct tfu_error *e);

struct tfu_index_score {
    const char *series; /* "test/auc" */
    double last;        /* NaN: not defined */
    int64_t last_step;
    const char *note; /* why it is not, or NULL */
    double low, high; /* over all steps; NaN: none is defined */
    int64_t low_step, high_step;
};
enum tfu_status tfu_index_scores(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_score **out,
                                 size_t *count, struct tfu_error *e);

struct tfu_index_point {
    const char *series;
    int64_t step;
    double value;
    const char *note;
};
/* All lines of its metrics, by series and step. */
enum tfu_status tfu_index_points(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_point **out,
                                 size_t *count, struct tfu_error *e);

enum tfu_status tfu_index_artefacts(struct tfu_index *x, const struct tfu_index_run *run,
                                    struct tfu_arena *arena, struct tfu_index_artefact **out,
                                    size_t *count, struct tfu_error *e);

enum tfu_status tfu_index_sessions(struct tfu_index *x, const struct tfu_index_run *run,
                                   struct tfu_arena *arena, struct tfu_index_session **out,
                                   size_t *count, struct tfu_error *e);

#endif
