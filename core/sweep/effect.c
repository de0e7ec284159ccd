/* SPDX-License-Identifier: MIT */
#include "core/sweep/effect.h"

#include <string.h>

#include "core/config/schema.h"

static bool has_no_effect(struct tfu_options_table t, const char *section, const char *path)
{
    const size_t n = strlen(section);
    if (strncmp(path, section, n) != 0)
        return false;
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        if (strcmp(o->name, path + n) == 0)
            return (o->flags & TFU_OPT_NO_EFFECT) != 0;
    }
    return false;
}

const char *tfu_key_without_effect(const char *path)
{
    struct tfu_task_config task;
    struct tfu_data_config data;
    struct tfu_train_config train;
    if (strcmp(path, "threads") == 0)
        return "says how many threads compute a run, which has the same numbers with any of them";
    if (strcmp(path, "name") == 0)
        return "says in which folder of the store a run lies";
    if (has_no_effect(tfu_schema_task(&task), "task.", path) ||
        has_no_effect(tfu_schema_data(&data), "data.", path) ||
        has_no_effect(tfu_schema_train(&train), "train.", path))
        return "has no effect on what a run computes";
    return NULL;
}
