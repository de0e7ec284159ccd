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
#include "core/index/column_names.h"
#include "core/index/column_value.h"
#include "core/index/index.h"

/* Lives as long as the index, and is loaded once. TFU_ENOTFOUND: no run has anything under this
 * key, nor is it an axis of a sweep; the error says what may have been meant. */
enum tfu_status tfu_index_column(struct tfu_index *x, const char *key,
                                 const struct tfu_index_column **out, struct tfu_error *e);

/* From now on a column of an axis has the values of this sweep's cases alone: a run may be a case
 * of several, which call things by other names. NULL: of all sweeps. */
enum tfu_status tfu_index_ask_sweep(struct tfu_index *x, const char *sweep, struct tfu_error *e);

/* The value in words, with all digits: "0.94", "2026-11-29 23:28:52"; "" where there is none. */
const char *tfu_index_value_text(const struct tfu_index_column *c, size_t run,
                                 char text[TFU_INDEX_TIME_SIZE]);

/* "2026-11-29 23:28:52", of UTC. */
const char *tfu_index_time_text(int64_t seconds, char text[TFU_INDEX_TIME_SIZE]);

#endif
