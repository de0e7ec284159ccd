/* SPDX-License-Identifier: MIT */
#include "core/cli/runs_comparison.h"
#include "core/index/common_series.h"

enum tfu_status tfu_runs_compare_series(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o, const char ***out,
                                        size_t *count, struct tfu_error *e)
{
    *count = (size_t)o->metric.count;
    if (*count == 0)
        return tfu_index_common_series(r->index, r->selection.run, r->selection.count, o->all != 0,
                                       &r->arena, out, count, e);
    *out = tfu_arena_array(&r->arena, *count + 1, sizeof **out);
    for (size_t i = 0; *out && i < *count; i++)
        (*out)[i] = o->metric.item[i];
    return *out ? TFU_OK : tfu_error_memory(e, "comparing runs", 0);
}
