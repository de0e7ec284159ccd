/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/cli/runs_comparison.h"

static bool all_have(struct tfu_runs *r, const struct tfu_index_column *c)
{
    for (size_t i = 0; i < r->selection.count; i++)
        if (!c->value[r->selection.run[i]].there)
            return false;
    return true;
}

static bool is_wanted(const char *series, const char *split, bool all)
{
    const size_t n = strlen(split);
    return strncmp(series, split, n) == 0 && series[n] == '/' && (all || !strchr(series, '.'));
}

enum tfu_status tfu_runs_compare_series(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o, const char ***out,
                                        size_t *count, struct tfu_error *e)
{
    static const char *const split[] = {"test", "valid", "train"};
    const char **name;
    size_t names, kept = 0;
    enum tfu_status st = tfu_index_series_names(r->index, &r->arena, &name, &names, e);
    if (st == TFU_OK && o->metric.count) {
        *out = tfu_arena_array(&r->arena, (size_t)o->metric.count + 1, sizeof **out);
        *count = (size_t)o->metric.count;
        for (size_t i = 0; *out && i < *count; i++)
            (*out)[i] = o->metric.item[i];
        return *out ? TFU_OK : tfu_error_memory(e, "comparing runs", 0);
    }
    for (size_t s = 0; st == TFU_OK && kept == 0 && s < TFU_COUNT(split); s++)
        for (size_t i = 0; st == TFU_OK && i < names; i++) {
            const struct tfu_index_column *c;
            if (!is_wanted(name[i], split[s], o->all != 0))
                continue;
            st = tfu_index_column(r->index, name[i], &c, e);
            if (st == TFU_OK && all_have(r, c)) {
                const char *keep = name[i];
                name[i] = name[kept]; /* swapped: another split may be asked for them */
                name[kept++] = keep;
            }
        }
    *out = name;
    *count = kept;
    return st;
}
