/* SPDX-License-Identifier: MIT */
#include "core/index/common_series.h"

#include <string.h>

#include "core/index/column.h"

static bool all_have(const size_t *run, size_t runs, const struct tfu_index_column *c)
{
    for (size_t i = 0; i < runs; i++)
        if (!c->value[run[i]].there)
            return false;
    return true;
}

static bool is_wanted(const char *series, const char *split, bool all)
{
    const size_t n = strlen(split);
    return strncmp(series, split, n) == 0 && series[n] == '/' && (all || !strchr(series, '.'));
}

enum tfu_status tfu_index_common_series(struct tfu_index *x, const size_t *run, size_t runs,
                                        bool all, struct tfu_arena *arena, const char ***out,
                                        size_t *count, struct tfu_error *e)
{
    static const char *const split[] = {"test", "valid", "train"};
    const char **name = NULL;
    size_t names, kept = 0;
    enum tfu_status st = tfu_index_series_names(x, arena, &name, &names, e);
    for (size_t s = 0; st == TFU_OK && kept == 0 && runs > 0 && s < TFU_COUNT(split); s++)
        for (size_t i = 0; st == TFU_OK && i < names; i++) {
            const struct tfu_index_column *c;
            if (!is_wanted(name[i], split[s], all))
                continue;
            st = tfu_index_column(x, name[i], &c, e);
            if (st == TFU_OK && all_have(run, runs, c)) {
                const char *keep = name[i];
                name[i] = name[kept]; /* swapped: another split may be asked for them */
                name[kept++] = keep;
            }
        }
    *out = name;
    *count = kept;
    return st;
}
