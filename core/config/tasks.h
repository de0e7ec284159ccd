/* SPDX-License-Identifier: MIT
 *
 * tasks.h - what a configuration has to know of tasks and losses. They are defined in core/task,
 * which stands above this folder and is linked with it.
 */
#ifndef TFU_CORE_CONFIG_TASKS_H
#define TFU_CORE_CONFIG_TASKS_H

#include <stdbool.h>
#include <stdint.h>

struct tfu_task_words {
    const char *name;          /* task.kind */
    const char *const *losses; /* those of task.loss that it takes, NULL-terminated; the first is
                                  its default */
    int64_t outputs_min;       /* the least that makes sense */
    bool chooses_one;          /* an example has one label: the index of the output that is right */
};

/* The choices of task.kind and task.loss, NULL-terminated, and what they are. The numbers of an
 * experiment's kind and loss are places in these lists. */
extern const char *const tfu_task_names[], *const tfu_loss_names[];
extern const char tfu_task_help[], tfu_loss_help[];

const struct tfu_task_words *tfu_task_words(int32_t kind);
/* The number of a loss that is one of the names. */
int32_t tfu_loss_number(const char *name);

#endif
