/* SPDX-License-Identifier: MIT */
#include "core/sweep/goal.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/metric.h>

#include "core/base/path.h"
#include "core/config/scored.h"
#include "core/config/versus.h"

static bool lower_is_better(const struct tfu_experiment *x, int64_t metric,
                            const struct tfu_versus *versus)
{
    if (metric < 0)
        return tfu_versus_lower_is_better(versus);
    const struct tfu_metric_ops *ops = x->metric[metric].plugin->ops;
    return ops->needs & TFU_LOWER_IS_BETTER;
}

void tfu_goal_check(const struct tfu_spec_metric *m, const char *path,
                    const struct tfu_experiment *x, struct tfu_diagnostics *d, bool *smallest)
{
    const bool valid = strcmp(m->split, "valid") == 0;
    const int64_t metric = tfu_scored_find(x, m->name);
    const struct tfu_versus *versus = metric < 0 ? tfu_versus_find(x, m->name) : NULL;
    *smallest = m->goal == TFU_GOAL_MIN;
    if (!(valid ? x->valid_data.present : x->test_data.present))
        tfu_diagnostics_add(d, m->mark,
                            "%s: the experiment has no %s data to choose by; add data.%s or "
                            "data.split.%s",
                            path, m->split, m->split, m->split);
    if (metric < 0 && !versus)
        tfu_diagnostics_add(d, m->mark, "%s: the experiment's `metrics` report no '%s'", path,
                            m->name);
    else if (m->goal == TFU_GOAL_AUTO)
        *smallest = lower_is_better(x, metric, versus);
}

enum tfu_status tfu_goal_value(const char *folder, const char *split, const char *metric,
                               double *value, struct tfu_error *e)
{
    json_error_t why;
    char *path = tfu_path_join(folder, "summary.json");
    if (!path)
        return tfu_error_memory(e, "reading a summary", 0);
    json_t *root = json_load_file(path, 0, &why);
    const json_t *found =
        json_object_get(json_object_get(json_object_get(root, "metrics"), split), metric);
    *value = json_is_number(found) ? json_number_value(found) : NAN;
    enum tfu_status st = TFU_OK;
    if (!root)
        st = tfu_error_at(e, TFU_ECORRUPT, path, why.line, why.column, "no summary of a run: %s",
                          why.text);
    else if (!found)
        st = tfu_error_at(e, TFU_EINVAL, path, 0, 0, "the run reports no %s/%s", split, metric);
    json_decref(root);
    free(path);
    return st;
}
