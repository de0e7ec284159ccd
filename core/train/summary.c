/* SPDX-License-Identifier: MIT */
#include "core/train/summary.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/json.h"

static json_t *describe_scores(const struct tfu_session *s)
{
    json_t *splits = json_object();
    for (int i = 0; s->evaluator && i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_scores scores = tfu_evaluator_scores(s->evaluator, (enum tfu_split)i);
        if (scores.count == 0)
            continue;
        json_t *split = json_object();
        for (size_t k = 0; k < scores.count; k++)
            json_object_set_new(split, scores.score[k].key, tfu_json_number(scores.score[k].value));
        json_object_set_new(splits, tfu_split_name((enum tfu_split)i), split);
    }
    return splits;
}

static json_t *describe_best(const struct tfu_session *s, const struct tfu_train_result *r)
{
    if (!r->metric || isnan(r->best))
        return json_null();
    json_t *best = json_object();
    json_object_set_new(best, "metric", json_string(r->metric));
    json_object_set_new(best, "split", json_string(tfu_split_name(s->monitor)));
    json_object_set_new(best, "value", tfu_json_number(r->best));
    json_object_set_new(best, "step", json_integer((json_int_t)r->best_step));
    return best;
}

enum tfu_status tfu_summary_print(struct tfu_text *out, const struct tfu_session *s,
                                  const struct tfu_train_result *r, struct tfu_error *e)
{
    json_t *root = json_object();
    json_object_set_new(root, "steps", json_integer((json_int_t)r->step));
    json_object_set_new(root, "epochs",
                        tfu_json_number((double)r->step / (double)s->batches_per_epoch));
    json_object_set_new(root, "stopped_early", json_boolean(r->stopped_early));
    json_object_set_new(root, "metrics", describe_scores(s));
    json_object_set_new(root, "best", describe_best(s, r));
    json_object_set_new(root, "steps_to_threshold",
                        r->threshold_step > 0 ? json_integer((json_int_t)r->threshold_step)
                                              : json_null());
    if (r->threshold_step > 0)
        json_object_set_new(root, "threshold_split", json_string(tfu_split_name(s->monitor)));
    json_object_set_new(root, "seconds", tfu_json_number(r->seconds));
    json_object_set_new(root, "images_per_second", tfu_json_number(r->images_per_second));
    json_object_set_new(root, "peak_memory_bytes", json_integer((json_int_t)r->peak_bytes));
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    if (text)
        tfu_text_printf(out, "%s\n", text);
    free(text);
    return text && !out->failed ? TFU_OK : tfu_error_memory(e, "writing summary.json", 0);
}
