/* SPDX-License-Identifier: MIT
 *
 * column.h - one thing of all runs: what a filter asks for, or a table shows. A key is
 *
 *   run name id state problem host started updated step steps seconds seed arch init
 *   best best_value best_step owner sweep        what index.h has of each run
 *   test/auc, test/auc@max, @min, @best          a metric: its last value, or the largest and the
 *                                                smallest of all steps, or that of the best step
 *   test/auc@500                                 that after a step
 *   train.optimizer.lr, train.optimizer          a key of configurations, or the plugin of one
 *   limit                                        an axis of a sweep: the name of the run's value
 *   axis.arch                                    the same of one that is called as a key above it
 */
#ifndef TFU_CORE_INDEX_COLUMN_H
#define TFU_CORE_INDEX_COLUMN_H

#include "core/base/error.h"
#include "core/index/index.h"

#define TFU_INDEX_AXIS "axis."

enum { TFU_INDEX_TIME_SIZE = 32 }; /* as long as TFU_NUMBER_SIZE */

enum tfu_index_kind {
    TFU_INDEX_TEXT,   /* of which some may be numbers as well */
    TFU_INDEX_NUMBER, /* metrics, counts */
    TFU_INDEX_TIME    /* seconds since 1970 */
};

struct tfu_index_value {
    bool there;       /* the run has it */
    const char *text; /* of TFU_INDEX_TEXT; NULL: the run has none */
    double number;    /* NaN: it is none, or not defined */
};

struct tfu_index_column {
    const char *key;
    enum tfu_index_kind kind;
    struct tfu_index_value *value; /* of each run */
    /* private */
    bool is_axis;
    const char *sweep; /* of an axis: whose alone; NULL: of all */
    struct tfu_index_column *next;
};

/* Lives as long as the index, and is loaded once. TFU_ENOTFOUND: no run has anything under this
 * key, nor is it an axis of a sweep; the error says what may have been meant. */
enum tfu_status tfu_index_column(struct tfu_index *x, const char *key,
                                 const struct tfu_index_column **out, struct tfu_error *e);

/* From now on a column of an axis has the values of this sweep's cases alone: a run may be a case
 * of several, which call things by other names. NULL: of all sweeps. */
enum tfu_status tfu_index_ask_sweep(struct tfu_index *x, const char *sweep, struct tfu_error *e);

/* The axes of a sweep, in their order; none of one that is not known. */
enum tfu_status tfu_index_axes(struct tfu_index *x, const char *sweep, struct tfu_arena *arena,
                               const char ***out, size_t *count, struct tfu_error *e);
/* Names of all sweeps, or of all series ("test/auc"), sorted. */
enum tfu_status tfu_index_sweep_names(struct tfu_index *x, struct tfu_arena *arena,
                                      const char ***out, size_t *count, struct tfu_error *e);
enum tfu_status tfu_index_series_names(struct tfu_index *x, struct tfu_arena *arena,
                                       const char ***out, size_t *count, struct tfu_error *e);

/* The value in words, with all digits: "0.94", "2026-11-29 23:28:52"; "" where there is none. */
const char *tfu_index_value_text(const struct tfu_index_column *c, size_t run,
                                 char text[TFU_INDEX_TIME_SIZE]);

/* "2026-11-29 23:28:52", of UTC. */
const char *tfu_index_time_text(int64_t seconds, char text[TFU_INDEX_TIME_SIZE]);

#endif
