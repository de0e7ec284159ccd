/* SPDX-License-Identifier: MIT */
#include "core/analysis/select_values.h"

#include <string.h>

#include "core/analysis/run_value.h"

void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count)
{
    *count = 0;
    *value = tfu_load_array(l, s->count + 1, sizeof **value);
    for (size_t i = 0; *value && i < s->count; i++) {
        const char *v = tfu_run_value(l, s->one[i].run, key);
        size_t at = 0;
        while (at < *count && tfu_run_value_compare((*value)[at], v) < 0)
            at++;
        if (!v[0] || (at < *count && tfu_run_value_compare((*value)[at], v) == 0))
            continue;
        memmove(*value + at + 1, *value + at, (*count - at) * sizeof **value);
        (*value)[at] = v;
        (*count)++;
    }
}
