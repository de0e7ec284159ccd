/* SPDX-License-Identifier: MIT
 *
 * monitor.h - what a training goes by: the split that may choose between its states, and the state
 * that stands for a run. The test data choose nothing unless the configuration says so.
 */
#ifndef TFU_CORE_TRAIN_MONITOR_H
#define TFU_CORE_TRAIN_MONITOR_H

#include "core/train/evaluate.h"

/* The split that early stopping and the best checkpoint go by; false: there is none, and `*out` is
 * the one that is looked at without consequences (a threshold's). */
bool tfu_monitor_split(const struct tfu_experiment *x, enum tfu_split *out);

/* Path of the checkpoint that stands for the run, to be freed: the best one where the configuration
 * chooses one, else the final one. NULL: there is no such file. */
enum tfu_status tfu_monitor_checkpoint(char **out, const struct tfu_experiment *x, const char *run,
                                       struct tfu_error *e);

/* Refuses a metric that the configuration names under `key` and that is not reported, as far as
 * that can be known before there is a result; and where it `chooses` between networks, a count or
 * the bound of an interval, of which neither more nor less is better. */
enum tfu_status tfu_monitor_check(struct tfu_evaluator *v, enum tfu_split split, const char *key,
                                  const char *metric, bool chooses, struct tfu_error *e);

#endif
