/* SPDX-License-Identifier: MIT
 *
 * goal.h - the metric that a choice between runs goes by, held against what the runs report.
 */
#ifndef TFU_CORE_SWEEP_GOAL_H
#define TFU_CORE_SWEEP_GOAL_H

#include "core/config/experiment.h"
#include "core/sweep/spec.h"

/* Does the experiment report it? What is wrong becomes findings of `d`, under the key `path`.
 * `*smallest`: is the smallest value best? */
void tfu_goal_check(const struct tfu_spec_metric *m, const char *path,
                    const struct tfu_experiment *x, struct tfu_diagnostics *d, bool *smallest);

/* The metric's value in the finished run in `folder`, NaN where it is not defined there. */
enum tfu_status tfu_goal_value(const char *folder, const char *split, const char *metric,
                               double *value, struct tfu_error *e);

/* Seconds that the finished run in `folder` took, by its last session. */
enum tfu_status tfu_goal_seconds(const char *folder, double *seconds, struct tfu_error *e);

#endif
