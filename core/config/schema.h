/* SPDX-License-Identifier: MIT
 *
 * schema.h - the core's own sections as tables of options, and the keys beside them.
 */
#ifndef TFU_CORE_CONFIG_SCHEMA_H
#define TFU_CORE_CONFIG_SCHEMA_H

#include "core/config/experiment.h"
#include "core/config/options.h"

/* Of rows, classes, epochs: beyond it something else is wrong. */
enum { TFU_SCHEMA_COUNT_MAX = 1000000000 };

/* The choices of train.schedule.kind, NULL-terminated. */
extern const char *const tfu_schema_schedules[];

/* The tables, over the parts of an experiment. */
struct tfu_options_table tfu_schema_root(struct tfu_experiment *x);
struct tfu_options_table tfu_schema_task(struct tfu_task_config *task);
struct tfu_options_table tfu_schema_data(struct tfu_data_config *data);
struct tfu_options_table tfu_schema_cut(struct tfu_data_cut *cut);
struct tfu_options_table tfu_schema_train(struct tfu_train_config *train);
/* The host's keys in an architecture, a split, a rule of init, a metric that compares, and one that
 * scores, beside the plugin's options. */
struct tfu_options_table tfu_schema_arch(struct tfu_arch_config *arch);
struct tfu_options_table tfu_schema_select(struct tfu_data_select *select);
struct tfu_options_table tfu_schema_rule(struct tfu_init_rule *rule);
struct tfu_options_table tfu_schema_versus(struct tfu_versus *versus);
/* The last of them, `name`, is among those of metrics that compare too. */
struct tfu_options_table tfu_schema_scored(struct tfu_scored *scored);

/* Is `key`, in the plugin's mapping that `path` leads into, one of the host's? */
bool tfu_schema_is_host_key(const char *path, const char *key);

#endif
