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
    return ops && ops->needs & TFU_LOWER_IS_BETTER;
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

/* The run's summary.json; NULL after an error. */
static json_t *read_summary(const char *folder, struct tfu_error *e)
{
    json_error_t why;
    char *path = tfu_path_join(folder, "summary.json");
    if (!path) {
        tfu_error_memory(e, "reading a summary", 0);
        return NULL;
    }
    json_t *root = json_load_file(path, 0, &why);
    if (!root)
        tfu_error_at(e, TFU_ECORRUPT, path, why.line, why.column, "no summary of a run: %s",
                     why.text);
    free(path);
    return root;
}

enum tfu_status tfu_goal_value(const char *folder, const char *split, const char *metric,
                               double *value, struct tfu_error *e)
{
    json_t *root = read_summary(folder, e);
    const json_t *found =
        json_object_get(json_object_get(json_object_get(root, "metrics"), split), metric);
    *value = json_is_number(found) ? json_number_value(found) : NAN;
    enum tfu_status st = root ? TFU_OK : e->status;
    if (root && !found)
        st = tfu_error_at(e, TFU_EINVAL, folder, 0, 0, "the run reports no %s/%s", split, metric);
    json_decref(root);
    return st;
}

enum tfu_status tfu_goal_seconds(const char *folder, double *seconds, struct tfu_error *e)
{
    json_t *root = read_summary(folder, e);
    const json_t *found = json_object_get(root, "seconds");
    *seconds = json_is_number(found) ? json_number_value(found) : NAN;
    const enum tfu_status st = root ? TFU_OK : e->status;
    json_decref(root);
    return st;
}
