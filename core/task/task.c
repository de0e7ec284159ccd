/* SPDX-License-Identifier: MIT
 *
 * The tables of tasks and losses. A row is a name, which stands for the struct of that name too.
 */
#include "core/task/task.h"

#include <assert.h>
#include <string.h>

#define TASKS(X)  X(classification) X(multi_label) X(regression)
#define LOSSES(X) X(softmax) X(sigmoid) X(squared)

#define NAME(name) #name,
#define TASK(name) &tfu_task_##name,
#define LOSS(name) &tfu_loss_##name,

const char *const tfu_task_names[] = {TASKS(NAME) NULL};
const char *const tfu_loss_names[] = {LOSSES(NAME) NULL};
static const struct tfu_task_kind *const tasks[] = {TASKS(TASK)};
static const struct tfu_loss_kind *const losses[] = {LOSSES(LOSS)};

const char tfu_task_help[] =
    "what the outputs mean: classification: one of the classes is right; multi_label: each label "
    "by itself is there or not; regression: each output is a number to be met";
const char tfu_loss_help[] =
    "loss that is trained: softmax (cross-entropy over the classes) with kind classification, "
    "sigmoid (cross-entropy of each label, unknown ones left out) with multi_label, squared "
    "(squared error) with regression";

const struct tfu_task_words *tfu_task_words(int32_t kind)
{
    assert(kind >= 0 && (size_t)kind < TFU_COUNT(tasks));
    return &tasks[kind]->words;
}

int32_t tfu_loss_number(const char *name)
{
    int32_t i = 0;
    while ((size_t)i + 1 < TFU_COUNT(losses) && strcmp(tfu_loss_names[i], name) != 0)
        i++;
    assert(strcmp(tfu_loss_names[i], name) == 0);
    return i;
}

const struct tfu_task_kind *tfu_task_of(const struct tfu_task_config *task)
{
    assert(task->kind >= 0 && (size_t)task->kind < TFU_COUNT(tasks));
    return tasks[task->kind];
}

struct tfu_loss_rule tfu_loss_rule(const struct tfu_task_config *task)
{
    assert(task->loss >= 0 && (size_t)task->loss < TFU_COUNT(losses));
    return (struct tfu_loss_rule){losses[task->loss], (enum tfu_loss_mean)task->loss_mean};
}

int64_t tfu_task_label_columns(const struct tfu_task_config *task)
{
    return tfu_loss_columns(tfu_loss_rule(task).kind, task->classes);
}

void tfu_task_list_answering(struct tfu_text *out)
{
    size_t left = 0;
    for (size_t i = 0; i < TFU_COUNT(tasks); i++)
        left += tasks[i]->answer != NULL;
    for (size_t i = 0; i < TFU_COUNT(tasks); i++)
        if (tasks[i]->answer) {
            left--;
            tfu_text_printf(out, "%s%s", tasks[i]->words.name,
                            left > 1    ? ", "
                            : left == 1 ? " and "
                                        : "");
        }
}
